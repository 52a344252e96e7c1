"""Cases, their history, who follows them."""

from __future__ import annotations

from datetime import datetime

from storage import files as file_rows
from storage.columns import assigned, columns_of, insert_into
from storage.database import Dialect, Row, Transaction, Value
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference, ResidentId
from storage.records.cases import Case, CaseDraft, CaseEvent, CaseEventKind, CaseStatus
from storage.records.files import FileRow
from storage.records.residents import Resident

_QUEUE_ORDER = ("next_due", "first_due")
_ADD = f"""
{insert_into("cases", (*columns_of(CaseDraft), *_QUEUE_ORDER))} ON CONFLICT (reference) DO NOTHING RETURNING *
"""
_SAVED = (
    "category",
    "office",
    "status",
    "version",
    "owner",
    "referred_to",
    "external_reference",
    "duplicate_of",
    "priority",
    "outcome",
    "round",
    "updated_at",
    "opened_at",
    "answered_at",
    "resolved_at",
    "closed_at",
    "triage_due",
    "update_due",
    "close_due",
    "paused_at",
    "before_question",
    "look_at",
)
_SAVE = f"""
UPDATE cases SET {assigned((*_SAVED, *_QUEUE_ORDER))} WHERE id = :id AND version = :was_version AND status = :was_status
"""


# ---------------------------------------------------------------------------- one case


async def add(tx: Transaction, draft: CaseDraft) -> Case | None:
    """File a case. None where its reference is taken: draw another."""
    return Case.maybe(await tx.one(_ADD, **draft.model_dump(), **_queue_order(draft, answered=False)))


async def save(tx: Transaction, before: Case, after: Case) -> bool:
    """Compare and set: False where the case is no longer as it was `before`."""
    values = after.model_dump(include={"id", *_SAVED}) | _queue_order(after, answered=after.answered_at is not None)
    return await tx.run(_SAVE, **values, was_version=before.version, was_status=before.status) == 1


_UNTOUCHED = frozenset({CaseStatus.RECEIVED, CaseStatus.REOPENED})
_WATCHED = _UNTOUCHED | {CaseStatus.UNDER_REVIEW, CaseStatus.IN_PROGRESS}  # the office is to act


def _queue_order(case: Case | CaseDraft, *, answered: bool) -> dict[str, Value]:
    """When the next of a case's targets runs out, and the first of all that its office has still to meet, if any."""
    untouched = case.status in _UNTOUCHED
    left = [case.close_due]
    left += [] if answered else [case.update_due]
    left += [case.triage_due] if untouched else []
    return {
        "next_due": left[-1],
        "first_due": min(left) if case.status in _WATCHED else None,
    }


async def lock(tx: Transaction, case: CaseId) -> Case | None:
    """A case, kept from others until the commit."""
    sql = "SELECT * FROM cases WHERE id = :id"
    # SQLite's transactions already wait for each other.
    return Case.maybe(await tx.one(_locking(tx, sql), id=case))


async def lock_reference(tx: Transaction, reference: Reference) -> Case | None:
    """The same by its reference."""
    sql = "SELECT * FROM cases WHERE reference = :reference"
    return Case.maybe(await tx.one(_locking(tx, sql), reference=reference))


def _locking(tx: Transaction, sql: str) -> str:
    return f"{sql} FOR NO KEY UPDATE" if tx.dialect is Dialect.POSTGRES else sql


async def by_id(tx: Transaction, case: CaseId) -> Case | None:
    return Case.maybe(await tx.one("SELECT * FROM cases WHERE id = :id", id=case))


async def by_reference(tx: Transaction, reference: Reference) -> Case | None:
    return Case.maybe(await tx.one("SELECT * FROM cases WHERE reference = :reference", reference=reference))


# ---------------------------------------------------------------------------- many

# `closed_at` is set on all that ended: closed, rejected, outside remit, duplicate, withdrawn.

_OF_RESIDENT = """
SELECT c.*, FALSE AS followed FROM cases c WHERE c.resident_id = :resident
UNION ALL
SELECT c.*, TRUE AS followed FROM cases c JOIN case_followers f ON f.case_id = c.id WHERE f.resident_id = :resident
ORDER BY created_at DESC, id DESC LIMIT :limit
"""

_OPEN_OF = """
SELECT * FROM cases WHERE resident_id = :resident AND closed_at IS NULL ORDER BY created_at DESC, id DESC
"""

_NEARBY = """
SELECT c.*, (SELECT count(*) FROM case_followers f WHERE f.case_id = c.id) AS joiners
FROM cases c
WHERE c.category = :category AND c.closed_at IS NULL AND c.status <> 'resolved' AND c.resident_id <> :resident
    AND NOT EXISTS (SELECT 1 FROM case_followers f WHERE f.case_id = c.id AND f.resident_id = :resident)
    AND c.latitude BETWEEN :south AND :north AND c.longitude BETWEEN :west AND :east
ORDER BY c.id DESC LIMIT :limit
"""

_AT_ROAD = """
SELECT c.*, (SELECT count(*) FROM case_followers f WHERE f.case_id = c.id) AS joiners
FROM cases c
WHERE c.category = :category AND c.closed_at IS NULL AND c.status <> 'resolved' AND c.resident_id <> :resident
    AND NOT EXISTS (SELECT 1 FROM case_followers f WHERE f.case_id = c.id AND f.resident_id = :resident)
    AND c.office = :office AND c.block = :block AND c.road = :road
ORDER BY c.id DESC LIMIT :limit
"""


async def of_resident(tx: Transaction, resident: ResidentId, limit: int) -> list[tuple[Case, bool]]:
    """A resident's own cases and those they follow (True), the newest first."""
    rows = await tx.all(_OF_RESIDENT, resident=resident, limit=limit)
    return [(Case.of(row), bool(row["followed"])) for row in rows]


async def open_of(tx: Transaction, resident: ResidentId) -> list[Case]:
    """A resident's own cases that have not ended, the newest first."""
    return [Case.of(row) for row in await tx.all(_OPEN_OF, resident=resident)]


async def count_since(tx: Transaction, resident: ResidentId, since: datetime) -> int:
    row = await tx.one(
        "SELECT count(*) AS n FROM cases WHERE resident_id = :resident AND created_at >= :since",
        resident=resident,
        since=since,
    )
    return _number(row, "n")


async def nearby(
    tx: Transaction,
    *,
    category: CategoryId,
    resident: ResidentId,
    south: float,
    north: float,
    west: float,
    east: float,
    limit: int,
) -> list[tuple[Case, int]]:
    """Others' open cases of a category with a pin in a box, and how many joined each."""
    rows = await tx.all(
        _NEARBY, category=category, resident=resident, south=south, north=north, west=west, east=east, limit=limit
    )
    return [(Case.of(row), _number(row, "joiners")) for row in rows]


async def at_road(
    tx: Transaction, *, category: CategoryId, office: OfficeId, resident: ResidentId, block: int, road: str, limit: int
) -> list[tuple[Case, int]]:
    """Others' open cases of a category at a road of a block, and how many joined each."""
    rows = await tx.all(
        _AT_ROAD, category=category, office=office, resident=resident, block=block, road=road, limit=limit
    )
    return [(Case.of(row), _number(row, "joiners")) for row in rows]


async def to_look_at(tx: Transaction, now: datetime, limit: int) -> list[Case]:
    """Cases for the clock, kept from other workers until the commit."""
    sql = "SELECT * FROM cases WHERE look_at <= :now ORDER BY look_at LIMIT :limit"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE SKIP LOCKED"
    return [Case.of(row) for row in await tx.all(sql, now=now, limit=limit)]


def look_again(tx: Transaction, case: CaseId, at: datetime | None) -> None:
    """When the clock is to look at a case next; None is never."""
    tx.later("UPDATE cases SET look_at = :at WHERE id = :id", at=at, id=case)


def set_aside(tx: Transaction, case: CaseId) -> None:
    """Something else is seen to in its place: neither the clock nor a queue of what is to be done has it."""
    tx.later("UPDATE cases SET look_at = NULL, first_due = NULL WHERE id = :id", id=case)


def take_up_again(tx: Transaction, case: Case, at: datetime) -> None:
    """It is to be seen to by itself again."""
    order = _queue_order(case, answered=case.answered_at is not None)
    sql = "UPDATE cases SET look_at = :at, first_due = :first_due WHERE id = :id"
    tx.later(sql, at=at if case.status in _WATCHED else case.look_at, first_due=order["first_due"], id=case.id)


def raise_priority(tx: Transaction, case: CaseId, at: datetime) -> None:
    tx.later("UPDATE cases SET priority = priority + 1, updated_at = :at WHERE id = :id", at=at, id=case)


# ---------------------------------------------------------------------------- history


async def add_event(
    tx: Transaction,
    case: CaseId,
    at: datetime,
    actor: str,
    what: CaseEventKind,
    *,
    public: bool,
    words: str = "",
    detail: str = "",
    before: Case | None = None,
) -> CaseEvent:
    """Add to a case's history; `before` is the case as a move found it."""
    row = await tx.one(
        """
        INSERT INTO case_events (case_id, at, actor, what, public, words, detail, status_before, question_before)
        VALUES (:case_id, :at, :actor, :what, :public, :words, :detail, :status, :question) RETURNING *
        """,
        case_id=case,
        at=at,
        actor=actor,
        what=what.value,
        public=public,
        words=words,
        detail=detail,
        status=None if before is None else before.status.value,
        question=None if before is None or before.before_question is None else before.before_question.value,
    )
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return CaseEvent.of(row)


async def events(tx: Transaction, case: CaseId) -> list[CaseEvent]:
    """A case's whole history, the oldest first."""
    return [
        CaseEvent.of(row) for row in await tx.all("SELECT * FROM case_events WHERE case_id = :id ORDER BY id", id=case)
    ]


async def event(tx: Transaction, event_id: int) -> CaseEvent | None:
    return CaseEvent.maybe(await tx.one("SELECT * FROM case_events WHERE id = :id", id=event_id))


async def last_event(tx: Transaction, case: CaseId, what: CaseEventKind) -> CaseEvent | None:
    """The newest event of a kind."""
    sql = "SELECT * FROM case_events WHERE case_id = :id AND what = :what ORDER BY id DESC LIMIT 1"
    return CaseEvent.maybe(await tx.one(sql, id=case, what=what.value))


async def last_question(tx: Transaction, case: CaseId) -> CaseEvent | None:
    """The newest question that was not taken back."""
    sql = """
        SELECT * FROM case_events e WHERE case_id = :id AND what = 'asked' AND NOT EXISTS (
            SELECT 1 FROM case_events u WHERE u.case_id = e.case_id AND u.detail = 'undoes:' || e.id
        )
        ORDER BY id DESC LIMIT 1
    """
    return CaseEvent.maybe(await tx.one(sql, id=case))


# ---------------------------------------------------------------------------- followers


async def follow(tx: Transaction, case: CaseId, resident: ResidentId, at: datetime) -> bool:
    """Join a case; False where they had already."""
    changed = await tx.run(
        """
        INSERT INTO case_followers (case_id, resident_id, joined_at) VALUES (:case_id, :resident, :at)
        ON CONFLICT (case_id, resident_id) DO NOTHING
        """,
        case_id=case,
        resident=resident,
        at=at,
    )
    return changed == 1


async def follows(tx: Transaction, case: CaseId, resident: ResidentId) -> bool:
    sql = "SELECT 1 FROM case_followers WHERE case_id = :case_id AND resident_id = :resident"
    return await tx.one(sql, case_id=case, resident=resident) is not None


async def move_followers(tx: Transaction, source: Case, target: Case, at: datetime) -> None:
    """Whoever had or followed `source` follows `target`, except the resident whose case that is."""
    await tx.run(
        """
        INSERT INTO case_followers (case_id, resident_id, joined_at)
        SELECT :target, everyone.resident_id, :at FROM (
            SELECT resident_id FROM case_followers WHERE case_id = :source
            UNION SELECT resident_id FROM cases WHERE id = :source
        ) AS everyone WHERE everyone.resident_id <> :owner
        ON CONFLICT (case_id, resident_id) DO NOTHING
        """,
        target=target.id,
        source=source.id,
        owner=target.resident_id,
        at=at,
    )


def point_duplicates(tx: Transaction, source: CaseId, target: CaseId) -> None:
    """What duplicated `source` duplicates `target`: no duplicate has a duplicate."""
    tx.later("UPDATE cases SET duplicate_of = :target WHERE duplicate_of = :source", source=source, target=target)


async def move_followers_back(tx: Transaction, source: Case, target: CaseId, since: datetime) -> None:
    """Whoever follows `target` only because `source` was merged with it, at `since`, no longer does."""
    await tx.run(
        """
        DELETE FROM case_followers WHERE case_id = :target AND joined_at >= :since AND resident_id IN (
            SELECT resident_id FROM case_followers WHERE case_id = :source
            UNION SELECT resident_id FROM cases WHERE id = :source
        ) AND resident_id NOT IN (
            SELECT resident_id FROM cases WHERE duplicate_of = :target AND id <> :source
        )
        """,
        target=target,
        source=source.id,
        since=since,
    )


async def audience(tx: Transaction, case: CaseId) -> list[Resident]:
    """Whose case it is, and all who follow it."""
    rows = await tx.all(
        """
        SELECT * FROM residents WHERE id IN (
            SELECT resident_id FROM cases WHERE id = :id
            UNION SELECT resident_id FROM case_followers WHERE case_id = :id
        ) ORDER BY id
        """,
        id=case,
    )
    return [Resident.of(row) for row in rows]


async def count_followers(tx: Transaction, case: CaseId) -> int:
    return _number(await tx.one("SELECT count(*) AS n FROM case_followers WHERE case_id = :id", id=case), "n")


# ---------------------------------------------------------------------------- files and closures


def attach(tx: Transaction, case: CaseId, files: tuple[FileId, ...], event_id: int) -> None:
    """Files that came with an event."""
    for file in files:
        tx.later(
            """
            INSERT INTO case_files (case_id, file_id, event_id) VALUES (:case_id, :file, :event)
            ON CONFLICT (case_id, file_id) DO NOTHING
            """,
            case_id=case,
            file=file,
            event=event_id,
        )
        file_rows.link(tx, file)


async def files(tx: Transaction, case: CaseId) -> list[tuple[FileRow, int]]:
    """A case's files, each with the id of the event it came with; without those that could not be kept."""
    rows = await tx.all(
        """
        SELECT f.*, cf.event_id FROM case_files cf JOIN files f ON f.id = cf.file_id
        WHERE cf.case_id = :id AND f.status IN ('wanted', 'stored') ORDER BY cf.event_id, f.id
        """,
        id=case,
    )
    return [(FileRow.of(row), _number(row, "event_id")) for row in rows]


def _number(row: Row | None, column: str) -> int:
    value = None if row is None else row[column]
    return value if isinstance(value, int) else 0
