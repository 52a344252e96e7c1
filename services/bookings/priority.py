"""Whoever was promised something that was not done books ahead of others, once: also unreleased seats."""

from __future__ import annotations

from services.actors import CLOCK, booking_subject
from services.unit_of_work import Work
from storage import audit, promises
from storage.records.bookings import Booking
from storage.records.residents import Resident
from storage.records.sessions import Slot


async def has(work: Work, resident: Resident) -> bool:
    """Whether a promise to them was not kept, and has not given them a seat ahead of others yet."""
    return await promises.with_priority(work.tx, resident.id) is not None


async def use(work: Work, booking: Booking, slot: Slot | None) -> None:
    """Count the priority as used where the appointment has a seat that others cannot book yet."""
    if slot is None or slot.released_at <= work.now:
        return
    found = await promises.with_priority(work.tx, booking.resident_id)
    if found is not None:
        promises.use_priority(work.tx, found.id, work.now)
        audit.record(work.tx, work.now, CLOCK, "booking.priority", booking_subject(booking.id), f"promise {found.id}")
