"""What happened, a line an event, so that a world survives its process."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from bot.sandbox.events import EVENT, Acting
from bot.sandbox.world import Event, World


class JournalDamaged(ValueError):
    """A line of the journal other than the last cannot be read."""


class Journal:
    """An append-only file. Each event is one write, so a killed process tears the last line at most."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def replay(self, world: World) -> None:
        """Bring `world` to where the journal ends. A torn last line is cut off; another raises JournalDamaged."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self.path, whole)
        for number, line in enumerate(content[:whole].splitlines(), 1):
            try:
                event = EVENT.validate_python(orjson.loads(line))
            except ValueError as error:
                raise JournalDamaged(f"{self.path}, line {number}: {error}") from error
            world.apply(event)

    def open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, event: Event) -> None:
        """Append `event`. The operating system has it when this returns, whatever becomes of the process."""
        if self._descriptor is not None and not isinstance(event, Acting):
            os.write(self._descriptor, orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
