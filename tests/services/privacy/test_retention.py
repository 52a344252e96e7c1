"""What is let go of goes batch by batch: all of it, whatever stays in between, and whenever the process dies."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.actors import case_subject
from services.cases import resident_actions
from services.files import attachments
from services.files.attachments import Sent
from services.privacy.retention import STEPS, Batch, Retention, Sweep
from storage import audit, outbox, residents, updates
from storage.database import Database, Dialect
from storage.ids import Actor, CaseId, ChatId, FileId, UpdateId
from storage.records.outbox import OutboxKind, OutboxStatus
from storage.records.residents import ConversationRow, Resident
from tests.services.case_builders import Casework

MANY, AT_ONCE = 7, 3


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


async def _messages(casework: Casework) -> None:
    async with casework.work() as work:
        for number in range(1, MANY + 1):
            outbox.add(
                work.tx, channel="telegram", chat=ChatId("1"), kind=OutboxKind.MESSAGE, payload="x", at=casework.now
            )
            outbox.settle(work.tx, number, OutboxStatus.SENT, casework.now)


async def _updates(casework: Casework) -> None:
    async with casework.work() as work:
        for number in range(MANY):
            updates.mark_seen(work.tx, "telegram", UpdateId(str(number)), casework.now)


async def _audit(casework: Casework) -> None:
    async with casework.work() as work:
        for number in range(MANY):
            audit.record(work.tx, casework.now, Actor("noora"), "case.note", case_subject(CaseId(number)))


async def _drafts(casework: Casework) -> None:
    for number in range(MANY):
        await _conversation(casework, await casework.resident(f"Ali {number}"), '["Secret"]')


async def _conversation(casework: Casework, who: Resident, saved: str) -> None:
    async with casework.work() as work:
        residents.save_conversation(
            work.tx,
            ConversationRow(
                resident_id=who.id,
                step='{"step":"menu:home"}',
                turn=1,
                offered="[]",
                saved=saved,
                last_choice="",
                album="",
                keyboard=False,
                updated_at=casework.now,
            ),
        )


async def _cases(casework: Casework) -> None:
    for number in range(MANY):
        who = await casework.resident(f"Maryam {number}")
        case = await casework.case(who, name=who.name)
        await casework.do(resident_actions.withdraw, case.reference, who)


async def _loose_files(casework: Casework) -> None:
    who = await casework.resident()
    await casework.do(attachments.keep, who, [Sent("photo", f"r{n}", f"u{n}") for n in range(MANY)])


BACKLOGS: dict[str, tuple[Callable[[Casework], Awaitable[None]], str]] = {
    "messages": (_messages, "SELECT 1 FROM outbox"),
    "seen updates": (_updates, "SELECT 1 FROM updates"),
    "audit": (_audit, "SELECT 1 FROM audit"),
    "drafts": (_drafts, "SELECT 1 FROM conversations WHERE saved <> '[]'"),
    "case identities": (_cases, "SELECT 1 FROM cases WHERE name <> ''"),
    "loose files": (_loose_files, "SELECT 1 FROM files"),
}


async def _left(casework: Casework, what: str) -> int:
    async with casework.work() as work:
        return len(await work.tx.all(BACKLOGS[what][1]))


async def _go_through(casework: Casework, step: str, sweep: Sweep) -> list[Batch]:
    """Batch by batch, each in a transaction of its own, to the end."""
    batches: list[Batch] = []
    while not batches or batches[-1].seen:
        async with casework.work() as work:
            batches.append(await sweep.run(step, work, AT_ONCE))
        assert len(batches) < 99, f"{step} has no end"
    return batches


@pytest.mark.parametrize("what", BACKLOGS)
async def test_a_backlog_larger_than_a_batch_is_worked_off_completely(casework: Casework, what: str) -> None:
    await BACKLOGS[what][0](casework)
    casework.wait(days=800)
    assert await _left(casework, what) == MANY
    batches = await _go_through(casework, what, Sweep())
    assert max(batch.changed for batch in batches) == AT_ONCE
    assert sum(batch.changed for batch in batches) == MANY
    assert await _left(casework, what) == 0


@pytest.mark.parametrize("what", BACKLOGS)
async def test_a_process_killed_in_a_batch_loses_nothing_and_another_finishes(casework: Casework, what: str) -> None:
    await BACKLOGS[what][0](casework)
    casework.wait(days=800)
    sweep = Sweep()
    async with casework.work() as work:
        await sweep.run(what, work, AT_ONCE)
    with pytest.raises(asyncio.CancelledError):
        await _killed_in_a_batch(casework, what, sweep)
    assert await _left(casework, what) == MANY - AT_ONCE
    await _go_through(casework, what, Sweep())
    assert await _left(casework, what) == 0


async def _killed_in_a_batch(casework: Casework, what: str, sweep: Sweep) -> None:
    async with casework.work() as work:
        await sweep.run(what, work, AT_ONCE)
        raise asyncio.CancelledError


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_with_nothing_to_do_is_at_its_end_at_once(casework: Casework, step: str) -> None:
    assert await _go_through(casework, step, Sweep()) == [Batch(0, 0)]


async def test_what_stays_does_not_keep_what_comes_behind_it(casework: Casework) -> None:
    who = await casework.resident()
    kept = await casework.do(attachments.keep, who, [Sent("photo", f"r{n}", f"u{n}") for n in range(MANY)])
    assert isinstance(kept, tuple)
    still_open = await casework.case(who, files=kept[: MANY - 1])
    casework.wait(days=184)
    batches = await _go_through(casework, "attachments", Sweep())
    assert [batch.changed for batch in batches] == [0, 0, 1, 0]
    assert len(await casework.do(resident_actions.files_of, still_open.id)) == MANY - 1


async def test_a_draft_that_holds_files_keeps_them_and_no_others(casework: Casework) -> None:
    who, other = await casework.resident(), await casework.resident("Ali")
    mine = await _photos(casework, who, "m", MANY)
    await _photos(casework, other, "o", MANY)
    casework.wait(days=2)
    await _conversation(casework, who, f'["{{\\"files\\":{list(mine[:5])}}}"]')
    await _go_through(casework, "loose files", Sweep())
    async with casework.work() as work:
        left = await work.tx.all("SELECT id FROM files ORDER BY id")
    assert [row["id"] for row in left] == [*mine[:5]]


async def _photos(casework: Casework, who: Resident, name: str, count: int) -> tuple[FileId, ...]:
    sent = [Sent("photo", f"{name}r{n}", f"{name}u{n}") for n in range(count)]
    kept = await casework.do(attachments.keep, who, sent)
    assert isinstance(kept, tuple)
    return kept


async def test_the_next_way_through_begins_at_the_beginning(casework: Casework) -> None:
    who = await casework.resident()
    (kept,) = await _photos(casework, who, "a", 1)
    case = await casework.case(who, files=(kept,))
    casework.wait(days=184)
    sweep = Sweep()
    await _go_through(casework, "attachments", sweep)
    await casework.do(resident_actions.withdraw, case.reference, who)
    casework.wait(days=184)
    assert sum(batch.changed for batch in await _go_through(casework, "attachments", sweep)) == 1


@pytest.mark.parametrize("dialect", [Dialect.SQLITE])  # PostgreSQL's transactions do not wait for each other
async def test_others_pass_between_two_batches(casework: Casework) -> None:
    await _messages(casework)
    casework.wait(days=800)
    order: list[str] = []

    async def let_go() -> None:
        sweep = Sweep(Retention(messages=timedelta(days=90)))
        seen = 1
        while seen:
            async with casework.work() as work:
                seen = (await sweep.run("messages", work, 1)).seen
                order.append("batch")

    async def talk() -> None:
        while not letting_go.done():
            async with casework.work() as work:
                await residents.add(work.tx, "telegram", f"9{len(order)}", "A", "en", casework.now)
                order.append("update")

    letting_go = asyncio.create_task(let_go())
    await talk()
    await letting_go
    batches = [place for place, what in enumerate(order) if what == "batch"]
    assert len(batches) == MANY + 1
    assert all("update" in order[first:second] for first, second in itertools.pairwise(batches))
