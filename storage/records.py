"""The rows, as the rest of the program sees them: frozen, typed, validated on the way out."""

from __future__ import annotations

import json
from datetime import UTC, date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Json

from storage.database import Row
from storage.ids import (
    BookingId,
    CaseId,
    CategoryId,
    ChatId,
    FileId,
    ForumTopicId,
    LaneId,
    MessageId,
    OfficeId,
    Reference,
    ResidentId,
    SessionId,
    SlotId,
)
from storage.translations import Translations

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
    answers: Json[dict[str, str]]  # to further questions, by the name of the field
    reason: str
    source: str
    sole: bool  # the one that its person, and its number, may have at the office
    deadline: Instant | None  # of a hold or an offer
    held_since: Instant | None
    waiting_since: Instant | None
    remind_at: Instant | None  # when the next reminder is due
    created_at: Instant
    updated_at: Instant
    confirmed_at: Instant | None
    day: date  # of the session
    starts_at: Instant | None
    ends_at: Instant | None

    @property
    def needs_json(self) -> str:
        """As the row keeps them."""
        return json.dumps(self.needs)

    @property
    def answers_json(self) -> str:
        """As the row keeps them."""
        return json.dumps(self.answers, ensure_ascii=False)


class BookingEventKind(StrEnum):
    HELD = "held"
    HOLD_RELEASED = "hold_released"
    HOLD_LAPSED = "hold_lapsed"
    CONFIRMED = "confirmed"
    JOINED = "joined"  # the waiting list
    OFFERED = "offered"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_DECLINED = "offer_declined"
    WAITING_ENDED = "waiting_ended"
    MOVED = "moved"
    MEETING_CHANGED = "meeting_changed"  # in person, by phone or by video
    CANCELLED = "cancelled"
    WILL_COME = "will_come"
    ADDED = "added"  # words or files for the meeting; `detail` is the words
    CHECKED_IN = "checked_in"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CALLED = "called"
    ENTERED = "entered"
    NOT_HERE = "not_here"  # called, and nobody came
    PUT_BACK = "put_back"  # others go before
    RETURNED = "returned"
    NOTED = "noted"  # among staff; `detail` is the words
    ANSWERED = "answered"  # by staff before the day; `detail` is the words
    ANSWER_UNDONE = "answer_undone"  # `detail` is when it was given
    ASKED = "asked"  # staff ask the visitor; `detail` is the question
    REMINDED = "reminded"  # the visitor, of the question
    UNANSWERED = "unanswered"  # nor by a reminder: the team was told
    TAKEN_BACK = "taken_back"  # what the visitor added was meant for something else
    SEEN = "seen"  # they reacted to what they were told
    LEFT = "left"  # without having been received
    TRANSFERRED = "transferred"  # to another line
    BESIDE = "beside"  # booked although there is another; `detail` is why
    UNDONE = "undone"  # the step before was a mistake
    DISOWNED = "disowned"  # the owner of the number it was booked under says that it is not theirs


class BookingEvent(Record):
    """One line of a booking's history. `detail` is a reason, the former time of a moved one, or what was added."""

    id: int
    booking_id: BookingId
    at: Instant
    actor: str
    what: BookingEventKind
    detail: str
    words_before: int | None = None  # of what was added: characters of the description that came before it


# ---------------------------------------------------------------------------- cases


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    OBSERVATION = "observation"
    SERVICE_REQUEST = "service_request"
    INQUIRY = "inquiry"


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


class CaseDraft(Record):
    """What a case is when it is filed."""

    reference: Reference
    kind: CaseKind
    category: CategoryId
    office: OfficeId
    resident_id: ResidentId
    status: CaseStatus
    priority: int
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
    referred_to: str
    source: str
    created_at: Instant
    updated_at: Instant
    opened_at: Instant  # filed, or the last time it was opened again: where its targets count from
    triage_due: Instant
    update_due: Instant
    close_due: Instant
    paused_at: Instant | None  # since when the targets' clock stands still
    look_at: Instant | None  # when the clock has something to look at: a target, a reminder, a silence


class Case(CaseDraft):
    id: CaseId
    version: int  # grows with each move
    owner: str
    external_reference: str
    duplicate_of: CaseId | None
    outcome: Outcome
    round: int  # how often it was resolved
    answered_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None  # also when rejected, withdrawn … : when it ended
    before_question: CaseStatus | None  # what it goes back to when the resident answers


class CaseEventKind(StrEnum):
    """What happened to a case."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    WORK_STARTED = "work_started"
    ASKED = "asked"  # staff ask the resident; `words` is the question
    INFORMATION = "information"  # the resident's words or files; `detail` is the question's event id, if it answers one
    REPLIED = "replied"  # an official reply
    NOTED = "noted"  # among staff
    REFERRED = "referred"  # `detail` is the body
    RESOLVED = "resolved"  # a proposed closure
    REJECTED = "rejected"  # `words` is the reason
    OUTSIDE_REMIT = "outside_remit"  # `detail` is the body
    DUPLICATE = "duplicate"  # `detail` is the main case's reference
    TRANSFERRED = "transferred"  # `detail` is the office, `words` the reason
    RECATEGORISED = "recategorised"  # `detail` is the category
    ESCALATED = "escalated"
    ASSIGNED = "assigned"  # `detail` is the owner
    PRIORITISED = "prioritised"  # `detail` is the priority
    JOINED = "joined"  # another resident: "that's mine too"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"  # `detail` is "not_fixed" where a proposed closure was turned down
    CLOSED = "closed"  # `detail` is the outcome
    RATED = "rated"  # `detail` is the stars
    COMMENTED = "commented"  # on the rating
    REMINDED = "reminded"  # the resident, of an open question; `detail` is the question's event id
    UNANSWERED = "unanswered"  # nor by a reminder: the team was told; `words` and `detail` are the question's
    WARNED = "warned"  # most of a target's time is over; `detail` is the target
    OVERDUE = "overdue"  # a target has passed; `detail` is the target
    FORGOTTEN = "forgotten"  # whose case it is had their identity erased: nobody can be asked any more
    DISOWNED = "disowned"  # the owner of the number it was filed under says that it is not theirs
    TAKEN_BACK = "taken_back"  # what they wrote was no answer to the question; `detail` is the question's event id
    SEEN = "seen"  # the resident reacted to what they were told; `words` is the emoji


class CaseEvent(Record):
    """One line of a case's history. Only `public` ones are the resident's to see."""

    id: int
    case_id: CaseId
    at: Instant
    actor: str  # "resident:7", "clock", or whom of the staff
    what: CaseEventKind
    public: bool
    words: str
    detail: str
    status_before: CaseStatus | None = None  # how a move found the case
    question_before: CaseStatus | None = None  # and its `before_question`


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
    MESSAGE = "message"  # a rendered conversations.engine.messages.Outgoing
    NOTICE = "notice"  # a services.notify.notices.Notice, put into words when it is sent


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
    chat: ChatId
    kind: OutboxKind
    payload: str
    urgency: int
    subject: str
    supersedes: str | None
    resident_id: ResidentId | None
    not_before: Instant
    expires_at: Instant | None
    attempts: int
    failing_since: Instant | None  # when the first of its tries failed
    created_at: Instant
    delete_after: int | None = None  # seconds after sending until it is deleted again


# ---------------------------------------------------------------------------- staff


class Role(StrEnum):
    """What somebody is at an office's desk."""

    AGENT = "agent"
    MANAGER = "manager"
    DIRECTOR = "director"
    COUNCIL = "council"  # reads along
    ADMIN = "admin"


class StaffRole(Record):
    """One right of one person at one office ("" is every office), live until it is revoked."""

    id: int
    channel: str
    address: str
    name: str
    office: OfficeId
    role: Role
    granted_by: str
    granted_at: Instant
    revoked_at: Instant | None


class StaffInvite(Record):
    """An invitation, good once. `used_by` is who took it."""

    code: str
    office: OfficeId
    role: Role
    made_by: str
    made_at: Instant
    expires_at: Instant
    used_by: str
    used_at: Instant | None


class StaffChat(Record):
    """Where an office's team works: a group, or a topic of a forum."""

    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None


class Card(Record):
    """The message that shows a case in an office's chat. `message` is None until it was sent."""

    case_id: CaseId
    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None
    message: MessageId | None
    shown: str = ""  # a digest of what it was last made to show


class StaffTalk(Record):
    """What a member is in the middle of in a chat: JSON that `conversations.staff` reads."""

    state: str
    updated_at: Instant
