"""The bot is removed from an office's group: nothing that is for the team is lost, and administrators hear of it."""

from __future__ import annotations

from datetime import timedelta

from conversations.engine.messages import Kind
from services.staff import lost_chats
from tests.conversations.staff_town import ADMIN, DeskTown
from tests.conversations.town import Person


async def _admin_at_home(town: DeskTown) -> Person:
    return await town.living(ADMIN, "Admin")


async def _is_told(town: DeskTown) -> None:
    await town.work(lost_chats.run_due)
    await town.deliver()


async def test_what_is_filed_while_the_bot_is_away_comes_once_it_is_back(town: DeskTown) -> None:
    fatima = await town.living()
    await town.huda.does(kind=Kind.LEFT)
    before = len(town.huda.messages)
    case = await town.case_of(fatima, "A lamp is out")
    await town.deliver()
    assert len(town.huda.messages) == before

    await town.huda.does(kind=Kind.JOINED, text="The team")
    greeting, card = town.huda.messages[before], await town.card(case)
    assert "still linked to" in greeting.text
    assert "/link" not in greeting.text
    assert "A lamp is out" in card.text


async def test_what_waits_is_not_dropped_after_days(town: DeskTown) -> None:
    fatima = await town.living()
    await town.huda.does(kind=Kind.LEFT)
    case = await town.case_of(fatima, "A lamp is out")
    for _ in range(5):
        await town.wait(timedelta(days=1))
    await town.huda.does(kind=Kind.JOINED)
    assert "A lamp is out" in (await town.card(case)).text


async def test_administrators_are_told_once_where_it_is_a_team_that_lost_its_group(town: DeskTown) -> None:
    admin = await _admin_at_home(town)
    await town.huda.does(kind=Kind.LEFT)
    await _is_told(town)
    await _is_told(town)
    told = [shown.text for shown in admin.messages]
    assert len(told) == 1
    assert "can no longer write in the group of" in told[0]
    town.huda.chat = type(town.huda.chat)("-1009999")  # a group that is nobody's
    await town.huda.does(kind=Kind.LEFT)
    await _is_told(town)
    assert len(admin.messages) == 1


async def test_nobody_is_alarmed_of_what_was_put_right_meanwhile(town: DeskTown) -> None:
    admin = await _admin_at_home(town)
    await town.huda.does(kind=Kind.LEFT)
    await town.huda.does(kind=Kind.JOINED)
    await _is_told(town)
    assert admin.messages == []


async def test_a_team_that_gets_another_group_has_there_what_waited(town: DeskTown) -> None:
    fatima = await town.living()
    await town.huda.does(kind=Kind.LEFT)
    case = await town.case_of(fatima, "A lamp is out")
    await town.deliver()
    town.admin.chat = type(town.admin.chat)("-1008888")
    await town.admin.says("/link capital")
    await town.deliver()
    assert any("A lamp is out" in shown.text for shown in town.chats["-1008888"])
    assert (await town.again(case)).id == case.id


async def test_a_new_group_is_asked_to_link(town: DeskTown) -> None:
    town.admin.chat = type(town.admin.chat)("-1008888")
    await town.admin.does(kind=Kind.JOINED)
    assert "/link" in town.admin.last.text
