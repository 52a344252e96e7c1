"""The way of people who work here from the main menu to their work: what their rights allow, and nothing for others."""

from __future__ import annotations

import pytest

from conversations.staff.commands import COMMANDS
from conversations.staff.tools import TOOLS
from storage.records.staff import Role
from tests.conversations.staff_town import SCRIPT, Colleague, DeskTown, is_refusal
from tests.conversations.town import Person

BUTTON = "🧰 Staff tools"


def in_private(town: DeskTown, who: Colleague, language: str = "en") -> Person:
    return Person(town, who.address, who.name, language)


def labels(person: Person) -> set[str]:
    return {label for row in person.last.buttons for label in row}


@pytest.mark.parametrize("command", ["/start", "/menu"])
async def test_a_resident_is_shown_no_way_to_the_tools(town: DeskTown, command: str) -> None:
    fatima = town.resident()
    await fatima.says(command)
    assert all(one.find(BUTTON) is None for one in fatima.messages)


async def test_a_resident_who_makes_up_the_button_is_refused(town: DeskTown) -> None:
    fatima = await town.living()
    await fatima.says("/menu")
    await fatima.taps_data("do:staff_tools::0")
    assert is_refusal(fatima.toast)
    await fatima.taps_data("desk:tools:0:0:today")
    assert is_refusal(fatima.toast)
    assert {row["action"] for row in await town.rows("SELECT action FROM audit WHERE actor = 'staff:1001'")} == {
        "denied.read"
    }


@pytest.mark.parametrize("command", ["/start", "/menu"])
async def test_an_administrator_gets_from_the_main_menu_to_all_of_it(town: DeskTown, command: str) -> None:
    admin = in_private(town, town.admin)
    await admin.says(command)
    await admin.taps(BUTTON)
    assert {"📅 Today", "📂 Open requests", "🕘 Sessions", "📣 Announcements", "📊 Reports", "🧾 Audit"} <= labels(
        admin
    )
    assert {"🏛 Offices and sessions", "🔒 Data requests"} <= labels(admin)


async def test_in_arabic_the_way_has_arabic_words(town: DeskTown) -> None:
    yusuf = in_private(town, town.yusuf, "ar")
    await yusuf.says("/start")
    await yusuf.taps("أدوات الموظفين")
    assert "📅 اليوم" in labels(yusuf)


async def test_everybody_is_offered_what_their_role_allows_and_nothing_else(town: DeskTown) -> None:
    agent, council = in_private(town, town.huda), in_private(town, town.council)
    for one in (agent, council):
        await one.says("/menu")
        await one.taps(BUTTON)
    assert {"📣 Queue of the day", "🚪 Entrance", "📋 Visitor brief"} <= labels(agent)
    assert not {"🕘 Sessions", "🧾 Audit", "📊 Reports"} & labels(agent)
    assert {"📅 Today", "📊 Reports"} <= labels(council)
    assert not {"📣 Queue of the day", "📋 Visitor brief", "🕘 Sessions"} & labels(council)


async def test_a_tool_answers_like_its_command(town: DeskTown) -> None:
    huda = in_private(town, town.huda)
    await huda.says("/today")
    said = huda.last.text
    await huda.says("/menu")
    await huda.taps(BUTTON)
    await huda.taps("📅 Today")
    assert huda.last.text == said


async def test_who_has_lost_the_right_meanwhile_is_refused(town: DeskTown) -> None:
    huda = in_private(town, town.huda)
    await huda.says("/menu")
    await huda.taps(BUTTON)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE staff_roles SET role = :role WHERE address = '9001'", role=Role.COUNCIL.value)
    await huda.taps("📣 Queue of the day")
    assert "Only these roles can do this" in huda.toast
    await huda.says("/menu")
    assert huda.last.find(BUTTON) is not None


async def test_a_group_is_shown_no_tools(town: DeskTown) -> None:
    said = len(town.admin.messages)
    await town.admin.taps_data("desk:tools:0:0:")
    assert is_refusal(town.admin.toast)
    assert len(town.admin.messages) == said


def test_every_tool_is_a_command_or_a_flow_that_there_is() -> None:
    assert {one.command for one in TOOLS} <= set(COMMANDS)
    assert {one.route for one in TOOLS if one.route} <= set(SCRIPT.routes)
    for one in TOOLS:
        assert bool(one.route) is not COMMANDS[one.command].in_private
