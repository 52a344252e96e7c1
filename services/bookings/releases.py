"""A visitor releases an appointment that was answered before the day: one tap, which they can take back for a while.

Until then the appointment and its seat stay as they are, so whoever takes it back loses nothing. Nobody was offered
the seat meanwhile. When the time is over, the appointment is cancelled and the seat goes to the waiting list.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import booking_subject, resident_actor
from services.bookings import bookings, cards, fair_use, transitions
from services.bookings.availability import SessionAvailability
from services.bookings.bookings import NotCancellable
from services.bookings.states import Transition, can
from services.bookings.transitions import lock_sessions, locked, process_expiries
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import BookingReleased
from services.unit_of_work import Work
from storage import bookings as booking_rows
from storage import releases as rows
from storage.ids import Reference
from storage.records.bookings import Booking
from storage.records.residents import Resident
from storage.releases import Release, group

__all__ = ["KEPT", "Release", "group", "pending", "release", "run_due", "take_back"]

#: How long a released seat is kept for its visitor, who may have tapped by mistake.
KEPT = timedelta(minutes=5)


async def release(work: Work, reference: Reference, resident: Resident) -> Release | NotCancellable:
    """Give the seat up, `KEPT` from now. Releasing twice is releasing once."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return NotCancellable()
    board, current = await locked(work, booking)
    if current is None or current.starts_at is None or not _is_ahead(work, current):
        return NotCancellable(current or await booking_rows.by_id(work.tx, booking.id))
    if (before := await pending(work, current)) is not None:
        return before
    new = Release(booking_id=current.id, version=current.version, due_at=_until(work, board, current))
    rows.add(work.tx, new)
    cards.owe_card(work, current)
    return new


def _is_ahead(work: Work, booking: Booking) -> bool:
    """An offer or a place in the line is declined or left, and a meeting that has begun is not released."""
    seated = can(booking, Transition.CANCEL) and can(booking, Transition.MOVE)
    return seated and booking.starts_at is not None and booking.starts_at > work.now


def _until(work: Work, board: SessionAvailability, booking: Booking) -> datetime:
    """Kept no longer than somebody else can still be given the seat, or until it begins."""
    slot = board.slot(booking.slot_id)
    ends = [at for at in (booking.starts_at, slot.bookable_until if slot else None) if at and at > work.now]
    return min([work.now + KEPT, *ends])


async def pending(work: Work, booking: Booking) -> Release | None:
    """What the visitor can still take back; None where the appointment was moved or ended since."""
    found = await rows.of(work.tx, booking.id)
    still = found is not None and found.version == booking.version and can(booking, Transition.MOVE)
    return found if still else None


async def take_back(work: Work, reference: Reference, resident: Resident) -> Booking | NotCancellable:
    """Keep the appointment after all, as long as it is not cancelled yet. Doing so twice is doing so once."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return NotCancellable()
    _, current = await locked(work, booking)
    if current is None or not can(current, Transition.MOVE):
        return NotCancellable(current or await booking_rows.by_id(work.tx, booking.id))
    if await rows.take(work.tx, current.id) is not None:
        cards.owe_card(work, current)
    return current


async def run_due(work: Work, limit: int) -> int:
    """Cancel what was released and not taken back; how many were looked at."""
    due = [await booking_rows.by_id(work.tx, booking) for booking in await rows.due(work.tx, work.now, limit)]
    released = [booking for booking in due if booking is not None]
    boards = await lock_sessions(work, *(booking.session_id for booking in released))
    for booking in released:
        await _finish(work, boards[booking.session_id], booking)
    for board in boards.values():
        await process_expiries(work, board)
    return len(released)


async def _finish(work: Work, board: SessionAvailability, before: Booking) -> None:
    found, booking = await rows.take(work.tx, before.id), board.bookings.get(before.id)
    if found is None or booking is None or booking.version != found.version or not can(booking, Transition.MOVE):
        return  # taken back, moved, cancelled or received meanwhile
    actor = resident_actor(booking.resident_id)
    ended = await transitions.cancel(work, board, booking, Transition.CANCEL, actor, fair_use.RELEASED)
    await notify_resident(
        work,
        ended.resident_id,
        BookingReleased(booking=ended.id, message=found.message),
        key=f"booking_released:{ended.id}:{ended.version}",
        subject=booking_subject(ended.id),
    )
