"""What bookings, the waiting list and the clock do alike: ending a booking, reminders' times, seats set free."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notices import OfferLapsed, SeatOffered, StaffBooking, Stage, notify_office, notify_resident
from services.work import Work
from storage import bookings as rows
from storage import outbox
from storage import sessions as session_rows
from storage.ids import ResidentId, SessionId, SlotId
from storage.records import Booking, BookingEventKind, BookingStatus, SessionStatus

#: Text reminders 3 days and 1 day before cut missed visits most (booking.md); the last brings directions.
REMINDERS = {
    Stage.THREE_DAYS: timedelta(days=3),
    Stage.ONE_DAY: timedelta(days=1),
    Stage.TWO_HOURS: timedelta(hours=2),
}
OFFER = timedelta(minutes=60)
OFFER_ON_THE_DAY = timedelta(minutes=15)


def resident_actor(resident: ResidentId) -> str:
    return f"resident:{resident}"


def subject(booking: Booking) -> str:
    return f"booking:{booking.id}"


def next_reminder(starts_at: datetime, now: datetime) -> datetime | None:
    """When the next reminder is due; those already past are skipped."""
    coming = [starts_at - before for before in REMINDERS.values() if starts_at - before > now]
    return min(coming, default=None)


def tell_office(work: Work, booking: Booking, what: BookingEventKind) -> None:
    """A card for the office's staff: one for each change."""
    notify_office(
        work,
        booking.office,
        StaffBooking(booking=booking.id, what=what.value),
        key=f"booking:{booking.id}:{booking.version}:{what.value}:staff",
        subject=subject(booking),
    )


async def free_seat(work: Work, slot: SlotId, capacity: int) -> int | None:
    """The lowest seat nobody has; None where the slot is full."""
    taken = await rows.taken_seats(work.tx, slot)
    return next((seat for seat in range(1, capacity + 1) if seat not in taken), None)


async def end(
    work: Work,
    booking: Booking,
    status: BookingStatus,
    what: BookingEventKind,
    actor: str,
    *,
    reason: str = "",
    newer: bool = True,
) -> bool:
    """End a booking: what was owed about it no longer is. Whoever calls this gives the seat to the next."""
    ended = await rows.change(
        work.tx,
        booking,
        work.now,
        status=status,
        slot=booking.slot_id,
        seat=booking.seat,
        reason=reason,
        newer=newer,
    )
    if ended:
        rows.add_event(work.tx, booking.id, work.now, actor, what, reason)
        outbox.withdraw(work.tx, f"reminder:{booking.id}:")
        outbox.withdraw(work.tx, f"offer:{booking.id}:")
    return ended


# ---------------------------------------------------------------------------- the waiting list's turn


async def offer_freed_seats(work: Work, session_id: SessionId) -> int:
    """Offer every free seat of a session to those who wait, first in, first offered; how many were offered.

    Called in the transaction that frees a seat, so that nobody slips in between. An offered seat counts as
    taken, so there are never two offers for one.
    """
    session = await session_rows.by_id(work.tx, session_id)
    if session is None or session.status is SessionStatus.CLOSED:
        return 0
    offered = 0
    while (waiting := await rows.first_waiting(work.tx, session_id)) is not None:
        if not await _offer_one(work, waiting, on_the_day=session.day == work.today):
            break
        offered += 1
    return offered


async def _offer_one(work: Work, waiting: Booking, *, on_the_day: bool) -> bool:
    for free in await session_rows.free_slots(work.tx, waiting.session_id, work.now):
        if await session_rows.lock_slot(work.tx, free.id) is None:
            continue
        await lapse_of_slot(work, free.id)
        seat = await free_seat(work, free.id, free.capacity)
        if seat is None:
            continue
        deadline = min(work.now + (OFFER_ON_THE_DAY if on_the_day else OFFER), free.bookable_until)
        changed = await rows.change(
            work.tx,
            waiting,
            work.now,
            status=BookingStatus.OFFERED,
            slot=free.id,
            seat=seat,
            deadline=deadline,
            newer=True,
        )
        if changed:
            await _tell_offer(work, waiting, deadline)
            return True
    return False


async def _tell_offer(work: Work, waiting: Booking, deadline: datetime) -> None:
    version = waiting.version + 1
    rows.add_event(work.tx, waiting.id, work.now, "system", BookingEventKind.OFFERED)
    await notify_resident(
        work,
        waiting.resident_id,
        SeatOffered(booking=waiting.id, version=version),
        key=f"offer:{waiting.id}:{version}",
        subject=subject(waiting),
        expires_at=deadline,
    )


async def lapse_of_slot(work: Work, slot: SlotId) -> None:
    """Let go of a slot's holds and offers whose time ran out but which the clock has not seen yet."""
    for booking in await rows.run_out_of_slot(work.tx, work.now, slot):
        await lapse(work, booking)


async def lapse(work: Work, booking: Booking) -> None:
    """A hold or an offer ran out. Who was offered a seat is told, and has lost their place in the line."""
    held = booking.status is BookingStatus.HELD
    what = BookingEventKind.HOLD_LAPSED if held else BookingEventKind.OFFER_LAPSED
    ended = await end(work, booking, BookingStatus.EXPIRED, what, "system", newer=not held)
    if ended and not held:
        await notify_resident(
            work,
            booking.resident_id,
            OfferLapsed(booking=booking.id),
            key=f"lapsed:{booking.id}:{booking.version}",
            subject=subject(booking),
        )
