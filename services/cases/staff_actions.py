"""What staff do with a case: one table of actions, and the one function that carries any of them out.

`perform` asks the right of the table, applies the action's transition (`services.cases.workflow`), which writes the
history and the audit, and says what came of it. Whoever may not is told nothing of the case.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, StrEnum, auto
from types import MappingProxyType

from services import residents
from services.actors import SYSTEM, Actor, case_subject, staff_actor
from services.cases import workflow
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
from services.cases.workflow import ENDED, OPEN, Applied, NotAllowed, Stale, Transition, TransitionRequest, can
from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit
from storage import cases as rows
from storage.ids import CaseId, CategoryId, FileId, OfficeId
from storage.records import Case, CaseStatus, Outcome

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
class Denied:
    """They may not, or there is no such case: neither is told from the other."""


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The case stands as the action would leave it: nothing was changed."""

    case: Case


Result = Applied | AlreadyDone | Stale | NotAllowed


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an action changes of a case beside its state."""

    changes: Mapping[str, object] = field(default_factory=dict)
    detail: CaseDetail = NO_DETAIL
    status: CaseStatus | None = None  # where the rule leaves it open
    transition: Transition | None = None  # where it is another than the action's own


_Planning = Callable[[Work, Case, Actor, Inputs], Awaitable[_Plan | AlreadyDone | Stale | NotAllowed]]
_Finishing = Callable[[Work, Applied], Awaitable[None]]


# ---------------------------------------------------------------------------- what each changes


async def _nothing_more(_work: Work, _case: Case, _actor: Actor, _inputs: Inputs) -> _Plan:
    return _Plan()


async def _claim(_work: Work, case: Case, actor: Actor, _inputs: Inputs) -> _Plan | AlreadyDone | Stale:
    """Under review, and theirs. Whoever comes second learns who was first, or who was chosen."""
    if case.owner and case.status in OPEN:
        if case.owner != actor:
            return Stale(case)
        if case.status in {CaseStatus.UNDER_REVIEW, CaseStatus.IN_PROGRESS}:
            return AlreadyDone(case)
    if not case.owner and can(case, Transition.ASSIGN) and not can(case, Transition.TAKE_UP):
        return _Plan({"owner": actor}, ToOwner(actor), transition=Transition.ASSIGN)
    return _Plan({"owner": actor})


async def _assign(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> _Plan:
    return _Plan({"owner": inputs.to}, ToOwner(Actor(inputs.to)))


async def _start(_work: Work, case: Case, actor: Actor, _inputs: Inputs) -> _Plan:
    """A case without an owner becomes the actor's."""
    return _Plan({"owner": case.owner or actor})


async def _resolve(work: Work, case: Case, _actor: Actor, _inputs: Inputs) -> _Plan:
    """A proposal: the resident has the last word."""
    return _Plan({"resolved_at": work.now, "round": case.round + 1, "outcome": Outcome.NONE})


async def _outside(_work: Work, case: Case, _actor: Actor, inputs: Inputs) -> _Plan | AlreadyDone:
    if case.status is CaseStatus.OUTSIDE_REMIT and case.referred_to == inputs.to:
        return AlreadyDone(case)
    return _Plan({"referred_to": inputs.to}, ToBody(inputs.to))


async def _refer(_work: Work, case: Case, _actor: Actor, inputs: Inputs) -> _Plan | AlreadyDone:
    """The words are the reference that the other body gave it, if it gave one."""
    if case.status is CaseStatus.REFERRED and case.referred_to == inputs.to and not inputs.words:
        return AlreadyDone(case)
    return _Plan({"referred_to": inputs.to, "external_reference": inputs.words}, ToBody(inputs.to))


async def _transfer(work: Work, case: Case, _actor: Actor, inputs: Inputs) -> _Plan | AlreadyDone:
    """New to the other office, with a triage target of its own; what was promised stays."""
    office = OfficeId(inputs.to)
    if case.office == office:
        return AlreadyDone(case)
    due = await deadlines(work, office, case.category)
    asked = {"before_question": _fresh(case.before_question)} if case.before_question else {}
    theirs: Mapping[str, object] = {"office": office, "owner": "", "triage_due": due.triage, **asked}
    return _Plan(theirs, ToOffice(office), _fresh(case.status))


def _fresh(status: CaseStatus) -> CaseStatus:
    """As a state looks to an office that has the case for the first time."""
    kept = {CaseStatus.AWAITING_RESIDENT, CaseStatus.REOPENED}
    return status if status in kept or status not in OPEN else CaseStatus.RECEIVED


async def _recategorise(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> _Plan:
    category = CategoryId(inputs.to)
    return _Plan({"category": category}, ToCategory(category))


async def _prioritise(_work: Work, _case: Case, _actor: Actor, inputs: Inputs) -> _Plan:
    priority = int(inputs.to)
    return _Plan({"priority": priority}, ToPriority(priority))


async def _escalate(_work: Work, case: Case, _actor: Actor, _inputs: Inputs) -> _Plan:
    """First among the office's cases, and its card shown again."""
    return _Plan({"priority": case.priority + 1})


async def _join(work: Work, case: Case, _actor: Actor, inputs: Inputs) -> _Plan | NotAllowed:
    """The resident and all who joined this one follow the earlier one from now on."""
    main = await _earlier(work, inputs.to)
    if main is None or main.id == case.id:
        return NotAllowed(None)
    if main.status in ENDED:
        return NotAllowed(main.status)
    return _Plan({"duplicate_of": main.id}, SameAs(main.reference))


async def _earlier(work: Work, reference: str) -> Case | None:
    """The case of a reference; of a duplicate, the one that it was joined with."""
    parsed = parse_reference(reference)
    main = None if parsed is None else await rows.by_reference(work.tx, parsed)
    if main is not None and main.duplicate_of is not None:
        return await rows.by_id(work.tx, main.duplicate_of)
    return main


# ---------------------------------------------------------------------------- what follows


async def _tell(work: Work, applied: Applied) -> None:
    tell_staff(work, applied.case, applied.event)


async def _move_followers(work: Work, applied: Applied) -> None:
    main = None if applied.case.duplicate_of is None else await rows.by_id(work.tx, applied.case.duplicate_of)
    if main is not None:
        await rows.move_followers(work.tx, applied.case, main, work.now)
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
        Action.RESOLVE: StaffAction(Act.STATUS, T.RESOLVE, plan=_resolve),
        Action.REJECT: StaffAction(Act.STATUS, T.REJECT),
        Action.OUTSIDE: StaffAction(Act.STATUS, T.OUTSIDE_REMIT, Takes.BODY, _outside),
        Action.DUPLICATE: StaffAction(Act.STATUS, T.MARK_DUPLICATE, Takes.EARLIER_CASE, _join, _move_followers),
        Action.CATEGORY: StaffAction(Act.STATUS, T.RECATEGORISE, Takes.CATEGORY, _recategorise),
        Action.REFER: StaffAction(Act.REFER, T.REFER, Takes.BODY, _refer),
        Action.TRANSFER: StaffAction(Act.TRANSFER, T.TRANSFER, Takes.OFFICE, _transfer, _tell),
        Action.PRIORITY: StaffAction(Act.PRIORITY, T.SET_PRIORITY, Takes.PRIORITY, _prioritise),
        Action.ESCALATE: StaffAction(Act.ESCALATE, T.ESCALATE, plan=_escalate, finish=_tell),
        Action.ABUSE: StaffAction(Act.MARK_ABUSE, T.REJECT, finish=_bar),
    }
)


# ---------------------------------------------------------------------------- doing it


async def authorise(work: Work, person: Person, right: Act, case_id: CaseId) -> tuple[Member, Case] | Denied:
    """The member and the case, where they have the right at the office that has the case. A refusal is audited."""
    case = await rows.by_id(work.tx, case_id)
    if case is None:
        permissions.deny(work, person, right, case_subject(case_id))
        return Denied()
    member = await permissions.guard(work, person, right, case.office, case_subject(case_id))
    return Denied() if member is None else (member, case)


async def perform(
    work: Work, person: Person, action: Action, case_id: CaseId, inputs: Inputs | None = None
) -> Result | Denied:
    """Do something with a case, where the member may and the case's state has it."""
    found = await authorise(work, person, ACTIONS[action].right, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    given = inputs or Inputs()
    to = await _named(work, person, case, action, given.to)
    if to is None:
        return NotAllowed(None)
    return await _apply(work, case_id, action, member.actor, replace(given, to=to), case.office)


async def apply(work: Work, case_id: CaseId, action: Action, actor: Actor, inputs: Inputs | None = None) -> Result:
    """The same without a right: for the console and for what follows from something else that was allowed."""
    return await _apply(work, case_id, action, actor, inputs or Inputs(), None)


async def _apply(
    work: Work, case_id: CaseId, action: Action, actor: Actor, given: Inputs, allowed_at: OfficeId | None
) -> Result:
    spec = ACTIONS[action]
    case = await _lock(work, case_id, given.to if spec.takes is Takes.EARLIER_CASE else "")
    if case is None or allowed_at not in {None, case.office}:  # transferred at the same moment
        return NotAllowed(None)
    plan = await spec.plan(work, case, actor, given)
    if not isinstance(plan, _Plan):
        return plan
    result = await workflow.apply_to(work, case, _request(spec, plan, actor, given), **plan.changes)
    if isinstance(result, Applied) and spec.finish is not None:
        await spec.finish(work, result)
    return result


async def foresee(work: Work, case: Case, action: Action, to: str) -> tuple[Case, CaseDetail]:
    """The case as an action would leave it, and what the event would say: to be shown before it is done."""
    spec, inputs = ACTIONS[action], Inputs(to=to)
    plan = await spec.plan(work, case, SYSTEM, inputs)
    if not isinstance(plan, _Plan):
        return case, NO_DETAIL
    return await workflow.foreseen(work, case, _request(spec, plan, SYSTEM, inputs), **plan.changes), plan.detail


def _request(spec: StaffAction, plan: _Plan, actor: Actor, inputs: Inputs) -> TransitionRequest:
    return TransitionRequest(
        transition=plan.transition or spec.transition,
        actor=actor,
        words=inputs.words,
        detail=plan.detail,
        files=inputs.files,
        version=inputs.version,
        status=plan.status,
    )


async def _lock(work: Work, case_id: CaseId, earlier: str) -> Case | None:
    """Lock the case, and the earlier one it is joined with: in one order, so that two who join each other's wait."""
    main = await _earlier(work, earlier) if earlier else None
    locked = {}
    for each in sorted({case_id} if main is None else {case_id, main.id}):
        locked[each] = await rows.lock(work.tx, each)
    return locked[case_id]


async def _named(work: Work, person: Person, case: Case, action: Action, to: str) -> str | None:
    """What the action is told, as the case keeps it; None where that names nothing a member may name."""
    offices = work.offices
    match ACTIONS[action].takes:
        case None:
            return to
        case Takes.COLLEAGUE:
            colleagues = {one.address for one in await permissions.can_claim(work, case.office)}
            return staff_actor(to) if to in colleagues else None
        case Takes.BODY:
            return to if to in offices.other_bodies or (to and to == case.referred_to) else None
        case Takes.OFFICE:
            return to if to in {known.id for known in offices.all} else None
        case Takes.CATEGORY:
            return to if offices.category(CategoryId(to)) is not None else None
        case Takes.PRIORITY:
            return to if to in {str(level) for level in range(HIGHEST + 1)} else None
        case Takes.EARLIER_CASE:
            main = await _earlier(work, to)
            if main is None:
                return None
            may = await permissions.guard(work, person, Act.STATUS, main.office, case_subject(main.id))
            return None if may is None else main.reference


# ---------------------------------------------------------------------------- whose it is


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whom a case is from, and whether they asked not to be named."""

    name: str
    phone: str
    anonymous: bool


async def contact(work: Work, person: Person, case_id: CaseId) -> Contact | Denied:
    """Name and phone; that they were looked at is written down."""
    found = await authorise(work, person, Act.SEE_CONTACT, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    audit.record(work.tx, work.now, member.actor, "case.contact", case_subject(case_id))
    return Contact(case.name, case.phone, case.anonymous)
