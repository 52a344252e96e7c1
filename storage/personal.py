"""What is held on a person: found for them, and erased when they ask."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Json

from storage import outcomes, public_words
from storage.announcements import Button as AnnouncementButton
from storage.database import Row, Transaction
from storage.ids import AnnouncementId, BookingId, CaseId, ChatId, MessageId, OfficeId, Reference, ResidentId
from storage.records import Instant, Record
from storage.records.cases import Case, CaseEvent
from storage.records.residents import ConversationRow, Resident
from storage.translations import Translations

# ---------------------------------------------------------------------------- finding


class BookingChange(Record):
    """One line of a booking's history."""

    booking_id: BookingId
    at: Instant
    what: str


async def booking_changes(tx: Transaction, resident: ResidentId) -> list[BookingChange]:
    rows = await tx.all(
        """
        SELECT e.* FROM booking_events e JOIN bookings b ON b.id = e.booking_id
        WHERE b.resident_id = :resident ORDER BY e.id
        """,
        resident=resident,
    )
    return [BookingChange.of(row) for row in rows]


async def cases(tx: Transaction, resident: ResidentId) -> list[Case]:
    """Every case of a resident's own."""
    rows = await tx.all("SELECT * FROM cases WHERE resident_id = :resident ORDER BY id", resident=resident)
    return [Case.of(row) for row in rows]


async def case_events(tx: Transaction, resident: ResidentId, actor: str) -> list[CaseEvent]:
    """The histories of a resident's cases, and what they did in others'."""
    rows = await tx.all(
        """
        SELECT e.* FROM case_events e JOIN cases c ON c.id = e.case_id WHERE c.resident_id = :resident
        UNION
        SELECT e.* FROM case_events e WHERE e.actor = :actor
        ORDER BY id
        """,
        resident=resident,
        actor=actor,
    )
    return [CaseEvent.of(row) for row in rows]


async def followed(tx: Transaction, resident: ResidentId) -> list[Reference]:
    """The references of others' cases that a resident joined."""
    rows = await tx.all(
        """
        SELECT c.reference FROM case_followers f JOIN cases c ON c.id = f.case_id
        WHERE f.resident_id = :resident ORDER BY c.id
        """,
        resident=resident,
    )
    return [Reference(str(row["reference"])) for row in rows]


async def conversation(tx: Transaction, resident: ResidentId) -> ConversationRow | None:
    """Where a resident's conversation stands, with what they have entered and not submitted."""
    return ConversationRow.maybe(
        await tx.one("SELECT * FROM conversations WHERE resident_id = :resident", resident=resident)
    )


def keep_conversation(tx: Transaction, resident: ResidentId, step: str, saved: str) -> None:
    """Have somebody's conversation stand here, with no more drafts set aside than these; nothing is offered there."""
    tx.later(
        """
        UPDATE conversations SET step = :step, saved = :saved, offered = '[]', last_choice = '', album = ''
        WHERE resident_id = :resident
        """,
        resident=resident,
        step=step,
        saved=saved,
    )


class ToldAnnouncement(Record):
    """An announcement that somebody got, tapped, or after which they wanted no more news."""

    id: AnnouncementId
    kind: str
    office: OfficeId
    texts: Translations
    buttons: Json[tuple[AnnouncementButton, ...]]
    state: str  # of the delivery to them; "" where its record is deleted
    sent_at: Instant | None
    opted_out_at: Instant | None


class Tapped(Record):
    announcement_id: AnnouncementId
    button: int
    at: Instant


async def announcements(tx: Transaction, resident: ResidentId) -> list[ToldAnnouncement]:
    """Their announcements, the oldest first.

    Recipients are kept by announcement: each announcement costs one look into an index, and there are few of them.
    """
    rows = await tx.all(
        """
        SELECT a.id, a.kind, a.office, a.texts, a.buttons, coalesce(r.state, '') AS state, r.sent_at,
            o.at AS opted_out_at
        FROM announcements a
        LEFT JOIN announcement_recipients r ON r.announcement_id = a.id AND r.resident_id = :resident
        LEFT JOIN announcement_opt_outs o ON o.announcement_id = a.id AND o.resident_id = :resident
        WHERE r.announcement_id IS NOT NULL OR o.announcement_id IS NOT NULL
            OR a.id IN (SELECT t.announcement_id FROM announcement_taps t WHERE t.resident_id = :resident)
        ORDER BY a.id
        """,
        resident=resident,
    )
    return [ToldAnnouncement.of(row) for row in rows]


async def taps(tx: Transaction, resident: ResidentId) -> list[Tapped]:
    """The buttons of announcements that they tapped."""
    rows = await tx.all(
        "SELECT announcement_id, button, at FROM announcement_taps WHERE resident_id = :resident ORDER BY at, button",
        resident=resident,
    )
    return [Tapped.of(row) for row in rows]


# ---------------------------------------------------------------------------- erasing


async def erase_resident(tx: Transaction, resident: ResidentId, tombstone: str, at: datetime) -> Resident:
    """Leave a row that says no more than that there was somebody."""
    row = await tx.one(
        """
        UPDATE residents SET address = :tombstone, name = '', channel_name = '', phone = '', phone_own = FALSE,
            office = '', source = '', consented_at = NULL, reachable = FALSE, wants_reminders = FALSE,
            wants_progress = FALSE, wants_news = FALSE, blocked_until = NULL, blocked_reason = '',
            forgotten_at = :at, farewell = TRUE
        WHERE id = :id RETURNING *
        """,
        id=resident,
        tombstone=tombstone,
        at=at,
    )
    assert row is not None  # noqa: S101 - it is the resident's own turn
    return Resident.of(row)


async def erase_bookings(tx: Transaction, resident: ResidentId) -> None:
    """Office, day, topic and what became of it stay, for the statistics."""
    for row in await tx.all("SELECT id FROM bookings WHERE resident_id = :resident", resident=resident):
        outcomes.clear_words(tx, BookingId(int(str(row["id"]))))
    await tx.run(
        """
        UPDATE booking_events SET detail = '' WHERE detail <> ''
            AND booking_id IN (SELECT id FROM bookings WHERE resident_id = :resident)
        """,
        resident=resident,
    )
    await tx.run(
        """
        UPDATE bookings SET name = '', phone = '', words = '', project = '', registration = '', reason = '',
            needs = '[]', answers = '{}'
        WHERE resident_id = :resident
        """,
        resident=resident,
    )


def erase_case(tx: Transaction, case: CaseId, words: str) -> None:
    """An ended case: kind, category, office, block and dates stay, for the statistics."""
    tx.later(
        """
        UPDATE cases SET name = '', phone = '', project = '', registration = '', words = :words, building = '',
            road = '', latitude = NULL, longitude = NULL, source = '', search = NULL, in_index = FALSE,
            identity = 'erased'
        WHERE id = :id
        """,
        id=case,
        words=words,
    )
    public_words.forget(tx, case)


def unname_case(tx: Transaction, case: CaseId, words: str) -> None:
    """An open case: the matter stays, for those who deal with it; whose it is does not."""
    tx.later(
        """
        UPDATE cases SET name = '', phone = '', project = '', registration = '', words = :words, source = '',
            search = NULL, in_index = FALSE, identity = 'struck'
        WHERE id = :id
        """,
        id=case,
        words=words,
    )
    public_words.forget(tx, case)  # whoever agreed that others read it is nobody any more


def reword_event(tx: Transaction, event: int, words: str) -> None:
    tx.later("UPDATE case_events SET words = :words WHERE id = :id", id=event, words=words)
    # What the case is found by holds the former words.
    sql = """
        UPDATE cases SET search = NULL, in_index = FALSE WHERE id = (SELECT case_id FROM case_events WHERE id = :id)
        """
    tx.later(sql, id=event)


def unlink_case(tx: Transaction, case: Case, pseudonym: ResidentId) -> None:
    """The case is a pseudonym's from now on, and nothing in it leads back to the resident."""
    values = {"id": case.id, "pseudonym": pseudonym, "resident": case.resident_id}
    tx.later("UPDATE cases SET resident_id = :pseudonym WHERE id = :id", id=case.id, pseudonym=pseudonym)
    tx.later("DELETE FROM case_followers WHERE case_id = :id", id=case.id)
    tx.later("DELETE FROM booking_cases WHERE case_id = :id", id=case.id)
    tx.later("DELETE FROM delegated_cases WHERE case_id = :id", id=case.id)
    tx.later("DELETE FROM streets WHERE case_id = :id", id=case.id)
    tx.later(
        """
        UPDATE ratings SET resident_id = :pseudonym, comment = ''
        WHERE subject = 'case' AND subject_id = :id AND resident_id = :resident
        """,
        **values,
    )
    # Those who joined, too: by who did what they could be found again.
    tx.later("UPDATE case_events SET actor = 'resident' WHERE case_id = :id AND actor LIKE 'resident:%'", id=case.id)
    tx.later(
        "UPDATE audit SET actor = 'resident' WHERE subject = :subject AND actor LIKE 'resident:%'",
        subject=f"case:{case.id}",
    )


async def add_pseudonym(tx: Transaction, channel: str, tombstone: str, at: datetime) -> ResidentId:
    """Somebody, of whom no more is known."""
    row = await tx.one(
        """
        INSERT INTO residents (channel, address, language, reachable, created_at, seen_at, forgotten_at)
        VALUES (:channel, :tombstone, 'ar', FALSE, :at, :at, :at) RETURNING id
        """,
        channel=channel,
        tombstone=tombstone,
        at=at,
    )
    return ResidentId(_number(row, "id"))


async def erase_traces(tx: Transaction, resident: Resident) -> None:
    """Their conversation, what they follow, what they wrote to ratings, messages to them, updates set aside."""
    for sql in (
        "DELETE FROM conversations WHERE resident_id = :id",
        "DELETE FROM case_followers WHERE resident_id = :id",
        "DELETE FROM announcement_taps WHERE resident_id = :id",
        "DELETE FROM announcement_opt_outs WHERE resident_id = :id",
        "UPDATE ratings SET comment = '' WHERE resident_id = :id",
        "DELETE FROM line_panels WHERE resident_id = :id",
        "DELETE FROM asked_lately WHERE resident_id = :id",
        "DELETE FROM outbox WHERE resident_id = :id",
    ):
        await tx.run(sql, id=resident.id)
    # Of others nothing goes to this address but the farewell of who had it before them and was forgotten.
    await tx.run(
        "DELETE FROM outbox WHERE channel = :channel AND chat = :chat AND resident_id IS NULL",
        channel=resident.channel,
        chat=resident.address,
    )
    await tx.run(
        "DELETE FROM dead_letters WHERE channel = :channel AND raw LIKE :address",
        channel=resident.channel,
        address=f"%{resident.address}%",
    )


class Told(Record):
    """A message, or a notice that is to become one, about a case or a booking."""

    id: int
    status: str
    kind: str
    payload: str
    channel: str
    chat: ChatId
    message: MessageId | None
    supersedes: str | None
    delete_after: int | None
    sent_at: Instant | None
    holds: str
    to_staff: bool  # in a chat of an office, or with somebody who is or was a member of a team

    @property
    def is_file(self) -> bool:
        """Whether it was sent as one of a case's photos, voice notes or documents."""
        return self.supersedes is not None and self.supersedes.startswith("files:")

    def is_gone(self, now: datetime) -> bool:
        """Whether it was to be deleted by itself, and has been."""
        if self.delete_after is None or self.sent_at is None:
            return False
        return self.sent_at + timedelta(seconds=self.delete_after + 60) < now


_TOLD = """
    SELECT o.*, (o.resident_id IS NULL OR EXISTS (
        SELECT 1 FROM staff_roles s WHERE s.channel = o.channel AND s.address = o.chat
    )) AS to_staff FROM outbox o
"""


# Without the second condition SQLite would not use the index, which has only rows with a subject.
_ABOUT = "o.subject = :subject AND o.subject <> ''"


async def told_about(tx: Transaction, subject: str) -> list[Told]:
    """What was told, or is still to be told, about a case or a booking."""
    rows = await tx.all(f"{_TOLD} WHERE {_ABOUT} ORDER BY o.id", subject=subject)
    return [Told.of(row) for row in rows]


async def told_for_a_while(tx: Transaction, subject: str) -> list[Told]:
    """What was told about something in messages that vanish by themselves."""
    rows = await tx.all(f"{_TOLD} WHERE {_ABOUT} AND o.delete_after IS NOT NULL ORDER BY o.id", subject=subject)
    return [Told.of(row) for row in rows]


async def told_of_event(tx: Transaction, case: CaseId, event: int) -> list[Told]:
    """What staff were told of one event of a case: its news, and the files that came with it."""
    # News are put into words in the transaction that settles their notice, and so at one moment with it.
    rows = await tx.all(
        f"""
        {_TOLD} WHERE {_ABOUT} AND o.resident_id IS NULL AND (
            o.created_at IN (SELECT n.sent_at FROM outbox n WHERE n.key = :key AND n.kind = 'notice')
            OR o.supersedes LIKE :files
        ) ORDER BY o.id
        """,
        subject=f"case:{case}",
        key=_news(case, event),
        files=f"files:{case}:%:{event}",
    )
    return [Told.of(row) for row in rows]


class TypedByStaff(Record):
    """A member's own message, or one of ours, from which words of a case came."""

    channel: str
    chat: ChatId
    message: MessageId


async def typed_for(tx: Transaction, event: int) -> list[TypedByStaff]:
    rows = await tx.all("SELECT channel, chat, message FROM staff_messages WHERE event_id = :event", event=event)
    return [TypedByStaff.of(row) for row in rows]


def drop_news(tx: Transaction, case: CaseId, event: int) -> None:
    """Staff are not told of an event that they have not been told of yet."""
    sql = "UPDATE outbox SET status = 'dropped' WHERE key = :key AND status = 'pending'"
    tx.later(sql, key=_news(case, event))


def _news(case: CaseId, event: int) -> str:
    return f"case:{case}:{event}:staff"


def blank_message(tx: Transaction, row: int) -> None:
    """Forget what a settled message said; which message it was stays known."""
    tx.later("UPDATE outbox SET payload = '' WHERE id = :id AND status <> 'pending'", id=row)


def drop_message(tx: Transaction, row: int) -> None:
    tx.later("UPDATE outbox SET status = 'dropped', payload = '' WHERE id = :id AND status = 'pending'", id=row)


def stop_message(tx: Transaction, row: int) -> None:
    """Cancel a message that may be on its way. If it is sent all the same, its id is still recorded."""
    tx.later("UPDATE outbox SET status = 'superseded', payload = '' WHERE id = :id AND status = 'pending'", id=row)


class Talk(Record):
    """What a member of staff is in the middle of in a chat."""

    channel: str
    chat: ChatId
    address: str
    state: str


async def talks(tx: Transaction) -> list[Talk]:
    """All of them."""
    return [Talk.of(row) for row in await tx.all("SELECT * FROM staff_conversations")]


def keep_talk(tx: Transaction, talk: Talk, state: str) -> None:
    """Have a member be in the middle of no more than this; "" is nothing."""
    values = {"channel": talk.channel, "chat": talk.chat, "address": talk.address}
    whose = "channel = :channel AND chat = :chat AND address = :address"
    if state:
        tx.later(f"UPDATE staff_conversations SET state = :state WHERE {whose}", state=state, **values)
    else:
        tx.later(f"DELETE FROM staff_conversations WHERE {whose}", **values)


def _number(row: Row | None, column: str) -> int:
    value = None if row is None else row[column]
    return value if isinstance(value, int) else 0
