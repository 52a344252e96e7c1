"""Where the living card of each appointment is: one message, in the chat of its office."""

from __future__ import annotations

from datetime import date, datetime

from storage.database import Transaction
from storage.ids import BookingId, ChatId, ForumTopicId, MessageId, OfficeId, SessionId
from storage.records import Record
from storage.records.staff import StaffChat

_CARD = "booking_card:"


class BookingCard(Record):
    """The message that shows an appointment. `message` is None until it was sent."""

    booking_id: BookingId
    office: OfficeId
    channel: str
    chat: ChatId
    topic: ForumTopicId | None
    message: MessageId | None
    shown: str = ""  # a digest of what it was last made to show


async def of(tx: Transaction, booking: BookingId) -> BookingCard | None:
    return BookingCard.maybe(await tx.one("SELECT * FROM booking_cards WHERE booking_id = :id", id=booking))


async def booking_at(tx: Transaction, channel: str, chat: ChatId, message: MessageId) -> BookingId | None:
    """Whose card a message is."""
    sql = "SELECT booking_id FROM booking_cards WHERE channel = :channel AND chat = :chat AND message = :message"
    row = await tx.one(sql, channel=channel, chat=chat, message=message)
    return None if row is None else BookingId(int(str(row["booking_id"])))


async def place(tx: Transaction, booking: BookingId, chat: StaffChat, at: datetime) -> BookingCard:
    """The card belongs in this chat. One that was elsewhere is shown anew; the first to say so decides."""
    row = await tx.one(
        """
        INSERT INTO booking_cards (booking_id, office, channel, chat, topic, placed_at)
        VALUES (:id, :office, :channel, :chat, :topic, :at)
        ON CONFLICT (booking_id) DO UPDATE SET
            message = CASE WHEN booking_cards.channel = excluded.channel AND booking_cards.chat = excluded.chat
                AND coalesce(booking_cards.topic, '') = coalesce(excluded.topic, '') THEN booking_cards.message END,
            channel = excluded.channel, chat = excluded.chat, topic = excluded.topic
        RETURNING *
        """,
        id=booking,
        at=at,
        **chat.model_dump(),
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return BookingCard.of(row)


def lift(tx: Transaction, booking: BookingId) -> None:
    """The card is shown anew: which message it is, is known once that was sent."""
    tx.later("UPDATE booking_cards SET message = NULL WHERE booking_id = :id", id=booking)


def shows(tx: Transaction, booking: BookingId, digest: str) -> None:
    """What the card is made to show now."""
    tx.later("UPDATE booking_cards SET shown = :digest WHERE booking_id = :id", digest=digest, id=booking)


async def sessions_to_show(tx: Transaction, day: date, limit: int) -> list[SessionId]:
    """Sessions of a day whose cards do not show the buttons of the day yet."""
    rows = await tx.all(
        """
        SELECT s.id FROM sessions s
        WHERE s.day = :day AND NOT EXISTS (SELECT 1 FROM day_cards d WHERE d.session_id = s.id AND d.day = s.day)
        ORDER BY s.id LIMIT :limit
        """,
        day=day,
        limit=limit,
    )
    return [SessionId(int(str(row["id"]))) for row in rows]


async def take_day(tx: Transaction, session: SessionId, day: date) -> list[BookingId]:
    """The appointments of a session whose cards are to be shown anew; asked once for its day."""
    tx.later(
        """
        INSERT INTO day_cards (session_id, day) VALUES (:session, :day)
        ON CONFLICT (session_id) DO UPDATE SET day = excluded.day
        """,
        session=session,
        day=day,
    )
    rows = await tx.all(
        """
        SELECT b.id FROM bookings b JOIN booking_cards c ON c.booking_id = b.id
        WHERE b.session_id = :session AND b.status = 'confirmed' ORDER BY b.id
        """,
        session=session,
    )
    return [BookingId(int(str(row["id"]))) for row in rows]


def group(booking: BookingId) -> str:
    """What messages that show a card supersede each other by."""
    return f"{_CARD}{booking}"


def of_group(supersedes: str) -> BookingId | None:
    """Whose card a message shows; None where it shows none."""
    number = supersedes.removeprefix(_CARD)
    return BookingId(int(number)) if supersedes.startswith(_CARD) and number.isdecimal() else None


def sent(tx: Transaction, booking: BookingId, channel: str, chat: ChatId, message: MessageId) -> None:
    """The card was sent or edited: this message shows it, unless the card belongs elsewhere by now."""
    tx.later(
        """
        UPDATE booking_cards SET message = :message
        WHERE booking_id = :id AND channel = :channel AND chat = :chat
        """,
        id=booking,
        channel=channel,
        chat=chat,
        message=message,
    )
