"""Days as those who look things up type them: "1/11 15/11", "2026-11-01", "15.11.2026"."""

from __future__ import annotations

import re
from datetime import date

from services.text.normalise import latin_digits, normalise

_ISO = r"\d{4}-\d{1,2}-\d{1,2}"
_COMMON = r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?"
_DAY = re.compile(rf"(?<![\w/.-])(?:{_ISO}|{_COMMON})(?![\w/.])")
_BETWEEN = frozenset(map(normalise, ("-", "–", "to", "until", "from", "إلى", "حتى", "من")))  # not a text: typed


def split_period(text: str, today: date) -> tuple[tuple[date, date] | None, str]:
    """The first and the last day that a text names, and the text without them. One day alone is both."""
    text = latin_digits(text)
    days = [day for found in _DAY.findall(text) if (day := _day(found, today)) is not None]
    if not days:
        return None, text.strip()
    words = [word for word in _DAY.sub(" ", text).split() if normalise(word) not in _BETWEEN]
    return (min(days), max(days)), " ".join(words)


def _day(text: str, today: date) -> date | None:
    """A day; without a year the last such day. None where the calendar has none."""
    numbers = [int(number) for number in re.split(r"[-/.]", text)]
    try:
        if len(numbers) == 3:
            return date(*numbers) if numbers[0] > 31 else date(numbers[2], numbers[1], numbers[0])
        found = date(today.year, numbers[1], numbers[0])
        return found if found <= today else found.replace(year=today.year - 1)
    except ValueError:
        return None
