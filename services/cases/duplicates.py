"""The same matter reported twice: a stranger's open case nearby is shown, and can be joined."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.actors import case_subject, resident_actor
from services.cases.public_view import seen_by_others
from services.cases.updates import tell_staff
from services.cases.workflow import OPEN
from services.points import box_around, distance
from services.unit_of_work import Work
from storage import audit
from storage import cases as rows
from storage.ids import CaseId, CategoryId, OfficeId, ResidentId
from storage.records.cases import Case, CaseEventKind
from storage.records.residents import Resident

#: How far apart two reports of one matter are taken to be, in metres, and how many are shown.
WITHIN, SHOWN = 250, 5

_CANDIDATES = 50
_PHOTO = "photo"  # among the kinds of files


@dataclass(frozen=True, slots=True)
class Similar:
    """A stranger's case as strangers see it; `metres` is None where the road is all that is known to be the same."""

    case: Case
    metres: int | None
    joiners: int
    photos: int = 0


@dataclass(frozen=True, slots=True)
class AlreadyJoined:
    """It is their own, or they had joined it before."""

    case: Case


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such case, or it has ended."""


async def similar(
    work: Work,
    category: CategoryId,
    office: OfficeId,
    latitude: float | None,
    longitude: float | None,
    block: int | None,
    road: str,
    resident_id: ResidentId,
) -> tuple[Similar, ...]:
    """Others' open cases of the same category: within 250 m by their pins, the nearest first, then at the same road."""
    found: dict[CaseId, Similar] = {}
    if latitude is not None and longitude is not None:
        for case, joiners in await _in_box(work, category, latitude, longitude, resident_id):
            if case.latitude is None or case.longitude is None:
                continue
            metres = round(distance(latitude, longitude, case.latitude, case.longitude))
            if metres <= WITHIN:
                found[case.id] = Similar(case, metres, joiners)
    near = sorted(found.values(), key=lambda one: one.metres or 0)
    if block is None or not road:
        return await _as_strangers_see(work, near[:SHOWN])
    at_road = await rows.at_road(
        work.tx, category=category, office=office, resident=resident_id, block=block, road=road, limit=_CANDIDATES
    )
    # Two pins on one long road that are far apart are two matters; without one of the pins nobody can tell.
    unpinned = [
        Similar(case, None, joiners)
        for case, joiners in at_road
        if case.id not in found and (latitude is None or case.latitude is None)
    ]
    return await _as_strangers_see(work, [*near, *unpinned][:SHOWN])


async def _as_strangers_see(work: Work, found: list[Similar]) -> tuple[Similar, ...]:
    """Without what tells whose they are, and with the words that may be read."""
    return tuple(
        [replace(one, case=await seen_by_others(work, one.case), photos=await _photos(work, one.case)) for one in found]
    )


async def _photos(work: Work, case: Case) -> int:
    found = await rows.files(work.tx, case.id)
    return sum(file.kind == _PHOTO and file.resident_id == case.resident_id for file, _ in found)


async def _in_box(
    work: Work, category: CategoryId, latitude: float, longitude: float, resident: ResidentId
) -> list[tuple[Case, int]]:
    """Cases in the square around a point, which an index finds; the circle in it is for the caller to cut out."""
    south, north, west, east = box_around(latitude, longitude, WITHIN)
    return await rows.nearby(
        work.tx,
        category=category,
        resident=resident,
        south=south,
        north=north,
        west=west,
        east=east,
        limit=_CANDIDATES,
    )


async def join(work: Work, case_id: CaseId, resident: Resident) -> Case | AlreadyJoined | Gone:
    """It is theirs too: they hear what becomes of it, and it weighs more. For a duplicate, its main case is joined."""
    case = await rows.lock(work.tx, case_id)
    if case is not None and case.duplicate_of is not None:
        case = await rows.lock(work.tx, case.duplicate_of)
    if case is None or case.status not in OPEN:
        return Gone()
    if case.resident_id == resident.id or not await rows.follow(work.tx, case.id, resident.id, work.now):
        return AlreadyJoined(case if case.resident_id == resident.id else await seen_by_others(work, case))
    rows.raise_priority(work.tx, case.id, work.now)
    actor = resident_actor(resident.id)
    event = await rows.add_event(work.tx, case.id, work.now, actor, CaseEventKind.JOINED, public=False)
    audit.record(work.tx, work.now, actor, "case.join", case_subject(case.id))
    tell_staff(work, case, event)
    return await seen_by_others(work, case.model_copy(update={"priority": case.priority + 1}))
