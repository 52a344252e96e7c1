"""A day as people type it: "25/11", "next Wednesday", "25 Nov 2026", "2026-11-25", "غداً", "الأربعاء ٢٥ نوفمبر".

The words say a part of the day only: a day without a year is the nearest such day, ahead or back as the reader asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache

from services.text.day_words import BESIDE, MONTH, RELATIVE, TURNS, any_of, comparable, months, weekdays

_DAY = timedelta(days=1)
_YEAR, _TWO_MONTHS = 365, 62  # days; two months have every number from 1 to 31 at least once
_YEARS = range(2000, 2100)
_LONGEST = 80  # characters that a day, a moment or a period is told in
_FORMS = (
    r"(?P<year>\d{4})(?P<sign>\s?[-/.]\s?|\s)(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})(?P<sign>\s?[-/.]\s?|\s)(?P<month>\d{1,2})(?:(?P=sign)(?P<year>\d{4}))?",
    r"(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{2})",
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.-]*MONTHS\.?(?:[\s/.-]*(?P<year>\d{4}))?",
    r"MONTHS[\s/.-]*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[\s/.-]+(?P<year>\d{4}))?",
    r"(?P<day>\d{1,2})(?:st|(?<=2)nd|rd|th)?",  # "3nd" is "at" in Arabic as it is typed in Latin letters
)


class Looking(Enum):
    """Where a day lies whose year is not said."""

    AHEAD = 1
    BACK = -1


@dataclass(frozen=True, slots=True)
class SaidDay:
    """What was said of a day; None is what was not."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None  # Monday is 0
    from_today: int | None = None
    turn: int = 0  # 1 is the next such day, -1 the last one

    @property
    def is_number(self) -> bool:
        """Whether nothing was said but a number, which may as well be about something else."""
        return self == SaidDay(day=self.day)

    def fits(self, one: date, today: date) -> bool:
        """Whether a day is such a day."""
        if self.from_today is not None:
            return one == today + self.from_today * _DAY
        return (
            self.day in {None, one.day}
            and self.month in {None, one.month}
            and self.year in {None, one.year}
            and self.weekday in {None, one.weekday()}
            and (self.turn == 0 or self.year is not None or (one > today if self.turn > 0 else one < today))
        )

    def on(self, today: date, looking: Looking) -> date | None:
        """The nearest such day; None where there is none.

        A day and month that were yesterday are not taken for those of next year: somebody mistook the date.
        """
        if self.from_today is not None:
            return today + self.from_today * _DAY
        if self.year is not None:
            return self._dated(today)
        step = self.turn or looking.value
        start = -1 if step > 0 and self.month and not self.turn else 0
        reach = _YEAR if self.month else _TWO_MONTHS
        days = (today + step * ahead * _DAY for ahead in range(start, reach + 1))
        return next((one for one in days if self.fits(one, today)), None)

    def _dated(self, today: date) -> date | None:
        try:
            one = date(self.year or 0, self.month or 0, self.day or 0)
        except ValueError:
            return None
        return one if self.fits(one, today) else None


def read_day(text: str, today: date, looking: Looking = Looking.AHEAD) -> date | None:
    """The day that was typed; None where it is none."""
    said = said_day(text)
    return None if said is None else said.on(today, looking)


def said_day(text: str) -> SaidDay | None:
    """What a text says of a day; None where it says anything else."""
    if len(text) > _LONGEST:
        return None
    plain = comparable(text)
    words = [word for word in plain.split() if word not in BESIDE]
    named = RELATIVE.get(plain, RELATIVE.get(" ".join(words)))
    if named is not None:
        return SaidDay(from_today=named)
    turns = {TURNS[word] for word in words if word in TURNS}
    said = {weekdays()[word] for word in words if word in weekdays()}
    left = " ".join(word for word in words if word not in TURNS and word not in weekdays())
    if len(turns) > 1 or len(said) > 1 or not (said or left):
        return None
    weekday, turn = next(iter(said), None), next(iter(turns), 0)
    if not left:
        return SaidDay(weekday=weekday, turn=turn)
    return next((found for form in _forms() if (found := _of_form(form, left, weekday, turn))), None)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    name = rf"(?:{MONTH}\s)?(?P<name>{any_of(months())})"
    return tuple(re.compile(form.replace("MONTHS", name)) for form in _FORMS)


def _of_form(form: re.Pattern[str], text: str, weekday: int | None, turn: int) -> SaidDay | None:
    match = form.fullmatch(text)
    if match is None:
        return None
    told = match.groupdict()
    name, number, of_year = told.get("name"), told.get("month"), told.get("year")
    day, month = int(match["day"]), months()[name] if name else int(number) if number else None
    year = None if of_year is None else int(of_year) + (2000 if len(of_year) == 2 else 0)
    if not 1 <= day <= 31 or month not in {None, *range(1, 13)} or (year is not None and year not in _YEARS):
        return None
    return SaidDay(day, month, year, weekday, turn=turn)
