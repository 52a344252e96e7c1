"""What becomes of a session whose day is closed: everybody who has a seat or waits is told, with the nearest times."""

from __future__ import annotations

from datetime import datetime

from services.actors import Actor
from services.bookings.availability import SessionAvailability
from services.bookings.states import EXPECTED, Transition, can
from services.bookings.transitions import apply, cancel, end_waiting
from services.unit_of_work import Work
from storage import residents, sessions
from storage.records.bookings import Booking
from storage.records.sessions import SessionStatus
from storage.translations import Translations


async def close_session(
    work: Work, board: SessionAvailability, reason: Translations, actor: Actor, *, not_before: datetime | None = None
) -> list[Booking]:
    """Close a session in hand. Returns the appointments that were cancelled for it; what is over stays as it is.

    `not_before`: nobody hears of it earlier.
    """
    sessions.close(work.tx, board.session.id, reason)
    board.session = board.session.model_copy(update={"status": SessionStatus.CLOSED})
    cancelled = []
    for booking in list(board.bookings.values()):
        if is_over(booking, work.now):
            continue
        if booking.status in EXPECTED:
            person = await residents.by_id(work.tx, booking.resident_id)
            why = reason.get(person.language if person else "ar")
            called_off = await cancel(work, board, booking, Transition.CALL_OFF, actor, why, not_before=not_before)
            cancelled.append(called_off)
        elif can(booking, Transition.RELEASE_HOLD):
            await apply(work, board, booking, Transition.RELEASE_HOLD, actor)
        elif can(booking, Transition.END_WAITING):
            await end_waiting(work, board, booking, actor, not_before=not_before)
    return cancelled


def is_over(booking: Booking, now: datetime) -> bool:
    return booking.ends_at is not None and booking.ends_at <= now
