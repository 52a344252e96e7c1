"""What staff do with an alert: answer for it, or say that nothing is dangerous."""

from __future__ import annotations

from services.actors import case_subject
from services.cases import staff_actions
from services.cases.actions import Action, Inputs
from services.notify.enqueue import notify_resident
from services.notify.notices.cases import DangerTaken
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import audit
from storage import dangers as rows
from storage.dangers import Alert
from storage.records.cases import Case

_USUAL = 0  # the priority of a case


async def take(work: Work, person: Person, case: Case) -> Alert | None:
    """Answer for an alert; the alert as it is then, which somebody else may have taken. None where they may not."""
    if await permissions.guard(work, person, Act.STATUS, case.office, case_subject(case.id)) is None:
        return None
    if await rows.take(work.tx, case.id, person.actor, work.now):
        audit.record(work.tx, work.now, person.actor, "danger.taken", case_subject(case.id))
        key = f"danger:{case.id}:taken:{work.now.isoformat()}"
        await notify_resident(work, case.resident_id, DangerTaken(case=case.id), key=key, subject=case_subject(case.id))
    return await rows.of_case(work.tx, case.id)


async def dismiss(work: Work, person: Person, case: Case) -> Alert | None:
    """Nothing is dangerous: the alert ends, and the case is an ordinary one. None where they may not, or it ended."""
    if await permissions.guard(work, person, Act.STATUS, case.office, case_subject(case.id)) is None:
        return None
    if not await rows.dismiss(work.tx, case.id, person.actor, work.now):
        return await rows.of_case(work.tx, case.id)
    await staff_actions.apply(work, case.id, Action.PRIORITY, person.actor, Inputs(to=str(_USUAL)))
    audit.record(work.tx, work.now, person.actor, "danger.dismissed", case_subject(case.id))
    return await rows.of_case(work.tx, case.id)
