"""Which updates were handled, and which could not be."""

from __future__ import annotations

from datetime import datetime

from storage.database import Dialect, Transaction
from storage.ids import UpdateId
from storage.records import Instant, Record


class DeadLetter(Record):
    """An update that could not be handled. What it says is private, and so is what its `error` says after `what`."""

    channel: str
    update_id: UpdateId
    raw: str
    tries: int
    error: str
    first_at: Instant
    dead_at: Instant | None
    replay_at: Instant | None  # given back at: it waits to be taken once more

    @property
    def what(self) -> str:
        """The error without its words, which may quote a person: "KeyError at conversations/home/main_menu.py:12"."""
        return self.error.partition(": ")[0].partition("\n")[0]


async def seen(tx: Transaction, channel: str, update_id: UpdateId) -> bool:
    row = await tx.one(
        "SELECT 1 FROM updates WHERE channel = :channel AND update_id = :id", channel=channel, id=update_id
    )
    return row is not None


def mark_seen(tx: Transaction, channel: str, update_id: UpdateId, at: datetime) -> None:
    """A second insert of the same update breaks the transaction, whatever else went wrong."""
    tx.later(
        "INSERT INTO updates (channel, update_id, received_at) VALUES (:channel, :id, :at)",
        channel=channel,
        id=update_id,
        at=at,
    )


async def failed(
    tx: Transaction, channel: str, update_id: UpdateId, raw: str, error: str, limit: int, at: datetime
) -> bool:
    """Count a failed try; True once there were `limit` and the update is a dead letter."""
    # Whatever came over the wire may hold a NUL, which PostgreSQL's text cannot.
    raw, error = raw.replace("\0", "\ufffd"), error.replace("\0", "\ufffd")
    row = await tx.one(
        """
        INSERT INTO dead_letters (channel, update_id, raw, tries, error, first_at)
        VALUES (:channel, :id, :raw, 1, :error, :at)
        ON CONFLICT (channel, update_id) DO UPDATE SET tries = dead_letters.tries + 1, error = excluded.error
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
        "UPDATE dead_letters SET dead_at = :at WHERE channel = :channel AND update_id = :id AND dead_at IS NULL",
        channel=channel,
        id=update_id,
        at=at,
    )
    return True


async def dead_letters(tx: Transaction) -> list[DeadLetter]:
    """Every update that is set aside, in the order they came."""
    rows = await tx.all("SELECT * FROM dead_letters WHERE dead_at IS NOT NULL ORDER BY channel, first_at, update_id")
    return [DeadLetter.of(row) for row in rows]


async def newest_dead_letters(tx: Transaction, limit: int) -> list[DeadLetter]:
    sql = "SELECT * FROM dead_letters WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT :limit"
    return [DeadLetter.of(row) for row in await tx.all(sql, limit=limit)]


async def count_dead_letters(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM dead_letters WHERE dead_at IS NOT NULL")
    return 0 if row is None else int(str(row["n"]))


# ---------------------------------------------------------------------------- once more


async def dead_letter(tx: Transaction, channel: str, update_id: UpdateId) -> DeadLetter | None:
    """One that is set aside. Whoever takes it or lets it go at the same time waits."""
    sql = "SELECT * FROM dead_letters WHERE channel = :channel AND update_id = :id AND dead_at IS NOT NULL"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR UPDATE"
    return DeadLetter.maybe(await tx.one(sql, channel=channel, id=update_id))


async def give_back(tx: Transaction, channel: str, update_id: UpdateId, at: datetime) -> bool:
    """Have it taken once more; False where it is not set aside, or somebody gave it back before."""
    changed = await tx.run(
        """
        UPDATE dead_letters SET replay_at = :at
        WHERE channel = :channel AND update_id = :id AND dead_at IS NOT NULL AND replay_at IS NULL
        """,
        channel=channel,
        id=update_id,
        at=at,
    )
    return changed == 1


async def to_replay(tx: Transaction, channel: str, limit: int) -> list[DeadLetter]:
    """Those that wait to be taken once more, in the order they came."""
    rows = await tx.all(
        """
        SELECT * FROM dead_letters WHERE channel = :channel AND replay_at IS NOT NULL
        ORDER BY first_at, update_id LIMIT :limit
        """,
        channel=channel,
        limit=limit,
    )
    return [DeadLetter.of(row) for row in rows]


async def take_for_replay(tx: Transaction, channel: str, update_id: UpdateId) -> DeadLetter | None:
    """One that was given back, which is gone with the commit of what it causes; None where it no longer is there."""
    row = await tx.one(
        """
        DELETE FROM dead_letters WHERE channel = :channel AND update_id = :id AND replay_at IS NOT NULL
        RETURNING *
        """,
        channel=channel,
        id=update_id,
    )
    return DeadLetter.maybe(row)


def failed_again(tx: Transaction, channel: str, update_id: UpdateId, error: str) -> None:
    """It stays set aside."""
    tx.later(
        """
        UPDATE dead_letters SET tries = tries + 1, error = :error, replay_at = NULL
        WHERE channel = :channel AND update_id = :id
        """,
        channel=channel,
        id=update_id,
        error=error.replace("\0", "\ufffd"),
    )


async def drop_dead_letter(tx: Transaction, channel: str, update_id: UpdateId) -> bool:
    """Let one go; False where it is not set aside."""
    sql = "DELETE FROM dead_letters WHERE channel = :channel AND update_id = :id AND dead_at IS NOT NULL"
    return await tx.run(sql, channel=channel, id=update_id) == 1


async def counted_since(tx: Transaction, channel: str, address: str, instant: datetime) -> bool:
    """Whether anything else that a person sent in private was handled after."""
    row = await tx.one(
        """
        SELECT 1 FROM residents r JOIN conversations c ON c.resident_id = r.id
        WHERE r.channel = :channel AND r.address = :address AND (c.updated_at > :instant OR c.counted_since > :instant)
        """,
        channel=channel,
        address=address,
        instant=instant,
    )
    return row is not None
