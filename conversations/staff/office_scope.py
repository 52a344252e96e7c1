"""Which offices a member asks about where they are, and how the desk answers them there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Responder, Rows
from conversations.staff.context import StaffContext, button
from locales import DEFAULT, N_, Language, Localizer
from locales.html import to_plain
from services.actors import NO_SUBJECT, Subject
from services.offices.offices import Offices
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, MAY, Act
from services.text.normalise import normalise
from storage.ids import OfficeId
from storage.records.staff import Role

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.AGENT: N_("Follow-up agent"),
        Role.MANAGER: N_("Team manager"),
        Role.DIRECTOR: N_("Director General’s office"),
        Role.COUNCIL: N_("Municipal council (view only)"),
        Role.ADMIN: N_("Administrator"),
    }
)

#: How a button's argument names every office.
ALL = "*"


def answer(
    context: StaffContext,
    text: Markup,
    rows: Rows = (),
    *,
    subject: Subject = NO_SUBJECT,
    delete_after: int | None = None,
) -> None:
    """Answer a command: in a group as a reply, so that it is seen whose question it was."""
    asked = context.said.message if context.said.group else None
    context.say(text, rows, subject=subject, reply_to=asked, delete_after=delete_after)


def office_localizer(context: StaffContext, office: OfficeId) -> Localizer:
    """Cards are in the office's language, whoever taps."""
    found = context.work.offices.get(office)
    return context.catalogues.localizer(Language(found.staff_language) if found else DEFAULT)


def in_office_words(context: StaffContext, office: OfficeId) -> Responder:
    """The desk's voice in the language of the office, which all who work there read."""
    return Responder(work=context.work, links=context.links, t=office_localizer(context, office), out=context.out)


def refuse(context: StaffContext, right: Act | None = None) -> None:
    """The whole answer to who may not. A member of the team, to whom `right` is named, is told which roles have it."""
    text = why_refused(context, right)
    if context.said.tap:
        context.toast = to_plain(text)
    else:
        answer(context, text)


def why_refused(context: StaffContext, right: Act | None = None) -> Markup:
    """Why whoever acts may not. Who writes as the group may have every right; nobody can tell."""
    t = context.t
    if not context.speaks_as_chat:
        return refusal(t, right)
    return t.join_lines(
        t("You are writing as {name}, so the bot cannot see who you are or what you may do.", name=_called(context)),
        t(
            "If you are an administrator of this group, turn off anonymous posting in your administrator rights. If "
            "you write as a channel, choose your own name beside the message field. Then send it again."
        ),
    )


def _called(context: StaffContext) -> str:
    return context.said.sender.name or context.t.plain("a group")


def refusal(t: Localizer, right: Act | None = None) -> Markup:
    """That somebody may not; where a right is named, who may."""
    if right is None:
        return t("You do not have permission to do this")
    return t("Only these roles can do this: {roles}", roles=t.join(t(ROLES[role]) for role in who_may(right)))


def who_may(right: Act) -> tuple[Role, ...]:
    """The roles that have a right."""
    return tuple(role for role in Role if right in MAY[role])


def office_title(t: Localizer, offices: Offices, office: OfficeId) -> Markup:
    """An office's short name; of the right over all of them, that it is over all."""
    if office == EVERY_OFFICE:
        return t("every office")
    found = offices.get(office)
    return t.pick(found.short_name) if found else t.own(office)


def office_label(t: Localizer, offices: Offices, office: OfficeId) -> str:
    """The same for a button."""
    if office == EVERY_OFFICE:
        return t.plain("Every office")
    found = offices.get(office)
    return t.pick_plain(found.short_name) if found else office


def office_buttons(context: StaffContext, offices: Sequence[OfficeId], verb: str) -> Rows:
    """Offices to choose from, two by two."""
    labels = [(office or ALL, office_label(context.t, context.work.offices, office)) for office in offices]
    buttons = [button(label, verb, argument=office) for office, label in labels]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def office_named(offices: Offices, text: str, among: Collection[OfficeId]) -> OfficeId | None:
    """The office that was typed, by its id or a name of it; None where it is none of these."""
    typed = normalise(text)
    for office in among:
        found = offices.get(office)
        names = () if found is None else (*found.name.texts, *found.short_name.texts)
        if typed in {office, *map(normalise, names)}:
            return office
    return EVERY_OFFICE if EVERY_OFFICE in among and typed in {"*", "all"} else None


async def managers(responder: Responder, office: OfficeId) -> dict[str, str]:
    """The office's managers: their names, by address."""
    rights = await permissions.staff_of(responder.work, office)
    return {right.address: right.name for right in rights if right.role is Role.MANAGER}


def called(responder: Responder, people: Mapping[str, str]) -> list[Markup]:
    """Names (by address) that make their owners' phones ring."""
    mentions = (responder.links.channel.mention(address, name) for address, name in people.items())
    return [mention for mention in mentions if mention is not None]
