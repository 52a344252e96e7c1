"""One who sends too much at once is asked to wait, once; nobody else notices, and nothing they entered is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.updates.throttle import GroupRateLimiter, PersonRateLimiter
from conversations.engine.messages import FileKind, IncomingFile, Kind
from storage.database import Database
from storage.ids import OfficeId
from tests.bot.counter import START, count, heard, owed, rows
from tests.bot.counter import said as said_
from tests.bot.updates.test_inbox import Worker
from tests.roles import give_role, on_telegram

MOST = PersonRateLimiter().most
ASKED = "⏳ <b>You have sent too many messages at once.</b>"


def said(update_id: int, text: str = "", *, seconds: float = 0, **more):
    return said_(update_id, text, at=START + timedelta(seconds=seconds), **more)


@pytest.fixture
async def worker(database: Database) -> Worker:
    """Somebody has sent all that is read of them in the minute that ends at 60 seconds."""
    worker = Worker(database)
    for number in range(1, MOST + 1):
        await worker.inbox.receive(said(number, f"w{number}", seconds=number / 2))
    assert len((await heard(database))[0]) == MOST
    return worker


async def test_beyond_it_one_is_asked_once_to_wait_and_what_was_entered_stays(
    database: Database, worker: Worker
) -> None:
    woken, answers = worker.woken, len(await owed(database))
    for number in range(1, 11):
        await worker.inbox.receive(said(100 + number, "more", seconds=30))

    assert len((await heard(database))[0]) == MOST
    (asked,) = (await owed(database))[answers:]
    assert asked.startswith(ASKED)
    assert worker.woken == woken + 1
    assert await count(database, "updates") == MOST + 10  # taken, not to be brought again
    assert b'customer_day_updates_total{channel="telegram",outcome="ignored"} 10.0' in worker.metrics.page()


async def test_when_the_minute_is_over_one_is_heard_again_where_one_was(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(101, "lost", seconds=50))
    await worker.inbox.receive(said(102, "again", seconds=61))

    (words,) = await heard(database)
    assert words[-2:] == (f"w{MOST}", "again")
    (row,) = await rows(database, "SELECT counted FROM conversations")
    assert row["counted"] == 1


async def test_nobody_else_waits_for_them(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(101, "more"))
    await worker.inbox.receive(said(102, "hello", who="1002"))

    assert (await heard(database))[1] == ("hello",)


async def test_another_worker_knows_it_too(database: Database, worker: Worker) -> None:
    other = Worker(database)
    for number in range(5):
        await (worker, other)[number % 2].inbox.receive(said(101 + number, "more", seconds=30))

    assert len([text for text in await owed(database) if text.startswith(ASKED)]) == 1


async def test_the_asking_is_in_their_language(database: Database, worker: Worker) -> None:
    async with database.transaction() as tx:
        await tx.run("UPDATE residents SET language = 'ar'")
    await worker.inbox.receive(said(101, "more"))

    assert "يُرجى الانتظار لمدة" in (await owed(database))[-1]


async def test_the_tap_that_is_too_much_is_answered_and_no_photo_is_kept(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(101, kind=Kind.CHOICE, choice="nonsense", tap="t1", seconds=30))
    photo = IncomingFile(kind=FileKind.PHOTO, remote_id="r", unique_id="u")
    await worker.inbox.receive(said(102, kind=Kind.MEDIA, files=(photo,), album="a", seconds=30))

    assert [answer.tap for answer in worker.answers] == ["t1"]
    assert worker.fetches == 0


async def test_double_taps_count_as_well(database: Database) -> None:
    worker = Worker(database)
    await worker.inbox.receive(said(1, "hello"))
    for number in range(MOST + 5):
        await worker.inbox.receive(said(10 + number, kind=Kind.CHOICE, choice="nonsense:x::1", tap="t", message="1"))

    (row,) = await rows(database, "SELECT counted FROM conversations")
    assert row["counted"] == MOST + 1


async def test_an_hour_of_talk_that_arrives_at_once_after_an_outage_is_heard(database: Database) -> None:
    worker = Worker(database)
    for number in range(1, 2 * MOST):
        await worker.inbox.receive(said(number, f"w{number}", seconds=40 * number))

    assert len((await heard(database))[0]) == 2 * MOST - 1


async def test_one_who_stops_the_bot_amid_it_is_believed(database: Database, worker: Worker) -> None:
    await worker.inbox.receive(said(101, "more"))
    await worker.inbox.receive(said(102, kind=Kind.BLOCKED))

    (row,) = await rows(database, "SELECT reachable FROM residents")
    assert not row["reachable"]


async def test_one_who_adds_the_bot_to_group_after_group_is_answered_no_more_than_anybody(database: Database) -> None:
    worker = Worker(database)
    for number in range(MOST + 5):
        await worker.inbox.receive(said(number, kind=Kind.JOINED, chat=f"-{number}", group=True))
    assert len(await owed(database)) == MOST

    await worker.inbox.receive(said(999, kind=Kind.JOINED, chat="-9", group=True, seconds=61))
    assert len(await owed(database)) == MOST + 1


async def test_a_team_may_hurry(database: Database) -> None:
    worker = Worker(database)
    async with database.transaction() as tx:
        await give_role(tx, on_telegram(said(0).sender.address, "Salem"), OfficeId("capital"), START)
    for number in range(MOST + 5):
        await worker.inbox.receive(said(number, kind=Kind.JOINED, chat="-1001", group=True))

    assert len(await owed(database)) == MOST + 5


def test_of_a_crowd_the_last_are_remembered() -> None:
    crowd = GroupRateLimiter(PersonRateLimiter(most=1), most=2)
    assert not crowd.is_too_much("1", START)
    assert crowd.is_too_much("1", START)
    assert not crowd.is_too_much("2", START)
    assert not crowd.is_too_much("3", START)
    assert not crowd.is_too_much("1", START), "forgotten for those who came after"
