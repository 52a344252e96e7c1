"""The sandbox: an embedded Bot API server, its people, and the page of their phones.

It imports nothing of the bot's rooms. The bot talks to it over HTTP as it talks to Telegram.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.sandbox.api import Api, Refusal, Trouble
from bot.sandbox.delivery import DEFAULT_PAUSES, Delivery
from bot.sandbox.exchange import Exchange
from bot.sandbox.files import FileStore
from bot.sandbox.groups import GroupActs
from bot.sandbox.journal import Journal
from bot.sandbox.limits import TELEGRAM_LIMITS, FloodGate, Limits
from bot.sandbox.page import Page
from bot.sandbox.params import MAX_UPLOAD
from bot.sandbox.people import Person
from bot.sandbox.wire import Wire, is_loopback
from bot.sandbox.world import BotStatus, World

_BODY_LIMIT = 64 * 1024 * 1024  # bytes; above what Telegram takes, so that its own refusal is seen


class LoopbackOnly(ValueError):
    """The sandbox was asked to listen where others could reach it. Anyone there could play anyone."""


class Sandbox:
    """One world behind one bot token.

    `clock` is the time messages carry. `advance`, where given, moves that clock from the page.
    `journal` keeps the world over restarts. `repeat` delivers each update that many times.
    """

    def __init__(
        self,
        world: World,
        *,
        token: str,
        limits: Limits = TELEGRAM_LIMITS,
        journal: Path | None = None,
        clock: Callable[[], datetime],
        advance: Callable[[timedelta], Awaitable[None]] | None = None,
        repeat: int = 1,
        webhook_pauses: Sequence[float] = DEFAULT_PAUSES,
    ) -> None:
        self.world = world
        self.token = token
        self._journal = Journal(journal) if journal is not None else None
        files = FileStore(world, journal.with_name(f"{journal.name}.files") if journal is not None else None)
        delivery = Delivery(world, clock=clock, repeat=repeat, pauses=webhook_pauses, on_method=self._run_reply)
        self._exchange = Exchange(world, files, FloodGate(limits), delivery, limits, clock, world.bot.wire())
        self._api = Api(self._exchange, token)
        self._page = Page(self._exchange, GroupActs(self._exchange), advance, token)
        self._people: dict[int, Person] = {}
        self._runner: web.AppRunner | None = None
        self.url = ""

    # ------------------------------------------------------------------ running

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Replay the journal and listen. Raises LoopbackOnly, JournalDamaged, or OSError where the port is taken."""
        _check_loopback(host)
        if self._journal is not None:
            self._journal.replay(self.world)
            self._journal.open()
            self.world.record = self._journal.write
        app = web.Application(client_max_size=_BODY_LIMIT)
        app[MAX_UPLOAD] = _BODY_LIMIT
        app.add_routes([*self._api.routes(), *self._page.routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        bound = self._runner.addresses[0][1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        self._exchange.delivery.restart()

    async def stop(self) -> None:
        await self._page.stop()
        await self._exchange.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._journal is not None:
            self.world.record = None
            self._journal.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # ------------------------------------------------------------------ for tests

    def person(self, person_id: int) -> Person:
        """The person with this id, always the same one. Raises KeyError for nobody."""
        if person_id not in self._people:
            self.world.people[person_id]
            self._people[person_id] = Person(self.acts, person_id)
        return self._people[person_id]

    @property
    def acts(self) -> GroupActs:
        return self._page.acts

    @property
    def violations(self) -> list[Refusal]:
        """Calls that broke a rule of Telegram's the bot could have kept: 429, parse errors, wrong fields."""
        return self._api.violations

    @property
    def refusals(self) -> list[Refusal]:
        """All refused calls, with those that no bot can avoid: blocked, message gone, not modified."""
        return self._api.refusals

    @property
    def calls(self) -> Counter[str]:
        """How often each method was called."""
        return self._api.calls

    @property
    def repeat(self) -> int:
        return self._exchange.delivery.repeat

    @repeat.setter
    def repeat(self, times: int) -> None:
        self._exchange.delivery.repeat = times

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of `method` go wrong, in this order."""
        self._api.troubles.setdefault(method.lower(), deque()).extend(troubles)

    async def drained(self, within: float = 30.0) -> None:
        """Wait until the bot has confirmed every update. Raises AssertionError after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._exchange.delivery.drained()
        except TimeoutError:
            waiting = list(self.world.pending)
            raise AssertionError(f"the bot has not confirmed updates {waiting} within {within:g} s") from None

    def bot_in_group(self, group_id: int, status: BotStatus, *, by: int) -> None:
        """Add the bot to a group, make it an ordinary member, or throw it out."""
        self.acts.set_bot_status(by, group_id, status)

    def migrate(self, group_id: int, new_id: int, *, by: int) -> None:
        """Turn a group into a supergroup with a new id."""
        self.acts.migrate(by, group_id, new_id)

    async def _run_reply(self, call: Wire) -> None:
        await self._api.run_reply(call)


def _check_loopback(host: str) -> None:
    if not is_loopback(host):
        raise LoopbackOnly(
            f"the sandbox listens on 127.0.0.0/8, ::1 or localhost, not on {host!r}: "
            "whoever reaches it can act as any resident or member of staff"
        )
