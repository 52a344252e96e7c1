"""What keeps an announcement from being sent, all of it at once, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from services.actors import session_in
from services.announcements.audience import count
from services.announcements.model import Announcement, Button, Kind, Occasion
from services.bookings import sessions
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import files as file_rows
from storage import languages
from storage.records.files import FileRow, FileStatus
from storage.records.sessions import SessionStatus

LONGEST_TEXT = 4096  # what Telegram takes in a message, in UTF-16 units
LONGEST_CAPTION = 1024  # and under a photo or a document
MOST_PHOTOS = 10
MOST_BUTTONS = 6
LONGEST_LABEL = 64
_HEADING = 12  # of the heading above its text, beside the office's name: a sign, marks and line breaks


class What(StrEnum):
    LANGUAGE_MISSING = "language_missing"  # not written in it, nor left out on purpose
    TOO_LONG = "too_long"
    LINK_ELSEWHERE = "link_elsewhere"  # an address in the text that is none of the municipality's
    LINK_BROKEN = "link_broken"  # a button to an office that is not there, or that has no Customer Day
    BUTTON_INCOMPLETE = "button_incomplete"  # without a label in a language, or with too long a one
    TOO_MANY_BUTTONS = "too_many_buttons"
    FILES_DO_NOT_FIT = "files_do_not_fit"  # it takes photos, or one document
    FILE_NOT_READY = "file_not_ready"
    FILE_REFUSED = "file_refused"
    SESSION_FULL = "session_full"
    SESSION_OVER = "session_over"
    SESSION_CALLED_OFF = "session_called_off"
    SESSION_REOPENED = "session_reopened"  # it says that the day is called off, and it is open
    IN_THE_PAST = "in_the_past"
    AT_NIGHT = "at_night"  # outside 08:00–21:00, and no emergency
    EXPIRED = "expired"
    EXPIRES_BEFORE = "expires_before"  # before it is to be sent
    NOBODY = "nobody"  # in the audience
    PAID_NOT_ALLOWED = "paid_not_allowed"  # by the settings


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `language` where it is about the text in one; `length` of at most `limit`."""

    what: What
    language: str = ""
    length: int = 0
    limit: int = 0
    detail: str = ""  # the address, or the button's number


async def faults(work: Work, announcement: Announcement) -> tuple[Fault, ...]:
    """Everything that is wrong with it now; none where it may be sent. The audience is looked up."""
    found = list(_of_times(work, announcement))
    if (await count(work, announcement.audience)).total == 0:
        found.append(Fault(What.NOBODY))
    found += await of_content(work, announcement)
    return tuple(found)


async def of_content(work: Work, announcement: Announcement) -> list[Fault]:
    """What is wrong with what it says and shows, whoever it is for."""
    files = [await file_rows.by_id(work.tx, file) for file in announcement.files]
    in_use = await languages.codes(work.tx)
    found = list(_of_texts(work, announcement, in_use))
    found += _of_buttons(work, announcement, in_use)
    found += _of_files(files)
    found += await _of_session(work, announcement)
    if announcement.paid and not work.announcing.paid_broadcast:
        found.append(Fault(What.PAID_NOT_ALLOWED))
    return found


def _of_times(work: Work, announcement: Announcement) -> Iterator[Fault]:
    at = announcement.send_at or work.now
    if at < work.now:
        yield Fault(What.IN_THE_PAST)
    if not announcement.emergency and by_day(work, max(at, work.now)) != max(at, work.now):
        yield Fault(What.AT_NIGHT)
    if announcement.expires_at is not None:
        if announcement.expires_at <= work.now:
            yield Fault(What.EXPIRED)
        elif announcement.expires_at <= at:
            yield Fault(What.EXPIRES_BEFORE)


# ---------------------------------------------------------------------------- texts

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/|tg://)[^\s<>()\[\]]+", re.IGNORECASE)


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def shown_length(text: str) -> int:
    """Length of a text as it is sent: each line has up to three marks that keep it in its own direction."""
    return utf16(text) + 3 * (text.count("\n") + 1)


def limit_of(work: Work, announcement: Announcement, language: str) -> int:
    """How long its text in a language may be: a caption is shorter, and what names its office needs room."""
    limit = LONGEST_CAPTION if len(announcement.files) == 1 else LONGEST_TEXT
    office = work.offices.get(announcement.office)
    return limit if office is None else limit - utf16(office.name.get(language)) - _HEADING


def is_written_by_itself(announcement: Announcement) -> bool:
    """Whether the words are made from the session when it is sent."""
    return announcement.kind is Kind.SESSION and not announcement.texts and bool(announcement.subject)


def _of_texts(work: Work, announcement: Announcement, in_use: tuple[str, ...]) -> Iterator[Fault]:
    if is_written_by_itself(announcement):
        return
    for language in in_use:
        limit = limit_of(work, announcement, language)
        text = announcement.texts.root.get(language, "").strip()
        if not text:
            if language != announcement.language_left_out or not announcement.texts:
                yield Fault(What.LANGUAGE_MISSING, language)
            continue
        if (length := shown_length(text)) > limit:
            yield Fault(What.TOO_LONG, language, length, limit)
        for address in _ADDRESS.findall(text):
            if not _is_ours(work, address):
                yield Fault(What.LINK_ELSEWHERE, language, detail=address)


def _is_ours(work: Work, address: str) -> bool:
    sites = [work.offices.website]
    for office in work.offices.offices_by_id.values():
        sites += (office.contacts.website, office.contacts.instagram)
    hosts = {_host(site) for site in sites if site is not None}
    return _host(address) in hosts


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def _of_buttons(work: Work, announcement: Announcement, in_use: tuple[str, ...]) -> Iterator[Fault]:
    if len(announcement.buttons) > MOST_BUTTONS:
        yield Fault(What.TOO_MANY_BUTTONS, length=len(announcement.buttons), limit=MOST_BUTTONS)
    for place, button in enumerate(announcement.buttons, start=1):
        if not _opens(work, button):
            yield Fault(What.LINK_BROKEN, detail=str(place))
        for language in in_use if button.label else ():  # without any it is called by what it opens
            label = button.label.root.get(language, "").strip()
            if not label and language == announcement.language_left_out:
                continue
            if not label or utf16(label) > LONGEST_LABEL:
                yield Fault(What.BUTTON_INCOMPLETE, language, utf16(label), LONGEST_LABEL, str(place))


def _opens(work: Work, button: Button) -> bool:
    """Whether a button leads somewhere; without an office it leads each reader to their own."""
    office = work.offices.get(button.office)
    if office is None:
        return not button.office
    return not office.retired and (button.link != "book" or bool(office.customer_day))


# ---------------------------------------------------------------------------- files and sessions


def _of_files(files: list[FileRow | None]) -> Iterator[Fault]:
    kinds = [file.kind for file in files if file is not None]
    photos = all(kind == "photo" for kind in kinds)
    if kinds and not (photos and len(kinds) <= MOST_PHOTOS) and kinds not in (["document"], ["video"]):
        yield Fault(What.FILES_DO_NOT_FIT)
    for file in files:
        if file is None or file.status in {FileStatus.REFUSED, FileStatus.GONE}:
            yield Fault(What.FILE_REFUSED, detail="" if file is None else file.name)
        elif file.status is FileStatus.WANTED:
            yield Fault(What.FILE_NOT_READY, detail=file.name)


async def _of_session(work: Work, announcement: Announcement) -> list[Fault]:
    number = session_in(announcement.subject)
    if number is None or announcement.kind is not Kind.SESSION:
        return []
    session = await sessions.session(work, number)
    if session is None or session.closes_at <= work.now:
        return [Fault(What.SESSION_OVER)]
    if announcement.occasion is Occasion.CALLED_OFF:
        return [] if session.status is SessionStatus.CLOSED else [Fault(What.SESSION_REOPENED)]
    if session.status is SessionStatus.CLOSED:
        return [Fault(What.SESSION_CALLED_OFF)]
    if announcement.occasion is not Occasion.MOVED and not await sessions.free_slots(work, number):
        return [Fault(What.SESSION_FULL)]
    return []


def needs_consent(work: Work, announcement: Announcement, recipients: int) -> bool:
    """Whether a second person has to agree: to very many, or to an emergency at night."""
    at = max(announcement.send_at or work.now, work.now)
    at_night = by_day(work, at) != at
    return recipients > work.announcing.approval_above or (announcement.emergency and at_night)


def may_ring(work: Work, announcement: Announcement, at: datetime) -> bool:
    """Whether it may reach people at this hour: by day, and at night an emergency that two people agreed on."""
    return by_day(work, at) == at or (announcement.emergency and bool(announcement.approved_by))
