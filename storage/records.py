"""The rows, as the rest of the program sees them: frozen, typed, validated on the way out."""

from __future__ import annotations

from datetime import UTC, date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Json

from storage.database import Row
from storage.ids import (
    BookingId,
    CaseId,
    CategoryId,
    FileId,
    LaneId,
    OfficeId,
    Reference,
    ResidentId,
    SessionId,
    SlotId,
)

Instant = Annotated[AwareDatetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


class Record(BaseModel):
    """A row. Columns a record does not name are ignored, so a statement may select more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls.model_validate(row)

    @classmethod
    def maybe(cls, row: Row | None) -> Self | None:
        return None if row is None else cls.model_validate(row)


# ---------------------------------------------------------------------------- people


class Resident(Record):
    id: ResidentId
    channel: str
    address: str
    name: str
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
    barred_until: Instant | None
    barred_reason: str
    created_at: Instant
    seen_at: Instant
    forgotten_at: Instant | None


class ConversationRow(Record):
    """Where a conversation stands. `step`, `parked` and `offered` are JSON that `conversations` reads."""

    resident_id: ResidentId
    step: str
    turn: int
    offered: str
    parked: str
    last_choice: str
    album: str
    keyboard: bool
    updated_at: Instant


# ---------------------------------------------------------------------------- Customer Day


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
    closed_reason_ar: str
    closed_reason_en: str
    nonce: str


class Slot(Record):
    id: SlotId
    session_id: SessionId
    starts_at: Instant
    ends_at: Instant
    capacity: int
    released_at: Instant


class BookingStatus(StrEnum):
    HELD = "held"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED_BY_RESIDENT = "cancelled_by_resident"
    CANCELLED_BY_MUNICIPALITY = "cancelled_by_municipality"
    EXPIRED = "expired"


class Need(StrEnum):
    """What the municipality should prepare for a visitor."""

    WHEELCHAIR = "wheelchair"
    SIGN_LANGUAGE = "sign_language"
    INTERPRETER = "interpreter"
    OTHER = "other"


class Booking(Record):
    """A seat held, confirmed, offered or waited for. `starts_at` and `ends_at` are the slot's, where there is one."""

    id: BookingId
    reference: Reference
    office: OfficeId
    session_id: SessionId
    slot_id: SlotId | None
    seat: int | None
    resident_id: ResidentId
    status: BookingStatus
    version: int  # grows with each change a calendar must see
    topic: str
    words: str
    companions: int
    needs: Json[tuple[Need, ...]]
    name: str
    phone: str
    project: str
    registration: str
    reason: str
    source: str
    deadline: Instant | None
    waiting_since: Instant | None
    moving_to: SlotId | None
    created_at: Instant
    updated_at: Instant
    confirmed_at: Instant | None
    day: date  # of the session
    starts_at: Instant | None
    ends_at: Instant | None


# ---------------------------------------------------------------------------- cases


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OBSERVATION = "observation"
    SERVICE_REQUEST = "service_request"


class CaseStatus(StrEnum):
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    IN_PROGRESS = "in_progress"
    AWAITING_RESIDENT = "awaiting_resident"
    REFERRED = "referred"
    OUTSIDE_REMIT = "outside_remit"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class Outcome(StrEnum):
    """How a case ended, as the resident saw it."""

    NONE = ""
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    UNCONFIRMED = "unconfirmed"


class Case(Record):
    id: CaseId
    reference: Reference
    kind: CaseKind
    category: CategoryId
    office: OfficeId
    resident_id: ResidentId
    status: CaseStatus
    version: int
    words: str
    block: int | None
    road: str
    building: str
    latitude: float | None
    longitude: float | None
    anonymous: bool
    name: str
    phone: str
    project: str
    registration: str
    owner: str
    referred_to: str
    external_reference: str
    duplicate_of: CaseId | None
    priority: int
    outcome: Outcome
    round: int  # how often it was resolved
    source: str
    created_at: Instant
    updated_at: Instant
    answered_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    triage_due: Instant
    update_due: Instant
    close_due: Instant
    paused_at: Instant | None


class CaseEvent(Record):
    """One line of a case's history. Only `public` ones are the resident's to see."""

    id: int
    case_id: CaseId
    at: Instant
    actor: str
    what: str
    public: bool
    words: str
    detail: str


# ---------------------------------------------------------------------------- files


class FileStatus(StrEnum):
    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"
    GONE = "gone"


class FileRow(Record):
    """A file a person sent. `sha256` names its content once it is stored."""

    id: FileId
    resident_id: ResidentId | None
    channel: str
    remote_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    status: FileStatus
    sha256: str
    reason: str
    attempts: int
    created_at: Instant


# ---------------------------------------------------------------------------- messages owed


class OutboxKind(StrEnum):
    MESSAGE = "message"  # a rendered conversations.messages.Outgoing
    NOTICE = "notice"  # a services.notices.Notice, put into words when it is sent


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


class OutboxRow(Record):
    id: int
    channel: str
    chat: str
    kind: OutboxKind
    payload: str
    urgency: int
    subject: str
    supersedes: str | None
    resident_id: ResidentId | None
    not_before: Instant
    expires_at: Instant | None
    attempts: int
