"""A running sandbox and python-telegram-bot's client in front of it, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox import NO_LIMITS, Group, Limits, Sandbox, World, shipped_world
from bot.sandbox.world import shipped_people

TOKEN = "7000001:sandbox"
CAPITAL = -1001000000001
BASIC = -5001
FORUM = -1001000000009


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2025, 11, 9, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def advance(self, by: timedelta) -> None:
        self.now += by


def small_world() -> World:
    world = shipped_world([("capital", "أمانة العاصمة", CAPITAL)])
    people = tuple(person.id for person in shipped_people())
    basic = Group(BASIC, "Old group", people[3:], people[5:])
    forum = Group(FORUM, "Forum", people[3:], people[5:], forum=True)
    return World(world.people.values(), [*world.groups.values(), basic, forum])


@asynccontextmanager
async def running(
    *,
    world: World | None = None,
    limits: Limits = NO_LIMITS,
    journal: Path | None = None,
    clock: Callable[[], datetime] | None = None,
    advance: Callable[[timedelta], Awaitable[None]] | None = None,
    repeat: int = 1,
) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(
        world or small_world(),
        token=TOKEN,
        limits=limits,
        journal=journal,
        clock=clock or Clock(),
        advance=advance,
        repeat=repeat,
        webhook_pauses=(0.01, 0.02),
    )
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def ptb(sandbox: Sandbox, token: str = TOKEN) -> AsyncIterator[Bot]:
    """python-telegram-bot's own client, pointed at the sandbox."""
    bot = Bot(
        token,
        base_url=f"{sandbox.url}/bot",
        base_file_url=f"{sandbox.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )
    async with bot:
        yield bot


async def eventually(holds: Callable[[], bool], within: float = 60.0) -> None:
    """Wait for something that another task brings about."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
