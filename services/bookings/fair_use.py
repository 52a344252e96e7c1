"""Seats are for residents: whoever books and cancels again and again can book only what is near, for a while.

The limits are the office's. What staff book for callers, and appointments that are moved, are not limited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.unit_of_work import Work
from storage import bookings as rows
from storage.ids import OfficeId
from storage.records import Booking, BookingStatus, Resident

#: Why somebody gave up a seat after the municipality had answered: nobody is held to that.
RELEASED = "answered"
#: A cancellation so shortly before leaves little time for somebody else, and counts twice.
_LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Slowed:
    """Only times before `before` can be booked, until `until`."""

    before: datetime
    until: datetime


async def slowed(work: Work, resident: Resident, office: OfficeId) -> Slowed | None:
    """Whether a resident is slowed down at an office, by what they cancelled there."""
    known = work.offices.get(office)
    if known is None:
        return None
    limits, lasts = known.fair_use, timedelta(days=known.fair_use.days)
    found = [one for one in await rows.of_resident(work.tx, resident.id) if one.office == office]
    cancelled = sorted(
        (one for one in found if _counts(one) and one.updated_at > work.now - lasts), key=lambda one: one.updated_at
    )
    left = sum(map(_weight, cancelled))
    if left < limits.cancellations:
        return None
    for one in cancelled:
        left -= _weight(one)
        if left < limits.cancellations:
            return Slowed(work.now + timedelta(days=limits.ahead_days), one.updated_at + lasts)
    return None


def _counts(booking: Booking) -> bool:
    """An appointment that the resident cancelled; a place on a waiting list was none, and released is not cancelled."""
    cancelled = booking.status is BookingStatus.CANCELLED_BY_RESIDENT and booking.confirmed_at is not None
    return cancelled and booking.reason != RELEASED


def _weight(booking: Booking) -> int:
    late = booking.starts_at is not None and booking.starts_at - booking.updated_at < _LATE
    return 2 if late else 1
