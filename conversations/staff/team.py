"""Who works here: invitations, the chats of the offices, the list of staff, and the end of a right.

An invitation is a link, good once. Opening it shows what it is for; nothing changes before Join is tapped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer as Answered
from conversations.engine.step import Button, EndFlow, Next, Prompt, Reask, Rows, Step, Turn
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import (
    ROLES,
    answer,
    office_label,
    office_named,
    office_title,
    offices_here,
    refuse,
)
from locales import N_, Localizer
from services.actors import chat_subject, office_subject, staff_subject
from services.casework import offboarding
from services.casework.offboarding import Gone
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, INVITE_LASTS, Act, Invited, Joined, Member, Person, Unusable
from services.text.normalise import normalise
from storage.ids import OfficeId
from storage.records import Role, StaffRole

#: How the payload of an invitation's link begins.
PAYLOAD = "staff_"
_JOIN = "join"
_ALL = "*"
_UNUSABLE: Mapping[Unusable, str] = MappingProxyType(
    {
        Unusable.UNKNOWN: N_("This invitation link is not valid. Ask for a new one."),
        Unusable.USED: N_("Someone else has used this invitation. Ask for a new one."),
        Unusable.MINE: N_("You have already used this invitation. Use {command} to see your roles."),
        Unusable.EXPIRED: N_("This invitation expired after {span}. Ask for a new one."),
        Unusable.RECALLED: N_("This invitation is no longer valid. Ask for a new one."),
    }
)


async def tapped(context: StaffContext, tap: Tap) -> bool:
    """Do what a button says that is about staff; False where the verb is none of these."""
    act = _VERBS.get(tap.verb)
    if act is None:
        return False
    await act(context, tap)
    return True


# ---------------------------------------------------------------------------- accepting an invitation, in private


class Invitation(Step):
    """What an invitation is for, and the button that takes it."""

    step: Literal["staff:invitation"] = "staff:invitation"
    accepts = frozenset({Kind.CHOICE})
    code: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await permissions.invitation(turn.work, _person(turn), self.code)
        if isinstance(found, Unusable):
            return Prompt(_unusable(t, found), back=False)
        text = t.join_lines(
            t("👥 <b>Invitation to join the staff</b>"),
            t("Role: {role}", role=t(ROLES[found.role])),
            t("Office: {office}", office=office_title(t, turn.work.offices, found.office)),
            t("When you join, we will record the name shown in this app."),
        )
        return Prompt(text, [[Button(label=t.plain("✅ Join"), value=_JOIN)]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answered) -> Next:
        if answer.choice != _JOIN:
            return self
        t = turn.t
        result = await permissions.accept(turn.work, _person(turn), self.code)
        if isinstance(result, Unusable):
            return Reask(_unusable(t, result), self)
        turn.say(_welcome(turn, result))
        return EndFlow()


async def follow(turn: Turn, code: str, otherwise: Step) -> Next:
    """Where the link of an invitation leads."""
    found = await permissions.invitation(turn.work, _person(turn), code)
    if isinstance(found, Unusable):
        return Reask(_unusable(turn.t, found), otherwise)
    return Invitation(code=code)


def _person(turn: Turn) -> Person:
    return Person(turn.said.channel, turn.said.sender.address, turn.said.sender.name)


def _unusable(t: Localizer, why: Unusable) -> Markup:
    return t(_UNUSABLE[why], command="/whoami", span=t.duration(INVITE_LASTS))


def _welcome(turn: Turn, joined: Joined) -> Markup:
    t = turn.t
    role, office = t(ROLES[joined.role]), office_title(t, turn.work.offices, joined.office)
    if not joined.new:
        return t(
            "You already have this role: {role}, {office}. Someone else can still use this invitation.",
            role=role,
            office=office,
        )
    return t.join_lines(
        t("✅ You have joined the team: {role}, {office}.", role=role, office=office),
        t("Use {help} to see what you can do here and in the office's group.", help="/help"),
    )


# ---------------------------------------------------------------------------- making one


async def invite(context: StaffContext) -> None:
    """/invite OFFICE ROLE, or buttons for what was not said."""
    offices = await _may(context, Act.INVITE)
    if not offices:
        return
    typed = context.said.argument.split()
    office = office_named(context.work.offices, typed[0], offices) if typed else None
    role = _role_named(context.t, " ".join(typed[1:])) if office is not None else None
    if office is not None and role is not None:
        made = await permissions.invite(context.work, context.person, office, role)
        if made is None:
            refuse(context)
        else:
            answer(context, _invited(context, made))
    elif office is not None or len(offices) == 1:
        answer(context, *_which_role(context, offices[0] if office is None else office))
    else:
        answer(context, *_which_office(context, offices))


async def _may(context: StaffContext, act: Act) -> tuple[OfficeId, ...]:
    """Where a member may do something, of the offices here; where nowhere, they are told and it is written down."""
    here = await offices_here(context)
    found = await permissions.member(context.work, context.person)
    anywhere = tuple(office.id for office in context.work.offices.all)
    offices = () if found is None else found.offices(act, here or anywhere)
    if found is None or not offices:
        permissions.deny(context.work, context.person, act, office_subject(EVERY_OFFICE))
        refuse(context)
        return ()
    retired = {office.id for office in context.work.offices.offices_by_id.values() if office.retired}
    whole = (EVERY_OFFICE,) if not context.said.group and found.may(act, EVERY_OFFICE) else ()
    return *(office for office in offices if office not in retired), *whole


def _role_named(t: Localizer, text: str) -> Role | None:
    typed = normalise(text)
    return next((role for role, name in ROLES.items() if typed in {role.value, normalise(t.plain(name))}), None)


def _which_office(context: StaffContext, offices: Sequence[OfficeId]) -> tuple[Markup, Rows]:
    t = context.t
    return t("👥 <b>Invitation</b>. Which office is it for?"), _office_buttons(context, offices, "invite")


def _office_buttons(context: StaffContext, offices: Sequence[OfficeId], verb: str) -> Rows:
    labels = [(office or _ALL, office_label(context.t, context.work.offices, office)) for office in offices]
    buttons = [button(label, verb, argument=office) for office, label in labels]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def _which_role(context: StaffContext, office: OfficeId) -> tuple[Markup, Rows]:
    t = context.t
    text = t(
        "👥 <b>Invitation</b> to {office}. Which role do you want to give?",
        office=office_title(t, context.work.offices, office),
    )
    return text, [
        [button(t.plain(ROLES[role]), "invite", n, argument=office or _ALL)] for n, role in enumerate(Role, 1)
    ]


async def _invite(context: StaffContext, tap: Tap) -> None:
    """An office was chosen (case 0), or a role as well (its number)."""
    office = EVERY_OFFICE if tap.argument == _ALL else OfficeId(tap.argument)
    roles = list(Role)
    if tap.case > len(roles) or await permissions.guard(context.work, context.person, Act.INVITE, office) is None:
        refuse(context)
    elif tap.case == 0:
        text, rows = _which_role(context, office)
        context.say(text, rows, edit=context.said.message)
    else:
        made = await permissions.invite(context.work, context.person, office, roles[tap.case - 1])
        if made is None:
            refuse(context)
        else:
            context.say(_invited(context, made), edit=context.said.message)


def _invited(context: StaffContext, made: Invited) -> Markup:
    t = context.t
    return t.join_lines(
        t(
            "🔗 <b>Invitation</b>: {role}, {office}",
            role=t(ROLES[made.role]),
            office=office_title(t, context.work.offices, made.office),
        ),
        t.own(context.links.deep(f"{PAYLOAD}{made.code}")),
        t(
            "This invitation works once, until {moment}. The first person to accept it gets the "
            "role, so send it only to the person you mean.",
            moment=t.moment(made.expires_at),
        ),
    )


# ---------------------------------------------------------------------------- the chats


async def link(context: StaffContext) -> None:
    """/link OFFICE, in a group or in a topic of a forum."""
    t = context.t
    if not context.said.group:
        answer(context, t("Send {command} in the group you want to link to the office.", command="/link"))
        return
    every = tuple(office.id for office in context.work.offices.all)
    found = await permissions.member(context.work, context.person)
    offices = () if found is None else found.offices(Act.LINK, every)
    if not offices:
        permissions.deny(context.work, context.person, Act.LINK, chat_subject(context.said.chat))
        refuse(context)
        return
    office = office_named(context.work.offices, context.said.argument, offices) if context.said.argument else None
    if office is None:
        answer(
            context,
            t("Which office is this group for? New requests for that office will appear here."),
            _office_buttons(context, offices, "link"),
        )
        return
    text = await _linked(context, office)
    if text is None:
        refuse(context)
    else:
        answer(context, text)


async def _link(context: StaffContext, tap: Tap) -> None:
    text = await _linked(context, OfficeId(tap.argument)) if context.said.group else None
    if text is None:
        refuse(context)
    else:
        context.say(text, edit=context.said.message)


async def _linked(context: StaffContext, office: OfficeId) -> Markup | None:
    said, t = context.said, context.t
    linked = await permissions.link(context.work, context.person, office, said.chat, said.topic)
    if linked is None:
        return None
    name = office_title(t, context.work.offices, office)
    where = t("This group is now linked to {office}.", office=name)
    if said.topic is not None:
        where = t("This topic is now linked to {office}.", office=name)
    return t.join_lines(
        t("🔗 {where}", where=where),
        t(
            "New requests will appear here as cards. Use {queue} to see the requests that are already open.",
            queue="/queue",
        ),
        t("Anyone who leaves this group, or is removed from it, will lose their role at this office."),
    )


async def unlink(context: StaffContext) -> None:
    """/unlink: the group is an office's no more."""
    t = context.t
    here = await offices_here(context) if context.said.group else ()
    office = office_named(context.work.offices, context.said.argument, here) if context.said.argument else None
    if office is None and len(here) == 1:
        office = here[0]
    if office is None:
        if await _may(context, Act.LINK):
            text = (
                t("Which office do you want to unlink from this group?")
                if here
                else t("This group is not linked to an office.")
            )
            answer(context, text, _office_buttons(context, here, "unlink"))
        return
    await _tell_unlinked(context, office)


async def _unlink(context: StaffContext, tap: Tap) -> None:
    if tap.argument in (await offices_here(context) if context.said.group else ()):
        await _tell_unlinked(context, OfficeId(tap.argument))
    else:
        permissions.deny(context.work, context.person, Act.LINK, chat_subject(context.said.chat))
        refuse(context)


async def _tell_unlinked(context: StaffContext, office: OfficeId) -> None:
    gone = await permissions.unlink(context.work, context.person, office)
    if gone is None:
        refuse(context)
        return
    t = context.t
    name = office_title(t, context.work.offices, office)
    text = t("This group is no longer linked to {office}. To link it again, use {link}.", office=name, link="/link")
    if not gone:
        text = t(
            "The bot's settings link this group to {office}. You can only change this in the settings.", office=name
        )
    if context.said.tap:
        context.say(text, edit=context.said.message)
    else:
        answer(context, text)


# ---------------------------------------------------------------------------- who is who


async def whoami(context: StaffContext) -> None:
    """/whoami: one's own roles."""
    t, person = context.t, context.person
    found = await permissions.member(context.work, person)
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
    shown = await _people(context, context.said.argument if context.said.command == "revoke" else "")
    if shown is not None:
        answer(context, *shown)


async def _list_again(context: StaffContext, _: Tap) -> None:
    shown = await _people(context)
    if shown is not None:
        context.say(*shown, edit=context.said.message)


async def _people(context: StaffContext, only: str = "") -> tuple[Markup, Rows] | None:
    offices = await _may(context, Act.LIST_STAFF)
    found = await permissions.member(context.work, context.person)
    if not offices or found is None:
        return None
    t, wanted = context.t, normalise(only)
    lines: list[Markup] = []
    rows: list[list[Button]] = []
    for office in (*(one for one in offices if one != EVERY_OFFICE), EVERY_OFFICE):
        listed = [
            rights
            for rights in await _at(context, office)
            if wanted in normalise(f"{rights[0].name} {rights[0].address}")
        ]
        if not listed:
            continue
        lines += [Markup(), t("<b>{office}</b>", office=office_title(t, context.work.offices, office))]
        for rights in listed:
            lines.append(t("{name}: {roles}", name=_name(t, rights[0]), roles=t.join(t(ROLES[r.role]) for r in rights)))
            if found.may(Act.REVOKE, office):
                label = t.plain(
                    "✖️ {name}, {office}", name=_name(t, rights[0]), office=office_label(t, context.work.offices, office)
                )
                rows.append([button(label, "revoke", rights[0].id)])
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
    said, t = context.said, context.t
    gone = await offboarding.left(context.work, said.chat, context.person)
    ended = gone.rights
    if not ended:
        return
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
    if gone is None or not gone.cases:
        return None
    return t.plural("{n} of their requests now has no owner.", "{n} of their requests now have no owner.", gone.cases)


_VERBS: Mapping[str, Callable[[StaffContext, Tap], Awaitable[None]]] = MappingProxyType(
    {"invite": _invite, "link": _link, "unlink": _unlink, "staff": _list_again, "revoke": _revoke}
)

FLOW = Flow(steps=(Invitation,))
