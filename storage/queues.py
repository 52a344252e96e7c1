"""What is to be done at the offices: queues of open cases, the day's counts, whom an office expects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from storage.booking_states import KEPT, SEATED, listed
from storage.database import Dialect, Transaction, Value, one_of
from storage.ids import OfficeId
from storage.records import Record
from storage.records.bookings import Booking
from storage.records.cases import Case

# The index `cases_queue` holds all that these conditions name, so they are answered without reading a case.
# `first_due` is empty unless the office is to act.
_OPEN = "q.status <> 'resolved'"
_UNOWNED = "q.first_due IS NOT NULL AND q.owner = ''"
_DUE = "q.first_due >= :now AND q.first_due < :tonight"
_OVERDUE = "q.first_due < :now"


_COMES = listed(SEATED - KEPT)  # is expected, or was


class Which(StrEnum):
    """Which of an office's cases."""

    MINE = "mine"
    UNOWNED = "unowned"
    DUE = "due"  # today
    OVERDUE = "overdue"
    ALL = "all"


def _queue(dialect: Dialect, condition: str) -> str:
    which = f"q.closed_at IS NULL AND {one_of(dialect, 'q.office', 'offices')} AND {condition}"
    # Only the cases of the page are read.
    return f"""
        SELECT c.*, (SELECT count(*) FROM cases q WHERE {which}) AS total FROM (
            SELECT q.id FROM cases q WHERE {which}
            ORDER BY q.priority DESC, q.next_due, q.id LIMIT :limit OFFSET :offset
        ) AS page JOIN cases c ON c.id = page.id ORDER BY c.priority DESC, c.next_due, c.id
    """


_CONDITIONS: Mapping[Which, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        Which.MINE: (f"q.owner = :actor AND q.owner <> '' AND {_OPEN}", frozenset({"actor"})),
        Which.UNOWNED: (_UNOWNED, frozenset()),
        Which.DUE: (_DUE, frozenset({"now", "tonight"})),
        Which.OVERDUE: (_OVERDUE, frozenset({"now"})),
        Which.ALL: (_OPEN, frozenset()),
    }
)
_QUEUES = {
    (dialect, which): _queue(dialect, condition) for dialect in Dialect for which, (condition, _) in _CONDITIONS.items()
}


async def page(
    tx: Transaction,
    which: Which,
    offices: Collection[OfficeId],
    *,
    actor: str,
    now: datetime,
    tonight: datetime,
    limit: int,
    offset: int,
) -> tuple[list[Case], int]:
    """A page of open cases, the most urgent first, and how many there are in all (0 beyond the last page)."""
    moments: dict[str, Value] = {"actor": actor, "now": now, "tonight": tonight}
    values = {name: value for name, value in moments.items() if name in _CONDITIONS[which][1]}
    rows = await tx.all(_QUEUES[tx.dialect, which], offices=tuple(offices), limit=limit, offset=offset, **values)
    return [Case.of(row) for row in rows], int(str(rows[0]["total"])) if rows else 0


# ---------------------------------------------------------------------------- the day


class Counts(Record):
    """How an office's cases stand."""

    new: int  # filed since a moment
    open: int
    unowned: int
    due: int  # today
    overdue: int
    waiting: int  # for the applicant


async def counts(tx: Transaction, office: OfficeId, *, since: datetime, now: datetime, tonight: datetime) -> Counts:
    row = await tx.one(
        f"""
        SELECT (SELECT count(*) FROM cases n WHERE n.office = :office AND n.created_at >= :since) AS new,
            count(CASE WHEN {_OPEN} THEN 1 END) AS open,
            count(CASE WHEN {_UNOWNED} THEN 1 END) AS unowned,
            count(CASE WHEN {_DUE} THEN 1 END) AS due,
            count(CASE WHEN {_OVERDUE} THEN 1 END) AS overdue,
            count(CASE WHEN q.status = 'awaiting_resident' THEN 1 END) AS waiting
        FROM cases q WHERE q.office = :office AND q.closed_at IS NULL
        """,
        office=office,
        since=since,
        now=now,
        tonight=tonight,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return Counts.of(row)


async def appointments(tx: Transaction, office: OfficeId, day: date) -> list[Booking]:
    """Whom an office expects or has received on a day, in the order of their times."""
    rows = await tx.all(
        f"""
        SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b
        JOIN sessions s ON s.id = b.session_id JOIN slots t ON t.id = b.slot_id
        WHERE s.office = :office AND s.day = :day
            AND b.status IN {_COMES}
        ORDER BY t.starts_at, b.seat
        """,
        office=office,
        day=day,
    )
    return [Booking.of(row) for row in rows]


_DAYS = {
    dialect: f"""
        SELECT s.day, count(*) AS n FROM sessions s JOIN bookings b ON b.session_id = s.id
        WHERE s.day BETWEEN :first AND :last AND {one_of(dialect, "s.office", "offices")} AND b.status IN {_COMES}
        GROUP BY s.day ORDER BY s.day
    """
    for dialect in Dialect
}


async def days_with_appointments(
    tx: Transaction, offices: Collection[OfficeId], first: date, last: date
) -> tuple[tuple[date, int], ...]:
    """How many come on each day that has any, in order."""
    rows = await tx.all(_DAYS[tx.dialect], offices=tuple(offices), first=first, last=last)
    return tuple((_DayCount.of(row).day, _DayCount.of(row).n) for row in rows)


class _DayCount(Record):
    day: date
    n: int
