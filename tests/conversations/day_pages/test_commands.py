"""How staff get the link of the screen in the hall, and open the page of the room."""

from __future__ import annotations

from dataclasses import replace

from services.bookings import sessions
from services.visits.page_links import PageLinks
from storage.database import Database
from tests.conversations.staff_town import DeskTown

LINKS = PageLinks("https://bot.example.org", b"k" * 32)


async def town(database: Database, links: PageLinks | None) -> DeskTown:
    town = await DeskTown(database).opens()
    town.desk.links = replace(town.desk.links, pages=links)
    await town.work(sessions.plan_sessions)
    return town


async def test_the_team_gets_the_link_of_its_own_hall(database: Database) -> None:
    desk = await town(database, LINKS)
    await desk.huda.says("/hallscreen")
    shown = desk.huda.sees("The screen for the hall")
    choice = shown.find("Capital")
    assert choice is not None
    session, _, key = choice.url.removeprefix("https://bot.example.org/hall/").partition("?key=")
    assert LINKS.session_in(session, key) == int(session)
    assert shown.find("Muharraq") is None


async def test_who_may_not_receive_people_gets_none(database: Database) -> None:
    desk = await town(database, LINKS)
    await desk.council.says("/hallscreen")
    desk.council.sees("Only these roles can do this")


async def test_without_a_public_address_it_says_why_there_is_none(database: Database) -> None:
    desk = await town(database, None)
    await desk.huda.says("/hallscreen")
    desk.huda.sees("no public address")


async def test_the_page_of_the_room_opens_in_the_private_chat_alone(database: Database) -> None:
    desk = await town(database, LINKS)
    await desk.huda.says("/room")
    in_the_group = desk.huda.last
    assert not any(choice.web_app for row in in_the_group.message.rows for choice in row)

    huda = desk.resident(desk.huda.address, "Huda", "en")
    await huda.says("/room")
    choice = huda.sees("Today in the room").find("Open the page")
    assert choice is not None
    assert choice.web_app == "https://bot.example.org/director"


async def test_who_receives_nobody_has_no_page_of_the_room(database: Database) -> None:
    desk = await town(database, LINKS)
    councillor = desk.resident(desk.council.address, "Councillor", "en")
    await councillor.says("/room")
    assert "Open the page" not in str(councillor.last.buttons)
