"""The photos of an album arrive one by one; in a case's history they are one thing the resident added."""

from __future__ import annotations

from services.actors import resident_actor
from services.cases.resident_actions import own
from services.files.attachments import TOGETHER
from services.unit_of_work import Work
from storage import cases as rows
from storage.ids import FileId, Reference
from storage.records.cases import CaseEvent, CaseEventKind, CaseStatus
from storage.records.residents import Resident


async def add_to_album(
    work: Work, reference: Reference, resident: Resident, files: tuple[FileId, ...]
) -> CaseEvent | None:
    """Put more of an album beside what the resident just added; None where they just added nothing."""
    case = await own(work, reference, resident)
    if case is None or case.status is CaseStatus.AWAITING_RESIDENT:  # it answers a question, as its first part did not
        return None
    event = await rows.last_event(work.tx, case.duplicate_of or case.id, CaseEventKind.INFORMATION)
    if (
        event is None
        or not event.public
        or event.actor != resident_actor(resident.id)
        or work.now - event.at > TOGETHER
    ):
        return None
    rows.attach(work.tx, event.case_id, files, event.id)
    return event
