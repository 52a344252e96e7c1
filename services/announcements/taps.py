"""What residents do with an announcement: tap its buttons, and say that they want no more news."""

from __future__ import annotations

from services.announcements.model import Announcement, Button, Status
from services.unit_of_work import Work
from storage import announcement_lists, outbox, recipients
from storage import announcements as rows
from storage.ids import AnnouncementId, ResidentId

#: Announcements of which somebody may hold a message.
_OUT = frozenset({Status.SENDING, Status.PAUSED, Status.SENT, Status.CORRECTING, Status.CANCELLED, Status.RECALLING})


async def tap(work: Work, resident: ResidentId, announcement: AnnouncementId, button: int) -> Button | None:
    """What a tapped button opens; None where there is no such button. Each is counted once for each who has it.

    Whoever only saw it, in a public channel say, is led on and counted as well; a made-up number leads nowhere.
    """
    found = await rows.by_id(work.tx, announcement)
    if found is None or found.status not in _OUT or not 0 <= button < len(found.buttons):
        return None
    if await _can_have_it(work, found, resident):
        await rows.tap(work.tx, announcement, resident, button, work.now)
    return found.buttons[button]


async def _can_have_it(work: Work, announcement: Announcement, resident: ResidentId) -> bool:
    return await recipients.has(work.tx, announcement.id, resident) or await recipients.is_posted(
        work.tx, announcement.id
    )


def count_opt_out(work: Work, resident: ResidentId, announcement: AnnouncementId, *, stopped: bool) -> None:
    """Count, for what an announcement brought, that somebody wanted no more news after it, or does again."""
    if stopped:
        announcement_lists.note_opt_out(work.tx, announcement, resident, work.now)
    else:
        announcement_lists.drop_opt_out(work.tx, announcement, resident)


def opt_out(work: Work, resident: ResidentId) -> None:
    """They want no more news: what is still on its way to them is not sent. Their own row is the caller's to change."""
    outbox.drop_broadcasts(work.tx, resident)
