"""Customer Day's sessions and slots, and which seats are free."""

from __future__ import annotations

from datetime import date, datetime

from storage.database import Dialect, Transaction
from storage.ids import LaneId, OfficeId, SessionId, SlotId
from storage.records import Instant, Record, Session, Slot

#: Seats taken at :now. Holds and offers whose time ran out no longer count, even before the clock has said so.
_TAKEN = """
    (SELECT count(*) FROM bookings b WHERE b.slot_id = t.id AND (
        b.status IN ('confirmed', 'checked_in', 'attended', 'no_show')
        OR (b.status IN ('held', 'offered') AND b.deadline > :now)))
"""
_OPEN = "t.released_at <= :now AND t.bookable_until > :now"


class SessionLoad(Record):
    """How full a session is: seats that can still be booked, and people who wait."""

    free: int
    total: int
    waiting: int


class FreeRow(Slot):
    free: int


# ---------------------------------------------------------------------------- planning


class PlannedSlot(Record):
    session_id: SessionId
    office: OfficeId
    lane: LaneId
    day: date
    starts_at: Instant
    ends_at: Instant
    capacity: int


async def planned(tx: Transaction, since: date) -> list[PlannedSlot]:
    """Every slot of the sessions from `since` on."""
    rows = await tx.all(
        """
        SELECT s.id AS session_id, s.office, s.lane, s.day, t.starts_at, t.ends_at, t.capacity
        FROM sessions s JOIN slots t ON t.session_id = s.id WHERE s.day >= :since
        """,
        since=since,
    )
    return [PlannedSlot.of(row) for row in rows]


async def add_session(
    tx: Transaction,
    *,
    office: OfficeId,
    lane: LaneId,
    day: date,
    opens_at: datetime,
    closes_at: datetime,
    lead_hours: int,
    nonce: str,
    at: datetime,
) -> SessionId:
    """The session of an office and lane on a day, new or widened to these times."""
    row = await tx.one(
        """
        INSERT INTO sessions (office, lane, day, opens_at, closes_at, lead_hours, nonce, created_at)
        VALUES (:office, :lane, :day, :opens_at, :closes_at, :lead_hours, :nonce, :at)
        ON CONFLICT (office, lane, day) DO UPDATE SET opens_at = excluded.opens_at, closes_at = excluded.closes_at,
            lead_hours = excluded.lead_hours
        RETURNING id
        """,
        office=office,
        lane=lane,
        day=day,
        opens_at=opens_at,
        closes_at=closes_at,
        lead_hours=lead_hours,
        nonce=nonce,
        at=at,
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return SessionId(int(str(row["id"])))


def put_slot(
    tx: Transaction,
    session: SessionId,
    *,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    released_at: datetime,
    bookable_until: datetime,
) -> None:
    """A slot as the rule has it now. Seats beyond a smaller capacity stay with those who have them."""
    tx.later(
        """
        INSERT INTO slots (session_id, starts_at, ends_at, capacity, released_at, bookable_until)
        VALUES (:session, :starts_at, :ends_at, :capacity, :released_at, :bookable_until)
        ON CONFLICT (session_id, starts_at) DO UPDATE SET ends_at = excluded.ends_at, capacity = excluded.capacity,
            released_at = excluded.released_at, bookable_until = excluded.bookable_until
        """,
        session=session,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        released_at=released_at,
        bookable_until=bookable_until,
    )


def withdraw_slot(tx: Transaction, session: SessionId, starts_at: datetime) -> None:
    """The rule no longer has this slot: nobody new gets it."""
    tx.later(
        "UPDATE slots SET capacity = 0 WHERE session_id = :session AND starts_at = :starts_at",
        session=session,
        starts_at=starts_at,
    )


# ---------------------------------------------------------------------------- looking


async def by_id(tx: Transaction, session: SessionId) -> Session | None:
    return Session.maybe(await tx.one("SELECT * FROM sessions WHERE id = :id", id=session))


async def on_day(tx: Transaction, office: OfficeId, day: date) -> list[Session]:
    rows = await tx.all("SELECT * FROM sessions WHERE office = :office AND day = :day", office=office, day=day)
    return [Session.of(row) for row in rows]


async def upcoming(
    tx: Transaction, office: OfficeId, now: datetime, limit: int, offset: int
) -> list[tuple[Session, SessionLoad]]:
    """An office's sessions that are not over, the next first, and how full each is."""
    rows = await tx.all(
        f"""
        SELECT s.*,
            (SELECT count(*) FROM bookings w WHERE w.session_id = s.id AND w.status = 'waiting') AS waiting,
            CAST(coalesce(sum(CASE WHEN {_OPEN} AND t.capacity > {_TAKEN} THEN t.capacity - {_TAKEN} ELSE 0 END), 0)
                AS INTEGER) AS free,
            CAST(coalesce(sum(CASE WHEN t.bookable_until > :now THEN t.capacity ELSE 0 END), 0) AS INTEGER) AS total
        FROM sessions s LEFT JOIN slots t ON t.session_id = s.id
        WHERE s.office = :office AND s.closes_at > :now
        GROUP BY s.id ORDER BY s.day, s.lane LIMIT :limit OFFSET :offset
        """,
        office=office,
        now=now,
        limit=limit,
        offset=offset,
    )
    return [(Session.of(row), SessionLoad.of(row)) for row in rows]


async def free_slots(tx: Transaction, session: SessionId, now: datetime) -> list[FreeRow]:
    """A session's slots with a seat that can be booked now, in order of time."""
    rows = await tx.all(
        f"""
        SELECT t.*, t.capacity - {_TAKEN} AS free
        FROM slots t JOIN sessions s ON s.id = t.session_id
        WHERE t.session_id = :session AND s.status = 'open' AND {_OPEN} AND t.capacity > {_TAKEN}
        ORDER BY t.starts_at
        """,
        session=session,
        now=now,
    )
    return [FreeRow.of(row) for row in rows]


async def nearest_free(
    tx: Transaction, office: OfficeId, now: datetime, *, after: datetime, besides: SessionId | None, limit: int
) -> list[tuple[Session, Slot]]:
    """An office's free slots from `after` on, the nearest first."""
    rows = await tx.all(
        f"""
        SELECT t.id AS slot_id, t.starts_at, t.ends_at, t.capacity, t.released_at, t.bookable_until, s.*
        FROM slots t JOIN sessions s ON s.id = t.session_id
        WHERE s.office = :office AND s.status = 'open' AND s.id <> :besides AND t.starts_at >= :after
            AND {_OPEN} AND t.capacity > {_TAKEN}
        ORDER BY t.starts_at, t.id LIMIT :limit
        """,
        office=office,
        now=now,
        after=after,
        besides=besides or 0,
        limit=limit,
    )
    return [(Session.of(row), Slot.of({**row, "id": row["slot_id"], "session_id": row["id"]})) for row in rows]


async def lock_slot(tx: Transaction, slot: SlotId) -> tuple[Session, Slot] | None:
    """A slot and its session, kept from others until the commit."""
    # SQLite's transactions already wait for each other.
    lock = " FOR UPDATE OF t" if tx.dialect is Dialect.POSTGRES else ""
    row = await tx.one(
        """
        SELECT t.id AS slot_id, t.starts_at, t.ends_at, t.capacity, t.released_at, t.bookable_until, s.*
        FROM slots t JOIN sessions s ON s.id = t.session_id WHERE t.id = :slot
        """
        + lock,
        slot=slot,
    )
    if row is None:
        return None
    return Session.of(row), Slot.of({**row, "id": row["slot_id"], "session_id": row["id"]})


async def lock(tx: Transaction, session: SessionId) -> Session | None:
    """A session, kept from others until the commit."""
    suffix = " FOR UPDATE" if tx.dialect is Dialect.POSTGRES else ""
    return Session.maybe(await tx.one("SELECT * FROM sessions WHERE id = :id" + suffix, id=session))


# ---------------------------------------------------------------------------- closing


class ClosureRow(Record):
    office: OfficeId  # "" is every office
    day: date
    reason_ar: str
    reason_en: str


async def closures(tx: Transaction, since: date) -> list[ClosureRow]:
    rows = await tx.all("SELECT office, day, reason_ar, reason_en FROM closures WHERE day >= :since", since=since)
    return [ClosureRow.of(row) for row in rows]


def add_closure(
    tx: Transaction, office: OfficeId, day: date, reason_ar: str, reason_en: str, actor: str, at: datetime
) -> None:
    tx.later(
        """
        INSERT INTO closures (office, day, reason_ar, reason_en, actor, created_at)
        VALUES (:office, :day, :reason_ar, :reason_en, :actor, :at)
        ON CONFLICT (office, day) DO UPDATE SET reason_ar = excluded.reason_ar, reason_en = excluded.reason_en,
            actor = excluded.actor
        """,
        office=office,
        day=day,
        reason_ar=reason_ar,
        reason_en=reason_en,
        actor=actor,
        at=at,
    )


async def remove_closure(tx: Transaction, office: OfficeId, day: date) -> bool:
    return await tx.run("DELETE FROM closures WHERE office = :office AND day = :day", office=office, day=day) > 0


def set_status(tx: Transaction, session: SessionId, status: str, reason_ar: str = "", reason_en: str = "") -> None:
    tx.later(
        """
        UPDATE sessions SET status = :status, closed_reason_ar = :reason_ar, closed_reason_en = :reason_en
        WHERE id = :id
        """,
        status=status,
        reason_ar=reason_ar,
        reason_en=reason_en,
        id=session,
    )


# ---------------------------------------------------------------------------- waiting


async def with_waiters_and_seats(tx: Transaction, now: datetime, limit: int) -> list[SessionId]:
    """Sessions where somebody waits while a seat is free: one was released late, or freed a moment ago."""
    rows = await tx.all(
        f"""
        SELECT DISTINCT s.id FROM sessions s JOIN slots t ON t.session_id = s.id
        WHERE s.status = 'open' AND s.closes_at > :now AND {_OPEN} AND t.capacity > {_TAKEN}
            AND EXISTS (SELECT 1 FROM bookings w WHERE w.session_id = s.id AND w.status = 'waiting')
        LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [SessionId(int(str(row["id"]))) for row in rows]
