"""What a line of a booking's history says: the reason, the former time, or what was added.

A row keeps it as a text whose meaning depends on the kind of the event. It is written by `stored` and read by
`detail_of`, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from storage.records.bookings import BookingEvent, BookingEventKind

E = BookingEventKind


@dataclass(frozen=True, slots=True)
class NoDetail:
    """There is nothing more to say."""

    stored: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Because:
    """Why it was cancelled, in the words of whoever did."""

    reason: str

    @property
    def stored(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class FromTime:
    """When a moved appointment was before."""

    starts_at: datetime

    @property
    def stored(self) -> str:
        return self.starts_at.isoformat()


@dataclass(frozen=True, slots=True)
class Added:
    """What the resident added for the meeting."""

    words: str

    @property
    def stored(self) -> str:
        return self.words


NO_DETAIL = NoDetail()
BookingDetail = NoDetail | Because | FromTime | Added


def detail_of(event: BookingEvent) -> BookingDetail:
    """What an event says beside its kind. Of what was erased nothing is left."""
    text = event.detail
    if not text:
        return NO_DETAIL
    match event.what:
        case E.MOVED:
            return _from_time(text)
        case E.ADDED:
            return Added(text)
        case E.CANCELLED:
            return Because(text)
    return NO_DETAIL


def _from_time(text: str) -> BookingDetail:
    try:
        return FromTime(datetime.fromisoformat(text))
    except ValueError:
        return NO_DETAIL
