"""/admin: what somebody may do beyond single cases, as `entries.ENTRIES` lists it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.admin import audit, groups, privacy_desk
from conversations.admin.entries import DOOR, ENTRIES, entries_for
from conversations.engine.registry import Flow
from conversations.engine.step import Button, Next, NoReply, Rows, Turn
from conversations.reports import command as reports
from conversations.staff import access_log, invitations, people, rights
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from conversations.staff.to_private import lead_to_private, private_button
from locales import N_, Localizer
from services.actors import office_subject
from services.casework.templates import Templates
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Member

#: By the name of an entry that has no route of its own.
ANSWERS: Mapping[str, Callable[[StaffContext], Awaitable[None]]] = MappingProxyType(
    {
        "staff": people.people,
        "invite": invitations.invite,
        "groups": groups.groups,
        "looked": access_log.access_log,
        "audit": audit.audit,
        "privacy": privacy_desk.desk,
        "report": reports.report,
    }
)
_IN_A_ROW = 2


async def admin(context: StaffContext) -> None:
    """/admin, in private."""
    shown = await _menu(context)
    if shown is not None:
        answer(context, *shown)


async def _menu(context: StaffContext) -> tuple[Markup, Rows] | None:
    """The menu; None where there is nothing in it for whoever asks, who is told so."""
    member, t = await context.member(), context.t
    if member is None or not entries_for(member):
        permissions.deny(context.work, context.person, Act.CONFIGURE, office_subject(EVERY_OFFICE))
        refuse(context)
        return None
    buttons = entry_buttons(t, member)
    rows = [buttons[start : start + _IN_A_ROW] for start in range(0, len(buttons), _IN_A_ROW)]
    text = t.join_lines(t("🛠 <b>Administration</b>"), t("Choose what you want to do."))
    return text, rows


def entry_buttons(t: Localizer, member: Member) -> list[Button]:
    """What somebody may open, as buttons."""
    return [
        Button(label=t.plain(one.label), route=one.route)
        if one.route
        else button(t.plain(one.label), "admin", argument=one.name)
        for one in entries_for(member)
    ]


async def _open(context: StaffContext, tap: Tap) -> None:
    """Something of the menu; without an argument the menu itself."""
    entry = next((one for one in ENTRIES if one.name == tap.argument and one.name in ANSWERS), None)
    if entry is None:
        shown = await _menu(context)
        if shown is not None:
            context.say(*shown, edit=context.said.message)
    elif await rights.may(context, entry.right, entry.at):
        await ANSWERS[entry.name](context)


def elsewhere(context: StaffContext, name: str) -> None:
    """In a group others would read along."""
    t = context.t
    text = t("Other members of this group should not read this. Use {command} in the private chat.", command=f"/{name}")
    lead_to_private(context, text, [private_button(context, DOOR)])


async def door(turn: Turn, _: str) -> Next:
    """The menu, by a button of the dialogue or by a link: whoever may nothing there is told so."""
    context = StaffContext.of(turn, turn.catalogues, Templates(), turn.said)
    await admin(context)
    turn.toast = context.toast
    return NoReply()


COMMANDS = (
    StaffCommand(
        "admin",
        N_("Administration menu"),
        None,
        admin,
        alone=True,
        for_strangers=True,
        offered_to=lambda member: bool(entries_for(member)),
    ),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"admin": DeskButton(None, _open, alone=True)})

FLOW = Flow(routes={DOOR: door})
