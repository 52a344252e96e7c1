"""Announcements as their authors look through them, and who wanted no more news after one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.announcements import Announcement, Status
from storage.database import Dialect, Transaction, one_of
from storage.ids import AnnouncementId, OfficeId, ResidentId, Subject

_PAGE = {
    dialect: f"""
        SELECT * FROM announcements
        WHERE {one_of(dialect, "office", "offices")} AND {one_of(dialect, "status", "statuses")}
            AND (status <> 'cancelled' OR started_at IS NOT NULL)
        ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset
    """
    for dialect in Dialect
}


#: What people have, or are getting.
_TOLD = frozenset({Status.SENDING, Status.PAUSED, Status.SENT, Status.CORRECTING})


async def page(
    tx: Transaction, offices: Collection[OfficeId], statuses: Collection[Status], limit: int, offset: int = 0
) -> tuple[Announcement, ...]:
    """Offices' announcements in some statuses, without drafts that were discarded; the newest first."""
    rows = await tx.all(_PAGE[tx.dialect], offices=tuple(offices), statuses=tuple(statuses), limit=limit, offset=offset)
    return tuple(Announcement.of(row) for row in rows)


async def draft_about(tx: Transaction, subject: Subject) -> Announcement | None:
    """The newest draft about something; None where there is none."""
    sql = "SELECT * FROM announcements WHERE subject = :subject AND status = 'draft' ORDER BY id DESC LIMIT 1"
    return Announcement.maybe(await tx.one(sql, subject=subject))


async def sent_about(tx: Transaction, subject: Subject) -> Announcement | None:
    """The newest announcement about something that people have; None where nobody was told of it."""
    sql = "SELECT * FROM announcements WHERE subject = :subject ORDER BY id DESC LIMIT 20"
    found = [Announcement.of(row) for row in await tx.all(sql, subject=subject)]
    return next((one for one in found if one.status in _TOLD and not one.audience.test), None)


def note_opt_out(tx: Transaction, announcement: AnnouncementId, resident: ResidentId, at: datetime) -> None:
    """Somebody wanted no more news after it."""
    tx.later(
        """
        INSERT INTO announcement_opt_outs (announcement_id, resident_id, at)
        SELECT id, :resident, :at FROM announcements WHERE id = :announcement ON CONFLICT DO NOTHING
        """,
        announcement=announcement,
        resident=resident,
        at=at,
    )


def drop_opt_out(tx: Transaction, announcement: AnnouncementId, resident: ResidentId) -> None:
    """They want news again."""
    sql = "DELETE FROM announcement_opt_outs WHERE announcement_id = :announcement AND resident_id = :resident"
    tx.later(sql, announcement=announcement, resident=resident)
