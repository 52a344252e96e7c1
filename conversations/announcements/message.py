"""An announcement as each recipient sees it: in their language, with its files, its buttons and the way out.

Nothing in it is about the one person, so what is said once serves all of the same language and digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from conversations.announcements import session_words
from conversations.engine.messages import OutgoingFile
from conversations.engine.step import Button, Responder, Rows
from conversations.requests.notices import outgoing
from locales import N_, Localizer
from services.actors import announcement_subject
from services.announcements.faults import is_written_by_itself
from services.announcements.model import Announcement, AnnouncementId, Link
from services.announcements.model import Button as AnnouncementButton
from services.files import attachments
from storage.records.files import FileStatus

TAP, STOP = "news", "stop_news"  # doors
STOPPED, WANTED = "off", "on"

#: What buttons are called, in the order in which they are offered.
LABELS: Mapping[Link, str] = MappingProxyType(
    {
        "book": N_("📅 Book now"),
        "complain": N_("📢 Submit a complaint"),
        "suggest": N_("💡 Make a suggestion"),
        "office": N_("🏛 My municipality"),
    }
)
_LONGEST_LABEL = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """What a recipient sees."""

    text: Markup
    rows: Rows
    files: tuple[OutgoingFile, ...]


async def shown(responder: Responder, announcement: Announcement) -> Shown | None:
    """An announcement in the responder's language; None where there is nothing to say in any."""
    text = await words(responder, announcement)
    if text is None:
        return None
    if (heading := _sender(responder, announcement)) is not None:
        text = responder.t.join_lines(heading, "", text)
    files = [await attachments.by_id(responder.work, file) for file in announcement.files]
    stored = (file for file in files if file is not None and file.status is FileStatus.STORED)
    return Shown(text, rows(responder.t, announcement), tuple(outgoing(file) for file in stored))


async def say(responder: Responder, announcement: Announcement) -> None:
    """Say it as recipients get it. Says nothing where it is no longer true, as of a session that is over."""
    it = await shown(responder, announcement)
    if it is not None:
        responder.say(it.text, it.rows, files=it.files, subject=announcement_subject(announcement.id))


async def words(responder: Responder, announcement: Announcement) -> Markup | None:
    """Its text in the reader's language; in another one where theirs was left out on purpose."""
    if is_written_by_itself(announcement):
        return await session_words.words(responder, announcement)
    t = responder.t
    text = announcement.texts.get(t.language.value).strip()
    return t.join_lines(t.own(text)) if text else None


def _sender(responder: Responder, announcement: Announcement) -> Markup | None:
    """Whose it is, as many follow several offices; None where it is every office's, or its words name the office."""
    office = responder.work.offices.get(announcement.office)
    if office is None or is_written_by_itself(announcement):
        return None
    return responder.t("🏛 <b>{office}</b>", office=responder.t.pick(office.name))


# ---------------------------------------------------------------------------- buttons


def rows(t: Localizer, announcement: Announcement, *, stopped: bool = False) -> Rows:
    """The buttons under it, and under those the one that stops news, or has it again."""
    found = [
        [Button(label=label(t, button), route=TAP, value=f"{announcement.id}-{place}")]
        for place, button in enumerate(announcement.buttons)
    ]
    return [*found, [_stop(t, announcement.id, stopped=stopped)]]


def label(t: Localizer, button: AnnouncementButton) -> str:
    """What a button is called: as its author says, else by what it opens."""
    return (t.pick_plain(button.label) or t.plain(LABELS[button.link]))[:_LONGEST_LABEL]


def _stop(t: Localizer, announcement: AnnouncementId, *, stopped: bool) -> Button:
    words = t.plain("🔔 Get news again") if stopped else t.plain("🔕 Stop news")
    return Button(label=words, route=STOP, value=f"{announcement}-{WANTED if stopped else STOPPED}")
