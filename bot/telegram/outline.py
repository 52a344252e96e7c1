"""What can be told of an update without what it says: for those that could not be handled, which may be unreadable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

_EVENTS: Final = {
    "message": "",
    "edited_message": "edited ",
    "callback_query": "tap",
    "my_chat_member": "blocked, unblocked, joined or left",
    "chat_member": "somebody joined or left",
    "message_reaction": "reaction",
}
_CONTENTS: Final = (
    "text",
    "photo",
    "voice",
    "audio",
    "video_note",
    "animation",
    "video",
    "document",
    "location",
    "contact",
    "sticker",
    "migrate_to_chat_id",
    "left_chat_member",
)

_Object = Mapping[str, object]
_NOTHING: _Object = {}


@dataclass(frozen=True, slots=True)
class Outline:
    """Of which kind an update is, where it happened and who did it; "" for what it does not say."""

    kind: str
    chat: str
    group: bool
    sender: str  # as `Sender.address`


def outline(raw: bytes) -> Outline:
    """Look at an update from outside. Never raises."""
    try:
        update = _object(orjson.loads(raw))
    except orjson.JSONDecodeError:
        update = _NOTHING
    name = next((name for name in _EVENTS if _object(update.get(name))), "")
    event = _object(update.get(name))
    within = _object(event.get("message")) if name == "callback_query" else event
    person, chat = _object(event.get("from")) or _object(event.get("user")), _object(within.get("chat"))
    speaks_as = _object(within.get("sender_chat")) if name != "callback_query" else _NOTHING
    return Outline(
        kind=_kind(name, event),
        chat=_id(chat) or _id(person),
        group=bool(chat) and chat.get("type") != "private",
        sender=f"chat:{_id(speaks_as)}" if speaks_as else _id(person),
    )


def _kind(name: str, event: _Object) -> str:
    if not name.endswith("message"):
        return _EVENTS.get(name, "update")
    content = next((content for content in _CONTENTS if content in event), "message")
    entities = event.get("entities")
    first = _object(entities[0]) if isinstance(entities, list) and entities else _NOTHING
    if content == "text" and first.get("type") == "bot_command" and first.get("offset") == 0:
        content = "command"
    return _EVENTS[name] + content.replace("_", " ")


def _object(value: object) -> _Object:
    return value if isinstance(value, dict) else _NOTHING


def _id(of: _Object) -> str:
    return str(of["id"]) if isinstance(of.get("id"), int) else ""
