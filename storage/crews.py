"""Crews in the field: where a member said they were, which cases are around, photos that show what was done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Dialect, Transaction, one_of
from storage.ids import CaseId, OfficeId
from storage.records import Instant, Record
from storage.records.cases import Case


class Box(Record):
    """The square around a point, in degrees."""

    south: float
    north: float
    west: float
    east: float


# ---------------------------------------------------------------------------- where a member is


class StaffPlace(Record):
    """Where somebody said they were, and since when they are waited for to say so."""

    asked_at: Instant | None
    latitude: float | None
    longitude: float | None
    shared_at: Instant | None


async def place_of(tx: Transaction, channel: str, address: str) -> StaffPlace | None:
    sql = "SELECT * FROM staff_places WHERE channel = :channel AND address = :address"
    return StaffPlace.maybe(await tx.one(sql, channel=channel, address=address))


def ask_place(tx: Transaction, channel: str, address: str, at: datetime) -> None:
    tx.later(
        """
        INSERT INTO staff_places (channel, address, asked_at) VALUES (:channel, :address, :at)
        ON CONFLICT (channel, address) DO UPDATE SET asked_at = excluded.asked_at
        """,
        channel=channel,
        address=address,
        at=at,
    )


def keep_place(tx: Transaction, channel: str, address: str, latitude: float, longitude: float, at: datetime) -> None:
    """Keep where they are. The next place that they share is the answer to something else."""
    tx.later(
        """
        INSERT INTO staff_places (channel, address, asked_at, latitude, longitude, shared_at)
        VALUES (:channel, :address, NULL, :latitude, :longitude, :at)
        ON CONFLICT (channel, address) DO UPDATE SET asked_at = excluded.asked_at, latitude = excluded.latitude,
            longitude = excluded.longitude, shared_at = excluded.shared_at
        """,
        channel=channel,
        address=address,
        latitude=latitude,
        longitude=longitude,
        at=at,
    )


async def forget_place(tx: Transaction, channel: str, address: str) -> None:
    """Where one person said they were, and that they are waited for."""
    sql = "DELETE FROM staff_places WHERE channel = :channel AND address = :address"
    await tx.run(sql, channel=channel, address=address)


async def forget_places(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete where staff were, so that nobody is tracked. Returns how many places were deleted."""
    return await tx.run(
        """
        DELETE FROM staff_places WHERE (channel, address) IN (
            SELECT channel, address FROM staff_places WHERE coalesce(shared_at, asked_at) < :before
            ORDER BY coalesce(shared_at, asked_at) LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


# ---------------------------------------------------------------------------- what is around

_AROUND = {
    dialect: f"""
        SELECT * FROM cases WHERE {one_of(dialect, "office", "offices")} AND latitude BETWEEN :south AND :north
            AND longitude BETWEEN :west AND :east AND closed_at IS NULL AND status <> 'resolved'
        ORDER BY priority DESC, id DESC LIMIT :limit
    """
    for dialect in Dialect
}
_IN_BLOCK = {
    dialect: f"""
        SELECT * FROM cases WHERE block = :block AND {one_of(dialect, "office", "offices")} AND closed_at IS NULL
            AND status <> 'resolved' AND latitude IS NULL
        ORDER BY priority DESC, next_due, id LIMIT :limit
    """
    for dialect in Dialect
}


async def around(tx: Transaction, offices: Collection[OfficeId], box: Box, limit: int) -> list[Case]:
    """Open cases with a pin in a box."""
    rows = await tx.all(_AROUND[tx.dialect], offices=tuple(offices), limit=limit, **box.model_dump())
    return [Case.of(row) for row in rows]


async def in_block(tx: Transaction, offices: Collection[OfficeId], block: int, limit: int) -> list[Case]:
    """Open cases of a block of which nothing nearer is known."""
    rows = await tx.all(_IN_BLOCK[tx.dialect], offices=tuple(offices), block=block, limit=limit)
    return [Case.of(row) for row in rows]


# ---------------------------------------------------------------------------- proof


class Proof(Record):
    """Photos with which a case was called solved."""

    at: Instant
    photos: int
    metres: int | None  # from the case's place, as far as that is known


def add_proof(tx: Transaction, case: CaseId, event: int, at: datetime, photos: int, metres: int | None) -> None:
    tx.later(
        """
        INSERT INTO case_proofs (event_id, case_id, at, photos, metres) VALUES (:event, :case_id, :at, :photos, :metres)
        ON CONFLICT (event_id) DO NOTHING
        """,
        event=event,
        case_id=case,
        at=at,
        photos=photos,
        metres=metres,
    )


async def proof_of(tx: Transaction, case: CaseId) -> Proof | None:
    """The newest of a case."""
    sql = "SELECT * FROM case_proofs WHERE case_id = :case_id ORDER BY event_id DESC LIMIT 1"
    return Proof.maybe(await tx.one(sql, case_id=case))
