"""Bookings: seats held, confirmed, offered and waited for. A row is never deleted; it changes its status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from storage import files as file_rows
from storage.booking_states import LIVE, SEATED, listed
from storage.columns import assigned, columns_of, insert_into
from storage.database import Conflict, Dialect, Transaction, Value
from storage.ids import BookingId, FileId, OfficeId, Reference, ResidentId, SessionId
from storage.records.bookings import Booking, BookingEvent, BookingEventKind
from storage.records.files import FileRow

#: The source of the booking of somebody who came without an appointment. It takes none of the seats that are given out.
WALK_IN = "walk_in"

# Shared by every statement that reads bookings; what follows is a constant too.
_SELECT = """
SELECT b.*, s.day, sl.starts_at, sl.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id LEFT JOIN slots sl ON sl.id = b.slot_id
"""

_BY_ID = _SELECT + "WHERE b.id = :id"
_BY_REFERENCE = _SELECT + "WHERE b.reference = :reference"
_OF_RESIDENT = _SELECT + "WHERE b.resident_id = :resident ORDER BY b.id"
_SEATED_OR_WAITING = (
    _SELECT
    + f"""
WHERE b.session_id = :session AND b.status IN {listed(LIVE | SEATED)}
ORDER BY b.waiting_since, b.id
"""
)
_OF_DAY = (
    _SELECT
    + f"""
WHERE s.day = :day AND (s.office = :office OR :office = '')
    AND b.status IN {listed(LIVE)}
ORDER BY sl.starts_at, b.waiting_since, b.id
"""
)
_TO_REMIND = _SELECT + "WHERE b.status = 'confirmed' AND b.remind_at <= :now ORDER BY b.remind_at, b.id LIMIT :limit"


# ---------------------------------------------------------------------------- reading


async def by_id(tx: Transaction, booking: BookingId) -> Booking | None:
    return Booking.maybe(await tx.one(_BY_ID, id=booking))


async def by_reference(tx: Transaction, reference: Reference) -> Booking | None:
    return Booking.maybe(await tx.one(_BY_REFERENCE, reference=reference))


async def of_resident(tx: Transaction, resident: ResidentId) -> list[Booking]:
    """All there ever were, in the order they were made."""
    return [Booking.of(row) for row in await tx.all(_OF_RESIDENT, resident=resident)]


async def seated_or_waiting(tx: Transaction, session: SessionId) -> list[Booking]:
    """Everyone who has a seat in a session or waits for one, the waiting in their order."""
    return [Booking.of(row) for row in await tx.all(_SEATED_OR_WAITING, session=session)]


async def of_day(tx: Transaction, office: OfficeId, day: date) -> tuple[Booking, ...]:
    """Who is to come, holds a seat or waits on a day: at one office, or at all where it is ""."""
    return tuple(Booking.of(row) for row in await tx.all(_OF_DAY, office=office, day=day))


async def place_in_line(tx: Transaction, booking: BookingId) -> int:
    """How many wait for the same session up to a booking, itself counted; 0 where it does not wait."""
    row = await tx.one(
        """
        SELECT count(*) AS place FROM bookings me JOIN bookings w ON w.session_id = me.session_id
        WHERE me.id = :booking AND me.status = 'waiting' AND w.status = 'waiting'
            AND (w.waiting_since < me.waiting_since OR (w.waiting_since = me.waiting_since AND w.id <= me.id))
        """,
        booking=booking,
    )
    return 0 if row is None else int(str(row["place"]))


async def to_remind(tx: Transaction, now: datetime, limit: int) -> list[Booking]:
    """Confirmed bookings whose next reminder is due; those that another process is seeing to are left to it."""
    sql = _TO_REMIND
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE OF b SKIP LOCKED"
    return [Booking.of(row) for row in await tx.all(sql, now=now, limit=limit)]


# ---------------------------------------------------------------------------- writing

_STORED = columns_of(Booking, without={"id", "day", "starts_at", "ends_at"})  # the session's and the slot's
_CHANGED = tuple(name for name in _STORED if name not in {"reference", "resident_id", "source", "created_at"})
_INSERT = f"{insert_into('bookings', _STORED)} ON CONFLICT DO NOTHING RETURNING id"
_SAVE = f"UPDATE bookings SET {assigned(_CHANGED)} WHERE id = :id AND status = :was AND version = :was_version"


def _values(booking: Booking, columns: Iterable[str]) -> dict[str, Value]:
    as_rows_keep_them = {"needs": booking.needs_json, "answers": booking.answers_json}
    return {name: as_rows_keep_them.get(name, getattr(booking, name)) for name in columns}


async def insert(tx: Transaction, booking: Booking) -> Booking | None:
    """A new booking (its id is given here); None where its seat, its resident's place or its reference is taken."""
    row = await tx.one(_INSERT, **_values(booking, _STORED))
    return None if row is None else booking.model_copy(update={"id": int(str(row["id"]))})


async def save(tx: Transaction, before: Booking, after: Booking) -> None:
    """Write what changed, if nobody else changed it in between. Raises Conflict where somebody did."""
    changed = await tx.run(
        _SAVE, id=before.id, was=before.status, was_version=before.version, **_values(after, _CHANGED)
    )
    if changed != 1:
        raise Conflict(f"booking {before.reference} was changed by another at the same time")


async def lengthen(tx: Transaction, hold: Booking, deadline: datetime, now: datetime) -> bool:
    """Give a hold that has not run out another deadline; whether it had not."""
    sql = "UPDATE bookings SET deadline = :deadline WHERE id = :id AND status = 'held' AND deadline > :now"
    return await tx.run(sql, id=hold.id, deadline=deadline, now=now) == 1


def remind_next(tx: Transaction, booking: Booking, at: datetime | None) -> None:
    """When the reminder after the present one is due; None where there is none."""
    tx.later(
        "UPDATE bookings SET remind_at = :at WHERE id = :id AND remind_at = :was",
        id=booking.id,
        at=at,
        was=booking.remind_at,
    )


# ---------------------------------------------------------------------------- history, files


def add_event(
    tx: Transaction,
    booking: BookingId,
    at: datetime,
    actor: str,
    what: BookingEventKind,
    detail: str = "",
    words_before: int | None = None,
) -> None:
    tx.later(
        """
        INSERT INTO booking_events (booking_id, at, actor, what, detail, words_before)
        VALUES (:booking, :at, :actor, :what, :detail, :words_before)
        """,
        booking=booking,
        at=at,
        actor=actor,
        what=what.value,
        detail=detail,
        words_before=words_before,
    )


async def events(tx: Transaction, booking: BookingId) -> tuple[BookingEvent, ...]:
    """A booking's history, the oldest first."""
    rows = await tx.all("SELECT * FROM booking_events WHERE booking_id = :booking ORDER BY id", booking=booking)
    return tuple(BookingEvent.of(row) for row in rows)


def link_files(tx: Transaction, booking: BookingId, files: Iterable[FileId], at: datetime) -> None:
    """Files that come with a booking; those it has already came when they came first."""
    for file in files:
        tx.later(
            """
            INSERT INTO booking_files (booking_id, file_id, added_at) VALUES (:booking, :file, :at)
            ON CONFLICT DO NOTHING
            """,
            booking=booking,
            file=file,
            at=at,
        )
        file_rows.link(tx, file)


async def files(tx: Transaction, booking: BookingId) -> tuple[FileRow, ...]:
    """What came with a booking, in the order it was sent; without what could not be kept."""
    rows = await tx.all(
        """
        SELECT f.* FROM files f JOIN booking_files bf ON bf.file_id = f.id
        WHERE bf.booking_id = :booking AND f.status IN ('wanted', 'stored') ORDER BY f.id
        """,
        booking=booking,
    )
    return tuple(FileRow.of(row) for row in rows)
