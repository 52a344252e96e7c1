"""Photos that show what was done: when they came, and how far from the case's place their member was."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import staff_address
from services.cases.workflow import Applied
from services.points import distance
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import cases as case_rows
from storage import crews as rows
from storage.crews import Proof
from storage.ids import CaseId
from storage.records.cases import Case, CaseEvent

__all__ = ["PLACE_COUNTS", "Proof", "note", "of_case"]

#: How long a place that a member shared says where they are.
PLACE_COUNTS = timedelta(minutes=30)
_PHOTO = "photo"  # among the kinds of files
_ROUNDED = 10  # metres: a phone knows no better


async def note(work: Work, applied: Applied) -> None:
    """Keep with what photos a case was called solved, and from where."""
    photos = [
        file
        for file, event in await case_rows.files(work.tx, applied.case.id)
        if event == applied.event.id and file.kind == _PHOTO
    ]
    if photos:
        metres = await _metres(work, applied.case, applied.event)
        rows.add_proof(work.tx, applied.case.id, applied.event.id, work.now, len(photos), metres)


async def of_case(work: Work, case: CaseId) -> Proof | None:
    """The newest photos with which a case was called solved."""
    return await rows.proof_of(work.tx, case)


async def _metres(work: Work, case: Case, event: CaseEvent) -> int | None:
    """How far from the case's place its member was; None where either place is not known."""
    here = await rows.place_of(work.tx, TELEGRAM, staff_address(event.actor))
    if here is None or here.latitude is None or here.longitude is None or not _counts(here.shared_at, work.now):
        return None
    if case.latitude is None or case.longitude is None:
        return None
    found = distance(here.latitude, here.longitude, case.latitude, case.longitude)
    return round(found / _ROUNDED) * _ROUNDED


def _counts(shared_at: datetime | None, now: datetime) -> bool:
    return shared_at is not None and shared_at <= now <= shared_at + PLACE_COUNTS
