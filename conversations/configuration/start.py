"""`/offices`: administrators keep offices, ready texts and sessions up to date, in private."""

from __future__ import annotations

from conversations.configuration import (
    closures,
    days,
    entering,
    entries,
    history,
    preview,
    rules,
    session_draft,
    sessions,
)
from conversations.configuration.fields import Spot
from conversations.configuration.menus import ChoosingOffice, OfficeMenu, ShowingSection
from conversations.configuration.step import deny, offices_of
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Next, Reask, Turn
from conversations.on_behalf.step import person_of
from services.staff import permissions
from storage.ids import OfficeId


async def offices(turn: Turn, argument: str) -> Next:
    """Start; `argument` is an office, or nothing where there are several to choose from."""
    mine = await offices_of(turn)
    if not mine:
        return await _not_for_them(turn)
    if argument and argument in mine:
        return OfficeMenu(spot=Spot(office=OfficeId(argument)))
    return OfficeMenu(spot=Spot(office=mine[0])) if len(mine) == 1 else ChoosingOffice()


async def _not_for_them(turn: Turn) -> Next:
    """Whoever is no staff hears what they hear of any command that there is not."""
    refusal = deny(turn)
    if await permissions.member(turn.work, person_of(turn)) is not None or turn.said.kind is not Kind.COMMAND:
        return refusal
    t = turn.t
    why = t("{command} is not a command. Use {help} to see the commands.", command="/offices", help="/help")
    return Reask(why, turn.here)


FLOW = Flow(
    steps=(
        ChoosingOffice,
        OfficeMenu,
        ShowingSection,
        entering.Entering,
        entering.Picking,
        preview.Previewing,
        rules.Rules,
        rules.AddingRule,
        closures.Closures,
        closures.AddingClosure,
        entries.Entries,
        entries.AddingTemplate,
        entries.AddingCategory,
        history.History,
        sessions.Sessions,
        sessions.ShowingSession,
        session_draft.Drafting,
        session_draft.Withdrawing,
        days.ClosingDay,
        days.ReopeningDay,
        days.MovingDay,
    ),
    routes={
        "offices": offices,
        "config_field": entering.field,
        "config_usual": preview.use_usual,
        "config_drop": preview.drop,
        "config_undo": preview.undo,
        "config_rules": rules.rules,
        "config_closures": closures.closures,
        "config_entries": entries.entries,
        "config_history": history.history,
        "config_sessions": sessions.sessions,
        "session_extra": session_draft.extra,
        "session_change": session_draft.change,
        "session_as_was": session_draft.as_was,
        "session_withdraw": session_draft.withdraw,
        "day_close": days.close,
        "day_reopen": days.reopen,
        "day_move": days.move,
        "day_move_back": days.move_back,
    },
    commands={"offices": "offices"},
)
