"""The days that are mentioned in a message, "موعد ٢٣ ديسمبر", each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from hijridate import Gregorian, Hijri

from services.text.day_words import BESIDE, RELATIVE, TURNS, months, weekdays
from services.text.typed_days import Looking, SaidDay, said_day
from services.understanding import moment_words as w
from services.understanding.moment_mentions import Mention
from services.understanding.spoken import phrase_at

_LONGEST = 6  # words that a day is said in
_DAY = timedelta(days=1)
_SUNDAY = 6  # Python's number of the day that a week begins with in Bahrain
_FAR, _LATELY = timedelta(days=180), timedelta(days=60)
_TWO_TURNS = 7  # days: what "after next" adds
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_TWO_NUMBERS = re.compile(r"\d{1,2}-\d{1,2}")
_HIJRI_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](14\d\d)")
_ANOTHER = (["موعد", "اخر"], ["موعدا", "اخر"], ["يوم", "اخر"], ["يوما", "اخر"])  # not the last
_DAY_WORD = frozenset({"يوم"})
_ANYBODY = "احد"  # Sunday without its article is also "anybody"

_Read = tuple[int, date | None] | None


def day_mentions(words: list[str], today: date) -> list[Mention[date]]:
    """The days that are mentioned, in their order."""
    week = _week_ahead(words)
    of_week = range(0) if week is None else range(week.start, week.end)
    found: list[Mention[date]] = []
    at = 0
    while at < len(words):
        read = next((one for reader in _READERS if (one := reader(words, at, today)) is not None), None)
        if read is None:
            at += 1
            continue
        end, value = read
        if value is not None and week is not None and _is_weekday_alone(words[at:end]):
            value = _in_week(value, week.weeks, today)
        if at and words[at - 1] in w.NOT_ON and at - 1 not in of_week and words[at - 2] != "week":
            value = None  # "before Thursday"
        far = value is None or value > today + _FAR
        over = value is not None and (value < today or _was_lately(value, today))
        found.append(Mention(at, end, value, weak=far, over=over))
        at = end
    return _dated(words, found)


def _dated(words: list[str], found: list[Mention[date]]) -> list[Mention[date]]:
    """The mentions but for a weekday of which a date says more: "الأربعاء الموافق ٢٣ ديسمبر"."""
    weekdays_alone = [one for one in found if _is_weekday_alone(words[one.start : one.end])]
    dates = {one.value.weekday() for one in found if one.value is not None and one not in weekdays_alone}
    return [one for one in found if one not in weekdays_alone or one.value is None or one.value.weekday() not in dates]


def _was_lately(value: date, today: date) -> bool:
    """Whether a day without a year, read as next year's, was some weeks ago: nobody books a year ahead."""
    return value > today + _FAR and today - value.replace(year=value.year - 1, day=min(value.day, 28)) <= _LATELY


# ---------------------------------------------------------------------------- weeks


class _Week(NamedTuple):
    """The week that a message names, so many ahead, and where it names it."""

    start: int
    end: int
    weeks: int


def _week_ahead(words: list[str]) -> _Week | None:
    for at in range(len(words)):
        if (found := phrase_at(words, at, w.WEEK_AHEAD)) is not None:
            refused = not w.NOT.isdisjoint(words[max(0, at - 1) : at])
            return _Week(at, found[0], found[1] + refused)
    return None


def _is_weekday_alone(words: list[str]) -> bool:
    return all(word in weekdays() or word in BESIDE or word in TURNS for word in words)


def _in_week(weekday_of: date, weeks: int, today: date) -> date:
    """That weekday in the week that is so many weeks ahead; weeks begin on Sunday."""
    sunday = today - ((today.weekday() - _SUNDAY) % 7) * _DAY + weeks * 7 * _DAY
    return sunday + ((weekday_of.weekday() - _SUNDAY) % 7) * _DAY


# ---------------------------------------------------------------------------- the ways of saying a day


def _of_moon(words: list[str], at: int, today: date) -> _Read:
    at = min(_past(words, at, w.NUMBER_OF_DAY), len(words) - 1)
    if (match := _HIJRI_DATE.fullmatch(words[at])) is not None:
        return at + 1, _umm_al_qura(int(match[1]), int(match[2]), int(match[3]), today)
    told = _number(words, at)
    if told is None:
        return None
    end, day = told
    end = _past(words, end, w.OF)
    named = phrase_at(words, end, w.HIJRI)
    if named is None:
        return None
    year = words[named[0]] if named[0] < len(words) and re.fullmatch(r"14\d\d", words[named[0]]) else ""
    return named[0] + bool(year), _umm_al_qura(day, named[1], int(year) if year else None, today)


def _umm_al_qura(day: int, month: int, year: int | None, today: date) -> date | None:
    """The nearest day ahead that the Umm al-Qura calendar calls so."""
    this_year = Gregorian.fromdate(today).to_hijri().year
    for one in (year,) if year else (this_year, this_year + 1):
        try:
            found = date(*Hijri(one, month, day).to_gregorian().datetuple())
        except (ValueError, OverflowError):
            continue
        if year or found >= today:
            return found
    return None


def _nth_weekday(words: list[str], at: int, today: date) -> _Read:
    """Such as "the first Wednesday of December"; of a month that is not named, of this one or the next."""
    after = _past(words, at + 1, _DAY_WORD) + 1
    first, second = words[at], words[after - 1] if after <= len(words) else ""
    if first in weekdays() and second in w.NTH_AFTER:
        name, nth = first, w.NTH_AFTER[second]
    elif second in weekdays() and (first in w.LAST_OF or first in w.FIRST_OF):
        name, nth = second, w.FIRST_OF.get(first, 0)
    else:
        return None
    end = _past(words, after, w.OF)
    of = _month(words, end, today)
    if end == after or of is None:
        return None
    end, begins = of
    if end < len(words) and re.fullmatch(r"20\d\d", words[end]):
        end, begins = end + 1, begins.replace(year=int(words[end]))
    days = [begins + n * _DAY for n in range(31) if (begins + n * _DAY).month == begins.month]
    such = [day for day in days if day.weekday() == weekdays()[name]]
    return end, such[nth - 1] if 0 <= nth <= len(such) else None


def _month(words: list[str], at: int, today: date) -> tuple[int, date] | None:
    """The first day of the month that is named from a word on."""
    if at >= len(words):
        return None
    this = today.replace(day=1)
    following = (this + 31 * _DAY).replace(day=1)
    if (found := phrase_at(words, at, w.NEXT_MONTH)) is not None:
        return found[0], following
    if (found := phrase_at(words, at, w.THIS_MONTH)) is not None:
        return found[0], this
    for length in (2, 1):
        if (number := months().get(" ".join(words[at : at + length]))) is not None:
            return at + length, date(today.year + (number < today.month), number, 1)
    return None


def _of_month(words: list[str], at: int, today: date) -> _Read:
    """A day that is counted in words or whose month is: "twenty third of December", "٥ الشهر الجاي", "23 شهر 12"."""
    start = _past(words, at, w.NUMBER_OF_DAY)
    told = _number(words, start)
    if told is None:
        return None
    end, day = told
    numbered = _past(words, end, w.OF)
    is_numbered = numbered > end and words[numbered - 1] in w.MONTH_OF and numbered < len(words)
    if is_numbered and words[numbered].isdecimal() and 1 <= int(words[numbered]) <= 12:
        return numbered + 1, SaidDay(day=day, month=int(words[numbered])).on(today, Looking.AHEAD)
    of = _month(words, numbered, today)
    if of is not None and not (of[0] < len(words) and re.fullmatch(r"20\d\d", words[of[0]])):
        begins = of[1]
        if begins <= today:  # the month that has begun, by its name or as "this month"
            named = of[0] == numbered + 1 and words[numbered] in months()
            return of[0], SaidDay(day, begins.month if named else None).on(today, Looking.AHEAD)
        return of[0], SaidDay(day, begins.month, begins.year).on(today, Looking.AHEAD)
    in_words = start > at and not words[start][0].isdecimal() and words[at] not in {"on", "the"}
    return (end, SaidDay(day=day).on(today, Looking.AHEAD)) if in_words else None


def _number(words: list[str], at: int) -> tuple[int, int] | None:
    """A number from 1 to 31 that begins at a word, in digits or in words, and where it ends."""
    if at >= len(words):
        return None
    if (match := _NUMBER.fullmatch(words[at])) is not None:
        return (at + 1, int(match[1])) if 1 <= int(match[1]) <= 31 else None
    following = words[at + 1] if at + 1 < len(words) else ""
    first, _, second = words[at].partition("-")  # "twenty-third"
    if second and first in w.TENS and second in w.UNITS_OF_TENS:
        return at + 1, w.TENS[first] + w.UNITS_OF_TENS[second]
    number = w.DAY_NUMBERS.get(words[at], w.UNITS_OF_TENS.get(words[at]))
    if number is None:
        return None
    if number < 10 and following in w.TENS:
        return at + 2, number + w.TENS[following]
    if number in {20, 30} and following in w.UNITS_OF_TENS and following.isascii():
        return at + 2, number + w.UNITS_OF_TENS[following]
    if number < 10 and following in w.TEENS:
        return at + 2, number + 10
    return at + 1, number


def _days_ahead(words: list[str], at: int, today: date) -> _Read:
    """Such as "in 3 days", "بعد أسبوعين", "two weeks from now"."""
    start = at + (words[at] in w.AFTER)
    if start >= len(words):
        return None
    count = int(words[start]) if re.fullmatch(r"\d{1,2}", words[start]) else w.COUNTED.get(words[start])
    of = start + (count is not None)
    days = w.DAYS_OF.get(words[of]) if of < len(words) else None
    if days is None or (count is None and days == 1):
        return None
    following = words[of + 1] if of + 1 < len(words) else ""
    if days == 1 and (following[:1].isdecimal() or following in weekdays()):
        return None  # "after 11 on the 15th"
    ahead = today + (count or 1) * days * _DAY
    if start > at:
        return of + 1, ahead
    if words[of + 1 : of + 2] != ["from"] or of + 2 >= len(words):
        return None
    if words[of + 2] in w.FROM_NOW:
        return of + 3, ahead
    begins = _named(words, of + 2, today)
    return None if begins is None or begins[1] is None else (begins[0], begins[1] + (ahead - today))


def _named(words: list[str], at: int, today: date) -> _Read:
    """What reads as a day by itself, the longest first."""
    if words[at : at + 3] == ["next", "to", "next"] and (read := _named(words, at + 2, today)) is not None:
        return read[0], None if read[1] is None else read[1] + _TWO_TURNS * _DAY
    if not _may_begin(words[at]) or words[at - 1 : at + 1] in _ANOTHER:
        return None
    for end in range(min(at + _LONGEST, len(words)), at, -1):
        window = words[at:end]
        if not _may_end(window[-1]) or not w.AT.isdisjoint(window):
            continue
        said = said_day(" ".join(window))
        if said is None or not _is_day(words, at, end, said):
            continue
        if said.weekday is not None and said.month is None and said.day is not None and not _is_near(said, today):
            continue  # "Sunday 9" where that is not the 9th
        value = said.on(today, Looking.AHEAD)
        if words[end - 1] in weekdays() and (after := phrase_at(words, end, w.AFTER_NEXT)):
            return after[0], None if value is None else value + _TWO_TURNS * _DAY
        is_over = said.turn < 0 or phrase_at(words, end, w.OVER) is not None
        return end, today - _DAY if is_over else value
    return None


_READERS: tuple[Callable[[list[str], int, date], _Read], ...] = (_of_moon, _nth_weekday, _days_ahead, _of_month, _named)


def _past(words: list[str], at: int, skipped: frozenset[str]) -> int:
    """Where the first word stands that is not skipped; the end where all are."""
    return next((n for n in range(at, len(words)) if words[n] not in skipped), len(words))


def _may_begin(word: str) -> bool:
    return word[0].isdecimal() or word in _first_words() or word in TURNS or word in w.NUMBER_OF_DAY


def _may_end(word: str) -> bool:
    return word not in BESIDE or word in {"st", "nd", "rd", "th"}


@cache
def _first_words() -> frozenset[str]:
    return frozenset({*weekdays(), *(name.partition(" ")[0] for name in (*months(), *RELATIVE))})


def _is_near(said: SaidDay, today: date) -> bool:
    value = said.on(today, Looking.AHEAD)
    return value is not None and value - today <= 31 * _DAY


def _is_day(words: list[str], at: int, end: int, said: SaidDay) -> bool:
    """Whether a window is a day where it stands, and not a number of something else or an hour."""
    window, before = words[at:end], words[at - 1] if at else ""
    after = words[end] if end < len(words) else ""
    if window == [_ANYBODY]:
        return before in w.NUMBER_OF_DAY or after in TURNS
    if said.weekday is not None and said.month is None and said.day is not None and _is_counted(words, at, end):
        return False  # "Wednesday from 9", "before 12 on Wednesday"
    if window[0][0].isdecimal() and (before in w.AT or before in w.NUMBERED):
        return False
    if _TWO_NUMBERS.fullmatch(window[0]) and (before in w.NEAR or before in RELATIVE or before in weekdays()):
        return False  # "tomorrow 9-10"
    if window[-1].isdecimal() and (_is_hour_after(words, end) or after in w.UNITS):
        return False  # the 9 of "Sunday 9 am"
    if said.turn and said.weekday is None and said.month is None:
        return False  # "past 8"
    if said.is_number:
        told = window[0] in w.NUMBER_OF_DAY or _ORDINAL.fullmatch(window[-1]) is not None
        return told and after not in w.UNITS and after not in {"floor", "visit", "request", "day"}
    if len(window) == 1 and _TWO_NUMBERS.fullmatch(window[0]) and _is_hour_after(words, end):
        return False
    return not any(_are_apart(window, n) for n in range(1, len(window) - 1))


def _is_counted(words: list[str], at: int, end: int) -> bool:
    """Whether a word before a number makes an hour of it."""
    return any(words[n][0].isdecimal() and n and words[n - 1] in w.NEAR for n in range(at, end))


def _are_apart(window: list[str], at: int) -> bool:
    """Whether a word stands between two numbers that are no date then: "10 on 6"."""
    return window[at] in BESIDE and window[at - 1].isdecimal() and window[at + 1].isdecimal()


def _is_hour_after(words: list[str], at: int) -> bool:
    """Whether what follows a number makes an hour of it."""
    if at >= len(words):
        return False
    sign = words[at] in w.O_CLOCK or words[at] in w.MINUTES_PAST or words[at] in w.UNLESS
    return sign or phrase_at(words, at, w.HALVES_OF_DAY) is not None
