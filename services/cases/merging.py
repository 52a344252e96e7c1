"""A case merged with an earlier one: what staff see of both before it is done, and how it is taken apart again."""

from __future__ import annotations

from services.actors import Actor, case_subject, resident_actor
from services.cases import staff_actions, workflow
from services.cases.actions import earlier_case
from services.cases.duplicates import WITHIN
from services.cases.event_details import SEPARATED
from services.cases.resident_actions import begun_anew
from services.cases.staff_actions import Denied
from services.cases.updates import show_card, tell_staff
from services.cases.workflow import ENDED, REOPENABLE, Applied, NotAllowed, Stale, Transition, TransitionRequest, can
from services.points import distance
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import cases as rows
from storage import delegations
from storage.ids import CaseId, Reference
from storage.records.cases import Case, CaseEventKind, Outcome
from storage.records.residents import Resident

RIGHT = Act.STATUS


async def earlier(work: Work, person: Person, case: Case, reference: str) -> Case | Denied | None:
    """The open case that `case` may be merged with; None where the reference names none."""
    main = await earlier_case(work, reference)
    if main is None:
        return None
    if await permissions.guard(work, person, RIGHT, main.office, case_subject(main.id)) is None:
        return Denied()
    return None if main.id == case.id or main.status in ENDED else main


def are_apart(one: Case, other: Case) -> bool:
    """Whether two cases are known to be at different places."""
    here, there = one.latitude, other.latitude
    if here is not None and there is not None and one.longitude is not None and other.longitude is not None:
        return distance(here, one.longitude, there, other.longitude) > WITHIN
    if one.block is None or other.block is None:
        return False
    return one.block != other.block or bool(one.road and other.road and one.road != other.road)


# ---------------------------------------------------------------------------- taking apart


def can_object(work: Work, case: Case) -> bool:
    """Whether its applicant may still say that it is a different matter."""
    since = case.closed_at
    return can(case, Transition.SEPARATE) and since is not None and work.now - since <= REOPENABLE


async def object_to(work: Work, reference: Reference, resident: Resident) -> Case | NotAllowed:
    """The applicant says that theirs is a different matter; staff hear of it."""
    case = await rows.by_reference(work.tx, reference)
    if case is None or case.resident_id != resident.id:
        return NotAllowed(None)
    if not can_object(work, case):
        return NotAllowed(case.status)
    result = await _separate(work, case, resident_actor(resident.id), None)
    if not isinstance(result, Applied):
        return NotAllowed(result.case.status if isinstance(result, Stale) else result.status)
    tell_staff(work, result.case, result.event)
    return result.case


async def separate(work: Work, person: Person, case_id: CaseId, version: int) -> Applied | Stale | NotAllowed | Denied:
    """A member takes back that a case was merged, where nobody has changed it since."""
    found = await staff_actions.authorise(work, person, RIGHT, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    return await _separate(work, case, member.actor, version)


async def _separate(work: Work, case: Case, actor: Actor, version: int | None) -> Applied | Stale | NotAllowed:
    """Open it again, on its own. Who followed the earlier one only for this one's sake does so no longer."""
    for each in sorted({case.id} if case.duplicate_of is None else {case.id, case.duplicate_of}):
        await rows.lock(work.tx, each)
    merged = await rows.last_event(work.tx, case.id, CaseEventKind.DUPLICATE)
    request = TransitionRequest(transition=Transition.SEPARATE, actor=actor, detail=SEPARATED, version=version)
    anew = await begun_anew(work, case, Outcome.NONE)
    result = await workflow.apply(work, case.id, request, duplicate_of=None, **anew)
    main = None if case.duplicate_of is None else await rows.by_id(work.tx, case.duplicate_of)
    if isinstance(result, Applied) and main is not None and merged is not None:
        await rows.move_followers_back(work.tx, case, main.id, merged.at)
        await delegations.leave_main(work.tx, case.id, main.id, merged.at)
        show_card(work, main.id, main.office)
    return result
