"""What can be read of an update that is not as Telegram's documentation says: by a server that is older or newer, say.

What python-telegram-bot insists on and a server leaves out is filled in. A field that still cannot be read is left
out by itself, so that it costs no more than what it said. Where nothing is left that a person said, they are told
that it could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import structlog
from telegram import Chat as TelegramChat

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

_PEOPLE: Final = ("from", "user", "left_chat_member", "sender_user", "via_bot", "forward_from")
_NESTED: Final = ("message", "reply_to_message", "external_reply", "forward_origin")
_MEASURES: Final[Mapping[str, Json]] = {"duration": 0, "width": 0, "height": 0, "length": 0}
_POLL: Final[Mapping[str, Json]] = {
    "id": "",
    "question": "",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
#: By the name under which a message has it: what it has in any case.
_FILLED_IN: Final[Mapping[str, Mapping[str, Json]]] = {
    **dict.fromkeys(("voice", "audio", "video", "video_note", "animation"), _MEASURES),
    "poll": _POLL,
    "contact": {"phone_number": "", "first_name": ""},
    "venue": {"title": "", "address": ""},
}


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
        case "message_reaction":
            base, more = _reaction(event, received_at), {}
        case _:
            base = _message(event, received_at)
            more = {name: value for name, value in event.items() if name not in base}
    _fill_in(more)
    kept = _readable(base, more, attempt)
    if len(kept) < len(more):
        _log.warning("update read in part", kind=kind, left_out=len(more) - len(kept))
        if kind in ("message", "edited_message"):
            kept[_UNREADABLE] = True
    try:
        return attempt(base | kept)
    except NotAnUpdate:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the update's
        raise NotAnUpdate(f"unreadable: {type(error).__name__}") from None


# ---------------------------------------------------------------------------- what it should have


def _fill_in(event: Wire) -> None:
    """Fill in what a message should have, in place."""
    for name in _PEOPLE:
        if isinstance(person := event.get(name), dict):
            person.setdefault("is_bot", False)
            person.setdefault("first_name", "")
    if isinstance(chat := event.get("chat"), dict) and isinstance(number := chat.get("id"), int):
        chat.setdefault("type", _kind_of_chat(number))
    for name, filled in _FILLED_IN.items():
        if isinstance(held := event.get(name), dict):
            event[name] = {**filled, **held}
    if isinstance(poll := event.get("poll"), dict) and isinstance(options := poll.get("options"), list):
        poll["options"] = [
            {"text": "", "voter_count": 0, "persistent_id": str(number), **one} if isinstance(one, dict) else one
            for number, one in enumerate(options)
        ]
    if isinstance(sizes := event.get("photo"), list):
        event["photo"] = [{"width": 0, "height": 0, **one} if isinstance(one, dict) else one for one in sizes]
    for name in _NESTED:
        if isinstance(within := event.get(name), dict):
            _fill_in(within)


def _kind_of_chat(number: int) -> str:
    return TelegramChat.PRIVATE if number > 0 else TelegramChat.GROUP


# ---------------------------------------------------------------------------- what can be read


def _readable(base: Wire, more: Wire, attempt: Callable[[Wire], object]) -> Wire:
    """The fields that can be read beside the others that were: nearly always all of them."""
    try:
        attempt(base | more)
    except Exception:  # noqa: BLE001 - whichever of them it is
        kept: Wire = {}
    else:
        return dict(more)
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


def _reaction(event: Wire, received_at: datetime) -> Wire:
    """Which emoji stand there now. What stood there before is not read."""
    number, now = event.get("message_id"), event.get("new_reaction")
    if type(number) is not int or not 0 < number < _LARGEST:
        raise NotAnUpdate("a reaction to no message")
    emoji = [one.get("emoji") for one in now if isinstance(one, dict)] if isinstance(now, list) else []
    return {
        "chat": _chat(event.get("chat")),
        "message_id": number,
        "user": _person(event.get("user")),
        "date": _date(event.get("date"), received_at),
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji if _is_text(one)],
    }


def _member(member: Json) -> Wire:
    if not isinstance(member, dict):
        raise NotAnUpdate("a change of membership without a member")
    status = member.get("status")
    if status == "restricted":
        present = member.get("is_member") is not False
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
    if not isinstance(chat, dict) or type(number) is not int or abs(number) >= _LARGEST:
        raise NotAnUpdate("no chat")
    kind = chat.get("type", _kind_of_chat(number))
    if not isinstance(kind, str):
        raise NotAnUpdate("a chat of no kind")
    title = chat.get("title")
    named: Wire = {"title": title} if _is_text(title) else {}
    return {"id": number, "type": kind, **named}


def _date(seconds: Json, received_at: datetime) -> int:
    whole = type(seconds) is int and 0 < seconds < _LATEST
    return seconds if whole and isinstance(seconds, int) else int(received_at.timestamp())


def _is_text(value: Json) -> bool:
    return isinstance(value, str)
