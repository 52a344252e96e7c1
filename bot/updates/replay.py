"""Handles dead letters that an operator gave back (`customer-day dead-letters --replay`).

In the order they came, each in its chat's turn, by one process at a time. If that process dies, another retries the
update. It takes effect once, because its row goes with the commit of what it causes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from bot.context import AppContext
from bot.lease_owner import holder_name
from bot.updates.inbox import Inbox
from bot.workers import repeat
from conversations.engine.messages import Incoming
from storage import leases, updates
from storage.database import is_passing, trouble_of
from storage.updates import DeadLetter

log = structlog.get_logger()

LEASE = "again"
_LEASE_SECONDS = 60.0
_AT_ONCE = 20  # under one lease

InTurn = Callable[[bytes], AbstractAsyncContextManager[Incoming | None]]
"""What somebody did by a channel's raw update, while it is its chat's turn; None where it concerns nobody."""


class Replay:
    """Looks for what was given back, of one channel, until told to stop."""

    def __init__(self, context: AppContext, inbox: Inbox, channel: str, in_turn: InTurn, *, seconds: float) -> None:
        self._context = context
        self._inbox = inbox
        self._channel = channel
        self._in_turn = in_turn
        self._seconds = seconds
        self._holder = holder_name()

    async def run(self, stop: asyncio.Event) -> None:
        await repeat(self.round, stop, seconds=self._seconds)

    async def round(self) -> None:
        """Take all that was given back by now. Never raises: what could not be taken is still there."""
        try:
            while waiting := await self._waiting():
                for update in waiting:
                    if not await self._take(update):
                        return  # what comes after it waits, too
        except Exception as error:  # the database is away
            if is_passing(error):
                log.warning("dead letters wait for the database or the disk", error=trouble_of(error))
                return
            log.exception("dead letters could not be replayed")

    async def _waiting(self) -> list[DeadLetter]:
        async with self._context.database.transaction() as tx:
            waiting = await updates.to_replay(tx, self._channel, _AT_ONCE)
            if waiting and not await leases.take(tx, LEASE, self._holder, _LEASE_SECONDS):
                return []  # another worker is at it
            return waiting

    async def _take(self, update: DeadLetter) -> bool:
        """Whether the next may be taken: this one is done, or set aside again."""
        try:
            async with self._in_turn(update.raw.encode()) as said:
                await self._inbox.replay(update.channel, update.update_id, said)
        except Exception as error:  # whatever it is, it must not cost the others
            log.exception("update failed again", update_id=update.update_id)
            return await self._inbox.count_failed_replay(update.channel, update.update_id, error)
        log.info("update taken again", update_id=update.update_id)
        return True
