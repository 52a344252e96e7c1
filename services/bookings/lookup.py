"""Looking up residents' appointments."""

from __future__ import annotations

from datetime import datetime

from services.bookings.states import LIVE, OPEN
from services.unit_of_work import Work
from storage import bookings as rows
from storage.ids import BookingId, Reference, ResidentId
from storage.records.bookings import Booking, BookingEvent, BookingStatus
from storage.records.files import FileRow
from storage.records.residents import Resident


async def of_resident(work: Work, resident: ResidentId) -> tuple[Booking, ...]:
    """A resident's appointments and places in lines: what is ahead by time, then the past, the latest first.

    Holds that never became an appointment are left out.
    """
    found = [one for one in await rows.of_resident(work.tx, resident) if not _came_to_nothing(one, work.now)]
    ahead = [one for one in found if one.status in LIVE and not has_passed(work, one)]
    past = [one for one in found if one not in ahead]
    return (*sorted(ahead, key=_time), *sorted(past, key=_time, reverse=True))


async def open_of(work: Work, resident: ResidentId) -> tuple[Booking, ...]:
    """The appointments and places in lines that a resident has and that have not passed, by time."""
    found = await of_resident(work, resident)
    return tuple(one for one in found if one.status in OPEN and not has_passed(work, one))


def _came_to_nothing(booking: Booking, now: datetime) -> bool:
    if booking.confirmed_at is not None or booking.waiting_since is not None:
        return False
    lapsed = booking.status is BookingStatus.HELD and booking.deadline is not None and booking.deadline <= now
    return lapsed or booking.status is BookingStatus.EXPIRED


def has_passed(work: Work, booking: Booking) -> bool:
    """Whether its time, or the day of a place in a line, is behind us."""
    return booking.ends_at <= work.now if booking.ends_at else booking.day < work.today


def is_ahead(booking: Booking, now: datetime) -> bool:
    """Whether it has a time that is still to come."""
    return booking.starts_at is not None and booking.starts_at > now


def _time(booking: Booking) -> tuple[str, str, int]:
    return booking.day.isoformat(), booking.starts_at.isoformat() if booking.starts_at else "", booking.id


async def by_reference(work: Work, reference: Reference) -> Booking | None:
    return await rows.by_reference(work.tx, reference)


async def by_id(work: Work, booking: BookingId) -> Booking | None:
    return await rows.by_id(work.tx, booking)


async def own(work: Work, reference: Reference, resident: Resident) -> Booking | None:
    """A resident's own booking. Another's is as unknown as one that does not exist."""
    booking = await rows.by_reference(work.tx, reference)
    return booking if booking is not None and booking.resident_id == resident.id else None


async def history(work: Work, booking: BookingId) -> tuple[BookingEvent, ...]:
    return await rows.events(work.tx, booking)


async def files_of(work: Work, booking: BookingId) -> tuple[FileRow, ...]:
    return await rows.files(work.tx, booking)
