"""What neighbours who report the same may read of one's request, in the request's view."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Turn
from services.cases import public_view
from services.cases.workflow import ENDED
from storage.records.cases import Case

SHOW, HIDE = "neighbours", "noneighbours"


async def told(turn: Turn, case: Case) -> tuple[list[Markup | str], list[Button]]:
    """What neighbours read, and the button that changes it; nothing where nobody is asked to join."""
    if case.resident_id != turn.resident.id or case.status in ENDED or not case.words:
        return [], []
    t, shown = turn.t, await public_view.shown(turn.work, case)
    lines: list[Markup | str] = []
    if shown.words:
        lines = ["", t("👥 What neighbours read: “{words}”", words=t.own(shown.words, public_view.LONGEST))]
    if shown.agreed:
        return lines, [Button(label=t.plain("Hide my description"), route=HIDE, value=case.reference)]
    return lines, [Button(label=t.plain("👥 Show my description to neighbours"), route=SHOW, value=case.reference)]
