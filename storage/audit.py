"""Who did what: written with the deed, in its transaction.

The schema refuses to change or delete a line (`0021_admin.sql`): only retention lets go of the oldest
(`storage.retention.drop_audit`), and a resident who is to be forgotten becomes nobody in particular
(`storage.personal.unlink_case`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from storage.database import Dialect, Transaction, one_of
from storage.ids import Actor, OfficeId, Subject
from storage.records import Instant, Record


def record(
    tx: Transaction,
    at: datetime,
    actor: Actor,
    action: str,
    subject: Subject,
    detail: str = "",
    origin: Literal["", "chat", "console", "web", "bot"] = "",
) -> None:
    """Keep that `actor` did `action` to `subject` ("case:12"). `detail` holds no personal data.

    `origin` is from where, where the actor does not say it: staff act in a chat unless it says otherwise.
    """
    tx.later(
        """
        INSERT INTO audit (at, actor, action, subject, detail, origin)
        VALUES (:at, :actor, :action, :subject, :detail, :origin)
        """,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
        origin=origin,
    )


async def acted_since(tx: Transaction, actor: str, instant: datetime) -> bool:
    """Whether somebody did anything after."""
    sql = "SELECT 1 FROM audit WHERE at > :instant AND actor = :actor LIMIT 1"
    return await tx.one(sql, actor=actor, instant=instant) is not None


async def last_subject(tx: Transaction, actor: str, action: str, since: datetime) -> Subject:
    """What somebody last did something to, not longer ago than `since`; "" where they did not."""
    sql = """
    SELECT subject FROM audit WHERE actor = :actor AND at >= :since AND action = :action
    ORDER BY at DESC, id DESC LIMIT 1
    """
    row = await tx.one(sql, actor=actor, action=action, since=since)
    return Subject("" if row is None else str(row["subject"]))


class Look(Record):
    """Somebody saw what is not on the cards."""

    at: Instant
    actor: str
    action: str
    reference: str
    detail: str


# The condition on `action` is that of the index `audit_of_access`, word for word. A case or booking is found by the
# number in the subject, since an index serves that.
_ACCESS_LOG = {
    dialect: f"""
        SELECT a.at, a.actor, a.action, a.detail, coalesce(c.reference, b.reference) AS reference FROM audit a
        LEFT JOIN cases c ON c.id = CASE WHEN a.action LIKE 'case.%' THEN CAST(substr(a.subject, 6) AS BIGINT) END
        LEFT JOIN bookings b
            ON b.id = CASE WHEN a.action LIKE 'booking.%' THEN CAST(substr(a.subject, 9) AS BIGINT) END
        WHERE a.at >= :since AND a.action IN ('case.contact', 'case.found', 'booking.contact', 'booking.found')
            AND {one_of(dialect, "coalesce(c.office, b.office)", "offices")}
        ORDER BY a.at DESC, a.id DESC LIMIT :limit
    """
    for dialect in Dialect
}


async def access_log(tx: Transaction, offices: Collection[OfficeId], since: datetime, limit: int) -> list[Look]:
    """Who saw names and numbers of the offices' cases and bookings, the newest first."""
    rows = await tx.all(_ACCESS_LOG[tx.dialect], offices=tuple(offices), since=since, limit=limit)
    return [Look.of(row) for row in rows]
