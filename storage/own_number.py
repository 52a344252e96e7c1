"""The number of a request or an appointment, where its resident has another one now."""

from __future__ import annotations

from storage.booking_states import LIVE, listed
from storage.database import Transaction
from storage.ids import BookingId, CaseId, OfficeId, ResidentId

_ANOTHERS = f"""
SELECT 1 FROM bookings
WHERE office = :office AND phone = :phone AND resident_id <> :resident AND status IN {listed(LIVE)}
LIMIT 1
"""


def of_booking(tx: Transaction, booking: BookingId, phone: str) -> None:
    tx.later("UPDATE bookings SET phone = :phone WHERE id = :id", id=booking, phone=phone)


def of_case(tx: Transaction, case: CaseId, phone: str) -> None:
    tx.later("UPDATE cases SET phone = :phone WHERE id = :id", id=case, phone=phone)


async def is_anothers(tx: Transaction, office: OfficeId, phone: str, resident: ResidentId) -> bool:
    """Whether somebody else has an appointment or a place in a line at an office under this number."""
    return await tx.one(_ANOTHERS, office=office, phone=phone, resident=resident) is not None
