"""Days and times as people type them instead of tapping: "25/11", "next Wednesday", "غداً", "at 9:15", "الساعة 9"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import cache

from babel import Locale

from conversations.engine.step import Answer
from locales import Localizer
from services.bookings.sessions import DayState, FreeSlot
from services.text.normalise import normalise
from storage.records import Slot

_MORNING = (8, 0)
SHORT = 3  # words: an answer to what was asked, where more may be about the subject

# What stands beside a day or a time and tells nothing by itself, as `normalise` writes it.
_BESIDE = frozenset({"on", "the", "of", "next", "this", "coming", "please", "day", "at", "st", "nd", "rd", "th"})
_BESIDE_AR = frozenset(["يوم", "في", "القادم", "المقبل", "هذا", "الجاي", "بتاريخ", "تاريخ", "من"])  # not a text: typed
_AHEAD = {"today": 0, "tomorrow": 1, "اليوم": 0, "غدا": 1, "غد": 1, "بكره": 1, "باجر": 1}  # not a text: typed
_AFTER_TOMORROW = re.compile(r"(?:the )?day after tomorrow|بعد (?:غدا?|بكره|باجر)")  # not a text: typed

_BEFORE_CLOCK = r"(?:(?:at|around|about|by|في|عند|تمام|الساعه|ساعه)\s+)*"  # not a text: typed
_HALVES_EN = r"(?P<early>a\.?m\.?|in the morning)|(?P<late>p\.?m\.?)|o.?clock"
_HALVES_AR = r"(?P<early_ar>ص|صباحا|الصبح)|(?P<late_ar>م|مساء?|ظهرا|الظهر|عصرا|العصر)"  # not a text: typed
_CLOCK = re.compile(
    rf"{_BEFORE_CLOCK}(?P<hour>\d{{1,2}})(?:\s*[:.]?\s*(?P<minute>\d{{2}}))?\s*(?:{_HALVES_EN}|{_HALVES_AR})?"
)


def too_short_to_keep(answer: Answer) -> bool:
    """Whether words that are neither a day nor a time were still meant for one: they are not about the subject."""
    return bool(answer.text) and not answer.said.files and len(answer.text.split()) <= SHORT


def _comparable(text: str) -> str:
    """The text as it is compared; empty where it has ² or ①, which are no digits of a day but would be made some."""
    return "" if any(unicodedata.category(one) in {"No", "Nl"} for one in text) else normalise(text)


# ---------------------------------------------------------------------------- days


def typed_day(text: str, days: Sequence[DayState], today: date) -> DayState | None:
    """The day among those shown that was typed. A weekday alone is the first of its name."""
    place = _place_of_day(text, [one.session.day for one in days], today)
    return None if place is None else days[place]


def typed_date(text: str, days: Sequence[date], today: date) -> date | None:
    """The same among any days."""
    place = _place_of_day(text, days, today)
    return None if place is None else days[place]


def _place_of_day(text: str, days: Sequence[date], today: date) -> int | None:
    plain = _comparable(text.partition("·")[0])  # a button's label says after the dot what is free
    if _AFTER_TOMORROW.fullmatch(plain):
        return _on(today + timedelta(days=2), days)
    if ":" in plain or not (words := re.findall(r"\d+|[^\W\d_]+", plain)):
        return None
    words = [word for word in words if word not in _BESIDE and word not in _BESIDE_AR]
    if len(words) == 1 and words[0] in _AHEAD:
        return _on(today + timedelta(days=_AHEAD[words[0]]), days)
    return _named(words, days)


def _on(day: date, days: Sequence[date]) -> int | None:
    return next((place for place, one in enumerate(days) if one == day), None)


def _named(words: Sequence[str], days: Sequence[date]) -> int | None:
    """The day of a number, a month, a year, a weekday: as many of them as were said, in their usual order."""
    weekdays, months = _names()
    numbers = [int(word) for word in words if word.isdigit()]
    weekday = {weekdays[word] for word in words if word in weekdays}
    month = {months[word] for word in words if word in months}
    known = len(numbers) + sum(word in weekdays or word in months for word in words)
    if not words or known < len(words) or not (numbers or weekday):
        return None
    found = [
        place
        for place, day in enumerate(days)
        if (not weekday or weekday == {day.weekday()})
        and (not month or month == {day.month})
        and numbers == _parts(day, named_month=bool(month))[: len(numbers)]
    ]
    return found[0] if len(found) == 1 or (found and not numbers) else None


def _parts(day: date, *, named_month: bool) -> list[int]:
    return [day.day, day.year] if named_month else [day.day, day.month, day.year]


@cache
def _names() -> tuple[dict[str, int], dict[str, int]]:
    """Weekdays (Monday is 0) and months by every name they are shown with, and Arabic ones without their article."""
    weekdays: dict[str, int] = {}
    months: dict[str, int] = {}
    for locale in (Locale.parse("ar"), Locale.parse("en_GB"), Locale.parse("en")):
        for width in ("wide", "abbreviated"):
            for into, names in ((weekdays, locale.days["format"][width]), (months, locale.months["format"][width])):
                for number, name in names.items():
                    into[normalise(name)] = number
                    into[normalise(name).removeprefix("ال")] = number  # not a text: the article
    return weekdays, months


# ---------------------------------------------------------------------------- times


def typed_time(t: Localizer, text: str, free: Sequence[FreeSlot]) -> Slot | None:
    """The free time that was typed as "9:15", "0915", "9", "at 9.15 am", "الساعة 9:15"."""
    meant = _clocks(text)
    return next((one.slot for one in free if _clock_of(t, one.slot) in meant), None)


def typed_clock(text: str) -> time | None:
    """The same as any time of a day. One that may be of the morning or of the evening is of the day, 08:00 to 19:59."""
    meant = sorted(one for one in _clocks(text) if one < (24, 0) and one[1] < 60)
    by_day = next((one for one in meant if one >= _MORNING), None)
    chosen = by_day or next(iter(meant), None)
    return None if chosen is None else time(*chosen)


def _clocks(text: str) -> set[tuple[int, int]]:
    """The hours and minutes that what was typed may mean."""
    match = _CLOCK.fullmatch(_comparable(text).strip(" .!"))
    if match is None:
        return set()
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    early, late = match["early"] or match["early_ar"], match["late"] or match["late_ar"]
    meant = {hour % 12} if early else {hour % 12 + 12} if late else {hour, hour + 12}
    return {(one, minute) for one in meant}


def _clock_of(t: Localizer, slot: Slot) -> tuple[int, int]:
    local = slot.starts_at.astimezone(t.zone)
    return local.hour, local.minute
