"""The offset moves only past what is committed or parked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.telegram.api import ALLOWED_UPDATES, Api
from bot.telegram.intake import CountFailure, Intake, chat_of
from bot.telegram.polling import Polling, TokenRefused
from conversations.engine.messages import Incoming
from storage.ids import UpdateId

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def text(update_id: int, chat: int = 7, words: str = "") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "from": person,
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "date": 1772614800,
            "text": words or str(update_id),
        },
    }


class Desk:
    """What comes in, and how often each update failed; `tries` after which one is parked."""

    def __init__(self, tries: int = 3) -> None:
        self.committed: list[str] = []
        self.failing: set[int] = set()
        self.failed: list[int] = []
        self.tries = tries
        self.can_park = True
        self.then: Callable[[Incoming], None] = lambda said: None
        self.busy = self.most_busy = 0

    async def receive(self, said: Incoming, raw: bytes) -> None:
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        await asyncio.sleep(0)
        self.busy -= 1
        if int(said.update_id) in self.failing:
            raise RuntimeError(said.text)
        self.committed.append(said.text)
        self.then(said)

    async def count_failure(self, update_id: UpdateId, raw: bytes, error: BaseException) -> bool:
        if not self.can_park:
            raise ConnectionError("the database is gone")
        self.failed.append(int(update_id))
        return self.failed.count(int(update_id)) >= self.tries


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def polling(api: Api, fake: Any, desk: Desk, stop: asyncio.Event, pauses: list[float]) -> Polling:
    """A poller that stops when Telegram has nothing planned to say."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if not fake.answers.get("getUpdates"):
            stop.set()

    intake = Intake(desk.receive, desk.count_failure, "desk_bot", lambda: NOW)
    return Polling(api, intake, long_poll=0, random=Random(1), sleep=sleep)


def offsets(fake: Any) -> list[int]:
    return [call.said["offset"] for call in fake.calls if call.method == "getUpdates"]


def stop_at(desk: Desk, stop: asyncio.Event, update_id: int) -> None:
    desk.then = lambda said: stop.set() if int(said.update_id) == update_id else None


async def test_it_takes_the_webhook_away_and_keeps_what_is_pending(polling, fake, desk, stop):
    fake.will_answer("getUpdates", [text(5)])
    stop_at(desk, stop, 5)
    await polling.run(stop)
    assert fake.calls[0].method == "deleteWebhook"
    assert fake.calls[0].said == {"drop_pending_updates": False}
    assert fake.calls[1].said == {"offset": 0, "limit": 100, "timeout": 0, "allowed_updates": list(ALLOWED_UPDATES)}


async def test_the_offset_moves_past_what_is_committed_and_the_last_is_confirmed_at_the_end(polling, fake, desk, stop):
    fake.will_answer("getUpdates", [text(5), text(6)], [text(7)])
    stop_at(desk, stop, 7)
    await polling.run(stop)
    assert desk.committed == ["5", "6", "7"]
    assert offsets(fake) == [0, 7, 8]
    assert fake.calls[-1].said["limit"] == 1


async def test_a_failure_in_the_middle_is_tried_again_and_the_others_are_not(polling, fake, desk, stop):
    desk.failing = {6}
    batch = [text(5), text(6, chat=8), text(7, chat=9)]
    fake.will_answer("getUpdates", batch, batch[1:], batch[1:])

    def mend(said: Incoming) -> None:
        if said.update_id == "6":
            stop.set()

    desk.then = mend
    count_failure: CountFailure = desk.count_failure

    async def park_and_mend(update_id: UpdateId, raw: bytes, error: BaseException) -> bool:
        if desk.failed:
            desk.failing.clear()
        return await count_failure(update_id, raw, error)

    polling._intake = Intake(desk.receive, park_and_mend, "desk_bot", lambda: NOW)
    await polling.run(stop)
    assert desk.committed == ["5", "7", "6"]
    assert offsets(fake) == [0, 6, 6, 8]


async def test_a_chats_later_updates_wait_for_the_one_that_fails(polling, fake, desk, stop):
    desk.failing = {5}
    fake.will_answer("getUpdates", [text(5), text(6), text(7, chat=8)])
    await polling.run(stop)
    assert desk.committed == ["7"]
    assert offsets(fake) == [0]


async def test_a_poisonous_update_is_parked_after_its_tries_and_passed(polling, fake, desk, stop, pauses):
    desk.failing = {5}
    batch = [text(5), text(6)]
    fake.will_answer("getUpdates", batch, batch, batch)
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert desk.failed == [5, 5, 5]
    assert desk.committed == ["6"]
    assert offsets(fake) == [0, 0, 0, 7]
    assert len(pauses) == 2


async def test_an_update_that_cannot_even_be_parked_keeps_the_offset(polling, fake, desk, stop):
    desk.failing, desk.can_park = {5}, False
    fake.will_answer("getUpdates", [text(5)], [text(5)])
    with capture_logs() as logs:
        await polling.run(stop)
    assert offsets(fake) == [0, 0]
    assert {entry["event"] for entry in logs} == {"failed update not counted", "update failed"}


async def test_an_update_that_cannot_be_parsed_costs_only_itself(polling, fake, desk, stop):
    desk.tries = 1
    fake.will_answer("getUpdates", [{"update_id": 5, "message": {"odd": True}}, text(6)])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert desk.failed == [5]
    assert desk.committed == ["6"]


async def test_what_concerns_nobody_is_passed(polling, fake, desk, stop):
    post = {"message_id": 1, "chat": {"id": -5, "type": "channel", "title": "N"}, "date": 1772614800, "text": "x"}
    fake.will_answer("getUpdates", [{"update_id": 5, "channel_post": post}, text(6)])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert (desk.committed, desk.failed) == (["6"], [])


async def test_one_chats_updates_are_in_order_and_other_chats_at_once(polling, fake, desk, stop):
    fake.will_answer("getUpdates", [text(number, chat=number % 3) for number in range(3, 12)])
    stop_at(desk, stop, 11)
    await polling.run(stop)
    assert desk.most_busy == 3
    for chat in range(3):
        of_chat = [number for number in map(int, desk.committed) if number % 3 == chat]
        assert of_chat == sorted(of_chat)


async def test_no_more_chats_at_once_than_allowed(api, fake, desk, stop):
    fake.will_answer("getUpdates", [text(number, chat=number) for number in range(1, 20)])
    stop_at(desk, stop, 19)
    intake = Intake(desk.receive, desk.count_failure, "desk_bot", lambda: NOW)
    await Polling(api, intake, long_poll=0, at_once=4).run(stop)
    assert desk.most_busy == 4
    assert len(desk.committed) == 19


async def test_a_stop_in_the_middle_leaves_the_rest_to_the_next_start(polling, fake, desk, stop):
    fake.will_answer("getUpdates", [text(5), text(6), text(7)])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert desk.committed == ["5", "6"]
    assert offsets(fake) == [0, 7]


async def test_a_stop_does_not_wait_for_the_long_poll(polling, fake, stop):
    asked = fake.will_hang("getUpdates")
    running = asyncio.create_task(polling.run(stop))
    await asked.wait()
    stop.set()
    await running
    assert offsets(fake) == [0]


async def test_a_broken_network_is_tried_again_with_growing_pauses(polling, fake, desk, stop, pauses):
    for _ in range(4):
        fake.will_refuse("getUpdates", 502, "Bad Gateway")
    fake.will_answer("getUpdates", [text(5)])
    stop_at(desk, stop, 5)
    await polling.run(stop)
    assert desk.committed == ["5"]
    assert [0.25 * 2**n <= pause <= 0.5 * 2**n for n, pause in enumerate(pauses)] == [True] * 4


async def test_pauses_stop_growing(polling):
    assert 15 <= polling._pause(50, 30.0) <= 30


async def test_a_flood_is_waited_out(polling, fake, desk, stop, pauses):
    fake.will_refuse("getUpdates", 429, "Too Many Requests: retry after 3", retry_after=3)
    fake.will_answer("getUpdates", [text(5)])
    stop_at(desk, stop, 5)
    await polling.run(stop)
    assert pauses == [3.0]


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
async def test_who_is_told_to_wait_for_an_hour_asks_again_within_a_minute(polling, fake, desk, stop, pauses, method):
    fake.will_refuse(method, 429, "Too Many Requests: retry after 3600", retry_after=3600)
    fake.will_answer("getUpdates", [text(5)])
    stop_at(desk, stop, 5)
    await polling.run(stop)
    assert pauses == [60.0]
    assert desk.committed == ["5"]


async def test_a_second_poller_is_said_plainly(polling, fake, stop):
    fake.will_refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    with capture_logs() as logs:
        await polling.run(stop)
    assert logs[0]["event"] == "polling_conflict"
    assert "Another process" in logs[0]["advice"]


async def test_an_answer_without_updates_is_a_failure(polling, fake, desk, stop, pauses):
    fake.will_answer("getUpdates", [{"no": "id"}], [text(5)])
    stop_at(desk, stop, 5)
    await polling.run(stop)
    assert len(pauses) == 1
    assert desk.committed == ["5"]


async def test_a_wrong_token_ends_it_without_showing_the_token(base, desk, stop):
    async with Api("999:WRONG-secret", base) as api:
        with pytest.raises(TokenRefused, match="refuses the bot's token") as caught:
            await Polling(api, Intake(desk.receive, desk.count_failure, "desk_bot", lambda: NOW)).run(stop)
    assert "secret" not in str(caught.value)


async def test_a_log_of_a_failure_holds_nothing_a_person_wrote(polling, fake, desk, stop):
    desk.failing = {5}
    fake.will_answer("getUpdates", [text(5, words="my phone is 33123456")])
    with capture_logs() as logs:
        await polling.run(stop)
    (entry,) = logs
    assert entry["error"] == "RuntimeError"
    assert "33123456" not in str(entry)


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        (text(1, chat=7), "7"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, "-5"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, "7"),
        ({"update_id": 1, "my_chat_member": {"from": {"id": 7}, "chat": {"id": -5}}}, "-5"),
        ({"update_id": 1, "edited_message": {"chat": {"id": 9}}}, "9"),
        ({"update_id": 1, "message": "odd"}, "update 1"),
    ],
)
def test_an_update_waits_its_turn_for_its_chat(update, chat):
    assert chat_of(update) == chat


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", 2**62),
        ("date", -(2**70)),
        ("date", "yesterday"),
        ("photo", [{"file_id": "a", "file_unique_id": "b", "width": "9" * 9_000_000, "height": 9_000_000}]),
        ("location", {"latitude": 1e400, "longitude": 50.5}),
        ("from", {"id": "me"}),
        ("chat", []),
    ],
)
async def test_an_unreadable_field_costs_one_update_whatever_it_raises(polling, fake, desk, stop, field, value):
    desk.tries = 1
    odd = text(5)
    odd["message"].pop("text" if field in {"photo", "location"} else "", None)
    odd["message"][field] = value
    fake.will_answer("getUpdates", [odd, text(6, chat=8)])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert "6" in desk.committed
    assert desk.failed in ([], [5])


async def test_half_a_character_costs_no_update(polling, fake, desk, stop):
    fake.will_answer("getUpdates", [text(5, words="Bin \ud83d full"), text(6, words="NUL \0 here")])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert desk.committed == ["Bin \ufffd full", "NUL \ufffd here"]
    assert desk.failed == []


@pytest.mark.parametrize("odd", [2**63, 2**80, -1, "5", None, 1.5])
async def test_an_id_that_no_offset_can_be_past_keeps_nobody_else(polling, fake, desk, stop, odd):
    fake.will_answer("getUpdates", [text(6), {**text(5, chat=8), "update_id": odd}])
    stop_at(desk, stop, 6)
    await polling.run(stop)
    assert desk.committed == ["6"]
    assert max(offsets(fake)) == 7
