"""The sign of life: how long the bot was away is known by what it wrote down, and by whether Telegram answers."""

from __future__ import annotations

from datetime import timedelta

from bot.pulse import TAPS_KEPT, Pulse
from storage import outages
from storage.database import Database
from storage.outages import Outage
from tests.bot.counter import START, desk

SECOND = timedelta(seconds=1)


class Watch:
    """Both clocks of a process: the desk's, and the one that nobody moves."""

    def __init__(self) -> None:
        self.now = START
        self.seconds = 0.0

    def passes(self, span: timedelta) -> None:
        self.now += span
        self.seconds += span.total_seconds()


def pulse(database: Database, watch: Watch, *, asks: bool = True) -> Pulse:
    return Pulse(desk(database, lambda: watch.now), asks=asks, monotonic=lambda: watch.seconds)


async def known(database: Database) -> Outage | None:
    async with database.transaction() as tx:
        return await outages.latest(tx)


async def test_a_process_that_starts_late_knows_since_when_nobody_was_heard(database: Database) -> None:
    watch = Watch()
    await pulse(database, watch).beat()
    watch.passes(TAPS_KEPT + SECOND)
    await pulse(database, watch).beat()
    assert await known(database) == Outage(began_at=START, ended_at=watch.now)


async def test_a_start_soon_after_costs_nothing(database: Database) -> None:
    watch = Watch()
    await pulse(database, watch).beat()
    watch.passes(TAPS_KEPT)
    await pulse(database, watch).beat()
    assert await known(database) is None


async def test_while_telegram_does_not_answer_there_is_no_sign(database: Database) -> None:
    watch = Watch()
    heart = pulse(database, watch)
    await heart.beat()
    for _ in range(5):
        watch.passes(60 * SECOND)
        await heart.beat()
    last = START + 60 * SECOND
    heart.heard()
    await heart.beat()
    assert await known(database) == Outage(began_at=last, ended_at=watch.now)


async def test_by_webhook_being_there_is_enough(database: Database) -> None:
    watch = Watch()
    heart = pulse(database, watch, asks=False)
    for _ in range(10):
        await heart.beat()
        watch.passes(60 * SECOND)
    assert await known(database) is None


async def test_while_another_process_is_there_nobody_was_away(database: Database) -> None:
    watch = Watch()
    one, other = pulse(database, watch), pulse(database, watch, asks=False)
    for _ in range(5):
        await one.beat()
        await other.beat()
        watch.passes(60 * SECOND)
    one.heard()
    await one.beat()
    assert await known(database) is None
