"""Who writes to the municipality, and where their conversation stands."""

from __future__ import annotations

from storage.ids import OfficeId, ResidentId
from storage.records import Instant, Record


class Resident(Record):
    id: ResidentId
    channel: str
    address: str
    name: str
    channel_name: str  # what the channel calls them; `name` may be what they typed
    language: str
    digits: str
    phone: str
    phone_own: bool  # the channel vouched that it is theirs
    office: OfficeId  # "" until they chose one
    consented_at: Instant | None
    reachable: bool
    wants_reminders: bool
    wants_progress: bool
    wants_news: bool
    source: str
    blocked_until: Instant | None
    blocked_reason: str
    created_at: Instant
    seen_at: Instant
    forgotten_at: Instant | None


class ConversationRow(Record):
    """Where a conversation stands. `step`, `saved` and `offered` are JSON that `conversations` reads."""

    resident_id: ResidentId
    step: str
    turn: int
    offered: str
    saved: str
    last_choice: str
    album: str
    keyboard: bool
    updated_at: Instant
    counted_since: Instant | None = None  # what the person sent since then is counted
    counted: int = 0
