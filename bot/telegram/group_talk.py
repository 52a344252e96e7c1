"""What a group's members say to each other. Telegram passes all of it to a bot that administers the group.

None of it is kept, also not of an update that could not be handled: then only who and where it was stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.telegram import json_text

_Object = Mapping[str, Any]
_ENVELOPE: Final = ("message_id", "date", "edit_date", "message_thread_id", "is_topic_message")
_SERVICE: Final = ("migrate_to_chat_id", "migrate_from_chat_id", "left_chat_member")
_NAMED: Final = ("id", "type", "is_bot")


def without_talk(raw: bytes, username: str) -> bytes:
    """An update without what it says, where that is talk of a group that is not meant for the bot. Never raises."""
    try:
        update: Any = json_text.loads(raw)
    except ValueError:
        return raw
    if not isinstance(update, dict):
        return raw
    kept = {name: _kept(name, value, username) for name, value in update.items()}
    return raw if kept == update else json_text.dumps(kept)


def _kept(name: str, event: Any, username: str) -> Any:
    if name not in ("message", "edited_message") or not isinstance(event, dict):
        return event
    chat = _object(event.get("chat"))
    if chat.get("type") == "private" or _is_meant_for_us(event, username):
        return event
    kept = {key: event[key] for key in (*_ENVELOPE, *_SERVICE) if key in event}
    return kept | {key: _named(_object(event.get(key))) for key in ("chat", "from", "sender_chat") if key in event}


def _is_meant_for_us(message: _Object, username: str) -> bool:
    """A command, a mention, a reply to the bot: what a bot in privacy mode gets as well."""
    said = message.get("text") or message.get("caption") or ""
    if isinstance(said, str) and (said.startswith("/") or f"@{username}".lower() in said.lower()):
        return True
    answered = _object(_object(message.get("reply_to_message")).get("from"))
    return answered.get("is_bot") is True and str(answered.get("username", "")).lower() == username.lower()


def _named(whom: _Object) -> dict[str, Any]:
    return {key: whom[key] for key in _NAMED if key in whom}


def _object(value: object) -> _Object:
    return value if isinstance(value, dict) else {}
