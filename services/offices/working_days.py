"""Working days and hours: what a target is counted in, and when nobody is to be disturbed.

A day is worked when its weekday has hours and nothing closes it. What closes or opens it, the strongest
first: the administrators' closures (of one office before those of all), the offices file's closures (likewise), the
public holidays of the `holidays` package. That package knows neither Arafah Day nor compensation days and
forecasts the feasts of the moon, so closures both add to it and overrule it.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from hijridate import Gregorian

from services.offices.offices import Closure, Hours, Offices
from storage.ids import OfficeId
from storage.translations import FALLBACK, Translations

_RAMADAN = 9
# Longer than any office is shut; a search that gets there is looking in a calendar without working days.
_HORIZON = timedelta(days=3 * 366)
_DAYS_KNOWN = 4096  # of all offices: each deadline looks at the same few weeks


@dataclass(frozen=True, slots=True)
class Closed:
    """A day the administrators closed for one office, or for all (`office` None).

    With `works` it is the contrary: a public holiday on which the office works.
    """

    office: OfficeId | None
    day: date
    reason: Translations | None = None
    works: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of an office, before the administrators' closures: as the offices file and the public holidays have it."""

    hours: tuple[datetime, datetime] | None  # of its weekday
    closed: bool


class WorkingCalendar:
    """When each office works. Instants are aware; an office that is gone from the file has the usual hours.

    `closures` are everywhere the administrators' own, as they stand at that moment.
    """

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        # Both grow by a year when asked about one they have not seen.
        self._holidays = {
            "ar": holidays.country_holidays("BH", language="ar"),
            "en": holidays.country_holidays("BH", language="en_US"),
        }
        self._days: dict[tuple[OfficeId, date], _Day] = {}

    def following(self, offices: Offices) -> WorkingCalendar:
        """The same calendar of holidays, for what the offices are by now."""
        other = copy.copy(self)
        other._offices, other._days = offices, {}  # noqa: SLF001 - its own kind
        return other

    # ------------------------------------------------------------------------ days

    def is_working_day(self, office: OfficeId, day: date, closures: Collection[Closed] = ()) -> bool:
        """Whether an office works on a day."""
        return self.hours(office, day, closures) is not None

    def hours(self, office: OfficeId, day: date, closures: Collection[Closed] = ()) -> tuple[datetime, datetime] | None:
        """When an office opens and closes on a day, in its zone; None on a day off."""
        known = self._day(office, day)
        ruling = _administrators_ruling(office, day, closures)
        closed = known.closed if ruling is None else not ruling.works
        return None if closed else known.hours

    def holiday_name(self, day: date) -> Translations | None:
        """The public holiday on a day, in the languages it has a name in. Several on one day are joined by "; "."""
        if day not in self._holidays[FALLBACK]:
            return None
        return Translations({language: str(days.get(day)) for language, days in self._holidays.items()})

    def why_closed(self, office: OfficeId, day: date, closures: Collection[Closed] = ()) -> Translations | None:
        """Why an office is shut on a day: the closure's reason or the holiday's name; None on any other day."""
        ruling = self._ruling(office, day, closures)
        if ruling is None:
            return self.holiday_name(day)
        if ruling.works:
            return None
        if isinstance(ruling, Closure):
            return ruling.reason.translations
        return ruling.reason or self.holiday_name(day)

    def add_working_days(self, office: OfficeId, start: datetime, days: int, closures: Collection[Closed] = ()) -> date:
        """The day that is `days` working days after the day of `start`, which itself does not count.

        With 0 it is the day of `start`, or the next working day after it.
        """
        day = self._local(start).date()
        first = day if days == 0 else day + timedelta(days=1)
        for count, (opens, _) in enumerate(self._working_days_from(office, first, closures), start=1):
            if count >= days:
                return opens.date()
        raise _never_works(office, day)

    def deadline(self, office: OfficeId, start: datetime, days: int, closures: Collection[Closed] = ()) -> datetime:
        """When a target of `days` working days runs out: at the closing hour of the last of them."""
        last = self.hours(office, self.add_working_days(office, start, days, closures), closures)
        assert last is not None  # noqa: S101  it was found by its hours
        return last[1]

    # ------------------------------------------------------------------------ hours

    def working_minutes_between(
        self, office: OfficeId, start: datetime, end: datetime, closures: Collection[Closed] = ()
    ) -> int:
        """Whole minutes of an office's hours from `start` to `end`."""
        start, end = self._local(start), self._local(end)
        worked = timedelta()
        for offset in range((end.date() - start.date()).days + 1):
            hours = self.hours(office, start.date() + timedelta(days=offset), closures)
            if hours:
                worked += max(min(hours[1], end) - max(hours[0], start), timedelta())
        return worked // timedelta(minutes=1)

    def add_working_time(
        self, office: OfficeId, start: datetime, time_: timedelta, closures: Collection[Closed] = ()
    ) -> datetime:
        """The moment by which an office has worked for so long since `start`."""
        local = self._local(start)
        if time_ <= timedelta():
            return local
        for opens, closes in self._working_days_from(office, local.date(), closures):
            begins = max(opens, local)
            if begins < closes:
                if time_ <= closes - begins:
                    return begins + time_
                time_ -= closes - begins
        raise _never_works(office, local.date())

    def next_working_moment(self, office: OfficeId, instant: datetime, closures: Collection[Closed] = ()) -> datetime:
        """`instant` itself in an office's hours, else the next time it opens: alerts wait for it."""
        local = self._local(instant)
        for opens, closes in self._working_days_from(office, local.date(), closures):
            if local < closes:
                return max(opens, local)
        raise _never_works(office, local.date())

    # ------------------------------------------------------------------------ inside

    def _working_days_from(
        self, office: OfficeId, first: date, closures: Collection[Closed]
    ) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(_HORIZON.days):
            hours = self.hours(office, first + timedelta(days=offset), closures)
            if hours:
                yield hours

    def _usual_hours(self, office: OfficeId) -> Hours:
        found = self._offices.get(office)
        return found.hours if found else self._offices.hours

    def _day(self, office: OfficeId, day: date) -> _Day:
        known = self._days.get((office, day))
        if known is None:
            if len(self._days) >= _DAYS_KNOWN:
                self._days.clear()
            known = self._days[office, day] = self._looked_up(office, day)
        return known

    def _looked_up(self, office: OfficeId, day: date) -> _Day:
        usual = self._usual_hours(office).on(day.weekday(), ramadan=is_ramadan(day))
        hours = None if usual is None else (self._at(day, usual.opens), self._at(day, usual.closes))
        written = self._written(office, day)
        return _Day(hours, closed=not written.works if written else day in self._holidays[FALLBACK])

    def _ruling(self, office: OfficeId, day: date, closures: Collection[Closed]) -> Closed | Closure | None:
        """What the strongest closure says about a day, if any does."""
        return _administrators_ruling(office, day, closures) or self._written(office, day)

    def _written(self, office: OfficeId, day: date) -> Closure | None:
        """What the offices file's strongest closure says about a day, if any does."""
        found = self._offices.get(office)
        written = (*(found.closures if found else ()), *self._offices.closures)
        return next((closure for closure in written if closure.covers(day)), None)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self._offices.zone)

    def _local(self, instant: datetime) -> datetime:
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no time zone")
        return instant.astimezone(self._offices.zone)


def _administrators_ruling(office: OfficeId, day: date, closures: Collection[Closed]) -> Closed | None:
    today = [closed for closed in closures if closed.day == day]
    return next((closed for whom in (office, None) for closed in today if closed.office == whom), None)


@lru_cache(maxsize=2048)  # a deadline looks at the days of weeks
def is_ramadan(day: date) -> bool:
    """Whether a day is in Ramadan by the calendar of Umm al-Qura; False beyond its tables (1924–2077)."""
    try:
        return bool(Gregorian.fromdate(day).to_hijri().month == _RAMADAN)
    except OverflowError:
        return False


def _never_works(office: OfficeId, day: date) -> LookupError:
    return LookupError(f"office {office} has no working day in the {_HORIZON.days} days from {day}")
