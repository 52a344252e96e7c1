"""A confirmation's button opens the appointment in the phone's calendar, as it is at that moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from icalendar import Calendar

from bot.calendar_route import CalendarFile
from bot.metrics import Metrics
from bot.web import Web
from conversations.engine.step import Links
from services.bookings.calendar_links import CalendarLinks
from storage.database import Database
from storage.ids import Reference
from tests.bot.counter import LINKS
from tests.conversations.day_town import Counted, DayTown

PUBLIC = "https://bot.example.org"
CALENDAR = CalendarLinks(PUBLIC, b"k" * 32)

Get = Callable[[str], Awaitable[tuple[aiohttp.ClientResponse, bytes]]]


@pytest.fixture
async def town(database: Database) -> DayTown:
    return await DayTown.open(database, Links(LINKS, CALENDAR))


@pytest.fixture
async def fatima(town: DayTown) -> Counted:
    return await town.living_in("capital")


@pytest.fixture
async def get(town: DayTown, unused_tcp_port: int) -> AsyncIterator[Get]:
    """Open a public address, as a phone does."""
    server = Web(town.database, Metrics(), CalendarFile(town.desk, CALENDAR).routes())
    await server.start("127.0.0.1", unused_tcp_port)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}") as session:

        async def get(url: str) -> tuple[aiohttp.ClientResponse, bytes]:
            async with session.get(url.removeprefix(PUBLIC)) as answer:
                return answer, await answer.read()

        yield get
    await server.stop()


def button(person: Counted) -> str:
    """The address that the newest confirmation's button opens."""
    choice = person.sees("Your appointment is confirmed.").find("Add to calendar")
    assert choice is not None
    return choice.url


async def test_the_button_of_a_confirmation_opens_its_appointment(town: DayTown, fatima: Counted, get: Get) -> None:
    reference = await town.book(fatima)
    answer, content = await get(button(fatima))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert str(event["UID"]).startswith(reference)
    assert event["SUMMARY"] == "Customer Day – Capital Municipality"


async def test_it_names_nobody_and_says_nothing_of_the_matter(town: DayTown, fatima: Counted, get: Get) -> None:
    await town.book(fatima)
    _, content = await get(button(fatima))

    assert not any(word in content for word in (b"Fatima", b"3312", b"permit"))


async def test_it_is_in_the_language_the_resident_has_by_then(town: DayTown, fatima: Counted, get: Get) -> None:
    await town.book(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET language = 'ar'")
    _, content = await get(button(fatima))

    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert "يوم العميل" in str(event["SUMMARY"])


async def test_a_cancelled_appointment_is_taken_out_of_the_calendar(town: DayTown, fatima: Counted, get: Get) -> None:
    await town.book(fatima)
    address = button(fatima)
    await fatima.taps("Cancel")
    await fatima.taps("Cancel without a reason")
    answer, content = await get(address)

    assert answer.status == 200
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"


async def test_a_wrong_code_an_unknown_reference_and_a_seat_only_held_are_not_found(
    town: DayTown, fatima: Counted, get: Get
) -> None:
    reference = await town.book(fatima)
    forged = CalendarLinks(PUBLIC, b"x" * 32).link(Reference(reference))
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET status = 'held', deadline = held_since WHERE reference = :ref", ref=reference)
    held, _ = await get(button(fatima))

    assert held.status == 404
    assert (await get(forged))[0].status == 404
    assert (await get(f"{PUBLIC}/calendar/{reference}.ics"))[0].status == 404
    assert (await get(f"{PUBLIC}/calendar/"))[0].status == 404
