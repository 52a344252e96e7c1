"""The case that a promise is kept by: opened with it, changed with it, ended or opened again by what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.actors import Actor
from services.cases import resident_actions, workflow
from services.cases.event_details import EndedAs, ToOwner
from services.cases.resident_actions import NewCase, begun_anew
from services.cases.updates import tell_staff
from services.cases.workflow import ENDED, OPEN, Applied, Transition, TransitionRequest
from services.offices.offices import TopicId
from services.promises.moments import closes_on
from services.promises.parties import Party
from services.unit_of_work import Work
from storage import cases as rows
from storage.ids import CaseId, CategoryId, OfficeId
from storage.records.bookings import Booking
from storage.records.cases import Case, CaseKind, CaseStatus, Outcome
from storage.records.residents import Resident

#: How a case that a meeting opened was received.
SOURCE = "promise"
#: What the office still has to do comes first: of these the first that the office takes.
_KINDS = (CaseKind.SERVICE_REQUEST, CaseKind.COMPLAINT, CaseKind.OBSERVATION, CaseKind.SUGGESTION)
_GENERAL = CategoryId("other")
#: Of what was promised and not done: above what is usual.
URGENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromise:
    """What is promised, by whom, until when."""

    what: str
    party: Party
    due: date


async def open_case(work: Work, booking: Booking, resident: Resident, promise: NewPromise, actor: Actor) -> Case:
    """A case of the meeting's resident, owned by whoever promised, to be closed by the day that was promised."""
    filed = NewCase(
        kind=_kind(work, booking.office),
        category=_category(work, booking, promise.party),
        office=booking.office,
        words=promise.what,
        name=booking.name,
        phone=booking.phone,
        project=booking.project,
        registration=booking.registration,
        source=SOURCE,
    )
    case = await resident_actions.file(work, resident, filed, actor)
    # The promise is in writing with the resident: that is the first answer. Nothing is late before its day.
    targets = await _targets(work, case, promise)
    after = case.model_copy(update={"answered_at": work.now, **targets})
    await rows.save(work.tx, case, after)
    await _give_to(work, after, promise.party, actor)
    return after


async def _targets(work: Work, case: Case, promise: NewPromise) -> dict[str, datetime]:
    """All that the office still owes is owed by the promised day."""
    due = await closes_on(work, case.office, promise.due)
    return {"triage_due": due, "update_due": due, "close_due": due}


def _kind(work: Work, office: OfficeId) -> CaseKind:
    found = work.offices.get(office)
    return next(kind for kind in _KINDS if found is None or kind in found.kinds)


def _category(work: Work, booking: Booking, party: Party) -> CategoryId:
    """The topic's category. One that would be referred elsewhere at once is left, unless that body promised it."""
    known = [one.id for one in work.offices.categories_for(booking.office)] or [_GENERAL]
    topic = work.offices.topic(TopicId(booking.topic))
    found = work.offices.category(topic.category) if topic is not None else None
    body = work.offices.body(found.owner) if found is not None else None
    if found is not None and found.id in known and not (body and body.refers and body.id != party.body):
        return found.id
    return _GENERAL if _GENERAL in known else known[0]


async def _give_to(work: Work, case: Case, party: Party, actor: Actor) -> None:
    if party.owner and party.owner != case.owner and workflow.can(case, Transition.ASSIGN):
        request = TransitionRequest(transition=Transition.ASSIGN, actor=actor, detail=ToOwner(party.owner))
        await workflow.apply(work, case.id, request, owner=party.owner)


async def change(work: Work, case_id: CaseId, promise: NewPromise, actor: Actor) -> None:
    """The promise was corrected: the case says so to staff, and has its new day."""
    case = await rows.lock(work.tx, case_id)
    if case is None or case.status in ENDED:
        return
    request = TransitionRequest(transition=Transition.NOTE, actor=actor, words=promise.what)
    applied = await workflow.apply_to(work, case, request, **await _targets(work, case, promise))
    if isinstance(applied, Applied):
        await _give_to(work, applied.case, promise.party, actor)


async def call_off(work: Work, case_id: CaseId, actor: Actor) -> None:
    """Nothing was promised after all. The resident hears of it with the correction."""
    await workflow.apply(work, case_id, TransitionRequest(transition=Transition.CALL_OFF, actor=actor))


async def close_as_done(work: Work, case_id: CaseId, actor: Actor) -> None:
    """The resident says that it was done, whether staff have said so or not."""
    request = TransitionRequest(transition=Transition.CONFIRM_DONE, actor=actor, detail=EndedAs(Outcome.FIXED))
    applied = await workflow.apply(work, case_id, request, outcome=Outcome.FIXED, resolved_at=work.now)
    if isinstance(applied, Applied):
        tell_staff(work, applied.case, applied.event)


async def open_again(work: Work, case_id: CaseId, actor: Actor) -> Case | None:
    """It was not done: the case is open again, and urgent."""
    case = await rows.lock(work.tx, case_id)
    if case is None:
        return None
    urgent = max(case.priority, URGENT)
    if case.status in OPEN:
        request = TransitionRequest(transition=Transition.ESCALATE, actor=actor)
        applied = await workflow.apply_to(work, case, request, priority=urgent)
    else:
        transition = Transition.NOT_FIXED if case.status is CaseStatus.RESOLVED else Transition.REOPEN
        request = TransitionRequest(transition=transition, actor=actor, detail=EndedAs(Outcome.NOT_FIXED))
        anew = await begun_anew(work, case, Outcome.NOT_FIXED)
        applied = await workflow.apply_to(work, case, request, **{**anew, "priority": urgent})
    if not isinstance(applied, Applied):
        return case
    tell_staff(work, applied.case, applied.event)
    return applied.case
