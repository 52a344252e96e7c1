"""What is like an update that once went wrong costs at most itself, and whoever sent it hears a word."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.telegram.incoming import NotAnUpdate
from bot.telegram.intake import Intake
from conversations.engine.messages import Incoming, Kind
from storage.database import Database
from tests.conversations.staff_town import DeskTown
from tests.known import known
from tests.telegram.neighbours import draw
from tests.telegram.throwing import Thrower

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ALI = {"id": 7001, "is_bot": False, "first_name": "Ali"}
PRIVATE = {"id": 7001, "type": "private", "first_name": "Ali"}


async def read(update: dict[str, Any]) -> Incoming | None:
    async def receive(_said: Incoming, _raw: bytes) -> None:
        raise AssertionError

    async def count(*_: object) -> bool:
        raise AssertionError

    async with Intake(receive, count, "desk_bot", lambda: NOW).again(json.dumps(update).encode()) as said:
        return said


def message(**fields: object) -> dict[str, Any]:
    whole = {"message_id": 5, "date": 1_772_614_800, "chat": PRIVATE, "from": ALI, "text": "hello"}
    return {"update_id": 9, "message": {name: value for name, value in (whole | fields).items() if value is not ...}}


@pytest.fixture
async def thrower(database: Database) -> Thrower:
    return Thrower(await DeskTown(database).opens())


async def test_a_few_hundred_of_them_are_each_answered_or_set_aside(thrower: Thrower, tmp_path: Path) -> None:
    random, numbers = Random(7), itertools.count(1)
    for _ in range(300):
        await thrower.throw(draw(random, next(numbers)))
        await thrower.go_on(random, next(numbers))
    await thrower.deliver()
    assert (dict(thrower.faults), thrower.examples) == ({}, {})
    await thrower.fetch(tmp_path, 10)  # which raises nothing, whatever they hold


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 40), st.booleans())
async def test_none_is_read_with_another_error_than_that_it_is_none(seed: int, whole: bool) -> None:
    sent = draw(Random(seed), 1, whole=whole)
    try:
        await read(json.loads(sent.raw))
    except NotAnUpdate:
        assert sent.spoilt
        assert not sent.answered
    except ValueError:
        return  # bytes that are no UTF-8 are the business of `json_text`


@pytest.mark.parametrize(
    "odd",
    [
        {"from": {"id": 7001, "first_name": "Ali"}},  # of an older server
        {"from": {"id": 7001, "is_bot": False}},
        {"from": {"id": 7001, "is_bot": False, "first_name": ""}},  # a deleted account
        {"chat": {"id": 7001, "type": "private"}, "entities": [None]},
        {"entities": [{"type": "bold"}]},
        {"entities": "none"},
        {"date": ...},
        {"date": 1 << 62},
        {"message_id": "5"},
        {"forward_origin": {"type": "user"}},
        {"reply_to_message": {"message_id": 1}},
        {"photo": [{"file_id": 5}]},
    ],
)
async def test_a_field_that_cannot_be_read_costs_no_more_than_itself(odd: dict[str, object]) -> None:
    said = known(await read(message(**odd)))
    assert (said.kind, said.text.partition("\n")[0], said.sender.address) == (Kind.TEXT, "hello", "7001")


@pytest.mark.parametrize(
    "odd",
    [
        {"location": {"latitude": -91, "longitude": 50.5}},
        {"location": {"latitude": 26.2}},
        {"photo": [{"width": 1}]},
        {"document": "x"},
    ],
)
async def test_who_sends_nothing_that_can_be_read_is_still_heard(odd: dict[str, object]) -> None:
    said = known(await read(message(text=..., **odd)))
    assert (said.kind, said.sender.address) == (Kind.OTHER, "7001")


def changes() -> Iterator[tuple[dict[str, object], dict[str, object], Kind]]:
    user = {"id": 12345, "is_bot": True, "first_name": "Bot"}
    yield (
        {"status": "restricted", "user": user, "is_member": False},
        {"status": "administrator", "user": user},
        Kind.JOINED,
    )
    yield {"status": "administrator", "user": user}, {"status": "kicked", "user": user}, Kind.LEFT


@pytest.mark.parametrize(("old", "new", "kind"), list(changes()))
async def test_a_change_of_membership_without_its_rights_is_read(
    old: dict[str, object], new: dict[str, object], kind: Kind
) -> None:
    change = {
        "chat": {"id": -5, "type": "group"},
        "from": ALI,
        "date": 5,
        "old_chat_member": old,
        "new_chat_member": new,
    }
    assert known(await read({"update_id": 9, "my_chat_member": change})).kind is kind


@pytest.mark.parametrize("kind", ["purchased_paid_media", "business_message", "poll", "newer_than_this_bot"])
@pytest.mark.parametrize("body", [{}, None, [], "x", {"id": 1}])
async def test_what_nobody_asked_for_is_not_read(kind: str, body: object) -> None:
    assert await read({"update_id": 9, kind: body}) is None
