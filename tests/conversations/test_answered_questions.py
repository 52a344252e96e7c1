"""A question that was answered shows no buttons any more, whether it was tapped, typed, shared or left."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.bookings.schedule import plan_sessions
from tests.conversations.town import Person
from tests.conversations.whole_town import MANAMA, WholeTown, booked, submitted, whole_town
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)

BOOKING = (
    "/book",
    "tap:Capital Municipality",
    "I come with my wife",  # no day: it belongs to the subject
    "tap:Wed 25 Nov",
    "9:15",
    "The permit is late",
    "tap:Companions and arrangements",
    "A chair with a high back",
    "tap:Continue",
    "tap:Continue",
    "1234",
    "33123456",
    "tap:Phone",
    "33123457",
    "tap:Confirm",
)
REQUEST = (
    "/complain",
    "Capital Municipality",
    "bins",
    "tap:Bins",
    "They overflow",
    "place",
    "without",
    "photo",
    "tap:Description",
    "They overflow again",
    "tap:Submit",
)
OWN_WORDS = (
    "photo",
    "The street lamp is out and also the rubbish isnt collected, block 321 road 12",
    "tap:Make separate requests",
    "Ali Hasan",
    "tap:Submit",
    "photo",
    "/menu",
)
ABOUT_OLD_ONES = (
    "/appointments",
    "tap:Wed",
    "tap:Reschedule",
    "2 December",
    "10:15",
    "tap:Confirm",
    "/my",
    "tap:C-",
    "/menu",
)
SETTINGS = ("/settings", "hello", "/office", "muharraq", "tap:Yes", "/privacy", "thanks", "/start")


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        await open_town.work(plan_sessions)
        yield open_town


def asking(person: Person) -> list[str]:
    """The messages with buttons that answer a question; those that open something work wherever one stands."""
    return [
        shown.text
        for shown in person.messages
        if shown.message.ask_for is None  # a keyboard of plain words, which goes with the next message
        and any(choice.data and not choice.data.startswith("do:") for row in shown.message.rows for choice in row)
    ]


async def do(person: Person, what: str) -> None:
    act, _, label = what.partition(":")
    if act == "tap" and label:
        await person.taps(label)
    elif what == "photo":
        await person.sends()
    elif what == "place":
        await person.shares_place(*MANAMA)
    else:
        await person.says(what)


@pytest.mark.parametrize("walk", [BOOKING, REQUEST, OWN_WORDS, ABOUT_OLD_ONES, SETTINGS])
async def test_only_the_question_that_is_open_has_buttons(town, walk):
    person = town.resident()
    if walk is ABOUT_OLD_ONES:
        await person.says("/start")
        await submitted(town, person)
        await booked(town, person)
    for what in walk:
        await do(person, what)
        assert asking(person) in ([], [person.last.text]), f"after {what!r}"


async def test_the_main_menu_keeps_its_buttons(town):
    person = town.resident()
    await person.says("/start")
    await person.says("The bins are full")
    menu = person.sees("What would you like to do?")
    assert menu.buttons
