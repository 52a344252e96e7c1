"""The bot is away for longer than Telegram keeps what people did: they are told, and asked the last question again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident

TOLD = "We could not be reached from"
MESSAGES = "We did not receive messages that you sent before"
WHICH_DAY = "people face to face. Which day suits you?"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, in_process=True) as started:
        yield started


async def _is_asked_for_a_day(resident: Resident) -> None:
    await resident.says("/start book_capital")
    await resident.sees(WHICH_DAY)
    await resident.town.all_sent()


async def _is_away(town: Municipality, span: timedelta) -> None:
    town.clock.advance(span)
    await town.task.start()
    await town.sandbox.drained()


def _told(resident: Resident, text: str = TOLD) -> int:
    return sum(resident.words(text) in one.text for one in resident.person.messages)


@pytest.mark.parametrize("language", BOTH)
async def test_a_tap_that_is_gone_is_asked_for_again(town: Municipality, language: str) -> None:
    resident = Resident.of(town, language)  # type: ignore[arg-type]
    await _is_asked_for_a_day(resident)
    await town.task.stop()
    await resident.taps_day()
    await _is_away(town, timedelta(seconds=200))
    await resident.person.quiet()  # Telegram has forgotten the tap, and nobody is disturbed

    await resident.says("?")
    await resident.sees(TOLD)
    await resident.sees(WHICH_DAY)
    assert _told(resident, MESSAGES) == 0
    await resident.taps_day()
    await resident.sees("Which time suits you? A meeting")
    await resident.says("/help")
    await resident.is_answered()
    assert _told(resident) == 1, "once is enough"


@pytest.mark.parametrize("language", BOTH)
async def test_after_more_than_a_day_messages_are_gone_too(town: Municipality, language: str) -> None:
    resident = Resident.of(town, language)  # type: ignore[arg-type]
    await _is_asked_for_a_day(resident)
    await town.task.stop()
    await resident.says("Any day in the morning")
    await _is_away(town, timedelta(hours=26))
    await resident.says("/menu")
    await resident.sees(TOLD)
    assert _told(resident, MESSAGES) == 1


async def test_a_short_absence_costs_nothing_and_is_not_spoken_of(town: Municipality) -> None:
    resident = Resident.of(town, BOTH[1])
    await _is_asked_for_a_day(resident)
    await town.task.stop()
    await resident.taps_day()
    await _is_away(town, timedelta(seconds=60))  # of the 150 for which Telegram keeps a tap
    await resident.sees("Which time suits you? A meeting")
    await resident.says("/help")
    await resident.is_answered()
    assert _told(resident) == 0


async def test_a_clock_that_is_moved_on_is_no_outage(town: Municipality) -> None:
    resident = Resident.of(town, BOTH[1])
    await _is_asked_for_a_day(resident)
    await town.task.advance(timedelta(hours=3))
    await resident.says("/help")
    await resident.is_answered()
    await town.all_sent()
    assert _told(resident) == 0
    assert await town.count("SELECT count(*) AS n FROM outages") == 0
