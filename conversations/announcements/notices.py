"""What administrators are told of announcements in their own chats, and where a tap leads from there."""

from __future__ import annotations

from markupsafe import Markup

from conversations.announcements.message import words
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, NotYet, Responder
from locales import N_, Localizer
from services.actors import announcement_subject
from services.announcements import reading
from services.announcements.model import Announcement, AnnouncementId, Status
from services.announcements.writing import may_read
from services.notify.notices import AnnouncementDrafted, AnnouncementProgress, AnnouncementToApprove
from services.staff.permissions import Person
from storage.records import Resident

OPEN = "announcement"  # a door, whose argument is the announcement's number

_STATES = {
    Status.DRAFT: N_("Draft"),
    Status.AWAITING_APPROVAL: N_("Waiting for approval"),
    Status.SCHEDULED: N_("Scheduled"),
    Status.SENDING: N_("Being sent"),
    Status.PAUSED: N_("Paused"),
    Status.SENT: N_("Sent"),
    Status.CORRECTING: N_("Being corrected"),
    Status.RECALLING: N_("Being deleted"),
    Status.CANCELLED: N_("Cancelled"),
    Status.RECALLED: N_("Deleted"),
}


def open_button(t: Localizer, announcement: Announcement) -> Button:
    return Button(label=t.plain("Open announcement"), route=OPEN, value=str(announcement.id))


async def drafted(responder: Responder, notice: AnnouncementDrafted, resident: Resident) -> None:
    """There is a draft that nobody wrote: what it says, and the way to it."""
    found = await _for(responder, resident, notice.announcement)
    text = None if found is None else await words(responder, found)
    if found is None or text is None or found.status is not Status.DRAFT:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("📝 We have prepared an announcement. It is not sent until you send it."),
            "",
            text,
        ),
        ((open_button(t, found),),),
        subject=announcement_subject(found.id),
    )


async def to_approve(responder: Responder, notice: AnnouncementToApprove, resident: Resident) -> None:
    """A second person is needed, while it still waits for one."""
    found = await _for(responder, resident, notice.announcement)
    if found is None or found.status is not Status.AWAITING_APPROVAL or found.version != notice.version:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("✋ An announcement is waiting for your approval."),
            "",
            await words(responder, found) or Markup(),
        ),
        ((open_button(t, found),),),
        subject=announcement_subject(found.id),
    )


async def progress(responder: Responder, notice: AnnouncementProgress, resident: Resident) -> None:
    """How far it is: in one message, which is edited."""
    found = await reading.progress(responder.work, notice.announcement)
    if found is None or await _for(responder, resident, notice.announcement) is None:
        return
    one = found.announcement
    if one.progress_message is None and await reading.is_progress_under_way(responder.work, one.id):
        raise NotYet
    responder.say(
        progress_words(responder.t, found),
        ((open_button(responder.t, one),),),
        edit=one.progress_message,
        subject=announcement_subject(one.id),
        supersedes=reading.progress_group(one.id),
        silent=True,
    )


async def _for(responder: Responder, resident: Resident, number: AnnouncementId) -> Announcement | None:
    """The announcement, where whoever is told still has the right to it."""
    found = await reading.by_id(responder.work, number)
    person = Person(resident.channel, resident.address)
    return found if found is not None and await may_read(responder.work, person, found) else None


def progress_words(t: Localizer, found: reading.Progress) -> Markup:
    """The state, and the counts that are not nothing."""
    one = found.announcement
    counts = (
        (N_("Sent: {n}"), one.sent),
        (N_("Could not be reached: {n}"), one.unreachable + one.failed),
        (N_("Left out, because they want no news or it was too late: {n}"), one.skipped),
        (N_("Corrected: {n}"), one.corrected),
        (N_("Deleted: {n}"), one.recalled),
        (N_("Too old to delete: {n}"), one.kept),
        (N_("Joined after sending began, and not told: {n}"), one.came_later),
    )
    return t.join_lines(
        t("📣 <b>Announcement: {state}</b>", state=t(_STATES[one.status])),
        t("Recipients so far: {n}", n=one.total) if one.still_counting else t("Recipients: {n}", n=one.total),
        *(t(words, n=n) for words, n in counts if n),
    )


RENDERINGS = (
    Rendering(AnnouncementDrafted, drafted),
    Rendering(AnnouncementToApprove, to_approve),
    Rendering(AnnouncementProgress, progress),
)
