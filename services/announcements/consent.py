"""How its author hears that a second person agreed to an announcement, or did not."""

from __future__ import annotations

from services.actors import announcement_subject
from services.announcements.colleagues import resident_of
from services.announcements.model import Announcement
from services.notify.enqueue import notify_resident
from services.notify.notices.announcements import ConsentAnswered
from services.staff.permissions import Person
from services.unit_of_work import Work

LONGEST_REASON = 500  # characters of why it was refused


async def answer(work: Work, person: Person, announcement: Announcement, *, approved: bool, why: str = "") -> None:
    """Tell its author, who may do what is left to do."""
    author = await resident_of(work, announcement.author)
    if author is None:
        return
    await notify_resident(
        work,
        author.id,
        ConsentAnswered(announcement=announcement.id, approved=approved, by=person.name, why=why[:LONGEST_REASON]),
        key=f"announcement answered:{announcement.id}:{announcement.version}",
        subject=announcement_subject(announcement.id),
    )
