"""The hours that are mentioned in a message, "الساعة تسع ونص", each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from services.understanding import hour_words as h
from services.understanding.moment_mentions import Mention
from services.understanding.moment_words import NUMBERED, TEENS, UNITS, UNITS_OF_TENS
from services.understanding.unmeant_words import BUT, CHANGE, FROM, OR

_OPEN = range(6, 21)  # hours in which somebody may be received
_OPENS, _NOON = 7, 12  # an hour without its half of the day is one of 07:00 to 18:59
_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(00|15|20|30|40|45|50)")  # no month has such a number
_RANGE = re.compile(r"(\d{1,2}(?::\d\d)?)-(\d{1,2}(?::\d\d)?)")
_MINUTES_AFTER_DASH = re.compile(r"(\d{1,2})-(30|45)")
_NUMBER = re.compile(r"\d{1,2}")
_WITHOUT_SIGN = re.compile(r"(0?[7-9]|1[0-8])(00|15|30|45)")  # "930", where an hour is expected
#: What makes a count of a number before a day, "for 4 tomorrow"; a bare hour there is one of these.
_COUNTS = frozenset({"for", "of", "with", "we", "حق", "مع", "احنا", "e7na"})
_LIKELY = frozenset({7, 8, 9, 10, 11, 12, 1})
_QUARTERS = frozenset({"00", "15", "30", "45"})
_SHORTEST_HALF = 3  # letters: "م" before a number is none
_TO, _TO_OR_OF = frozenset({"to"}), frozenset({"to", "of"})
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
        end = read.end if _is_moved(words, at) else _end_of_range(words, read)
        found.append(Mention(at, end, read.clock(), weak=not read.sure and end in begins))
        at = end
    return [one for one in found if one.value is not None and one.value.hour in _OPEN]


def _read(words: list[str], at: int) -> _Hour | None:
    """The hour that begins at a word, with its minutes and its half of the day."""
    if words[at] in h.NOON:
        return _Hour(at + 1, _NOON, sure=True, half=_NOON)
    hour = _english_part(words, at) or _plain(words, at)
    if hour is None:
        return None
    return _with_half(words, at, _with_minutes(words, hour))


def _plain(words: list[str], at: int) -> _Hour | None:
    word = words[at]
    for form in (_WRITTEN, _DOTTED):
        if (match := form.fullmatch(word)) is not None:
            return _Hour(at + 1, int(match[1]), int(match[2]), sure=True, digits=word)
    if (match := _MINUTES_AFTER_DASH.fullmatch(word)) is not None:
        return _Hour(at + 1, int(match[1]), int(match[2]), digits=word)
    if (match := _RANGE.fullmatch(word)) is not None:
        hour, _, minute = match[1].partition(":")
        return _Hour(at + 1, int(hour), int(minute or 0), sure=":" in word, digits=word)
    if _NUMBER.fullmatch(word) is not None:
        return _Hour(at + 1, int(word), digits=word)
    if (match := _WITHOUT_SIGN.fullmatch(word)) is not None:
        return _Hour(at + 1, int(match[1]), int(match[2]), digits=word)
    if (long := h.LONG_HOURS.at(words, at)) is not None:
        return _Hour(long[0], long[1], sure=True)
    hour = h.HOURS.get(word)
    if hour is None:
        return None
    told = word in h.ORDINAL_HOURS and not (at and words[at - 1] in h.NO_HOUR_AFTER)
    return _Hour(at + 1, hour, sure=told)


def _english_part(words: list[str], at: int) -> _Hour | None:
    """Such as "half past ten", "quarter to nine", "ten past 8", "half nine", "twenty five past nine"."""
    if words[at : at + 2] == ["twenty", "five"] and words[at + 2 : at + 3] in (["past"], ["to"]):
        past = _english_part(words, at + 1)
        return None if past is None else replace(past, minute=past.minute + (20 if past.minute == 5 else -20))
    part = h.ENGLISH_PARTS.get(words[at], h.PARTS_BEFORE_PAST.get(words[at]))
    if part is None or at + 1 >= len(words):
        return None
    is_half = words[at] == "half"
    at += words[at + 1] in h.MINUTES and at + 2 < len(words)  # "15 minutes past 3"
    to = words[at + 1]
    if words[at] in h.PARTS_BEFORE_PAST and to != "past":
        return None
    is_before = to in (_TO_OR_OF if part == 15 else _TO)
    after = at + 2 if is_before or to in {"past", "after"} else at + 1
    hour = _hour_of(words[after]) if after < len(words) else None
    if after < len(words) and after > at + 1 and words[after] in h.NOON:
        hour = _NOON
    if hour is None:
        return None
    if after == at + 1:
        return _Hour(after + 1, hour, part, sure=True) if is_half else None
    if is_before:
        is_range = part == 10 and hour > part  # from ten to eleven
        return None if is_range else _Hour(after + 1, (hour - 2) % 12 + 1, 60 - part, sure=True)
    return _Hour(after + 1, hour, part, sure=True)


def _hour_of(word: str) -> int | None:
    hour = int(word) if _NUMBER.fullmatch(word) else h.HOURS.get(word)
    return hour if hour is not None and 1 <= hour <= _NOON else None


def _with_minutes(words: list[str], hour: _Hour) -> _Hour:
    """The hour with the minutes that follow it, "ونص", "إلا ربع", "thirty"."""
    end, minute, sure = hour.end, hour.minute, hour.sure
    while end < len(words):
        word, following = words[end], words[end + 1] if end + 1 < len(words) else ""
        if word in _QUARTERS and hour.digits.isdecimal() and words[end - 2 : end - 1] and words[end - 2] in h.AT:
            return _Hour(end + 1, hour.hour, int(word), sure=True, digits=hour.digits)  # "at 9 30"
        if word in h.UNLESS and following in h.MINUTES_LESS:
            return _less(words, end + 2, hour.hour, minute - h.MINUTES_LESS[following])
        if word in h.AND and following in h.ALONE:
            end, minute, sure = end + 2, minute + h.ALONE[following], True
        elif word in h.AND and _are_minutes(words, end + 1) and not minute:
            end, minute, sure = end + 2, int(following), True
        elif word in h.TENS_OF_MINUTES and following in UNITS_OF_TENS and following.isascii() and not minute:
            end, minute, sure = end + 2, h.MINUTES_AFTER[word] + UNITS_OF_TENS[following], True
        elif word in h.MINUTES_PAST and following in TEENS and h.MINUTES_PAST[word] == 5 and not minute:
            end, minute, sure = end + 2, 15, True  # "وخمسة عشر دقيقة"
        elif word in h.MINUTES_PAST:
            end, minute, sure = end + 1, minute + h.MINUTES_PAST[word], True
        elif word in h.MINUTES_AFTER and not minute:
            end, minute, sure = end + 1, h.MINUTES_AFTER[word], True
        elif word in h.MINUTES and minute:
            end += 1
        else:
            break
    return replace(hour, end=end, minute=minute, sure=sure)


def _less(words: list[str], end: int, hour: int, minute: int) -> _Hour:
    """The hour with fewer minutes than it has, "عشر إلا ربع", "عشر ونص إلا خمس"."""
    end += end < len(words) and words[end] in h.MINUTES
    if minute < 0:
        hour, minute = (hour - 2) % _NOON + 1, minute + 60
    return _Hour(end, hour, minute, sure=True)


def _are_minutes(words: list[str], at: int) -> bool:
    """Whether a number is one of minutes: "9 و 45", "9 و 5 دقايق"; not the end of "between 9 and 10"."""
    if not _NUMBER.fullmatch(words[at] if at < len(words) else ""):
        return False
    return words[at] in _QUARTERS - {"00"} or not h.MINUTES.isdisjoint(words[at + 1 : at + 2])


def _with_half(words: list[str], at: int, hour: _Hour) -> _Hour:
    """The hour with its half of the day, said after it; else with the one right before it, "الصبح الساعة ٩"."""
    end, sure, half = hour.end, hour.sure, hour.half
    if end < len(words) and words[end] in h.O_CLOCK:
        end, sure = end + 1, True
    if (told := h.HALVES_OF_DAY.at(words, end)) is not None:
        end, half, sure = told[0], told[1], True
    elif half is None and (before := _half_before(words, at)) is not None:
        half, sure = before, True
    return replace(hour, end=end, sure=sure, half=half)


def _half_before(words: list[str], at: int) -> int | None:
    """The half of the day that is said right before an hour; no greeting."""
    end = at - 1 if at and words[at - 1] in h.AT else at
    word = words[end - 1] if end else ""
    if len(word) < _SHORTEST_HALF or words[max(0, end - 2) : end - 1] == ["good"]:
        return None
    return h.HALVES_OF_DAY.get((word,))


def _is_meant(words: list[str], at: int, hour: _Hour, begins: set[int], ends: set[int]) -> bool:
    """Whether it is an hour where it stands, and not a number of something else."""
    before, after = words[at - 1] if at else "", words[hour.end] if hour.end < len(words) else ""
    if before in NUMBERED or (after in UNITS and hour.end not in begins):
        return False
    if after == "of" and words[hour.end + 1 : hour.end + 2] in (["us"], ["them"], ["you"]):
        return False
    if hour.sure or before in h.AT:
        return True
    if _WITHOUT_SIGN.fullmatch(words[at]):
        return at in ends or (before in h.NEAR and hour.end == len(words))
    if not (_hour_of(words[at]) or _RANGE.fullmatch(words[at])):
        return False
    if before in h.NEAR or at in ends or (before in OR and after in OR) or words[max(0, at - 2) : at] == ["make", "it"]:
        return True
    beside_day = hour.end in begins and _NUMBER.fullmatch(words[at]) and hour.hour in _LIKELY and before not in _COUNTS
    return bool(beside_day) or _first_of_range(words, hour, begins)


def _is_other(words: list[str], at: int, found: list[Mention[time]]) -> bool:
    """Whether a number is the second of two hours, "at 9 or 11", "not at 9 but 11"."""
    joins = words[at - 1] in OR or words[at - 1] in BUT or words[at - 1] == "but"
    return bool(found) and found[-1].end == at - 1 and joins and _hour_of(words[at]) is not None


def _is_moved(words: list[str], at: int) -> bool:
    """Whether an hour is what an appointment is moved from: "change it from 9 to 11"."""
    return not FROM.isdisjoint(words[max(0, at - 2) : at]) and not CHANGE.isdisjoint(words)


def _first_of_range(words: list[str], hour: _Hour, begins: set[int]) -> bool:
    """Whether a bare number is where a range begins whose end is an hour: "9 to 11 am"."""
    if hour.end + 1 >= len(words) or words[hour.end] not in _BETWEEN:
        return False
    end = _read(words, hour.end + 1)
    return end is not None and (end.sure or end.end in begins)


def _end_of_range(words: list[str], first: _Hour) -> int:
    """Where the range ends that an hour begins; else where the hour ends."""
    if first.end + 1 < len(words) and words[first.end] in _BETWEEN:
        start = first.end + 1 + (words[first.end + 1] in h.AT)
        second = _read(words, start) if start < len(words) else None
        if second is not None:
            return second.end
    return first.end
