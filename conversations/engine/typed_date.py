"""What people type instead of tapping a day or a time: which of those that are free they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.engine.step import Answer
from locales import Localizer
from services.bookings.sessions import DayState, FreeSlot
from services.text.typed_days import said_day
from services.text.typed_times import said_clocks
from storage.records.sessions import Slot

SHORT = 3  # words: an answer to what was asked, where more may be about the subject


def too_short_to_keep(answer: Answer) -> bool:
    """Whether words that are neither a day nor a time were still meant for one: they are not about the subject."""
    return bool(answer.text) and not answer.said.files and len(answer.text.split()) <= SHORT


def typed_day(text: str, days: Sequence[DayState], today: date) -> DayState | None:
    """The day among those shown that was typed. A weekday alone is the first of its name."""
    meant = typed_date(text, [one.session.day for one in days], today)
    return next((one for one in days if one.session.day == meant), None)


def typed_date(text: str, days: Sequence[date], today: date) -> date | None:
    """The same among any days."""
    said = said_day(text.partition("·")[0])  # a button's label says after the dot what is free
    if said is None:
        return None
    found = [day for day in days if said.fits(day, today)]
    return found[0] if len(found) == 1 or (found and said.day is None) else None


def typed_time(t: Localizer, text: str, free: Sequence[FreeSlot]) -> Slot | None:
    """The free time that was typed as "9:15", "0915", "9", "at 9.15 am", "الساعة 9:15"."""
    meant = said_clocks(text)
    return next((one.slot for one in free if one.slot.starts_at.astimezone(t.zone).time() in meant), None)
