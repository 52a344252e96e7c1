"""The way to what staff took by phone or at the counter, for whoever looks for it among their own."""

from __future__ import annotations

from conversations.engine.step import Button, Turn


def by_phone_row(turn: Turn) -> list[Button]:
    """Offered until the messenger has vouched for their number: from then on, everything comes by itself."""
    if turn.resident.phone_own:
        return []
    return [Button(label=turn.t.plain("☎️ See requests made by phone or in person"), route="by_phone")]
