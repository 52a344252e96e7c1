"""Alerts of requests that tell of a danger, and who took them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Dialect, Transaction, one_of
from storage.ids import CaseId, OfficeId
from storage.records import Instant, Record
from storage.records.cases import Case


class Alert(Record):
    """A danger that was reported. It is open until somebody takes it or says that it is none."""

    case_id: CaseId
    danger: str
    raised_at: Instant
    look_at: Instant | None  # when it rings next; None once it is over, or has rung long enough
    taken_by: str | None
    taken_at: Instant | None
    dismissed_by: str | None
    dismissed_at: Instant | None

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.dismissed_at is None


def add(tx: Transaction, case: CaseId, danger: str, at: datetime, look_at: datetime) -> None:
    tx.later(
        "INSERT INTO dangers (case_id, danger, raised_at, look_at) VALUES (:case_id, :danger, :at, :look_at)",
        case_id=case,
        danger=danger,
        at=at,
        look_at=look_at,
    )


async def raise_again(tx: Transaction, case: CaseId, danger: str, at: datetime, look_at: datetime) -> bool:
    """Open an alert, also where an earlier one of the case rings no more; whether none rang."""
    changed = await tx.run(
        """
        INSERT INTO dangers (case_id, danger, raised_at, look_at) VALUES (:case_id, :danger, :at, :look_at)
        ON CONFLICT (case_id) DO UPDATE SET danger = excluded.danger, raised_at = excluded.raised_at,
            look_at = excluded.look_at, escalated_at = NULL, taken_by = NULL, taken_at = NULL,
            dismissed_by = NULL, dismissed_at = NULL
        WHERE dangers.look_at IS NULL
        """,
        case_id=case,
        danger=danger,
        at=at,
        look_at=look_at,
    )
    return changed == 1


async def of_case(tx: Transaction, case: CaseId) -> Alert | None:
    return Alert.maybe(await tx.one("SELECT * FROM dangers WHERE case_id = :case_id", case_id=case))


async def take(tx: Transaction, case: CaseId, by: str, at: datetime) -> bool:
    """Whether it was open until now."""
    changed = await tx.run(
        """
        UPDATE dangers SET taken_by = :by, taken_at = :at, look_at = NULL
        WHERE case_id = :case_id AND taken_at IS NULL AND dismissed_at IS NULL
        """,
        case_id=case,
        by=by,
        at=at,
    )
    return changed == 1


async def dismiss(tx: Transaction, case: CaseId, by: str, at: datetime) -> bool:
    """Whether it was not dismissed before."""
    changed = await tx.run(
        """
        UPDATE dangers SET dismissed_by = :by, dismissed_at = :at, look_at = NULL
        WHERE case_id = :case_id AND dismissed_at IS NULL
        """,
        case_id=case,
        by=by,
        at=at,
    )
    return changed == 1


async def open_anew(tx: Transaction, case: CaseId, at: datetime, look_at: datetime) -> bool:
    """Nobody of another team has taken the alert yet; whether there is one that was not dismissed."""
    changed = await tx.run(
        """
        UPDATE dangers SET raised_at = :at, look_at = :look_at, escalated_at = NULL, taken_by = NULL, taken_at = NULL
        WHERE case_id = :case_id AND dismissed_at IS NULL
        """,
        case_id=case,
        at=at,
        look_at=look_at,
    )
    return changed == 1


async def untaken(tx: Transaction, now: datetime, limit: int) -> list[Alert]:
    """Alerts that nobody took in time and that ring again now, the oldest first."""
    found = "SELECT * FROM dangers WHERE look_at <= :now ORDER BY look_at LIMIT :limit"
    return [Alert.of(row) for row in await tx.all(found, now=now, limit=limit)]


_UNTAKEN_AT = {
    dialect: f"""
        SELECT c.* FROM dangers d JOIN cases c ON c.id = d.case_id
        WHERE d.look_at IS NOT NULL AND c.closed_at IS NULL AND c.status <> 'resolved' AND c.owner = ''
            AND {one_of(dialect, "c.office", "offices")}
        ORDER BY d.look_at, c.id LIMIT :limit
    """
    for dialect in Dialect
}


async def untaken_at(tx: Transaction, offices: Collection[OfficeId], limit: int) -> list[Case]:
    """Requests at these offices whose danger nobody has taken."""
    rows = await tx.all(_UNTAKEN_AT[tx.dialect], offices=tuple(offices), limit=limit)
    return [Case.of(row) for row in rows]


_TAKEN_BY = {
    dialect: f"""
        SELECT c.* FROM cases c JOIN dangers d ON d.case_id = c.id
        WHERE c.closed_at IS NULL AND c.status <> 'resolved' AND c.owner = '' AND d.taken_by = :actor
            AND d.dismissed_at IS NULL AND {one_of(dialect, "c.office", "offices")}
        ORDER BY c.id LIMIT :limit
    """
    for dialect in Dialect
}


async def taken_by(tx: Transaction, actor: str, offices: Collection[OfficeId], limit: int) -> list[Case]:
    """Open requests at these offices for whose danger somebody answers, and which nobody owns."""
    rows = await tx.all(_TAKEN_BY[tx.dialect], actor=actor, offices=tuple(offices), limit=limit)
    return [Case.of(row) for row in rows]


def look_again(tx: Transaction, case: CaseId, look_at: datetime) -> None:
    tx.later(
        """
        UPDATE dangers SET look_at = :look_at
        WHERE case_id = :case_id AND taken_at IS NULL AND dismissed_at IS NULL
        """,
        case_id=case,
        look_at=look_at,
    )


def rings_no_more(tx: Transaction, case: CaseId, at: datetime) -> None:
    tx.later("UPDATE dangers SET look_at = NULL, escalated_at = :at WHERE case_id = :case_id", case_id=case, at=at)
