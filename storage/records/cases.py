"""Requests to the municipality, and their history."""

from __future__ import annotations

from enum import StrEnum

from storage.ids import CaseId, CategoryId, OfficeId, Reference, ResidentId
from storage.records import Instant, Record


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
    NUMBER = "number"  # the resident's number changed
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
