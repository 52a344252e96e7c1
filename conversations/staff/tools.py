"""What somebody who works here does with the bot, as one menu in their private chat: each what their rights allow.

Whose rights let them do nothing is shown no way here, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from conversations.admin import menu as admin_menu
from conversations.engine.registry import Flow
from conversations.engine.step import Button, Next, NoReply, Rows, Turn
from conversations.staff import commands
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import DeskButton, StaffButton
from conversations.texts.staff_tools import ROUTE
from locales import N_
from services.actors import office_subject
from services.casework.templates import Templates
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Member

_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing of the menu: a command of the staff, which says who may."""

    command: str
    label: str  # a text of the catalogue, with its icon
    route: str = ""  # of the dialogue, where the command is a flow in private


TOOLS = (
    Tool("today", N_("📅 Today")),
    Tool("week", N_("🗓 The week ahead")),
    Tool("hall", N_("📣 Queue of the day")),
    Tool("door", N_("🚪 Entrance")),
    Tool("walkin", N_("➕ Visitor without appointment"), route="walkin"),
    Tool("brief", N_("📋 Visitor brief")),
    Tool("queue", N_("📂 Open requests")),
    Tool("intake", N_("☎️ For a caller or visitor"), route="intake"),
    Tool("sessions", N_("🕘 Sessions"), route="my_sessions"),
    Tool("help", N_("❔ All commands")),
)


async def tools(context: StaffContext) -> None:
    """The menu, for whoever has a right anywhere."""
    member, t = await context.member(), context.t
    if member is None:
        permissions.deny(context.work, context.person, Act.READ, office_subject(EVERY_OFFICE))
        refuse(context)
        return
    text: Markup = t.join_lines(t("🧰 <b>Staff tools</b>"), t("These are the tools that your roles allow."))
    answer(context, text, _rows(context, member))


def _rows(context: StaffContext, member: Member) -> Rows:
    t, offices = context.t, tuple(office.id for office in context.work.offices.all)
    of_work = [
        Button(label=t.plain(one.label), route=one.route)
        if one.route
        else button(t.plain(one.label), "tools", argument=one.command)
        for one in TOOLS
        if commands.is_offered(commands.COMMANDS[one.command], member, offices)
    ]
    groups = (of_work, admin_menu.entry_buttons(t, member))
    return [group[start : start + _IN_A_ROW] for group in groups for start in range(0, len(group), _IN_A_ROW)]


async def _open(context: StaffContext, tap: Tap) -> None:
    """Something of the menu; without a known argument the menu itself."""
    found = next((one for one in TOOLS if one.command == tap.argument and not one.route), None)
    if found is None or await context.member() is None:
        await tools(context)
    else:
        await commands.run(context, commands.COMMANDS[found.command])


async def door(turn: Turn, _: str) -> Next:
    """By the button of the main menu."""
    context = StaffContext.of(turn, turn.catalogues, Templates(), turn.said)
    await tools(context)
    turn.toast = context.toast
    return NoReply()


BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"tools": DeskButton(None, _open, alone=True)})
FLOW = Flow(routes={ROUTE: door})
