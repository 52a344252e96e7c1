"""What screens of an office's day are fed with: one reader for all that look at it, however many they are.

The first screen starts the reader and the last one ends it. It reads once a second, outside any transaction, and wakes
its screens where anything has changed. What another process changes is therefore seen as soon as what this one does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()

Read = Callable[[], Awaitable[bytes]]
_SECONDS = 1.0
_STALE_SECONDS = 8.0  # since it was last read, before a screen is let believe that it lost the connection


class Full(Exception):
    """As many screens look as may."""


@dataclass(slots=True)
class Feed:
    """One office's day as it was last read."""

    read: Read
    seconds: float
    clients: int = 0
    state: bytes = b""
    version: int = 0
    read_at: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.read_at < _STALE_SECONDS

    async def wait(self, seen: int, seconds: float) -> None:
        """Until there is something newer than `seen`, but no longer than so many seconds."""
        if self.version == seen:
            try:
                await asyncio.wait_for(self.changed.wait(), seconds)
            except TimeoutError:
                return

    async def run(self) -> None:
        while True:
            try:
                state = await self.read()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; screens say that it is
                log.warning("the queue could not be read for the screens", error=type(error).__name__)
            else:
                self.read_at = time.monotonic()
                if state != self.state:
                    self.publish(state)
            await asyncio.sleep(self.seconds)

    def publish(self, state: bytes) -> None:
        self.state = state
        self.wake()

    def wake(self) -> None:
        self.version += 1
        before, self.changed = self.changed, asyncio.Event()
        before.set()


class Feeds:
    """All of them, with a limit to how many screens look at one, and at all."""

    def __init__(self, *, each: int = 20, in_all: int = 200, seconds: float = _SECONDS) -> None:
        self._each, self._in_all, self._seconds = each, in_all, seconds
        self._feeds: dict[Hashable, Feed] = {}
        self.closed = False

    @property
    def clients(self) -> int:
        return sum(feed.clients for feed in self._feeds.values())

    @property
    def readers(self) -> int:
        return len(self._feeds)

    @asynccontextmanager
    async def looking(self, key: Hashable, read: Read) -> AsyncIterator[Feed]:
        """The feed of a day for one more screen. Raises Full."""
        feed = self._feeds.get(key)
        if self.closed or self.clients >= self._in_all or (feed is not None and feed.clients >= self._each):
            raise Full
        if feed is None:
            feed = self._feeds[key] = Feed(read, self._seconds)
            feed.task = asyncio.create_task(feed.run())
        feed.clients += 1
        try:
            yield feed
        finally:
            feed.clients -= 1
            if feed.clients == 0:
                del self._feeds[key]
                await _end(feed)

    async def stop(self) -> None:
        """End what screens look at, so that the process need not wait for them."""
        self.closed = True
        for feed in list(self._feeds.values()):
            feed.wake()


async def _end(feed: Feed) -> None:
    assert feed.task is not None  # noqa: S101 - it began with the feed
    feed.task.cancel()
    await asyncio.gather(feed.task, return_exceptions=True)
