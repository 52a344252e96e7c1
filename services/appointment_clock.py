"""What falls due at Customer Day. All of it is derived from rows: a restart needs no recovery."""

from __future__ import annotations

from datetime import datetime

from services import booking_moves
from services.booking_moves import REMINDERS, next_reminder, offer_freed_seats, subject
from services.notices import BookingReminder, Stage, WaitingEnded, notify_resident
from services.work import Work
from storage import bookings as rows
from storage import residents
from storage import sessions as session_rows
from storage.records import Booking, BookingEventKind, BookingStatus


async def run_due(work: Work, limit: int = 200) -> int:
    """Holds and offers that ran out, seats to offer, reminders, waiting in vain; how much was done."""
    return (
        await _lapse(work, limit)
        + await _offer(work, limit)
        + await _remind(work, limit)
        + await _end_waiting(work, limit)
    )


async def _lapse(work: Work, limit: int) -> int:
    ended = await rows.run_out(work.tx, work.now, limit)
    for booking in ended:
        await booking_moves.lapse(work, booking)
    for session in {booking.session_id for booking in ended}:
        await offer_freed_seats(work, session)
    return len(ended)


async def _offer(work: Work, limit: int) -> int:
    """Seats given out late, the day before, go to those who wait."""
    sessions = await session_rows.with_waiters_and_seats(work.tx, work.now, limit)
    return sum([await offer_freed_seats(work, session) for session in sessions])


async def _remind(work: Work, limit: int) -> int:
    due = await rows.to_remind(work.tx, work.now, limit)
    for booking in due:
        following = None if booking.starts_at is None else next_reminder(booking.starts_at, work.now)
        rows.reminded(work.tx, booking.id, following)
        if booking.starts_at is not None and work.now < booking.starts_at:
            await _remind_one(work, booking, booking.starts_at, following)
    return len(due)


async def _remind_one(work: Work, booking: Booking, starts_at: datetime, following: datetime | None) -> None:
    """One reminder, also where the clock stood still while two fell due: the later of them."""
    resident = await residents.by_id(work.tx, booking.resident_id)
    if resident is None or not resident.wants_reminders:
        return
    stage = _stage(starts_at, work.now)
    await notify_resident(
        work,
        booking.resident_id,
        BookingReminder(booking=booking.id, version=booking.version, stage=stage),
        key=f"reminder:{booking.id}:{booking.version}:{stage.value}",
        subject=subject(booking),
        expires_at=following or starts_at,
    )


def _stage(starts_at: datetime, now: datetime) -> Stage:
    return min((stage for stage, before in REMINDERS.items() if starts_at - before <= now), key=REMINDERS.__getitem__)


async def _end_waiting(work: Work, limit: int) -> int:
    ended = await rows.waited_in_vain(work.tx, work.now, limit)
    for booking in ended:
        await booking_moves.end(work, booking, BookingStatus.EXPIRED, BookingEventKind.WAITING_ENDED, "system")
        await notify_resident(
            work,
            booking.resident_id,
            WaitingEnded(booking=booking.id),
            key=f"waiting_ended:{booking.id}",
            subject=subject(booking),
        )
    return len(ended)
