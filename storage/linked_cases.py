"""Which open request an appointment is about."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import BookingId, CaseId
from storage.records.bookings import Booking
from storage.records.cases import Case


def link(tx: Transaction, booking: BookingId, case: CaseId, at: datetime) -> None:
    """Say what an appointment is about, instead of what was said before."""
    tx.later(
        """
        INSERT INTO booking_cases (booking_id, case_id, linked_at) VALUES (:booking, :case, :at)
        ON CONFLICT (booking_id) DO UPDATE SET case_id = excluded.case_id, linked_at = excluded.linked_at
        """,
        booking=booking,
        case=case,
        at=at,
    )


async def unlink(tx: Transaction, booking: BookingId) -> bool:
    """The appointment is about something else; whether it was linked."""
    return await tx.run("DELETE FROM booking_cases WHERE booking_id = :booking", booking=booking) == 1


async def case_of(tx: Transaction, booking: BookingId) -> Case | None:
    sql = "SELECT c.* FROM cases c JOIN booking_cases bc ON bc.case_id = c.id WHERE bc.booking_id = :booking"
    return Case.maybe(await tx.one(sql, booking=booking))


async def confirmed_about(tx: Transaction, case: CaseId, now: datetime) -> Booking | None:
    """The next appointment ahead that is about a request."""
    sql = """
        SELECT b.*, s.day, sl.starts_at, sl.ends_at
        FROM booking_cases bc JOIN bookings b ON b.id = bc.booking_id JOIN sessions s ON s.id = b.session_id
            JOIN slots sl ON sl.id = b.slot_id
        WHERE bc.case_id = :case AND b.status = 'confirmed' AND sl.starts_at > :now
        ORDER BY sl.starts_at LIMIT 1
    """
    return Booking.maybe(await tx.one(sql, case=case, now=now))
