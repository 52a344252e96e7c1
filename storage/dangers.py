"""Alerts of requests that tell of a danger, and who took them."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import CaseId
from storage.records import Instant, Record


class Alert(Record):
    """A danger that was reported. It is open until somebody takes it or says that it is none."""

    case_id: CaseId
    danger: str
    raised_at: Instant
    look_at: Instant | None  # when the managers hear of it; None once they did, or it is over
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
    """Open an alert, also where an earlier one of the case is over; whether none was open."""
    changed = await tx.run(
        """
        INSERT INTO dangers (case_id, danger, raised_at, look_at) VALUES (:case_id, :danger, :at, :look_at)
        ON CONFLICT (case_id) DO UPDATE SET danger = excluded.danger, raised_at = excluded.raised_at,
            look_at = excluded.look_at, escalated_at = NULL, taken_by = NULL, taken_at = NULL,
            dismissed_by = NULL, dismissed_at = NULL
        WHERE dangers.taken_at IS NOT NULL OR dangers.dismissed_at IS NOT NULL
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


async def untaken(tx: Transaction, now: datetime, limit: int) -> list[Alert]:
    """Alerts that nobody took in time and of which no manager heard yet, the oldest first."""
    found = "SELECT * FROM dangers WHERE look_at <= :now ORDER BY look_at LIMIT :limit"
    return [Alert.of(row) for row in await tx.all(found, now=now, limit=limit)]


def escalated(tx: Transaction, case: CaseId, at: datetime) -> None:
    tx.later("UPDATE dangers SET look_at = NULL, escalated_at = :at WHERE case_id = :case_id", case_id=case, at=at)
