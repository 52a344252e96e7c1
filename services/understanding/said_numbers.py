"""The numbers that days are told with, in digits and in words, and the days of the Islamic calendar told so."""

from __future__ import annotations

import re
from datetime import date

from hijridate import Gregorian, Hijri

from services.understanding import moment_words as w

_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_HIJRI_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](14\d\d)")
_YEAR_FIRST = re.compile(r"(14\d\d)[-/](\d{1,2})[-/](\d{1,2})")

#: Where what is read ends, and the day; None where nothing is read.
Read = tuple[int, date | None] | None


def past(words: list[str], at: int, skipped: frozenset[str]) -> int:
    """Where the first word stands that is not skipped; the end where all are."""
    while at < len(words) and words[at] in skipped:
        at += 1
    return at


def number_at(words: list[str], at: int) -> tuple[int, int] | None:
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


def of_moon(words: list[str], at: int, today: date) -> Read:
    """A day of the Islamic calendar that begins at a word: "15 رمضان", "20/6/1448"."""
    at = min(past(words, at, w.NUMBER_OF_DAY), len(words) - 1)
    if (match := _HIJRI_DATE.fullmatch(words[at])) is not None:
        return at + 1, _umm_al_qura(int(match[1]), int(match[2]), int(match[3]), today)
    if (match := _YEAR_FIRST.fullmatch(words[at])) is not None:
        return at + 1, _umm_al_qura(int(match[3]), int(match[2]), int(match[1]), today)
    told = number_at(words, at)
    if told is None:
        return None
    end, day = told
    end = past(words, end, w.OF)
    named = w.HIJRI.at(words, end)
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
