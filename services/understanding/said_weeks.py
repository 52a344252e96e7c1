"""The week that a message names, "الأسبوع الجاي", and which weekday is meant of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from services.text.day_words import BESIDE, TURNS, weekdays
from services.understanding import moment_words as w
from services.understanding.unmeant_words import NOT

_DAY = timedelta(days=1)
_SUNDAY = 6  # Python's number of the day that a week begins with in Bahrain
_WEEKEND = (4, 5)  # Friday and Saturday: "this week" is the one that begins then


class Week(NamedTuple):
    """The week that a message means, so many ahead, and the words that name weeks."""

    weeks: int
    places: frozenset[int]


def week_ahead(words: list[str], today: date) -> Week | None:
    """The week that is meant: the last that is named, or the one after what is refused; None where none is named."""
    weeks: int | None = None
    last = 0
    places = set[int]()
    for at in range(len(words)):
        if at in places or (told := w.WEEK_AHEAD.at(words, at)) is None:
            continue
        named = max(told[1], today.weekday() in _WEEKEND)
        if weeks is not None and w.WEEK_AFTER.at(words, at) is not None:
            named = last + 1  # "this week I cannot, the week after"
        is_refused = at > 0 and words[at - 1] in NOT
        if weeks is None or told[1] > 0:  # "the week after next, this week I am away"
            weeks = named + is_refused
        last = named
        places.update(range(at, told[0]))
    return None if weeks is None else Week(weeks, frozenset(places))


def is_weekday_alone(words: list[str]) -> bool:
    """Whether words name a weekday and nothing that tells which."""
    return all(word in weekdays() or word in BESIDE or word in TURNS for word in words)


def in_week(weekday_of: date, weeks: int, today: date) -> date:
    """That weekday in the week that is so many weeks ahead; weeks begin on Sunday."""
    sunday = today - ((today.weekday() - _SUNDAY) % 7) * _DAY + weeks * 7 * _DAY
    return sunday + ((weekday_of.weekday() - _SUNDAY) % 7) * _DAY
