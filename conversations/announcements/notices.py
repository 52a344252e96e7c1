"""What administrators are told of announcements in their own chats, and where a tap leads from there."""

from __future__ import annotations

from markupsafe import Markup

from conversations.announcements.actions import action_rows
from conversations.announcements.message import words
from conversations.announcements.progress_words import progress_lines
from conversations.announcements.words import title
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, NotYet, Responder
from locales import Localizer
from locales.bidi import shorten
from services.actors import announcement_subject
from services.announcements import reading, writing
from services.announcements.model import Announcement, AnnouncementId, Status
from services.announcements.writing import may_read
from services.notify.notices.announcements import AnnouncementDrafted, AnnouncementProgress, AnnouncementToApprove
from services.staff.permissions import Person
from storage.records.residents import Resident

_LISTED, _LABEL = 12, 60  # drafts in the list, and characters of a button
OPEN = "announcement"  # a door, whose argument is the announcement's number


def open_button(t: Localizer, announcement: Announcement) -> Button:
    return Button(label=t.plain("Open announcement"), route=OPEN, value=str(announcement.id))


async def drafted(responder: Responder, _notice: AnnouncementDrafted, resident: Resident) -> None:
    """What was drafted and nobody has sent, in one message a day: how each begins, and the way to it."""
    work, t = responder.work, responder.t
    message = await reading.todays_list(work, resident.id)
    if message is None and await reading.is_list_under_way(work, resident.id):
        raise NotYet
    offices = await writing.offices_of(work, Person(resident.channel, resident.address))
    found = await reading.prepared(work, offices, _LISTED + 1)
    if not found and message is None:
        return
    shown = found[:_LISTED]
    rows: list[tuple[Button, ...]] = [
        (Button(label=shorten(await title(responder, one), _LABEL), route=OPEN, value=str(one.id)),) for one in shown
    ]
    if len(found) > _LISTED:
        rows.append((Button(label=t.plain("All drafts"), route="announce", value="drafts"),))
    head = t("📝 <b>We have prepared announcements. None is sent until you send it.</b>")
    none = t("None of the announcements that we prepared today is waiting for you any more.")
    responder.say(
        t.join_lines(head, t("What no longer holds is withdrawn by itself.")) if found else none,
        rows,
        edit=message,
        supersedes=reading.list_group(work, resident.id),
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
    t = responder.t
    responder.say(
        t.join_lines(t("📣 <b>{title}</b>", title=t.own(await title(responder, one))), *progress_lines(t, found)),
        [*action_rows(t, one), [open_button(t, one)]],
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


RENDERINGS = (
    Rendering(AnnouncementDrafted, drafted),
    Rendering(AnnouncementToApprove, to_approve),
    Rendering(AnnouncementProgress, progress),
)
