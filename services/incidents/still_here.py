"""A request was closed with an incident, and its resident says that it is still there."""

from __future__ import annotations

from services.actors import case_subject, resident_actor
from services.cases import resident_actions
from services.cases.resident_actions import NotAllowed
from services.incidents import cards, joining
from services.unit_of_work import Work
from storage import audit
from storage import cases as case_rows
from storage import incidents as rows
from storage.incidents import State
from storage.records.cases import Case
from storage.records.residents import Resident

#: What is still there after all else was seen to comes before what is usual.
_PRIORITY = 1
_MOST = 5  # of one resident's requests that a message names


async def say(work: Work, case: Case, resident: Resident) -> Case | NotAllowed:
    """It is an ordinary case again, with priority, under the same reference."""
    found = await joining.incident_of(work, case.id)
    if found is None or found[1] is not State.CLOSED:
        return NotAllowed(case.status if case.resident_id == resident.id else None)
    incident, _ = found
    reopened = await resident_actions.reopen(work, case.reference, resident, "")
    if isinstance(reopened, NotAllowed):
        return reopened
    await rows.move(work.tx, incident.id, case.id, work.now, before=State.CLOSED, after=State.STILL)
    if reopened.priority < _PRIORITY:
        case_rows.raise_priority(work.tx, case.id, work.now)
    audit.record(work.tx, work.now, resident_actor(resident.id), "incident.still_here", case_subject(case.id))
    cards.show_later(work, incident)
    return reopened


async def of_resident(work: Work, case: Case) -> tuple[Case, ...]:
    """The cases of whose resident `case` is that were closed with the same incident."""
    found = await joining.incident_of(work, case.id)
    if found is None:
        return ()
    theirs = await rows.of_resident(work.tx, found[0].id, case.resident_id, _MOST)
    return tuple(one for one, state in theirs if state is State.CLOSED)
