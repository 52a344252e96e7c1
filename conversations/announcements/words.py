"""How an announcement reads in a list and on its card."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Responder, Turn
from conversations.staff.office_scope import office_label, office_title
from locales import N_, Language, Localizer
from locales.bidi import shorten
from services.actors import session_in
from services.announcements.faults import shown_length
from services.announcements.model import Announcement, Kind, Occasion, Status
from services.bookings import sessions
from services.staff.permissions import EVERY_OFFICE

TITLE = 40  # characters of an announcement that a list shows

STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.DRAFT: N_("Draft"),
        Status.AWAITING_APPROVAL: N_("Waiting for a second administrator"),
        Status.SCHEDULED: N_("Scheduled"),
        Status.SENDING: N_("Being sent"),
        Status.PAUSED: N_("Paused"),
        Status.SENT: N_("Sent"),
        Status.CORRECTING: N_("Sent, being corrected"),
        Status.RECALLING: N_("Being recalled"),
        Status.CANCELLED: N_("Cancelled"),
        Status.RECALLED: N_("Recalled"),
    }
)
KINDS: Mapping[Kind, str] = MappingProxyType(
    {Kind.NEWS: N_("Announcement"), Kind.SESSION: N_("Customer Day session"), Kind.IMPROVEMENT: N_("You said, we did")}
)
_CORRECTIONS: Mapping[Occasion, str] = MappingProxyType(
    {Occasion.CALLED_OFF: N_("Customer Day cancelled"), Occasion.MOVED: N_("Customer Day changed")}
)
MARKS: Mapping[Status, str] = MappingProxyType(
    {
        Status.DRAFT: "📝",
        Status.AWAITING_APPROVAL: "⏳",
        Status.SCHEDULED: "🕘",
        Status.SENDING: "📤",
        Status.PAUSED: "⏸",
        Status.CORRECTING: "✏️",
        Status.RECALLING: "🗑",
        Status.CANCELLED: "✖️",
        Status.RECALLED: "🗑",
        Status.SENT: "✅",
    }
)
#: Of one that only its author and a few colleagues get.
TEST_MARK = "🧪"
#: In the order in which an author is asked for them.
LANGUAGES = tuple(Language)

_TEXT_IN: Mapping[Language, str] = MappingProxyType({Language.AR: N_("Arabic text"), Language.EN: N_("English text")})
_LEAVE_OUT: Mapping[Language, str] = MappingProxyType(
    {Language.AR: N_("Leave out the Arabic text"), Language.EN: N_("Leave out the English text")}
)


def text_in(t: Localizer, language: Language) -> str:
    """What the text in a language is called, on a button."""
    return t.plain(_TEXT_IN[language])


def text_title(t: Localizer, language: Language) -> Markup:
    return t(_TEXT_IN[language])


def leave_out(t: Localizer, language: Language) -> str:
    return t.plain(_LEAVE_OUT[language])


async def title(turn: Responder, found: Announcement) -> str:
    """An announcement in a line: how its text begins, or the session that it is about."""
    t = turn.t
    text = " ".join(found.texts.get(t.language.value).split()) if found.texts else ""
    if text:
        return shorten(text, TITLE)
    number = session_in(found.subject)
    session = None if number is None else await sessions.session(turn.work, number)
    if session is None:
        office = office_label(t, turn.work.offices, found.office)
        return shorten(t.plain("{kind}, {office}", kind=t.plain(KINDS[found.kind]), office=office), TITLE)
    office = office_label(t, turn.work.offices, session.office)
    day = t.day(session.day)
    match found.occasion:
        case Occasion.CALLED_OFF:
            return shorten(t.plain("Cancelled: {office}, {day}", office=office, day=day), TITLE)
        case Occasion.MOVED:
            return shorten(t.plain("Changed: {office}, {day}", office=office, day=day), TITLE)
        case _:
            return shorten(t.plain("{office}, {day}", office=office, day=day), TITLE)


def mark_of(found: Announcement) -> str:
    """The sign by which a list is scanned."""
    return TEST_MARK if found.audience.test else MARKS[found.status]


def heading(turn: Turn, found: Announcement) -> Markup:
    """The first line of each screen about an announcement."""
    t = turn.t
    office = office_title(t, turn.work.offices, found.office or EVERY_OFFICE)
    return t("📣 <b>{kind}</b> · {office}", kind=t(_CORRECTIONS.get(found.occasion, KINDS[found.kind])), office=office)


def length_line(t: Localizer, text: str, limit: int) -> Markup:
    """How long a text is as Telegram counts it, and how much is left or too much."""
    length = shown_length(text)
    if length > limit:
        return t(
            "⚠️ {n} of {limit} characters. Shorten it by {over}.",
            n=length,
            limit=limit,
            over=length - limit,
        )
    return t("{n} of {limit} characters, {left} left", n=length, limit=limit, left=limit - length)
