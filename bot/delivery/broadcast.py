"""Announcements on their way into the outbox, and what became of them out of it again.

One process does it, under a lease that each batch takes in its own transaction. A batch is to take a few milliseconds:
how many rows that is is found by trying, as the clock finds it. Between two batches everybody else has their turn.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.context import AppContext
from bot.delivery.enqueue import Split
from bot.lease_owner import holder_name
from bot.workers import pause, repeat
from conversations.announcements.post import Edition
from services.announcements import delivery
from services.announcements.model import Announcement, AnnouncementId, Status
from services.unit_of_work import Work
from storage import leases
from storage.database import Conflict

log = structlog.get_logger()

LEASE = "announcements"
_LEASE_SECONDS = 30.0
_EVERY = 0.25  # seconds between two looks while something is under way
_IDLE = 0.5
_SLOW, _QUICK = 0.012, 0.004  # seconds that a batch may take, and below which the next may be larger
_FIRST_WINDOW, _MOST_IN_WINDOW = 64, 2048  # residents looked at in one batch
_FIRST_BATCH, _MOST_IN_BATCH = 16, 512  # recipients told in one batch
_LONGEST_REST = 0.05
_AT_A_STRETCH = 0.25  # seconds of counting, before what was counted is sent on

Act = Callable[[Work, Announcement, int], Awaitable[tuple[Announcement, int]]]
"""Do so much of an announcement in a transaction; how it stands then, and how much was done."""


class Broadcaster:
    """Sends announcements until told to stop. `wake` tells the dispatcher that something is owed."""

    def __init__(
        self,
        context: AppContext,
        split: Split,
        wake: Callable[[], None],
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._context = context
        self._split = split
        self._wake = wake
        self._stopwatch = stopwatch
        self._holder = holder_name()
        self._stop = asyncio.Event()
        self._window, self._batch = _FIRST_WINDOW, _FIRST_BATCH

    async def run(self, stop: asyncio.Event) -> None:
        self._stop = stop

        async def rounds() -> None:
            while await self.round() and not stop.is_set():
                await pause(stop, _EVERY)

        await repeat(rounds, stop, seconds=_IDLE)
        try:
            async with self._context.database.transaction() as tx:
                leases.release(tx, LEASE, self._holder)
        except Exception:  # it lapses by itself
            log.exception("the lease on announcements could not be given back")

    async def round(self) -> bool:
        """One look at all that is under way; whether there is anything."""
        async with self._context.read() as work:
            found = await delivery.at_work(work)
        for announcement in found:
            try:
                if not await self._advance(announcement.id):
                    return False
            except Conflict:
                log.info("announcement lost a race", announcement=announcement.id)
            except Exception:  # a defect in one must not stop the others
                log.exception("announcement failed", announcement=announcement.id)
            if self._stop.is_set():
                return False
        return bool(found)

    async def _advance(self, number: AnnouncementId) -> bool:
        """Do what is due about one; False where another process does it."""
        announcement = await self._do(number, self._begin, 0)
        if announcement is None:
            return False
        for act in (self._note, self._owe, self._walk):
            announcement, self._batch = await self._sized(number, act, self._batch, _MOST_IN_BATCH)
        self._wake()
        began = time.monotonic()
        while time.monotonic() - began < _AT_A_STRETCH and not self._stop.is_set():
            before = announcement
            announcement, self._window = await self._sized(number, self._go_through, self._window, _MOST_IN_WINDOW)
            if announcement == before or (announcement.total and not before.total):
                break  # nothing is left; or the first are to be told before the rest are counted
        await self._do(number, self._finish, 0)
        return True

    async def _sized(self, number: AnnouncementId, act: Act, size: int, most: int) -> tuple[Announcement, int]:
        """A batch of a size that is found by trying; how the announcement stands, and the size of the next."""
        took = 0.0

        async def timed(work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
            nonlocal took
            began = self._stopwatch()
            stands, done = await act(work, announcement, limit)
            took = self._stopwatch() - began
            return stands, done

        stands = await self._do(number, timed, size)
        if stands is None:
            raise Conflict  # another process has the lease now
        if took > _SLOW:
            size = max(1, size // 2)
        elif took < _QUICK:
            size = min(most, size * 2)
        await pause(self._stop, min(took, _LONGEST_REST))
        return stands, size

    async def _do(self, number: AnnouncementId, act: Act, limit: int) -> Announcement | None:
        """In a transaction of its own, with the lease; None where another process has it, or nothing is there."""
        async with self._context.begin() as work:
            if not await leases.take(work.tx, LEASE, self._holder, _LEASE_SECONDS):
                return None
            announcement = await delivery.locked(work, number)
            if announcement is None:
                return None
            return (await act(work, announcement, limit))[0]

    # ------------------------------------------------------------------------ what is done in a batch

    async def _begin(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        if announcement.status is not Status.SCHEDULED:
            return announcement, 0
        return await delivery.begin(work, announcement, self._edition().parts), 0

    async def _go_through(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        return await delivery.go_through(work, announcement, limit), limit

    async def _note(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        return await delivery.note(work, announcement, limit, self._edition().edit)

    async def _owe(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        room = await delivery.room(work, announcement)
        return await delivery.owe(work, announcement, min(limit, room), self._edition().parts)

    async def _walk(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        room = await delivery.room(work, announcement)
        return await delivery.walk(work, announcement, min(limit, room), self._edition().edit)

    async def _finish(self, work: Work, announcement: Announcement, limit: int) -> tuple[Announcement, int]:
        return await delivery.finish(work, await delivery.report(work, announcement)), 0

    def _edition(self) -> Edition:
        """Words for one batch: what is said once serves all of the same language."""
        return Edition(self._context.catalogues, self._context.links, self._split)
