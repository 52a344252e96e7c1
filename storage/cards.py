"""Where the living card of each case is."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import CaseId, ChatId, MessageId, OfficeId
from storage.records.staff import Card, StaffChat

_CARD = "card:"


async def of(tx: Transaction, case: CaseId, office: OfficeId) -> Card | None:
    """A case's card at an office."""
    sql = "SELECT * FROM cards WHERE case_id = :id AND office = :office"
    return Card.maybe(await tx.one(sql, id=case, office=office))


async def of_case(tx: Transaction, case: CaseId) -> list[Card]:
    """A case's cards, at all offices that had it, the newest last."""
    sql = "SELECT * FROM cards WHERE case_id = :id ORDER BY placed_at, office"
    return [Card.of(row) for row in await tx.all(sql, id=case)]


async def case_at(tx: Transaction, channel: str, chat: ChatId, message: MessageId) -> CaseId | None:
    """Whose card a message is."""
    sql = "SELECT case_id FROM cards WHERE channel = :channel AND chat = :chat AND message = :message"
    row = await tx.one(sql, channel=channel, chat=chat, message=message)
    return None if row is None else CaseId(int(str(row["case_id"])))


async def place(tx: Transaction, case: CaseId, chat: StaffChat, at: datetime) -> Card:
    """The card belongs in this chat. One that was elsewhere is shown anew; the first to say so decides."""
    row = await tx.one(
        """
        INSERT INTO cards (case_id, office, channel, chat, topic, placed_at)
        VALUES (:id, :office, :channel, :chat, :topic, :at)
        ON CONFLICT (case_id, office) DO UPDATE SET
            message = CASE WHEN cards.channel = excluded.channel AND cards.chat = excluded.chat
                AND coalesce(cards.topic, '') = coalesce(excluded.topic, '') THEN cards.message END,
            channel = excluded.channel, chat = excluded.chat, topic = excluded.topic
        RETURNING *
        """,
        id=case,
        at=at,
        **chat.model_dump(),
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return Card.of(row)


def lift(tx: Transaction, case: CaseId, office: OfficeId) -> None:
    """The card is shown anew: which message it is, is known once that was sent."""
    tx.later("UPDATE cards SET message = NULL WHERE case_id = :id AND office = :office", id=case, office=office)


def shows(tx: Transaction, case: CaseId, office: OfficeId, digest: str) -> None:
    """What the card is made to show now."""
    tx.later(
        "UPDATE cards SET shown = :digest WHERE case_id = :id AND office = :office",
        digest=digest,
        id=case,
        office=office,
    )


def group(case: CaseId, office: OfficeId) -> str:
    """What messages that show a card supersede each other by."""
    return f"{_CARD}{case}:{office}"


def of_group(supersedes: str) -> tuple[CaseId, OfficeId] | None:
    """Whose card at which office a message shows; None where it shows none."""
    if not supersedes.startswith(_CARD):
        return None
    case, _, office = supersedes.removeprefix(_CARD).partition(":")
    return CaseId(int(case)), OfficeId(office)


def sent(tx: Transaction, case: CaseId, office: OfficeId, channel: str, chat: ChatId, message: MessageId) -> None:
    """The card was sent or edited: this message shows it, unless the card belongs elsewhere by now."""
    tx.later(
        """
        UPDATE cards SET message = :message
        WHERE case_id = :id AND office = :office AND channel = :channel AND chat = :chat
        """,
        id=case,
        office=office,
        channel=channel,
        chat=chat,
        message=message,
    )


async def unshown(tx: Transaction, office: OfficeId) -> int:
    """How many open cases of an office have no card in its chat, nor one on its way there."""
    row = await tx.one(
        """
        SELECT count(*) AS n FROM cards c JOIN cases x ON x.id = c.case_id AND x.office = c.office
        WHERE c.office = :office AND c.message IS NULL AND x.closed_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM outbox o
            WHERE o.supersedes = 'card:' || c.case_id || ':' || c.office AND o.status = 'pending' AND o.kind = 'message'
        )
        """,
        office=office,
    )
    return 0 if row is None else int(str(row["n"]))
