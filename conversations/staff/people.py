"""Who works here: one's own roles, the list of staff, and the end of a right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Rows
from conversations.staff import rights
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import ROLES, answer, office_label, office_localizer, office_title, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.actors import staff_subject
from services.casework import offboarding
from services.casework.offboarding import Gone
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Member
from services.text.normalise import normalise
from storage.ids import OfficeId
from storage.records.staff import StaffRole


async def whoami(context: StaffContext) -> None:
    """/whoami: one's own roles."""
    t, person = context.t, context.person
    found = await context.member()
    number = t("Your account number: {number}", number=t.ref(person.address))
    if found is None:
        text = t.join_lines(t("You do not have a role at any office. Ask an administrator to invite you."), number)
    else:
        text = t.join_lines(t("👤 <b>{name}</b>", name=person.name), *_roles(context, found), number)
    answer(context, text)


def _roles(context: StaffContext, member: Member) -> list[Markup]:
    t, offices = context.t, context.work.offices
    return [
        t("{role}: {office}", role=t(ROLES[role]), office=office_title(t, offices, office))
        for office, role in dict.fromkeys(member.roles)
    ]


async def people(context: StaffContext) -> None:
    """/staff, and /revoke with a name or without: who works here, and buttons that end their rights."""
    answer(context, *await _people(context, context.said.argument if context.said.command == "revoke" else ""))


async def _list_again(context: StaffContext, _: Tap) -> None:
    context.say(*await _people(context), edit=context.said.message)


async def _people(context: StaffContext, only: str = "") -> tuple[Markup, Rows]:
    found = await context.member()
    t, wanted = context.t, normalise(only)
    lines: list[Markup] = []
    rows: list[list[Button]] = []
    offices = await rights.choices(context, Act.LIST_STAFF)
    for office in (*(one for one in offices if one != EVERY_OFFICE), EVERY_OFFICE):
        listed = [
            held for held in await _at(context, office) if wanted in normalise(f"{held[0].name} {held[0].address}")
        ]
        if not listed:
            continue
        lines += [Markup(), t("<b>{office}</b>", office=office_title(t, context.work.offices, office))]
        for held in listed:
            lines.append(t("{name}: {roles}", name=_name(t, held[0]), roles=t.join(t(ROLES[r.role]) for r in held)))
            if found is not None and found.may(Act.REVOKE, office):
                label = t.plain(
                    "✖️ {name}, {office}", name=_name(t, held[0]), office=office_label(t, context.work.offices, office)
                )
                rows.append([button(label, "revoke", held[0].id)])
    if not lines:
        lines = [t("No staff found. Use {invite} to invite people.", invite="/invite")]
    return t.join_lines(t("👥 <b>Staff</b>"), *lines), rows


async def _at(context: StaffContext, office: OfficeId) -> list[list[StaffRole]]:
    """The rights at an office, by person; those over every office are listed by themselves."""
    people_: dict[str, list[StaffRole]] = {}
    for right in await permissions.staff_of(context.work, office):
        if right.office == office:
            people_.setdefault(right.address, []).append(right)
    return list(people_.values())


def _name(t: Localizer, right: StaffRole) -> Markup:
    return t.own(right.name or right.address, 40)


async def _revoke(context: StaffContext, tap: Tap) -> None:
    """Asked first (version 0), then done."""
    every = (EVERY_OFFICE, *(office.id for office in context.work.offices.offices_by_id.values()))
    right = await _right(context, tap.case, every)
    if right is None:
        if await permissions.guard(context.work, context.person, Act.REVOKE, EVERY_OFFICE, staff_subject("?")) is None:
            refuse(context)
        else:
            context.toast = context.t.plain("This has already been done.")
            await _list_again(context, tap)
        return
    if (
        await permissions.guard(context.work, context.person, Act.REVOKE, right.office, staff_subject(right.address))
        is None
    ):
        refuse(context)
        return
    t = context.t
    office = office_title(t, context.work.offices, right.office)
    if tap.version == 0:
        context.say(
            t(
                "End all of {name}'s rights at {office}? They will end immediately.",
                name=_name(t, right),
                office=office,
            ),
            [[button(t.plain("✖️ End rights"), "revoke", right.id, 1), button(t.plain("Back"), "staff")]],
            edit=context.said.message,
        )
        return
    gone = await offboarding.revoke(context.work, context.person, right.address, right.office)
    text = t("✖️ {name} no longer has any rights at {office}.", name=_name(t, right), office=office)
    context.say(
        t.join_lines(text, _orphaned(t, gone)), [[button(t.plain("View staff"), "staff")]], edit=context.said.message
    )


async def _right(context: StaffContext, number: int, offices: Collection[OfficeId]) -> StaffRole | None:
    for office in offices:
        for right in await permissions.staff_of(context.work, office):
            if right.id == number:
                return right
    return None


async def member_left(context: StaffContext) -> None:
    """Somebody left a group or was removed: what they could do for its offices ends."""
    gone = await offboarding.left(context.work, context.said.chat, context.person)
    ended = gone.rights
    if not ended:
        return
    t = office_localizer(context, ended[0].office)  # the group reads it, and not whoever has gone
    offices = [
        office_title(t, context.work.offices, office) for office in dict.fromkeys(right.office for right in ended)
    ]
    name = t.own(context.person.name or ended[0].name or context.person.address, 40)
    left = t(
        "✖️ {name} is no longer in the group. Their rights at {offices} have ended.", name=name, offices=t.join(offices)
    )
    context.say(t.join_lines(left, _orphaned(t, gone)))


def _orphaned(t: Localizer, gone: Gone | None) -> Markup | None:
    """What they leave behind."""
    if gone is None or not (gone.cases or gone.dangers):
        return None
    cases, dangers = gone.cases, gone.dangers
    return t.join_lines(
        t.plural("{n} of their requests now has no owner.", "{n} of their requests now have no owner.", cases)
        if cases
        else None,
        t.plural(
            "🚨 They were dealing with {n} danger. The team is alerted again.",
            "🚨 They were dealing with {n} dangers. The team is alerted again.",
            dangers,
        )
        if dangers
        else None,
    )


COMMANDS = (
    # Who sets the bot up, or is to be invited, needs their number.
    StaffCommand("whoami", N_("My roles"), None, whoami, for_strangers=True),
    StaffCommand("staff", N_("List the staff"), Act.LIST_STAFF, people),
    StaffCommand("revoke", N_("End someone's rights"), Act.REVOKE, people),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {"staff": DeskButton(Act.LIST_STAFF, _list_again), "revoke": DeskButton(Act.REVOKE, _revoke)}
)
