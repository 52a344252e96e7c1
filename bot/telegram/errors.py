"""Telegram's errors as the outcomes every channel has."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channel import Barred, Failed, Migrated, Outcome, Refused, SlowDown, Unreachable
from bot.telegram import ids

# What Telegram says after "Bad Request: ", in lower case. It documents none of it; these are from the
# source of its server (tdlib/telegram-bot-api) and from what it answers.
NOT_MODIFIED: Final = "message is not modified"
NO_TEXT: Final = "there is no text in the message to edit"
NOTHING_TO_EDIT: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no caption in the message to edit",
)
NO_MEDIA: Final = "there is no media in the message to edit"  # a voice note, a place
MAY_NOT_DELETE: Final = "message can't be deleted"  # older than 48 hours, or another's where the bot may not
NOTHING_TO_DELETE: Final = ("message to delete not found", MAY_NOT_DELETE, "message_id_invalid")
NOTHING_TO_REACT_TO: Final = ("message to react not found", "reaction_invalid", "reactions_disabled")
NO_TOPIC: Final = ("message thread not found", "topic_deleted", "topic_closed")
TAP_TOO_OLD: Final = ("query is too old", "query_id_invalid")
FILE_TOO_BIG: Final = "file is too big"
FILE_GONE: Final = ("invalid file_id", "wrong file", "wrong remote file", "file not found", "file reference")
TEMPORARILY: Final = "temporarily unavailable"
_NOBODY_THERE: Final = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
    "bot was kicked",
    "bot is not a member",
    "not enough rights to send text",  # photos alone may be forbidden: then words still arrive
    "have no rights to send",
    "have no write access",
    "chat_send_plain_forbidden",
    "chat_restricted",
    "chat_write_forbidden",
    "need administrator rights",
)
VOICE_FORBIDDEN: Final = "voice_messages_forbidden"  # a resident's own choice
_NOT_ALLOWED: Final = ("not enough rights to send", "chat_send_", "topic_closed", VOICE_FORBIDDEN)
_TOO_MANY_WITHOUT_A_WAIT: Final = 5.0  # seconds
LONGEST_WAIT: Final = 60.0  # seconds, for calls without which the bot hears nothing


def says(error: TelegramError, *phrases: str) -> bool:
    """Whether Telegram's words contain one of `phrases`."""
    return says_so(error.message, *phrases)


def says_so(words: str, *phrases: str) -> bool:
    """The same of words that an outcome has kept."""
    return any(phrase in words.lower() for phrase in phrases)


def wait(error: RetryAfter) -> float:
    """How many seconds Telegram asks us to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def wait_to_hear(error: BaseException, otherwise: float, longest: float = LONGEST_WAIT) -> float:
    """How many seconds to leave a call alone without which nothing arrives.

    Telegram may ask for hours, and take the call again long before. Nobody else would notice, so it is tried once a
    minute, which is no burden to anybody.
    """
    return min(wait(error), longest) if isinstance(error, RetryAfter) else otherwise


def outcome(error: TelegramError, text: str) -> Outcome:
    """What became of a call that failed; `text` is the error in words without the token."""
    match error:
        case RetryAfter():
            return SlowDown(wait(error))
        case ChatMigrated():
            return Migrated(ids.chat_id(error.new_chat_id))
        case Forbidden():
            return Unreachable(text)
        case BadRequest():
            if says(error, *_NOBODY_THERE):
                return Unreachable(text)
            return Barred(text) if says(error, *_NOT_ALLOWED) else Refused(text)
    return _trouble(error, text)


def _trouble(error: TelegramError, text: str) -> Outcome:
    if isinstance(error, InvalidToken):
        return Failed(f"Telegram refuses the bot's token, or the API's address is wrong: {text}")
    if isinstance(error, Conflict):
        return Failed(f"Another process uses the bot's token: {text}")
    if says(error, "too many requests"):
        return SlowDown(_TOO_MANY_WITHOUT_A_WAIT)
    if says(error, "request entity too large"):
        return Refused(text)
    return Failed(text)
