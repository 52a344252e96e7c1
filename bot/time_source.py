"""Where the process takes the time from: the machine's clock, or in the sandbox one that can be moved on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def clock_file(folder: Path) -> Path:
    """Where a sandbox keeps how far its time was moved on. A folder that has it belongs to a sandbox."""
    return folder / "sandbox-clock.json"


def clock_of(folder: Path, source: Clock = now) -> Clock:
    """The time in a data folder: the sandbox's where one lives there, so that what is done beside it fits in."""
    file = clock_file(folder)
    return ShiftedClock(file, source) if file.is_file() else source


class ShiftedClock:
    """The sandbox's clock: another one, moved on by whoever tries things out; the shift survives a restart."""

    def __init__(self, file: Path, source: Clock = now) -> None:
        self._file = file
        self._source = source
        self._shift = timedelta()
        if file.is_file():
            self._shift = _shift_in(file)

    def __call__(self) -> datetime:
        return self._source() + self._shift

    def start_at(self, moment: datetime | None) -> None:
        """Let it be that moment; None leaves the clock as it is. Raises ValueError where it is later already.

        A sandbox without a clock yet is new, and may begin in the past as well.
        """
        span = moment - self() if moment is not None else timedelta()
        if self._file.is_file() and span < timedelta():
            raise ValueError(f"time only moves on: in this sandbox it is {self():%Y-%m-%dT%H:%M}Z already")
        self._move(span)

    def advance(self, span: timedelta) -> None:
        """Move time on. Never back: what was done would not have happened yet."""
        if span < timedelta():
            raise ValueError("time only moves on")
        self._move(span)

    def _move(self, span: timedelta) -> None:
        self._shift += span
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"seconds": self._shift.total_seconds()}), encoding="utf-8")
        part.replace(self._file)  # whole or not at all


def _shift_in(file: Path) -> timedelta:
    """Raises ValueError where the file is not what a sandbox writes."""
    try:
        return timedelta(seconds=float(json.loads(file.read_text(encoding="utf-8"))["seconds"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        like = '{"seconds": 3600}'
        raise ValueError(f"{file}: expected how far the sandbox's time was moved on, like {like}") from None
