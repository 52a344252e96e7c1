"""Invitations to the staff: a link, good once. Opening it shows what it is for; Join takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.admin.entries import DOOR, entries_for
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer as Answered
from conversations.engine.step import Button, EndFlow, Next, Prompt, Reask, Rows, Step, Turn
from conversations.staff import rights
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import (
    ALL,
    ROLES,
    answer,
    office_buttons,
    office_named,
    office_title,
    refuse,
)
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, INVITE_LASTS, Act, Invited, Joined, Person, Unusable
from services.text.normalise import normalise
from storage.ids import OfficeId
from storage.records.staff import Role

#: How the payload of an invitation's link begins.
PAYLOAD = "staff_"
_JOIN = "join"
_UNUSABLE: Mapping[Unusable, str] = MappingProxyType(
    {
        Unusable.UNKNOWN: N_("This invitation link is not valid. Ask for a new one."),
        Unusable.USED: N_("Someone else has used this invitation. Ask for a new one."),
        Unusable.MINE: N_("You have already used this invitation. Use {command} to see your roles."),
        Unusable.EXPIRED: N_("This invitation expired after {span}. Ask for a new one."),
        Unusable.RECALLED: N_("This invitation is no longer valid. Ask for a new one."),
    }
)


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
        member = await permissions.member(turn.work, _person(turn))
        menu = [[Button(label=turn.t.plain("🛠 Administration"), route=DOOR)]]
        turn.say(_welcome(turn, result), menu if member is not None and entries_for(member) else ())
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
    offices = await rights.choices(context, Act.INVITE)
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


def _role_named(t: Localizer, text: str) -> Role | None:
    typed = normalise(text)
    return next((role for role, name in ROLES.items() if typed in {role.value, normalise(t.plain(name))}), None)


def _which_office(context: StaffContext, offices: Sequence[OfficeId]) -> tuple[Markup, Rows]:
    t = context.t
    return t("👥 <b>Invitation</b>. Which office is it for?"), office_buttons(context, offices, "invite")


def _which_role(context: StaffContext, office: OfficeId) -> tuple[Markup, Rows]:
    t = context.t
    text = t(
        "👥 <b>Invitation</b> to {office}. Which role do you want to give?",
        office=office_title(t, context.work.offices, office),
    )
    return text, [[button(t.plain(ROLES[role]), "invite", n, argument=office or ALL)] for n, role in enumerate(Role, 1)]


async def _invite(context: StaffContext, tap: Tap) -> None:
    """An office was chosen (case 0), or a role as well (its number)."""
    office = EVERY_OFFICE if tap.argument == ALL else OfficeId(tap.argument)
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
        t.own(context.links.channel.deep(f"{PAYLOAD}{made.code}")),
        t(
            "This invitation works once, until {moment}. The first person to accept it gets the "
            "role, so send it only to the person you mean.",
            moment=t.moment(made.expires_at),
        ),
    )


COMMANDS = (StaffCommand("invite", N_("Invite someone to join the staff"), Act.INVITE, invite),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"invite": DeskButton(Act.INVITE, _invite)})

FLOW = Flow(steps=(Invitation,))
