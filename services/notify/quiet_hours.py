"""When a phone may ring without having been asked: a resident's from 08:00 to 21:00, an office's in its hours.

What somebody has just asked for is answered at any hour.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from services.offices.working_days import Closed
from services.unit_of_work import Work
from storage.ids import OfficeId

MORNING, EVENING = time(8), time(21)
_STAFF_MORNING = time(7, 30)


def is_quiet(work: Work, instant: datetime) -> bool:
    """Whether it is night for residents at `instant`."""
    return by_day(work, instant) != instant


def by_day(work: Work, instant: datetime) -> datetime:
    """`instant`, or the next morning in Bahrain where that is at night."""
    local = instant.astimezone(work.offices.zone)
    if MORNING <= local.time() < EVENING:
        return instant
    return _at(work, local.date() + timedelta(days=local.time() >= EVENING), MORNING)


def office_hours(
    work: Work, office: OfficeId, day: date, closures: Collection[Closed]
) -> tuple[datetime, datetime] | None:
    """From when to when on a day an office's chat may ring; None on a day off."""
    hours = work.calendar.hours(office, day, closures)
    if hours is None:
        return None
    return max(hours[0], _at(work, day, _STAFF_MORNING)), hours[1]


def _at(work: Work, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=work.offices.zone)
