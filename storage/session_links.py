"""The links of sessions for meetings by video, as they were changed: the newest counts."""

from __future__ import annotations

from datetime import datetime

from storage.columns import columns_of, insert_into
from storage.database import Transaction
from storage.ids import SessionId
from storage.records import Instant, Record


class SessionLink(Record):
    session_id: SessionId
    version: int
    link: str  # "" is none of its own: the office's holds again
    actor: str
    at: Instant


_ADD = f"{insert_into('session_links', columns_of(SessionLink))} ON CONFLICT DO NOTHING"


async def newest(tx: Transaction, session: SessionId) -> SessionLink | None:
    """None where it never had one."""
    sql = "SELECT * FROM session_links WHERE session_id = :session ORDER BY version DESC LIMIT 1"
    return SessionLink.maybe(await tx.one(sql, session=session))


async def of_version(tx: Transaction, session: SessionId, version: int) -> SessionLink | None:
    sql = "SELECT * FROM session_links WHERE session_id = :session AND version = :version"
    return SessionLink.maybe(await tx.one(sql, session=session, version=version))


async def add(tx: Transaction, session: SessionId, version: int, link: str, actor: str, at: datetime) -> bool:
    """Whether this is the version: of two who change it at once one does."""
    return await tx.run(_ADD, session_id=session, version=version, link=link, actor=actor, at=at) == 1
