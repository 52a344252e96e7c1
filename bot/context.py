"""What every part of the running process needs: the database, the dialogue, the offices, the clock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.updates.throttle import PersonRateLimiter
from conversations.engine.registry import FlowRegistry
from conversations.engine.step import Links
from locales import Catalogues, Language
from services.announcements.policy import DEFAULT, Policy
from services.casework.templates import Templates
from services.offices import changes
from services.offices.configuration import Configuration
from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from services.understanding.understanding import Rulebook
from services.unit_of_work import LookUpFirst, PrepareFirst, Work
from storage import configuration as rows
from storage.configuration import ChangeRow
from storage.database import Conflict, Database, Transaction
from storage.outages import Outage

log = structlog.get_logger()

T = TypeVar("T")
_RACES = 3  # lost to another process, before the failure counts


@dataclass(slots=True, kw_only=True)
class AppContext:
    """What the running process works with, wired once in `bot.app`.

    `offices`, `calendar` and `templates` begin as the files say, and follow what administrators change
    (`catch_up`): ask for them when they are needed, and keep none of them.
    """

    database: Database
    registry: FlowRegistry
    catalogues: Catalogues
    offices: Offices
    calendar: WorkingCalendar
    links: Links
    clock: Callable[[], datetime]
    random: random.Random
    pace: PersonRateLimiter = field(default_factory=PersonRateLimiter)
    admins: frozenset[str] = frozenset()  # addresses of those who administer every office
    announcing: Policy = DEFAULT
    templates: Templates = field(default_factory=Templates)  # ready texts for staff
    # One at a time is prepared, so that what takes much memory takes it once.
    preparing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    reconfigured: asyncio.Event = field(default_factory=asyncio.Event)  # an administrator here has changed something
    rulebook: Rulebook = field(default_factory=Rulebook)  # what people's words are understood with
    written: Callable[[Offices, Templates, Collection[str]], Configuration] = changes.start  # the files, as their data
    outage: Outage | None = field(default=None, init=False)  # the last in which what people tapped may have been lost
    left_out: tuple[ChangeRow, ...] = field(default=(), init=False)  # changes that do not fit the files
    configuration: Configuration = field(init=False)

    def __post_init__(self) -> None:
        start = self.written(self.offices, self.templates, tuple(Language))
        self.configuration = replace(start, changed=self.reconfigured.set)

    def work(self, tx: Transaction, looked_up: dict[Hashable, object] | None = None) -> Work:
        return Work(
            tx,
            self.clock(),
            self.offices,
            self.calendar,
            self.random,
            self.admins,
            looked_up,
            self.announcing,
            self.configuration,
            self.rulebook,
        )

    async def catch_up(self) -> bool:
        """Follow what administrators have changed since, on any worker; whether that was anything."""
        known = self.configuration
        async with self.database.read() as tx:
            if await rows.version(tx) == known.version:
                return False
            made = await rows.since(tx, known.version)
        found = await asyncio.to_thread(changes.catch_up, known, made)
        await asyncio.to_thread(self.rulebook.of, found.present.offices)
        if self.configuration is known:  # else somebody else has followed meanwhile
            now = found.present
            self.offices, self.templates, self.configuration = now.offices, now.templates, now.configuration
            self.calendar = self.calendar.following(now.offices)
            self.left_out += found.left_out
            for change in found.left_out:
                log.warning(
                    "a change does not fit the offices file", change=change.version, place=".".join(change.path)
                )
        return True

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Work in a transaction of its own."""
        async with self.database.transaction() as tx:
            yield self.work(tx)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """Work that only reads, and that nobody waits for."""
        async with self.database.read() as tx:
            yield self.work(tx)

    async def attempt(self, act: Callable[[Work], Awaitable[T]]) -> T:
        """Run `act` in a transaction, at most three times where another process was faster. Raises Conflict then.

        Where it needs a slow read, the read runs outside the transaction, and `act` runs again with the result.
        """
        looked_up: dict[Hashable, object] = {}
        races = 0
        while True:
            try:
                async with self.database.transaction() as tx:
                    return await act(self.work(tx, looked_up))
            except LookUpFirst as needed:
                async with self.read() as work:
                    looked_up[needed.question] = await needed.read(work)
            except PrepareFirst as needed:
                async with self.preparing:
                    looked_up[needed.question] = await needed.make()
            except Conflict:
                races += 1
                if races == _RACES:
                    raise
