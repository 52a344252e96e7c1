"""The queues of an office: what is open, by whose it is and when it is due; and the cases opened from a list.

A queue is one message that its buttons turn into another queue or page; what is asked about is known from the chat
it stands in, so a button carries no more than which queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.dangers.alert import untaken_lines
from conversations.engine.step import Rows
from conversations.staff import card, rights
from conversations.staff.case_list import case_lines, list_group, open_buttons, pager
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_title, refuse
from conversations.staff.registry import CaseButton, DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.casework import queries
from services.casework.queries import PAGE, QueuePage, Which
from services.staff.permissions import Act
from services.text.normalise import normalise
from storage.records.cases import Case

_QUEUES: Mapping[Which, str] = MappingProxyType(
    {
        Which.MINE: N_("Mine"),
        Which.UNOWNED: N_("No owner"),
        Which.DUE: N_("Due today"),
        Which.OVERDUE: N_("Overdue"),
        Which.ALL: N_("All open requests"),
    }
)
_NOTHING: Mapping[Which, str] = MappingProxyType(
    {
        Which.MINE: N_("No requests are assigned to you."),
        Which.UNOWNED: N_("Every open request has an owner."),
        Which.DUE: N_("No more requests are due today."),
        Which.OVERDUE: N_("No requests are overdue."),
        Which.ALL: N_("There are no open requests."),
    }
)


async def queue(context: StaffContext) -> None:
    """/queue, with or without which."""
    typed = normalise(context.said.argument)
    named = {normalise(context.t.plain(label)): which for which, label in _QUEUES.items()}
    which = Which(typed) if typed in set(Which) else named.get(typed, Which.ALL)
    found = await queries.queue(context.work, context.person, await context.offices_here(), which, 1)
    if found is None:
        refuse(context)
    else:
        answer(context, *await _shown(context, found))


async def _switch(context: StaffContext, tap: Tap) -> None:
    """Another queue or page in the same message; page 0 is a new message, as below a digest."""
    which = Which(tap.argument) if tap.argument in set(Which) else Which.ALL
    page = min(tap.case, 10_000)
    found = await queries.queue(context.work, context.person, await context.offices_here(), which, max(page, 1))
    if found is None:
        refuse(context)
        return
    text, rows = await _shown(context, found)
    if page:
        context.say(text, rows, edit=context.said.message, supersedes=list_group(context))
    else:
        context.say(text, rows)


async def _shown(context: StaffContext, found: QueuePage) -> tuple[Markup, Rows]:
    t, offices = context.t, context.work.offices
    name = t(_QUEUES[found.which])
    if found.which is Which.MINE and context.said.group:
        name = t("Requests assigned to {name}", name=context.person.name or t("a member of staff"))
    title = t("📋 <b>{queue}</b> ({n})", queue=name, n=found.total)
    where = office_title(t, offices, found.offices[0]) if len(found.offices) == 1 else None
    lines = await case_lines(context, found.cases, (found.page - 1) * PAGE + 1, offices=where is None)
    text = t.join_lines(title, where, "", *untaken_lines(t, found.untaken), *(lines or [t(_NOTHING[found.which])]))
    turns = pager(t, found.page, found.pages, lambda label, page: button(label, "queue", page, argument=found.which))
    claims = context.said.group or bool(await rights.offices_with(context, Act.CLAIM))
    tabs = _tabs(t, found.which, claims=claims)
    return text, (*open_buttons(found.cases, (found.page - 1) * PAGE + 1, t), *turns, *tabs)


def _tabs(t: Localizer, shown: Which, *, claims: bool) -> Rows:
    """The queues to choose from; `claims` is whether who reads this can have requests of their own."""
    tabs = [
        button(("• " if which is shown else "") + t.plain(label), "queue", 1, argument=which.value)
        for which, label in _QUEUES.items()
        if claims or which is not Which.MINE
    ]
    return tabs[:3], tabs[3:]


async def _open(context: StaffContext, _tap: Tap, case: Case) -> None:
    """A number of a list: the case's card."""
    await card.show_here(context, case)


COMMANDS = (StaffCommand("queue", N_("List open requests: mine, no owner, due today, overdue"), Act.READ, queue),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {"queue": DeskButton(Act.READ, _switch), "open": CaseButton(Act.READ, _open)}
)
