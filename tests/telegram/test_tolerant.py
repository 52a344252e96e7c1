"""What older and newer servers leave out, or send in a shape of their own, costs no update."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from conversations.engine.messages import Incoming, Kind
from tests.known import known
from tests.telegram.test_incoming import ALI, BOT, GROUP, POLL, PRIVATE, message
from tests.telegram.test_neighbours import read as read_update

#: Without these nobody could say where it was, who did it or when.
_NEEDED = {"message_id", "date", "chat", "chat.id", "from", "from.id", "user", "user.id", "status", "new_chat_member"}
MEMBER = {"user": {**BOT}, "status": "member"}
CONTENTS: dict[str, Any] = {
    "poll": {
        "id": "1",
        "question": "Which?",
        "options": [{"text": "this", "voter_count": 1, "persistent_id": "0"}],
        "total_voter_count": 1,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
    },
    "voice": {"file_id": "f", "file_unique_id": "u", "duration": 1},
    "video": {"file_id": "f", "file_unique_id": "u", "duration": 1, "width": 1, "height": 1},
    "video_note": {"file_id": "f", "file_unique_id": "u", "duration": 1, "length": 1},
    "document": {"file_id": "f", "file_unique_id": "u"},
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
    "sticker": {
        "file_id": "f",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
    },
    "contact": {"phone_number": "+97333123456", "first_name": "A"},
    "venue": {"location": {"latitude": 26.2, "longitude": 50.5}, "title": "T", "address": "A"},
    "location": {"latitude": 26.2, "longitude": 50.5},
    "dice": {"emoji": "🎲", "value": 3},
    "web_app_data": {"data": "d", "button_text": "b"},
    "users_shared": {"request_id": 1, "users": [{"user_id": 7}]},
    "chat_shared": {"request_id": 1, "chat_id": -100},
    "forward_origin": {"type": "user", "date": 1, "sender_user": {"id": 5, "is_bot": False, "first_name": "F"}},
    "entities": [{"type": "bold", "offset": 0, "length": 1}],
}


async def read(update: dict[str, Any]) -> Incoming | None:
    return await read_update({"update_id": 9, **update})


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each field of a value stands."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in items:
        if isinstance(key, str):
            yield (*path, key)
        yield from _leaves(held, (*path, key))


def _without(value: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    found = copy.deepcopy(value)
    at: Any = found
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return found


@pytest.mark.parametrize("name", CONTENTS)
async def test_a_field_less_or_an_odd_one_parks_no_message(name: str) -> None:
    content = CONTENTS[name]
    for path in _leaves({name: content}):
        if len(path) > 1:
            await read(message(**_without({name: content}, path)))
    odd: Any
    for odd in (None, 7, "odd", [], {}, [[]], {"id": {}}):
        heard = await read({"message": {**message(text="words")["message"], name: odd}})
        assert known(heard).text == "words"


@pytest.mark.parametrize("missing", ["is_bot", "first_name", "language_code"])
async def test_somebody_without_a_field_is_heard(missing: str) -> None:
    ali = {key: value for key, value in ALI.items() if key != missing}
    heard = known(await read({"message": {"message_id": 5, "from": ali, "chat": PRIVATE, "date": 1, "text": "Hello"}}))
    assert (heard.text, heard.sender.address) == ("Hello", "7001")


@pytest.mark.parametrize("status", ["restricted", "administrator", "creator", "kicked", "left", "member", "newer"])
@pytest.mark.parametrize("who", ["my_chat_member", "chat_member"])
async def test_a_member_without_rights_or_with_newer_ones_is_understood(who: str, status: str) -> None:
    change = {"chat": GROUP, "from": ALI, "date": 1, "old_chat_member": MEMBER}
    member = {"user": {"id": 12345}, "status": status, "can_fly": True}
    found = await read({who: change | {"new_chat_member": member}})
    gone = status in ("kicked", "left")
    kind = Kind.LEFT if who == "my_chat_member" else Kind.MEMBER_LEFT
    assert (found.kind if found is not None else None) == (kind if gone else None)


async def test_who_is_restricted_and_left_has_left() -> None:
    change = {"chat": GROUP, "from": ALI, "date": 1, "old_chat_member": MEMBER}
    member = {"user": BOT, "status": "restricted", "is_member": False}
    assert known(await read({"my_chat_member": change | {"new_chat_member": member}})).kind is Kind.LEFT


async def test_a_reaction_of_a_newer_kind_beside_an_emoji_is_understood() -> None:
    now = [{"type": "hologram"}, {"type": "emoji", "emoji": "👍"}, 7]
    change = {"chat": {"id": 7001}, "message_id": 5, "user": {"id": 7001}, "new_reaction": now}
    assert known(await read({"message_reaction": change})).text == "👍"


async def test_of_what_cannot_be_read_the_rest_is() -> None:
    heard = known(await read(message(text="The bin", entities="odd", quote={"odd": 1}, via_bot=3)))
    assert heard.text == "The bin"
    assert known(await read(message(sticker={"odd": True}))).kind is Kind.OTHER, "and it is answered"


async def test_a_poll_of_an_older_server_is_its_question_and_its_options() -> None:
    older = {name: value for name, value in POLL.items() if name not in {"allows_revoting", "members_only"}}
    options = [{"text": "Sunday", "voter_count": 0}, {"text": "الاثنين", "voter_count": 2}]
    heard = known(await read(message(poll={**older, "question": "Which day?", "options": options})))
    assert (heard.kind, heard.text) == (Kind.TEXT, "📊 Which day?\n• Sunday\n• الاثنين")


async def test_what_can_be_filled_in_is_not_said_to_be_unreadable() -> None:
    ali = {"id": 7001, "first_name": "Ali"}
    told = {"message_id": 5, "from": ali, "chat": PRIVATE, "date": 1, "new_chat_title": "T"}
    assert await read({"message": told}) is None
