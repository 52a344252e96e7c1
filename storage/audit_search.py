"""The audit, looked up by reference, by person and by period: a page at a time, the newest first.

Each way of looking has an index in the order in which it is read, so a page costs what it shows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.database import Dialect, Transaction, Value, one_of
from storage.ids import OfficeId
from storage.records import Instant, Record

Place = tuple[datetime, int]
#: Behind the newest line, and before the oldest.
NEWEST: Place = (datetime.max.replace(tzinfo=UTC), 2**62)
OLDEST: Place = (datetime.min.replace(tzinfo=UTC), 0)


class Entry(Record):
    """One line of the audit. `reference` is that of the case or booking it is about; "" where it is about neither."""

    id: int
    at: Instant
    actor: str
    action: str
    subject: str
    detail: str
    origin: str
    reference: str

    @property
    def place(self) -> Place:
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of one subject, of one person (what they did, and what was done about them), of a period.

    With `offices` only what is about these, their cases and their bookings; None is everything.
    """

    since: datetime
    until: datetime
    subject: str = ""
    actor: str = ""
    about: str = ""  # the person as a subject, beside `actor`
    offices: tuple[OfficeId, ...] | None = None


_NUMBER = "CAST(substr(a.subject, {start}) AS BIGINT)"
_LINES = f"""
    SELECT a.id, a.at, a.actor, a.action, a.subject, a.detail, a.origin,
        coalesce(c.reference, b.reference, '') AS reference
    FROM audit a
    LEFT JOIN cases c ON c.id = CASE WHEN a.subject LIKE 'case:%' THEN {_NUMBER.format(start=6)} END
    LEFT JOIN bookings b ON b.id = CASE WHEN a.subject LIKE 'booking:%' THEN {_NUMBER.format(start=9)} END
    WHERE a.at >= :since AND a.at < :until AND {{condition}} AND {{place}} {{offices}}
    ORDER BY {{order}} LIMIT :limit
"""
_BY_PERIOD, _BY_SUBJECT, _BY_ACTOR = "a.at IS NOT NULL", "a.subject = :subject", "a.actor = :actor"
_ABOUT_PERSON = "a.subject = :about AND a.actor <> :actor"


def _statement(dialect: Dialect, condition: str, *, forward: bool, limited: bool) -> str:
    """The lines of one way of looking: those older than a place, or (`forward`) those newer."""
    offices = (
        f"""AND ({one_of(dialect, "coalesce(c.office, b.office)", "offices")}
            OR {one_of(dialect, "a.subject", "office_subjects")})"""
        if limited
        else ""
    )
    return _LINES.format(
        condition=condition,
        place="(a.at, a.id) > (:at, :id)" if forward else "(a.at, a.id) < (:at, :id)",
        offices=offices,
        order="a.at, a.id" if forward else "a.at DESC, a.id DESC",
    )


_STATEMENTS = {
    (dialect, condition, forward, limited): _statement(dialect, condition, forward=forward, limited=limited)
    for dialect in Dialect
    for condition in (_BY_PERIOD, _BY_SUBJECT, _BY_ACTOR, _ABOUT_PERSON)
    for forward in (False, True)
    for limited in (False, True)
}


async def older(tx: Transaction, wanted: Wanted, place: Place, limit: int) -> list[Entry]:
    """Lines from before a place, the newest first."""
    found = await _found(tx, wanted, place, limit, forward=False)
    return sorted(found, key=lambda entry: entry.place, reverse=True)[:limit]


async def newer(tx: Transaction, wanted: Wanted, place: Place, limit: int) -> list[Entry]:
    """The next lines after a place, the newest of them first."""
    found = await _found(tx, wanted, place, limit, forward=True)
    return sorted(found, key=lambda entry: entry.place)[:limit][::-1]


async def _found(tx: Transaction, wanted: Wanted, place: Place, limit: int, *, forward: bool) -> list[Entry]:
    values: dict[str, Value] = {"since": wanted.since, "until": wanted.until, "limit": limit}
    values |= {"at": place[0], "id": place[1]}
    if wanted.offices is not None:
        values |= {"offices": wanted.offices, "office_subjects": _subjects(wanted.offices)}
    conditions: tuple[tuple[str, dict[str, Value]], ...] = ((_BY_PERIOD, {}),)
    if wanted.subject:
        conditions = ((_BY_SUBJECT, {"subject": wanted.subject}),)
    elif wanted.actor:
        conditions = (
            (_BY_ACTOR, {"actor": wanted.actor}),
            (_ABOUT_PERSON, {"actor": wanted.actor, "about": wanted.about}),
        )
    found: list[Entry] = []
    for condition, more in conditions:
        sql = _STATEMENTS[tx.dialect, condition, forward, wanted.offices is not None]
        found += [Entry.of(row) for row in await tx.all(sql, **values, **more)]
    return found


def _subjects(offices: Collection[OfficeId]) -> tuple[str, ...]:
    return tuple(f"office:{office}" for office in offices)


async def place_of(tx: Transaction, line: int) -> Place | None:
    """Where a line stands; None where there is no such line any more."""
    row = await tx.one("SELECT at, id FROM audit WHERE id = :id", id=line)
    return None if row is None else _Place.of(row).place


class _Place(Record):
    id: int
    at: Instant

    @property
    def place(self) -> Place:
        return self.at, self.id
