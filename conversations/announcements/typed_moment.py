"""A day and a time as people type them in one go: "tomorrow 9:30", "2/12 at 10", "الأربعاء الساعة 9"."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import NamedTuple

from conversations.engine.typed_date import typed_clock, typed_date

_AHEAD = 366  # days that can be meant


class Typed(NamedTuple):
    """What was typed of a moment; None is what was not, or was not understood."""

    day: date | None = None
    clock: time | None = None


def typed_moment(text: str, today: date, *, clock_first: bool = False) -> Typed:
    """What was typed. A lone number is a day; with `clock_first` it is a time."""
    day, clock = _day(text, today), typed_clock(text)
    if clock is not None and (clock_first or day is None):
        return Typed(clock=clock)
    if day is not None:
        return Typed(day)
    words = text.split()
    for cut in range(1, len(words)):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        for of_day, of_clock in ((first, second), (second, first)):
            both = Typed(_day(of_day, today), typed_clock(of_clock))
            if both.day is not None and both.clock is not None:
                return both
    return Typed()


def _day(text: str, today: date) -> date | None:
    return typed_date(text, [today + timedelta(days=ahead) for ahead in range(_AHEAD)], today)
