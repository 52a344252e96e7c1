"""Who is told what of a case: the resident and all who joined, the office's staff."""

from __future__ import annotations

from datetime import datetime

from services.actors import case_subject, resident_actor
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.cases import CaseUpdate, StaffCard, StaffCase
from services.unit_of_work import Work
from storage import cases
from storage.ids import CaseId, OfficeId, ResidentId
from storage.records.cases import Case, CaseEvent, CaseEventKind

#: Mere progress: not sent to those who chose not to be told. Questions, answers and endings always are.
PROGRESS = frozenset(
    {
        CaseEventKind.TAKEN_UP,
        CaseEventKind.WORK_STARTED,
        CaseEventKind.TRANSFERRED,
        CaseEventKind.RECATEGORISED,
        CaseEventKind.OVERDUE,
    }
)


def resident_key(event: CaseEvent, resident: ResidentId) -> str:
    """By what a resident is told an event no more than once."""
    return f"{case_subject(event.case_id)}:{event.id}:{resident}"


async def tell_audience(work: Work, case: Case, event: CaseEvent, *, not_before: datetime | None = None) -> None:
    """Owe the resident and all who joined an event, once each.

    What a resident added is between them and the office; what a resident did is no news to themselves.
    """
    if event.what is CaseEventKind.INFORMATION:
        return
    for person in await cases.audience(work.tx, case.id):
        muted = event.what in PROGRESS and not person.wants_progress
        if not muted and event.actor != resident_actor(person.id):
            await tell_resident(work, person.id, event, not_before=not_before)


async def tell_resident(
    work: Work, resident: ResidentId, event: CaseEvent, *, not_before: datetime | None = None
) -> None:
    """Owe one person an event."""
    await notify_resident(
        work,
        resident,
        CaseUpdate(case=event.case_id, event=event.id),
        key=resident_key(event, resident),
        subject=case_subject(event.case_id),
        not_before=not_before,
    )


def staff_key(event: CaseEvent) -> str:
    """By what an office is told an event no more than once."""
    return f"{case_subject(event.case_id)}:{event.id}:staff"


def tell_staff(work: Work, case: Case, event: CaseEvent, *, not_before: datetime | None = None) -> None:
    """Owe the office's staff an event: below the case's card, which shows it as well."""
    show_card(work, case.id, case.office, not_before=not_before)
    notify_office(
        work,
        case.office,
        StaffCase(case=case.id, event=event.id, office=case.office),
        key=staff_key(event),
        subject=case_subject(case.id),
        not_before=not_before,
    )


def show_card(work: Work, case: CaseId, office: OfficeId, *, not_before: datetime | None = None) -> None:
    """Have an office's card of a case show how the case stands; of several in a row, the last one is enough."""
    notify_office(
        work,
        office,
        StaffCard(case=case, office=office),
        key=None,
        supersedes=f"shows:{case}:{office}",
        subject=case_subject(case),
        not_before=not_before,
    )
