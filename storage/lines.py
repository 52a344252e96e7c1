"""Lines: a session on its day, held or going on; who stands where in it; what each was told."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Json

from storage.columns import assigned, columns_of, insert_into
from storage.database import Dialect, Transaction, Value
from storage.ids import BookingId, MessageId, OfficeId, Reference, ResidentId, SessionId
from storage.records import Instant, Record
from storage.visits import Visit

_PLACE = "line_place:"


class Held(StrEnum):
    """Why a line stands still."""

    NO = ""
    BREAK = "break"
    DELAY = "delay"  # whoever receives comes later


class Line(Record):
    """A session on its day."""

    session_id: SessionId
    version: int = 1  # grows with each thing that staff do to it
    held: Held = Held.NO
    held_since: Instant | None = None
    held_until: Instant | None = None  # None: nobody knows yet
    look_at: Instant | None = None


class Why(StrEnum):
    """Why somebody stands elsewhere than their appointment says."""

    APPOINTMENT = ""
    LATE = "late"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    PUT_BACK = "put_back"


class Place(Record):
    """What somebody was told, and what was agreed with them."""

    booking_id: BookingId
    told_for: Instant | None = None
    told_at: Instant | None = None
    back_at: Instant | None = None
    more: int = 0
    placed_at: Instant | None = None
    placed_why: Why = Why.APPOINTMENT
    undone_at: Instant | None = None  # when the last step was taken back; None after the next
    position: int | None = None
    shown: str = ""
    shown_at: Instant | None = None
    message: MessageId | None = None
    pushed: int | None = None


class VisitInLine(Visit):
    """A visit with what a list of its line says beside it."""

    topic: str
    source: str
    resident_id: ResidentId
    starts_at: Instant | None
    confirmed_at: Instant | None


class Awaited(Record):
    """An appointment of the day whose owner has not come."""

    booking_id: BookingId
    reference: Reference
    session_id: SessionId
    resident_id: ResidentId
    topic: str
    starts_at: Instant
    confirmed_at: Instant | None
    updated_at: Instant
    answers: Json[dict[str, str]]  # by which it is known how they are met


_VISITS = """
SELECT v.*, b.topic, b.source, b.resident_id, sl.starts_at, b.confirmed_at
FROM session_visits v JOIN bookings b ON b.id = v.booking_id LEFT JOIN slots sl ON sl.id = b.slot_id
WHERE v.office = :office AND v.day = :day ORDER BY v.due_at, v.booking_id
"""
_AWAITED = """
SELECT b.id AS booking_id, b.reference, b.session_id, b.resident_id, b.topic, sl.starts_at, b.confirmed_at,
    b.updated_at, b.answers
FROM bookings b JOIN slots sl ON sl.id = b.slot_id
WHERE b.session_id = :session AND b.status = 'confirmed' ORDER BY sl.starts_at, b.id
"""
_MET_UNSEEN = """
SELECT count(*) AS n FROM bookings b WHERE b.session_id = :session AND b.status = 'attended'
    AND NOT EXISTS (SELECT 1 FROM session_visits v WHERE v.booking_id = b.id)
"""
_PLACES_OF_VISITS = """
SELECT p.* FROM session_visits v JOIN line_places p ON p.booking_id = v.booking_id
WHERE v.office = :office AND v.day = :day
"""
_PLACES_AWAITED = """
SELECT p.* FROM bookings b JOIN line_places p ON p.booking_id = b.id
WHERE b.session_id = :session AND b.status = 'confirmed'
"""
_LINE = columns_of(Line)
_ADD = f"{insert_into('lines', _LINE)} ON CONFLICT (session_id) DO NOTHING"


# ---------------------------------------------------------------------------- reading


async def of_session(tx: Transaction, session: SessionId) -> Line | None:
    """None where nobody has come and nothing was said of it."""
    return Line.maybe(await tx.one("SELECT * FROM lines WHERE session_id = :session", session=session))


async def visits_of_day(tx: Transaction, office: OfficeId, day: date) -> tuple[VisitInLine, ...]:
    """Everybody who came to an office on a day, each line in its order."""
    return tuple(VisitInLine.of(row) for row in await tx.all(_VISITS, office=office, day=day))


async def awaited(tx: Transaction, session: SessionId) -> tuple[Awaited, ...]:
    """Whose appointment in a session is still to come, or was missed, in the order of the appointments."""
    return tuple(Awaited.of(row) for row in await tx.all(_AWAITED, session=session))


async def met_unseen(tx: Transaction, session: SessionId) -> int:
    """How many were received without a visit: what came of their meeting was recorded, and nobody said they came."""
    row = await tx.one(_MET_UNSEEN, session=session)
    return 0 if row is None else int(str(row["n"]))


async def places_of_day(
    tx: Transaction, office: OfficeId, day: date, sessions: tuple[SessionId, ...]
) -> dict[BookingId, Place]:
    """What everybody was told who came to an office on a day, or is still to come to one of its sessions."""
    rows = await tx.all(_PLACES_OF_VISITS, office=office, day=day)
    for session in sessions:
        rows += await tx.all(_PLACES_AWAITED, session=session)
    return {place.booking_id: place for place in map(Place.of, rows)}


async def place_of(tx: Transaction, booking: BookingId) -> Place:
    row = await tx.one("SELECT * FROM line_places WHERE booking_id = :booking", booking=booking)
    return Place.maybe(row) or Place(booking_id=booking)


async def to_look_at(tx: Transaction, now: datetime, limit: int) -> list[Line]:
    """Lines in which somebody may have to be told something; those that another process sees to are left to it."""
    sql = "SELECT * FROM lines WHERE look_at <= :now ORDER BY look_at, session_id LIMIT :limit"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE SKIP LOCKED"
    return [Line.of(row) for row in await tx.all(sql, now=now, limit=limit)]


def group(booking: BookingId) -> str:
    """What the messages that show somebody's place supersede each other by."""
    return f"{_PLACE}{booking}"


def of_group(supersedes: str) -> BookingId | None:
    """Whose place a message shows; None where it shows none."""
    return BookingId(int(supersedes.removeprefix(_PLACE))) if supersedes.startswith(_PLACE) else None


# ---------------------------------------------------------------------------- writing


def touch(tx: Transaction, session: SessionId, now: datetime, *, by_staff: bool) -> None:
    """Something has changed in a line: what people see is to be compared with it. Staff's deeds are counted."""
    _begin(tx, session)
    tx.later(
        "UPDATE lines SET version = version + :by_staff, look_at = :now WHERE session_id = :session",
        session=session,
        by_staff=int(by_staff),
        now=now,
    )


def hold(tx: Transaction, session: SessionId, held: Held, since: datetime | None, until: datetime | None) -> None:
    """A line stands still from now on, or (`Held.NO`) goes on."""
    _begin(tx, session)
    tx.later(
        "UPDATE lines SET held = :held, held_since = :since, held_until = :until WHERE session_id = :session",
        session=session,
        held=held.value,
        since=since,
        until=until,
    )


def look_again(tx: Transaction, session: SessionId, at: datetime | None) -> None:
    tx.later("UPDATE lines SET look_at = :at WHERE session_id = :session", session=session, at=at)


def _begin(tx: Transaction, session: SessionId) -> None:
    tx.later(_ADD, **Line(session_id=session).model_dump())


def change_place(tx: Transaction, booking: BookingId, **changes: Value) -> None:
    """Set some of a place's columns; those that are not named stay."""
    assert changes and set(changes) <= set(Place.model_fields)  # noqa: S101, PT018 - columns, never a person's words
    columns = ("booking_id", *changes)
    tx.later(
        f"{insert_into('line_places', columns)} ON CONFLICT (booking_id) DO UPDATE SET {assigned(changes)}",
        booking_id=booking,
        **changes,
    )
