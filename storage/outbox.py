"""Messages owed. What is written here in a transaction is sent after its commit, whatever happens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.columns import insert_into
from storage.database import Dialect, Transaction
from storage.ids import ChatId, MessageId, ResidentId
from storage.records import Record
from storage.records.outbox import OutboxKind, OutboxRow, OutboxStatus

#: How the error of a message begins that its chat does not allow.
BARRED = "barred: "
_OWED = (
    *("channel", "chat", "kind", "payload", "urgency", "key", "supersedes", "subject", "resident_id"),
    *("not_before", "expires_at", "delete_after", "created_at"),
)
_ADD = f"{insert_into('outbox', _OWED)} ON CONFLICT (key) DO NOTHING"


def add(
    tx: Transaction,
    *,
    channel: str,
    chat: ChatId,
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
    delete_after: int | None = None,
) -> None:
    """Owe a message. A second of the same `key` is not owed; pending ones of the same `supersedes` no longer are.

    `group` marks messages that belong together and are superseded together, by `supersede`. `delete_after` is how many
    seconds after it was sent the message is to be deleted.
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
        delete_after=delete_after,
        created_at=at,
    )


def supersede(tx: Transaction, group: str) -> None:
    """Newer ones come: pending messages of this group are no longer owed."""
    tx.later(
        """
        UPDATE outbox SET status = 'superseded', payload = CASE WHEN kind = 'notice' THEN payload ELSE '' END
        WHERE supersedes = :supersedes AND status = 'pending'
        """,
        supersedes=group,
    )


def hold(tx: Transaction, group: str, until: datetime) -> None:
    """Pending messages of this group go no earlier than `until`."""
    sql = "UPDATE outbox SET not_before = :until WHERE supersedes = :supersedes AND status = 'pending'"
    tx.later(sql, supersedes=group, until=until)


def drop_broadcasts(tx: Transaction, resident: ResidentId) -> None:
    """They want no more news: what is on its way to them is no longer owed."""
    tx.later(
        """
        UPDATE outbox SET status = 'superseded', payload = ''
        WHERE resident_id = :resident AND urgency = 2 AND status = 'pending'
        """,
        resident=resident,
    )


def withdraw(tx: Transaction, key_prefix: str) -> None:
    """What is no longer true is no longer owed: drop pending messages whose key begins so."""
    # Between the prefix and the next text that begins otherwise, so that the index of keys serves it.
    tx.later(
        """
        UPDATE outbox SET status = 'dropped'
        WHERE key >= :first AND key < :after AND status = 'pending'
        """,
        first=key_prefix,
        after=key_prefix[:-1] + chr(ord(key_prefix[-1]) + 1),
    )


async def count_due(tx: Transaction, urgency: int, now: datetime, most: int) -> int:
    """How many messages of one urgency could go now, counted up to `most`."""
    row = await tx.one(
        """
        SELECT count(*) AS n FROM (
            SELECT 1 FROM outbox WHERE status = 'pending' AND urgency = :urgency AND not_before <= :now LIMIT :most
        ) AS w
        """,
        urgency=urgency,
        now=now,
        most=most,
    )
    return 0 if row is None else int(str(row["n"]))


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


async def due_of(
    tx: Transaction,
    now: datetime,
    urgency: int,
    limit: int,
    *,
    known: Collection[int] = (),
    skip: Collection[tuple[str, ChatId]] = (),
) -> tuple[list[OutboxRow], bool]:
    """At most `limit` of one urgency, the oldest first, and whether there may be more.

    Without those that are `known` already, and without those of the chats (channel, address) in `skip`.
    """
    most = limit + len(known)
    rows = await tx.all(
        """
        SELECT * FROM outbox WHERE status = 'pending' AND urgency = :urgency AND not_before <= :now
            AND replace(CAST(:skip AS TEXT), '|' || channel || ' ' || chat || '|', '') = CAST(:skip AS TEXT)
        ORDER BY id LIMIT :limit
        """,
        now=now,
        urgency=urgency,
        skip="".join(f"|{channel} {chat}|" for channel, chat in skip),
        limit=most,
    )
    new = [row for row in rows if row["id"] not in known]
    return [OutboxRow.of(row) for row in new[:limit]], len(rows) == most


async def pending(tx: Transaction, row: int, now: datetime) -> bool:
    """Whether a message is still owed now: asked just before it is said. Who drops it at the same time waits."""
    sql = "SELECT 1 FROM outbox WHERE id = :id AND status = 'pending' AND not_before <= :now"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE"
    return await tx.one(sql, id=row, now=now) is not None


def settle(
    tx: Transaction,
    row: int,
    status: OutboxStatus,
    at: datetime,
    *,
    message: MessageId | None = None,
    error: str = "",
    holds: str = "",
) -> None:
    """A message reached its end: sent, failed, unreachable, dropped.

    One that gave way while it was on its way was sent all the same: whoever replies to it is understood.
    What a message said is then forgotten, unless the channel called it wrong: it may quote what people wrote. Of what
    kind that was (`holds`) stays known.
    """
    tx.later(
        """
        UPDATE outbox SET status = :status, sent_at = :at, message = :message, error = :error, attempts = attempts + 1,
            holds = :holds,
            payload = CASE WHEN kind = 'notice' OR CAST(:status AS TEXT) = 'failed' THEN payload ELSE '' END
        WHERE id = :id AND (status = 'pending' OR (status = 'superseded' AND CAST(:status AS TEXT) = 'sent'))
        """,
        status=status.value,
        at=at,
        message=message,
        error=_kept(error),
        holds=holds,
        id=row,
    )


def held_by(payload: str) -> str:
    """Of which kind a message is: "text", "photo" (or video), "document", "voice", "place"; "" where it says nothing.

    Seen in its JSON as it stands: what people wrote has no quotation mark of its own in there.
    """
    if '"files":[' in payload:
        return next((kind for kind in ("voice", "document") if f'"kind":"{kind}"' in payload), "photo")
    if '"place":{' in payload:
        return "place"
    return "text" if '"text":' in payload else ""


def note_part(tx: Transaction, row: int, chat: ChatId, message: MessageId, at: datetime) -> None:
    """A message went out as several, as an album does: each has a row of its own, by which it is known again."""
    tx.later(
        """
        INSERT INTO outbox (channel, chat, kind, payload, urgency, status, supersedes, subject, resident_id,
            not_before, message, created_at, sent_at, holds)
        SELECT channel, :chat, kind, '', urgency, 'sent', supersedes, subject, resident_id, not_before, :message,
            created_at, :at, holds FROM outbox WHERE id = :id
        """,
        id=row,
        chat=chat,
        message=message,
        at=at,
    )


def postpone(tx: Transaction, row: int, until: datetime, error: str, at: datetime) -> None:
    """A try failed: again at `until`."""
    tx.later(
        """
        UPDATE outbox SET attempts = attempts + 1, not_before = :until, error = :error,
            failing_since = coalesce(failing_since, :at) WHERE id = :id
        """,
        until=until,
        error=_kept(error),
        at=at,
        id=row,
    )


def delay(tx: Transaction, row: int, until: datetime, at: datetime) -> None:
    """It cannot be said yet, through no fault of its own."""
    sql = """
        UPDATE outbox SET not_before = :until, failing_since = coalesce(failing_since, :at)
        WHERE id = :id AND status = 'pending'
        """
    tx.later(sql, until=until, at=at, id=row)


async def status_of(tx: Transaction, key: str) -> OutboxStatus | None:
    """What became of a message; None where it was never owed, or so long ago that it is no longer kept."""
    row = await tx.one("SELECT status FROM outbox WHERE key = :key", key=key)
    return None if row is None else OutboxStatus(str(row["status"]))


async def is_known(tx: Transaction, key: str) -> bool:
    """Whether a message of this key was owed, whatever became of it."""
    return await tx.one("SELECT 1 FROM outbox WHERE key = :key", key=key) is not None


async def count_owed(tx: Transaction, channel: str, chat: ChatId, now: datetime) -> int:
    """How many messages wait for their turn to be sent to a chat."""
    row = await tx.one(
        """
        SELECT count(*) AS n FROM outbox
        WHERE channel = :channel AND chat = :chat AND status = 'pending' AND not_before <= :now
        """,
        channel=channel,
        chat=chat,
        now=now,
    )
    return 0 if row is None else int(str(row["n"]))


async def first_of(tx: Transaction, group: str) -> OutboxRow | None:
    """The oldest message of a group (`supersedes`) that is still owed."""
    sql = (
        "SELECT * FROM outbox WHERE supersedes = :group AND kind = 'message' AND status = 'pending' ORDER BY id LIMIT 1"
    )
    return OutboxRow.maybe(await tx.one(sql, group=group))


async def is_under_way(tx: Transaction, group: str) -> bool:
    """Whether a message of this group (`supersedes`) waits to be sent or is being sent."""
    return await first_of(tx, group) is not None


def _kept(error: str) -> str:
    # From outside: as long as a clerk reads, and without NUL, which PostgreSQL's text cannot hold.
    return error[:500].replace("\0", "\ufffd")


def give_up(tx: Transaction, channel: str, chat: ChatId) -> None:
    """Nothing more can reach this chat for now."""
    tx.later(
        """
        UPDATE outbox SET status = 'unreachable', payload = CASE WHEN kind = 'notice' THEN payload ELSE '' END
        WHERE channel = :channel AND chat = :chat AND status = 'pending'
        """,
        channel=channel,
        chat=chat,
    )


def move_chat(tx: Transaction, channel: str, old: ChatId, new: ChatId, at: datetime) -> None:
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


async def moved_chats(tx: Transaction) -> dict[tuple[str, ChatId], ChatId]:
    """The new address of every group that moved: (channel, old) → new."""
    rows = await tx.all("SELECT channel, old, new FROM moved_chats")
    return {(str(row["channel"]), ChatId(str(row["old"]))): ChatId(str(row["new"])) for row in rows}


async def subject_of(tx: Transaction, channel: str, chat: ChatId, message: MessageId) -> str:
    """What a message of ours was about ("case:12"); "" where unknown."""
    row = await tx.one(
        "SELECT subject FROM outbox WHERE channel = :channel AND chat = :chat AND message = :message "
        "ORDER BY id DESC LIMIT 1",
        channel=channel,
        chat=chat,
        message=message,
    )
    return "" if row is None else str(row["subject"])


async def push_at(tx: Transaction, channel: str, chat: ChatId, message: MessageId) -> str:
    """What a message of ours was about that nobody had asked for; "" for an answer, and where it is unknown."""
    row = await tx.one(
        "SELECT subject, urgency FROM outbox WHERE channel = :channel AND chat = :chat AND message = :message "
        "ORDER BY id DESC LIMIT 1",
        channel=channel,
        chat=chat,
        message=message,
    )
    return "" if row is None or row["urgency"] == 0 else str(row["subject"])


async def sent_under(tx: Transaction, key_prefix: str) -> MessageId | None:
    """The newest message that was sent under a key that begins so."""
    row = await tx.one(
        """
        SELECT message FROM outbox WHERE key >= :first AND key < :after AND message IS NOT NULL
        ORDER BY id DESC LIMIT 1
        """,
        first=key_prefix,
        after=key_prefix[:-1] + chr(ord(key_prefix[-1]) + 1),
    )
    return None if row is None else MessageId(str(row["message"]))


async def count_pending(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM outbox WHERE status = 'pending'")
    return 0 if row is None else int(str(row["n"]))


async def count_failed(tx: Transaction) -> int:
    """Messages the channel called wrong: defects of ours, for `customer-day check`."""
    sql = "SELECT count(*) AS n FROM outbox WHERE status = 'failed' AND substr(error, 1, 8) <> :barred"
    row = await tx.one(sql, barred=BARRED)
    return 0 if row is None else int(str(row["n"]))


async def count_barred(tx: Transaction) -> int:
    """Messages of a kind that their chat does not allow."""
    sql = "SELECT count(*) AS n FROM outbox WHERE status = 'failed' AND substr(error, 1, 8) = :barred"
    row = await tx.one(sql, barred=BARRED)
    return 0 if row is None else int(str(row["n"]))


class Undelivered(Record):
    """A message that failed for good."""

    id: int
    channel: str
    chat: ChatId
    subject: str
    holds: str
    error: str
    resident_id: ResidentId | None


async def undelivered(tx: Transaction, since: datetime, limit: int) -> list[Undelivered]:
    """What failed since a moment and was told nobody yet: of a case, to people; in a group, what it did not allow."""
    rows = await tx.all(
        """
        SELECT o.* FROM outbox o
        WHERE o.status = 'failed' AND o.kind = 'message' AND o.sent_at >= :since
            AND ((o.resident_id IS NOT NULL AND o.subject LIKE 'case:%')
                OR (o.resident_id IS NULL AND substr(o.error, 1, 8) = :barred))
            AND NOT EXISTS (SELECT 1 FROM outbox_undelivered u WHERE u.outbox_id = o.id)
        ORDER BY o.id LIMIT :limit
        """,
        since=since,
        barred=BARRED,
        limit=limit,
    )
    return [Undelivered.of(row) for row in rows]


def was_told(tx: Transaction, row: int) -> None:
    tx.later("INSERT INTO outbox_undelivered (outbox_id) VALUES (:id) ON CONFLICT (outbox_id) DO NOTHING", id=row)
