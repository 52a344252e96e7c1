"""Who is told, in their own chat, that there is something to do about an announcement, or how far one is."""

from __future__ import annotations

from datetime import timedelta

from services.actors import NO_SUBJECT, announcement_subject, staff_address
from services.announcements.model import Announcement
from services.notify import members
from services.notify.notices import Notice
from services.notify.notices.announcements import AnnouncementDrafted, AnnouncementProgress, AnnouncementToApprove
from services.staff import permissions
from services.staff.permissions import MAY, TELEGRAM, Act
from services.unit_of_work import Work
from storage import announcements as rows
from storage.ids import OfficeId

#: For so long drafts are gathered before they are listed.
_GATHERED = timedelta(minutes=10)


async def tell_second_persons(work: Work, announcement: Announcement) -> None:
    """Somebody's consent is needed: all hear of it who may give it."""
    notice = AnnouncementToApprove(announcement=announcement.id, version=announcement.version)
    for address in await _who_may(work, Act.APPROVE, announcement.office):
        if address != staff_address(announcement.author):
            key = f"announcement to approve:{announcement.id}:{announcement.version}:{address}"
            await _tell(work, address, announcement, notice, key=key)


async def tell_drafted(work: Work, announcement: Announcement) -> None:
    """There is a draft of it that nobody wrote, or no longer: each has one list of them, which is told when all is in.

    What happens to one session seldom happens alone: a holiday closes those of every office.
    """
    notice = AnnouncementDrafted(announcement=announcement.id)
    for address in await _who_may(work, Act.ANNOUNCE, announcement.office):
        group, at = f"announcements drafted:{address}", work.now + _GATHERED
        await members.tell(work, address, notice, key=None, supersedes=group, subject=NO_SUBJECT, not_before=at)


async def tell_progress(work: Work, announcement: Announcement) -> None:
    """How far it is, to its author: what was not shown yet gives way."""
    address = staff_address(announcement.author)
    notice = AnnouncementProgress(announcement=announcement.id)
    if address:
        await _tell(work, address, announcement, notice, supersedes=rows.progress_group(announcement.id))


async def _who_may(work: Work, act: Act, office: OfficeId) -> list[str]:
    staff = await permissions.staff_of(work, office)
    found = {member.address for member in staff if member.channel == TELEGRAM and act in MAY[member.role]}
    return sorted(found | work.admins)


async def _tell(
    work: Work,
    address: str,
    announcement: Announcement,
    notice: Notice,
    *,
    key: str | None = None,
    supersedes: str | None = None,
) -> None:
    """Owe somebody of the staff a notice, where they ever wrote to the bot."""
    about = announcement_subject(announcement.id)
    await members.tell(work, address, notice, key=key, supersedes=supersedes, subject=about)
