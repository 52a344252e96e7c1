"""The appointment that is the only one of a person, and of a number, at an office; and how often one was moved."""

from __future__ import annotations

from datetime import datetime

from storage.booking_states import EXPECTED, listed
from storage.database import Transaction
from storage.ids import BookingId, OfficeId, ResidentId
from storage.records.bookings import Booking, BookingEvent

# The indexes of the person and of the phone, each asked for itself.
_SOLE = f"""
SELECT b.*, s.day, t.starts_at, t.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
WHERE b.sole AND b.status IN {listed(EXPECTED)} AND b.office = :office
"""


async def of(tx: Transaction, office: OfficeId, resident: ResidentId, phone: str) -> list[Booking]:
    """Those of a person or a number at an office: two at most."""
    rows = await tx.all(
        f"{_SOLE} AND b.resident_id = :resident UNION {_SOLE} AND b.phone = :phone AND b.phone <> ''",
        office=office,
        resident=resident,
        phone=phone,
    )
    return [Booking.of(row) for row in rows]


_AT_ONCE = f"""
SELECT b.*, s.day, t.starts_at, t.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id JOIN slots t ON t.id = b.slot_id
WHERE b.resident_id = :resident AND b.status IN {listed(EXPECTED)} AND b.office <> :office
    AND t.starts_at < :ends AND t.ends_at > :starts
ORDER BY b.id LIMIT 1
"""


async def elsewhere(
    tx: Transaction, office: OfficeId, resident: ResidentId, starts: datetime, ends: datetime
) -> Booking | None:
    """A person's appointment at another office that overlaps a time."""
    return Booking.maybe(await tx.one(_AT_ONCE, office=office, resident=resident, starts=starts, ends=ends))


def let_go(tx: Transaction, booking: BookingId) -> None:
    """Its time is over, whatever became of it: another may be booked."""
    tx.later("UPDATE bookings SET sole = FALSE WHERE id = :id", id=booking)


async def moves(tx: Transaction, resident: ResidentId, office: OfficeId, since: datetime) -> list[BookingEvent]:
    """Each time that a resident moved an appointment at an office themselves, the earliest first."""
    rows = await tx.all(
        """
        SELECT e.* FROM bookings b JOIN booking_events e ON e.booking_id = b.id
        WHERE b.resident_id = :resident AND b.office = :office
            AND e.what = 'moved' AND e.actor = :actor AND e.at > :since
        ORDER BY e.id
        """,
        resident=resident,
        office=office,
        actor=f"resident:{resident}",
        since=since,
    )
    return [BookingEvent.of(row) for row in rows]
