"""What is due is done once, by one process, whatever else fails."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.clock import Duty, Timekeeper
from bot.metrics import Metrics
from services.unit_of_work import Work
from storage.database import Conflict, Database, Dialect
from tests.bot.counter import START, desk

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # leases go by the database's own clock
Act = Callable[[Work, int], Awaitable[int]]


def keeper(database: Database, *duties: Duty, wake: Callable[[], None] = lambda: None) -> Timekeeper:
    return Timekeeper(desk(database, lambda: START), duties, wake, Metrics(), seconds=0.01)


def counting(calls: list[str], name: str = "act", amounts: tuple[int, ...] = ()) -> Act:
    """Does something, so often as there are amounts, and then nothing."""
    left = list(amounts)

    async def act(work: Work, limit: int) -> int:
        calls.append(name)
        return left.pop(0) if left else 0

    return act


async def test_a_duty_is_done_until_nothing_is_due_and_wakes_the_sender(database: Database) -> None:
    calls: list[str] = []
    woken: list[int] = []
    await keeper(database, Duty("d", counting(calls, amounts=(5, 2))), wake=lambda: woken.append(1)).tick()
    assert len(calls) == 3
    assert len(woken) == 2


async def test_a_duty_without_end_leaves_the_others_their_turn(database: Database) -> None:
    calls: list[str] = []

    async def endless(_: Work, limit: int) -> int:
        calls.append("endless")
        return 1

    await keeper(database, Duty("endless", endless), Duty("other", counting(calls, "other"))).tick()
    assert calls[-1] == "other"
    assert 1 < calls.count("endless") < 100


async def test_a_rare_duty_with_much_to_do_goes_on_at_the_next_tick(database: Database) -> None:
    calls: list[str] = []
    timekeeper = keeper(database, Duty("rare", counting(calls, amounts=(1,) * 30), every=3600))
    await timekeeper.tick()
    assert 0 < len(calls) < 30
    await timekeeper.tick()
    assert len(calls) == 31
    await timekeeper.tick()
    assert len(calls) == 31


@pytest.mark.parametrize("dialect", [Dialect.SQLITE])  # PostgreSQL's transactions do not wait for each other
async def test_whoever_waits_has_their_turn_between_two_batches(database: Database) -> None:
    order: list[str] = []
    amounts = [1] * 10

    async def batch(work: Work, limit: int) -> int:
        await work.tx.one("SELECT 1")
        order.append("batch")
        return amounts.pop() if amounts else 0

    async def write() -> None:
        while amounts:
            async with database.transaction() as tx:
                await tx.one("SELECT 1")
                order.append("update")

    await asyncio.gather(keeper(database, Duty("d", batch)).tick(), write())
    batches = [place for place, what in enumerate(order) if what == "batch"]
    assert len(batches) == 11
    if database.dialect is Dialect.POSTGRES:  # nobody waits there: transactions run beside each other
        assert "update" in order
        return
    assert all("update" in order[first:second] for first, second in itertools.pairwise(batches[:-1]))


async def test_being_told_to_stop_is_heard_between_two_batches(database: Database) -> None:
    stop = asyncio.Event()
    calls: list[str] = []

    async def batch(_: Work, limit: int) -> int:
        calls.append("batch")
        stop.set()
        return 1

    await keeper(database, Duty("d", batch), Duty("other", counting(calls, "other"))).run(stop)
    assert calls == ["batch"]


@pytest.mark.parametrize(("seconds", "larger"), [(0.05, False), (0.001, True)])
async def test_a_batch_that_took_long_makes_the_next_smaller(database: Database, seconds: float, larger: bool) -> None:
    sizes: list[int] = []
    time = 0.0

    async def batch(_: Work, limit: int) -> int:
        nonlocal time
        sizes.append(limit)
        time += seconds
        return int(len(sizes) < 15)

    context = desk(database, lambda: START)
    duty = Duty("d", batch, most=100)
    await Timekeeper(context, [duty], lambda: None, Metrics(), seconds=0.01, stopwatch=lambda: time).tick()
    assert sizes == sorted(sizes, reverse=not larger)
    assert sizes[-1] == (100 if larger else 1)


async def test_a_defect_in_one_duty_stops_no_other_and_nothing_of_it_is_kept(database: Database) -> None:
    calls: list[str] = []

    async def fails(work: Work, limit: int) -> int:
        await work.tx.run("INSERT INTO visits (link, source, day, count) VALUES ('half', '', :day, 1)", day=work.today)
        raise RuntimeError("a defect")

    async def loses(_: Work, limit: int) -> int:
        raise Conflict("to a resident")

    await keeper(database, Duty("f", fails), Duty("l", loses), Duty("o", counting(calls))).tick()
    assert calls == ["act"]
    async with database.transaction() as tx:
        assert await tx.all("SELECT * FROM visits") == []


async def test_a_rare_duty_is_done_at_once_and_then_rarely_unless_everything_is_asked_for(database: Database) -> None:
    calls: list[str] = []
    timekeeper = keeper(database, Duty("rare", counting(calls, "rare"), every=3600), Duty("often", counting(calls)))
    for _ in range(3):
        await timekeeper.tick()
    assert calls == ["rare", "act", "act", "act"]
    await timekeeper.tick(everything=True)
    assert calls.count("rare") == 2


async def test_a_rare_duty_that_the_machine_kept_from_being_done_is_not_put_off_until_its_next_time(
    database: Database,
) -> None:
    calls: list[str] = []
    full = True

    async def act(work: Work, most: int) -> int:
        calls.append("act")
        if full:
            raise OSError(28, "No space left on device")
        return 0

    timekeeper = keeper(database, Duty("rare", act, every=3600), Duty("other", counting(calls, "other")))
    await timekeeper.tick()
    full = False
    for _ in range(2):
        await timekeeper.tick()
    assert calls == ["act", "other", "act", "other", "other"]


async def test_of_two_processes_one_does_it_until_it_lets_go(database: Database) -> None:
    mine: list[str] = []
    theirs: list[str] = []
    first = keeper(database, Duty("d", counting(mine)))
    second = keeper(database, Duty("d", counting(theirs)))
    stop = asyncio.Event()
    running = asyncio.create_task(first.run(stop))
    while not mine:  # noqa: ASYNC110 - until it has ticked
        await asyncio.sleep(0.005)
    await second.tick()
    assert theirs == []
    stop.set()
    await running
    await second.tick()
    assert theirs == ["act"]


async def test_one_that_died_is_followed_by_another_once_its_lease_has_lapsed(database: Database) -> None:
    theirs: list[str] = []
    await keeper(database, Duty("d", counting([]))).tick()
    second = keeper(database, Duty("d", counting(theirs)))
    await second.tick()
    async with database.transaction() as tx:
        await tx.run("UPDATE leases SET until = :past", past=LONG_AGO)
    await second.tick()
    assert theirs == ["act"]


async def test_two_at_the_same_moment_never_do_it_both(database: Database) -> None:
    inside = most = 0

    async def act(work: Work, limit: int) -> int:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        for _ in range(3):
            await work.tx.one("SELECT 1")
        inside -= 1
        return 0

    await asyncio.gather(*(keeper(database, Duty("d", act)).tick() for _ in range(6)))
    assert most == 1


async def test_ticks_of_one_process_do_not_overlap(database: Database) -> None:
    calls: list[str] = []

    async def act(work: Work, limit: int) -> int:
        calls.append("in")
        await work.tx.one("SELECT 1")
        calls.append("out")
        return 0

    timekeeper = keeper(database, Duty("d", act))
    await asyncio.gather(*(timekeeper.tick(everything=True) for _ in range(5)))
    assert calls == ["in", "out"] * 5


async def test_a_database_that_is_away_stops_nothing(database: Database) -> None:
    calls: list[str] = []
    away = True

    class Away:
        dialect = database.dialect

        def transaction(self):
            if away:
                raise OSError("away")
            return database.transaction()

        def read(self):
            return database.read()

        async def close(self) -> None: ...

    timekeeper = Timekeeper(
        desk(Away(), lambda: START), [Duty("d", counting(calls))], lambda: None, Metrics(), seconds=0.005
    )
    stop = asyncio.Event()
    running = asyncio.create_task(timekeeper.run(stop))
    await asyncio.sleep(0.02)
    away = False
    while not calls:  # noqa: ASYNC110 - until it has ticked
        await asyncio.sleep(0.005)
    away = True
    stop.set()
    await running
