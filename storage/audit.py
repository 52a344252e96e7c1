"""Who did what: written with the deed, in its transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Dialect, Transaction, one_of
from storage.ids import Actor, OfficeId, Subject
from storage.records import Instant, Record


def record(tx: Transaction, at: datetime, actor: Actor, action: str, subject: Subject, detail: str = "") -> None:
    """Keep that `actor` did `action` to `subject` ("case:12"). `detail` holds no personal data."""
    tx.later(
        "INSERT INTO audit (at, actor, action, subject, detail) VALUES (:at, :actor, :action, :subject, :detail)",
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
    )


async def acted_since(tx: Transaction, actor: str, instant: datetime) -> bool:
    """Whether somebody did anything after."""
    sql = "SELECT 1 FROM audit WHERE at > :instant AND actor = :actor LIMIT 1"
    return await tx.one(sql, actor=actor, instant=instant) is not None


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
