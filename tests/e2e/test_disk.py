"""The disk is full, or takes nothing any more, while the bot runs: once there is room, all goes on as before."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.sandbox import FATIMA
from locales import Language
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import MANAMA, Resident

pytestmark = pytest.mark.at_some_instants(0)


@contextmanager
def a_full_disk(town: Municipality) -> Iterator[None]:
    """No file of the bot may grow: what a disk without room does, and one that may only be read."""
    pid = town.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def test_what_was_said_while_the_disk_was_full_is_heard_once_there_is_room(tmp_path: Path) -> None:
    async with municipality(tmp_path) as town:
        fatima = Resident.of(town, Language.AR, FATIMA)
        await fatima.says("/start complain_capital")
        await fatima.sees("When you submit a complaint, we")
        await fatima.taps("📢 Submit a complaint")
        await fatima.sees("What is it about? Choose")
        await town.all_sent()
        with a_full_disk(town):
            await fatima.taps_first()
            await fatima.sends_photos(1, "الحاويات ممتلئة")
            await town.process.logged("update failed")
            await town.process.logged("duties wait for the database or the disk")
        await fatima.sees("Where is it? Share the location or type")
        await fatima.person.shares_location(*MANAMA)
        await fatima.sees("Do you want to submit with")
        with a_full_disk(town):
            await fatima.taps("Without my name")
        await fatima.sees("Check your")
        await fatima.taps("✅ Submit")
        await fatima.sees("We have received your complaint.")
        await town.all_sent()
        assert await town.count("SELECT count(*) AS n FROM dead_letters") == 0
        assert await town.count("SELECT count(*) AS n FROM files WHERE status = 'stored'") == 1
        assert await town.count("SELECT count(*) AS n FROM cases") == 1
        repeated = (
            "duty failed",
            "worker failed",
        )  # with a traceback at every tick, which would fill the disk for good
        assert not any(event in town.process.log for event in repeated)
        assert town.sandbox.violations == []
