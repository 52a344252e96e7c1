"""What time does to appointments: holds and offers run out, seats are released, reminders fall due, days are planned.

All of it is worked out from the rows, so what comes late, twice or after a crash does no harm.
"""

from __future__ import annotations

from services.actors import booking_subject
from services.bookings.availability import too_soon_to_wait
from services.bookings.reminders import next_reminder, stage_at
from services.bookings.schedule import plan_if_new
from services.bookings.transitions import lock_sessions
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import BookingReminder
from services.unit_of_work import Work
from storage import bookings as rows
from storage import residents, sessions
from storage.records.bookings import Booking


async def run_due(work: Work, limit: int = 200) -> int:
    """Do what is due, `limit` of each kind at most; how much was done."""
    done = await plan_if_new(work)
    waiting = await sessions.to_settle(work.tx, work.now, too_soon_to_wait(work), limit)
    boards = await lock_sessions(work, *waiting)
    done += sum(board.changes for board in boards.values())
    due = await rows.to_remind(work.tx, work.now, limit)
    for booking in due:
        await _remind(work, booking)
    return done + len(due)


async def _remind(work: Work, booking: Booking) -> None:
    """Owe the reminder that fits the time left, if the resident wants any, and note when the next is due."""
    if booking.starts_at is None:
        return
    rows.remind_next(work.tx, booking, next_reminder(booking.starts_at, work.now))
    due = stage_at(booking.starts_at, work.now)
    person = await residents.by_id(work.tx, booking.resident_id)
    if due is None or person is None or not person.wants_reminders:
        return
    stage, ends = due
    await notify_resident(
        work,
        booking.resident_id,
        BookingReminder(booking=booking.id, version=booking.version, stage=stage),
        key=f"reminder:{booking.id}:{booking.version}:{stage}",
        subject=booking_subject(booking.id),
        expires_at=ends,
    )
