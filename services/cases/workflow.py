"""The states of a case and the moves between them: what is not in the table does not happen.

A move is compare-and-set on the case's state and version, leaves one event in its history and one line in
the audit, and tells those whom it concerns: all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.actors import Actor, case_subject
from services.cases import targets
from services.cases.event_details import NO_DETAIL, CaseDetail
from services.cases.updates import show_card, tell_audience
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import audit, cases, desk
from storage.ids import CaseId, FileId
from storage.records import Case, CaseEvent, CaseEventKind, CaseStatus

__all__ = [
    "ANSWERS",
    "ENDED",
    "OPEN",
    "PATIENCE",
    "REOPENABLE",
    "RULES",
    "SILENCE",
    "Move",
    "Moved",
    "NotAllowed",
    "Rule",
    "Stale",
    "Step",
    "can",
    "foreseen",
    "make",
]

#: An open question is recalled, once, after so long.
PATIENCE = timedelta(days=3)
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
    """The case is in a state without this move; None where there is no such case, or it is not theirs."""

    status: CaseStatus | None


# ---------------------------------------------------------------------------- states

S = CaseStatus

#: Somebody is to do something about it.
OPEN = frozenset({S.RECEIVED, S.UNDER_REVIEW, S.IN_PROGRESS, S.AWAITING_RESIDENT, S.REFERRED, S.REOPENED})
#: It is over, well or not.
ENDED = frozenset({S.CLOSED, S.REJECTED, S.OUTSIDE_REMIT, S.DUPLICATE, S.WITHDRAWN})


class Move(StrEnum):
    """What can be done with a case."""

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
    WITHDRAW = "withdraw"
    CONFIRM_FIXED = "confirm_fixed"
    NOT_FIXED = "not_fixed"
    REOPEN = "reopen"
    # the clock's
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which (None: it stays, or the move computes it), what it leaves in the history."""

    allowed: frozenset[CaseStatus]
    to: CaseStatus | None
    event: CaseEventKind
    public: bool = True
    versioned: bool = True  # others' buttons become stale


E = CaseEventKind

RULES: Mapping[Move, Rule] = MappingProxyType(
    {
        Move.TAKE_UP: Rule(frozenset({S.RECEIVED, S.REOPENED, S.REFERRED}), S.UNDER_REVIEW, E.TAKEN_UP),
        Move.START_WORK: Rule(OPEN - {S.IN_PROGRESS}, S.IN_PROGRESS, E.WORK_STARTED),
        Move.ASK: Rule(OPEN, S.AWAITING_RESIDENT, E.ASKED),
        Move.REPLY: Rule(frozenset(S) - {S.WITHDRAWN, S.DUPLICATE}, None, E.REPLIED, versioned=False),
        Move.NOTE: Rule(frozenset(S), None, E.NOTED, public=False, versioned=False),
        Move.REFER: Rule(OPEN, S.REFERRED, E.REFERRED),
        Move.RESOLVE: Rule(OPEN, S.RESOLVED, E.RESOLVED),
        Move.REJECT: Rule(OPEN, S.REJECTED, E.REJECTED),
        Move.OUTSIDE_REMIT: Rule(OPEN, S.OUTSIDE_REMIT, E.OUTSIDE_REMIT),
        Move.MARK_DUPLICATE: Rule(OPEN, S.DUPLICATE, E.DUPLICATE),
        Move.TRANSFER: Rule(OPEN, None, E.TRANSFERRED),
        Move.RECATEGORISE: Rule(OPEN, None, E.RECATEGORISED),
        Move.ESCALATE: Rule(OPEN, None, E.ESCALATED, public=False),
        Move.ASSIGN: Rule(OPEN, None, E.ASSIGNED, public=False),
        Move.SET_PRIORITY: Rule(OPEN, None, E.PRIORITISED, public=False),
        Move.INFORM: Rule(OPEN | {S.RESOLVED}, None, E.INFORMATION, versioned=False),
        Move.ANSWER: Rule(frozenset({S.AWAITING_RESIDENT}), None, E.INFORMATION),
        Move.WITHDRAW: Rule(OPEN, S.WITHDRAWN, E.WITHDRAWN),
        Move.CONFIRM_FIXED: Rule(frozenset({S.RESOLVED}), S.CLOSED, E.CLOSED),
        Move.NOT_FIXED: Rule(frozenset({S.RESOLVED}), S.REOPENED, E.REOPENED),
        Move.REOPEN: Rule(frozenset({S.CLOSED, S.REJECTED, S.OUTSIDE_REMIT, S.WITHDRAWN}), S.REOPENED, E.REOPENED),
        Move.LAPSE: Rule(frozenset({S.RESOLVED}), S.CLOSED, E.CLOSED),
    }
)

# By these the resident has been answered, which is what the update target is about.
_ANSWERS = frozenset({Move.ASK, Move.REPLY, Move.REFER, Move.RESOLVE, Move.REJECT, Move.OUTSIDE_REMIT})
#: What they leave in the history.
ANSWERS = frozenset(RULES[move].event for move in _ANSWERS)


def can(case: Case, move: Move) -> bool:
    """Whether a case's state has a move: what decides which buttons are shown."""
    return case.status in RULES[move].allowed


# ---------------------------------------------------------------------------- moving


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of one case, as its caller wants it."""

    move: Move
    actor: Actor
    words: str = ""
    detail: CaseDetail = NO_DETAIL
    files: tuple[FileId, ...] = ()
    version: int | None = None  # the version the caller saw; None where it does not matter
    status: CaseStatus | None = None  # where the rule leaves it open
    by_day: bool = False  # nobody is waiting for it: not to be heard of at night


@dataclass(frozen=True, slots=True)
class Moved:
    """The case after a move, and what its history says of it."""

    case: Case
    event: CaseEvent


async def make(work: Work, case_id: CaseId, step: Step, **changes: object) -> Moved | Stale | NotAllowed:
    """Make a move; `changes` are columns of the case that it sets beside its state."""
    case = await cases.lock(work.tx, case_id)
    if case is None:
        return NotAllowed(None)
    if step.version is not None and step.version != case.version:
        return Stale(case)
    rule = RULES[step.move]
    if case.status not in rule.allowed:
        return NotAllowed(case.status)
    after = await foreseen(work, case, step, **changes)
    if not await cases.save(work.tx, case, after):
        return Stale(await cases.by_id(work.tx, case_id) or case)
    event = await cases.add_event(
        work.tx,
        case.id,
        work.now,
        step.actor,
        rule.event,
        public=rule.public,
        words=step.words,
        detail=step.detail.stored,
        before=case,
    )
    cases.attach(work.tx, case.id, step.files, event.id)
    if step.words or after.category != case.category or after.external_reference != case.external_reference:
        desk.forget_index(work.tx, case.id)  # it is found by these
    audit.record(work.tx, work.now, step.actor, f"case.{step.move}", case_subject(case.id), f"event {event.id}")
    for office in dict.fromkeys((case.office, after.office)):
        show_card(work, case.id, office)
    if rule.public:
        await tell_audience(work, after, event, not_before=by_day(work, work.now) if step.by_day else None)
    return Moved(after, event)


async def foreseen(work: Work, case: Case, step: Step, **changes: object) -> Case:
    """The case as a move leaves it: its state, and all that follows from the state. Nothing is changed yet."""
    rule = RULES[step.move]
    status = step.status or rule.to or case.status
    after = case.model_copy(
        update={
            "status": status,
            "version": case.version + rule.versioned,
            "updated_at": work.now,
            "answered_at": case.answered_at or (work.now if step.move in _ANSWERS else None),
            "before_question": _before_question(case, status),
            "closed_at": (case.closed_at or work.now) if status in ENDED else None,
            **changes,
        }
    )
    after = await targets.keep_clock(work, case, after)
    return after.model_copy(update={"look_at": _look_at(work, case, after, step)})


def _before_question(case: Case, status: CaseStatus) -> CaseStatus | None:
    if status is not CaseStatus.AWAITING_RESIDENT:
        return None
    return case.before_question or case.status


def _look_at(work: Work, case: Case, after: Case, step: Step) -> datetime | None:
    """When the clock has something to see to next."""
    if step.move is Move.ASK:
        return work.now + PATIENCE
    if after.status is CaseStatus.AWAITING_RESIDENT:
        return case.look_at if case.status is CaseStatus.AWAITING_RESIDENT else work.now + PATIENCE
    if after.status is CaseStatus.RESOLVED:
        return case.look_at if case.status is CaseStatus.RESOLVED else work.now + SILENCE
    # When targets run out is for the clock to work out, soon: nobody who acts waits for that.
    return work.now if after.status in targets.WATCHED else None
