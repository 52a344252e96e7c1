"""A small Customer Day on the real process: late, with a break, killed on the way, and tapped by two at once."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.customer_day import customer_day
from benchmarks.ending import Ended, before_deadline
from benchmarks.morning import Plan
from tests.e2e.process import ROOT

SMALL = Plan(
    booked=12,
    no_shows=2,
    walk_ins=2,
    wanderers=1,
    leavers=1,
    patient=1,
    slips=1,
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


async def test_who_stops_the_day_is_told_how_far_it_was_and_gets_no_result() -> None:
    day = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.customer_day"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert day.stderr is not None
    while b"people book" not in await day.stderr.readline():
        assert not day.stderr.at_eof(), "it ended before anybody booked"
    day.send_signal(signal.SIGTERM)
    out, errors = await day.communicate()
    assert day.returncode == 128 + signal.SIGTERM
    assert "No result: stopped by SIGTERM" in errors.decode().splitlines()[-1]
    assert out == b""


async def test_a_deadline_ends_what_does_not_end_by_itself() -> None:
    with pytest.raises(Ended, match="deadline") as ended:
        await before_deadline(asyncio.Event().wait(), 0)
    assert ended.value.code != 0


async def test_a_wait_that_was_too_long_is_not_taken_for_the_deadline() -> None:
    async def too_long() -> None:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await before_deadline(too_long(), 60)
