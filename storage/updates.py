"""Which updates were handled, and which could not be."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.records import Instant, Record


class ParkedUpdate(Record):
    channel: str
    update_id: int
    tries: int
    error: str
    first_at: Instant
    parked_at: Instant | None


async def seen(tx: Transaction, channel: str, update_id: int) -> bool:
    row = await tx.one(
        "SELECT 1 FROM updates WHERE channel = :channel AND update_id = :id", channel=channel, id=update_id
    )
    return row is not None


def mark_seen(tx: Transaction, channel: str, update_id: int, at: datetime) -> None:
    """A second insert of the same update breaks the transaction, whatever else went wrong."""
    tx.later(
        "INSERT INTO updates (channel, update_id, received_at) VALUES (:channel, :id, :at)",
        channel=channel,
        id=update_id,
        at=at,
    )


async def failed(tx: Transaction, channel: str, update_id: int, raw: str, error: str, limit: int, at: datetime) -> bool:
    """Count a failed try; True once there were `limit` and the update is parked."""
    # Whatever came over the wire may hold a NUL, which PostgreSQL's text cannot.
    raw, error = raw.replace("\0", "\ufffd"), error.replace("\0", "\ufffd")
    row = await tx.one(
        """
        INSERT INTO parked_updates (channel, update_id, raw, tries, error, first_at)
        VALUES (:channel, :id, :raw, 1, :error, :at)
        ON CONFLICT (channel, update_id) DO UPDATE SET tries = parked_updates.tries + 1, error = excluded.error
        RETURNING tries
        """,
        channel=channel,
        id=update_id,
        raw=raw,
        error=error,
        at=at,
    )
    if row is None or not isinstance(tries := row["tries"], int) or tries < limit:
        return False
    tx.later(
        "UPDATE parked_updates SET parked_at = :at WHERE channel = :channel AND update_id = :id AND parked_at IS NULL",
        channel=channel,
        id=update_id,
        at=at,
    )
    return True


async def parked(tx: Transaction) -> list[ParkedUpdate]:
    rows = await tx.all("SELECT * FROM parked_updates WHERE parked_at IS NOT NULL ORDER BY parked_at DESC LIMIT 100")
    return [ParkedUpdate.of(row) for row in rows]


async def forget_before(tx: Transaction, instant: datetime) -> int:
    """Telegram repeats an update for a day at most, so older marks are no longer needed."""
    return await tx.run("DELETE FROM updates WHERE received_at < :instant", instant=instant)


async def count_parked(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM parked_updates WHERE parked_at IS NOT NULL")
    return 0 if row is None else int(str(row["n"]))
