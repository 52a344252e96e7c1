"""What was improved because residents asked for it, and the requests that did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Dialect, Transaction, one_of
from storage.ids import Actor, AnnouncementId, CaseId, OfficeId, ResidentId
from storage.records import Instant, Record
from storage.records.cases import Case


class Improvement(Record):
    """Its words and photos are those of its announcement."""

    id: int
    office: OfficeId
    announcement_id: AnnouncementId
    made_by: Actor
    made_at: Instant
    told: int  # people who were told of it personally
    told_at: Instant | None  # when the last of them was


async def add(tx: Transaction, office: OfficeId, announcement: AnnouncementId, by: Actor, at: datetime) -> Improvement:
    row = await tx.one(
        """
        INSERT INTO improvements (office, announcement_id, made_by, made_at)
        VALUES (:office, :announcement, :by, :at) RETURNING *
        """,
        office=office,
        announcement=announcement,
        by=by,
        at=at,
    )
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return Improvement.of(row)


async def by_id(tx: Transaction, improvement: int) -> Improvement | None:
    return Improvement.maybe(await tx.one("SELECT * FROM improvements WHERE id = :id", id=improvement))


async def of_announcement(tx: Transaction, announcement: AnnouncementId) -> Improvement | None:
    sql = "SELECT * FROM improvements WHERE announcement_id = :id"
    return Improvement.maybe(await tx.one(sql, id=announcement))


# ---------------------------------------------------------------------------- the requests that asked for it


async def link(tx: Transaction, improvement: int, case: CaseId, by: Actor, at: datetime) -> bool:
    """Link a case; False where it is linked already."""
    linked = await tx.run(
        """
        INSERT INTO improvement_cases (improvement_id, case_id, added_by, added_at)
        VALUES (:improvement, :case_id, :by, :at) ON CONFLICT DO NOTHING
        """,
        improvement=improvement,
        case_id=case,
        by=by,
        at=at,
    )
    return linked == 1


async def unlink(tx: Transaction, improvement: int, case: CaseId) -> bool:
    """Take a case off again; False where it was not linked, or its people were told."""
    sql = "DELETE FROM improvement_cases WHERE improvement_id = :improvement AND case_id = :id AND told_at IS NULL"
    return await tx.run(sql, improvement=improvement, id=case) == 1


async def cases(tx: Transaction, improvement: int, limit: int, offset: int = 0) -> tuple[Case, ...]:
    """The linked cases, the newest link first."""
    rows = await tx.all(
        """
        SELECT c.* FROM improvement_cases i JOIN cases c ON c.id = i.case_id WHERE i.improvement_id = :improvement
        ORDER BY i.added_at DESC, i.case_id DESC LIMIT :limit OFFSET :offset
        """,
        improvement=improvement,
        limit=limit,
        offset=offset,
    )
    return tuple(Case.of(row) for row in rows)


async def count_cases(tx: Transaction, improvement: int) -> int:
    sql = "SELECT count(*) AS n FROM improvement_cases WHERE improvement_id = :improvement"
    row = await tx.one(sql, improvement=improvement)
    return 0 if row is None else int(str(row["n"]))


_BEHIND = """
SELECT c.resident_id FROM improvement_cases i JOIN cases c ON c.id = i.case_id WHERE i.improvement_id = :improvement
UNION
SELECT f.resident_id FROM improvement_cases i JOIN case_followers f ON f.case_id = i.case_id
WHERE i.improvement_id = :improvement
"""


async def count_people(tx: Transaction, improvement: int) -> int:
    """How many people are behind the linked cases: who filed them, and who joined them."""
    row = await tx.one(f"SELECT count(*) AS n FROM ({_BEHIND}) AS behind", improvement=improvement)
    return 0 if row is None else int(str(row["n"]))


async def cases_of(tx: Transaction, improvement: int, resident: ResidentId) -> tuple[Case, ...]:
    """Those of the linked cases that a resident filed or joined, the oldest first."""
    rows = await tx.all(
        """
        SELECT c.* FROM improvement_cases i JOIN cases c ON c.id = i.case_id
        WHERE i.improvement_id = :improvement AND (c.resident_id = :resident
            OR EXISTS (SELECT 1 FROM case_followers f WHERE f.case_id = c.id AND f.resident_id = :resident))
        ORDER BY c.id
        """,
        improvement=improvement,
        resident=resident,
    )
    return tuple(Case.of(row) for row in rows)


# ---------------------------------------------------------------------------- telling those who asked


async def to_tell(tx: Transaction, now: datetime) -> Improvement | None:
    """The first improvement whose people are to be told: its announcement is about to go out."""
    row = await tx.one(
        """
        SELECT i.* FROM improvements i JOIN announcements a ON a.id = i.announcement_id
        WHERE i.told_at IS NULL AND a.status IN ('scheduled', 'sending')
            AND (a.send_at IS NULL OR a.send_at <= :now) ORDER BY i.id LIMIT 1
        """,
        now=now,
    )
    return Improvement.maybe(row)


async def untold(tx: Transaction, improvement: int, limit: int) -> tuple[CaseId, ...]:
    """Linked cases whose people have not been told."""
    rows = await tx.all(
        """
        SELECT case_id FROM improvement_cases WHERE improvement_id = :improvement AND told_at IS NULL
        ORDER BY case_id LIMIT :limit
        """,
        improvement=improvement,
        limit=limit,
    )
    return tuple(CaseId(int(str(row["case_id"]))) for row in rows)


def note_told(tx: Transaction, improvement: int, case: CaseId, people: int, at: datetime) -> None:
    """Those behind a case were owed their notice; `people` had not been told of this improvement before."""
    tx.later(
        "UPDATE improvement_cases SET told_at = :at WHERE improvement_id = :improvement AND case_id = :id",
        improvement=improvement,
        id=case,
        at=at,
    )
    tx.later("UPDATE improvements SET told = told + :people WHERE id = :id", id=improvement, people=people)


def all_told(tx: Transaction, improvement: int, at: datetime) -> None:
    tx.later("UPDATE improvements SET told_at = :at WHERE id = :id", id=improvement, at=at)


async def is_told(tx: Transaction, announcement: AnnouncementId) -> bool:
    """Whether an announcement may go out as far as those are concerned who asked for what it announces."""
    sql = "SELECT 1 FROM improvements WHERE announcement_id = :id AND told_at IS NULL"
    return await tx.one(sql, id=announcement) is None


# ---------------------------------------------------------------------------- reports


class Figures(Record):
    """What was improved in a period because residents asked for it."""

    improvements: int
    cases: int
    people: int


_FIGURES = {
    dialect: f"""
        SELECT count(*) AS improvements, coalesce(sum(told), 0) AS people, coalesce(sum((
            SELECT count(*) FROM improvement_cases c WHERE c.improvement_id = improvements.id)), 0) AS cases
        FROM improvements
        WHERE {one_of(dialect, "office", "offices")} AND told_at >= :since AND told_at < :until
    """
    for dialect in Dialect
}


async def figures(tx: Transaction, offices: Collection[OfficeId], since: datetime, until: datetime) -> Figures:
    """Improvements of these offices that were made known in a period, the requests and the people behind them."""
    row = await tx.one(_FIGURES[tx.dialect], offices=tuple(offices), since=since, until=until)
    assert row is not None  # noqa: S101 - an aggregate has a row
    return Figures.of(row)
