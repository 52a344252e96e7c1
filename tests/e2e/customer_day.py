"""`customer-day` at the time of a test: `python -m tests.e2e.customer_day run`.

The test says in `TEST_CLOCK` when its time began; the process, however often it is started, shares it.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from bot.cli import main

VARIABLE = "TEST_CLOCK"
_DOUBLE = "<d"
_WIDTH = struct.calcsize(_DOUBLE)


class MovableClock:
    """Runs as time does, from an agreed moment, and can be moved on."""

    def __init__(self, start: datetime, began: float | None = None) -> None:
        self._start = start
        self._began = monotonic() if began is None else began  # all processes of a machine read the same

    @classmethod
    def of(cls, text: str) -> MovableClock:
        start, began, *file = text.split(" ", 2)
        if file:
            return SharedClock(datetime.fromisoformat(start), Path(file[0]), float(began))
        return cls(datetime.fromisoformat(start), float(began))

    def __str__(self) -> str:
        return f"{self._start.isoformat()} {self._began!r}"

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._began)

    def advance(self, span: timedelta) -> None:
        self._start += span


class SharedClock(MovableClock):
    """A clock that several processes share and one of them moves on: by how much is in a file."""

    def __init__(self, start: datetime, file: Path, began: float | None = None) -> None:
        super().__init__(start, began)
        self._file = file
        if not file.exists():
            file.write_bytes(bytes(_WIDTH))
        with file.open("r+b") as opened:
            self._moved = mmap.mmap(opened.fileno(), _WIDTH)

    def __str__(self) -> str:
        return f"{super().__str__()} {self._file}"

    def __call__(self) -> datetime:
        (seconds,) = struct.unpack(_DOUBLE, self._moved[:_WIDTH])
        return super().__call__() + timedelta(seconds=seconds)

    def advance(self, span: timedelta) -> None:
        (seconds,) = struct.unpack(_DOUBLE, self._moved[:_WIDTH])
        self._moved[:_WIDTH] = struct.pack(_DOUBLE, seconds + span.total_seconds())


if __name__ == "__main__":
    sys.exit(main(clock=MovableClock.of(os.environ[VARIABLE])))
