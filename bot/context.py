"""What every part of the running process needs: the database, the dialogue, the offices, the clock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.updates.throttle import PersonRateLimiter
from conversations.engine.registry import FlowRegistry
from conversations.engine.step import Links
from locales import Catalogues
from services.announcements.policy import DEFAULT, Policy
from services.casework.templates import Templates
from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from services.unit_of_work import LookUpFirst, PrepareFirst, Work
from storage.database import Conflict, Database, Transaction

T = TypeVar("T")
_RACES = 3  # lost to another process, before the failure counts


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """What the running process works with, wired once in `bot.app`."""

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

    def work(self, tx: Transaction, looked_up: dict[Hashable, object] | None = None) -> Work:
        return Work(tx, self.clock(), self.offices, self.calendar, self.random, self.admins, looked_up, self.announcing)

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
