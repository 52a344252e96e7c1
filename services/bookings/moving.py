"""An appointment is moved to another time, by its resident or by the municipality."""

from __future__ import annotations

from datetime import datetime

from services.actors import Actor, booking_subject, resident_actor
from services.bookings import fair_use, one_at_a_time, transitions
from services.bookings.availability import SessionAvailability
from services.bookings.event_details import NO_DETAIL, FromTime
from services.bookings.fair_use import Slowed
from services.bookings.lookup import is_ahead, own
from services.bookings.outcomes import NotMovable, SlotTaken
from services.bookings.reminders import next_reminder
from services.bookings.sessions import alternatives
from services.bookings.states import EXPECTED, Transition, can
from services.bookings.transitions import (
    lock_sessions,
    process_expiries,
    refuse_moved,
    seated,
)
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import BookingMoved
from services.streets import appointments
from services.unit_of_work import Work
from storage import audit
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import BookingId, Reference, SlotId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.records.residents import Resident
from storage.records.sessions import Slot

#: What becomes of a resident's hold, offer or place in the line of a day to which they move their appointment.
_GIVEN_UP = {
    BookingStatus.HELD: Transition.RELEASE_HOLD,
    BookingStatus.OFFERED: Transition.GIVE_UP_OFFER,
    BookingStatus.WAITING: Transition.END_WAITING,
}


async def reschedule(
    work: Work, reference: Reference, resident: Resident, slot: SlotId
) -> Booking | SlotTaken | NotMovable | Slowed:
    """Move an appointment to another slot. It keeps its reference; moving it to where it is changes nothing.

    Whoever moves and cancels again and again can move it to near times only, for a while.
    """
    booking = await own(work, reference, resident)
    if booking is None:
        return NotMovable()
    wanted = await session_rows.slot(work.tx, slot)
    limit = await fair_use.slowed(work, resident, booking.office)
    if limit is not None and wanted is not None and slot != booking.slot_id and wanted.starts_at >= limit.before:
        return limit
    await one_at_a_time.lock_person(work, resident.id)
    if wanted is not None and slot != booking.slot_id:
        starts, ends = wanted.starts_at, wanted.ends_at
        other = await one_at_a_time.elsewhere(work, booking.office, resident.id, starts, ends)
        if other is not None:
            return NotMovable(other)
    return await _move(work, booking, slot, resident_actor(resident.id))


async def move_by_municipality(
    work: Work, booking: BookingId, slot: SlotId, actor: Actor, *, not_before: datetime | None = None
) -> Booking | SlotTaken | NotMovable:
    """The same by staff. The resident is told, and not earlier than `not_before`."""
    before = await rows.by_id(work.tx, booking)
    if before is None:
        return NotMovable()
    moved = await _move(work, before, slot, actor)
    if isinstance(moved, Booking) and moved.version != before.version:
        audit.record(work.tx, work.now, actor, "booking.move", booking_subject(booking))
        await notify_resident(
            work,
            moved.resident_id,
            BookingMoved(booking=moved.id, version=moved.version),
            key=f"booking_moved:{moved.id}:{moved.version}",
            subject=booking_subject(moved.id),
            not_before=not_before,
        )
    return moved


async def _move(work: Work, before: Booking, to: SlotId, actor: Actor) -> Booking | SlotTaken | NotMovable:
    slot = await session_rows.slot(work.tx, to)
    if slot is None:
        return SlotTaken()
    boards = await lock_sessions(work, before.session_id, slot.session_id)
    here, there = boards[before.session_id], boards[slot.session_id]
    booking = here.bookings.get(before.id)
    if booking is None:
        await refuse_moved(work, before)
    if booking is None or not is_ahead(booking, work.now) or not can(booking, Transition.MOVE):
        return NotMovable(booking or await rows.by_id(work.tx, before.id))
    if booking.slot_id == to:
        return booking
    other = None if there is here else there.of(booking.resident_id)
    if other is not None and other.status in EXPECTED:
        return NotMovable(other)
    elsewhere = await _one_there(work, booking, there)
    if elsewhere is not None:
        return NotMovable(elsewhere)
    seat = there.seat_in(slot, booking.resident_id, work.now)
    if seat is None:
        return SlotTaken(await alternatives(work, there, slot))
    for one in (other, there.hold_of(booking.resident_id)):
        if one is not None:
            await transitions.apply(work, there, one, _GIVEN_UP[one.status], actor)
    return await _seat_there(work, here, there, booking, slot, seat, actor)


async def _one_there(work: Work, booking: Booking, there: SessionAvailability) -> Booking | None:
    """The appointment that they have at another office already, where it is moved there."""
    office = there.session.office
    if office == booking.office or not booking.sole:
        return None
    return await one_at_a_time.standing(work, office, booking.resident_id, booking.phone, booking.id)


async def _seat_there(
    work: Work,
    here: SessionAvailability,
    there: SessionAvailability,
    booking: Booking,
    slot: Slot,
    seat: int,
    actor: Actor,
) -> Booking:
    former = FromTime(booking.starts_at) if booking.starts_at else NO_DETAIL
    changes = {
        **seated(slot, seat),
        "office": there.session.office,
        "session_id": there.session.id,
        "day": there.session.day,
        "confirmed_at": work.now,
        "remind_at": next_reminder(slot.starts_at, work.now),
    }
    here.bookings.pop(booking.id)
    moved = await transitions.apply(work, there, booking, Transition.MOVE, actor, changes, former)
    transitions.tell_office(work, moved, BookingEventKind.MOVED)
    await appointments.changed(work, moved)
    for board in {here.session.id: here, there.session.id: there}.values():
        await process_expiries(work, board)
    return moved
