"""Bookings: seats held, confirmed, offered, waited for. A row is never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.database import Dialect, Transaction, Value
from storage.ids import BookingId, FileId, OfficeId, Reference, ResidentId, SessionId, SlotId
from storage.records import Booking, BookingEvent, BookingEventKind, BookingStatus

_SELECT = """
SELECT b.*, s.day, t.starts_at, t.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
"""
LIVE = ("held", "waiting", "offered", "confirmed", "checked_in")
_LIVE_SQL = "('held', 'waiting', 'offered', 'confirmed', 'checked_in')"
_SEATED_SQL = "('held', 'offered', 'confirmed', 'checked_in', 'attended', 'no_show')"


def _lock(tx: Transaction) -> str:
    # SQLite's transactions already wait for each other.
    return " FOR UPDATE OF b" if tx.dialect is Dialect.POSTGRES else ""


# ---------------------------------------------------------------------------- looking


async def by_id(tx: Transaction, booking: BookingId) -> Booking | None:
    return Booking.maybe(await tx.one(_SELECT + "WHERE b.id = :id", id=booking))


async def by_reference(tx: Transaction, reference: Reference) -> Booking | None:
    return Booking.maybe(await tx.one(_SELECT + "WHERE b.reference = :reference", reference=reference))


async def lock(tx: Transaction, booking: BookingId) -> Booking | None:
    """A booking, kept from others until the commit."""
    return Booking.maybe(await tx.one(_SELECT + "WHERE b.id = :id" + _lock(tx), id=booking))


async def of_resident(tx: Transaction, resident: ResidentId, limit: int = 200) -> list[Booking]:
    """The newest first; those only held on the way and never confirmed are left out."""
    rows = await tx.all(
        _SELECT + "WHERE b.resident_id = :id AND NOT (b.status = 'expired' AND b.confirmed_at IS NULL AND "
        "b.waiting_since IS NULL) AND b.status <> 'held' ORDER BY b.id DESC LIMIT :limit",
        id=resident,
        limit=limit,
    )
    return [Booking.of(row) for row in rows]


async def live_of(tx: Transaction, resident: ResidentId) -> list[Booking]:
    rows = await tx.all(_SELECT + f"WHERE b.resident_id = :id AND b.status IN {_LIVE_SQL} ORDER BY b.id", id=resident)
    return [Booking.of(row) for row in rows]


async def live_in_session(tx: Transaction, session: SessionId) -> list[Booking]:
    rows = await tx.all(
        _SELECT + f"WHERE b.session_id = :id AND b.status IN {_LIVE_SQL} ORDER BY b.id" + _lock(tx), id=session
    )
    return [Booking.of(row) for row in rows]


async def first_waiting(tx: Transaction, session: SessionId) -> Booking | None:
    """Who has waited longest."""
    return Booking.maybe(
        await tx.one(
            _SELECT + "WHERE b.session_id = :id AND b.status = 'waiting' ORDER BY b.waiting_since, b.id LIMIT 1"
            + _lock(tx),
            id=session,
        )
    )  # fmt: skip


async def count_waiting(tx: Transaction, session: SessionId, *, up_to: Booking | None = None) -> int:
    """How many wait for a session; with `up_to`, how many up to and with that one."""
    if up_to is None:
        row = await tx.one(
            "SELECT count(*) AS n FROM bookings WHERE session_id = :id AND status = 'waiting'", id=session
        )
    else:
        row = await tx.one(
            """
            SELECT count(*) AS n FROM bookings WHERE session_id = :id AND status = 'waiting'
                AND (waiting_since < :since OR (waiting_since = :since AND id <= :own))
            """,
            id=session,
            since=up_to.waiting_since,
            own=up_to.id,
        )
    return 0 if row is None else int(str(row["n"]))


async def taken_seats(tx: Transaction, slot: SlotId) -> set[int]:
    rows = await tx.all(f"SELECT seat FROM bookings WHERE slot_id = :slot AND status IN {_SEATED_SQL}", slot=slot)
    return {int(str(row["seat"])) for row in rows}


async def run_out(tx: Transaction, now: datetime, limit: int) -> list[Booking]:
    """Holds and offers whose deadline has passed, the longest past first."""
    rows = await tx.all(
        _SELECT + "WHERE b.status IN ('held', 'offered') AND b.deadline <= :now ORDER BY b.deadline, b.id LIMIT :limit"
        + _lock(tx),
        now=now,
        limit=limit,
    )  # fmt: skip
    return [Booking.of(row) for row in rows]


async def run_out_of_slot(tx: Transaction, now: datetime, slot: SlotId) -> list[Booking]:
    """The same, of one slot."""
    rows = await tx.all(
        _SELECT + "WHERE b.slot_id = :slot AND b.status IN ('held', 'offered') AND b.deadline <= :now" + _lock(tx),
        now=now,
        slot=slot,
    )
    return [Booking.of(row) for row in rows]


async def to_remind(tx: Transaction, now: datetime, limit: int) -> list[Booking]:
    rows = await tx.all(
        _SELECT + "WHERE b.status = 'confirmed' AND b.remind_at <= :now ORDER BY b.remind_at, b.id LIMIT :limit"
        + _lock(tx),
        now=now,
        limit=limit,
    )  # fmt: skip
    return [Booking.of(row) for row in rows]


async def waited_in_vain(tx: Transaction, now: datetime, limit: int) -> list[Booking]:
    """Those still waiting for a session of which nothing can be booked any more."""
    rows = await tx.all(
        _SELECT
        + """
        WHERE b.status = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM slots f WHERE f.session_id = b.session_id AND f.bookable_until > :now AND f.capacity > 0)
        ORDER BY b.id LIMIT :limit
        """
        + _lock(tx),
        now=now,
        limit=limit,
    )
    return [Booking.of(row) for row in rows]


# ---------------------------------------------------------------------------- changing


async def add(tx: Transaction, **values: Value) -> BookingId | None:
    """A new booking; None where another of this resident's or of this seat's was there first."""
    row = await tx.one(
        """
        INSERT INTO bookings (reference, office, session_id, slot_id, seat, resident_id, status, source, deadline,
            held_since, waiting_since, created_at, updated_at)
        VALUES (:reference, :office, :session_id, :slot_id, :seat, :resident_id, :status, :source, :deadline,
            :held_since, :waiting_since, :at, :at)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        **values,
    )
    return None if row is None else BookingId(int(str(row["id"])))


async def change(
    tx: Transaction,
    booking: Booking,
    at: datetime,
    *,
    status: BookingStatus,
    session: SessionId | None = None,
    slot: SlotId | None = None,
    seat: int | None = None,
    deadline: datetime | None = None,
    held_since: datetime | None = None,
    waiting_since: datetime | None = None,
    remind_at: datetime | None = None,
    confirmed_at: datetime | None = None,
    reason: str = "",
    newer: bool = False,
) -> bool:
    """Compare-and-set: only if nobody changed it since it was read. `newer` is what a calendar must see."""
    changed = await tx.run(
        """
        UPDATE bookings SET status = :status, session_id = :session, slot_id = :slot, seat = :seat,
            deadline = :deadline, held_since = :held_since, waiting_since = :waiting_since, remind_at = :remind_at,
            confirmed_at = :confirmed_at, reason = :reason, version = version + :newer, updated_at = :at
        WHERE id = :id AND status = :was AND version = :version
        """,
        status=status.value,
        session=session or booking.session_id,
        slot=slot,
        seat=seat,
        deadline=deadline,
        held_since=held_since,
        waiting_since=waiting_since or booking.waiting_since,
        remind_at=remind_at,
        confirmed_at=confirmed_at or booking.confirmed_at,
        reason=reason,
        newer=int(newer),
        at=at,
        id=booking.id,
        was=booking.status.value,
        version=booking.version,
    )
    return changed == 1


def describe(
    tx: Transaction,
    booking: BookingId,
    *,
    topic: str,
    words: str,
    companions: int,
    needs: str,
    name: str,
    phone: str,
    project: str,
    registration: str,
) -> None:
    """What the meeting is about and who comes."""
    tx.later(
        """
        UPDATE bookings SET topic = :topic, words = :words, companions = :companions, needs = :needs, name = :name,
            phone = :phone, project = :project, registration = :registration
        WHERE id = :id
        """,
        topic=topic,
        words=words,
        companions=companions,
        needs=needs,
        name=name,
        phone=phone,
        project=project,
        registration=registration,
        id=booking,
    )


def lengthen(tx: Transaction, booking: BookingId, deadline: datetime) -> None:
    tx.later(
        "UPDATE bookings SET deadline = :deadline WHERE id = :id AND status = 'held'", deadline=deadline, id=booking
    )


def reminded(tx: Transaction, booking: BookingId, following: datetime | None) -> None:
    tx.later("UPDATE bookings SET remind_at = :following WHERE id = :id", following=following, id=booking)


def link_files(tx: Transaction, booking: BookingId, files: Iterable[FileId]) -> None:
    for file in files:
        tx.later(
            "INSERT INTO booking_files (booking_id, file_id) VALUES (:booking, :file) ON CONFLICT DO NOTHING",
            booking=booking,
            file=file,
        )


async def files_of(tx: Transaction, booking: BookingId) -> tuple[FileId, ...]:
    rows = await tx.all("SELECT file_id FROM booking_files WHERE booking_id = :id ORDER BY file_id", id=booking)
    return tuple(FileId(int(str(row["file_id"]))) for row in rows)


# ---------------------------------------------------------------------------- history


def add_event(
    tx: Transaction, booking: BookingId, at: datetime, actor: str, what: BookingEventKind, detail: str = ""
) -> None:
    tx.later(
        "INSERT INTO booking_events (booking_id, at, actor, what, detail) VALUES (:id, :at, :actor, :what, :detail)",
        id=booking,
        at=at,
        actor=actor,
        what=what.value,
        detail=detail,
    )


async def history(tx: Transaction, booking: BookingId) -> Sequence[BookingEvent]:
    rows = await tx.all("SELECT * FROM booking_events WHERE booking_id = :id ORDER BY id", id=booking)
    return [BookingEvent.of(row) for row in rows]


async def on_slots_of(tx: Transaction, office: OfficeId, since: datetime, until: datetime) -> list[Booking]:
    """An office's bookings that have a seat between two instants, in order of time."""
    rows = await tx.all(
        _SELECT + "WHERE b.office = :office AND t.starts_at >= :since AND t.starts_at < :until AND b.status IN "
        "('confirmed', 'checked_in', 'attended', 'no_show') ORDER BY t.starts_at, b.seat",
        office=office,
        since=since,
        until=until,
    )
    return [Booking.of(row) for row in rows]
