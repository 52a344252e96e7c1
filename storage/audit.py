"""Who did what: written with the deed, in its transaction."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import Actor, Subject


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


async def forget_before(tx: Transaction, instant: datetime) -> int:
    """Drop what is older than `instant`; how much that was."""
    return await tx.run("DELETE FROM audit WHERE at < :instant", instant=instant)
