"""Customer Day's sessions and slots, and the days the administrators closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storage.booking_states import KEPT, SEATED, listed
from storage.bookings import WALK_IN
from storage.columns import assigned, columns_of, insert_into, upsert_into
from storage.database import Conflict, Dialect, Transaction
from storage.ids import LaneId, OfficeId, ResidentId, SessionId, SlotId
from storage.records import Instant, Record
from storage.records.sessions import Session, Slot
from storage.translations import Translations

_SEATED, _KEPT = listed(SEATED), listed(KEPT)
_AHEAD = timedelta(days=3660)  # further than any session is planned


# A seat is taken by whoever has it, except holds and offers that have run out. The first condition is that of the
# index `one_live_seat`, word for word, so that counting is a look into it.
def _free(released: str) -> str:
    """Slots and how many of their seats are free: from when `released` has come, and none before a draw."""
    return f"""
    SELECT sl.id AS slot_id, sl.session_id, sl.starts_at, sl.ends_at, sl.capacity, sl.released_at, sl.bookable_until,
        CASE WHEN sl.released_at <= {released} AND sl.bookable_until > :now AND NOT EXISTS (
            SELECT 1 FROM draws d WHERE d.session_id = sl.session_id AND d.drawn_at IS NULL
        ) THEN sl.capacity - (
            SELECT count(*) FROM bookings b WHERE b.slot_id = sl.id
            AND b.status IN {_SEATED}
            AND (b.deadline IS NULL OR b.deadline > :now)
        ) ELSE 0 END AS free,
        CASE WHEN sl.bookable_until > :now AND sl.capacity > 0 THEN 1 ELSE 0 END AS ahead
    FROM slots sl
"""


_FREE = _free(":now")

# One that staff opened has no seats once they took it back: it is gone, closed or not.
_UPCOMING = f"""
SELECT s.*, sum(f.capacity) AS total, sum(CASE WHEN f.free > 0 THEN f.free ELSE 0 END) AS free, max(f.ahead) AS ahead,
    (SELECT count(*) FROM bookings w WHERE w.session_id = s.id AND w.status = 'waiting') AS waiting,
    (SELECT d.draws_at FROM draws d WHERE d.session_id = s.id AND d.drawn_at IS NULL) AS draws_at
FROM sessions s JOIN ({_free(":released")}) f ON f.session_id = s.id
WHERE s.office = :office AND s.closes_at > :now
GROUP BY s.id
HAVING sum(f.capacity) > 0 OR (s.status = 'closed' AND NOT s.by_hand)
ORDER BY s.day, s.opens_at, s.id LIMIT :limit OFFSET :offset
"""

# Seats of a session that people wait for are theirs.
_NEAREST = f"""
SELECT s.*, f.slot_id, f.starts_at, f.ends_at, f.capacity, f.released_at, f.bookable_until
FROM sessions s JOIN ({_FREE}) f ON f.session_id = s.id
WHERE s.office = :office AND s.status = 'open' AND s.closes_at > :now AND s.id <> :besides
    AND f.starts_at >= :after AND f.free > 0
    AND NOT EXISTS (SELECT 1 FROM bookings w WHERE w.session_id = s.id AND w.status = 'waiting')
ORDER BY f.starts_at, f.slot_id LIMIT :limit
"""


class Standing(Record):
    """How full a session is. `free` seats may have people waiting for them; `ahead`: something may still come free."""

    free: int
    total: int
    waiting: int
    ahead: bool
    draws_at: Instant | None = None  # where that is still to come


class ClosureRow(Record):
    """A day the administrators closed (or, with `works`, opened) for an office; for all where it is ""."""

    office: OfficeId
    day: date
    reason: Translations
    works: bool


class PlannedSlot(Record):
    """A slot as it stands, with how many people have a seat in it. Nobody, in a walk-in's own slot."""

    id: SlotId
    session_id: SessionId
    starts_at: Instant
    ends_at: Instant
    capacity: int
    released_at: Instant
    bookable_until: Instant
    seated: int


class NewSession(Record):
    office: OfficeId
    lane: LaneId
    day: date
    opens_at: Instant
    closes_at: Instant
    lead_hours: int


class NewSlot(Record):
    starts_at: Instant
    ends_at: Instant
    capacity: int
    released_at: Instant
    bookable_until: Instant


# ---------------------------------------------------------------------------- reading


async def by_id(tx: Transaction, session: SessionId) -> Session | None:
    return Session.maybe(await tx.one("SELECT * FROM sessions WHERE id = :id", id=session))


async def lock(tx: Transaction, session: SessionId) -> Session | None:
    """The session, kept from others until the commit: whoever changes its seats does so alone.

    Not `FOR UPDATE`: that would also stop those who only refer to it by a foreign key.
    """
    sql = "SELECT * FROM sessions WHERE id = :id"
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        sql += " FOR NO KEY UPDATE"
    return Session.maybe(await tx.one(sql, id=session))


async def slot(tx: Transaction, slot: SlotId) -> Slot | None:
    return Slot.maybe(await tx.one("SELECT * FROM slots WHERE id = :id", id=slot))


async def to_hold(tx: Transaction, slot: SlotId, resident: ResidentId) -> list[SessionId]:
    """The sessions that are needed for holding a slot: its own, and those in which the resident holds a seat."""
    rows = await tx.all(
        """
        SELECT session_id FROM slots WHERE id = :slot
        UNION SELECT session_id FROM bookings WHERE resident_id = :resident AND status = 'held'
        """,
        slot=slot,
        resident=resident,
    )
    return [SessionId(int(str(row["session_id"]))) for row in rows]


async def slots_of(tx: Transaction, session: SessionId) -> tuple[Slot, ...]:
    rows = await tx.all("SELECT * FROM slots WHERE session_id = :id ORDER BY starts_at", id=session)
    return tuple(Slot.of(row) for row in rows)


async def upcoming(
    tx: Transaction, office: OfficeId, now: datetime, limit: int, offset: int, *, early: bool = False
) -> list[tuple[Session, Standing]]:
    """An office's sessions that are not over, the next one first, and how full they are.

    With `early` seats count that are not released yet.
    """
    released = now + _AHEAD if early else now
    rows = await tx.all(_UPCOMING, office=office, now=now, released=released, limit=limit, offset=offset)
    return [(Session.of(row), Standing.of(row)) for row in rows]


async def nearest_free(
    tx: Transaction, office: OfficeId, now: datetime, after: datetime, limit: int, besides: SessionId
) -> tuple[tuple[Session, Slot], ...]:
    """The first free slots that start at `after` or later, in other sessions than `besides`."""
    rows = await tx.all(_NEAREST, office=office, now=now, after=after, limit=limit, besides=besides)
    return tuple((Session.of(row), Slot.of({**row, "id": row["slot_id"], "session_id": row["id"]})) for row in rows)


async def of_day(tx: Transaction, office: OfficeId, day: date) -> tuple[Session, ...]:
    """The sessions of a day: of one office, or of all where it is "". In the order in which they are locked."""
    rows = await tx.all(
        "SELECT * FROM sessions WHERE day = :day AND (office = :office OR :office = '') ORDER BY id",
        day=day,
        office=office,
    )
    return tuple(Session.of(row) for row in rows)


async def to_settle(tx: Transaction, now: datetime, offered: datetime | None, limit: int) -> list[SessionId]:
    """Sessions in which time has done something: a hold or an offer ran out, a seat is free for those who wait
    (released, or its rule allows more), or nothing is left to wait for.

    `offered`: only seats that can no longer be booked by then are offered now; None where all are.
    """
    rows = await tx.all(
        f"""
        SELECT session_id FROM (
            SELECT session_id FROM bookings WHERE status IN {_KEPT} AND deadline <= :now
            ORDER BY deadline LIMIT :limit
        ) AS lapsed
        UNION
        SELECT s.id FROM (SELECT DISTINCT session_id FROM bookings WHERE status = 'waiting') AS w
        JOIN sessions s ON s.id = w.session_id WHERE
            EXISTS (SELECT 1 FROM ({_FREE}) f
                    WHERE f.session_id = s.id AND f.free > 0 AND s.status = 'open' AND f.bookable_until < :offered)
            OR NOT EXISTS (SELECT 1 FROM slots sl WHERE sl.session_id = s.id
                AND sl.capacity > 0 AND sl.bookable_until > :now)
        ORDER BY session_id LIMIT :limit
        """,
        now=now,
        offered=offered or now + timedelta(days=366),  # beyond every slot
        limit=limit,
    )
    return [SessionId(int(str(row["session_id"]))) for row in rows]


# ---------------------------------------------------------------------------- planning


async def plan_is_new(tx: Transaction, plan: str, until: datetime) -> bool:
    """Whether `plan` (a day and the rules that hold on it) is another than the one last carried out.

    The second of two processes that ask at once waits for the first, and is told no.
    """
    row = await tx.one(
        """
        INSERT INTO leases (name, holder, until) VALUES ('plan', :plan, :until)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE leases.holder <> excluded.holder
        RETURNING holder
        """,
        plan=plan,
        until=until,
    )
    return row is not None


async def lock_from(tx: Transaction, day: date) -> tuple[Session, ...]:
    """Every session on or after `day`, kept from others until the commit."""
    sql = "SELECT * FROM sessions WHERE day >= :day ORDER BY id"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE"
    return tuple(Session.of(row) for row in await tx.all(sql, day=day))


async def on_or_after(tx: Transaction, day: date) -> tuple[Session, ...]:
    """Every session on or after `day`, for showing them."""
    return tuple(
        Session.of(row) for row in await tx.all("SELECT * FROM sessions WHERE day >= :day ORDER BY day, id", day=day)
    )


def mark_by_hand(tx: Transaction, session: SessionId, *, by_hand: bool) -> None:
    """Whether the weekly rules leave it as it is from now on."""
    tx.later("UPDATE sessions SET by_hand = :by_hand WHERE id = :id", id=session, by_hand=by_hand)


async def of_lane(tx: Transaction, office: OfficeId, lane: LaneId, day: date) -> Session | None:
    row = await tx.one(
        "SELECT * FROM sessions WHERE office = :office AND lane = :lane AND day = :day",
        office=office,
        lane=lane,
        day=day,
    )
    return Session.maybe(row)


async def planned_slots_of(tx: Transaction, session: SessionId) -> list[PlannedSlot]:
    """The slots of one session as they stand, with how many people have a seat in each."""
    rows = await tx.all(f"{_PLANNED} WHERE sl.session_id = :id ORDER BY sl.starts_at", id=session)
    return [PlannedSlot.of(row) for row in rows]


_PLANNED = f"""
SELECT sl.*, (
    SELECT count(*) FROM bookings b WHERE b.slot_id = sl.id AND b.status IN {_SEATED} AND b.source <> '{WALK_IN}'
) AS seated
FROM slots sl
"""


async def planned_slots(tx: Transaction, day: date) -> list[PlannedSlot]:
    """The slots of every session on or after `day`."""
    sql = f"{_PLANNED} JOIN sessions s ON s.id = sl.session_id WHERE s.day >= :day ORDER BY sl.starts_at"
    rows = await tx.all(sql, day=day)
    return [PlannedSlot.of(row) for row in rows]


_ADD = f"""
{insert_into("sessions", (*columns_of(NewSession), "nonce", "created_at"))}
ON CONFLICT (office, lane, day) DO NOTHING RETURNING id
"""
_ADD_SLOT = f"""
{insert_into("slots", ("session_id", *columns_of(NewSlot)))} ON CONFLICT (session_id, starts_at) DO NOTHING
"""
_CHANGE_SLOT = f"UPDATE slots SET {assigned(columns_of(NewSlot, without={'starts_at'}))} WHERE id = :id"


async def add(tx: Transaction, new: NewSession, nonce: str, at: datetime) -> SessionId | None:
    """A new session; None where another has just added it."""
    row = await tx.one(_ADD, **new.model_dump(), nonce=nonce, created_at=at)
    return None if row is None else SessionId(int(str(row["id"])))


def change(tx: Transaction, session: SessionId, new: NewSession) -> None:
    tx.later(
        """
        UPDATE sessions SET opens_at = :opens_at, closes_at = :closes_at, lead_hours = :lead_hours,
            moved = moved + CASE WHEN opens_at = :opens_at AND closes_at = :closes_at THEN 0 ELSE 1 END
        WHERE id = :id
        """,
        id=session,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        lead_hours=new.lead_hours,
    )


def add_slot(tx: Transaction, session: SessionId, new: NewSlot) -> None:
    tx.later(_ADD_SLOT, session_id=session, **new.model_dump())


_ADD_WALK_IN_SLOT = f"""
{insert_into("slots", ("session_id", *columns_of(NewSlot)))} ON CONFLICT (session_id, starts_at) DO NOTHING RETURNING *
"""


async def add_walk_in_slot(tx: Transaction, session: SessionId, at: datetime, until: datetime) -> Slot:
    """A slot of nobody's but a walk-in's: without capacity, so that no other seat of it is ever given out.

    Raises Conflict where another took the same instant.
    """
    new = NewSlot(starts_at=at, ends_at=until, capacity=0, released_at=at, bookable_until=at)
    row = await tx.one(_ADD_WALK_IN_SLOT, session_id=session, **new.model_dump())
    if row is None:
        raise Conflict(f"another walk-in of session {session} came at the same instant")
    return Slot.of(row)


async def renew_nonce(tx: Transaction, session: SessionId, nonce: str) -> None:
    """From now on the code at the door is another: what was printed before opens nothing."""
    await tx.run("UPDATE sessions SET nonce = :nonce WHERE id = :id", id=session, nonce=nonce)


def change_slot(tx: Transaction, slot: SlotId, new: NewSlot) -> None:
    """Whatever is new of it but when it starts, by which it is known."""
    tx.later(_CHANGE_SLOT, id=slot, **new.model_dump(exclude={"starts_at"}))


# ---------------------------------------------------------------------------- closures


async def closures(tx: Transaction, first: date, last: date) -> list[ClosureRow]:
    """What the administrators closed or opened from `first` to `last`, both included."""
    rows = await tx.all(
        "SELECT * FROM closures WHERE day BETWEEN :first AND :last ORDER BY day, office", first=first, last=last
    )
    return [ClosureRow.of(row) for row in rows]


_PUT_CLOSURE = upsert_into("closures", (*columns_of(ClosureRow), "actor", "created_at"), key=("office", "day"))


def put_closure(tx: Transaction, closure: ClosureRow, actor: str, at: datetime) -> None:
    """Close a day (or open it), in place of what was said of it before."""
    tx.later(_PUT_CLOSURE, **closure.model_dump() | {"reason": closure.reason.as_json}, actor=actor, created_at=at)


def drop_closure(tx: Transaction, office: OfficeId, day: date) -> None:
    tx.later("DELETE FROM closures WHERE office = :office AND day = :day", office=office, day=day)


def drop_closures(tx: Transaction, day: date) -> None:
    """Of every office, and of all."""
    tx.later("DELETE FROM closures WHERE day = :day", day=day)


def close(tx: Transaction, session: SessionId, reason: Translations) -> None:
    tx.later(
        """
        UPDATE sessions SET closings = closings + CASE WHEN status = 'closed' THEN 0 ELSE 1 END, status = 'closed',
            closed_reason = :reason
        WHERE id = :id
        """,
        id=session,
        reason=reason.as_json,
    )


def reopen(tx: Transaction, session: SessionId) -> None:
    tx.later("UPDATE sessions SET status = 'open', closed_reason = '{}' WHERE id = :id", id=session)
