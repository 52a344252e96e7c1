"""The loop that the process's background workers share: act, survive a failure, wait for work or for the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from storage.database import is_passing, trouble_of

log = structlog.get_logger()


async def repeat(
    act: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    *,
    seconds: float,
    awake: asyncio.Event | None = None,
) -> None:
    """Run `act` again and again until `stop`: after so many seconds, or at once where `awake` was set meanwhile.

    A failure is logged and waits for the next round: what is due is in the database, and stays due.
    """
    stopping = asyncio.create_task(stop.wait())
    awake = awake or asyncio.Event()
    try:
        while not stop.is_set():
            awake.clear()
            try:
                await act()
            except Exception as error:  # the database or the network may be away for a while
                worker = getattr(act, "__qualname__", "")
                if is_passing(error):
                    log.warning("worker waits for the machine or the network", worker=worker, error=trouble_of(error))
                else:
                    log.exception("worker failed", worker=worker)
                awake.clear()
            woken = asyncio.create_task(awake.wait())
            await asyncio.wait({woken, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
    finally:
        stopping.cancel()


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, but not past the end."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
