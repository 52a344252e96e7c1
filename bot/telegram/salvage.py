"""What can be read of an update that is not as Telegram's documentation says: by a server that is older or newer, say.

A field that cannot be read is left out by itself, so that it costs no more than what it said. Where nothing is left
that a person said, they are told that it could not be read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.telegram import json_text
from bot.telegram.api import ALLOWED_UPDATES
from bot.telegram.incoming import NotAnUpdate, read
from bot.telegram.json_text import Json
from conversations.engine.messages import Incoming

_log = structlog.get_logger(__name__)

Wire = dict[str, Json]

#: A field of no name that Telegram knows: who sent it is told that it could not be read.
_UNREADABLE: Final = "unreadable"
_GONE: Final = frozenset({"left", "kicked"})
_LATEST: Final = 253_402_300_799  # the last second of the year 9999
_LARGEST: Final = 1 << 63


def read_in_part(raw: bytes, bot_username: str, received_at: datetime) -> Incoming | None:
    """The update without what cannot be read of it. Raises NotAnUpdate where nobody knows who sent it."""
    update = json_text.loads(raw)
    assert isinstance(update, dict)  # noqa: S101 - it has an id
    kind = next((one for one in ALLOWED_UPDATES if isinstance(update.get(one), dict)), None)
    event = None if kind is None else update[kind]
    if kind is None or not isinstance(event, dict):
        raise NotAnUpdate("none of the kinds that were asked for")

    def attempt(what: Wire) -> Incoming | None:
        return read({"update_id": update["update_id"], kind: what}, bot_username, received_at)

    match kind:
        case "callback_query":
            base, more = _tap(event), {"message": event.get("message")}
        case "my_chat_member" | "chat_member":
            base, more = _change(event, received_at), {}
        case _:
            base = _message(event, received_at)
            more = {name: value for name, value in event.items() if name not in base}
    kept = _readable(base, more, attempt)
    _log.warning("update_read_in_part", kind=kind, left_out=len(more) - len(kept))
    try:
        return attempt(base | kept)
    except NotAnUpdate:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the update's
        raise NotAnUpdate(f"unreadable: {type(error).__name__}") from None


def _readable(base: Wire, more: Wire, attempt: Callable[[Wire], object]) -> Wire:
    """The fields that can be read beside the others that were."""
    kept: Wire = {}
    for name, value in more.items():
        try:
            attempt(base | kept | {name: value})
        except Exception:  # noqa: BLE001, S112 - whatever it is, it is this field's
            continue
        kept[name] = value
    return kept


def _message(event: Wire, received_at: datetime) -> Wire:
    number = event.get("message_id")
    base: Wire = {
        "message_id": number if type(number) is int and 0 < number < _LARGEST else 0,
        "date": _date(event.get("date"), received_at),
        "chat": _chat(event.get("chat")),
        _UNREADABLE: True,
    }
    if "edit_date" in event:
        base["edit_date"] = _date(event["edit_date"], received_at)
    if "sender_chat" not in event:
        base["from"] = _person(event.get("from"))
    return base


def _tap(event: Wire) -> Wire:
    number = event.get("id")
    if not isinstance(number, str) or not number:
        raise NotAnUpdate("a tap without an id")
    data = event.get("data")
    return {
        "id": number,
        "from": _person(event.get("from")),
        "chat_instance": "",
        "data": data if isinstance(data, str) else "",
    }


def _change(event: Wire, received_at: datetime) -> Wire:
    """Who came or went. Of the member's rights nothing is read."""
    return {
        "chat": _chat(event.get("chat")),
        "from": _person(event.get("from")),
        "date": _date(event.get("date"), received_at),
        "old_chat_member": _member(event.get("old_chat_member")),
        "new_chat_member": _member(event.get("new_chat_member")),
    }


def _member(member: Json) -> Wire:
    if not isinstance(member, dict):
        raise NotAnUpdate("a change of membership without a member")
    status = member.get("status")
    if status == "restricted":
        present = member.get("is_member") is True
    elif isinstance(status, str):
        present = status not in _GONE  # as `incoming` takes one that is newer
    else:
        raise NotAnUpdate("a membership of no kind")
    return {"user": _person(member.get("user")), "status": "member" if present else "left"}


def _person(person: Json) -> Wire:
    number = person.get("id") if isinstance(person, dict) else None
    if not isinstance(person, dict) or type(number) is not int or not 0 < number < _LARGEST:
        raise NotAnUpdate("nobody sent it")
    names = {name: person[name] for name in ("last_name", "username", "language_code") if _is_text(person.get(name))}
    first = person.get("first_name")
    return {
        "id": number,
        "is_bot": person.get("is_bot") is True,
        "first_name": first if isinstance(first, str) else "",
        **names,
    }


def _chat(chat: Json) -> Wire:
    number = chat.get("id") if isinstance(chat, dict) else None
    kind = chat.get("type") if isinstance(chat, dict) else None
    if not isinstance(chat, dict) or type(number) is not int or abs(number) >= _LARGEST or not isinstance(kind, str):
        raise NotAnUpdate("no chat")
    title = chat.get("title")
    named: Wire = {"title": title} if _is_text(title) else {}
    return {"id": number, "type": kind, **named}


def _date(seconds: Json, received_at: datetime) -> int:
    whole = type(seconds) is int and 0 < seconds < _LATEST
    return seconds if whole and isinstance(seconds, int) else int(received_at.timestamp())


def _is_text(value: Json) -> bool:
    return isinstance(value, str)
