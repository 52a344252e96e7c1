"""Ten thousand characters, which the app sends as three messages, are one request; staff have all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.bookings.schedule import plan_sessions
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, whole_town
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)

STORY = "The bins of our road overflow, and we have said so often. On 2 December at 10 we wrote again. " * 110
LONG = STORY[:10_000].strip()
PARTS = [LONG[at : at + 4096] for at in range(0, len(LONG), 4096)]
CAPITAL = "-1001"


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        await open_town.work(plan_sessions)
        yield open_town


def same(text: object) -> str:
    """Without the breaks and blanks at which the parts were joined."""
    return "".join(str(text).split())


async def tell(person: Person) -> None:
    for part in PARTS:
        await person.says(part)


async def submit(town: WholeTown, person: Person) -> None:
    await person.taps("Without my name")
    await person.taps("Submit")
    [case] = await town.rows("SELECT words FROM cases")
    assert same(case["words"]) == same(LONG)
    [document] = [file for shown in town.chats[CAPITAL] for file in shown.message.files]
    assert document.name.endswith(".txt")
    assert same((document.content or b"").decode("utf-8-sig")) == same(LONG)


async def test_as_the_first_words_of_a_stranger_they_are_one_request(town):
    person = town.resident()
    await tell(person)
    await person.says("Block 321 road 12")
    await submit(town, person)


async def test_in_the_form_they_are_one_request(town):
    person = town.resident()
    await person.says("/complain")
    await person.taps("Capital Municipality")
    await person.taps("Bins")
    await tell(person)
    await person.says("Block 321 road 12")
    await submit(town, person)


@pytest.mark.parametrize("taps", [[], ["Capital Municipality", "Wed"], ["Capital Municipality", "Wed", "09:15"]])
async def test_of_an_appointment_they_are_kept_wherever_they_come(town, taps):
    person = town.resident()
    await person.says("/book")
    for label in taps or ["Capital Municipality"]:
        await person.taps(label)
    await tell(person)
    for label in ["Capital Municipality", "Wed", "09:15"][len(taps) or 1 :]:
        await person.taps(label)
    await person.taps("Continue")
    await person.says("33123456")
    await person.taps("Confirm")

    [booking] = await town.rows("SELECT words FROM bookings")
    assert same(booking["words"]) == same(LONG)


async def test_where_a_name_is_asked_for_they_are_no_name(town):
    person = town.resident(name="9")
    await person.says("The bins are full in block 321 road 12")
    await tell(person)
    await person.says("Ali Hasan")
    await person.taps("Submit")

    [case] = await town.rows("SELECT words, name FROM cases")
    assert case["name"] == "Ali Hasan"
    assert same(LONG) in same(case["words"])
