"""Alive, ready, counted: what an operator and a load balancer ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.metrics import Metrics
from bot.web import Web
from storage import outbox, updates
from storage.database import Database, Transaction
from storage.ids import ChatId, UpdateId
from storage.records.outbox import OutboxKind
from tests.bot.counter import START


class Away:
    """A database that can be gone, or hang."""

    def __init__(self, database: Database) -> None:
        self.dialect = database.dialect
        self.gone = False
        self.hangs = False
        self._database = database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        await self._be_away()
        async with self._database.transaction() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        await self._be_away()
        async with self._database.read() as tx:
            yield tx

    async def _be_away(self) -> None:
        if self.gone:
            raise OSError("gone, at user:secret@host")
        if self.hangs:
            await asyncio.Event().wait()

    async def close(self) -> None: ...


@pytest.fixture
def away(database: Database) -> Away:
    return Away(database)


@pytest.fixture
def patience() -> float:
    """Longer than a database takes on the busiest machine."""
    return 10.0


@pytest.fixture
async def ask(away: Away, unused_tcp_port: int, patience: float):
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    server = Web(away, Metrics(), [web.get("/hello", hello)], patience=patience)
    await server.start("127.0.0.1", unused_tcp_port)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}") as session:

        async def get(path: str) -> tuple[int, str]:
            async with session.get(path) as answer:
                return answer.status, await answer.text()

        yield get
    await server.stop()


async def test_alive_and_ready(ask) -> None:
    assert await ask("/healthz") == (200, '{"status": "alive"}')
    assert await ask("/readyz") == (200, '{"status": "ready"}')


async def test_not_ready_while_the_database_is_away_and_ready_again_after(ask, away: Away) -> None:
    away.gone = True
    status, body = await ask("/readyz")
    assert status == 503
    assert "OSError" in body
    assert "secret" not in body
    assert (await ask("/healthz"))[0] == 200  # restarting the process would not help
    away.gone = False
    assert (await ask("/readyz"))[0] == 200


@pytest.mark.parametrize("patience", [0.1])
async def test_a_database_that_hangs_is_not_ready_either(ask, away: Away) -> None:
    away.hangs = True
    status, body = await ask("/readyz")
    assert status == 503
    assert "TimeoutError" in body


async def test_what_is_owed_and_parked_is_counted(ask, database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(3):
            outbox.add(tx, channel="telegram", chat=ChatId("1"), kind=OutboxKind.MESSAGE, payload=f"{number}", at=START)
        await updates.failed(tx, "telegram", UpdateId("1"), "{}", "E", 1, START)
    status, page = await ask("/metrics")
    assert status == 200
    assert "customer_day_messages_owed 3.0" in page
    assert "customer_day_dead_letters 1.0" in page
    assert "customer_day_database_up 1.0" in page
    assert "process_resident_memory_bytes" in page


async def test_metrics_are_there_when_the_database_is_not(ask, away: Away) -> None:
    away.gone = True
    status, page = await ask("/metrics")
    assert status == 200
    assert "customer_day_database_up 0.0" in page


async def test_channels_add_their_own(ask) -> None:
    assert await ask("/hello") == (200, "hello")
    assert (await ask("/nowhere"))[0] == 404


async def test_no_answer_says_which_server_it_is(away: Away, unused_tcp_port: int) -> None:
    server = Web(away, Metrics())
    await server.start("127.0.0.1", unused_tcp_port)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}") as session:
        for path in ("/healthz", "/there-is-no-such-page"):
            async with session.get(path) as answer:
                assert "Server" not in answer.headers
    await server.stop()
