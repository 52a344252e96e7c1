"""Messages in staff chats about somebody who was erased, which the channel lets only people delete."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import ChatId, MessageId, OfficeId
from storage.records import Instant, Record


class ByHand(Record):
    """One of them. `told` is how often its chat was asked, `checked` how often the channel was."""

    id: int
    request_id: int
    channel: str
    chat: ChatId
    message: MessageId | None  # None where the group has moved since
    office: OfficeId
    sent_at: Instant | None
    told: int
    checked: int


class Untaken(Record):
    """A message that the channel would not take back."""

    origin: str
    channel: str
    chat: ChatId
    message: MessageId
    sent_at: Instant | None


async def untaken(tx: Transaction, request: int) -> list[Untaken]:
    """What an erasure could not take back, the oldest first."""
    rows = await tx.all(
        """
        SELECT o.key AS origin, o.channel, o.chat,
            substr(o.key, length('erased:' || o.channel || ':' || o.chat || ':') + 1) AS message, (
            SELECT min(m.sent_at) FROM outbox m WHERE m.channel = o.channel AND m.chat = o.chat
                AND m.message = substr(o.key, length('erased:' || o.channel || ':' || o.chat || ':') + 1)
        ) AS sent_at
        FROM privacy_take_backs t JOIN outbox o ON o.key = t.outbox_key
        WHERE t.request_id = :request
            AND (o.status IN ('failed', 'unreachable') OR (o.status = 'sent' AND o.error <> ''))
        ORDER BY o.id
        """,
        request=request,
    )
    return [Untaken.of(row) for row in rows]


async def add(
    tx: Transaction,
    request: int,
    origin: str,
    *,
    channel: str,
    chat: ChatId,
    message: MessageId | None,
    office: OfficeId,
    sent_at: datetime | None,
    tell_at: datetime,
) -> None:
    """Leave a message to people; one that is left to them already stays as it is."""
    await tx.run(
        """
        INSERT INTO messages_by_hand (request_id, origin, channel, chat, message, office, sent_at, tell_at)
        VALUES (:request, :origin, :channel, :chat, :message, :office, :sent_at, :tell_at)
        ON CONFLICT (origin) DO NOTHING
        """,
        request=request,
        origin=origin,
        channel=channel,
        chat=chat,
        message=message,
        office=office,
        sent_at=sent_at,
        tell_at=tell_at,
    )


async def of_request(tx: Transaction, request: int, limit: int) -> list[ByHand]:
    """What is still there, the oldest first."""
    sql = "SELECT * FROM messages_by_hand WHERE request_id = :request AND gone_at IS NULL ORDER BY id LIMIT :limit"
    return [ByHand.of(row) for row in await tx.all(sql, request=request, limit=limit)]


async def count(tx: Transaction, request: int) -> int:
    sql = "SELECT count(*) AS n FROM messages_by_hand WHERE request_id = :request AND gone_at IS NULL"
    row = await tx.one(sql, request=request)
    return 0 if row is None else int(str(row["n"]))


async def of_chat(tx: Transaction, channel: str, chat: ChatId, limit: int) -> list[ByHand]:
    """What is still in a chat, the oldest first."""
    sql = """
        SELECT * FROM messages_by_hand WHERE channel = :channel AND chat = :chat AND gone_at IS NULL
        ORDER BY id LIMIT :limit
        """
    return [ByHand.of(row) for row in await tx.all(sql, channel=channel, chat=chat, limit=limit)]


async def chats_to_tell(tx: Transaction, now: datetime, limit: int) -> list[tuple[str, ChatId]]:
    """Chats whose people have not been told yet, or are to be reminded."""
    rows = await tx.all(
        """
        SELECT DISTINCT channel, chat FROM (
            SELECT channel, chat FROM messages_by_hand WHERE gone_at IS NULL AND tell_at <= :now
            ORDER BY tell_at, id LIMIT :limit
        ) page
        """,
        now=now,
        limit=limit,
    )
    return [(str(row["channel"]), ChatId(str(row["chat"]))) for row in rows]


def was_told(tx: Transaction, channel: str, chat: ChatId, again: datetime) -> None:
    tx.later(
        """
        UPDATE messages_by_hand SET told = told + 1, tell_at = :again
        WHERE channel = :channel AND chat = :chat AND gone_at IS NULL
        """,
        channel=channel,
        chat=chat,
        again=again,
    )


def tell_soon(tx: Transaction, channel: str, chat: ChatId, newest: int, at: datetime) -> None:
    """There was no room to name those behind `newest`."""
    tx.later(
        """
        UPDATE messages_by_hand SET tell_at = :at
        WHERE channel = :channel AND chat = :chat AND id > :newest AND gone_at IS NULL
        """,
        channel=channel,
        chat=chat,
        newest=newest,
        at=at,
    )


async def say_gone(tx: Transaction, one: ByHand, by: str, at: datetime) -> bool:
    """Somebody says that it was deleted. False where somebody else said so before."""
    sql = """
        UPDATE messages_by_hand SET gone_at = :at, gone_by = :by, checked = checked + 1
        WHERE id = :id AND gone_at IS NULL RETURNING id
        """
    return await tx.one(sql, id=one.id, at=at, by=by) is not None


def request_is_done(tx: Transaction, request: int, by: str, at: datetime) -> None:
    """Whoever looks after requests says that all of one has been done."""
    sql = "UPDATE messages_by_hand SET gone_at = :at, gone_by = :by WHERE request_id = :id AND gone_at IS NULL"
    tx.later(sql, id=request, at=at, by=by)


async def found_again(tx: Transaction, limit: int) -> list[ByHand]:
    """What was said to be gone and is still there, as the channel answered."""
    rows = await tx.all(
        """
        SELECT h.* FROM messages_by_hand h JOIN outbox o ON o.key = 'by_hand:' || h.id || ':' || h.checked
        WHERE h.request_id IN (SELECT id FROM privacy_requests WHERE done_at IS NULL ORDER BY due, id LIMIT 1000)
            AND h.gone_at IS NOT NULL AND o.status = 'sent' AND o.error <> ''
        ORDER BY h.id LIMIT :limit
        """,
        limit=limit,
    )
    return [ByHand.of(row) for row in rows]


def is_still_there(tx: Transaction, one: ByHand, tell_at: datetime) -> None:
    tx.later(
        "UPDATE messages_by_hand SET gone_at = NULL, gone_by = '', tell_at = :at WHERE id = :id", id=one.id, at=tell_at
    )


async def requests_done(tx: Transaction, limit: int) -> list[int]:
    """Erasures of which nothing is left, as far as the channel knows."""
    rows = await tx.all(
        """
        SELECT r.id FROM privacy_requests r
        WHERE r.done_at IS NULL AND r.source = 'chat' AND r.left_over > 0 AND NOT EXISTS (
            SELECT 1 FROM messages_by_hand h
                LEFT JOIN outbox o ON o.key = 'by_hand:' || h.id || ':' || h.checked
            WHERE h.request_id = r.id
                AND (h.gone_at IS NULL OR o.status = 'pending' OR (o.status = 'sent' AND o.error <> ''))
        ) ORDER BY r.due, r.id LIMIT :limit
        """,
        limit=limit,
    )
    return [int(str(row["id"])) for row in rows]
