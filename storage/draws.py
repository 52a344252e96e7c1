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
    off_at: Instant | None = None  # from when on it is off, unless that is taken back


_ADD = f"{insert_into('draws', columns_of(Draw))} ON CONFLICT (session_id) DO NOTHING"


async def of(tx: Transaction, session: SessionId) -> Draw | None:
    return Draw.maybe(await tx.one("SELECT * FROM draws WHERE session_id = :session", session=session))


async def due(tx: Transaction, now: datetime, limit: int) -> list[SessionId]:
    """Sessions whose draw has come, the earliest first."""
    rows = await tx.all(
        """
        SELECT session_id FROM draws WHERE drawn_at IS NULL AND draws_at <= :now AND off_at IS NULL
        ORDER BY draws_at, session_id LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [SessionId(int(str(row["session_id"]))) for row in rows]


def add(tx: Transaction, session: SessionId, seed: str, draws_at: datetime) -> None:
    tx.later(_ADD, session_id=session, seed=seed, draws_at=draws_at, drawn_at=None, off_at=None)


async def mark_drawn(tx: Transaction, session: SessionId, at: datetime) -> bool:
    """Whether it was still to be drawn: of all who ask, one is told yes."""
    sql = "UPDATE draws SET drawn_at = :at WHERE session_id = :session AND drawn_at IS NULL"
    return await tx.run(sql, session=session, at=at) == 1


async def going_off(tx: Transaction, now: datetime, limit: int) -> list[SessionId]:
    """Sessions whose draw is off from now on."""
    rows = await tx.all(
        "SELECT session_id FROM draws WHERE off_at IS NOT NULL AND off_at <= :now ORDER BY off_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [SessionId(int(str(row["session_id"]))) for row in rows]


async def set_off(tx: Transaction, session: SessionId, off_at: datetime | None) -> bool:
    """Switch a draw off from then on, or (None) not at all; whether it was the other way and is not drawn."""
    sql = """
    UPDATE draws SET off_at = :off
    WHERE session_id = :session AND drawn_at IS NULL AND (off_at IS NULL) = :on
    """
    return await tx.run(sql, session=session, off=off_at, on=off_at is not None) == 1


async def drop(tx: Transaction, session: SessionId, now: datetime) -> bool:
    """It is off: whether it was there, and was not taken back meanwhile."""
    sql = "DELETE FROM draws WHERE session_id = :session AND drawn_at IS NULL AND off_at <= :now"
    return await tx.run(sql, session=session, now=now) == 1
