"""Draws: sessions whose times are given by lot, when, and by which seed."""

from __future__ import annotations

from datetime import datetime

from storage.columns import columns_of, insert_into
from storage.database import Transaction
from storage.ids import SessionId
from storage.records import Instant, Record


class Draw(Record):
    session_id: SessionId
    seed: str  # told to nobody before the draw
    draws_at: Instant
    drawn_at: Instant | None


_ADD = f"{insert_into('draws', columns_of(Draw))} ON CONFLICT (session_id) DO NOTHING"


async def of(tx: Transaction, session: SessionId) -> Draw | None:
    return Draw.maybe(await tx.one("SELECT * FROM draws WHERE session_id = :session", session=session))


async def due(tx: Transaction, now: datetime, limit: int) -> list[SessionId]:
    """Sessions whose draw has come, the earliest first."""
    rows = await tx.all(
        """
        SELECT session_id FROM draws WHERE drawn_at IS NULL AND draws_at <= :now
        ORDER BY draws_at, session_id LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [SessionId(int(str(row["session_id"]))) for row in rows]


def add(tx: Transaction, session: SessionId, seed: str, draws_at: datetime) -> None:
    tx.later(_ADD, session_id=session, seed=seed, draws_at=draws_at, drawn_at=None)


async def mark_drawn(tx: Transaction, session: SessionId, at: datetime) -> bool:
    """Whether it was still to be drawn: of all who ask, one is told yes."""
    sql = "UPDATE draws SET drawn_at = :at WHERE session_id = :session AND drawn_at IS NULL"
    return await tx.run(sql, session=session, at=at) == 1
