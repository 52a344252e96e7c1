"""Who an announcement goes to, one row for each, and what became of it. Gone through by the residents' ids.

What is owed of it is in the outbox, under keys made here: `announcement:<id>:<resident>:<part>`. The part that bears
the words is `w`; photos that go before it have numbers. So nobody is owed the same twice, and how it went is read
from there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from storage.database import Dialect, Transaction, one_of
from storage.ids import AnnouncementId, ChatId, MessageId, ResidentId
from storage.records import Instant, Record

#: How long what is held waits at most: until somebody resumes it.
HELD = timedelta(days=365)
#: What gave way may be on its way at that moment: so long after it was owed it is not.
_GRACE = timedelta(seconds=60)
WORDS = "w"
_GROUP = "announcement:"


def group(announcement: AnnouncementId) -> str:
    """What groups the messages that are owed of an announcement: they are held and dropped together."""
    return f"{_GROUP}{announcement}"


def _key(announcement: AnnouncementId) -> str:
    """What the keys of an announcement's messages begin with."""
    return f"{_GROUP}{announcement}:"


def key(announcement: AnnouncementId, recipient: ResidentId | str, part: str) -> str:
    return f"{_key(announcement)}{recipient}:{part}"


# ---------------------------------------------------------------------------- to whom next


class Batch(Record):
    """The next recipients of one language and choice of digits."""

    language: str
    digits: str
    until: ResidentId


async def next_waiting(
    tx: Transaction, announcement: AnnouncementId, after: ResidentId, limit: int
) -> tuple[Batch, ...]:
    """The next who wait, behind `after`, by how they read."""
    rows = await tx.all(
        """
        SELECT r.language, r.digits, max(page.resident_id) AS until FROM (
            SELECT resident_id FROM announcement_recipients
            WHERE announcement_id = :announcement AND resident_id > :after AND state = 'waiting'
            ORDER BY resident_id LIMIT :limit
        ) AS page JOIN residents r ON r.id = page.resident_id
        GROUP BY r.language, r.digits ORDER BY r.language, r.digits
        """,
        announcement=announcement,
        after=after,
        limit=limit,
    )
    return tuple(Batch.of(row) for row in rows)


_OWE = """
    INSERT INTO outbox (channel, chat, kind, payload, urgency, key, supersedes, subject, resident_id, not_before,
        expires_at, created_at)
    SELECT r.channel, r.address, 'message', CAST(:payload AS TEXT), 2,
        CAST(:key AS TEXT) || a.resident_id || CAST(:part AS TEXT), CAST(:group AS TEXT), CAST(:group AS TEXT), r.id,
        {now}, {expires_at}, {now}
    FROM announcement_recipients a JOIN residents r ON r.id = a.resident_id
    WHERE a.announcement_id = :announcement AND a.resident_id > :after AND a.resident_id <= :until
        AND a.state = 'waiting' AND r.language = :language AND r.digits = :digits
        AND r.reachable AND (r.wants_news OR :test) AND r.forgotten_at IS NULL
    ORDER BY a.resident_id
    ON CONFLICT (key) DO NOTHING
"""
_OWE_IN = {
    Dialect.SQLITE: _OWE.format(now=":now", expires_at=":expires_at"),
    Dialect.POSTGRES: _OWE.format(now="CAST(:now AS TIMESTAMPTZ)", expires_at="CAST(:expires_at AS TIMESTAMPTZ)"),
}


def owe(
    tx: Transaction,
    announcement: AnnouncementId,
    batch: Batch,
    part: str,
    payload: str,
    *,
    after: ResidentId,
    until: ResidentId,
    expires_at: datetime | None,
    test: bool,
    at: datetime,
) -> None:
    """Owe one part of it to those who wait, behind `after` and up to `until`, and read as `batch` says."""
    tx.later(
        _OWE_IN[tx.dialect],
        announcement=announcement,
        payload=payload,
        key=_key(announcement),
        part=f":{part}",
        group=group(announcement),
        after=after,
        until=until,
        language=batch.language,
        digits=batch.digits,
        test=test,
        expires_at=expires_at,
        now=at,
    )


async def note_owed(
    tx: Transaction, announcement: AnnouncementId, edition: int, after: ResidentId, until: ResidentId
) -> int:
    """Those to whom something is owed now wait no more, nor do those to whom nothing is; how many these are."""
    where = "announcement_id = :announcement AND resident_id > :after AND resident_id <= :until AND state = 'waiting'"
    await tx.run(
        f"""
        UPDATE announcement_recipients SET state = 'owed', edition = :edition
        WHERE {where} AND EXISTS (
            SELECT 1 FROM outbox o
            WHERE o.key = CAST(:key AS TEXT) || announcement_recipients.resident_id || ':w'
        )
        """,
        announcement=announcement,
        edition=edition,
        after=after,
        until=until,
        key=_key(announcement),
    )
    return await tx.run(
        f"UPDATE announcement_recipients SET state = 'skipped' WHERE {where}",
        announcement=announcement,
        after=after,
        until=until,
    )


async def drop_waiting(
    tx: Transaction, announcement: AnnouncementId, after: ResidentId, limit: int
) -> tuple[ResidentId | None, int]:
    """The next `limit` who wait, behind `after`, wait no more. Up to whom, and how many they were."""
    row = await tx.one(
        """
        SELECT max(page.resident_id) AS until FROM (
            SELECT resident_id FROM announcement_recipients
            WHERE announcement_id = :announcement AND resident_id > :after ORDER BY resident_id LIMIT :limit
        ) AS page
        """,
        announcement=announcement,
        after=after,
        limit=limit,
    )
    if row is None or row["until"] is None:
        return None, 0
    until = ResidentId(int(str(row["until"])))
    dropped = await tx.run(
        """
        UPDATE announcement_recipients SET state = 'skipped'
        WHERE announcement_id = :announcement AND resident_id > :after AND resident_id <= :until AND state = 'waiting'
        """,
        announcement=announcement,
        after=after,
        until=until,
    )
    return until, dropped


async def count_pending(tx: Transaction) -> int:
    """How many broadcasts wait to be sent."""
    row = await tx.one("SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND urgency = 2")
    return 0 if row is None else int(str(row["n"]))


# ---------------------------------------------------------------------------- what became of it


class Settled(Record):
    """What became of one."""

    resident_id: ResidentId
    state: str
    edition: int
    sent_at: Instant | None


# The condition on `state` is that of the index `recipients_under_way`, word for word.
# Messages of whoever was forgotten meanwhile are gone.
_SETTLED = """
    UPDATE announcement_recipients SET
        state = CASE WHEN ended.how IN ('sent', 'failed', 'unreachable') THEN ended.how ELSE 'skipped' END,
        message = ended.bears, sent_at = CASE WHEN ended.how = 'sent' THEN ended.since END
    FROM (
        SELECT a.resident_id AS who, o.status AS how, o.message AS bears, o.sent_at AS since
        FROM announcement_recipients a LEFT JOIN outbox o ON o.key = CAST(:key AS TEXT) || a.resident_id || ':w'
        WHERE a.announcement_id = :announcement AND a.state IN ('owed', 'recalling') AND a.state = 'owed'
            AND (o.id IS NULL OR (o.status <> 'pending' AND (o.status <> 'superseded' OR o.created_at <= :grace)))
        ORDER BY a.resident_id LIMIT :limit
    ) AS ended
    WHERE announcement_id = :announcement AND resident_id = ended.who
    RETURNING resident_id, state, edition, sent_at
"""
_TAKEN_BACK = """
    UPDATE announcement_recipients SET state = CASE WHEN ended.how = 'sent' THEN 'recalled' ELSE 'kept' END
    FROM (
        SELECT a.resident_id AS who, o.status AS how
        FROM announcement_recipients a LEFT JOIN outbox o ON o.key = CAST(:key AS TEXT) || a.resident_id || ':r'
        WHERE a.announcement_id = :announcement AND a.state IN ('owed', 'recalling') AND a.state = 'recalling'
            AND (o.id IS NULL OR o.status <> 'pending')
        ORDER BY a.resident_id LIMIT :limit
    ) AS ended
    WHERE announcement_id = :announcement AND resident_id = ended.who
    RETURNING resident_id, state, edition, sent_at
"""


async def settle(tx: Transaction, announcement: AnnouncementId, now: datetime, limit: int) -> tuple[Settled, ...]:
    """Note how those went of which the outbox knows; `limit` at most."""
    rows = await tx.all(_SETTLED, announcement=announcement, key=_key(announcement), grace=now - _GRACE, limit=limit)
    return tuple(Settled.of(row) for row in rows)


async def settle_recalls(tx: Transaction, announcement: AnnouncementId, limit: int) -> tuple[Settled, ...]:
    """The same of messages that are being taken back."""
    rows = await tx.all(_TAKEN_BACK, announcement=announcement, key=_key(announcement), limit=limit)
    return tuple(Settled.of(row) for row in rows)


async def is_under_way(tx: Transaction, announcement: AnnouncementId) -> bool:
    """Whether of something that was owed it is not known yet how it went."""
    row = await tx.one(
        """
        SELECT 1 FROM announcement_recipients
        WHERE announcement_id = :announcement AND state IN ('owed', 'recalling') LIMIT 1
        """,
        announcement=announcement,
    )
    return row is not None


# ---------------------------------------------------------------------------- who has it


class Recipient(Record):
    """A recipient, and the message in which they have it."""

    resident_id: ResidentId
    state: str
    channel: str
    address: ChatId
    language: str
    digits: str
    message: MessageId | None
    edition: int
    sent_at: Instant | None
    reachable: bool


_RECIPIENTS = """
    SELECT a.resident_id, a.state, r.channel, r.address, r.language, r.digits, a.message, a.edition, a.sent_at,
        r.reachable
    FROM announcement_recipients a JOIN residents r ON r.id = a.resident_id
    WHERE a.announcement_id = :announcement
"""


async def behind(tx: Transaction, announcement: AnnouncementId, after: ResidentId, limit: int) -> tuple[Recipient, ...]:
    """The next recipients behind `after`, whatever became of it, so that no more rows than these are looked at."""
    rows = await tx.all(
        f"{_RECIPIENTS} AND a.resident_id > :after ORDER BY a.resident_id LIMIT :limit",
        announcement=announcement,
        after=after,
        limit=limit,
    )
    return tuple(Recipient.of(row) for row in rows)


_THESE = {dialect: f"{_RECIPIENTS} AND {one_of(dialect, 'a.resident_id', 'these', 'BIGINT')}" for dialect in Dialect}


async def these(
    tx: Transaction, announcement: AnnouncementId, residents: Collection[ResidentId]
) -> tuple[Recipient, ...]:
    """These residents, as recipients."""
    rows = await tx.all(_THESE[tx.dialect], announcement=announcement, these=tuple(residents))
    return tuple(Recipient.of(row) for row in rows)


def note_edition(tx: Transaction, announcement: AnnouncementId, resident: ResidentId, edition: int) -> None:
    """They get the text of this edition."""
    tx.later(
        """
        UPDATE announcement_recipients SET edition = :edition
        WHERE announcement_id = :announcement AND resident_id = :resident
        """,
        announcement=announcement,
        resident=resident,
        edition=edition,
    )


def note_recall(tx: Transaction, announcement: AnnouncementId, resident: ResidentId, *, kept: bool) -> None:
    """Their message is being taken back, or is `kept`, since that is no longer possible."""
    tx.later(
        """
        UPDATE announcement_recipients SET state = :state
        WHERE announcement_id = :announcement AND resident_id = :resident AND state = 'sent'
        """,
        announcement=announcement,
        resident=resident,
        state="kept" if kept else "recalling",
    )


_MESSAGES = {
    dialect: f"""
        SELECT DISTINCT o.resident_id, o.message FROM outbox o
        WHERE {one_of(dialect, "o.resident_id", "these", "BIGINT")} AND o.supersedes = :group AND o.message IS NOT NULL
    """
    for dialect in Dialect
}


async def messages_of(
    tx: Transaction, announcement: AnnouncementId, residents: Collection[ResidentId]
) -> Mapping[ResidentId, tuple[MessageId, ...]]:
    """All messages in which these residents have it: an album is several."""
    rows = await tx.all(_MESSAGES[tx.dialect], these=tuple(residents), group=group(announcement))
    found: dict[ResidentId, tuple[MessageId, ...]] = {}
    for row in rows:
        resident = ResidentId(int(str(row["resident_id"])))
        found[resident] = (*found.get(resident, ()), MessageId(str(row["message"])))
    return found


async def has(tx: Transaction, announcement: AnnouncementId, resident: ResidentId) -> bool:
    """Whether somebody was sent it."""
    row = await tx.one(
        """
        SELECT 1 FROM announcement_recipients
        WHERE announcement_id = :announcement AND resident_id = :resident AND state <> 'waiting'
        """,
        announcement=announcement,
        resident=resident,
    )
    return row is not None


# ---------------------------------------------------------------------------- public channels


class Post(Record):
    chat: ChatId
    edition: int
    message: MessageId | None
    sent_at: Instant | None


async def add_post(tx: Transaction, announcement: AnnouncementId, chat: ChatId, edition: int) -> bool:
    """Post it in a channel; False where it is posted already."""
    added = await tx.run(
        """
        INSERT INTO announcement_posts (announcement_id, chat, edition) VALUES (:announcement, :chat, :edition)
        ON CONFLICT DO NOTHING
        """,
        announcement=announcement,
        chat=chat,
        edition=edition,
    )
    return added > 0


async def posts(tx: Transaction, announcement: AnnouncementId) -> tuple[Post, ...]:
    """Where it is posted, and in which message once that is known."""
    rows = await tx.all(
        """
        SELECT p.chat, p.edition, o.message, o.sent_at FROM announcement_posts p
        LEFT JOIN outbox o ON o.key = CAST(:key AS TEXT) || p.chat || ':w'
        WHERE p.announcement_id = :announcement ORDER BY p.chat
        """,
        announcement=announcement,
        key=f"{_key(announcement)}post:",
    )
    return tuple(Post.of(row) for row in rows)


def note_post(tx: Transaction, announcement: AnnouncementId, chat: ChatId, edition: int) -> None:
    sql = "UPDATE announcement_posts SET edition = :edition WHERE announcement_id = :announcement AND chat = :chat"
    tx.later(sql, announcement=announcement, chat=chat, edition=edition)


async def is_posted(tx: Transaction, announcement: AnnouncementId) -> bool:
    """Whether it stands in a public channel."""
    sql = "SELECT 1 FROM announcement_posts WHERE announcement_id = :announcement LIMIT 1"
    return await tx.one(sql, announcement=announcement) is not None
