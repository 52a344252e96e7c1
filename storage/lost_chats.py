"""Groups of offices that the bot cannot write to, and what waits to be said there."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import ChatId
from storage.records import Instant, Record

#: By this error what waits for a group is known from what waits for other reasons.
_WAITS = "the bot cannot write in this group"


class LostChat(Record):
    """Since when, and in the channel's words why."""

    channel: str
    chat: ChatId
    lost_at: Instant
    reason: str
    told_at: Instant | None


def lose(tx: Transaction, channel: str, chat: ChatId, reason: str, at: datetime, *, of_office: bool) -> None:
    """The bot cannot write in a chat. Only a group that is an office's is kept track of: `of_office`, or linked."""
    tx.later(
        """
        INSERT INTO lost_chats (channel, chat, lost_at, reason)
        SELECT CAST(:channel AS TEXT), CAST(:chat AS TEXT), :at, :reason
        WHERE CAST(:of_office AS INTEGER) = 1
            OR EXISTS (SELECT 1 FROM staff_chats WHERE channel = :channel AND chat = :chat)
        ON CONFLICT (channel, chat) DO NOTHING
        """,
        channel=channel,
        chat=chat,
        at=at,
        reason=reason[:200].replace("\0", "\ufffd"),
        of_office=int(of_office),
    )


def hold(tx: Transaction, channel: str, chat: ChatId, until: datetime) -> None:
    """What is owed to a lost chat waits until then, or until the bot is back."""
    tx.later(
        """
        UPDATE outbox SET not_before = :until, error = :waits
        WHERE channel = :channel AND chat = :chat AND status = 'pending' AND not_before < :until
            AND EXISTS (SELECT 1 FROM lost_chats WHERE channel = :channel AND chat = :chat)
        """,
        channel=channel,
        chat=chat,
        until=until,
        waits=_WAITS,
    )


def hold_notice(tx: Transaction, row: int, until: datetime) -> None:
    """A notice for an office whose group is lost waits until then, or until the bot is back."""
    tx.later(
        "UPDATE outbox SET not_before = :until, error = :waits WHERE id = :id AND status = 'pending'",
        id=row,
        until=until,
        waits=_WAITS,
    )


def give_up(tx: Transaction, channel: str, chat: ChatId, reason: str, at: datetime) -> None:
    """Nothing more can reach a chat, unless it is a lost one, where it waits."""
    tx.later(
        """
        UPDATE outbox SET status = 'unreachable', sent_at = :at, error = :reason,
            payload = CASE WHEN kind = 'notice' THEN payload ELSE '' END
        WHERE channel = :channel AND chat = :chat AND status = 'pending'
            AND NOT EXISTS (SELECT 1 FROM lost_chats WHERE channel = :channel AND chat = :chat)
        """,
        channel=channel,
        chat=chat,
        reason=reason[:500].replace("\0", "\ufffd"),
        at=at,
    )


def regain(tx: Transaction, channel: str, chat: ChatId) -> None:
    """The bot can write there again."""
    tx.later("DELETE FROM lost_chats WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def release(tx: Transaction, channel: str, chat: ChatId, at: datetime) -> None:
    """What waited for this group is due. Notices for other lost groups are looked at too, and wait again."""
    tx.later(
        """
        UPDATE outbox SET not_before = :at, error = ''
        WHERE channel = :channel AND status = 'pending' AND error = :waits
            AND (chat = :chat OR chat LIKE 'office:%')
        """,
        channel=channel,
        chat=chat,
        at=at,
        waits=_WAITS,
    )


async def waiting_cards(tx: Transaction, channel: str, chat: ChatId, limit: int) -> list[str]:
    """The groups (`supersedes`) of messages that wait for a lost chat, each of which shows something as it stands."""
    rows = await tx.all(
        """
        SELECT DISTINCT supersedes FROM outbox WHERE channel = :channel AND chat = :chat AND status = 'pending'
            AND error = :waits AND supersedes IS NOT NULL LIMIT :limit
        """,
        channel=channel,
        chat=chat,
        waits=_WAITS,
        limit=limit,
    )
    return [str(row["supersedes"]) for row in rows]


async def find(tx: Transaction, channel: str, chat: ChatId) -> LostChat | None:
    sql = "SELECT * FROM lost_chats WHERE channel = :channel AND chat = :chat"
    return LostChat.maybe(await tx.one(sql, channel=channel, chat=chat))


async def every(tx: Transaction) -> list[LostChat]:
    return [LostChat.of(row) for row in await tx.all("SELECT * FROM lost_chats ORDER BY lost_at, chat")]


async def untold(tx: Transaction, limit: int) -> list[LostChat]:
    """Those of which no administrator was told yet."""
    sql = "SELECT * FROM lost_chats WHERE told_at IS NULL ORDER BY lost_at LIMIT :limit"
    return [LostChat.of(row) for row in await tx.all(sql, limit=limit)]


def told(tx: Transaction, lost: LostChat, at: datetime) -> None:
    sql = "UPDATE lost_chats SET told_at = :at WHERE channel = :channel AND chat = :chat"
    tx.later(sql, channel=lost.channel, chat=lost.chat, at=at)
