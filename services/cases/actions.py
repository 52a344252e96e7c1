"""The table of staff actions: which right each needs, which transition it is, what it is told and what it changes.

`services.cases.staff_actions` carries them out; `conversations.staff.action_buttons` has their buttons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum, auto
from types import MappingProxyType

from services import residents
from services.actors import Actor
from services.cases import proof
from services.cases.event_details import (
    NO_DETAIL,
    CaseDetail,
    SameAs,
    ToBody,
    ToCategory,
    ToOffice,
    ToOwner,
    ToPriority,
)
from services.cases.targets import deadlines
from services.cases.updates import tell_staff
from services.cases.workflow import ENDED, OPEN, Applied, NotAllowed, Stale, Transition, can
from services.dangers import alerts
from services.staff.permissions import Act
from services.streets import streets
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import cases as rows
from storage import delegations
from storage.ids import CategoryId, FileId, OfficeId
from storage.records.cases import Case, CaseStatus, Outcome

#: Who abuses the desk cannot submit for so long.
BARRED = timedelta(days=30)
#: The highest priority that a member can give.
HIGHEST = 3


class Action(StrEnum):
    """What staff can do with a case. The values stand in buttons that were sent: they stay."""

    CLAIM = "claim"
    ASSIGN = "assign"
    START = "start"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    RESOLVE = "resolve"
    REJECT = "reject"
    OUTSIDE = "outside"
    DUPLICATE = "same"
    CATEGORY = "category"
    REFER = "refer"
    TRANSFER = "transfer"
    PRIORITY = "priority"
    ESCALATE = "escalate"
    ABUSE = "abuse"


class Takes(Enum):
    """What an action has to be told: whose it is to be, which body, and so on."""

    COLLEAGUE = auto()  # by their address
    BODY = auto()
    OFFICE = auto()
    CATEGORY = auto()
    PRIORITY = auto()
    EARLIER_CASE = auto()  # by its reference


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a member gives with an action."""

    words: str = ""
    files: tuple[FileId, ...] = ()
    to: str = ""  # what `Takes` is about
    version: int | None = None  # of the case, as the card showed it; None where it does not matter


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The case stands as the action would leave it: nothing was changed."""

    case: Case


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action changes of a case beside its state."""

    changes: Mapping[str, object] = field(default_factory=dict)
    detail: CaseDetail = NO_DETAIL
    status: CaseStatus | None = None  # where the rule leaves it open
    transition: Transition | None = None  # where it is another than the action's own


_Planning = Callable[[Work, Case, Actor, Inputs], Awaitable[Plan | AlreadyDone | Stale | NotAllowed]]
_Finishing = Callable[[Work, Applied], Awaitable[None]]


# ---------------------------------------------------------------------------- what each changes


async def _nothing_more(_work: Work, _case: Case, _actor: Actor, _inputs: Inputs) -> Plan:
    return Plan()


async def _claim(_work: Work, case: Case, actor: Actor, _inputs: Inputs) -> Plan | AlreadyDone | Stale:
    """Under review, and theirs. Whoever comes second learns who was first, or who was chosen."""
    if case.owner and case.status in OPEN:
        if case.owner != actor:
            return Stale(case)
        if case.status in {CaseStatus.UNDER_REVIEW, CaseStatus.IN_PROGRESS}:
            return AlreadyDone(case)
    if not case.owner and can(case, Transition.ASSIGN) and not can(case, Transition.TAKE_UP):
        return Plan({"owner": actor}, ToOwner(actor), transition=Transition.ASSIGN)
    return Plan({"owner": actor})


async def _assign(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> Plan:
    return Plan({"owner": inputs.to}, ToOwner(Actor(inputs.to)))


async def _start(_work: Work, case: Case, actor: Actor, _inputs: Inputs) -> Plan:
    """A case without an owner becomes the actor's."""
    return Plan({"owner": case.owner or actor})


async def _resolve(work: Work, case: Case, _actor: Actor, _inputs: Inputs) -> Plan:
    """A proposal: the resident has the last word."""
    return Plan({"resolved_at": work.now, "round": case.round + 1, "outcome": Outcome.NONE})


async def _outside(_work: Work, case: Case, _actor: Actor, inputs: Inputs) -> Plan | AlreadyDone:
    if case.status is CaseStatus.OUTSIDE_REMIT and case.referred_to == inputs.to:
        return AlreadyDone(case)
    return Plan({"referred_to": inputs.to}, ToBody(inputs.to))


async def _refer(_work: Work, case: Case, _actor: Actor, inputs: Inputs) -> Plan | AlreadyDone:
    """The words are the reference that the other body gave it, if it gave one."""
    if case.status is CaseStatus.REFERRED and case.referred_to == inputs.to and not inputs.words:
        return AlreadyDone(case)
    return Plan({"referred_to": inputs.to, "external_reference": inputs.words}, ToBody(inputs.to))


async def _transfer(work: Work, case: Case, _actor: Actor, inputs: Inputs) -> Plan | AlreadyDone:
    """New to the other office, with a triage target of its own; what was promised stays."""
    office = OfficeId(inputs.to)
    if case.office == office:
        return AlreadyDone(case)
    due = await deadlines(work, office, case.category, case.kind)
    asked = {"before_question": _fresh(case.before_question)} if case.before_question else {}
    theirs: Mapping[str, object] = {"office": office, "owner": "", "triage_due": due.triage, **asked}
    return Plan(theirs, ToOffice(office), _fresh(case.status))


def _fresh(status: CaseStatus) -> CaseStatus:
    """As a state looks to an office that has the case for the first time."""
    kept = {CaseStatus.AWAITING_RESIDENT, CaseStatus.REOPENED}
    return status if status in kept or status not in OPEN else CaseStatus.RECEIVED


async def _recategorise(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> Plan:
    category = CategoryId(inputs.to)
    return Plan({"category": category}, ToCategory(category))


async def _prioritise(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> Plan:
    priority = int(inputs.to)
    return Plan({"priority": priority}, ToPriority(priority))


async def _escalate(_work: Work, case: Case, _actor: Actor, _inputs: Inputs) -> Plan:
    """First among the office's cases, and its card shown again."""
    return Plan({"priority": case.priority + 1})


async def _join(work: Work, case: Case, _actor: Actor, inputs: Inputs) -> Plan | NotAllowed:
    """The resident and all who joined this one follow the earlier one from now on."""
    main = await earlier_case(work, inputs.to)
    if main is None or main.id == case.id:
        return NotAllowed(None)
    if main.status in ENDED:
        return NotAllowed(main.status)
    return Plan({"duplicate_of": main.id}, SameAs(main.reference))


async def earlier_case(work: Work, reference: str) -> Case | None:
    """The case of a reference; of a duplicate, the one that it was joined with."""
    parsed = parse_reference(reference)
    main = None if parsed is None else await rows.by_reference(work.tx, parsed)
    if main is not None and main.duplicate_of is not None:
        return await rows.by_id(work.tx, main.duplicate_of)
    return main


# ---------------------------------------------------------------------------- what follows


async def _tell(work: Work, applied: Applied) -> None:
    tell_staff(work, applied.case, applied.event)


async def _hand_over(work: Work, applied: Applied) -> None:
    """The other office sees the case; of a danger it is alerted at any hour, since nobody there has taken it."""
    await _tell(work, applied)
    if applied.case.status not in ENDED:
        await alerts.move(work, applied.case)


async def _note_photos(work: Work, applied: Applied) -> None:
    await proof.note(work, applied)


async def _move_followers(work: Work, applied: Applied) -> None:
    main = None if applied.case.duplicate_of is None else await rows.by_id(work.tx, applied.case.duplicate_of)
    if main is not None:
        await delegations.follow_main(work.tx, applied.case, main, work.now)
        await rows.move_followers(work.tx, applied.case, main, work.now)
        await streets.follow_main(work, applied.case, main)
        rows.point_duplicates(work.tx, applied.case.id, main.id)
        rows.raise_priority(work.tx, main.id, work.now)


async def _bar(work: Work, applied: Applied) -> None:
    """Keep whose case it is from submitting; the reason is the one they were told."""
    event = applied.event
    await residents.bar(work, applied.case.resident_id, work.now + BARRED, event.words, Actor(event.actor))


# ---------------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class StaffAction:
    """Which right it needs, which transition it is, what it has to be told, and what it changes."""

    right: Act
    transition: Transition
    takes: Takes | None = None
    plan: _Planning = _nothing_more
    finish: _Finishing | None = None


T = Transition

ACTIONS: Mapping[Action, StaffAction] = MappingProxyType(
    {
        Action.CLAIM: StaffAction(Act.CLAIM, T.TAKE_UP, plan=_claim),
        Action.ASSIGN: StaffAction(Act.ASSIGN, T.ASSIGN, Takes.COLLEAGUE, _assign),
        Action.START: StaffAction(Act.STATUS, T.START_WORK, plan=_start),
        Action.ASK: StaffAction(Act.ASK, T.ASK),
        Action.REPLY: StaffAction(Act.REPLY, T.REPLY),
        Action.NOTE: StaffAction(Act.NOTE, T.NOTE),
        Action.RESOLVE: StaffAction(Act.STATUS, T.RESOLVE, plan=_resolve, finish=_note_photos),
        Action.REJECT: StaffAction(Act.STATUS, T.REJECT),
        Action.OUTSIDE: StaffAction(Act.STATUS, T.OUTSIDE_REMIT, Takes.BODY, _outside),
        Action.DUPLICATE: StaffAction(Act.STATUS, T.MARK_DUPLICATE, Takes.EARLIER_CASE, _join, _move_followers),
        Action.CATEGORY: StaffAction(Act.STATUS, T.RECATEGORISE, Takes.CATEGORY, _recategorise),
        Action.REFER: StaffAction(Act.REFER, T.REFER, Takes.BODY, _refer),
        Action.TRANSFER: StaffAction(Act.TRANSFER, T.TRANSFER, Takes.OFFICE, _transfer, _hand_over),
        Action.PRIORITY: StaffAction(Act.PRIORITY, T.SET_PRIORITY, Takes.PRIORITY, _prioritise),
        Action.ESCALATE: StaffAction(Act.ESCALATE, T.ESCALATE, plan=_escalate, finish=_tell),
        Action.ABUSE: StaffAction(Act.MARK_ABUSE, T.REJECT, finish=_bar),
    }
)
