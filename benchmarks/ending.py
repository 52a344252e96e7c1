"""A benchmark that takes minutes ends with its result, or says on stderr why not and exits with a code other than 0."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys
import traceback
from collections.abc import Coroutine
from time import monotonic
from typing import TypeVar

_T = TypeVar("_T")
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_TOO_LATE = 124  # what `timeout` exits with
_CLEARING = 60.0  # seconds to stop what was started; then the process ends wherever it is


class Ended(Exception):
    """A stop signal or the deadline ended it before it had a result."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


class Progress:
    """Lines on stderr, with the seconds since it began."""

    def __init__(self) -> None:
        self._began = monotonic()
        self.last = "nothing yet"

    @property
    def seconds(self) -> float:
        return monotonic() - self._began

    def __call__(self, line: str) -> None:
        self.last = line
        print(f"[{self.seconds:.0f} s] {line}", file=sys.stderr, flush=True)


async def before_deadline(work: Coroutine[object, object, _T], seconds: float) -> _T:
    """What the work comes to. A stop signal or the deadline cancels it, so that it clears away what it started."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    stopped_by: list[signal.Signals] = []

    def stop(by: signal.Signals) -> None:
        if not stopped_by:  # a second one would cut the clearing short
            stopped_by.append(by)
            task.cancel()

    for one in _STOPS:
        loop.add_signal_handler(one, stop, one)
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await task
    except (asyncio.CancelledError, TimeoutError) as error:
        if stopped_by:
            raise Ended(f"stopped by {stopped_by[0].name}", 128 + stopped_by[0]) from error
        if deadline.expired():
            raise Ended(f"not over after its deadline of {seconds:g} s", _TOO_LATE) from error
        raise
    finally:
        for one in _STOPS:
            loop.remove_signal_handler(one)


def run(work: Coroutine[object, object, _T], progress: Progress, deadline: float) -> _T:
    """Play it to its end. Where there is none, say why and how far it was, and exit."""
    faulthandler.dump_traceback_later(deadline + _CLEARING, exit=True)
    try:
        return asyncio.run(before_deadline(work, deadline))
    except Ended as ended:
        why, code = str(ended), ended.code
    except Exception as error:  # noqa: BLE001 - whatever it was, it is told
        traceback.print_exc()
        why, code = f"failed with {type(error).__name__}", 1
    finally:
        faulthandler.cancel_dump_traceback_later()
    print(f"No result: {why}, after {progress.seconds:.0f} s. Last: {progress.last}", file=sys.stderr, flush=True)
    sys.exit(code)
