"""Until when something is promised, as staff type it: "10/12", "next Sunday", "in 3 weeks", "بعد أسبوعين"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from conversations.engine.typed_date import typed_date
from services.promises.outcomes import FURTHEST
from services.text.normalise import normalise

_IN = r"(?:in|within|after|for|بعد|خلال|في خلال|في غضون|لمده|مده)"  # not a text: typed
_SPAN = re.compile(rf"(?:{_IN}\s+)?(?:(\d{{1,3}})\s*|an? |one )?(\w+)(?: time| from now)?")
_TWO = re.compile(rf"(?:{_IN}\s+)?(?:two|couple of|a couple of) (\w+)")
_MONTHS_END_AR = r"(?:حتي )?(?:نهايه|اخر) (?:هذا )?الشهر"  # not a text: typed
_MONTHS_END = re.compile(rf"(?:by |until )?(?:the )?end of (?:the |this )?month|{_MONTHS_END_AR}")

_DAY_AR = ("يوم", "ايام", "يوما")  # not a text: typed
_WEEK_AR = ("اسبوع", "اسابيع", "اسبوعا")  # not a text: typed
_TWO_DAYS_AR, _TWO_WEEKS_AR = ("يومين", "يومان"), ("اسبوعين", "اسبوعان")  # not a text: typed
_MONTH_AR, _TWO_MONTHS_AR = ("شهر", "اشهر", "شهور", "شهرا"), ("شهرين", "شهران")  # not a text: typed
_DAYS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("day", "days", *_DAY_AR), 1),
        **dict.fromkeys(_TWO_DAYS_AR, 2),
        **dict.fromkeys(("week", "weeks", *_WEEK_AR), 7),
        **dict.fromkeys(("fortnight", *_TWO_WEEKS_AR), 14),
    }
)
_MONTHS: Mapping[str, int] = MappingProxyType(
    {**dict.fromkeys(("month", "months", *_MONTH_AR), 1), **dict.fromkeys(_TWO_MONTHS_AR, 2)}
)


def typed_until(text: str, today: date) -> date | None:
    """The day that was typed, from today to a year ahead; None where it is none of these."""
    plain = normalise(text).strip(" .!،,")
    found = _span(plain, today) or _months_end(plain, today)
    ahead = [today + timedelta(days=days) for days in range(FURTHEST.days)]
    found = found or typed_date(text, ahead, today) or _in_words(plain, ahead, today)
    return found if found is not None and today <= found <= today + FURTHEST else None


def _span(plain: str, today: date) -> date | None:
    """So many days, weeks or months from today."""
    two = _TWO.fullmatch(plain)
    match = _SPAN.fullmatch(plain)
    unit = two[1] if two else match[2] if match else ""
    n = 2 if two else int(match[1] or 1) if match else 0
    if unit in _DAYS:
        return today + timedelta(days=n * _DAYS[unit])
    return months_from(today, n * _MONTHS[unit]) if unit in _MONTHS else None


def _months_end(plain: str, today: date) -> date | None:
    if not _MONTHS_END.fullmatch(plain):
        return None
    return today.replace(day=monthrange(today.year, today.month)[1])


def _in_words(plain: str, ahead: list[date], today: date) -> date | None:
    """The same behind "until" or "by"."""
    rest = re.sub(r"^(?:until|till|by|before|حتي|الي|قبل)\s+", "", plain)  # not a text: typed
    return typed_date(rest, ahead, today) if rest != plain else None


def months_from(today: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(today.month - 1 + months, 12)
    year, month = today.year + year, month + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))
