"""The command lists that channels show to members of staff: which are owed, and what each shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Transaction, Value
from storage.ids import ChatId
from storage.records import Record


class CommandListRow(Record):
    """One list: of a person in a chat; `chat` is their own address where it is their private chat."""

    channel: str
    address: str
    chat: ChatId
    change: int
    shown: str  # a digest of what the channel shows; "" where it shows none of its own
    attempts: int

    @property
    def is_private(self) -> bool:
        return self.chat == self.address


def owe(tx: Transaction, channel: str, address: str, chats: Collection[ChatId], at: datetime) -> None:
    """Something may have changed a person's lists: in these chats, and wherever they have one."""
    again(tx, channel, address, at)
    for chat in (ChatId(address), *chats):
        tx.later(
            """
            INSERT INTO command_lists (channel, address, chat, not_before) VALUES (:channel, :address, :chat, :at)
            ON CONFLICT (channel, address, chat) DO NOTHING
            """,
            channel=channel,
            address=address,
            chat=chat,
            at=at,
        )


_AGAIN = "UPDATE command_lists SET change = change + 1, not_before = :at, attempts = 0"


def again(tx: Transaction, channel: str, address: str, at: datetime) -> None:
    """A person's lists may be others now: in another language, or in a chat that can be reached again."""
    tx.later(f"{_AGAIN} WHERE channel = :channel AND address = :address", channel=channel, address=address, at=at)


def again_everywhere(tx: Transaction, at: datetime) -> None:
    """Every list may be another: a new release, other settings."""
    tx.later(_AGAIN, at=at)


async def owed(tx: Transaction, now: datetime, limit: int) -> list[CommandListRow]:
    """Lists to bring in step, those that wait longest first."""
    rows = await tx.all(
        """
        SELECT channel, address, chat, change, shown, attempts FROM command_lists
        WHERE shown_change < change AND not_before <= :now ORDER BY not_before LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [CommandListRow.of(row) for row in rows]


_THIS = "channel = :channel AND address = :address AND chat = :chat"


def settle(tx: Transaction, row: CommandListRow, shown: str, error: str = "") -> None:
    """The channel shows this now. Where something changed meanwhile the list is still owed."""
    values: dict[str, Value] = {"channel": row.channel, "address": row.address, "chat": row.chat, "change": row.change}
    tx.later(
        f"""
        UPDATE command_lists SET shown = :shown, shown_change = :change, attempts = 0, error = :error WHERE {_THIS}
        """,
        shown=shown,
        error=error[:500],
        **values,
    )
    if not shown and not error:
        tx.later(f"DELETE FROM command_lists WHERE {_THIS} AND change = :change", **values)


def postpone(tx: Transaction, row: CommandListRow, until: datetime, error: str) -> None:
    """A try failed: again at `until`."""
    tx.later(
        f"UPDATE command_lists SET attempts = attempts + 1, not_before = :until, error = :error WHERE {_THIS}",
        channel=row.channel,
        address=row.address,
        chat=row.chat,
        until=until,
        error=error[:500],
    )


async def language_of(tx: Transaction, channel: str, address: str) -> str:
    """The language that a person has chosen; "" where they have not written yet."""
    sql = "SELECT language FROM residents WHERE channel = :channel AND address = :address"
    row = await tx.one(sql, channel=channel, address=address)
    return "" if row is None else str(row["language"])
