"""Who an announcement goes to, one row for each, and what became of it. Gone through by the residents' ids."""

from __future__ import annotations

from datetime import timedelta

from storage.database import Transaction
from storage.ids import AnnouncementId, ResidentId

#: How long what is held waits at most: until somebody resumes it.
HELD = timedelta(days=365)
_GROUP = "announcement:"


def group(announcement: AnnouncementId) -> str:
    """What groups the messages that are owed of an announcement: they are held and dropped together."""
    return f"{_GROUP}{announcement}"


async def has(tx: Transaction, announcement: AnnouncementId, resident: ResidentId) -> bool:
    """Whether somebody was sent it."""
    row = await tx.one(
        """
        SELECT 1 FROM announcement_recipients
        WHERE announcement_id = :announcement AND resident_id = :resident AND state <> 'waiting'
        """,
        announcement=announcement,
        resident=resident,
    )
    return row is not None


async def is_posted(tx: Transaction, announcement: AnnouncementId) -> bool:
    """Whether it stands in a public channel."""
    sql = "SELECT 1 FROM announcement_posts WHERE announcement_id = :announcement LIMIT 1"
    return await tx.one(sql, announcement=announcement) is not None
