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


@dataclass(frozen=True, slots=True)
class Found:
    """Lines, those nearest to where the look began first; `rest` is where to go on, None where there are no more."""

    entries: list[Entry]
    rest: Place | None


_NUMBER = "CAST(substr(a.subject, {start}) AS BIGINT)"
_LINES = f"""
    SELECT a.id, a.at, a.actor, a.action, a.subject, a.detail, a.origin,
        coalesce(c.reference, b.reference, '') AS reference
    FROM {{lines}} a
    LEFT JOIN cases c ON c.id = CASE WHEN a.subject LIKE 'case:%' THEN {_NUMBER.format(start=6)} END
    LEFT JOIN bookings b ON b.id = CASE WHEN a.subject LIKE 'booking:%' THEN {_NUMBER.format(start=9)} END
    {{offices}} ORDER BY {{order}} LIMIT :limit
"""
_THESE = "a.at >= :since AND a.at < :until AND {condition} AND {place}"
_BY_PERIOD, _BY_SUBJECT, _BY_ACTOR = "a.at IS NOT NULL", "a.subject = :subject", "a.actor = :actor"
_ABOUT_PERSON = "a.subject = :about AND a.actor <> :actor"
#: Most lines may be about other offices: so many are looked at by one statement, and so many statements at once.
_LOOKED_AT = 10_000
_TURNS = 5


@dataclass(frozen=True, slots=True)
class _Statements:
    """One way of looking: all the lines; those of some offices; and the last line that these looked at."""

    lines: str
    of_offices: str
    edge: str


def _statements(dialect: Dialect, condition: str, *, forward: bool) -> _Statements:
    place = "(a.at, a.id) > (:at, :id)" if forward else "(a.at, a.id) < (:at, :id)"
    order = "a.at, a.id" if forward else "a.at DESC, a.id DESC"
    these = _THESE.format(condition=condition, place=place)
    offices = f"""WHERE {one_of(dialect, "coalesce(c.office, b.office)", "offices")}
        OR {one_of(dialect, "a.subject", "office_subjects")}"""
    some = f"(SELECT * FROM audit a WHERE {these} ORDER BY {order} LIMIT :looked_at)"
    return _Statements(
        _LINES.format(lines="audit", offices=f"WHERE {these}", order=order),
        _LINES.format(lines=some, offices=offices, order=order),
        f"SELECT a.at, a.id FROM audit a WHERE {these} ORDER BY {order} LIMIT 1 OFFSET :looked_at - 1",
    )


_STATEMENTS = {
    (dialect, condition, forward): _statements(dialect, condition, forward=forward)
    for dialect in Dialect
    for condition in (_BY_PERIOD, _BY_SUBJECT, _BY_ACTOR, _ABOUT_PERSON)
    for forward in (False, True)
}


async def older(tx: Transaction, wanted: Wanted, place: Place, limit: int) -> Found:
    """Lines from before a place, the newest first."""
    return await _look(tx, wanted, place, limit, forward=False)


async def newer(tx: Transaction, wanted: Wanted, place: Place, limit: int) -> Found:
    """Lines from after a place, the oldest first."""
    return await _look(tx, wanted, place, limit, forward=True)


async def _look(tx: Transaction, wanted: Wanted, place: Place, limit: int, *, forward: bool) -> Found:
    conditions: tuple[tuple[str, dict[str, Value]], ...] = ((_BY_PERIOD, {}),)
    if wanted.subject:
        conditions = ((_BY_SUBJECT, {"subject": wanted.subject}),)
    elif wanted.actor:
        conditions = (
            (_BY_ACTOR, {"actor": wanted.actor}),
            (_ABOUT_PERSON, {"actor": wanted.actor, "about": wanted.about}),
        )
    found: list[Entry] = []
    edges: list[Place] = []
    for condition, more in conditions:
        values = {"since": wanted.since, "until": wanted.until, "limit": limit, **more}
        statements = _STATEMENTS[tx.dialect, condition, forward]
        if wanted.offices is None:
            rows = await tx.all(statements.lines, **values, at=place[0], id=place[1])
            found += [Entry.of(row) for row in rows]
            continue
        entries, edge = await _of_offices(tx, statements, wanted.offices, values, place)
        found += entries
        edges += [edge] if edge is not None else []
    found.sort(key=lambda entry: entry.place, reverse=not forward)
    edge = None if not edges else min(edges) if forward else max(edges)
    if edge is not None:  # beyond it one of two ways has not looked yet
        found = [entry for entry in found if (entry.place <= edge if forward else entry.place >= edge)]
    return Found(found[:limit], found[limit - 1].place if len(found) >= limit else edge)


async def _of_offices(
    tx: Transaction, statements: _Statements, offices: tuple[OfficeId, ...], values: dict[str, Value], place: Place
) -> tuple[list[Entry], Place | None]:
    """Lines about some offices, and where the look ended before it found enough; None at the end of the audit."""
    found: list[Entry] = []
    for _ in range(_TURNS):
        here: dict[str, Value] = {**values, "at": place[0], "id": place[1], "looked_at": _LOOKED_AT}
        here |= {"offices": offices, "office_subjects": _subjects(offices)}
        found += [Entry.of(row) for row in await tx.all(statements.of_offices, **here)]
        edge = await tx.one(statements.edge, **{name: here[name] for name in here.keys() - _ONLY_LINES})
        if edge is None:
            return found, None
        place = _Place.of(edge).place
        if len(found) >= int(str(values["limit"])):
            break
    return found, place


_ONLY_LINES = {"limit", "offices", "office_subjects"}


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
