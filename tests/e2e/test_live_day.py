"""A small Customer Day on the real process: late, with a break, killed on the way, and tapped by two at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from benchmarks.customer_day import customer_day
from benchmarks.morning import Plan

SMALL = Plan(
    booked=12,
    no_shows=2,
    walk_ins=2,
    wanderers=1,
    leavers=1,
    patient=1,
    pause=10,
    pause_after=timedelta(minutes=25),
    kill_after=timedelta(minutes=45),
)


async def test_nobody_is_called_twice_or_forgotten_and_no_phone_rings_twice(tmp_path: Path) -> None:
    figures = await customer_day(tmp_path, SMALL, slots=6)

    assert figures.called_twice == 0
    assert figures.forgotten == 0
    assert figures.seats_doubled == 0
    assert figures.pushes_doubled == 0
    assert figures.worse_unsaid == 0
