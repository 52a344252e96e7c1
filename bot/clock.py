"""Acts on what is due: reminders, offers, holds, targets, retention.

Due-ness is derived from rows, so nothing is scheduled and a restart needs no recovery. One process
does it: each batch of a duty is a transaction of its own, which also takes the lease, so two never do it at once.

An update waits for one batch at most. How many rows fit into a batch depends on the machine and on how much of the
database is in memory, so the clock finds out by trying: a slow batch makes the next one smaller. After each batch it
rests twice as long as the batch took, so a backlog does not hold up incoming updates.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.context import AppContext
from bot.lease_owner import holder_name
from bot.metrics import Metrics
from bot.workers import pause, repeat
from services.unit_of_work import Work
from storage import leases
from storage.database import Conflict, is_passing, trouble_of

log = structlog.get_logger()

LEASE = "clock"
_LEASE_SECONDS = 60.0
_ROUNDS = 20  # of one duty before the others have their turn
_FIRST = 2  # rows in the first batch of a duty, when little of it may be in memory
_SLOW, _QUICK = 0.015, 0.004  # seconds that a batch may take, and below which the next may be larger
_LONGEST_REST = 0.5


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the clock looks after. `act` handles at most so many due items and returns how many it handled.

    The clock calls it until it returns 0.
    """

    name: str
    act: Callable[[Work, int], Awaitable[int]]
    every: float = 0.0  # seconds; 0 is at each tick
    most: int = 200  # rows in one batch


class Timekeeper:
    """Runs the duties, every few seconds, until told to stop."""

    def __init__(
        self,
        context: AppContext,
        duties: Sequence[Duty],
        wake: Callable[[], None],
        metrics: Metrics,
        *,
        seconds: float,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._context = context
        self._duties = duties
        self._wake = wake
        self._metrics = metrics
        self._seconds = seconds
        self._stopwatch = stopwatch
        self._holder = holder_name()
        self._last: dict[str, float] = {}
        self._sizes: dict[str, int] = {}
        self._turn = asyncio.Lock()
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        self._stop = stop
        await repeat(self.tick, stop, seconds=self._seconds)
        try:
            async with self._context.database.transaction() as tx:
                leases.release(tx, LEASE, self._holder)
        except Exception:  # it lapses by itself
            log.exception("the clock's lease could not be given back")

    async def tick(self, *, everything: bool = False) -> None:
        """Do all that is due now; `everything` also what was done a moment ago."""
        async with self._turn:  # one tick at a time, also when time is moved on
            troubles: Counter[str] = Counter()
            for duty in self._duties:
                now = time.monotonic()
                due = everything or now - self._last.get(duty.name, float("-inf")) >= duty.every
                # Where more is left than its rounds allow, it goes on at the next tick.
                if due and not self._stop.is_set() and await self._do(duty, troubles):
                    self._last[duty.name] = now
            if troubles:
                log.warning("duties wait for the database or the disk", errors=dict(troubles))

    def is_done(self, duty: Duty) -> bool:
        """Whether nothing of a duty was left when it was done last."""
        return duty.name in self._last

    async def _do(self, duty: Duty, troubles: Counter[str]) -> bool:
        """Whether it is done for now. What the machine is to blame for is counted among its `troubles`."""
        try:
            for _ in range(_ROUNDS):
                done, seconds = await self._round(duty)
                if not done:
                    return True
                self._metrics.due.labels(duty.name).inc(done)
                self._wake()
                await pause(self._stop, min(2 * seconds, _LONGEST_REST))
                if self._stop.is_set():
                    return False
        except Conflict:  # to a resident or to staff: what is due stays due
            log.info("duty lost a race", duty=duty.name)
        except Exception as error:  # one duty's defect, or a database that is away, must not stop the others
            if is_passing(error):  # every duty fails then, at every tick: a full disk is not filled with tracebacks
                troubles[trouble_of(error)] += 1
                return False
            log.exception("duty failed", duty=duty.name)
        else:
            return False
        return True

    async def _round(self, duty: Duty) -> tuple[int, float]:
        """One batch: how much was done, and how long others waited for it."""
        size = min(self._sizes.get(duty.name, _FIRST), duty.most)
        async with self._context.begin() as work:
            if not await leases.take(work.tx, LEASE, self._holder, _LEASE_SECONDS):
                return 0, 0.0
            began = self._stopwatch()
            done = await duty.act(work, size)
            seconds = self._stopwatch() - began
        if seconds > _SLOW:
            size = max(1, size // 2)
        elif seconds < _QUICK:
            size *= 2
        self._sizes[duty.name] = min(size, duty.most)
        return done, seconds
