"""What a Telegram message means beyond its plain text, put into the text: addresses behind words, polls, lists.

It is written with signs that need no language, because residents and staff read it in different ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from telegram import (
    Checklist,
    Contact,
    ExternalReplyInfo,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Poll,
    Venue,
)

from services.text.normalise import visible_name

_BAHRAIN: Final = ZoneInfo("Asia/Bahrain")
_LATEST: Final = 253402300799  # the last second of the year 9999
_QUOTATIONS: Final = frozenset({MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE})
_ADDRESSES: Final = ("http://", "https://", "tg://", "mailto:", "tel:", "ftp://")


# ---------------------------------------------------------------------------- what stands behind the words


def spelled_out(text: str, entities: Sequence[MessageEntity]) -> str:
    """The text with what its entities say beside their letters.

    The address of a link and who is mentioned come in brackets, and so does the time that a date stands for. What is
    crossed out stands between two tildes, and a quotation's lines begin with an angle.
    """
    if not entities:
        return text
    units = text.encode("utf-16-le", "surrogatepass")  # Telegram counts in UTF-16
    put_in = [one for entity in entities for one in _put_in(entity, units)]
    # From the end, so that places further on stay what they are; at the same place what ends comes before what begins.
    for at, _, said in sorted(put_in, key=lambda one: one[:2], reverse=True):
        units = units[: at * 2] + said.encode("utf-16-le", "surrogatepass") + units[at * 2 :]
    return units.decode("utf-16-le", "surrogatepass")


def _put_in(entity: MessageEntity, units: bytes) -> list[tuple[int, int, str]]:
    """What is put into a text for an entity: where, whether it begins something there, and what."""
    start, end = entity.offset, entity.offset + entity.length
    if not 0 <= start < end <= len(units) // 2:
        return []
    inside = units[start * 2 : end * 2].decode("utf-16-le", "surrogatepass")
    if entity.type in _QUOTATIONS:
        breaks = [at for at in range(start, end) if units[at * 2 : at * 2 + 2] == b"\n\0"]
        return [(at, 1, "> ") for at in (start, *(at + 1 for at in breaks if at + 1 < end))]
    end -= len(inside) - len(inside.rstrip())  # an app may have marked the space after a word too
    if end <= start:
        return []
    if entity.type == MessageEntity.STRIKETHROUGH:
        return [(start, 1, "~"), (end, 0, "~")]
    beside = _beside(entity, inside)
    return [(end, 0, f" ({beside})")] if beside else []


def _beside(entity: MessageEntity, inside: str) -> str:
    if entity.type == MessageEntity.TEXT_LINK:
        return _unless_shown(entity.url or "", inside)
    if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None:
        return _unless_shown(visible_name(entity.user.full_name), inside)
    if entity.type == MessageEntity.DATE_TIME:
        return _unless_shown(_moment(entity.unix_time), inside)
    return ""


def _unless_shown(meant: str, inside: str) -> str:
    """Nothing where the words say it themselves, as where somebody links an address to itself."""
    bare = next((meant.removeprefix(begin) for begin in _ADDRESSES if meant.startswith(begin)), meant)
    return "" if bare.rstrip("/").casefold() in inside.casefold() else meant


def _moment(seconds: object) -> str:
    if isinstance(seconds, datetime):
        return f"{seconds.astimezone(_BAHRAIN):%Y-%m-%d %H:%M}"
    if type(seconds) is int and 0 <= seconds <= _LATEST:
        return f"{datetime.fromtimestamp(seconds, _BAHRAIN):%Y-%m-%d %H:%M}"
    return ""


def text_of(message: Message) -> str:
    """The text or the caption, spelled out."""
    if message.text is not None:
        return spelled_out(message.text, message.entities)
    return spelled_out(message.caption or "", message.caption_entities)


# ---------------------------------------------------------------------------- what is no text


def poll(asked: Poll) -> str:
    """Its question and what can be chosen."""
    options = (spelled_out(one.text, one.text_entities) for one in asked.options)
    question = spelled_out(asked.question, asked.question_entities)
    return "\n".join((f"📊 {question}", *(f"• {one}" for one in options)))


def checklist(listed: Checklist) -> str:
    """Its title and its tasks, with those that are done."""
    tasks = (
        f"{'✅' if one.completion_date is not None else '⬜'} {spelled_out(one.text, one.text_entities)}"
        for one in listed.tasks
    )
    return "\n".join((f"📋 {spelled_out(listed.title, listed.title_entities)}", *tasks))


def venue(place: Venue) -> str:
    return "\n".join(line for line in (place.title, place.address) if line)


def name_of(contact: Contact) -> str:
    return visible_name(f"{contact.first_name} {contact.last_name or ''}")


# ---------------------------------------------------------------------------- whose words they are


def origin(found: MessageOrigin | None) -> str:
    """Who first said what is forwarded; "" where nothing is, or nobody is named."""
    if isinstance(found, MessageOriginUser):
        return visible_name(found.sender_user.full_name)
    if isinstance(found, MessageOriginHiddenUser):
        return visible_name(found.sender_user_name)
    if isinstance(found, MessageOriginChat):
        return visible_name(found.sender_chat.title or "")
    if isinstance(found, MessageOriginChannel):
        return visible_name(found.chat.title or "")
    return ""


def quoted(message: Message) -> str:
    """What the message answers, where it says so itself: the part somebody marked, or a message of another chat."""
    part = message.quote
    elsewhere = message.external_reply
    words = "" if part is None else spelled_out(part.text, part.entities or ())
    if elsewhere is None:
        return words
    whose = origin(elsewhere.origin)
    held = words or _held_elsewhere(elsewhere)
    return f"{whose}: {held}" if whose and held else held or whose


def _held_elsewhere(elsewhere: ExternalReplyInfo) -> str:
    if elsewhere.poll is not None:
        return poll(elsewhere.poll)
    if elsewhere.checklist is not None:
        return checklist(elsewhere.checklist)
    if elsewhere.venue is not None:
        return venue(elsewhere.venue)
    if elsewhere.contact is not None:
        return f"{name_of(elsewhere.contact)} {elsewhere.contact.phone_number}".strip()
    return ""
