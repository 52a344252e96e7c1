"""When the bot last heard from its channel, and the times in which it did not."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.records import Instant, Record


class Outage(Record):
    began_at: Instant
    ended_at: Instant


class _Sign(Record):
    at: Instant


async def last_sign(tx: Transaction) -> datetime | None:
    """When any process last gave a sign of life; None before the first did."""
    found = _Sign.maybe(await tx.one("SELECT at FROM sign_of_life WHERE id = 1"))
    return None if found is None else found.at


async def sign(tx: Transaction, at: datetime) -> None:
    await tx.run(
        """
        INSERT INTO sign_of_life (id, at) VALUES (1, :at)
        ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE excluded.at > sign_of_life.at
        """,
        at=at,
    )


async def add(tx: Transaction, began: datetime, ended: datetime) -> None:
    """Keep an outage; of two processes that notice it, one does."""
    await tx.run(
        "INSERT INTO outages (began_at, ended_at) VALUES (:began, :ended) ON CONFLICT (began_at) DO NOTHING",
        began=began,
        ended=ended,
    )


async def latest(tx: Transaction) -> Outage | None:
    return Outage.maybe(await tx.one("SELECT began_at, ended_at FROM outages ORDER BY began_at DESC LIMIT 1"))
