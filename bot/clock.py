"""Acts on what is due: reminders, offers, holds, targets, retention.

Due-ness is derived from rows, so nothing is scheduled and a restart needs no recovery. One process
does it (a lease); each duty runs in a transaction of its own.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.inbox import Desk
from bot.metrics import Metrics
from services.work import Work
from storage import outbox

log = structlog.get_logger()

LEASE = "clock"
_LEASE_SECONDS = 60
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
        self, desk: Desk, duties: Sequence[Duty], wake: Callable[[], None], metrics: Metrics, *, seconds: float
    ) -> None:
        self._desk = desk
        self._duties = duties
        self._wake = wake
        self._metrics = metrics
        self._seconds = seconds
        self._holder = secrets.token_hex(8)
        self._last: dict[str, float] = {}

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.tick()
            try:
                await asyncio.wait_for(stop.wait(), self._seconds)
            except TimeoutError:
                continue
        async with self._desk.database.transaction() as tx:
            outbox.release_lease(tx, LEASE, self._holder)

    async def tick(self, *, everything: bool = False) -> None:
        """Do all that is due now; `everything` also what was done a moment ago."""
        try:
            if not await self._lead():
                return
        except Exception:  # the database may be away for a while: what is due stays due
            log.exception("clock could not start")
            return
        for duty in self._duties:
            now = time.monotonic()
            if not everything and now - self._last.get(duty.name, -duty.every) < duty.every:
                continue
            self._last[duty.name] = now
            await self._do(duty)

    async def _lead(self) -> bool:
        now = self._desk.clock()
        async with self._desk.database.transaction() as tx:
            return await outbox.take_lease(tx, LEASE, self._holder, now, now + timedelta(seconds=_LEASE_SECONDS))

    async def _do(self, duty: Duty) -> None:
        try:
            for _ in range(_ROUNDS):
                async with self._desk.database.transaction() as tx:
                    done = await duty.act(self._desk.work(tx))
                if done == 0:
                    return
                self._metrics.due.labels(duty.name).inc(done)
                self._wake()
        except Exception:  # one duty's defect must not stop the others
            log.exception("duty failed", duty=duty.name)


def now() -> datetime:
    return datetime.now(UTC)


class ShiftedClock:
    """The sandbox's clock: the real one, moved on by whoever tries things out; the shift survives a restart."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shift = timedelta()
        if file.is_file():
            self._shift = timedelta(seconds=float(json.loads(file.read_text(encoding="utf-8"))["seconds"]))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def advance(self, span: timedelta) -> None:
        self._shift += span
        self._file.write_text(json.dumps({"seconds": self._shift.total_seconds()}), encoding="utf-8")
