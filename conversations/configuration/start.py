"""`/offices`: administrators keep offices, ready texts and sessions up to date, in private.

`/sessions`: those who lead an office open, change, move and close its sessions.
"""

from __future__ import annotations

from conversations.configuration import (
    adding_answer,
    closures,
    days,
    draw_off,
    entering,
    entries,
    history,
    preview,
    rules,
    session_changes,
    session_draft,
    session_link,
    sessions,
)
from conversations.configuration.field_types import Spot
from conversations.configuration.menus import ChoosingOffice, OfficeMenu, ShowingSection
from conversations.configuration.step import not_for_them, offices_of
from conversations.engine.registry import Flow
from conversations.engine.step import Next, Turn
from services.staff.permissions import Act
from storage.ids import OfficeId


async def offices(turn: Turn, argument: str) -> Next:
    """Start; `argument` is an office, or nothing where there are several to choose from."""
    mine = await offices_of(turn)
    if not mine:
        return await not_for_them(turn, "/offices", Act.CONFIGURE)
    if argument and argument in mine:
        return OfficeMenu(spot=Spot(office=OfficeId(argument)))
    return OfficeMenu(spot=Spot(office=mine[0])) if len(mine) == 1 else ChoosingOffice()


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
        adding_answer.AddingAnswer,
        adding_answer.PreviewingAnswer,
        history.History,
        sessions.Sessions,
        sessions.ChoosingSessions,
        sessions.ShowingSession,
        session_draft.Drafting,
        session_changes.Withdrawing,
        session_changes.Drawing,
        draw_off.StoppingDraw,
        session_link.GivingLink,
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
        entries.NEW_ANSWER: adding_answer.new,
        adding_answer.FROM_CASE: adding_answer.from_case,
        "config_history": history.history,
        "config_sessions": sessions.sessions,
        "my_sessions": sessions.of_mine,
        "session_extra": session_changes.extra,
        "session_change": session_changes.change,
        "session_longer": session_changes.longer,
        "session_as_was": session_changes.as_was,
        "session_withdraw": session_changes.withdraw,
        "session_draw": session_changes.by_draw,
        "session_draw_off": draw_off.stop,
        "session_draw_keep": draw_off.keep,
        "session_link": session_link.link,
        "session_link_as_was": session_link.as_was,
        "day_close": days.close,
        "day_reopen": days.reopen,
        "day_move": days.move,
        "day_move_back": days.move_back,
    },
    commands={"offices": "offices", "sessions": "my_sessions"},
)
