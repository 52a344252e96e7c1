"""Seats are for residents: whoever cancels or moves again and again can have only what is near, for a while.

The limits are the office's. What staff book and move for people is not limited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from services.bookings.event_details import FromTime, detail_of
from services.unit_of_work import Work
from storage import bookings as rows
from storage import sole_bookings
from storage.ids import OfficeId
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

#: Why somebody gave up a seat after the municipality had answered: nobody is held to that.
RELEASED = "answered"
#: A seat given up so shortly before leaves little time for somebody else, and counts twice.
_LATE = timedelta(hours=24)


class Cause(StrEnum):
    """What somebody did again and again."""

    CANCELLED = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class Slowed:
    """Only times before `before` can be had, until `until`."""

    before: datetime
    until: datetime
    cause: Cause = Cause.CANCELLED


@dataclass(frozen=True, slots=True)
class _GivenUp:
    """A seat was given up, and when; `weight` is how much it counts."""

    at: datetime
    weight: int


async def slowed(work: Work, resident: Resident, office: OfficeId) -> Slowed | None:
    """Whether a resident is slowed down at an office, by what they cancelled and moved there."""
    known = work.offices.get(office)
    if known is None:
        return None
    limits, lasts = known.fair_use, timedelta(days=known.fair_use.days)
    since, before = work.now - lasts, work.now + timedelta(days=limits.ahead_days)
    found = [one for one in await rows.of_resident(work.tx, resident.id) if one.office == office]
    cancelled = [_given_up(one.updated_at, one.starts_at) for one in found if _counts(one) and one.updated_at > since]
    moved = [
        _given_up(event.at, detail.starts_at if isinstance(detail := detail_of(event), FromTime) else None)
        for event in await sole_bookings.moves(work.tx, resident.id, office, since)
    ]
    ends = (
        (_ends(cancelled, limits.cancellations, lasts), Cause.CANCELLED),
        (_ends(moved, limits.moves, lasts), Cause.MOVED),
    )
    return max(
        (Slowed(before, until, cause) for until, cause in ends if until is not None),
        key=lambda one: one.until,
        default=None,
    )


def _given_up(at: datetime, starts_at: datetime | None) -> _GivenUp:
    late = starts_at is not None and starts_at - at < _LATE
    return _GivenUp(at, 2 if late else 1)


def _ends(given_up: Iterable[_GivenUp], most: int, lasts: timedelta) -> datetime | None:
    """When fewer than `most` will be left of them; None where fewer are left already."""
    by_time = sorted(given_up, key=lambda one: one.at)
    left = sum(one.weight for one in by_time)
    if left < most:
        return None
    for one in by_time:
        left -= one.weight
        if left < most:
            return one.at + lasts
    return None


def _counts(booking: Booking) -> bool:
    """An appointment that the resident cancelled; a place on a waiting list was none, and released is not cancelled."""
    cancelled = booking.status is BookingStatus.CANCELLED_BY_RESIDENT and booking.confirmed_at is not None
    return cancelled and booking.reason != RELEASED
