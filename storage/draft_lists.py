"""Announcements that the clock drafted: those that still stand, those that are stale, and where they are listed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from storage.announcements import Announcement
from storage.booking_states import SEATED, listed
from storage.database import Dialect, Transaction, one_of
from storage.ids import MessageId, OfficeId, ResidentId
from storage.records import Record

_GROUP = "drafts listed:"
# The condition is that of the index `announcements_prepared`, word for word.
_PREPARED = {
    dialect: f"""
        SELECT * FROM announcements WHERE status = 'draft' AND occasion <> '' AND {one_of(dialect, "office", "offices")}
        ORDER BY id DESC LIMIT :limit
    """
    for dialect in Dialect
}
# What it would say is no longer true, or a newer draft says it of the same session.
_STALE = f"""
    SELECT a.* FROM announcements a JOIN sessions s ON s.id = CAST(substr(a.subject, 9) AS BIGINT)
    WHERE a.status = 'draft' AND a.occasion <> '' AND (
        s.closes_at <= :now
        OR (a.occasion = 'called_off' AND (s.status <> 'closed' OR a.round <> s.closings))
        OR (a.occasion <> 'called_off' AND s.status = 'closed')
        OR (a.occasion = 'moved' AND a.round <> s.moved)
        OR (
            a.occasion = 'filling_slowly'
            AND 2 * (SELECT count(*) FROM bookings b WHERE b.session_id = s.id AND b.status IN {listed(SEATED)})
                >= (SELECT coalesce(sum(sl.capacity), 0) FROM slots sl WHERE sl.session_id = s.id)
        )
        OR EXISTS (
            SELECT 1 FROM announcements n WHERE n.subject = a.subject AND n.subject <> '' AND n.id > a.id
                AND n.occasion <> '' AND n.status <> 'cancelled'
        )
    )
    ORDER BY a.id LIMIT :limit
"""


class DraftList(Record):
    """The message of a day that lists what was drafted."""

    resident_id: ResidentId
    message: MessageId
    day: date


async def prepared(tx: Transaction, offices: Collection[OfficeId], limit: int) -> tuple[Announcement, ...]:
    """The drafts that nobody wrote and nobody has sent or discarded, the newest first."""
    rows = await tx.all(_PREPARED[tx.dialect], offices=tuple(offices), limit=limit)
    return tuple(Announcement.of(row) for row in rows)


async def stale(tx: Transaction, now: datetime, limit: int) -> tuple[Announcement, ...]:
    return tuple(Announcement.of(row) for row in await tx.all(_STALE, now=now, limit=limit))


async def of(tx: Transaction, resident: ResidentId) -> DraftList | None:
    sql = "SELECT * FROM draft_lists WHERE resident_id = :resident"
    return DraftList.maybe(await tx.one(sql, resident=resident))


def group(resident: ResidentId, day: date) -> str:
    """What the messages that list them supersede each other by."""
    return f"{_GROUP}{resident}:{day.isoformat()}"


def of_group(supersedes: str) -> tuple[ResidentId, date] | None:
    """Whose list a message is, and of which day; None where it is none."""
    resident, _, day = supersedes.removeprefix(_GROUP).partition(":")
    return (ResidentId(int(resident)), date.fromisoformat(day)) if supersedes.startswith(_GROUP) else None


def shown(tx: Transaction, resident: ResidentId, day: date, message: MessageId) -> None:
    """Which message it is."""
    tx.later(
        """
        INSERT INTO draft_lists (resident_id, message, day) VALUES (:resident, :message, :day)
        ON CONFLICT (resident_id) DO UPDATE SET message = excluded.message, day = excluded.day
        """,
        resident=resident,
        message=message,
        day=day,
    )
