"""What all who joined an incident are told, and the message that shows it in an office's chat."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.database import Dialect, Transaction
from storage.ids import CaseId, ChatId, ForumTopicId, IncidentId, MessageId, OfficeId
from storage.records import Instant, Record
from storage.records.staff import StaffChat
from storage.translations import Translations

_CARD = "incident_card:"


class NewsKind(StrEnum):
    UPDATE = "update"
    CLOSE = "close"  # each that joined is closed with it
    RELEASE = "release"  # each that joined is an ordinary request again


class News(Record):
    id: int
    incident_id: IncidentId
    kind: NewsKind
    texts: Translations
    by_whom: str
    at: Instant
    starts_at: Instant  # it can be taken back until then
    reached: CaseId  # the last case whose people were told
    told: int  # cases whose people were
    done_at: Instant | None
    taken_back_at: Instant | None
    replaces: Translations | None  # what newcomers read before, where it changes that
    office: OfficeId | None  # whose requests alone are released: it is taken out of the incident


async def add(
    tx: Transaction,
    incident: IncidentId,
    kind: NewsKind,
    texts: Translations,
    *,
    by: str,
    at: datetime,
    starts_at: datetime,
    replaces: Translations | None = None,
    office: OfficeId | None = None,
) -> News:
    row = await tx.one(
        """
        INSERT INTO incident_news (incident_id, kind, texts, by_whom, at, starts_at, replaces, office)
        VALUES (:incident, :kind, :texts, :by, :at, :starts_at, :replaces, :office) RETURNING *
        """,
        incident=incident,
        kind=kind.value,
        texts=texts.as_json,
        by=by,
        at=at,
        starts_at=starts_at,
        replaces=None if replaces is None else replaces.as_json,
        office=office,
    )
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return News.of(row)


async def by_id(tx: Transaction, news: int) -> News | None:
    return News.maybe(await tx.one("SELECT * FROM incident_news WHERE id = :id", id=news))


async def lock(tx: Transaction, news: int) -> News | None:
    sql = "SELECT * FROM incident_news WHERE id = :id"
    return News.maybe(await tx.one(f"{sql} FOR UPDATE" if tx.dialect is Dialect.POSTGRES else sql, id=news))


async def newest_order(tx: Transaction, incident: IncidentId) -> News | None:
    """The last that was not taken back, whoever it is for."""
    sql = """
        SELECT * FROM incident_news WHERE incident_id = :incident AND taken_back_at IS NULL ORDER BY id DESC LIMIT 1
    """
    return News.maybe(await tx.one(sql, incident=incident))


async def is_leaving(tx: Transaction, incident: IncidentId, office: OfficeId) -> bool:
    """Whether a municipality was taken out, and not all of its requests have been released."""
    sql = """
        SELECT 1 FROM incident_news
        WHERE incident_id = :incident AND office = :office AND done_at IS NULL AND taken_back_at IS NULL
    """
    return await tx.one(sql, incident=incident, office=office) is not None


async def newest(tx: Transaction, incident: IncidentId) -> News | None:
    """The last for all who joined that was not taken back."""
    sql = """
        SELECT * FROM incident_news WHERE incident_id = :incident AND taken_back_at IS NULL AND office IS NULL
        ORDER BY id DESC LIMIT 1
    """
    return News.maybe(await tx.one(sql, incident=incident))


async def newest_begun(tx: Transaction, incident: IncidentId, now: datetime) -> News | None:
    """The last that all who joined are being told, or were."""
    sql = """
        SELECT * FROM incident_news
        WHERE incident_id = :incident AND taken_back_at IS NULL AND office IS NULL AND starts_at <= :now
        ORDER BY id DESC LIMIT 1
    """
    return News.maybe(await tx.one(sql, incident=incident, now=now))


async def next_due(tx: Transaction, now: datetime) -> News | None:
    """The oldest that people are still to be told."""
    sql = """
        SELECT * FROM incident_news WHERE done_at IS NULL AND taken_back_at IS NULL AND starts_at <= :now
        ORDER BY starts_at, id LIMIT 1
    """
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR UPDATE SKIP LOCKED"
    return News.maybe(await tx.one(sql, now=now))


def advance(tx: Transaction, news: News, reached: CaseId, told: int) -> None:
    sql = "UPDATE incident_news SET reached = :reached, told = told + :told WHERE id = :id"
    tx.later(sql, reached=reached, told=told, id=news.id)


def finish(tx: Transaction, news: int, at: datetime) -> None:
    tx.later("UPDATE incident_news SET done_at = :at WHERE id = :id", at=at, id=news)


async def take_back(tx: Transaction, news: int, now: datetime) -> bool:
    """False where it has begun, or was taken back before."""
    changed = await tx.run(
        """
        UPDATE incident_news SET taken_back_at = :now
        WHERE id = :id AND starts_at > :now AND taken_back_at IS NULL AND done_at IS NULL
        """,
        id=news,
        now=now,
    )
    return changed == 1


# ---------------------------------------------------------------------------- cards


class IncidentCard(Record):
    incident_id: IncidentId
    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None
    message: MessageId | None
    shown: str  # a digest of what it was last made to show


async def place(tx: Transaction, incident: IncidentId, chat: StaffChat) -> IncidentCard:
    """The card belongs in this chat. One that was elsewhere is shown anew."""
    row = await tx.one(
        """
        INSERT INTO incident_cards (incident_id, office, channel, chat, topic)
        VALUES (:id, :office, :channel, :chat, :topic)
        ON CONFLICT (incident_id, office) DO UPDATE SET
            message = CASE WHEN incident_cards.channel = excluded.channel AND incident_cards.chat = excluded.chat
                AND coalesce(incident_cards.topic, '') = coalesce(excluded.topic, '') THEN incident_cards.message END,
            channel = excluded.channel, chat = excluded.chat, topic = excluded.topic
        RETURNING *
        """,
        id=incident,
        **chat.model_dump(),
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return IncidentCard.of(row)


def shows(tx: Transaction, incident: IncidentId, office: OfficeId, digest: str) -> None:
    sql = "UPDATE incident_cards SET shown = :digest WHERE incident_id = :id AND office = :office"
    tx.later(sql, digest=digest, id=incident, office=office)


def card_group(incident: IncidentId, office: OfficeId) -> str:
    """What messages that show a card supersede each other by."""
    return f"{_CARD}{incident}:{office}"


def of_group(supersedes: str) -> tuple[IncidentId, OfficeId] | None:
    """Whose card at which office a message shows; None where it shows none."""
    if not supersedes.startswith(_CARD):
        return None
    incident, _, office = supersedes.removeprefix(_CARD).partition(":")
    return IncidentId(int(incident)), OfficeId(office)


def sent(
    tx: Transaction, incident: IncidentId, office: OfficeId, channel: str, chat: ChatId, message: MessageId
) -> None:
    """It was sent or edited: this message shows it, unless the card belongs elsewhere by now."""
    tx.later(
        """
        UPDATE incident_cards SET message = :message
        WHERE incident_id = :id AND office = :office AND channel = :channel AND chat = :chat
        """,
        id=incident,
        office=office,
        channel=channel,
        chat=chat,
        message=message,
    )
