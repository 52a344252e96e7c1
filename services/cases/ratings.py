"""How content people are with what became of their cases: one to five, once for each resolution."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import resident_actor
from services.cases.event_details import Stars
from services.cases.updates import show_card
from services.cases.workflow import NotAllowed
from services.unit_of_work import Work
from storage import cases, ratings
from storage.ids import Reference
from storage.records.cases import Case, CaseEventKind, CaseStatus
from storage.records.residents import Resident

_RATEABLE = frozenset({CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.REJECTED, CaseStatus.OUTSIDE_REMIT})


@dataclass(frozen=True, slots=True)
class Rated:
    """It is recorded; `changed` where another number was there before."""

    case: Case
    stars: int
    changed: bool


async def rate(work: Work, reference: Reference, resident: Resident, stars: int) -> Rated | NotAllowed:
    """Record a tap at once. A second one of the same resolution changes the first. `stars` is 1 to 5."""
    case = await _rateable(work, reference, resident)
    if isinstance(case, NotAllowed):
        return case
    before = await ratings.of(work.tx, "case", case.id, case.round, resident.id)
    if before is not None and before.stars == stars:
        return Rated(case, stars, changed=False)
    await ratings.put(work.tx, "case", case.id, case.round, resident.id, stars, work.now)
    await cases.add_event(
        work.tx,
        case.id,
        work.now,
        resident_actor(resident.id),
        CaseEventKind.RATED,
        public=False,
        detail=Stars(stars).stored,
    )
    show_card(work, case.id, case.office)
    return Rated(case, stars, changed=before is not None)


async def given(work: Work, case: Case, resident: Resident) -> int | None:
    """The stars that a resident gave the last resolution of a case; None where they gave none."""
    rating = await ratings.of(work.tx, "case", case.id, case.round, resident.id)
    return None if rating is None else rating.stars


async def comment(work: Work, reference: Reference, resident: Resident, words: str) -> Rated | NotAllowed:
    """Words to a rating that was given."""
    case = await _rateable(work, reference, resident)
    if isinstance(case, NotAllowed):
        return case
    rating = await ratings.of(work.tx, "case", case.id, case.round, resident.id)
    if rating is None:
        return NotAllowed(case.status)
    ratings.comment(work.tx, rating.id, words)
    await cases.add_event(
        work.tx, case.id, work.now, resident_actor(resident.id), CaseEventKind.COMMENTED, public=False, words=words
    )
    show_card(work, case.id, case.office)
    return Rated(case, rating.stars, changed=False)


async def _rateable(work: Work, reference: Reference, resident: Resident) -> Case | NotAllowed:
    """Whose case it is and who joined it may rate it, once it has come to something."""
    case = await cases.lock_reference(work.tx, reference)
    if case is None:
        return NotAllowed(None)
    if case.resident_id != resident.id and not await cases.follows(work.tx, case.id, resident.id):
        return NotAllowed(None)
    return case if case.status in _RATEABLE else NotAllowed(case.status)
