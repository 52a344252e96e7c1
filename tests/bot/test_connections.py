"""Whoever opens connections and says nothing costs nobody else an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.connections import Patience, read_body
from bot.metrics import Metrics
from bot.web import Web
from storage.database import Database, Dialect

LONG = 600.0
UNHURRIED = Patience(header=LONG, idle=LONG, body=LONG, connections=4)
HELLO = b"GET /hello HTTP/1.1\r\nHost: here\r\n\r\n"
SOON = 60.0  # far longer than anything here takes


@pytest.fixture
def dialect() -> Dialect:
    """A connection is the same before either database."""
    return Dialect.SQLITE


class Caller:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, text: bytes) -> None:
        self.writer.write(text)
        await self.writer.drain()

    async def status(self) -> int:
        """Of the next answer."""
        async with asyncio.timeout(SOON):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")
            )
            await self.reader.readexactly(length)
        return int(head.split()[1])

    async def is_hung_up_on(self) -> None:
        async with asyncio.timeout(SOON):
            try:
                assert await self.reader.read() == b""
            except ConnectionError:
                return


class Place:
    """A server with an answer that takes as long as the test wants, and the callers it has."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open_ = asyncio.Event()
        self.asked = asyncio.Semaphore(0)
        self.callers: list[Caller] = []

    async def call(self) -> Caller:
        self.callers.append(Caller(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.callers[-1]

    async def slow(self, _: web.Request) -> web.Response:
        self.asked.release()
        await self.open_.wait()
        return web.Response(text="at last")


@pytest.fixture
def serving(database: Database, unused_tcp_port: int):
    @asynccontextmanager
    async def serve(clients: Patience) -> AsyncIterator[Place]:
        place = Place(unused_tcp_port)

        async def hello(_: web.Request) -> web.Response:
            return web.Response(text="hello")

        async def read(request: web.Request) -> web.Response:
            body = await read_body(request, 100, clients.body)
            return web.Response(text="too long" if body is None else f"{len(body)}")

        routes = [web.get("/hello", hello), web.get("/slow", place.slow), web.post("/read", read)]
        server = Web(database, Metrics(), routes, clients=clients)
        await server.start("127.0.0.1", unused_tcp_port)
        try:
            yield place
        finally:
            place.open_.set()
            for caller in place.callers:
                caller.writer.close()
            await server.stop()

    return serve


async def test_a_connection_that_sends_no_request_is_hung_up_on(serving) -> None:
    async with serving(Patience(header=0.05)) as place:
        silent, slow = await place.call(), await place.call()
        await slow.says(b"GET /hello HTTP/1.1\r\nHost: he")
        await silent.is_hung_up_on()
        await slow.is_hung_up_on()


async def test_a_second_request_has_no_more_time_for_its_header(serving) -> None:
    async with serving(Patience(header=0.5, idle=LONG)) as place:
        caller = await place.call()
        await caller.says(HELLO)
        assert await caller.status() == 200
        await caller.says(b"GET /hello HTTP/1.1\r\n")
        await caller.is_hung_up_on()


async def test_a_connection_between_two_requests_is_kept_and_not_for_ever(serving) -> None:
    async with serving(Patience(header=LONG, idle=0.5)) as place:
        caller = await place.call()
        for _ in range(3):
            await caller.says(HELLO)
            assert await caller.status() == 200
        await caller.is_hung_up_on()


async def test_a_body_that_does_not_come_is_not_waited_for(serving) -> None:
    async with serving(Patience(body=0.05)) as place:
        caller = await place.call()
        await caller.says(b"POST /read HTTP/1.1\r\nHost: here\r\nContent-Length: 50\r\n\r\nonly this")
        assert await caller.status() == 408


async def test_where_all_places_are_taken_the_one_that_was_quiet_for_longest_gives_way(serving) -> None:
    async with serving(UNHURRIED) as place:
        first, *others = [await place.call() for _ in range(4)]
        for caller in others:  # they are served, and so were quiet for less long
            await caller.says(HELLO)
            assert await caller.status() == 200
        newcomer = await place.call()
        await newcomer.says(HELLO)
        assert await newcomer.status() == 200
        await first.is_hung_up_on()
        await others[0].says(HELLO)
        assert await others[0].status() == 200


async def test_whoever_is_being_answered_keeps_their_place_and_the_next_one_is_told(serving) -> None:
    async with serving(UNHURRIED) as place:
        for _ in range(4):
            await (await place.call()).says(HELLO.replace(b"hello", b"slow"))
            await place.asked.acquire()
        newcomer = await place.call()
        await newcomer.says(HELLO)
        assert await newcomer.status() == 503
        await newcomer.is_hung_up_on()
        place.open_.set()
        for caller in place.callers[:4]:
            assert await caller.status() == 200


async def test_a_place_is_free_again_once_somebody_leaves(serving) -> None:
    async with serving(UNHURRIED) as place:
        for _ in range(12):
            caller = await place.call()
            await caller.says(HELLO)
            assert await caller.status() == 200
            caller.writer.close()
            await caller.writer.wait_closed()
