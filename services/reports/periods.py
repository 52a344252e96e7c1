"""The stretches of days that a report is about. A week begins on Sunday, as the offices' does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.text import typed_periods as calendar

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
#: No report is about more: beyond it, two are asked for.
LONGEST = timedelta(days=2 * 366)
#: Days that one statement reads at most.
_STRETCH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not self.first <= self.last < self.first + LONGEST:
            raise ValueError(f"no period of a report: {self.first} to {self.last}")

    def start(self, zone: ZoneInfo) -> datetime:
        return midnight(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The moment after it."""
        return midnight(self.last + _DAY, zone)

    def weeks(self) -> tuple[date, ...]:
        """The Sundays with which its weeks begin; the first may lie before it."""
        sunday = week_of(self.first).first
        return tuple(sunday + number * _WEEK for number in range((self.last - sunday).days // 7 + 1))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def stretches(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A span in parts, none longer than one statement is to read."""
    while start < end:
        until = min(start + _STRETCH, end)
        yield start, until
        start = until


class Named(StrEnum):
    """Periods that have a name on every day. The values are what may be typed after a command."""

    THIS_WEEK = "this-week"
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_QUARTER = "this-quarter"
    LAST_QUARTER = "last-quarter"
    THIS_YEAR = "this-year"
    LAST_YEAR = "last-year"


def named(which: Named, today: date) -> Period:
    """The period of a name, as it is called today; one that is under way is whole."""
    span, _, unit = which.partition("-")
    current = _AROUND[unit](today)
    return current if span == "this" else _AROUND[unit](current.first - _DAY)


def week_of(day: date) -> Period:
    return Period(*calendar.week_of(day))


def month_of(day: date) -> Period:
    return Period(*calendar.month_of(day))


def quarter_of(day: date) -> Period:
    return Period(*calendar.quarter_of(day))


def year_of(day: date) -> Period:
    return Period(*calendar.year_of(day))


_AROUND = {"week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}
