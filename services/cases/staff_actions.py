"""What staff do with a case: the one function that carries any of the actions out.

`perform` asks the right of the table (`services.cases.actions`), applies the action's transition
(`services.cases.workflow`), which writes the history and the audit, and says what came of it. Whoever may not is told
nothing of the case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from services.actors import SYSTEM, Actor, case_subject, staff_actor
from services.cases import workflow
from services.cases.actions import ACTIONS, HIGHEST, Action, AlreadyDone, Inputs, Plan, StaffAction, Takes, earlier_case
from services.cases.event_details import NO_DETAIL, CaseDetail
from services.cases.workflow import Applied, NotAllowed, Stale, TransitionRequest
from services.delegations import acting
from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.unit_of_work import Work
from storage import audit, cards
from storage import cases as rows
from storage.ids import CaseId, CategoryId, OfficeId
from storage.records.cases import Case
from storage.records.residents import Resident

Result = Applied | AlreadyDone | Stale | NotAllowed


@dataclass(frozen=True, slots=True)
class Denied:
    """They may not, or there is no such case: neither is told from the other."""


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
    if not isinstance(plan, Plan):
        return plan
    result = await workflow.apply_to(work, case, _request(spec, plan, actor, given), **plan.changes)
    if isinstance(result, Applied) and spec.finish is not None:
        await spec.finish(work, result)
    return result


async def foresee(work: Work, case: Case, action: Action, inputs: Inputs) -> tuple[Case, CaseDetail]:
    """The case as an action would leave it, and what the event would say: to be shown before it is done."""
    spec = ACTIONS[action]
    plan = await spec.plan(work, case, SYSTEM, inputs)
    if not isinstance(plan, Plan):
        return case, NO_DETAIL
    return await workflow.foreseen(work, case, _request(spec, plan, SYSTEM, inputs), **plan.changes), plan.detail


async def was_transferred(work: Work, case_id: CaseId, came_from: Collection[OfficeId], to: str) -> bool:
    """Whether a case is at an office now, and was before at one of others, which have a card of it."""
    case = await rows.by_id(work.tx, case_id) if came_from else None
    if case is None or case.office != to:
        return False
    shown = [await cards.of(work.tx, case.id, office) for office in came_from if office != case.office]
    return any(one is not None for one in shown)


def _request(spec: StaffAction, plan: Plan, actor: Actor, inputs: Inputs) -> TransitionRequest:
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
    main = await earlier_case(work, earlier) if earlier else None
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
            main = await earlier_case(work, to)
            if main is None:
                return None
            may = await permissions.guard(work, person, Act.STATUS, main.office, case_subject(main.id))
            return None if may is None else main.reference


# ---------------------------------------------------------------------------- whose it is


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whom a case is from, and whether they asked not to be named; `delegate` is who acts for them."""

    name: str
    phone: str
    anonymous: bool
    delegate: Resident | None = None


async def contact(work: Work, person: Person, case_id: CaseId) -> Contact | Denied:
    """Name and phone; that they were looked at is written down."""
    found = await authorise(work, person, Act.SEE_CONTACT, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    audit.record(work.tx, work.now, member.actor, "case.contact", case_subject(case_id))
    delegate = await acting.delegate_of(work, case_subject(case_id))
    return Contact(case.name, case.phone, case.anonymous, delegate)
