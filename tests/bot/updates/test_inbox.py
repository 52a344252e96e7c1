"""An update is one transaction: its effects are all there or none is, and once, however often it comes."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.metrics import Metrics
from bot.updates.inbox import TRIES, Inbox, OutboundPorts
from conversations.engine.engine import ALBUM_QUIET
from conversations.engine.messages import FileKind, Incoming, IncomingFile, Kind, Outgoing, TapAnswer
from storage import outbox, updates
from storage.database import Conflict, Database, DatabaseUnavailable
from storage.ids import UpdateId
from tests.bot.counter import START, count, desk, heard, owed, rows, said


class Worker:
    """One process's inbox."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: START) -> None:
        self.woken = 0
        self.fetches = 0
        self.answers: list[TapAnswer] = []
        self.metrics = Metrics()
        ports = OutboundPorts(wake=self._wake, answer=lambda _, answer: self.answers.append(answer), split=self._split)
        self.inbox = Inbox(desk(database, clock), ports, self.metrics, self._fetch)

    def _wake(self) -> None:
        self.woken += 1

    def _fetch(self) -> None:
        self.fetches += 1

    @staticmethod
    def _split(_: str, message: Outgoing) -> tuple[Outgoing, ...]:
        return (message,)


@pytest.fixture
def worker(database: Database) -> Worker:
    return Worker(database)


# ---------------------------------------------------------------------------- once


async def test_an_update_moves_the_conversation_and_owes_its_answer(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(1, "hello"))
    assert await heard(database) == [("hello",)]
    assert await owed(database) == ["heard hello"]
    assert worker.woken == 1
    assert b'customer_day_updates_total{channel="telegram",outcome="handled"} 1.0' in worker.metrics.page()


async def test_the_same_update_five_times_has_one_effect(database: Database, worker: Worker) -> None:
    for _ in range(5):
        await worker.inbox.receive(said(1, "hello"))
    assert await heard(database) == [("hello",)]
    assert await owed(database) == ["heard hello"]


@pytest.mark.parametrize("known", [False, True])
async def test_the_same_update_five_times_at_once_has_one_effect(database: Database, known: bool) -> None:
    if known:
        await Worker(database).inbox.receive(said(1, "first"))
    workers = [Worker(database) for _ in range(5)]
    await asyncio.gather(*(worker.inbox.receive(said(2, "hello")) for worker in workers))
    assert await heard(database) == [("first", "hello") if known else ("hello",)]
    assert (await owed(database))[-1:] == ["heard first hello" if known else "heard hello"]
    assert await count(database, "outbox") == 1 + known
    assert sum(worker.woken for worker in workers) == 1


async def test_two_first_updates_of_a_newcomer_at_once_are_both_heard(database: Database) -> None:
    for turn in range(5):
        workers = [Worker(database) for _ in range(2)]
        who = f"{turn}"
        await asyncio.gather(
            workers[0].inbox.receive(said(10 * turn + 1, "a", who=who)),
            workers[1].inbox.receive(said(10 * turn + 2, "b", who=who)),
        )
    assert all(sorted(words) == ["a", "b"] for words in await heard(database))
    assert await count(database, "residents") == 5


async def test_many_updates_of_one_person_at_once_lose_none(database: Database) -> None:
    await Worker(database).inbox.receive(said(0, "w0"))
    workers = [Worker(database) for _ in range(4)]
    await asyncio.gather(*(workers[n % 4].inbox.receive(said(n, f"w{n}")) for n in range(1, 25)))
    (words,) = await heard(database)
    assert sorted(words) == sorted(f"w{n}" for n in range(25))


async def test_two_newcomers_at_once_are_two_people(database: Database) -> None:
    workers = [Worker(database) for _ in range(2)]
    await asyncio.gather(
        workers[0].inbox.receive(said(1, "a", who="1")), workers[1].inbox.receive(said(2, "b", who="2"))
    )
    assert sorted(await heard(database)) == [("a",), ("b",)]


async def test_a_tap_is_answered_also_when_it_comes_again(worker: Worker) -> None:
    for _ in range(2):
        await worker.inbox.receive(said(1, kind=Kind.CHOICE, choice="nonsense", tap="t1"))
    assert [answer.tap for answer in worker.answers] == ["t1", "t1"]


# ---------------------------------------------------------------------------- all or nothing


async def test_a_defect_leaves_nothing_behind_and_wakes_nobody(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(1, "before"))
    with pytest.raises(RuntimeError, match="a defect in the dialogue"):
        await worker.inbox.receive(said(2, "write and fail", tap="t"))
    assert await heard(database) == [("before",)]
    assert await owed(database) == ["heard before"]
    assert await count(database, "visits") == 0
    assert await count(database, "updates") == 1
    assert (await rows(database, "SELECT name FROM residents"))[0]["name"] == ""
    assert worker.woken == 1
    assert worker.answers == []
    await worker.inbox.receive(said(3, "after"))
    assert await heard(database) == [("before", "after")]


async def test_a_newcomers_defect_leaves_not_even_the_newcomer(database: Database, worker: Worker) -> None:
    with pytest.raises(RuntimeError):
        await worker.inbox.receive(said(1, "write and fail"))
    assert await count(database, "residents") == 0


async def test_a_lost_race_is_run_again(database: Database) -> None:
    moments = itertools.count()
    worker = Worker(database, lambda: START + timedelta(seconds=next(moments)))
    async with database.transaction() as tx:  # the first moment is taken
        await tx.run(
            "INSERT INTO visits (link, source, day, count) VALUES (:link, '', :day, 1)",
            link=START.isoformat(),
            day=START.date(),
        )
    await worker.inbox.receive(said(1, "visit"))
    assert await heard(database) == [("visit",)]
    assert await owed(database) == ["heard visit"]
    assert await count(database, "visits") == 2
    assert worker.woken == 1


async def test_a_race_lost_over_and_over_is_a_failure(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(1, "visit"))
    with pytest.raises(Conflict):
        await worker.inbox.receive(said(2, "visit", who="2"))  # the clock stands still
    assert await heard(database) == [("visit",)]


# ---------------------------------------------------------------------------- set aside


async def test_an_update_that_keeps_failing_is_set_aside_with_its_error(database: Database, worker: Worker) -> None:
    raw = b'{"update_id": 7, "text": "write \x00 and fail"}'
    dead_letters = []
    for _ in range(TRIES):
        with pytest.raises(RuntimeError) as raised:
            await worker.inbox.receive(said(7, "write and fail"), raw)
        dead_letters.append(await worker.inbox.count_failure("telegram", UpdateId("7"), raw, raised.value))
    assert dead_letters == [False, False, True]
    async with database.transaction() as tx:
        (row,) = await updates.dead_letters(tx)
    assert row.update_id == "7"
    assert row.tries == TRIES
    assert row.error.startswith("RuntimeError at conversations/engine/engine.py:")
    assert row.error.endswith(": a defect in the dialogue")
    assert row.what.startswith("RuntimeError at conversations/engine/engine.py:")
    assert "defect" not in row.what
    assert row.first_at == row.dead_at == START
    (told,) = await owed(database)
    assert "We could not process" in told
    page = worker.metrics.page()
    assert b'customer_day_updates_total{channel="telegram",outcome="failed"} 2.0' in page
    assert b'customer_day_updates_total{channel="telegram",outcome="dead"} 1.0' in page


async def test_trouble_of_the_machine_is_not_held_against_an_update(database: Database, worker: Worker) -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorname = "SQLITE_BUSY"
    for trouble in (DatabaseUnavailable("away"), TimeoutError(), locked):
        for _ in range(TRIES + 1):
            assert not await worker.inbox.count_failure("telegram", UpdateId("7"), b"{}", trouble)
    async with database.transaction() as tx:
        assert await updates.count_dead_letters(tx) == 0


async def test_one_that_fails_less_often_is_not_set_aside(database: Database, worker: Worker) -> None:
    assert not await worker.inbox.count_failure("telegram", UpdateId("7"), b"{}", RuntimeError("once"))
    await worker.inbox.receive(said(7, "hello"))
    async with database.transaction() as tx:
        assert await updates.count_dead_letters(tx) == 0
    assert await heard(database) == [("hello",)]


# ---------------------------------------------------------------------------- albums, groups, people who leave


def photo(update_id: int, album: str) -> Incoming:
    file = IncomingFile(kind=FileKind.PHOTO, remote_id=f"r{update_id}", unique_id=f"u{update_id}")
    return said(update_id, kind=Kind.MEDIA, files=(file,), album=album)


async def test_an_album_gets_one_answer_after_its_last_photo(database: Database, worker: Worker) -> None:
    for number in range(1, 6):
        await worker.inbox.receive(photo(number, "album"))
    assert await heard(database) == [("photo",) * 5]
    assert await owed(database) == ["heard photo photo photo photo photo"]
    assert len(await owed(database, "superseded")) == 4
    assert worker.fetches == 5
    async with database.transaction() as tx:
        assert await outbox.due(tx, START, 9) == []
        assert len(await outbox.due(tx, START + ALBUM_QUIET, 9)) == 1


async def test_two_albums_get_an_answer_each(database: Database, worker: Worker) -> None:
    for number in range(1, 5):
        await worker.inbox.receive(photo(number, f"album {number // 3}"))
    assert len(await owed(database)) == 2


def in_group(update_id: int, kind: Kind, **more: Any) -> Incoming:
    return said(update_id, kind=kind, chat="-1001", group=True, **more)


async def test_what_happens_in_a_group_is_handled_once_and_makes_nobody_a_resident(
    database: Database, worker: Worker
) -> None:
    update = in_group(1, Kind.JOINED)
    await worker.inbox.receive(update)
    await asyncio.gather(*(Worker(database).inbox.receive(update) for _ in range(4)))
    assert len(await owed(database)) == 1
    assert await count(database, "residents") == 0
    assert worker.woken == 1


async def test_talk_in_a_group_is_not_answered(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(in_group(1, Kind.TEXT, text="hello all"))
    assert await owed(database) == []
    assert worker.woken == 0


async def test_a_group_that_moved_is_owed_at_its_new_address(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(in_group(1, Kind.JOINED))
    await worker.inbox.receive(in_group(2, Kind.MIGRATED, new_chat="-100999"))
    assert {row["chat"] for row in await rows(database, "SELECT chat FROM outbox")} == {"-100999"}
    async with database.transaction() as tx:
        assert await outbox.moved_chats(tx) == {("telegram", "-1001"): "-100999"}


async def test_one_who_blocks_the_bot_is_not_reachable_until_they_write(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(1, "hello"))
    for update_id, kind, reachable in ((2, Kind.BLOCKED, False), (3, Kind.UNBLOCKED, True), (4, Kind.BLOCKED, False)):
        await worker.inbox.receive(said(update_id, kind=kind))
        (row,) = await rows(database, "SELECT reachable FROM residents")
        assert bool(row["reachable"]) is reachable
    assert await owed(database) == ["heard hello"]
    await worker.inbox.receive(said(5, "again"))
    (row,) = await rows(database, "SELECT reachable FROM residents")
    assert row["reachable"]
