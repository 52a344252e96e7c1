"""A period as people type it: "1-15 Nov", "from 1/11 to 15/11", "last week", "November", "الشهر الماضي".

It is typed alone or beside other words. A day alone is a period too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from services.text.day_words import BESIDE, MONTH, TURNS, any_of, comparable, months
from services.text.normalise import normalise
from services.text.typed_days import Looking, SaidDay, said_day

Days = tuple[date, date]  # the first and the last, in the order in which they were said

_DAY = timedelta(days=1)
_MOST_DAYS = 731
_LONGEST = 80  # characters of a period
_MOST_WORDS, _MOST_OF_TEXT = 9, 60  # words of a period, and of a text in which one is looked for


def week_of(day: date) -> Days:
    """The week around a day. It begins on Sunday, as the offices' does."""
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    return sunday, sunday + 6 * _DAY


def month_of(day: date) -> Days:
    return _months(day.replace(day=1), 1)


def quarter_of(day: date) -> Days:
    return _months(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)


def year_of(day: date) -> Days:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _months(first: date, count: int) -> Days:
    after = first.month - 1 + count
    return first, date(first.year + after // 12, after % 12 + 1, 1) - _DAY


# Four numbers in a row may be two days, or anything else.
_UNTOLD = re.compile(r"\d{1,2}([ -])\d{1,2}\1\d{1,2}\1\d{1,2}")
Around = Callable[[date], Days]
_UNITS: Mapping[str, Around] = {
    normalise(name): around
    for around, names in (
        (week_of, ("week", "الأسبوع", "أسبوع")),
        (month_of, ("month", "الشهر", "شهر")),
        (quarter_of, ("quarter", "الربع", "ربع السنة", "الربع السنوي")),
        (year_of, ("year", "السنة", "سنة", "العام", "عام")),
    )
    for name in names
}
_OF_DAYS = frozenset(map(normalise, ("day", "days", "يوم", "يوما", "أيام", "الأيام")))
_YEAR = re.compile(rf"(?:(?:{'|'.join(map(normalise, ('عام', 'سنة', 'year')))})\s)?(20\d\d)")
_FROM = frozenset(map(normalise, ("from", "between", "من", "بين")))
_TO = frozenset(map(normalise, ("to", "till", "until", "through", "and", "إلى", "الى", "حتى", "لغاية", "و", "-")))


def read_period(text: str, today: date, looking: Looking = Looking.AHEAD) -> Days | None:
    """The first and the last day of the period that was typed; None where it is none."""
    if len(text) > _LONGEST or not (plain := comparable(text)) or _UNTOLD.fullmatch(plain):
        return None
    named = _named(plain, today) or _month_or_year(plain, today, looking)
    if named is not None:
        return named
    said = said_day(plain)
    if said is not None:
        day = said.on(today, looking)
        return None if day is None else (day, day)
    return next((days for pair in _pairs(plain) if (days := _between(*pair, today, looking)) is not None), None)


def split_period(text: str, today: date, looking: Looking = Looking.AHEAD) -> tuple[Days | None, str]:
    """The period that a text names, and the text without it. A number alone is none there.

    Two days that stand apart are the first and the last.
    """
    words = text.split()
    if len(words) > _MOST_OF_TEXT:
        return None, text.strip()
    found, rest = _found(words, today, looking)
    if found is None:
        return None, " ".join(words)
    if found[0] == found[1]:
        other, less = _found(rest, today, looking)
        if other is not None and other[0] == other[1]:
            found, rest = (found[0], other[0]), less
    beside = _FROM | _TO
    return found, " ".join(word for word in rest if comparable(word) not in beside and word not in "-–")


def _found(words: list[str], today: date, looking: Looking) -> tuple[Days | None, list[str]]:
    """The longest part of a text that is a period, the first of several, and the words around it."""
    for length in range(min(len(words), _MOST_WORDS), 0, -1):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            if comparable(part).isdecimal() and len(part) < 4:
                continue
            if (days := read_period(part, today, looking)) is not None:
                return days, words[:start] + words[start + length :]
    return None, words


def _named(plain: str, today: date) -> Days | None:
    """A week, month, quarter or year: this, the last or the next one; or the last or next so many days."""
    words = [word for word in plain.replace("-", " ").split() if word not in {"the", normalise("خلال")}]
    turns = [TURNS[word] for word in words if word in TURNS]
    if len(turns) != 1:
        return None
    rest = [word for word in words if word not in TURNS]
    if (around := _UNITS.get(" ".join(rest))) is not None:
        first, last = around(today)
        return (first, last) if turns == [0] else around(first - _DAY) if turns == [-1] else around(last + _DAY)
    if len(rest) != 2 or turns == [0]:
        return None
    count, unit = sorted(rest, key=lambda word: not word.isdecimal())
    if unit not in _OF_DAYS or not count.isdecimal() or len(count) > 3 or not 0 < int(count) <= _MOST_DAYS:
        return None
    reach = (int(count) - 1) * _DAY
    return (today - reach, today) if turns == [-1] else (today, today + reach)


@cache
def _month() -> re.Pattern[str]:
    return re.compile(rf"(?:{MONTH}\s)?({any_of(months())})(?:[\s/.-]+(20\d\d))?")


def _month_or_year(plain: str, today: date, looking: Looking) -> Days | None:
    if match := _YEAR.fullmatch(plain):
        return year_of(date(int(match[1]), 1, 1))
    match = _month().fullmatch(" ".join(word for word in plain.split() if word not in BESIDE))
    if match is None:
        return None
    month = months()[match[1]]
    if match[2]:
        return month_of(date(int(match[2]), month, 1))
    begins = date(today.year, month, 1)
    if looking is Looking.BACK:
        return month_of(begins if begins <= today else begins.replace(year=today.year - 1))
    return month_of(begins if month >= today.month else begins.replace(year=today.year + 1))


# ---------------------------------------------------------------------------- from one day to another


def _pairs(plain: str) -> Iterator[tuple[SaidDay, SaidDay]]:
    """What may be the first and the last day: with a word between, then side by side, then with a dash."""
    words = plain.split()
    if words[0] in _FROM:
        words = words[1:]
    for at, word in enumerate(words):
        if word in _TO:
            yield from _pair(" ".join(words[:at]), " ".join(words[at + 1 :]))
    for at in range(1, len(words)):
        for pair in _pair(" ".join(words[:at]), " ".join(words[at:])):
            if not (pair[0].is_number or pair[1].is_number):
                yield pair
    text = " ".join(words)
    for dash in re.finditer("-", text):
        yield from _pair(text[: dash.start()], text[dash.end() :])


def _pair(first: str, last: str) -> Iterator[tuple[SaidDay, SaidDay]]:
    """Both days; the month and the year that are said of one of them are of both."""
    opens, closes = said_day(first), said_day(last)
    if opens is None or closes is None:
        return
    if opens.is_number and closes.month:
        opens = replace(opens, month=closes.month, year=closes.year)
    if closes.is_number and opens.month:
        closes = replace(closes, month=opens.month, year=opens.year)
    yield opens, closes


def _between(opens: SaidDay, closes: SaidDay, today: date, looking: Looking) -> Days | None:
    """The days of both. Each is the nearest one, unless the other one's year says otherwise.

    Where they then come out in the wrong order, the one that is nearer stays and the other follows from it, if that is
    the shorter period: "20/11 to 5/12" is of one year, and "15/11 1/11" was said backwards.
    """
    first, last = opens.on(today, looking), closes.on(today, looking)
    if closes.year and not opens.year and last:
        first = opens.on(last, Looking.BACK)
    elif opens.year and not closes.year and first:
        last = closes.on(first, Looking.AHEAD)
    if first is None or last is None:
        return None
    if first <= last:
        return first, last
    if looking is Looking.BACK:
        earlier = opens.on(last, Looking.BACK)
        return (earlier, last) if earlier and last - earlier < first - last else (first, last)
    later = closes.on(first, Looking.AHEAD)
    return (first, later) if later and later >= first and later - first < first - last else (first, last)


# ---------------------------------------------------------------------------- so long from today

_IN = r"(?:in|within|after|for|بعد|خلال|في خلال|في غضون|لمده|مده)"  # not a text: typed
_SPAN = re.compile(rf"(?:{_IN}\s+)?(?:(\d{{1,3}})\s*|an? |one )?(\w+)(?: time| from now)?")
_TWO = re.compile(rf"(?:{_IN}\s+)?(?:two|couple of|a couple of) (\w+)")
_MONTHS_END_AR = r"(?:حتي )?(?:نهايه|اخر) (?:هذا )?الشهر"  # not a text: typed
_MONTHS_END = re.compile(rf"(?:by |until )?(?:the )?end of (?:the |this )?month|{_MONTHS_END_AR}")

_DAYS_AR = ("يوم", "ايام", "يوما")  # not a text: typed
_WEEK_AR = ("اسبوع", "اسابيع", "اسبوعا")  # not a text: typed
_TWO_DAYS_AR, _TWO_WEEKS_AR = ("يومين", "يومان"), ("اسبوعين", "اسبوعان")  # not a text: typed
_MONTH_AR, _TWO_MONTHS_AR = ("شهر", "اشهر", "شهور", "شهرا"), ("شهرين", "شهران")  # not a text: typed
_SPAN_DAYS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("day", "days", *_DAYS_AR), 1),
        **dict.fromkeys(_TWO_DAYS_AR, 2),
        **dict.fromkeys(("week", "weeks", *_WEEK_AR), 7),
        **dict.fromkeys(("fortnight", *_TWO_WEEKS_AR), 14),
    }
)
_SPAN_MONTHS: Mapping[str, int] = MappingProxyType(
    {**dict.fromkeys(("month", "months", *_MONTH_AR), 1), **dict.fromkeys(_TWO_MONTHS_AR, 2)}
)


def read_end(text: str, today: date) -> date | None:
    """The last day of what was typed: of so many days, weeks or months from today, else of a period; None for a day."""
    plain = normalise(text).strip(" .!،,")
    found = _so_long_from(plain, today) or (month_of(today)[1] if _MONTHS_END.fullmatch(plain) else None)
    if found is None and (period := read_period(text, today)) is not None and period[0] != period[1]:
        return period[1]
    return found


def _so_long_from(plain: str, today: date) -> date | None:
    two, match = _TWO.fullmatch(plain), _SPAN.fullmatch(plain)
    unit = two[1] if two else match[2] if match else ""
    n = 2 if two else int(match[1] or 1) if match else 0
    if unit in _SPAN_DAYS:
        return today + n * _SPAN_DAYS[unit] * _DAY
    return _same_day(today, n * _SPAN_MONTHS[unit]) if unit in _SPAN_MONTHS else None


def _same_day(today: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    last = _months(today.replace(day=1), months + 1)[1]
    return last.replace(day=min(today.day, last.day))
