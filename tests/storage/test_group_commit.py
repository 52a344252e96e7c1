"""SQLite: transactions that wait for their turn share one COMMIT, and none of the promises."""

# ruff: noqa: PT012 - what is to raise is a whole transaction

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import StatementFailed, Transaction
from storage.sqlite import SqliteDatabase

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    return tmp_path / "group.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(str(path))
    async with opened.transaction() as tx:
        tx.later("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        tx.later(
            "CREATE TABLE lines (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY"
            " DEFERRED)"
        )
    yield opened
    await opened.close()


def add(tx: Transaction, number: int) -> None:
    tx.later("INSERT INTO lines (id) VALUES (:id)", id=number)


async def kept(database: SqliteDatabase) -> set[int]:
    async with database.transaction() as tx:
        return {int(str(row["id"])) for row in await tx.all("SELECT id FROM lines")}


async def commits_of(database: SqliteDatabase) -> list[str]:
    """The COMMITs from now on."""
    seen: list[str] = []
    await database._connection.set_trace_callback(lambda sql: seen.append(sql) if sql == "COMMIT" else None)
    return seen


async def test_those_in_line_share_a_commit(database: SqliteDatabase) -> None:
    commits = await commits_of(database)

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)

    await asyncio.gather(*(write(number) for number in range(50)))
    assert len(commits) <= 2
    assert await kept(database) == set(range(50))


async def test_a_lone_transaction_waits_for_nobody(database: SqliteDatabase) -> None:
    commits = await commits_of(database)
    for number in range(5):
        async with database.transaction() as tx:
            add(tx, number)
    assert len(commits) == 5


async def test_another_process_that_writes_is_waited_for_beside_the_loop(database: SqliteDatabase, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.TaskGroup() as tasks:
        mine = tasks.create_task(kept(database))
        for _ in range(20):  # the loop goes round meanwhile
            await asyncio.sleep(0.001)
        assert not mine.done()
        other.execute("INSERT INTO lines (id) VALUES (7)")
        other.execute("COMMIT")
    other.close()
    assert await mine == {7}


async def test_nobody_hears_of_a_commit_before_it_is_readable_from_outside(
    database: SqliteDatabase, path: Path
) -> None:
    outside = sqlite3.connect(path)
    missing: list[tuple[str, int]] = []

    def look(who: str, number: int) -> None:
        if outside.execute("SELECT 1 FROM lines WHERE id = ?", [number]).fetchone() is None:
            missing.append((who, number))

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)
            await tx.one("SELECT count(*) FROM lines")
            tx.after_commit(lambda: look("act", number))
        look("caller", number)

    await asyncio.gather(*(write(number) for number in range(60)))
    outside.close()
    assert missing == []


async def test_a_reader_does_not_return_what_its_neighbours_have_not_committed(
    database: SqliteDatabase, path: Path
) -> None:
    outside = sqlite3.connect(path)

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)

    async def read() -> tuple[int, int]:
        async with database.transaction() as tx:
            row = await tx.one("SELECT count(*) AS n FROM lines")
        assert row is not None
        return int(str(row["n"])), int(outside.execute("SELECT count(*) FROM lines").fetchone()[0])

    _, (inside, durable), _ = await asyncio.gather(write(1), read(), write(2))
    outside.close()
    assert inside == 1
    assert durable >= inside


async def test_one_that_fails_leaves_its_neighbours_alone(database: SqliteDatabase) -> None:
    acted: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)
            await tx.one("SELECT count(*) FROM lines")
            add(tx, 1000 + number)
            tx.after_commit(lambda: acted.append(number))
            if number % 3 == 0:
                raise RuntimeError
            if number % 3 == 1:
                add(tx, number)  # there already

    outcomes = await asyncio.gather(*(write(number) for number in range(30)), return_exceptions=True)
    good = {number for number, outcome in enumerate(outcomes) if outcome is None}
    assert good == set(range(2, 30, 3))
    assert await kept(database) == good | {1000 + number for number in good}
    assert set(acted) == good


async def test_a_commit_that_fails_fails_for_all_of_its_group(database: SqliteDatabase) -> None:
    acted: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)
            tx.after_commit(lambda: acted.append(number))
            if number == 7:  # the rule is checked at the COMMIT
                tx.later("INSERT INTO lines (id, parent) VALUES (100, 5)")

    outcomes = await asyncio.gather(*(write(number) for number in range(20)), return_exceptions=True)
    good = {number for number, outcome in enumerate(outcomes) if outcome is None}
    assert isinstance(outcomes[7], sqlite3.Error)
    assert await kept(database) == good == set(acted)
    assert len(good) < 19  # some were in that group
    async with database.transaction() as tx:
        add(tx, 500)
    assert 500 in await kept(database)


async def test_an_error_that_takes_everything_back_is_told_to_all_it_took(database: SqliteDatabase) -> None:
    """As a full disk does: SQLite rolls the whole transaction back by itself, savepoints and all."""
    acted: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)
            tx.after_commit(lambda: acted.append(number))
            if number == 5:
                await tx.run("INSERT OR ROLLBACK INTO lines (id) VALUES (0)")

    outcomes = await asyncio.gather(*(write(number) for number in range(12)), return_exceptions=True)
    good = {number for number, outcome in enumerate(outcomes) if outcome is None}
    assert await kept(database) == good == set(acted) == set(range(6, 12))


async def test_after_everything_was_taken_back_nothing_commits_by_itself(database: SqliteDatabase) -> None:
    with pytest.raises(StatementFailed):
        async with database.transaction() as tx:
            add(tx, 1)
            try:
                await tx.run("INSERT OR ROLLBACK INTO lines (id) VALUES (1)")
            except Exception:  # noqa: BLE001 - a body that carries on regardless
                add(tx, 2)
    assert await kept(database) == set()


async def test_one_cancelled_while_it_waits_for_the_commit_hurts_nobody(database: SqliteDatabase) -> None:
    acted: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            add(tx, number)
            tx.after_commit(lambda: acted.append(number))

    for turns in range(20):
        tasks = [asyncio.create_task(write(turns * 10 + number)) for number in range(6)]
        for _ in range(turns * 2):
            await asyncio.sleep(0)
        tasks[2].cancel()
        await asyncio.wait(tasks)
        here = await kept(database)
        assert {turns * 10 + number for number in (0, 1, 3, 4, 5)} <= here
        assert set(acted) == here  # what is durable has its acts, whoever heard of it


async def test_random_transactions_are_whole_or_nothing(database: SqliteDatabase) -> None:
    chance = random.Random(11)

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            for part in range(3):
                add(tx, number * 3 + part)
                if chance.random() < 0.5:
                    await tx.one("SELECT 1")
                if chance.random() < 0.1:
                    raise RuntimeError

    tasks = [asyncio.create_task(write(number)) for number in range(300)]
    while any(not task.done() for task in tasks):
        await asyncio.sleep(0.001)
        chance.choice(tasks).cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    here = await kept(database)
    for number, outcome in enumerate(outcomes):
        parts = here & {number * 3, number * 3 + 1, number * 3 + 2}
        assert len(parts) == 3 if outcome is None else len(parts) in {0, 3}
        if isinstance(outcome, RuntimeError):
            assert not parts


# ---------------------------------------------------------------------------- killed at any moment

WRITER = textwrap.dedent(
    """
    import asyncio, itertools, os, random, sys
    from storage.sqlite import SqliteDatabase

    async def main(path, seed):
        chance = random.Random(seed)
        database = await SqliteDatabase.open(path)
        async with database.transaction() as tx:
            tx.later("CREATE TABLE IF NOT EXISTS lines (id INTEGER PRIMARY KEY)")
            row = await tx.one("SELECT coalesce(max(id), 0) AS n FROM lines")
        numbers = itertools.count(row["n"] + 100000)

        async def work():
            for number in numbers:
                try:
                    async with database.transaction() as tx:
                        tx.later("INSERT INTO lines (id) VALUES (:id)", id=number)
                        await tx.one("SELECT 1")
                        if chance.random() < 0.1:
                            raise KeyError
                except KeyError:
                    continue
                os.write(1, b"%d\\n" % number)  # acknowledged

        os.write(1, b"ready\\n")
        await asyncio.gather(*(work() for _ in range(chance.choice((1, 4, 32)))))

    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
    """
)


def test_nothing_acknowledged_is_missing_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    chance = random.Random(5)
    acknowledged: set[int] = set()
    for seed in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(seed)], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            for _ in range(chance.randrange(1, 400)):
                acknowledged.add(int(process.stdout.readline()))
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read()
        acknowledged |= {int(line) for line in rest.split(b"\n")[:-1]}
        check = sqlite3.connect(path)
        here = {number for (number,) in check.execute("SELECT id FROM lines")}
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        check.close()
        assert acknowledged <= here
    assert len(acknowledged) > 500
