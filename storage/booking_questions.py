"""Questions of staff about appointments: which wait for an answer, and an answer that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage import files as file_rows
from storage.database import Transaction
from storage.ids import BookingId, FileId, ResidentId
from storage.records import Instant, Record
from storage.records.bookings import BookingEvent
from storage.records.files import FileRow


class BookingQuestion(Record):
    """The question about an appointment that was asked last."""

    booking_id: BookingId
    asked_at: Instant
    look_at: Instant | None  # when the clock has something to see to
    recalled_at: Instant | None
    answered_at: Instant | None


def ask(tx: Transaction, booking: BookingId, at: datetime, look_at: datetime) -> None:
    """Something is asked; it takes the place of an earlier question."""
    tx.later(
        """
        INSERT INTO booking_questions (booking_id, asked_at, look_at) VALUES (:booking, :at, :look_at)
        ON CONFLICT (booking_id) DO UPDATE SET
            asked_at = excluded.asked_at, look_at = excluded.look_at, recalled_at = NULL, answered_at = NULL
        """,
        booking=booking,
        at=at,
        look_at=look_at,
    )


async def of(tx: Transaction, booking: BookingId) -> BookingQuestion | None:
    return BookingQuestion.maybe(await tx.one("SELECT * FROM booking_questions WHERE booking_id = :id", id=booking))


async def open_of(tx: Transaction, resident: ResidentId) -> list[BookingQuestion]:
    """The questions that a resident has not answered, also about appointments that are over."""
    sql = """
        SELECT q.* FROM bookings b JOIN booking_questions q ON q.booking_id = b.id
        WHERE b.resident_id = :resident AND q.answered_at IS NULL ORDER BY q.booking_id
        """
    return [BookingQuestion.of(row) for row in await tx.all(sql, resident=resident)]


def answered(tx: Transaction, booking: BookingId, at: datetime) -> None:
    """Its visitor said something; nothing where nothing was asked."""
    tx.later(
        """
        UPDATE booking_questions SET answered_at = :at, look_at = NULL
        WHERE booking_id = :booking AND answered_at IS NULL
        """,
        booking=booking,
        at=at,
    )


def reopen(tx: Transaction, booking: BookingId, look_at: datetime) -> None:
    """It was no answer."""
    sql = "UPDATE booking_questions SET answered_at = NULL, look_at = :look_at WHERE booking_id = :booking"
    tx.later(sql, booking=booking, look_at=look_at)


def recalled(tx: Transaction, booking: BookingId, at: datetime, look_at: datetime) -> None:
    sql = "UPDATE booking_questions SET recalled_at = :at, look_at = :look_at WHERE booking_id = :booking"
    tx.later(sql, booking=booking, at=at, look_at=look_at)


def look_again(tx: Transaction, booking: BookingId, at: datetime | None) -> None:
    """When the clock is to look at a question next; None is never."""
    sql = "UPDATE booking_questions SET look_at = :at WHERE booking_id = :booking AND answered_at IS NULL"
    tx.later(sql, booking=booking, at=at)


async def to_look_at(tx: Transaction, now: datetime, limit: int) -> list[BookingQuestion]:
    sql = "SELECT * FROM booking_questions WHERE look_at <= :now ORDER BY look_at LIMIT :limit"
    return [BookingQuestion.of(row) for row in await tx.all(sql, now=now, limit=limit)]


# ---------------------------------------------------------------------------- an answer


async def event(tx: Transaction, event_id: int) -> BookingEvent | None:
    return BookingEvent.maybe(await tx.one("SELECT * FROM booking_events WHERE id = :id", id=event_id))


async def files_since(tx: Transaction, booking: BookingId, since: datetime) -> list[FileRow]:
    """What came with an appointment since then."""
    sql = """
        SELECT f.* FROM booking_files b JOIN files f ON f.id = b.file_id
        WHERE b.booking_id = :booking AND b.added_at >= :since ORDER BY f.id
        """
    return [FileRow.of(row) for row in await tx.all(sql, booking=booking, since=since)]


def withdraw(tx: Transaction, booking: BookingId, events: Collection[int], files: Collection[FileId]) -> None:
    """What these events said is no longer the appointment's; the files are nothing's."""
    for number in events:
        tx.later("UPDATE booking_events SET detail = '' WHERE id = :id", id=number)
    for file in files:
        tx.later(
            "DELETE FROM booking_files WHERE booking_id = :booking AND file_id = :file", booking=booking, file=file
        )
        file_rows.let_go(tx, file)
