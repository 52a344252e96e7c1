"""Times as people type them: "9:15", "at 2pm", "الساعة ٢ عصراً"; a day and a time in one go; hours such as "9-12"."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from services.text.day_halves import AFTER_NOON, MORNING
from services.text.day_words import comparable
from services.text.normalise import normalise
from services.text.typed_days import Looking, read_day

_MORNING = time(8)
_LONGEST = 80  # characters


def _any(*names: str) -> str:
    return "|".join(sorted({re.escape(normalise(name)) for name in names}, key=len, reverse=True))


_BEFORE = _any(
    "at", "around", "about", "by", "في", "عند", "تمام", "الساعة", "ساعة", "من الساعة", "sa3a", "elsa3a", "alsa3a"
)
_EARLY = rf"a\.?m\.?|{_any(*MORNING)}"
_LATE = rf"p\.?m\.?|{_any(*AFTER_NOON)}"
_CLOCK = rf"(?:(?:{_BEFORE})\s+)*(\d{{1,2}})(?:\s*[:.]?\s*(\d{{2}}))?(?:\s*(?:({_EARLY})|({_LATE})|o.?clock))?"
_ONE = re.compile(_CLOCK)
_BETWEEN = _any("to", "till", "until", "إلى", "الى", "حتى", "لغاية")
_FIRST = _any("from", "من", "between", "بين")
_TWO = re.compile(rf"(?:(?:{_FIRST})\s+)?{_CLOCK}\s*(?:-|\s(?:{_BETWEEN})\s)\s*{_CLOCK}")


class Moment(NamedTuple):
    """What was typed of a moment; None is what was not, or was not understood."""

    day: date | None = None
    clock: time | None = None


def said_clocks(text: str) -> frozenset[time]:
    """The times of a day that what was typed may mean: "9:15" is in the morning or in the evening."""
    match = _ONE.fullmatch(comparable(text)) if len(text) <= _LONGEST else None
    return frozenset() if match is None else _clocks(*match.groups())


def read_clock(text: str) -> time | None:
    """The time that was typed. One that may be of the morning or of the evening is of the day, 08:00 to 19:59."""
    meant = sorted(said_clocks(text))
    return next((one for one in meant if one >= _MORNING), next(iter(meant), None))


def read_moment(text: str, today: date, looking: Looking = Looking.AHEAD, *, clock_first: bool = False) -> Moment:
    """A day, a time or both. A lone number is a day; with `clock_first` it is a time."""
    if len(text) > _LONGEST:
        return Moment()
    day, clock = read_day(text, today, looking), read_clock(text)
    if clock is not None and (clock_first or day is None):
        return Moment(clock=clock)
    if day is not None:
        return Moment(day)
    words = text.split()
    parts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    for of_day, of_clock in (*reversed(parts), *((second, first) for first, second in parts)):
        both = Moment(read_day(of_day, today, looking), read_clock(of_clock))
        if None not in both:
            return both
    return Moment()


def read_hours(text: str) -> tuple[time, time] | None:
    """From when to when on a day, "9-12" or "٩ صباحاً إلى ٢ ظهراً": an hour without its half of the day is of 24."""
    match = _TWO.fullmatch(comparable(text)) if len(text) <= _LONGEST else None
    if match is None:
        return None
    hour, minute, early, late = match.groups()[:4]
    closing = _clocks(*match.groups()[4:])
    opening = _clocks(hour, minute, early, late)
    if not opening or not closing:
        return None
    closes = min(closing)
    opens = min(opening)
    if match[8] and not (early or late):  # "2-4 pm": the half that is said once is of both, where it can be
        opens = max((one for one in opening if one < closes), default=opens)
    return (opens, closes) if opens < closes else None


def _clocks(hour: str, minute: str | None, early: str | None, late: str | None) -> frozenset[time]:
    """The times that an hour may mean: on the clock of 24 hours where it begins with 0 or is past 12."""
    number, minutes = int(hour), int(minute or 0)
    if early:
        meant = {number % 12} if number <= 12 else set[int]()
    elif late:
        meant = {number % 12 + 12}
    else:
        meant = {number} if hour.startswith("0") else {number, number + 12}
    return frozenset(time(one, minutes) for one in meant if one < 24 and minutes < 60)
