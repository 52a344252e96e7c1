"""Updates of older and newer servers: what python-telegram-bot insists on and a server leaves out costs no update.

Fields that say nothing to us are filled in. What is still unreadable of a message is set beside it under a name that
nobody knows, so that its sender is told that we cannot read it, and the rest of the message is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telegram import Chat as TelegramChat
from telegram import ChatMember, Message

_UNREADABLE: Final = "unreadable_"
_ENVELOPE: Final = frozenset({"message_id", "date", "edit_date", "chat", "from", "sender_chat", "text"})
_PEOPLE: Final = ("from", "user", "left_chat_member", "sender_user", "via_bot", "forward_from")
_MEASURES: Final[Mapping[str, Any]] = {"duration": 0, "width": 0, "height": 0, "length": 0}
_POLL: Final[Mapping[str, Any]] = {
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
_FILLED_IN: Final[Mapping[str, Mapping[str, Any]]] = {
    **dict.fromkeys(("voice", "audio", "video", "video_note", "animation"), _MEASURES),
    "poll": _POLL,
    "contact": {"phone_number": "", "first_name": ""},
    "venue": {"title": "", "address": ""},
}
#: Whoever has another status takes part, with more rights or fewer.
_APART: Final = frozenset({ChatMember.LEFT, ChatMember.BANNED})


def complete(update: dict[str, Any]) -> None:
    """Fill in what an update should have, in place."""
    for event in update.values():
        if isinstance(event, dict):
            _complete_event(event)
            for within in (event.get("message"), event.get("reply_to_message"), event.get("external_reply")):
                if isinstance(within, dict):
                    _complete_event(within)


def _complete_event(event: dict[str, Any]) -> None:
    _complete_people(event)
    if isinstance(chat := event.get("chat"), dict) and isinstance(chat.get("id"), int):
        chat.setdefault("type", TelegramChat.PRIVATE if chat["id"] > 0 else TelegramChat.GROUP)
    for name in ("old_chat_member", "new_chat_member"):
        if isinstance(member := event.get(name), dict):
            event[name] = _plain_member(member)
    for name, filled in _FILLED_IN.items():
        if isinstance(held := event.get(name), dict):
            event[name] = {**filled, **held}
    if isinstance(poll := event.get("poll"), dict) and isinstance(poll["options"], list):
        poll["options"] = [
            {"text": "", "voter_count": 0, "persistent_id": str(number), **one} if isinstance(one, dict) else one
            for number, one in enumerate(poll["options"])
        ]
    if isinstance(sizes := event.get("photo"), list):
        event["photo"] = [{"width": 0, "height": 0, **one} if isinstance(one, dict) else one for one in sizes]
    if isinstance(origin := event.get("forward_origin"), dict):
        _complete_people(origin)


def _complete_people(event: dict[str, Any]) -> None:
    for name in _PEOPLE:
        if isinstance(person := event.get(name), dict):
            person.setdefault("is_bot", False)
            person.setdefault("first_name", "")


def _plain_member(member: dict[str, Any]) -> dict[str, Any]:
    """A member as somebody who takes part or does not, which is all that is read of it; no rights, which vary."""
    status = member.get("status")
    apart = status in _APART or (status == ChatMember.RESTRICTED and member.get("is_member") is False)
    plain = {"status": ChatMember.LEFT if apart else ChatMember.MEMBER, "user": member.get("user")}
    _complete_people(plain)
    return plain


def set_apart(message: dict[str, Any]) -> dict[str, Any]:
    """The message with whatever of it cannot be read under a name that nobody knows. Raises where all of it is so."""
    envelope = {name: value for name, value in message.items() if name in _ENVELOPE}
    Message.de_json(dict(envelope))
    readable = dict(envelope)
    for name, value in message.items():
        if name not in _ENVELOPE:
            readable[name if _is_readable(envelope, name, value) else f"{_UNREADABLE}{name}"] = value
    return readable


def _is_readable(envelope: Mapping[str, Any], name: str, value: Any) -> bool:
    try:
        Message.de_json({**envelope, name: value})
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        return False
    return True
