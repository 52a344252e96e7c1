"""Incidents: what many report at once, where, and which reports have joined."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from pydantic import Json

from storage.columns import columns_of, insert_into
from storage.database import Dialect, Transaction
from storage.ids import CaseId, CategoryId, IncidentId, OfficeId, ResidentId
from storage.records import Instant, Record
from storage.records.cases import Case
from storage.translations import Translations


class IncidentStatus(StrEnum):
    OPEN = "open"
    CLOSING = "closing"  # all that joined are being closed
    RELEASING = "releasing"  # all that joined are becoming ordinary requests again
    CLOSED = "closed"
    RELEASED = "released"


class State(StrEnum):
    """How a case stands with an incident."""

    JOINED = "joined"
    LEFT = "left"  # it is about something else
    CLOSED = "closed"  # with the incident
    STILL = "still"  # closed with it, and its resident says that it is still there


class Circle(Record):
    """The land around a point."""

    latitude: float
    longitude: float
    metres: int


class NewIncident(Record):
    """What an incident is when it is opened."""

    categories: tuple[CategoryId, ...]
    offices: tuple[OfficeId, ...]
    blocks: tuple[int, ...]  # none, and no circles: all of each office's land
    circles: tuple[Circle, ...]
    texts: Translations
    since: Instant  # reports from then on join
    opened_at: Instant
    opened_by: str
    ends_at: Instant
    remind_at: Instant | None
    show_at: Instant | None


class Incident(NewIncident):
    id: IncidentId
    status: IncidentStatus
    version: int
    categories: Json[tuple[CategoryId, ...]]
    offices: Json[tuple[OfficeId, ...]]
    blocks: Json[tuple[int, ...]]
    circles: Json[tuple[Circle, ...]]
    ended_at: Instant | None
    shown_at: Instant | None


_JSON = ("categories", "offices", "blocks", "circles", "texts")
_ADD = f"{insert_into('incidents', columns_of(NewIncident))} RETURNING *"
_ADD_AREA = """
INSERT INTO incident_areas (incident_id, category, office, opened_at, live, gathered_to)
VALUES (:incident, :category, :office, :at, :live, :since)
ON CONFLICT DO NOTHING
"""


# ---------------------------------------------------------------------------- incidents


async def add(tx: Transaction, new: NewIncident) -> Incident:
    values = new.model_dump(exclude=set(_JSON))
    texts = {name: _as_json(getattr(new, name)) for name in _JSON}
    row = await tx.one(_ADD, **values, **texts)
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return Incident.of(row)


def _as_json(value: tuple[Record | str | int, ...] | Translations) -> str:
    if isinstance(value, Translations):
        return value.as_json
    return json.dumps([one.model_dump() if isinstance(one, Record) else one for one in value])


async def add_area(tx: Transaction, incident: Incident, category: CategoryId, office: OfficeId) -> bool:
    """Have reports of a category at an office join it; False where they join another one already."""
    added = await tx.run(
        _ADD_AREA,
        incident=incident.id,
        category=category,
        office=office,
        at=incident.opened_at,
        live=True,
        since=incident.since,
    )
    return added == 1


async def by_id(tx: Transaction, incident: IncidentId) -> Incident | None:
    return Incident.maybe(await tx.one("SELECT * FROM incidents WHERE id = :id", id=incident))


async def lock(tx: Transaction, incident: IncidentId) -> Incident | None:
    """An incident, kept from others until the commit."""
    sql = "SELECT * FROM incidents WHERE id = :id"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE"
    return Incident.maybe(await tx.one(sql, id=incident))


_UNDER_WAY = "SELECT * FROM incidents WHERE ended_at IS NULL ORDER BY id DESC LIMIT :limit"
_PAST = "SELECT * FROM incidents WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT :limit"


async def under_way(tx: Transaction, limit: int) -> list[Incident]:
    """Those that have not ended, the newest first."""
    return [Incident.of(row) for row in await tx.all(_UNDER_WAY, limit=limit)]


async def past(tx: Transaction, limit: int) -> list[Incident]:
    """The newest of those that have ended."""
    return [Incident.of(row) for row in await tx.all(_PAST, limit=limit)]


async def live_at(tx: Transaction, category: CategoryId, office: OfficeId, now: datetime) -> Incident | None:
    """The incident that reports of a category at an office join now."""
    sql = """
        SELECT i.* FROM incident_areas a JOIN incidents i ON i.id = a.incident_id
        WHERE a.category = :category AND a.office = :office AND a.live AND i.ends_at > :now
    """
    return Incident.maybe(await tx.one(sql, category=category, office=office, now=now))


async def is_live(tx: Transaction, category: CategoryId, office: OfficeId) -> bool:
    """Whether an incident has its place there, though nothing may join it any more."""
    sql = "SELECT 1 FROM incident_areas WHERE category = :category AND office = :office AND live"
    return await tx.one(sql, category=category, office=office) is not None


async def change(
    tx: Transaction,
    before: Incident,
    *,
    remind_at: datetime | None,
    status: IncidentStatus | None = None,
    ends_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> bool:
    """Compare and set on the version: False where somebody was first. Its status and end stay where none is given."""
    changed = await tx.run(
        """
        UPDATE incidents SET status = :status, ends_at = :ends_at, remind_at = :remind_at, ended_at = :ended_at,
            version = version + 1
        WHERE id = :id AND version = :version
        """,
        id=before.id,
        version=before.version,
        status=(status or before.status).value,
        ends_at=ends_at or before.ends_at,
        remind_at=remind_at,
        ended_at=ended_at or before.ended_at,
    )
    return changed == 1


async def set_live(tx: Transaction, incident: IncidentId, *, live: bool) -> None:
    """Whether reports join it: again only where no other incident has taken its place meanwhile.

    Raises Conflict where another takes it at this moment.
    """
    sql = """
        UPDATE incident_areas SET live = :live WHERE incident_id = :incident AND NOT (:live AND EXISTS (
            SELECT 1 FROM incident_areas other WHERE other.category = incident_areas.category
                AND other.office = incident_areas.office AND other.live AND other.incident_id <> :incident
        ))
    """
    await tx.run(sql, live=live, incident=incident)


# ---------------------------------------------------------------------------- what the clock looks at


async def to_remind(tx: Transaction, now: datetime, limit: int) -> list[Incident]:
    """Those of whose end somebody is to hear."""
    sql = "SELECT * FROM incidents WHERE remind_at <= :now ORDER BY remind_at LIMIT :limit"
    return [Incident.of(row) for row in await tx.all(sql, now=now, limit=limit)]


def remind_again(tx: Transaction, incident: IncidentId, at: datetime | None) -> None:
    tx.later("UPDATE incidents SET remind_at = :at WHERE id = :id", at=at, id=incident)


async def to_show(tx: Transaction, now: datetime, limit: int) -> list[Incident]:
    """Those whose cards are to be edited."""
    sql = "SELECT * FROM incidents WHERE show_at <= :now ORDER BY show_at LIMIT :limit"
    return [Incident.of(row) for row in await tx.all(sql, now=now, limit=limit)]


def show_from(tx: Transaction, incident: Incident, at: datetime, *, sooner: bool = False) -> None:
    """Have its cards edited at `at`, unless that is to be done already; where `sooner`, not later than that."""
    sql = "UPDATE incidents SET show_at = :at WHERE id = :id AND show_at IS NULL"
    if sooner:
        sql = "UPDATE incidents SET show_at = :at WHERE id = :id AND (show_at IS NULL OR show_at > :at)"
    tx.later(sql, at=at, id=incident.id)


def shown(tx: Transaction, incident: IncidentId, at: datetime) -> None:
    tx.later("UPDATE incidents SET show_at = NULL, shown_at = :at WHERE id = :id", at=at, id=incident)


class Gathering(Record):
    """How far the reports before an incident were looked at, of one category at one office."""

    incident_id: IncidentId
    category: CategoryId
    office: OfficeId
    gathered_to: Instant
    gathered_id: CaseId


async def to_gather(tx: Transaction) -> Gathering | None:
    """An incident whose earlier reports have not all been looked at."""
    sql = "SELECT * FROM incident_areas WHERE gathered_to IS NOT NULL ORDER BY incident_id, category, office LIMIT 1"
    return Gathering.maybe(await tx.one(sql))


_EARLIER = """
SELECT * FROM cases
WHERE office = :office AND created_at >= :since AND created_at < :until
    AND (created_at > :since OR id > :after) AND category = :category
    AND NOT EXISTS (SELECT 1 FROM incident_cases j WHERE j.incident_id = :incident AND j.case_id = cases.id)
ORDER BY created_at, id LIMIT :limit
"""


async def earlier(tx: Transaction, area: Gathering, until: datetime, limit: int) -> list[Case]:
    """The next reports of an area that have had nothing to do with its incident."""
    rows = await tx.all(
        _EARLIER,
        office=area.office,
        since=area.gathered_to,
        until=until,
        after=area.gathered_id,
        category=area.category,
        incident=area.incident_id,
        limit=limit,
    )
    return [Case.of(row) for row in rows]


def gathered(tx: Transaction, area: Gathering, last: Case | None) -> None:
    """Looked at up to this case; None where all were."""
    tx.later(
        """
        UPDATE incident_areas SET gathered_to = :to, gathered_id = :id
        WHERE incident_id = :incident AND category = :category AND office = :office
        """,
        to=None if last is None else last.created_at,
        id=0 if last is None else last.id,
        incident=area.incident_id,
        category=area.category,
        office=area.office,
    )


# ---------------------------------------------------------------------------- the reports that joined


async def join(tx: Transaction, incident: IncidentId, case: CaseId, at: datetime) -> bool:
    """False where the case has joined one already, or had left this one for good."""
    joined = await tx.run(
        """
        INSERT INTO incident_cases (incident_id, case_id, state, joined_at, changed_at)
        VALUES (:incident, :case_id, 'joined', :at, :at) ON CONFLICT DO NOTHING
        """,
        incident=incident,
        case_id=case,
        at=at,
    )
    return joined == 1


async def move(
    tx: Transaction, incident: IncidentId, case: CaseId, at: datetime, *, before: State, after: State
) -> bool:
    """Compare and set: False where it did not stand so."""
    changed = await tx.run(
        """
        UPDATE incident_cases SET state = :after, changed_at = :at
        WHERE incident_id = :incident AND case_id = :case_id AND state = :before
        """,
        incident=incident,
        case_id=case,
        at=at,
        before=before.value,
        after=after.value,
    )
    return changed == 1


class Joined(Record):
    """A case's newest incident, and how it stands with it."""

    incident_id: IncidentId
    state: State


async def newest_of(tx: Transaction, case: CaseId) -> Joined | None:
    sql = """
        SELECT incident_id, state FROM incident_cases WHERE case_id = :case_id
        ORDER BY joined_at DESC, incident_id DESC LIMIT 1
    """
    return Joined.maybe(await tx.one(sql, case_id=case))


class JoinedAt(Record):
    """A case that is joined, and the office that has it."""

    case_id: CaseId
    office: OfficeId


async def joined_after(tx: Transaction, incident: IncidentId, after: CaseId, limit: int) -> list[JoinedAt]:
    """The next cases that are joined, in the order of their ids."""
    sql = """
        SELECT j.case_id, c.office FROM incident_cases j JOIN cases c ON c.id = j.case_id
        WHERE j.incident_id = :incident AND j.state = 'joined' AND j.case_id > :after ORDER BY j.case_id LIMIT :limit
    """
    return [JoinedAt.of(row) for row in await tx.all(sql, incident=incident, after=after, limit=limit)]


async def of_resident(
    tx: Transaction, incident: IncidentId, resident: ResidentId, limit: int
) -> list[tuple[Case, State]]:
    """A resident's own cases that had to do with an incident, the newest first."""
    sql = """
        SELECT c.*, j.state FROM cases c JOIN incident_cases j ON j.case_id = c.id AND j.incident_id = :incident
        WHERE c.resident_id = :resident ORDER BY c.id DESC LIMIT :limit
    """
    rows = await tx.all(sql, incident=incident, resident=resident, limit=limit)
    return [(Case.of(row), State(str(row["state"]))) for row in rows]


class Where(Record):
    """Where a report that joined is."""

    block: int | None
    latitude: float | None
    longitude: float | None


async def places(tx: Transaction, incident: IncidentId, limit: int) -> list[Where]:
    """Where those that joined are, the newest first."""
    sql = """
        SELECT c.block, c.latitude, c.longitude FROM incident_cases j JOIN cases c ON c.id = j.case_id
        WHERE j.incident_id = :incident AND j.state <> 'left' ORDER BY j.case_id DESC LIMIT :limit
    """
    return [Where.of(row) for row in await tx.all(sql, incident=incident, limit=limit)]
