"""An announcement goes out while the bot is killed: nobody is left out, and few are told twice."""

from __future__ import annotations

from pathlib import Path

from benchmarks.announcement import announcement

KILLS = 2
RATE = 100


async def test_killed_on_the_way_it_still_reaches_everybody(tmp_path: Path) -> None:
    figures = await announcement(tmp_path, 400, KILLS, RATE)

    assert figures.missed == 0
    assert figures.violations == 0
    assert figures.doubled <= KILLS * RATE  # those on their way: at most what a second lets through
