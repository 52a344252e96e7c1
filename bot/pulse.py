"""The bot's sign of life, by which it knows after an outage how long it was away.

Telegram keeps taps for 150 seconds and everything else for 24 hours (`docs/telegram-rules.md`). Whoever tapped while
the bot was away longer is helped at their next message (`bot.updates.inbox`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.context import AppContext
from bot.workers import repeat
from storage import outages

#: So long taps are kept for a bot that is away; a shorter absence costs nothing.
TAPS_KEPT: Final = timedelta(seconds=150)
_SECONDS: Final = 5.0
_DEAF_SECONDS: Final = 60.0  # a long poll and its margin; without an answer for so long, Telegram is not reached

log = structlog.get_logger()


class Pulse:
    """Gives a sign of life every few seconds, while Telegram is heard of where we `ask` it for updates.

    How long this process was silent its own monotonic clock says: the desk's may be moved on to try things out.
    """

    def __init__(self, context: AppContext, *, asks: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._context = context
        self._asks = asks
        self._monotonic = monotonic
        self._heard_at = monotonic()
        self._beat_at: float | None = None

    def heard(self) -> None:
        """Telegram has answered."""
        self._heard_at = self._monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Beat until `stop`, and once more then."""
        await repeat(self.beat, stop, seconds=_SECONDS)
        try:
            await self.beat()
        except Exception:  # the database may be away
            log.exception("last sign of life not written")

    async def beat(self) -> None:
        if self._asks and self._monotonic() - self._heard_at > _DEAF_SECONDS:
            return
        silent = self._beat_at is None or self._monotonic() - self._beat_at > TAPS_KEPT.total_seconds()
        now = self._context.clock()
        async with self._context.database.transaction() as tx:
            last = await outages.last_sign(tx)
            if silent and last is not None and now - last > TAPS_KEPT:
                await outages.add(tx, last, now)
                log.warning("away longer than Telegram keeps taps", seconds=int((now - last).total_seconds()))
            await outages.sign(tx, now)
            found = await outages.latest(tx)
        self._context.outage = found
        self._beat_at = self._monotonic()
