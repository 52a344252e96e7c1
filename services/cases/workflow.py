"""The states of a case and the transitions between them: what is not in the table does not happen.

A transition is compare-and-set on the case's state and version, leaves one event in its history and one line in
the audit, and tells those whom it concerns: all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.actors import Actor, case_subject
from services.cases import targets, unanswered
from services.cases.event_details import NO_DETAIL, CaseDetail
from services.cases.updates import show_card, tell_audience
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import audit, cases, promises, search
from storage.ids import CaseId, FileId
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseStatus

__all__ = [
    "ANSWERS",
    "ENDED",
    "OPEN",
    "REOPENABLE",
    "RULES",
    "SILENCE",
    "Applied",
    "NotAllowed",
    "Rule",
    "Stale",
    "Transition",
    "TransitionRequest",
    "apply",
    "apply_to",
    "can",
    "closes_at",
    "foreseen",
]

#: A proposed closure to which nobody says anything stands after so long.
SILENCE = timedelta(days=7)
#: A case can be opened again for so long after it ended.
REOPENABLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody was first: the case as it is now."""

    case: Case


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The case is in a state without this transition; None where there is no such case, it is
    not theirs, or what the action names does not exist.
    """

    status: CaseStatus | None


# ---------------------------------------------------------------------------- states

S = CaseStatus

#: Somebody is to do something about it.
OPEN = frozenset({S.RECEIVED, S.UNDER_REVIEW, S.IN_PROGRESS, S.AWAITING_RESIDENT, S.REFERRED, S.REOPENED})
#: It is over, well or not.
ENDED = frozenset({S.CLOSED, S.REJECTED, S.OUTSIDE_REMIT, S.DUPLICATE, S.WITHDRAWN})


class Transition(StrEnum):
    """What changes a case."""

    TAKE_UP = "take_up"
    START_WORK = "start_work"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    REFER = "refer"
    RESOLVE = "resolve"
    REJECT = "reject"
    OUTSIDE_REMIT = "outside_remit"
    MARK_DUPLICATE = "mark_duplicate"
    TRANSFER = "transfer"
    RECATEGORISE = "recategorise"
    ESCALATE = "escalate"
    ASSIGN = "assign"
    SET_PRIORITY = "set_priority"
    # the resident's
    INFORM = "inform"
    ANSWER = "answer"
    TAKE_BACK = "take_back"  # what was taken as an answer was meant for something else
    WITHDRAW = "withdraw"
    CONFIRM_FIXED = "confirm_fixed"
    NOT_FIXED = "not_fixed"
    REOPEN = "reopen"
    SEPARATE = "separate"  # it was merged with another that is about something else
    CONFIRM_DONE = "confirm_done"  # what was promised was done, whatever staff said
    # the office's, where what came of a meeting is corrected
    CALL_OFF = "call_off"
    # an administrator's, of all that joined an incident
    END_INCIDENT = "end_incident"
    # the clock's
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which (None: it stays, or the request says which), what it leaves in the history."""

    allowed: frozenset[CaseStatus]
    to: CaseStatus | None
    event: CaseEventKind
    public: bool = True
    versioned: bool = True  # others' buttons become stale


E = CaseEventKind

RULES: Mapping[Transition, Rule] = MappingProxyType(
    {
        Transition.TAKE_UP: Rule(frozenset({S.RECEIVED, S.REOPENED, S.REFERRED}), S.UNDER_REVIEW, E.TAKEN_UP),
        Transition.START_WORK: Rule(OPEN - {S.IN_PROGRESS}, S.IN_PROGRESS, E.WORK_STARTED),
        Transition.ASK: Rule(OPEN, S.AWAITING_RESIDENT, E.ASKED),
        Transition.REPLY: Rule(frozenset(S) - {S.WITHDRAWN, S.DUPLICATE}, None, E.REPLIED, versioned=False),
        Transition.NOTE: Rule(frozenset(S), None, E.NOTED, public=False, versioned=False),
        Transition.REFER: Rule(OPEN, S.REFERRED, E.REFERRED),
        Transition.RESOLVE: Rule(OPEN, S.RESOLVED, E.RESOLVED),
        Transition.REJECT: Rule(OPEN, S.REJECTED, E.REJECTED),
        Transition.OUTSIDE_REMIT: Rule(OPEN, S.OUTSIDE_REMIT, E.OUTSIDE_REMIT),
        Transition.MARK_DUPLICATE: Rule(OPEN, S.DUPLICATE, E.DUPLICATE),
        Transition.TRANSFER: Rule(OPEN, None, E.TRANSFERRED),
        Transition.RECATEGORISE: Rule(OPEN, None, E.RECATEGORISED),
        Transition.ESCALATE: Rule(OPEN, None, E.ESCALATED, public=False),
        Transition.ASSIGN: Rule(OPEN, None, E.ASSIGNED, public=False),
        Transition.SET_PRIORITY: Rule(OPEN, None, E.PRIORITISED, public=False),
        Transition.INFORM: Rule(OPEN | {S.RESOLVED}, None, E.INFORMATION, versioned=False),
        Transition.ANSWER: Rule(frozenset({S.AWAITING_RESIDENT}), None, E.INFORMATION),
        Transition.TAKE_BACK: Rule(OPEN, S.AWAITING_RESIDENT, E.TAKEN_BACK, public=False),
        Transition.WITHDRAW: Rule(OPEN, S.WITHDRAWN, E.WITHDRAWN),
        Transition.CONFIRM_FIXED: Rule(frozenset({S.RESOLVED}), S.CLOSED, E.CLOSED),
        Transition.NOT_FIXED: Rule(frozenset({S.RESOLVED}), S.REOPENED, E.REOPENED),
        Transition.REOPEN: Rule(
            frozenset({S.CLOSED, S.REJECTED, S.OUTSIDE_REMIT, S.WITHDRAWN}), S.REOPENED, E.REOPENED
        ),
        Transition.SEPARATE: Rule(frozenset({S.DUPLICATE}), S.REOPENED, E.REOPENED),
        Transition.CONFIRM_DONE: Rule(OPEN | {S.RESOLVED}, S.CLOSED, E.CLOSED),
        Transition.CALL_OFF: Rule(OPEN | {S.RESOLVED}, S.WITHDRAWN, E.WITHDRAWN, public=False),
        Transition.END_INCIDENT: Rule(OPEN | {S.RESOLVED}, S.CLOSED, E.CLOSED),
        Transition.LAPSE: Rule(frozenset({S.RESOLVED}), S.CLOSED, E.CLOSED),
    }
)

# By these the resident has been answered, which is what the update target is about.
_ANSWERS = frozenset(
    {
        Transition.ASK,
        Transition.REPLY,
        Transition.REFER,
        Transition.RESOLVE,
        Transition.REJECT,
        Transition.OUTSIDE_REMIT,
    }
)
#: What they leave in the history.
ANSWERS = frozenset(RULES[transition].event for transition in _ANSWERS)


def can(case: Case, transition: Transition) -> bool:
    """Whether a case's state has a transition: what decides which buttons are shown."""
    return case.status in RULES[transition].allowed


# ---------------------------------------------------------------------------- applying


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionRequest:
    """One transition of one case, as its caller wants it."""

    transition: Transition
    actor: Actor
    words: str = ""
    detail: CaseDetail = NO_DETAIL
    files: tuple[FileId, ...] = ()
    version: int | None = None  # the version the caller saw; None where it does not matter
    status: CaseStatus | None = None  # where the rule leaves it open
    by_day: bool = False  # nobody is waiting for it: not to be heard of at night
    told: bool = False  # its people and its card are seen to otherwise


@dataclass(frozen=True, slots=True)
class Applied:
    """The case after a transition, and what its history says of it."""

    case: Case
    event: CaseEvent


async def apply(
    work: Work, case_id: CaseId, request: TransitionRequest, **changes: object
) -> Applied | Stale | NotAllowed:
    """Apply a transition; `changes` are columns of the case that it sets beside its state."""
    case = await cases.lock(work.tx, case_id)
    return NotAllowed(None) if case is None else await apply_to(work, case, request, **changes)


async def apply_to(
    work: Work, case: Case, request: TransitionRequest, **changes: object
) -> Applied | Stale | NotAllowed:
    """The same to a case that the caller has locked."""
    if request.version is not None and request.version != case.version:
        return Stale(case)
    rule = RULES[request.transition]
    if case.status not in rule.allowed:
        return NotAllowed(case.status)
    after = await foreseen(work, case, request, **changes)
    if not await cases.save(work.tx, case, after):
        return Stale(await cases.by_id(work.tx, case.id) or case)
    event = await cases.add_event(
        work.tx,
        case.id,
        work.now,
        request.actor,
        rule.event,
        public=rule.public,
        words=request.words,
        detail=request.detail.stored,
        before=case,
    )
    cases.attach(work.tx, case.id, request.files, event.id)
    if after.status is not case.status:
        promises.case_moved(work.tx, case.id, work.now)
    if request.words or after.category != case.category or after.external_reference != case.external_reference:
        search.forget_words(work.tx, case.id)  # it is found by these
    audit.record(
        work.tx, work.now, request.actor, f"case.{request.transition}", case_subject(case.id), f"event {event.id}"
    )
    if request.told:
        return Applied(after, event)
    for office in dict.fromkeys((case.office, after.office)):
        show_card(work, case.id, office)
    if rule.public:
        await tell_audience(work, after, event, not_before=by_day(work, work.now) if request.by_day else None)
    return Applied(after, event)


async def foreseen(work: Work, case: Case, request: TransitionRequest, **changes: object) -> Case:
    """The case as a transition leaves it: its state, and all that follows from the state. Nothing is changed yet."""
    rule = RULES[request.transition]
    status = request.status or rule.to or case.status
    after = case.model_copy(
        update={
            "status": status,
            "version": case.version + rule.versioned,
            "updated_at": work.now,
            "answered_at": case.answered_at or (work.now if request.transition in _ANSWERS else None),
            "before_question": _before_question(case, status),
            "closed_at": (case.closed_at or work.now) if status in ENDED else None,
            **changes,
        }
    )
    after = await targets.keep_clock(work, case, after)
    return after.model_copy(update={"look_at": await _look_at(work, case, after, request)})


def closes_at(case: Case) -> datetime | None:
    """When a request that counts as solved is closed without a word from the applicant; None for any other."""
    if case.status is not CaseStatus.RESOLVED or case.resolved_at is None:
        return None
    return max(case.resolved_at + SILENCE, case.look_at or case.resolved_at)


def _before_question(case: Case, status: CaseStatus) -> CaseStatus | None:
    if status is not CaseStatus.AWAITING_RESIDENT:
        return None
    return case.before_question or case.status


async def _look_at(work: Work, case: Case, after: Case, request: TransitionRequest) -> datetime | None:
    """When the clock has something to see to next."""
    if request.transition is Transition.ASK:
        return await unanswered.waits_until(work, after.office, work.now)
    if after.status is CaseStatus.AWAITING_RESIDENT:
        if case.status is CaseStatus.AWAITING_RESIDENT:
            return case.look_at
        return await unanswered.waits_until(work, after.office, work.now)
    if after.status is CaseStatus.RESOLVED:
        return work.now + SILENCE  # also where something is added: whoever writes is not silent
    # When targets run out is for the clock to work out, soon: nobody who acts waits for that.
    return work.now if after.status in targets.WATCHED else None
