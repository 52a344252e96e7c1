"""Which appointment a button, a command or a deep link means: the resident's own, and nobody else's."""

from __future__ import annotations

from conversations.engine.step import Reask, Turn
from services.bookings import bookings
from services.text.references import BOOKING_EXAMPLE, parse_reference
from storage.records.bookings import Booking


async def own(turn: Turn, argument: str) -> Booking | None:
    """The resident's own booking of a reference, however it is written; None for anyone else's."""
    reference = parse_reference(argument)
    return await bookings.own(turn.work, reference, turn.resident) if reference else None


def not_found(turn: Turn) -> Reask:
    example = turn.t.ref(BOOKING_EXAMPLE)
    return Reask(turn.t("Appointment not found. Example of a reference: {example}", example=example))
