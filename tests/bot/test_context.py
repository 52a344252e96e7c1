"""What takes long to read is read outside the transaction that needs it."""

from __future__ import annotations

import asyncio

import pytest

from services.unit_of_work import Work
from storage.database import Conflict, Database
from tests.bot.counter import START, desk


async def visits(work: Work) -> int:
    return len(await work.tx.all("SELECT * FROM visits"))


async def visit(work: Work, link: str) -> None:
    await work.tx.run(
        "INSERT INTO visits (link, source, day, count) VALUES (:link, '', :day, 1)", link=link, day=work.today
    )


async def test_a_look_up_sees_what_was_committed_and_its_transaction_happens_once(database: Database) -> None:
    context = desk(database, lambda: START)

    async def act(work: Work) -> int:
        await visit(work, f"by {await work.look_up('visits', visits)}")
        return await work.look_up("visits", visits)

    assert [await context.attempt(act) for _ in range(3)] == [0, 1, 2]
    async with context.read() as work:
        assert await visits(work) == 3


async def test_nothing_is_kept_of_what_was_done_before_the_look_up(database: Database) -> None:
    context = desk(database, lambda: START)
    tries = 0

    async def act(work: Work) -> int:
        nonlocal tries
        tries += 1
        await visit(work, "once")
        return await work.look_up("visits", visits)

    assert await context.attempt(act) == 0
    assert tries == 2
    async with context.read() as work:
        assert await visits(work) == 1


async def test_others_write_while_somebody_looks_something_up(database: Database) -> None:
    context = desk(database, lambda: START)
    written = asyncio.Event()

    async def slow(work: Work) -> int:
        before = await visits(work)
        await written.wait()  # would never come, if whoever writes had to wait for this
        return before

    async def write() -> None:
        await context.attempt(lambda work: visit(work, "other"))
        written.set()

    found, _ = await asyncio.gather(context.attempt(lambda work: work.look_up("slow", slow)), write())
    assert found in {0, 1}


async def test_a_look_up_that_changes_something_fails(database: Database) -> None:
    context = desk(database, lambda: START)
    with pytest.raises(Exception, match=r"read-?only|readonly"):
        await context.attempt(lambda work: work.look_up("writes", lambda reading: visit(reading, "never")))
    async with context.read() as work:
        assert await visits(work) == 0


async def test_work_without_look_ups_reads_in_its_own_transaction(database: Database) -> None:
    context = desk(database, lambda: START)
    async with context.begin() as work:
        await visit(work, "own")
        assert await work.look_up("visits", visits) == 1


async def test_races_are_tried_three_times_whatever_was_looked_up(database: Database) -> None:
    context = desk(database, lambda: START)
    tries = 0

    async def loses(work: Work) -> None:
        nonlocal tries
        await work.look_up("visits", visits)
        tries += 1
        raise Conflict("lost")

    with pytest.raises(Conflict):
        await context.attempt(loses)
    assert tries == 3


async def test_what_takes_long_to_make_is_made_outside_the_transaction_and_once(database: Database) -> None:
    context = desk(database, lambda: START)
    written = asyncio.Event()
    made = 0

    async def make() -> int:
        nonlocal made
        made += 1
        await written.wait()  # would never come, if whoever writes had to wait for this
        return 7

    async def act(work: Work) -> int:
        await visit(work, "prepared")
        return await work.prepare("number", make)

    async def write() -> None:
        await context.attempt(lambda work: visit(work, "other"))
        written.set()

    found, _ = await asyncio.gather(context.attempt(act), write())
    assert (found, made) == (7, 1)
    async with context.read() as work:
        assert await visits(work) == 2


async def test_one_thing_is_prepared_at_a_time(database: Database) -> None:
    context = desk(database, lambda: START)
    at_once = most = 0

    async def make() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    await asyncio.gather(*(context.attempt(lambda work: work.prepare("it", make)) for _ in range(5)))
    assert most == 1
