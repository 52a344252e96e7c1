"""`customer-day` at the time of a test: `python -m tests.e2e.customer_day run`.

The test says in `TEST_CLOCK` when its time began; the process, however often it is started, shares it.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from time import monotonic

from bot.cli import main

VARIABLE = "TEST_CLOCK"


class MovableClock:
    """Runs as time does, from an agreed moment, and can be moved on."""

    def __init__(self, start: datetime, began: float | None = None) -> None:
        self._start = start
        self._began = monotonic() if began is None else began  # all processes of a machine read the same

    @classmethod
    def of(cls, text: str) -> MovableClock:
        start, _, began = text.partition(" ")
        return cls(datetime.fromisoformat(start), float(began))

    def __str__(self) -> str:
        return f"{self._start.isoformat()} {self._began!r}"

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._began)

    def advance(self, span: timedelta) -> None:
        self._start += span


if __name__ == "__main__":
    sys.exit(main(clock=MovableClock.of(os.environ[VARIABLE])))
