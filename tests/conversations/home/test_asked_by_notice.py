"""What a notice asks with buttons can be answered in words: whether it is fixed, and whether a free time is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import clean
from services.cases import resident_actions
from storage.ids import Reference
from tests.conversations.home.residents import booked, complained
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown
from tests.instants import SUNDAY
from tests.known import known
from tests.services import by_staff

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
async def fatima(town: WholeTown) -> Person:
    """Somebody whose full bin was emptied, as the municipality says, and who has been asked whether it was."""
    person = await complained(town)
    [case] = await town.rows("SELECT reference FROM cases")
    reference = Reference(str(case["reference"]))
    found = known(await town.work(lambda work: resident_actions.by_reference(work, reference)))
    await town.work(lambda work: by_staff.resolve(work, found.id, "staff:1", "Emptied today"))
    await person.says("/menu")
    return person


async def status(town: WholeTown) -> object:
    [case] = await town.rows("SELECT status FROM cases")
    return case["status"]


@pytest.mark.parametrize(
    "words", ["no, the bin is still full", "لا والله للحين متروسة ما شالوا شي", "not yet, nobody came"]
)
async def test_not_fixed_can_be_said_in_words_which_go_along(town, fatima, words):
    await fatima.says(words)
    assert "Send the request back with this?" in fatima.last.text
    await fatima.taps("Send it back")

    assert await status(town) == "reopened"
    [event] = await town.rows("SELECT words FROM case_events WHERE what = 'reopened'")
    assert event["words"] == words


@pytest.mark.parametrize("words", ["yes its fixed now, thanks", "نعم", "انحلت مشكورين"])
async def test_fixed_can_be_said_in_words(town, fatima, words):
    await fatima.says(words)

    assert await status(town) == "closed"


async def test_a_bare_no_is_asked_what_is_not_fixed(town, fatima):
    await fatima.says("لا")

    assert "What is not fixed yet?" in fatima.last.text


@pytest.mark.parametrize(
    "words", ["no street light is working in block 338 road 12", "no problem", "yes or no", "one more thing about bins"]
)
async def test_what_is_neither_yes_nor_no_or_about_something_else_changes_nothing(town, fatima, words):
    await fatima.says(words)

    assert await status(town) == "resolved"
    assert "Send the request back" not in fatima.last.text


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("اي ابيه", "confirmed"),
        ("yes please", "confirmed"),
        ("okay", "confirmed"),
        ("زين", "confirmed"),
        ("no thanks", "offered"),
    ],
)
async def test_a_free_time_is_taken_in_words_and_declined_by_its_button_only(town, words, kept):
    person = await booked(town)
    await town.rows(
        "UPDATE bookings SET status = 'offered', deadline = :deadline RETURNING id",
        deadline=town.now + timedelta(hours=1),
    )
    await person.says("/menu")

    await person.says(words)

    [booking] = await town.rows("SELECT status FROM bookings")
    assert booking["status"] == kept
    assert kept == "confirmed" or "Decline" in clean(str(person.buttons))


@pytest.mark.parametrize("words", ["ok", "تمام"])
async def test_an_ok_closes_no_request_but_shows_the_button_that_does(town, fatima, words):
    await fatima.says(words)

    assert await status(town) == "resolved"
    [case] = await town.rows("SELECT reference FROM cases")
    assert str(case["reference"]) in clean(fatima.last.text)
    assert "fixed" in str(fatima.buttons)
