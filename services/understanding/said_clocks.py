"""The hours that are mentioned in a message, "الساعة تسع ونص", each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from services.understanding import moment_words as w
from services.understanding.moment_mentions import Mention
from services.understanding.spoken import phrase_at

_OPEN = range(6, 21)  # hours in which somebody may be received
_OPENS, _NOON = 7, 12  # an hour without its half of the day is one of 07:00 to 18:59
_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(00|15|20|30|40|45|50)")  # no month has such a number
_RANGE = re.compile(r"(\d{1,2}(?::\d\d)?)-(\d{1,2}(?::\d\d)?)")
_NUMBER = re.compile(r"\d{1,2}")
#: What makes a count of a number before a day, "for 4 tomorrow"; a bare hour there is one of these.
_COUNTS = frozenset({"for", "of", "with", "we", "حق", "مع", "احنا", "e7na"})
_LIKELY = frozenset({7, 8, 9, 10, 11, 12, 1})
_QUARTERS = frozenset({"00", "15", "30", "45"})
_BETWEEN = frozenset({"-", "to", "till", "until", "and", "&", "w", "الي", "لين", "حتي", "لغايه", "و", "ل"})


@dataclass(frozen=True, slots=True)
class _Hour:
    """An hour as far as it is read: what it says, where it ends, and whether it can be nothing else."""

    end: int
    hour: int
    minute: int = 0
    sure: bool = False
    half: int | None = None  # of the day: 0 in the morning, 12 in the evening
    digits: str = ""

    def clock(self) -> time | None:
        """The time; None where no clock shows it."""
        hour = self.hour
        if self.half is not None and hour <= _NOON:
            hour = hour % _NOON + self.half
        elif not self.digits.startswith("0") and hour < _OPENS:
            hour += _NOON
        return time(hour, self.minute) if hour < 24 and self.minute < 60 else None


def clock_mentions(words: list[str], days: Sequence[Mention[date]]) -> list[Mention[time]]:
    """The hours that are mentioned, in their order; of "between 9 and 10" the first."""
    taken = {at for day in days for at in range(day.start, day.end)}
    begins, ends = {day.start for day in days}, {day.end for day in days}
    found: list[Mention[time]] = []
    at = 0
    while at < len(words):
        read = None if at in taken else _read(words, at)
        if (
            read is None
            or not taken.isdisjoint(range(at, read.end))
            or not (_is_meant(words, at, read, begins, ends) or _is_other(words, at, found))
        ):
            at += 1
            continue
        end = _end_of_range(words, read)
        found.append(Mention(at, end, read.clock(), weak=not read.sure and end in begins))
        at = end
    return [one for one in found if one.value is not None and one.value.hour in _OPEN]


def _read(words: list[str], at: int) -> _Hour | None:
    """The hour that begins at a word, with its minutes and its half of the day."""
    if words[at] in w.NOON:
        return _Hour(at + 1, _NOON, sure=True, half=_NOON)
    hour = _english_part(words, at) or _plain(words, at)
    if hour is None:
        return None
    hour = _with_minutes(words, hour)
    return _with_half(words, hour)


def _plain(words: list[str], at: int) -> _Hour | None:
    word = words[at]
    for form in (_WRITTEN, _DOTTED):
        if (match := form.fullmatch(word)) is not None:
            return _Hour(at + 1, int(match[1]), int(match[2]), sure=True, digits=word)
    if (match := _RANGE.fullmatch(word)) is not None:
        hour, _, minute = match[1].partition(":")
        return _Hour(at + 1, int(hour), int(minute or 0), sure=":" in word, digits=word)
    if _NUMBER.fullmatch(word) is not None:
        return _Hour(at + 1, int(word), digits=word)
    if (long := phrase_at(words, at, w.LONG_HOURS)) is not None:
        return _Hour(long[0], long[1], sure=True)
    hour = w.HOURS.get(word)
    if hour is None:
        return None
    told = word in w.ORDINAL_HOURS and not (at and words[at - 1] in w.NO_HOUR_AFTER)
    return _Hour(at + 1, hour, sure=told)


def _english_part(words: list[str], at: int) -> _Hour | None:
    """Such as "half past ten", "quarter to nine", "ten past 8", "half nine"."""
    part = w.ENGLISH_PARTS.get(words[at])
    if part is None or at + 1 >= len(words):
        return None
    to = words[at + 1]
    after = at + 2 if to in {"past", "to", "after"} else at + 1
    hour = _hour_of(words[after]) if after < len(words) else None
    if hour is None:
        return None
    if after == at + 1:
        return _Hour(after + 1, hour, part, sure=True) if words[at] == "half" else None
    if to == "to":
        is_range = part < 15 and hour > part  # from ten to eleven
        return None if is_range else _Hour(after + 1, (hour - 2) % 12 + 1, 60 - part, sure=True)
    return _Hour(after + 1, hour, part, sure=True)


def _hour_of(word: str) -> int | None:
    hour = int(word) if _NUMBER.fullmatch(word) else w.HOURS.get(word)
    return hour if hour is not None and 1 <= hour <= _NOON else None


def _with_minutes(words: list[str], hour: _Hour) -> _Hour:
    """The hour with the minutes that follow it, "ونص", "إلا ربع", "thirty"."""
    end, minute, sure = hour.end, hour.minute, hour.sure
    while end < len(words):
        word, following = words[end], words[end + 1] if end + 1 < len(words) else ""
        if word in _QUARTERS and hour.digits.isdecimal() and words[end - 2 : end - 1] and words[end - 2] in w.AT:
            return _Hour(end + 1, hour.hour, int(word), sure=True, digits=hour.digits)  # "at 9 30"
        if word in w.UNLESS and following in w.MINUTES_LESS:
            less = (hour.hour - 2) % 12 + 1
            return _Hour(end + 2, less, 60 - w.MINUTES_LESS[following], sure=True)
        if word in w.AND and following in w.ALONE:
            end, minute, sure = end + 2, minute + w.ALONE[following], True
        elif word in w.MINUTES_PAST:
            end, minute, sure = end + 1, minute + w.MINUTES_PAST[word], True
        elif word in w.MINUTES_AFTER and not minute:
            end, minute, sure = end + 1, w.MINUTES_AFTER[word], True
        elif word in {"دقيقه", "دقايق", "دقائق"} and minute:
            end += 1
        else:
            break
    return replace(hour, end=end, minute=minute, sure=sure)


def _with_half(words: list[str], hour: _Hour) -> _Hour:
    """The hour with its half of the day, said after it."""
    end, sure, half = hour.end, hour.sure, hour.half
    if end < len(words) and words[end] in w.O_CLOCK:
        end, sure = end + 1, True
    if (told := phrase_at(words, end, w.HALVES_OF_DAY)) is not None:
        end, half, sure = told[0], told[1], True
    return replace(hour, end=end, sure=sure, half=half)


def _is_meant(words: list[str], at: int, hour: _Hour, begins: set[int], ends: set[int]) -> bool:
    """Whether it is an hour where it stands, and not a number of something else."""
    before, after = words[at - 1] if at else "", words[hour.end] if hour.end < len(words) else ""
    if before in w.NUMBERED or (after in w.UNITS and hour.end not in begins):
        return False
    if hour.sure or before in w.AT:
        return True
    if not (_hour_of(words[at]) or _RANGE.fullmatch(words[at])):
        return False
    if before in w.NEAR or at in ends or (before in w.OR and after in w.OR):
        return True
    beside_day = hour.end in begins and _NUMBER.fullmatch(words[at]) and hour.hour in _LIKELY and before not in _COUNTS
    return bool(beside_day) or _first_of_range(words, hour)


def _is_other(words: list[str], at: int, found: list[Mention[time]]) -> bool:
    """Whether a number is the second of two hours, "at 9 or 11"."""
    return bool(found) and found[-1].end == at - 1 and words[at - 1] in w.OR and _hour_of(words[at]) is not None


def _first_of_range(words: list[str], hour: _Hour) -> bool:
    """Whether a bare number is where a range begins whose end is an hour: "9 to 11 am"."""
    if hour.end + 1 >= len(words) or words[hour.end] not in _BETWEEN:
        return False
    end = _read(words, hour.end + 1)
    return end is not None and end.sure


def _end_of_range(words: list[str], first: _Hour) -> int:
    """Where the range ends that an hour begins; else where the hour ends."""
    if first.end + 1 < len(words) and words[first.end] in _BETWEEN:
        second = _read(words, first.end + 1)
        if second is not None:
            return second.end
    return first.end
