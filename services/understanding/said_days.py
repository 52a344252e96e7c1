"""The days that are mentioned in a message, "موعد ٢٣ ديسمبر", each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from services.text.day_words import BESIDE, RELATIVE, TURNS, months, weekdays
from services.text.typed_days import Looking, SaidDay, said_day
from services.understanding import hour_words as h
from services.understanding import moment_words as w
from services.understanding.moment_mentions import Mention
from services.understanding.said_numbers import Read, number_at, of_moon, past
from services.understanding.said_weeks import in_week, is_weekday_alone, week_ahead
from services.understanding.unmeant_words import AND, BETWEEN, NOT, OR, UNTIL

_LONGEST = 6  # words that a day is said in
_DAY = timedelta(days=1)
_FAR, _LATELY = timedelta(days=180), timedelta(days=60)
_WEEK = 7  # days; "after next" adds one
_MONTHS = 12
_NEAR_ITS_DAY = 3  # words between a day and "the one after"
_DECIMAL = re.compile(r"\d\.\d")
_ORDINAL_WORD = re.compile(r"(?:th|first|second|third)$")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_TWO_NUMBERS, _SLASHED = re.compile(r"\d{1,2}-\d{1,2}"), re.compile(r"\d{1,2}[-/]\d{1,2}")
_ANOTHER = (["موعد", "اخر"], ["موعدا", "اخر"], ["يوم", "اخر"], ["يوما", "اخر"])  # not the last
_DAY_WORD, _THE = frozenset({"يوم"}), frozenset({"the", "on"})
_TODAY, _WHICH = "اليوم", frozenset({"الذي", "اللي", "الي", "الاول", "نفسه"})
_SAME = frozenset({"نفس", "بنفس"})
_ANYBODY = "احد"  # Sunday without its article is also "anybody"


def day_mentions(words: list[str], today: date) -> list[Mention[date]]:
    """The days that are mentioned, in their order."""
    week = week_ahead(words, today)
    of_week = frozenset[int]() if week is None else week.places
    found: list[Mention[date]] = []
    at = 0
    while at < len(words):
        if not _may_tell_day(words[at]):
            at += 1
            continue
        if at and words[at - 1] in w.ANY and words[at] in weekdays():
            found.append(Mention(at, at + 1, None, weak=True))
            at += 1
            continue
        read = _one_after(words, at, found) or _or_number(words, at, today, found)
        if read is None:
            read = next((one for reader in _READERS if (one := reader(words, at, today)) is not None), None)
        if read is None:
            at += 1
            continue
        end, value = read
        if value is not None and week is not None and is_weekday_alone(words[at:end]):
            value = in_week(value, week.weeks, today)
        if at and words[at - 1] in w.NOT_ON and at - 1 not in of_week:
            value = None  # "before Thursday"
        far = value is None or value > today + _FAR
        over = value is not None and (value < today or _was_lately(value, today))
        found.append(Mention(at, end, value, weak=far, over=over))
        at = end
    return _dated(words, [_not_this(words, one, found) for one in found])


def _not_this(words: list[str], one: Mention[date], found: list[Mention[date]]) -> Mention[date]:
    """A weekday as it is meant where the same one is refused: "next Sunday, not this Sunday"."""
    refused = [other for other in found if other.start and words[other.start - 1] in NOT and other.value == one.value]
    of_week = [words[other.start : other.end] for other in (one, *refused)]
    next_word = words[refused[0].end : refused[0].end + 1] if refused else []
    if one in refused or not refused or one.value is None or not all(map(is_weekday_alone, of_week)):
        return one
    return (
        one
        if next_word and (next_word[0] in h.AT or next_word[0][0].isdecimal())
        else replace(one, value=one.value + _WEEK * _DAY)
    )


def _dated(words: list[str], found: list[Mention[date]]) -> list[Mention[date]]:
    """The mentions but for a weekday of which a date says more: "الأربعاء الموافق ٢٣ ديسمبر"."""
    weekdays_alone = [one for one in found if is_weekday_alone(words[one.start : one.end])]
    dates = {
        one.value.weekday()
        for one in found
        if one.value is not None and one not in weekdays_alone and w.ONE_AFTER.at(words, one.start) is None
    }
    return [one for one in found if one not in weekdays_alone or one.value is None or one.value.weekday() not in dates]


def _was_lately(value: date, today: date) -> bool:
    """Whether a day without a year, read as next year's, was some weeks ago: nobody books a year ahead."""
    return value > today + _FAR and today - value.replace(year=value.year - 1, day=min(value.day, 28)) <= _LATELY


# ---------------------------------------------------------------------------- the ways of saying a day


def _nth_weekday(words: list[str], at: int, today: date) -> Read:
    """Such as "the first Wednesday of December"; of a month that is not named, of this one or the next."""
    at = min(past(words, at, _THE), len(words) - 1)
    after = past(words, at + 1, _DAY_WORD) + 1
    first, second = words[at], words[after - 1] if after <= len(words) else ""
    if first in weekdays() and second in w.NTH_AFTER:
        name, nth = first, w.NTH_AFTER[second]
    elif second in weekdays() and (first in w.LAST_OF or first in w.FIRST_OF):
        name, nth = second, w.FIRST_OF.get(first, 0)
    else:
        return None
    end = past(words, after, w.OF)
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
    if (found := w.NEXT_MONTH.at(words, at)) is not None:
        return found[0], following
    if (found := w.THIS_MONTH.at(words, at)) is not None:
        return found[0], this
    for length in (2, 1) if at + 1 < len(words) else (1,):
        if (number := months().get(" ".join(words[at : at + length]))) is not None:
            return at + length, date(today.year + (number < today.month), number, 1)
    return None


def _of_month(words: list[str], at: int, today: date) -> Read:
    """A day that is counted in words or whose month is: "twenty third of December", "٥ الشهر الجاي", "23 شهر 12"."""
    if words[at] in months():
        return _after_month(words, at, today)
    start = past(words, at, w.NUMBER_OF_DAY)
    told = number_at(words, start)
    if told is None:
        return None
    end, day = told
    end = _end_of_span(words, start, end)
    numbered = past(words, end, w.OF)
    is_numbered = numbered > end and words[numbered - 1] in w.MONTH_OF and numbered < len(words)
    if is_numbered and (month := number_at(words, numbered)) is not None and month[1] <= _MONTHS:
        return month[0], SaidDay(day=day, month=month[1]).on(today, Looking.AHEAD)
    of = _month(words, numbered, today)
    if of is not None and words[start] in w.BEGINNING and words[numbered] not in months():
        return None  # the beginning of next month
    if of is not None and not (of[0] < len(words) and re.fullmatch(r"20\d\d", words[of[0]])):
        begins = of[1]
        if begins <= today:  # the month that has begun, by its name or as "this month"
            named = of[0] == numbered + 1 and words[numbered] in months()
            return of[0], SaidDay(day, begins.month if named else None).on(today, Looking.AHEAD)
        return of[0], SaidDay(day, begins.month, begins.year).on(today, Looking.AHEAD)
    in_words = start > at and not words[start][0].isdecimal()
    if words[at] in _THE:  # the first visit is no day, the twenty-second one is
        in_words = in_words and day > 10 and _ORDINAL_WORD.search(words[end - 1]) is not None
    return (end, SaidDay(day=day).on(today, Looking.AHEAD)) if in_words else None


def _end_of_span(words: list[str], start: int, end: int) -> int:
    """Where the last number of days is told that a month follows, "from 5 to 10 December"; else where the first is."""
    joint = words[end] if end < len(words) else ""
    is_span = joint in UNTIL or (joint in AND and start > 0 and words[start - 1] in BETWEEN)
    last = number_at(words, end + 1) if is_span else None
    if last is None or _month(words, past(words, last[0], w.OF), date.min) is None:
        return end
    return last[0]


def _after_month(words: list[str], at: int, today: date) -> Read:
    """A day in words after its month: "December the twenty second"."""
    start = past(words, at + 1, _THE)
    told = number_at(words, start)
    if told is None or words[start][0].isdecimal():
        return None
    return told[0], SaidDay(told[1], months()[words[at]]).on(today, Looking.AHEAD)


def _days_ahead(words: list[str], at: int, today: date) -> Read:
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
        weekday = past(words, of + 1, w.BEFORE_WEEKDAY)
        if days % _WEEK == 0 and weekday < len(words) and words[weekday] in weekdays():
            return weekday + 1, _nearest(ahead, weekdays()[words[weekday]])
        return of + 1, ahead
    begins_at = words[of + 1 : of + 2]
    if (
        of + 2 >= len(words)
        or begins_at not in (["from"], ["on"])
        or (begins_at == ["on"] and (days % _WEEK or count is None))
    ):
        return None
    if words[of + 2] in w.FROM_NOW:
        return of + 3, ahead
    begins = _named(words, of + 2, today)
    return None if begins is None or begins[1] is None else (begins[0], begins[1] + (ahead - today))


def _nearest(to: date, weekday: int) -> date:
    """The day of a weekday that is nearest to a day."""
    return to + ((weekday - to.weekday() + 3) % _WEEK - 3) * _DAY


def _one_after(words: list[str], at: int, found: list[Mention[date]]) -> Read:
    """What is told by the day before it: "not this Wednesday but the one after", "باجر او عقبه"."""
    if not found or at - found[-1].end > _NEAR_ITS_DAY:
        return None
    if words[at:] == ["after"] and words[at - 1] in OR:
        return len(words), None if found[-1].value is None else found[-1].value + _DAY
    told = w.ONE_AFTER.at(words, at) or w.DAY_AFTER.at(words, at)
    if told is None:
        return None
    end, last = told[0], found[-1]
    if end < len(words) and (words[end] in w.NO_ONE_AFTER or words[end] in weekdays() or _counts(words, end)):
        return None
    of_weekday = is_weekday_alone(words[last.start : last.end])
    step = _WEEK if of_weekday and w.ONE_AFTER.at(words, at) is not None else 1
    if step == 1 and w.DAY_AFTER.at(words, at) is None:
        return None
    return end, None if last.value is None else last.value + step * _DAY


def _counts(words: list[str], at: int) -> bool:
    """Whether "the next" counts something: "the next 3 days"."""
    return words[at - 1] == "next" and words[at][0].isdecimal()


def _or_number(words: list[str], at: int, today: date, found: list[Mention[date]]) -> Read:
    """A second number of a day after "or": "on the 6th or 8th", "يوم ٦ او ٨"."""
    if not found or found[-1].end != at - 1 or words[at - 1] not in OR or not words[at][0].isdecimal():
        return None
    of_first = words[found[-1].start : found[-1].end]
    told = number_at(words, at)
    if told is None or not of_first[-1][0].isdecimal() or _is_hour_after(words, told[0]) or of_first[0] in months():
        return None
    return told[0], SaidDay(day=told[1]).on(today, Looking.AHEAD)


def _named(words: list[str], at: int, today: date) -> Read:
    """What reads as a day by itself, the longest first."""
    for twice in (["next", "to", "next"], ["next", "next"]):
        begin = at + len(twice) - 1
        if words[at : begin + 1] == twice and (read := _named(words, begin, today)) is not None:
            return read[0], None if read[1] is None else read[1] + _WEEK * _DAY
    if not _may_begin(words[at]) or words[at - 1 : at + 1] in _ANOTHER:
        return None
    for end in range(min(at + _LONGEST, len(words)), at, -1):
        window = words[at:end]
        if not _may_end(window[-1]) or not h.AT.isdisjoint(window):
            continue
        said = said_day(" ".join(window))
        if said is None or not _is_day(words, at, end, said):
            continue
        if said.weekday is not None and said.month is None and said.day is not None and not _is_near(said, today):
            continue  # "Sunday 9" where that is not the 9th
        value = said.on(today, Looking.AHEAD)
        if value is None and words[end - 1] in weekdays() and window[0][0].isdecimal():
            continue  # "the fine of 12/10, Sunday at 9": two days
        is_far = value is None or value > today + _FAR
        if is_far and said.weekday is not None and any(map(_SLASHED.fullmatch, window)):
            continue  # the hours of "Tuesday 9-11"
        if words[end - 1] in weekdays() and (after := _after_next(words, at, end)):
            if words[after - 1] in TURNS:  # the next is none of today
                value = replace(said, turn=1).on(today, Looking.AHEAD)
            return after, None if value is None else value + _WEEK * _DAY
        is_over = said.turn < 0 or w.OVER.at(words, end) is not None
        return end, today - _DAY if is_over else value
    return None


def _after_next(words: list[str], at: int, end: int) -> int | None:
    """Where it ends that a weekday is the one after the next; of "not this Wednesday, the one after" it is not that."""
    if words[end : end + 1] == ["after"] and words[end + 1 : end + 2] in ([], ["at"], ["please"]):
        return end + 1
    told = w.AFTER_NEXT.at(words, end)
    is_refused = at > 0 and words[at - 1] in NOT and w.ONE_AFTER.at(words, end) is not None
    return None if told is None or is_refused else told[0]


_READERS: tuple[Callable[[list[str], int, date], Read], ...] = (of_moon, _nth_weekday, _days_ahead, _of_month, _named)


def _may_tell_day(word: str) -> bool:
    """Whether any way of saying a day begins with a word; most words of a message need no closer look."""
    return word[0].isdecimal() or word.partition("-")[0] in _telling()


@cache
def _telling() -> frozenset[str]:
    counted = (w.FIRST_OF, w.COUNTED, w.DAYS_OF, w.DAY_NUMBERS, w.TENS, w.UNITS_OF_TENS)
    others = (TURNS, w.NUMBER_OF_DAY, w.LAST_OF, w.AFTER, _THE)
    by_phrase = (phrase[0] for table in (w.ONE_AFTER, w.DAY_AFTER) for phrase in table)
    return _first_words().union(*counted, *others, by_phrase)


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
    if sum(word in weekdays() for word in window) > 1 or "past" in window[1:]:
        return False  # "Thursday past 10"
    if window == [_ANYBODY]:
        return before in w.NUMBER_OF_DAY or after in TURNS
    if said.weekday is not None and said.month is None and said.day is not None and _is_counted(words, at, end):
        return False  # "Wednesday from 9", "before 12 on Wednesday"
    if window[0][0].isdecimal() and (before in h.AT or before in w.NUMBERED):
        return False
    if _TWO_NUMBERS.fullmatch(window[0]) and (
        before.isdecimal() or before in h.NEAR or before in RELATIVE or before in weekdays()
    ):
        return False  # "tomorrow 9-10"
    if window == [_TODAY] and (after in _WHICH or before in _SAME):
        return False  # "the day that", "the same day": no today
    if _DECIMAL.fullmatch(window[-1]) and after in w.UNITS:
        return False  # "in 2.5 hours"
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
    return any(words[n][0].isdecimal() and n and words[n - 1] in h.NEAR for n in range(at, end))


def _are_apart(window: list[str], at: int) -> bool:
    """Whether a word stands between two numbers that are no date then: "10 on 6"."""
    return window[at] in BESIDE and window[at - 1].isdecimal() and window[at + 1].isdecimal()


def _is_hour_after(words: list[str], at: int) -> bool:
    """Whether what follows a number makes an hour of it."""
    if at >= len(words):
        return False
    if words[at] in h.AND and words[at + 1 : at + 2] and words[at + 1] in h.ALONE:
        return True
    sign = words[at] in h.O_CLOCK or words[at] in h.MINUTES_PAST or words[at] in h.UNLESS
    return sign or h.HALVES_OF_DAY.at(words, at) is not None
