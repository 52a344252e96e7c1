"""A seat is for a resident: each person, and each phone number, has one appointment to come at an office.

Nobody is at two offices at the same hour either: the seat at one of them would stay empty.

It is asked where a seat becomes an appointment. Two who ask at the same moment are told apart by unique indexes
(`one_appointment_of_person`, `one_appointment_of_phone`). Staff may give another one beside it, for a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.unit_of_work import Work
from storage import residents
from storage import sole_bookings as rows
from storage.ids import BookingId, OfficeId, ResidentId
from storage.records.bookings import Booking, BookingStatus


@dataclass(frozen=True, slots=True)
class OneAlready:
    """There is an appointment to come: theirs or another's under their number at the office, or theirs at that hour."""

    booking: Booking


async def standing(
    work: Work, office: OfficeId, resident: ResidentId, phone: str, but: BookingId | None = None
) -> Booking | None:
    """The upcoming appointment of a person, or of a phone number, at an office. Ones that are over no longer count."""
    found = []
    for one in await rows.of(work.tx, office, resident, phone):
        if one.id == but:
            continue
        if _is_over(work, one):
            rows.let_go(work.tx, one.id)
        else:
            found.append(one)
    return min(found, key=lambda one: (one.resident_id != resident, one.id), default=None)


def _is_over(work: Work, booking: Booking) -> bool:
    """Its day has passed, or its time without anybody having come."""
    missed = booking.status is BookingStatus.CONFIRMED and booking.ends_at is not None and booking.ends_at <= work.now
    return missed or booking.day < work.today


async def elsewhere(
    work: Work, office: OfficeId, resident: ResidentId, starts: datetime | None, ends: datetime | None
) -> Booking | None:
    """The appointment that a person has at another office in that time."""
    if starts is None or ends is None:
        return None
    return await rows.elsewhere(work.tx, office, resident, starts, ends)


async def lock_person(work: Work, resident: ResidentId) -> None:
    """Of two appointments that are given to one person at once, the second finds the first. Before any session."""
    await residents.lock_person(work.tx, resident)


async def lock_phone(work: Work, phone: str) -> None:
    """Of two who book under one number at once, the second finds the first's. Before any session is locked."""
    if phone:
        await residents.lock_phone(work.tx, phone)
