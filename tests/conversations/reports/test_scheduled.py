"""The week's report and the month's come once, in the morning of a working day, to whom they are for."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import pytest

from bot.clock import Timekeeper
from bot.duties import duties
from bot.metrics import Metrics
from services.actors import Actor
from services.bookings import sessions
from services.reports import scheduled
from services.staff import permissions
from storage.database import Database
from storage.ids import ChatId
from storage.records.staff import Role
from storage.translations import Translations
from tests.conversations.reports.report_town import COUNCIL, MINISTRY, report_town
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown
from tests.conversations.town import Person, Shown
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    """Its director has talked with the bot, in English."""
    town = await report_town(database)
    director = Colleague(town, "9005", "Director", "en", town.maryam.chat)
    await Person(town, director.address, director.name, "en").says("/start")
    await town.joins(director, Role.DIRECTOR)
    return town


def at(town: DeskTown, text: str) -> None:
    town.now = datetime.fromisoformat(text).replace(tzinfo=town.offices.zone)


async def run(town: DeskTown, text: str) -> int:
    at(town, text)
    return await town.work(scheduled.run_due)


def plain(shown: Shown) -> str:
    return "".join(letter for letter in shown.text if letter not in "\u2066\u2067\u2068\u2069\u200e\u200f")


def weekly(town: DeskTown, chat: str) -> list[str]:
    return [plain(shown) for shown in town.chats.get(ChatId(chat), []) if "🗓" in shown.text]


async def test_the_week_is_told_on_sunday_morning_to_the_team_the_director_and_the_council(town: DeskTown) -> None:
    assert await run(town, "2026-11-29T07:29") == 0
    await run(town, "2026-11-29T07:30")
    (team,), (director,), (council,) = (weekly(town, chat) for chat in (town.maryam.chat, "9005", COUNCIL))
    assert "التقرير الأسبوعي" in team
    assert "الجديدة: 8" in team
    assert "مجمع 302: 2" in team
    assert "Weekly report" in director  # in the language they have chosen
    assert "from Sunday 22 November 2026 to Saturday 28 November 2026" in director
    assert "الجديدة: 8" in council
    for sums_only in (director, council):
        assert "338" in sums_only
        assert "302" not in sums_only  # two cases


async def test_it_comes_once_whatever_restarts(town: DeskTown) -> None:
    owed = await run(town, "2026-11-29T07:30")
    assert owed >= 3
    assert await run(town, "2026-11-29T07:31") == 0
    assert await run(town, "2026-11-30T08:00") == 0
    assert await run(town, "2026-12-06T08:00") >= 3  # the next week


async def test_of_two_workers_and_one_that_starts_again_each_is_told_once(town: DeskTown) -> None:
    at(town, "2026-11-29T08:00")
    mine = [duty for duty in duties() if duty.name == "reports"]
    workers = [Timekeeper(town.desk, mine, lambda: None, Metrics(), seconds=1.0) for _ in range(2)]
    await asyncio.gather(*(worker.tick() for worker in workers))
    async with town.database.transaction() as tx:
        await tx.run("DELETE FROM leases")  # both have died
    await Timekeeper(town.desk, mine, lambda: None, Metrics(), seconds=1.0).tick()
    await town.deliver()
    assert [len(weekly(town, chat)) for chat in (town.maryam.chat, "9005", COUNCIL)] == [1, 1, 1]


async def test_where_sunday_is_a_day_off_it_comes_on_monday(town: DeskTown) -> None:
    reason = Translations({"ar": "صيانة", "en": "Repairs"})
    await town.work(lambda work: sessions.close_day(work, CAPITAL, date(2026, 11, 29), reason, Actor("test")))
    await run(town, "2026-11-29T08:00")
    assert weekly(town, town.maryam.chat) == []
    await run(town, "2026-11-30T08:00")
    assert len(weekly(town, town.maryam.chat)) == 1


async def test_a_week_in_which_nothing_was_is_not_told(town: DeskTown) -> None:
    await run(town, "2026-11-22T11:00")  # of the week before the first case there is nothing to say
    assert weekly(town, town.maryam.chat) == []


async def test_who_is_no_director_any_more_is_not_told(town: DeskTown) -> None:
    at(town, "2026-11-29T07:30")
    async with town.database.transaction() as tx:
        await scheduled.run_due(town.desk.work(tx))
        await permissions.revoke(town.desk.work(tx), town.admin.person, "9005", CAPITAL)
    await town.deliver()
    assert weekly(town, "9005") == []


async def test_the_month_is_told_to_the_ministry_on_its_first_working_day(town: DeskTown) -> None:
    await run(town, "2026-12-01T08:00")
    await run(town, "2026-12-02T08:00")
    (told,) = weekly(town, MINISTRY)
    assert "التقرير الشهري" in told
    assert "تقرير: جميع الجهات" in told
    assert "من الأحد 1 نوفمبر 2026 إلى الاثنين 30 نوفمبر 2026" in told
    assert "مجمع 338: 6" in told
    assert "302" not in told


async def test_a_report_that_came_opens_in_full_and_is_narrowed(town: DeskTown) -> None:
    await run(town, "2026-11-29T07:30")
    council = Colleague(town, town.council.address, "Councillor", "en", COUNCIL)
    await council.taps("فتح التقرير")
    assert "New: 8" in plain(council.last)
    await council.taps("Category")
    await council.taps("Street vendors")
    assert "New: 0" in plain(council.last)
    stranger = Colleague(town, "9666", "Stranger", "en", COUNCIL)
    button = council.last.find("Excel")
    assert button is not None
    await stranger.taps_data(button.data, council.last.number)
    assert stranger.toast == "You do not have permission to do this"


async def test_a_council_chat_that_moved_is_still_told(town: DeskTown) -> None:
    async with town.database.transaction() as tx:
        await tx.run(
            "INSERT INTO moved_chats (channel, old, new, at) VALUES ('telegram', :old, '-1007001', :at)",
            old=COUNCIL,
            at=town.now,
        )
    await run(town, "2026-11-29T07:30")
    assert len(weekly(town, "-1007001")) == 1
    there = Colleague(town, town.council.address, "Councillor", "en", "-1007001")
    await there.says("/report")
    assert "Report: Capital Municipality" in plain(there.last)
