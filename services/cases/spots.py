"""What was reported at the same spot before; where it comes back each time, its cause is to be looked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.points import box_around, distance
from services.unit_of_work import Work
from storage import spots as rows
from storage.records.cases import Case
from storage.spots import CaseLine

__all__ = ["ROOT_CAUSE_DAYS", "SPOT", "CaseLine", "at_spot", "recurring"]

#: How far apart two pins of one spot are at most, in metres.
SPOT = 30
#: What is reported again within so many days after it was closed has a cause that was not dealt with.
ROOT_CAUSE_DAYS = 90
_MOST = 30


async def at_spot(work: Work, case: Case, since: datetime, limit: int) -> tuple[CaseLine, ...]:
    """What was reported at a case's spot since then, by whomever: at its road, or around its pin; the newest first."""
    found: dict[int, CaseLine] = {}
    if case.block is not None and case.road:
        for one in await rows.at_road(work.tx, case.office, case.block, case.road, case.id, since, _MOST):
            # Two pins on one long road that are far apart are two spots; without one of them nobody can tell.
            if _is_near(case, one, unknown=True):
                found[one.id] = one
    if case.latitude is not None and case.longitude is not None:
        south, north, west, east = box_around(case.latitude, case.longitude, SPOT)
        for one in await rows.at_pin(
            work.tx,
            case.office,
            south=south,
            north=north,
            west=west,
            east=east,
            but=case.id,
            since=since,
            limit=_MOST,
        ):
            if _is_near(case, one, unknown=False):
                found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: (one.created_at, one.id), reverse=True)[:limit])


def _is_near(case: Case, other: CaseLine, *, unknown: bool) -> bool:
    if case.latitude is None or case.longitude is None or other.latitude is None or other.longitude is None:
        return unknown
    return distance(case.latitude, case.longitude, other.latitude, other.longitude) <= SPOT


async def recurring(work: Work, case: Case) -> tuple[CaseLine, ...]:
    """The earlier reports of the same at the same spot, where one of them was closed in the days before this one.

    None where it is the first, or where the others are still open: those are one matter reported twice.
    """
    since = case.created_at - timedelta(days=ROOT_CAUSE_DAYS)
    before = [
        one
        for one in await at_spot(work, case, since, _MOST)
        if one.category == case.category and one.created_at <= case.created_at
    ]
    closed = any(one.closed_at is not None and since <= one.closed_at <= case.created_at for one in before)
    return tuple(before) if closed else ()
