"""Somebody did not come: asked once why, the next morning, without blame; what they say is for the reports alone."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import booking_subject, resident_actor
from services.text.normalise import clean
from services.unit_of_work import Work
from storage import audit
from storage import bookings as booking_rows
from storage import no_shows as rows
from storage.ids import Reference
from storage.no_shows import NoShowReason, Reason
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

__all__ = ["LONGEST", "NotTheirs", "Reason", "reason_of", "say_why"]

LONGEST = 500


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """There is no such appointment, it is another's, or they came after all."""


async def reason_of(work: Work, booking: Booking) -> NoShowReason | None:
    """Why they did not come, if they said so."""
    return await rows.of(work.tx, booking.id)


async def say_why(
    work: Work, reference: Reference, resident: Resident, reason: Reason, words: str = ""
) -> Booking | NotTheirs:
    """Keep why they did not come; a second answer takes the place of the first."""
    booking = await booking_rows.by_reference(work.tx, reference)
    if booking is None or booking.resident_id != resident.id or booking.status is not BookingStatus.NO_SHOW:
        return NotTheirs()
    await rows.put(work.tx, booking.id, reason, clean(words, LONGEST), work.now)
    actor = resident_actor(resident.id)
    audit.record(work.tx, work.now, actor, "booking.no_show_reason", booking_subject(booking.id), reason)
    return booking
