"""A change made on one worker holds on the other, without a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app import open_context
from bot.context import AppContext
from bot.settings import Settings
from bot.workers import repeat
from services.offices import changes
from services.offices.changes import Changed, Proposal
from services.offices.configuration import value_at
from services.staff.permissions import TELEGRAM, Person
from services.unit_of_work import Work
from storage import configuration
from storage.database import Database
from storage.ids import OfficeId
from tests.bot.counter import START, desk

ADMIN = Person(TELEGRAM, "9000")
CAPITAL = OfficeId("capital")


def worker(database: Database) -> AppContext:
    context = desk(database, lambda: START)
    context.admins = frozenset({ADMIN.address})
    return context


async def rename(context: AppContext, name: str, *path: str) -> None:
    path = path or ("offices", "capital", "name", "en")

    async def change(work: Work) -> None:
        before = value_at((await changes.present(work)).configuration.data, path)
        made = await changes.make(work, ADMIN, Proposal(path=path, before=before, after=f'"{name}"'))
        assert isinstance(made, Changed)

    await context.attempt(change)


def name(context: AppContext) -> str:
    return context.offices.offices_by_id[CAPITAL].name.en


async def test_a_worker_that_was_started_before_a_change_sees_it(database: Database) -> None:
    mine, other = worker(database), worker(database)

    await rename(mine, "Manama Municipality")

    assert mine.reconfigured.is_set()
    assert [await mine.catch_up(), await other.catch_up()] == [True, True]
    assert (name(mine), name(other)) == ("Manama Municipality", "Manama Municipality")
    async with other.begin() as work:
        assert work.offices.offices_by_id[CAPITAL].name.en == "Manama Municipality"
        assert work.configuration.version == 1


async def test_of_two_workers_at_once_each_change_is_kept(database: Database) -> None:
    mine, other = worker(database), worker(database)

    await asyncio.gather(
        rename(mine, "Manama Municipality"),
        rename(other, "Muharraq City", "offices", "muharraq", "name", "en"),
        rename(mine, "Capital City", "offices", "capital", "short_name", "en"),
    )

    await mine.catch_up()
    await other.catch_up()
    assert mine.offices == other.offices
    assert name(other) == "Manama Municipality"
    async with database.transaction() as tx:
        assert [change.version for change in await configuration.since(tx, 0)] == [1, 2, 3]


async def test_of_two_workers_at_one_place_one_is_told(database: Database) -> None:
    workers = [worker(database), worker(database)]
    path = ("offices", "capital", "name", "en")

    async def change(context: AppContext, text: str) -> changes.Outcome:
        proposal = Proposal(path=path, before='"Capital Municipality"', after=f'"{text}"')
        return await context.attempt(lambda work: changes.make(work, ADMIN, proposal))

    outcomes = await asyncio.gather(*(change(one, text) for one, text in zip(workers, ("One", "Two"), strict=True)))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Changed", "Overtaken"]


async def test_working_hours_follow(database: Database) -> None:
    mine, other = worker(database), worker(database)
    await rename(mine, "08:00–09:00", "hours", "sunday")
    await other.catch_up()
    hours = other.calendar.hours(CAPITAL, START.date())
    assert hours is not None
    assert f"{hours[0]:%H:%M}" == "08:00"


async def test_nothing_is_built_again_where_nothing_changed(database: Database) -> None:
    context = worker(database)
    before = context.offices
    assert not await context.catch_up()
    assert context.offices is before


async def test_whoever_follows_is_woken_by_a_change_here(database: Database) -> None:
    context, stop = worker(database), asyncio.Event()

    async def follow() -> None:
        if await context.catch_up():
            stop.set()

    following = asyncio.create_task(repeat(follow, stop, seconds=3600, awake=context.reconfigured))
    await rename(context, "Manama Municipality")
    await following

    assert name(context) == "Manama Municipality"


async def test_a_change_survives_a_restart(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admins=frozenset({ADMIN.address}))
    async with open_context(settings) as context:
        await rename(context, "Manama Municipality")
    async with open_context(settings) as restarted:
        assert name(restarted) == "Manama Municipality"
