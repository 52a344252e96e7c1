"""What is read for a session's brief and its summary, and which of them were told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import Json

from storage.booking_states import EXPECTED, listed
from storage.columns import columns_of, upsert_into
from storage.database import Transaction
from storage.ids import BookingId, OfficeId, ResidentId, SessionId
from storage.records import Instant, Record
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session
from storage.spots import CaseLine
from storage.visits import VisitStatus

_PLACED = listed(EXPECTED | {BookingStatus.ATTENDED, BookingStatus.NO_SHOW})


class Told(Record):
    """What was told of a session. `shown`: each booking with the time it had, "" where it had none."""

    session_id: SessionId
    shown: Json[tuple[tuple[int, str], ...]]
    first_at: Instant | None = None
    again_at: Instant | None = None
    summed_at: Instant | None = None

    @classmethod
    def nothing(cls, session: SessionId) -> Told:
        return cls.model_construct(session_id=session, shown=())


_PUT = upsert_into("session_briefs", columns_of(Told), {"session_id"})

# ---------------------------------------------------------------------------- what is read

_VISITORS = f"""
SELECT b.*, s.day, sl.starts_at, sl.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id JOIN residents r ON r.id = b.resident_id
    LEFT JOIN slots sl ON sl.id = b.slot_id
WHERE b.session_id = :session AND b.status IN {_PLACED} AND r.forgotten_at IS NULL
ORDER BY sl.starts_at, b.id
"""

_MARK = """
SELECT b.version AS booking, (SELECT max(e.id) FROM booking_events e WHERE e.booking_id = b.id) AS event,
    (SELECT count(*) FROM booking_files f WHERE f.booking_id = b.id) AS files, l.case_id AS about,
    (SELECT c.version FROM cases c WHERE c.id = l.case_id) AS version,
    (SELECT max(e.id) FROM case_events e WHERE e.case_id = l.case_id) AS said
FROM bookings b LEFT JOIN booking_cases l ON l.booking_id = b.id WHERE b.id = :booking
"""

_MET_BEFORE = """
SELECT b.*, s.day, sl.starts_at, sl.ends_at
FROM bookings b JOIN sessions s ON s.id = b.session_id LEFT JOIN slots sl ON sl.id = b.slot_id
WHERE b.resident_id = :resident AND b.status IN ('attended', 'no_show') AND b.id <> :but AND s.day <= :day
ORDER BY s.day DESC, b.id DESC LIMIT :limit
"""

_CASES_BEFORE = """
SELECT id, reference, category, status, created_at, closed_at FROM cases
WHERE resident_id = :resident AND NOT anonymous ORDER BY created_at DESC, id DESC LIMIT :limit
"""


async def visitors(tx: Transaction, session: SessionId) -> tuple[Booking, ...]:
    """Who is expected at a session, came, or did not, by their times; nobody who was forgotten."""
    return tuple(Booking.of(row) for row in await tx.all(_VISITORS, session=session))


async def mark(tx: Transaction, booking: BookingId) -> str:
    """What changes with an appointment, its history and files, and with the request that it is about."""
    row = await tx.one(_MARK, booking=booking)
    return "" if row is None else ".".join("" if one is None else str(one) for one in row.values())


async def met_before(
    tx: Transaction, resident: ResidentId, but: BookingId, day: date, limit: int
) -> tuple[Booking, ...]:
    """A resident's meetings up to a day, the newest first, also those to which they did not come."""
    rows = await tx.all(_MET_BEFORE, resident=resident, but=but, day=day, limit=limit)
    return tuple(Booking.of(row) for row in rows)


async def cases_before(tx: Transaction, resident: ResidentId, limit: int) -> tuple[CaseLine, ...]:
    """A resident's cases, the newest first; none in which they wished not to be named."""
    return tuple(CaseLine.of(row) for row in await tx.all(_CASES_BEFORE, resident=resident, limit=limit))


class Counted(Record):
    """One booking of a session, as its summary counts it."""

    source: str
    status: BookingStatus
    visit: VisitStatus | None
    arrived_at: Instant | None
    entered_at: Instant | None
    done_at: Instant | None
    promised: int
    referred: str | None  # to whom, by an id of the offices file; "" where it was typed, None where it was not


_COUNTED = f"""
SELECT b.source, b.status, v.status AS visit, v.arrived_at, v.entered_at, v.done_at,
    (SELECT count(*) FROM promises p WHERE p.booking_id = b.id AND p.status <> 'withdrawn') AS promised,
    (SELECT CASE WHEN o.kind = 'referred' THEN o.party END FROM meeting_outcomes o WHERE o.booking_id = b.id
        ORDER BY o.version DESC LIMIT 1) AS referred
FROM bookings b LEFT JOIN session_visits v ON v.booking_id = b.id
WHERE b.session_id = :session AND b.status IN {_PLACED}
"""


async def counted(tx: Transaction, session: SessionId) -> tuple[Counted, ...]:
    """Everybody who had a seat in a session, or came without."""
    return tuple(Counted.of(row) for row in await tx.all(_COUNTED, session=session))


# ---------------------------------------------------------------------------- what was told


class Upcoming(Record):
    """A session of these days, with what was told of it; `told` None where that is nothing."""

    session: Session
    told: Told | None


_BETWEEN = """
SELECT s.*, sb.session_id AS told_of, sb.shown, sb.first_at, sb.again_at, sb.summed_at
FROM sessions s LEFT JOIN session_briefs sb ON sb.session_id = s.id
WHERE s.day BETWEEN :first AND :last AND s.status = 'open' AND sb.summed_at IS NULL
ORDER BY s.day, s.opens_at, s.id
"""


async def between(tx: Transaction, first: date, last: date) -> tuple[Upcoming, ...]:
    """The open sessions of these days of which the summary was not told."""
    return tuple(_upcoming(row) for row in await tx.all(_BETWEEN, first=first, last=last))


def _upcoming(row: Mapping[str, object]) -> Upcoming:
    told = None if row["told_of"] is None else Told.of({**row, "session_id": row["told_of"]})
    return Upcoming(session=Session.of(row), told=told)


_TODAY_AND_NEXT = """
SELECT * FROM sessions WHERE office = :office AND status = 'open' AND (day = :today OR day = (
    SELECT min(day) FROM sessions WHERE office = :office AND status = 'open' AND day > :today
)) ORDER BY opens_at, id
"""


async def today_and_next(tx: Transaction, office: OfficeId, today: date) -> tuple[Session, ...]:
    """An office's sessions of today and of the next day that has any."""
    return tuple(Session.of(row) for row in await tx.all(_TODAY_AND_NEXT, office=office, today=today))


async def looked_since(tx: Transaction, actor: str, action: str, subject: str, since: datetime) -> bool:
    """Whether somebody did the same to the same after."""
    sql = "SELECT 1 FROM audit WHERE subject = :subject AND at > :since AND actor = :actor AND action = :action LIMIT 1"
    return await tx.one(sql, subject=subject, since=since, actor=actor, action=action) is not None


def put(tx: Transaction, told: Told) -> None:
    """Keep what was told of a session."""
    shown = json.dumps([list(one) for one in told.shown], separators=(",", ":"))
    values = {name: getattr(told, name) for name in columns_of(Told)}
    tx.later(_PUT, **{**values, "shown": shown})


def shown_of(bookings: Iterable[Booking]) -> tuple[tuple[int, str], ...]:
    """Bookings with their times, as `Told` keeps them."""
    return tuple((one.id, "" if one.starts_at is None else one.starts_at.isoformat()) for one in bookings)
