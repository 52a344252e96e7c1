"""The HTTP under python-telegram-bot."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from bot.telegram.api import Api
from bot.telegram.request import AiohttpRequest, scrub

TOKEN = "hidden"


async def silent(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
async def silent_server():
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", silent)
    async with TestServer(app) as server:
        yield server


async def test_a_late_answer_is_a_time_out_without_the_url(silent_server):
    url = str(silent_server.make_url(f"/bot1:{TOKEN}/getMe"))
    async with AiohttpRequest() as request:
        with pytest.raises(TimedOut) as caught:
            await request.post(url, read_timeout=0.01)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_refused_redirect_does_not_take_the_token_elsewhere(silent_server):
    elsewhere = str(silent_server.make_url("/"))

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(elsewhere)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", moved)
    async with TestServer(app) as server, AiohttpRequest() as request:
        with pytest.raises(NetworkError):
            await request.post(str(server.make_url("/bot1:secret/getMe")), read_timeout=5)


async def test_no_error_shows_the_url(fake, base, token):
    async with AiohttpRequest() as request:
        fake.will_break("getMe")
        with pytest.raises(NetworkError) as caught:
            await request.post(f"{base}bot{token}/getMe")
        with pytest.raises(NetworkError) as invalid:
            await request.post(f"http://[bot{token}/getMe")
    for error in (caught.value, invalid.value):
        assert "secret" not in "".join(traceback.format_exception(error))


async def test_it_must_be_open():
    with pytest.raises(NetworkError, match="before it was opened"):
        await AiohttpRequest().post("http://127.0.0.1/bot1:x/getMe")


async def test_it_can_be_opened_and_closed_more_than_once(fake, base, token):
    request = AiohttpRequest()
    for _ in range(2):
        async with request:
            await request.initialize()
            answer = await request.post(f"{base}bot{token}/getMe")
            assert isinstance(answer, dict)
            assert answer["username"] == "desk_bot"
        await request.shutdown()
    assert request.read_timeout == 15
    assert isinstance(request, BaseRequest)


def test_a_token_is_scrubbed_wherever_it_stands():
    assert scrub("POST http://x/bot123:AA-b_c/getMe failed") == "POST http://x/bot***/getMe failed"
    assert scrub("GET http://x/file/bot123%3AAA-b/x") == "GET http://x/file/bot***/x"


def test_the_api_does_not_print_its_token(token):
    api = Api(token)
    assert token not in repr(api)
    assert api.describe(ValueError(f"odd {token}")) == "odd ***"
