"""Messages owed. What is written here in a transaction is sent after its commit, whatever happens."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import ResidentId
from storage.records import OutboxKind, OutboxRow, OutboxStatus

_ADD = """
INSERT INTO outbox (channel, chat, kind, payload, urgency, key, supersedes, subject, resident_id, not_before,
    expires_at, created_at)
VALUES (:channel, :chat, :kind, :payload, :urgency, :key, :supersedes, :subject, :resident_id, :not_before,
    :expires_at, :at)
ON CONFLICT (key) DO NOTHING
"""


def add(
    tx: Transaction,
    *,
    channel: str,
    chat: str,
    kind: OutboxKind,
    payload: str,
    at: datetime,
    urgency: int = 0,
    key: str | None = None,
    supersedes: str | None = None,
    group: str | None = None,
    subject: str = "",
    resident: ResidentId | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Owe a message. A second of the same `key` is not owed; pending ones of the same `supersedes` no longer are.

    `group` marks messages that belong together and are superseded together, by `supersede`.
    """
    if supersedes is not None:
        supersede(tx, supersedes)
    tx.later(
        _ADD,
        channel=channel,
        chat=chat,
        kind=kind.value,
        payload=payload,
        urgency=urgency,
        key=key,
        supersedes=supersedes or group,
        subject=subject,
        resident_id=resident,
        not_before=not_before or at,
        expires_at=expires_at,
        at=at,
    )


def supersede(tx: Transaction, group: str) -> None:
    """Newer ones come: pending messages of this group are no longer owed."""
    tx.later(
        "UPDATE outbox SET status = 'superseded' WHERE supersedes = :supersedes AND status = 'pending'",
        supersedes=group,
    )


def withdraw(tx: Transaction, key_prefix: str) -> None:
    """What is no longer true is no longer owed: drop pending messages whose key begins so."""
    tx.later(
        "UPDATE outbox SET status = 'dropped' WHERE status = 'pending' AND key LIKE :pattern ESCAPE '!'",
        pattern=key_prefix.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%",
    )


async def due(tx: Transaction, now: datetime, limit: int) -> list[OutboxRow]:
    """Pending messages whose time has come, the most urgent and then the oldest first."""
    rows = await tx.all(
        """
        SELECT * FROM outbox WHERE status = 'pending' AND not_before <= :now
        ORDER BY urgency, id LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [OutboxRow.of(row) for row in rows]


async def next_due(tx: Transaction) -> datetime | None:
    """When the earliest pending message is due; None where nothing is pending."""
    row = await tx.one("SELECT min(not_before) AS instant FROM outbox WHERE status = 'pending'")
    instant = None if row is None else row["instant"]
    if isinstance(instant, str):
        return datetime.fromisoformat(instant)
    return instant if isinstance(instant, datetime) else None


async def pending(tx: Transaction, row: int) -> bool:
    """Whether a message is still owed: asked just before it is sent late."""
    return await tx.one("SELECT 1 FROM outbox WHERE id = :id AND status = 'pending'", id=row) is not None


def settle(
    tx: Transaction, row: int, status: OutboxStatus, at: datetime, *, message: int | None = None, error: str = ""
) -> None:
    """A message reached its end: sent, failed, unreachable, dropped."""
    tx.later(
        """
        UPDATE outbox SET status = :status, sent_at = :at, message = :message, error = :error,
            attempts = attempts + 1 WHERE id = :id AND status = 'pending'
        """,
        status=status.value,
        at=at,
        message=message,
        error=error,
        id=row,
    )


def postpone(tx: Transaction, row: int, until: datetime, error: str) -> None:
    """Try again at `until`."""
    tx.later(
        "UPDATE outbox SET attempts = attempts + 1, not_before = :until, error = :error WHERE id = :id",
        until=until,
        error=error,
        id=row,
    )


def give_up(tx: Transaction, resident: ResidentId) -> None:
    """Nothing more can reach this resident for now."""
    tx.later("UPDATE outbox SET status = 'unreachable' WHERE resident_id = :id AND status = 'pending'", id=resident)


def move_chat(tx: Transaction, channel: str, old: str, new: str, at: datetime) -> None:
    """A group has a new address: everything owed to it goes there, now and from now on."""
    tx.later(
        """
        INSERT INTO moved_chats (channel, old, new, at) VALUES (:channel, :old, :new, :at)
        ON CONFLICT (channel, old) DO UPDATE SET new = excluded.new, at = excluded.at
        """,
        channel=channel,
        old=old,
        new=new,
        at=at,
    )
    tx.later(
        "UPDATE outbox SET chat = :new WHERE channel = :channel AND chat = :old AND status = 'pending'",
        channel=channel,
        old=old,
        new=new,
    )


async def moved_chats(tx: Transaction) -> dict[tuple[str, str], str]:
    """The new address of every group that moved: (channel, old) → new."""
    rows = await tx.all("SELECT channel, old, new FROM moved_chats")
    return {(str(row["channel"]), str(row["old"])): str(row["new"]) for row in rows}


async def subject_of(tx: Transaction, channel: str, chat: str, message: int) -> str:
    """What a message of ours was about ("case:12"); "" where unknown."""
    row = await tx.one(
        "SELECT subject FROM outbox WHERE channel = :channel AND chat = :chat AND message = :message "
        "ORDER BY id DESC LIMIT 1",
        channel=channel,
        chat=chat,
        message=message,
    )
    return "" if row is None else str(row["subject"])


async def take_lease(tx: Transaction, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Be the one process that does `name` until `until`; False where another is."""
    row = await tx.one(
        """
        INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE leases.holder = excluded.holder OR leases.until <= :now
        RETURNING holder
        """,
        name=name,
        holder=holder,
        until=until,
        now=now,
    )
    return row is not None


def release_lease(tx: Transaction, name: str, holder: str) -> None:
    tx.later("DELETE FROM leases WHERE name = :name AND holder = :holder", name=name, holder=holder)


async def forget_before(tx: Transaction, instant: datetime) -> int:
    """Drop settled messages older than `instant`."""
    return await tx.run("DELETE FROM outbox WHERE status <> 'pending' AND created_at < :instant", instant=instant)


async def count_pending(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM outbox WHERE status = 'pending'")
    return 0 if row is None else int(str(row["n"]))


async def count_failed(tx: Transaction) -> int:
    """Messages the channel called wrong: defects of ours, for `customer-day check`."""
    row = await tx.one("SELECT count(*) AS n FROM outbox WHERE status = 'failed'")
    return 0 if row is None else int(str(row["n"]))
