"""A barred person is told politely until when and why, whatever new they want; what they have is not affected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from locales import Language, without_marks
from services import residents
from services.actors import staff_actor
from tests.conversations.town import CATALOGUES, Person
from tests.conversations.whole_town import WholeTown, booked, submitted, whole_town
from tests.instants import first_instant


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def bar(town: WholeTown, person: Person, reason: str = "Threats against staff") -> None:
    resident = await town.row(person)
    await town.work(
        lambda work: residents.bar(work, resident.id, town.now + timedelta(days=7), reason, staff_actor("1"))
    )


def is_told(person: Person) -> None:
    said, english = without_marks(person.last.text), CATALOGUES.localizer(Language.EN)
    until = first_instant() + timedelta(days=7)
    assert without_marks(f"until {english.date(until)} at {english.time(until)}") in said
    assert "Reason: Threats against staff" in said
    assert "+973 8000 8188" in said


@pytest.mark.parametrize(
    "button",
    [
        "Book a Customer Day appointment",
        "Submit a complaint",
        "Make a suggestion",
        "Share an observation",
        "Request a service",
    ],
)
async def test_nothing_new_can_be_begun_from_the_menu(town, button):
    person = town.resident()
    await person.says("/start")
    await bar(town, person)
    if not person.last.find(button):
        await person.taps("More services")

    await person.taps(button)

    is_told(person)
    assert person.last.find("Submit a complaint") or person.last.find("Make a suggestion")


@pytest.mark.parametrize("wish", ["Complaint", "Customer Day appointment"])
async def test_what_was_sent_first_stays_where_it_is(town, wish):
    person = town.resident()
    await person.says("/start")
    await bar(town, person)
    await person.says("The bins in road 12 are full")

    await person.taps(wish)

    is_told(person)
    assert "The bins in road 12 are full" in person.last.text


async def test_a_bar_in_the_middle_of_a_draft_keeps_it_until_the_bar_ends(town):
    person = town.resident()
    await person.says("The fees are wrong")
    await person.taps("Capital Municipality")
    await person.taps("With my name")
    await bar(town, person)

    await person.taps("Submit")

    is_told(person)
    assert await town.rows("SELECT id FROM cases") == []
    assert "The fees are wrong" in person.last.text


async def test_without_a_reason_none_is_made_up(town):
    person = town.resident()
    await person.says("/start")
    await bar(town, person, "")

    await person.taps("Submit a complaint")

    assert "Reason" not in person.last.text


async def test_what_one_has_is_not_affected(town):
    person = town.resident()
    await person.says("/start")
    case, booking = await submitted(town, person), await booked(town, person)
    await bar(town, person)

    await person.says(f"/track {case.reference}")
    await person.taps("Add information")
    await person.says("It is worse now")
    person.sees("We have added this")
    await person.taps_data(f"do:move:{booking.reference}:0")

    assert "Which day suits you instead?" in person.last.text
