"""Customer Day: a day of an office, and its slots."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from storage.ids import LaneId, OfficeId, SessionId, SlotId
from storage.records import Instant, Record
from storage.translations import Translations


class SessionStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Session(Record):
    """One office's Customer Day on one day, in one lane."""

    id: SessionId
    office: OfficeId
    lane: LaneId
    day: date
    opens_at: Instant
    closes_at: Instant
    lead_hours: int
    status: SessionStatus
    closed_reason: Translations
    nonce: str
    by_hand: bool = False  # staff opened or changed it: the weekly rules leave it as it is


class Slot(Record):
    id: SlotId
    session_id: SessionId
    starts_at: Instant
    ends_at: Instant
    capacity: int  # 0: no longer given
    released_at: Instant
    bookable_until: Instant  # the start less the lead time
