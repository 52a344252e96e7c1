"""What was set aside is listed without its words, given back and taken once, or let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot import cli
from bot.commands.dead_letters import Act, Standing, drop, give_all_back, give_back, listed
from bot.metrics import Metrics
from bot.settings import Settings
from bot.telegram.intake import Intake
from bot.time_source import now
from bot.updates.inbox import Inbox, OutboundPorts
from bot.updates.replay import Replay
from services.actors import Actor, Subject, staff_actor
from services.privacy import erasure
from services.unit_of_work import Work
from storage import audit, leases, residents, retention, staff, updates
from storage.database import Database, Dialect
from storage.ids import OfficeId, UpdateId
from storage.records.residents import Resident
from storage.records.staff import StaffChat
from tests.bot.counter import START, count, desk, heard, owed, said

Run = Callable[..., Awaitable[tuple[int, str]]]
WHO = "telegram"
SECRET = "SecretWords"


class Worker:
    """One process of the bot, and the operators beside it."""

    def __init__(self, database: Database) -> None:
        self.now = START
        self.database = database
        self.metrics = Metrics()
        self.desk = desk(database, lambda: self.now)
        ports = OutboundPorts(wake=lambda: None, answer=lambda *_: None, split=lambda _, message: (message,))
        self.inbox = Inbox(self.desk, ports, self.metrics)
        self.intake = Intake(self.inbox.receive, partial(self.inbox.count_failure, WHO), "b", lambda: self.now)
        self.again = Replay(self.desk, self.inbox, WHO, self.intake.again, seconds=3600)

    async def count_failure(self, raw: bytes, error: str = f"KeyError at bot/updates/inbox.py:1: {SECRET}") -> UpdateId:
        """Set an update aside, as a release with a defect did."""
        update_id = UpdateId(str(orjson.loads(raw)["update_id"]))
        async with self.database.transaction() as tx:
            assert await updates.failed(tx, WHO, update_id, raw.decode(), error, 1, self.now)
        self.now += timedelta(seconds=5)
        return update_id

    async def give_back(self, update_id: UpdateId, actor: str = "console:amal") -> Act:
        return await self.desk.attempt(lambda work: give_back(work, WHO, update_id, Actor(actor)))

    async def give_all_back(self) -> int:
        given, _ = await self.desk.attempt(lambda work: give_all_back(work, Actor("console:amal")))
        return given

    async def standings(self) -> list[Standing]:
        return [dead_letters.standing for dead_letters in await self.desk.attempt(listed)]

    async def audited(self) -> list[tuple[str, str, str]]:
        async with self.database.transaction() as tx:
            rows = await tx.all("SELECT actor, action, subject FROM audit ORDER BY id")
        return [(str(row["actor"]), str(row["action"]), str(row["subject"])) for row in rows]


@pytest.fixture
def worker(database: Database) -> Worker:
    return Worker(database)


def text(update_id: int, words: str, who: int = 1001, sent: datetime = START, **chat: Any) -> bytes:
    person = {"id": who, "is_bot": False, "first_name": "A", "language_code": "en"}
    where = {"id": who, "type": "private", "first_name": "A"} | chat
    message = {"message_id": update_id, "from": person, "chat": where, "date": int(sent.timestamp()), "text": words}
    return orjson.dumps({"update_id": update_id, "message": message})


# ---------------------------------------------------------------------------- listed


async def test_the_list_tells_whose_and_what_and_where_and_no_words(worker: Worker) -> None:
    async with worker.database.transaction() as tx:
        staff.link_chat(tx, StaffChat(office=OfficeId("capital"), channel=WHO, chat="-1009", topic=None), "9", START)
    await worker.count_failure(text(7, SECRET))
    await worker.count_failure(text(8, SECRET, id=-1009, type="supergroup"))
    await worker.count_failure(b'{"update_id": 9, "message": "nonsense"}')
    first, second, third = await worker.desk.attempt(listed)
    assert (first.id, first.about.kind, first.about.chat, first.office) == ("telegram:7", "text", "1001", None)
    assert (second.about.group, second.about.sender, second.office) == (True, "1001", OfficeId("capital"))
    assert third.about.kind == "update"
    assert {dead_letters.update.what for dead_letters in (first, second, third)} == {
        "KeyError at bot/updates/inbox.py:1"
    }


async def test_it_tells_whose_sender_has_done_something_since(worker: Worker) -> None:
    await worker.inbox.receive(said(1, "before"))
    await worker.count_failure(text(7, "a"))
    await worker.count_failure(text(8, "b", who=1002, id=-1009, type="supergroup"))
    assert await worker.standings() == [Standing.WAITS, Standing.WAITS]
    await worker.inbox.receive(said(9, "the same again", at=worker.now))
    assert await worker.standings() == [Standing.OVERTAKEN, Standing.WAITS]
    async with worker.database.transaction() as tx:
        audit.record(tx, worker.now, staff_actor("1002"), "case.reply", Subject("case:1"))
    assert await worker.standings() == [Standing.OVERTAKEN, Standing.OVERTAKEN]
    assert await worker.give_all_back() == 0
    assert await worker.give_back(UpdateId("7")) is Act.DONE  # an operator may know better


# ---------------------------------------------------------------------------- given back


async def test_what_is_given_back_is_taken_once_and_announced(worker: Worker) -> None:
    await worker.inbox.receive(said(1, "before"))
    await worker.count_failure(text(7, "hello"))
    await worker.again.round()
    assert await heard(worker.database) == [("before",)]  # nobody gave it back yet
    assert await worker.give_back(UpdateId("7")) is Act.DONE
    assert await worker.standings() == [Standing.GIVEN_BACK]
    for _ in range(3):
        await worker.again.round()
    assert await heard(worker.database) == [("before", "hello")]
    late, answer = (await owed(worker.database))[1:]
    assert "We have now dealt" in late
    assert answer == "heard before hello"
    assert await worker.standings() == []
    assert await worker.audited() == [("console:amal", "dead_letter.replay", "update:telegram:7")]
    await worker.inbox.receive(said(7, "hello"))  # should it come from Telegram once more
    assert await heard(worker.database) == [("before", "hello")]


async def test_all_are_taken_in_the_order_they_came(worker: Worker) -> None:
    for number in range(1, 25):
        await worker.count_failure(text(number, f"w{number}", who=1000 + number % 3))
    assert await worker.give_all_back() == 24
    await worker.again.round()
    assert sorted(await heard(worker.database)) == sorted(
        tuple(f"w{number}" for number in range(1, 25) if number % 3 == who) for who in range(3)
    )


async def test_two_workers_and_two_operators_at_once_have_one_effect(worker: Worker) -> None:
    await worker.inbox.receive(said(1, "before"))
    for number in (7, 8):
        await worker.count_failure(text(number, f"w{number}"))
    acts = await asyncio.gather(*(worker.give_back(UpdateId("7")) for _ in range(3)), worker.give_all_back())
    assert [*acts].count(Act.DONE) <= 1
    assert len(await worker.audited()) == 2
    assert await worker.standings() == [Standing.GIVEN_BACK] * 2
    workers = [Worker(worker.database) for _ in range(3)]
    await asyncio.gather(*(one.again.round() for one in workers))
    assert await heard(worker.database) == [("before", "w7", "w8")]


async def test_a_worker_that_died_with_the_lease_keeps_the_others_waiting_only(worker: Worker) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    async with worker.database.transaction() as tx:
        assert await leases.take(tx, "again", "another", 60)
    await worker.again.round()
    assert await worker.standings() == [Standing.GIVEN_BACK]
    async with worker.database.transaction() as tx:
        leases.release(tx, "again", "another")
    await worker.again.round()
    assert await heard(worker.database) == [("hello",)]


async def test_it_waits_for_its_chats_turn(worker: Worker) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    async with worker.intake.turns.of("1001"):
        taking = asyncio.create_task(worker.again.round())
        await asyncio.sleep(0.05)
        assert not taking.done()
        assert await count(worker.database, "residents") == 0
    await taking
    assert await heard(worker.database) == [("hello",)]


async def test_one_that_fails_again_stays_set_aside_and_the_next_is_taken(worker: Worker) -> None:
    await worker.count_failure(text(7, "write and fail"))
    await worker.count_failure(text(8, "hello"))
    assert await worker.give_all_back() == 2
    await worker.again.round()
    assert await heard(worker.database) == [("hello",)]
    (dead_letters,) = await worker.desk.attempt(listed)
    assert (dead_letters.id, dead_letters.update.tries, dead_letters.update.replay_at) == ("telegram:7", 2, None)
    assert dead_letters.update.what.startswith("RuntimeError at conversations/")
    assert not any("We could not process" in one for one in await owed(worker.database))  # that was said before
    assert await worker.give_back(UpdateId("7")) is Act.DONE


async def test_trouble_of_the_machine_leaves_it_given_back(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    assert not await worker.inbox.count_failed_replay(WHO, UpdateId("7"), TimeoutError())
    assert await worker.standings() == [Standing.GIVEN_BACK]


async def test_one_that_concerns_nobody_is_let_go(worker: Worker) -> None:
    await worker.count_failure(b'{"update_id": 7, "something_new": {"id": 1}}')
    await worker.give_back(UpdateId("7"))
    await worker.again.round()
    assert await worker.standings() == []
    assert await owed(worker.database) == []


# ---------------------------------------------------------------------------- not given back


async def test_one_that_was_handled_since_is_not_given_back(worker: Worker) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.inbox.receive(said(7, "hello"))  # Telegram had not heard that it was set aside
    assert await worker.standings() == [Standing.HANDLED]
    assert await worker.give_back(UpdateId("7")) is Act.HANDLED
    assert await worker.give_all_back() == 0
    async with worker.database.transaction() as tx:
        await retention.drop_seen_updates(tx, START + timedelta(days=9), 9)
    assert await worker.standings() == [Standing.HANDLED]  # the mark is kept for as long as it may be asked for


async def test_one_handled_after_it_was_given_back_has_one_effect(worker: Worker) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    await worker.inbox.receive(said(7, "hello"))
    await worker.again.round()
    assert await heard(worker.database) == [("hello",)]
    assert await owed(worker.database) == ["heard hello"]
    assert await worker.standings() == []


async def test_what_is_not_there_is_said(worker: Worker) -> None:
    assert await worker.give_back(UpdateId("7")) is Act.GONE
    async with worker.database.transaction() as tx:
        await updates.failed(tx, WHO, UpdateId("7"), "{}", "E", 3, START)  # still coming from Telegram
    assert await worker.give_back(UpdateId("7")) is Act.GONE
    assert await worker.desk.attempt(lambda work: drop(work, WHO, UpdateId("7"), Actor("amal"))) is Act.GONE
    assert await worker.audited() == []


async def test_one_let_go_is_not_taken(worker: Worker) -> None:
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    assert await worker.desk.attempt(lambda work: drop(work, WHO, UpdateId("7"), Actor("console:amal"))) is Act.DONE
    await worker.again.round()
    assert await heard(worker.database) == []
    assert (await worker.audited())[-1] == ("console:amal", "dead_letter.drop", "update:telegram:7")


async def forget(work: Work, who: Resident) -> None:
    async def cancel(*_: object) -> None: ...

    await erasure.forget(work, who, work.now, cancel)


async def _resident(worker: Worker, work: Work) -> Resident:
    arrival = await residents.arrive(work.tx, WHO, "1001", UpdateId("0"))
    assert arrival is not None
    return arrival.resident


async def test_what_somebody_sent_who_was_forgotten_never_comes_back(worker: Worker) -> None:
    await worker.inbox.receive(said(1, "before"))
    await worker.count_failure(text(7, "hello"))
    await worker.give_back(UpdateId("7"))
    raw = text(7, "hello")

    async def forgotten(work: Work) -> None:
        await forget(work, await _resident(worker, work))

    await worker.desk.attempt(forgotten)
    async with worker.intake.again(raw) as incoming:  # a worker had read it a moment before
        await worker.inbox.replay(WHO, UpdateId("7"), incoming)
    assert await worker.give_back(UpdateId("7")) is Act.GONE
    assert await count(worker.database, "residents") == 1  # what is left of them; nobody new
    assert await heard(worker.database) == []


async def test_being_forgotten_and_being_taken_at_once_leave_nothing(worker: Worker) -> None:
    for number in range(5):
        await worker.inbox.receive(said(10 * number + 1, "before"))
        await worker.count_failure(text(10 * number + 2, "hello"))
        await worker.give_back(UpdateId(f"{10 * number + 2}"))

        async def forgotten(work: Work) -> None:
            await forget(work, await _resident(worker, work))

        await asyncio.gather(worker.again.round(), worker.desk.attempt(forgotten))
        assert await heard(worker.database) == []
        assert await worker.standings() == []


# ---------------------------------------------------------------------------- the command line


class TestCommand:
    """The command opens the file by itself."""

    @pytest.fixture
    def dialect(self) -> Dialect:
        return Dialect.SQLITE

    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
        monkeypatch.setenv("LOGNAME", "amal")
        settings = Settings(data_dir=tmp_path)

        async def run(*words: str) -> tuple[int, str]:
            options = cli._parser().parse_args(["dead-letters", *words])
            return await options.command(settings, options, now), capsys.readouterr().out

        return run

    async def test_it_lists_gives_back_and_lets_go(self, run: Run, worker: Worker) -> None:
        assert await run() == (0, "no update is set aside\n")
        for number in (7, 8, 9):
            await worker.count_failure(text(number, SECRET))
        code, page = await run()
        assert code == 0
        first = page.partition("\n")[0]
        assert first.startswith("telegram:7  2026-11-22 06:00 UTC  text in private chat 1001, 1 tries: ")
        assert first.endswith("KeyError at bot/updates/inbox.py:1; set aside")
        assert SECRET not in page
        assert (await run("--replay", "7"))[0] == 0
        assert "was given back before" in (await run("--replay", "telegram:7"))[1]
        assert (await run("--discard", "8"))[0] == 0
        assert (await run("--discard", "8"))[0] == 1
        assert (await run("--replay", "8"))[0] == 1
        assert "1 given back" in (await run("--replay", "all"))[1]
        assert await worker.audited() == [
            ("console:amal", "dead_letter.replay", "update:telegram:7"),
            ("console:amal", "dead_letter.drop", "update:telegram:8"),
            ("console:amal", "dead_letter.replay", "update:telegram:9"),
        ]

    @pytest.mark.parametrize("what", ["x", "", "-7", "٧", "9" * 30])
    async def test_what_is_no_id_is_named(self, run: Run, what: str) -> None:
        with pytest.raises(ValueError, match="is no update's id; one looks like telegram:123456789"):
            await run(f"--replay={what}")
