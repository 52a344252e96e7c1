"""Fetches the files people sent, once, behind the conversation: an answer never waits for a download."""

from __future__ import annotations

import asyncio

import structlog

from bot.channel import Channel
from bot.inbox import Desk
from services.attachments import Store, fetch_due

log = structlog.get_logger()

_IDLE_SECONDS = 10.0  # how often what failed before, or what another worker left, is looked for


class Fetcher:
    """Fetches until told to stop. `wake` it when a file was sent."""

    def __init__(self, desk: Desk, channel: Channel, store: Store) -> None:
        self._desk = desk
        self._channel = channel
        self._store = store
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            self._awake.clear()
            try:
                while await fetch_due(self._desk.begin, self._channel.fetch, self._store) and not stop.is_set():
                    pass
            except Exception:  # what is wanted stays wanted
                log.exception("fetching failed")
            woken = asyncio.create_task(self._awake.wait())
            await asyncio.wait({woken, stopping}, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
        stopping.cancel()
