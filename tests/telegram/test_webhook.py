"""Telegram is told 200 only for what is committed or parked, and nobody else is listened to."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.addresses import WEBHOOK_PATH
from bot.telegram.api import ALLOWED_UPDATES
from bot.telegram.intake import Intake
from bot.telegram.turns import Turns
from bot.telegram.webhook import BODY_LIMIT, SECRET_HEADER, TapAnswers, Webhook, set_webhook
from conversations.engine.messages import Incoming, TapAnswer
from storage.ids import UpdateId

SECRET = "s3cret_s3cret"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def text(update_id: int, chat: int = 7, words: str = "hello") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    where = {"id": chat, "type": "private", "first_name": "A"}
    message = {"message_id": update_id, "from": person, "chat": where, "date": 1772614800, "text": words}
    return {"update_id": update_id, "message": message}


def tap(update_id: int, query: str) -> dict[str, Any]:
    update = text(update_id)
    message = update.pop("message")
    return {
        **update,
        "callback_query": {"id": query, "from": message["from"], "chat_instance": "1", "data": "a", "message": message},
    }


class Desk:
    """Commits what it is given when `open_` is set; fails what it is told to. Taps are answered "Noted"."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.committed: list[int] = []
        self.failing: set[int] = set()
        self.parks = False
        self.answered: list[str] = []
        self.taps = TapAnswers(self.answer)
        self.open_ = asyncio.Event()
        self.open_.set()

    async def receive(self, said: Incoming, raw: bytes) -> None:
        self.begun.append(int(said.update_id))
        await self.open_.wait()
        if int(said.update_id) in self.failing:
            raise RuntimeError("failed")
        assert json.loads(raw)["update_id"] == int(said.update_id)
        self.committed.append(int(said.update_id))
        if said.tap:
            self.taps.answer(said.channel, TapAnswer(tap=said.tap, text="Noted"))

    def answer(self, channel: str, answer: TapAnswer) -> None:
        """A call of its own."""
        self.answered.append(answer.tap)

    async def count_failure(self, update_id: UpdateId, raw: bytes, error: BaseException) -> bool:
        return self.parks

    async def until_begun(self, count: int) -> None:
        while len(self.begun) < count:  # noqa: ASYNC110 - there is nothing else to wait for
            await asyncio.sleep(0.001)


@pytest.fixture
async def desk() -> Desk:
    return Desk()


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    intake = Intake(desk.receive, desk.count_failure, "desk_bot", lambda: NOW)
    app = web.Application()
    app.add_routes(Webhook(intake, SECRET, desk.taps).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def deliver(client: TestClient[web.Request, web.Application], update: object, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    body = update if isinstance(update, bytes) else orjson.dumps(update)
    async with client.post(WEBHOOK_PATH, data=io.BytesIO(body), headers=headers) as response:
        return response.status


async def test_what_is_committed_is_received(client, desk):
    assert await deliver(client, text(5)) == 200
    assert desk.committed == [5]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "سر"])
async def test_who_does_not_know_the_secret_is_turned_away(client, desk, secret):
    assert await deliver(client, text(5), secret) == 401
    assert desk.begun == []


async def test_a_webhook_without_a_secret_cannot_be_made(desk):
    with pytest.raises(ValueError, match="secret"):
        Webhook(Intake(desk.receive, desk.count_failure, "b", lambda: NOW), "", desk.taps)


async def test_too_large_a_body_is_refused(client, desk):
    assert await deliver(client, b" " * (BODY_LIMIT + 1)) == 413
    assert desk.begun == []


async def test_too_large_a_body_of_unknown_length_is_refused(client, desk):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    try:
        response = await client.post(WEBHOOK_PATH, data=endless(), headers={SECRET_HEADER: SECRET})
    except aiohttp.ClientConnectionError:
        pass  # the answer came, and the connection went, before all was written
    else:
        assert response.status == 413
    assert desk.begun == []


async def test_a_body_at_the_limit_is_read(client, desk):
    update = orjson.dumps(text(5))
    assert await deliver(client, update + b" " * (BODY_LIMIT - len(update))) == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"message": {}}', b'{"update_id": "5"}', b"\xff\xfe"])
async def test_what_is_no_update_is_refused(client, desk, body):
    assert await deliver(client, body) == 400


async def test_a_tap_is_answered_in_the_response_that_acknowledges_it(client, desk):
    async with client.post(WEBHOOK_PATH, json=tap(5, "77"), headers={SECRET_HEADER: SECRET}) as response:
        assert response.content_type == "application/json"
        assert await response.json() == {"method": "answerCallbackQuery", "callback_query_id": "77", "text": "Noted"}
    assert desk.answered == []


async def test_a_tap_that_failed_is_not_answered(client, desk):
    desk.failing = {5}
    async with client.post(WEBHOOK_PATH, json=tap(5, "77"), headers={SECRET_HEADER: SECRET}) as response:
        assert (response.status, await response.read()) == (500, b"")


async def test_a_tap_nobody_awaits_the_answer_of_is_answered_by_a_call(client, desk):
    await deliver(client, tap(5, "77"))
    desk.taps.answer("telegram", TapAnswer(tap="77"))
    desk.taps.answer("telegram", TapAnswer(tap="78"))
    assert desk.answered == ["77", "78"]


async def test_what_fails_is_asked_for_again(client, desk):
    desk.failing = {5}
    assert await deliver(client, text(5)) == 500
    desk.failing = set()
    assert await deliver(client, text(5)) == 200
    assert desk.committed == [5]


async def test_what_is_parked_is_not_asked_for_again(client, desk):
    desk.failing, desk.parks = {5}, True
    assert await deliver(client, text(5)) == 200
    assert desk.committed == []


async def test_what_concerns_nobody_is_received(client, desk):
    assert await deliver(client, {"update_id": 5, "chat_join_request": None}) == 200
    assert desk.begun == []


async def test_one_chats_updates_wait_for_each_other_and_other_chats_do_not(client, desk):
    desk.open_.clear()
    async with asyncio.TaskGroup() as deliveries:
        first = deliveries.create_task(deliver(client, text(5)))
        await desk.until_begun(1)
        second = deliveries.create_task(deliver(client, text(6)))
        third = deliveries.create_task(deliver(client, text(7)))
        other = deliveries.create_task(deliver(client, text(8, chat=9)))
        await desk.until_begun(2)
        assert desk.begun == [5, 8]
        desk.open_.set()
    assert [task.result() for task in (first, second, third, other)] == [200] * 4
    assert sorted(desk.committed) == [5, 6, 7, 8]


async def test_turns_are_taken_in_the_order_of_arrival_and_forgotten():
    turns, order = Turns(), list[int]()

    async def take(number: int) -> None:
        async with turns.of("chat"):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(take(number) for number in range(20)))
    assert order == list(range(20))
    assert turns._turns == {}


async def test_a_graceful_stop_finishes_what_is_under_way(desk):
    desk.open_.clear()
    intake = Intake(desk.receive, desk.count_failure, "desk_bot", lambda: NOW)
    app = web.Application()
    app.add_routes(Webhook(intake, SECRET, desk.taps).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        url = f"http://{host}:{port}{WEBHOOK_PATH}"
        delivery = asyncio.create_task(session.post(url, json=text(5), headers={SECRET_HEADER: SECRET}))
        await desk.until_begun(1)
        stopping = asyncio.create_task(runner.cleanup())
        await asyncio.sleep(0)
        desk.open_.set()
        assert (await delivery).status == 200
        await stopping
    assert desk.committed == [5]


async def test_the_webhook_is_announced_with_its_secret(api, fake):
    await set_webhook(api, "https://desk.example.bh/telegram", SECRET, max_connections=10)
    (call,) = fake.calls
    assert call.method == "setWebhook"
    assert call.said == {
        "url": "https://desk.example.bh/telegram",
        "max_connections": 10,
        "allowed_updates": list(ALLOWED_UPDATES),
        "drop_pending_updates": False,
        "secret_token": SECRET,
    }


async def test_half_a_character_is_received(client, desk):
    said = orjson.dumps(text(5)).replace(b'"text":"', b'"text":"\\ud83d \\u0000 ')
    assert await deliver(client, said) == 200
    assert desk.committed == [5]
