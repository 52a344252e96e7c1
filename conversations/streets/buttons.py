"""The way to choosing one who speaks for all, in the view of a request that several have."""

from __future__ import annotations

from conversations.engine.step import Button, Turn
from services.cases import resident_actions
from services.cases.workflow import ENDED
from storage.records.cases import Case

PAGE = "street"


async def street_button(turn: Turn, case: Case) -> list[Button]:
    """Nothing where nobody joined; a delegate of one person speaks for no street."""
    if turn.acting is not None or case.status in ENDED or not await resident_actions.joiners(turn.work, case.id):
        return []
    return [Button(label=turn.t.plain("🏘 One appointment for all of us"), route=PAGE, value=case.reference)]
