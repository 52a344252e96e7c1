"""The sandbox's clock: moved on, kept over a restart, never turned back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.time_source import ShiftedClock
from tests.bot.counter import START

WEEK = timedelta(days=7)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def clock(file: Path) -> ShiftedClock:
    return ShiftedClock(file, lambda: START)


def test_it_goes_as_its_source_until_it_is_moved(file: Path) -> None:
    assert clock(file)() == START


def test_it_moves_on_and_remembers_it(file: Path) -> None:
    moved = clock(file)
    moved.advance(WEEK)
    assert moved() == clock(file)() == START + WEEK


def test_time_does_not_go_back(file: Path) -> None:
    with pytest.raises(ValueError, match="only moves on"):
        clock(file).advance(timedelta(seconds=-1))


@pytest.mark.parametrize("span", [-WEEK, timedelta(), WEEK])
def test_a_new_one_starts_at_any_time(file: Path, span: timedelta) -> None:
    clock(file).start_at(START + span)
    assert clock(file)() == START + span


def test_one_that_runs_already_starts_no_earlier(file: Path) -> None:
    clock(file).start_at(None)
    with pytest.raises(ValueError, match="it is 2026-11-22T06:00Z already"):
        clock(file).start_at(START - WEEK)
    clock(file).start_at(START + WEEK)
    assert clock(file)() == START + WEEK
