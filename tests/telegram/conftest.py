"""A Bot API that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.telegram.api import Api
from bot.telegram.channel import TelegramChannel

TOKEN = "12345:AAH-secret_secret_secret_secret_secret"


@dataclass
class Call:
    """One call the bot made."""

    method: str
    said: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class FakeApi:
    """Answers `ok` with a plausible result until told otherwise."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, list[web.Response | asyncio.Event | None]] = {}
        self.files: dict[str, bytes] = {}
        self.next_message = 100

    def will_answer(self, method: str, *results: Any) -> None:
        """What the next calls of `method` give, in order."""
        self._plan(method, *(web.json_response({"ok": True, "result": result}) for result in results))

    def will_refuse(self, method: str, code: int, description: str, **parameters: int) -> None:
        """The error the next call of `method` gives, as Telegram words it."""
        body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            body["parameters"] = parameters
        self._plan(method, web.json_response(body, status=code))

    def will_say(self, method: str, status: int, body: str) -> None:
        """What a proxy between us and Telegram gives for the next call of `method`."""
        self._plan(method, web.Response(status=status, text=body))

    def will_break(self, method: str) -> None:
        """The next call of `method` is cut off before its answer."""
        self._plan(method, None)

    def will_hang(self, method: str) -> asyncio.Event:
        """The next call of `method` gets no answer; the event says when it came."""
        asked = asyncio.Event()
        self._plan(method, asked)
        return asked

    def _plan(self, method: str, *answers: web.Response | asyncio.Event | None) -> None:
        self.answers.setdefault(method, []).extend(answers)

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(body, status=401)
        call = await _call(request)
        self.calls.append(call)
        planned = self.answers.get(call.method)
        if planned:
            answer = planned.pop(0)
            if isinstance(answer, asyncio.Event):
                answer.set()
                await asyncio.Event().wait()
            if isinstance(answer, web.Response):
                return answer
            assert request.transport is not None
            request.transport.close()
        return web.json_response({"ok": True, "result": self._result(call)})

    def _result(self, call: Call) -> Any:
        if call.method == "sendMediaGroup":
            return [self._message(call) for _ in orjson.loads(call.said["media"])]
        if call.method.startswith(("send", "editMessage")):
            return self._message(call)
        if call.method == "getMe":
            return {"id": 12345, "is_bot": True, "first_name": "Customer Day", "username": "desk_bot"}
        if call.method == "getUpdates":
            return []
        return True

    def _message(self, call: Call) -> dict[str, Any]:
        self.next_message += 1
        chat = {"id": 7, "type": "private", "first_name": "A"}
        echoed = {"text": "…", "reply_markup": {"inline_keyboard": []}}
        return {"message_id": self.next_message, "date": 1700000000, "chat": chat, **echoed}

    async def file(self, request: web.Request) -> web.Response:
        if request.match_info["path"] not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[request.match_info["path"]])


async def _call(request: web.Request) -> Call:
    call = Call(request.match_info["method"], {})
    if request.content_type == "application/json":
        call.said = orjson.loads(await request.read() or b"{}")
        return call
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            call.files[name] = (value.filename, value.file.read())
        else:
            call.said[name] = value
    return call


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi()


@pytest.fixture
async def base(fake: FakeApi) -> AsyncIterator[str]:
    app = web.Application(client_max_size=64 * 1024**2)
    app.router.add_route("*", "/bot{token}/{method}", fake.handle)
    app.router.add_get("/file/bot{token}/{path:.*}", fake.file)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
async def api(base: str) -> AsyncIterator[Api]:
    async with Api(TOKEN, base) as opened:
        yield opened


@pytest.fixture
def stored() -> dict[str, bytes]:
    """Stored files by hash."""
    return {}


@pytest.fixture
def channel(api: Api, stored: dict[str, bytes]) -> TelegramChannel:
    async def open_file(sha256: str) -> bytes:
        if sha256 not in stored:
            raise FileNotFoundError(sha256)
        return stored[sha256]

    return TelegramChannel(api, open_file)
