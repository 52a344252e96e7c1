"""Fetches the files people sent, once, behind the conversation: an answer never waits for a download."""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.channel import Channel
from bot.context import AppContext
from bot.workers import repeat
from services.files.attachments import Store, fetch_due, sweep

log = structlog.get_logger()

_IDLE_SECONDS = 10.0  # how often what failed before, or what another worker left, is looked for
_SWEEP_SECONDS = 3600.0


class Fetcher:
    """Fetches until told to stop. `wake` it when a file was sent."""

    def __init__(self, context: AppContext, channel: Channel, store: Store) -> None:
        self._context = context
        self._channel = channel
        self._store = store
        self._awake = asyncio.Event()
        self._next_sweep = 0.0

    def wake(self) -> None:
        self._awake.set()

    async def _sweep(self) -> None:
        """Now and then remove what no row names any more."""
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + _SWEEP_SECONDS
        if removed := await sweep(self._context.begin, self._store, self._context.read):
            log.info("files removed", count=removed)

    async def run(self, stop: asyncio.Event) -> None:
        async def fetch_all() -> None:
            while await fetch_due(self._context.begin, self._channel.fetch, self._store) and not stop.is_set():
                pass
            await self._sweep()

        await repeat(fetch_all, stop, seconds=_IDLE_SECONDS, awake=self._awake)
