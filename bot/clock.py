"""Acts on what is due: reminders, offers, holds, targets, retention.

Due-ness is derived from rows, so nothing is scheduled and a restart needs no recovery. One process
does it: each duty runs in a transaction of its own, which also takes the lease, so two never do it at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.context import AppContext
from bot.lease_owner import holder_name
from bot.metrics import Metrics
from bot.workers import repeat
from services.unit_of_work import Work
from storage import leases
from storage.database import Conflict

log = structlog.get_logger()

LEASE = "clock"
_LEASE_SECONDS = 60.0
_ROUNDS = 20  # of one duty before the others have their turn


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be looked after: `act` does what is due and says how much that was."""

    name: str
    act: Callable[[Work], Awaitable[int]]
    every: float = 0.0  # seconds; 0 is at each tick


class Timekeeper:
    """Runs the duties, every few seconds, until told to stop."""

    def __init__(
        self, context: AppContext, duties: Sequence[Duty], wake: Callable[[], None], metrics: Metrics, *, seconds: float
    ) -> None:
        self._context = context
        self._duties = duties
        self._wake = wake
        self._metrics = metrics
        self._seconds = seconds
        self._holder = holder_name()
        self._last: dict[str, float] = {}
        self._turn = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        await repeat(self.tick, stop, seconds=self._seconds)
        try:
            async with self._context.database.transaction() as tx:
                leases.release(tx, LEASE, self._holder)
        except Exception:  # it lapses by itself
            log.exception("the clock's lease could not be given back")

    async def tick(self, *, everything: bool = False) -> None:
        """Do all that is due now; `everything` also what was done a moment ago."""
        async with self._turn:  # one tick at a time, also when time is moved on
            for duty in self._duties:
                now = time.monotonic()
                if everything or now - self._last.get(duty.name, float("-inf")) >= duty.every:
                    self._last[duty.name] = now
                    await self._do(duty)

    async def _do(self, duty: Duty) -> None:
        try:
            for _ in range(_ROUNDS):
                done = await self._round(duty)
                if not done:
                    return
                self._metrics.due.labels(duty.name).inc(done)
                self._wake()
        except Conflict:  # to a resident or to staff: what is due stays due
            log.info("duty lost a race", duty=duty.name)
        except Exception:  # one duty's defect, or a database that is away, must not stop the others
            log.exception("duty failed", duty=duty.name)

    async def _round(self, duty: Duty) -> int:
        async with self._context.begin() as work:
            if not await leases.take(work.tx, LEASE, self._holder, _LEASE_SECONDS):
                return 0
            return await duty.act(work)
