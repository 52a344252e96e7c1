"""Telegram's numbers as the ids that the rest of the bot knows, and back. Nowhere else is one made of the other."""

from __future__ import annotations

import re
from typing import Final

from storage.ids import ChatId, ForumTopicId, MessageId, UpdateId

NO_CHAT: Final = ChatId("")

_CHAT: Final = re.compile(r"-?[1-9][0-9]{0,18}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")
_TO_ONE: Final = re.compile(r"one:([1-9][0-9]{0,18}):([1-9][0-9]{0,18})")
_USERNAME: Final = re.compile(r"@[A-Za-z0-9_]+")


class NotTelegrams(ValueError):
    """An id that Telegram cannot have given: another channel's, or a defect of ours."""


def update_id(number: int) -> UpdateId:
    return UpdateId(str(number))


def chat_id(number: int) -> ChatId:
    return ChatId(str(number))


def message_id(number: int) -> MessageId:
    return MessageId(str(number))


def to_one(person: int, number: int) -> MessageId:
    """The id of an ephemeral message, which Telegram numbers for each person of a chat."""
    return MessageId(f"one:{person}:{number}")


def sent_to_one(message: MessageId) -> tuple[int, int] | None:
    """To whom an ephemeral message was sent, and its number; None for one that everybody in its chat sees."""
    found = _TO_ONE.fullmatch(message)
    return (int(found[1]), int(found[2])) if found else None


def topic_id(number: int) -> ForumTopicId:
    return ForumTopicId(str(number))


def parse_update_id(text: str) -> UpdateId:
    """The id of an update as an operator types it. Raises NotTelegrams."""
    if not (text.isascii() and text.isdecimal()) or int(text) >= 1 << 63:
        raise NotTelegrams(f"{text!r} is no update of Telegram")
    return update_id(int(text))


def chat_number(chat: ChatId) -> int | str:
    """What a call names a chat by: its number, or the @username of one that is public. Raises NotTelegrams."""
    if _CHAT.fullmatch(chat):
        return int(chat)
    if _USERNAME.fullmatch(chat):
        return str(chat)
    raise NotTelegrams(f"{chat!r} is no chat of Telegram")


def person_number(address: str) -> int:
    """Raises NotTelegrams."""
    return _number(address, "person")


def message_number(message: MessageId) -> int:
    """Raises NotTelegrams."""
    return _number(message, "message")


def topic_number(topic: ForumTopicId) -> int:
    """Raises NotTelegrams."""
    return _number(topic, "topic")


def _number(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotTelegrams(f"{text!r} is no {what} of Telegram")
    return int(text)


def is_group(chat: ChatId) -> bool:
    """A group's number is negative."""
    return chat.startswith("-")
