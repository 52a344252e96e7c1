"""What was reported at the same spot before: at a road of a block, or within some metres of a pin."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import CaseId, CategoryId, OfficeId, Reference
from storage.records import Instant, Record
from storage.records.cases import CaseStatus

_LINE = "SELECT id, reference, category, status, created_at, closed_at, latitude, longitude FROM cases"
_NEWEST = "AND id <> :but AND created_at >= :since ORDER BY created_at DESC, id DESC LIMIT :limit"
_AT_ROAD = f"{_LINE} WHERE block = :block AND office = :office AND road = :road {_NEWEST}"
_AT_PIN = f"""
{_LINE} WHERE office = :office AND latitude BETWEEN :south AND :north AND longitude BETWEEN :west AND :east {_NEWEST}
"""


class CaseLine(Record):
    """One case in a list of several: nobody's name, nobody's words."""

    id: CaseId
    reference: Reference
    category: CategoryId
    status: CaseStatus
    created_at: Instant
    closed_at: Instant | None
    latitude: float | None = None
    longitude: float | None = None


async def at_road(
    tx: Transaction, office: OfficeId, block: int, road: str, but: CaseId, since: datetime, limit: int
) -> tuple[CaseLine, ...]:
    """What was reported at a road of a block, by whomever, the newest first."""
    rows = await tx.all(_AT_ROAD, office=office, block=block, road=road, but=but, since=since, limit=limit)
    return tuple(CaseLine.of(row) for row in rows)


async def at_pin(
    tx: Transaction,
    office: OfficeId,
    *,
    south: float,
    north: float,
    west: float,
    east: float,
    but: CaseId,
    since: datetime,
    limit: int,
) -> tuple[CaseLine, ...]:
    """What was reported in a box around a pin."""
    box = {"south": south, "north": north, "west": west, "east": east}
    rows = await tx.all(_AT_PIN, office=office, but=but, since=since, limit=limit, **box)
    return tuple(CaseLine.of(row) for row in rows)
