"""Choosing the municipality: by name, by place, by block; remembered; fit for what is wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from conversations.engine.messages import Request
from locales import without_marks
from services.actors import staff_actor
from services.bookings.schedule import plan_sessions
from services.casework import block_corrections
from storage.ids import MessageId, OfficeId
from tests.conversations.whole_town import MANAMA, RIYADH, WholeTown, whole_town
from tests.instants import SUNDAY


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def chosen(town, person) -> str:
    office: str = (await town.row(person)).office
    return office


async def test_a_tap_chooses_and_is_remembered(town):
    person = town.resident()
    await person.says("/office")

    await person.taps("Southern Area Municipality")

    assert await chosen(town, person) == "southern"
    assert "Southern" in person.toast
    assert "Main menu" in person.last.text


async def test_a_shared_place_only_suggests(town):
    person = town.resident()
    await person.says("/office")

    await person.shares_place(*MANAMA)

    assert "Capital Municipality" in person.last.text
    assert await chosen(town, person) == ""
    await person.taps("Yes, choose this office")
    assert await chosen(town, person) == "capital"


async def test_the_share_button_is_offered(town):
    person = town.resident()
    await person.says("/office")

    await person.taps("Find by location or")

    assert person.last.message.ask_for is Request.LOCATION
    await person.shares_place(*MANAMA)
    assert [shown.message.drop_keyboard for shown in person.new] == [True, False]
    assert "We have received your" in person.new[0].text
    await person.taps("Choose another office")
    assert "Which municipality?" in person.last.text


async def test_what_takes_the_share_button_away_says_what_was_wrong(town):
    person = town.resident()
    await person.says("/office")
    await person.taps("Find by location or")

    await person.shares_place(*RIYADH)

    why, question = person.new
    assert "outside Bahrain" in why.text
    assert why.message.drop_keyboard
    assert "outside Bahrain" not in question.text
    assert "Which municipality?" in question.text


async def test_a_place_abroad_is_asked_about_again(town):
    person = town.resident()
    await person.says("/office")

    await person.shares_place(*RIYADH)

    assert "outside Bahrain" in person.last.text
    assert "Which municipality?" in person.last.text


@pytest.mark.parametrize(
    ("typed", "said", "office"),
    [
        ("321", "Block 321 is served by Capital Municipality", "capital"),
        ("٣٢١", "Block 321 is served by Capital Municipality", "capital"),
        ("block 225", "Block 225 is served by Muharraq Municipality", "muharraq"),
        ("999", "Block 999 is probably served by Southern Area Municipality", "southern"),
        ("Riffa", "Southern Area Municipality seems to serve that place", "southern"),
        ("المحرق", "Muharraq Municipality seems to serve that place", "muharraq"),
    ],
)
async def test_a_block_or_an_area_may_be_typed(town, typed, said, office):
    person = town.resident()
    await person.says("/office")

    await person.says(typed)

    assert said in person.last.text.replace("\u2068", "").replace("\u2069", "")
    await person.taps("Yes, choose this office")
    assert await chosen(town, person) == office


@pytest.mark.parametrize("way", ["/office", "/complain", "/book"])
@pytest.mark.parametrize("typed", ["450000", "qqqq", "🙂", "720 or 721"])
async def test_what_names_no_municipality_asks_again(town, way, typed):
    person = town.resident()
    await person.says(way)

    await person.says(typed)

    assert f"We could not find “{typed}”. Choose from the list." in without_marks(person.last.text)
    assert "such as 338" in person.last.text
    assert "Muharraq Municipality" in str(person.buttons)


# ---------------------------------------------------------------------------- the matter, told at this question

BINS = "Nobody collects the rubbish near our house"


async def test_a_matter_told_at_the_question_goes_into_the_complaint(town):
    person = town.resident()
    await person.says("/complain")

    await person.says(BINS)
    assert f"We have kept what you wrote: “{BINS}”" in without_marks(person.last.text)
    assert "Which municipality?" in person.last.text
    await person.says("And it smells very much in summer")
    await person.taps("Capital Municipality")

    assert "We understood: Public cleanliness" in without_marks(person.last.text)
    assert "Where is it?" in person.last.text
    [stored] = await town.rows("SELECT step FROM conversations")
    assert f"{BINS}" in str(stored)
    assert "And it smells" in str(stored)


@pytest.mark.starts_at(SUNDAY)
async def test_a_matter_told_at_the_question_goes_into_the_appointment(town):
    await town.work(plan_sessions)
    person = town.resident()
    await person.says("/book")

    await person.says(BINS)
    await person.sends(caption="This is how it looks")
    assert "1 file" in person.last.text
    await person.taps("Southern Area Municipality")

    assert "Which day suits you?" in person.last.text
    await person.taps("Nov ·")
    await person.taps("09:15")
    await person.taps("Continue")
    await person.says("33123456")
    assert BINS in person.last.text
    assert "1 file" in person.last.text


@pytest.mark.parametrize("told", ["The bins in Riffa are full", "The bins are full in block 901"])
async def test_a_place_named_in_it_suggests_the_office(town, told):
    person = town.resident()
    await person.says("/complain")

    await person.says(told)

    assert "Southern Area Municipality" in person.last.text
    await person.taps("Yes, choose this office")
    assert told in str(await town.rows("SELECT step FROM conversations"))


async def test_a_few_words_that_name_a_category_are_a_matter(town):
    person = town.resident()
    await person.says("/complain")
    await person.says("stray dogs")
    await person.taps("Capital Municipality")
    assert "We understood: Stray dogs" in without_marks(person.last.text)


async def test_an_address_is_no_matter(town):
    person = town.resident()
    await person.says("/complain")
    await person.says("Building 12 Road 2104 block 321")
    assert "We have kept" not in person.last.text
    assert "Capital Municipality" in person.last.text


async def test_a_matter_told_where_nothing_was_begun_begins_a_request(town):
    person = town.resident()
    await person.says("/office")

    await person.says(BINS)

    assert "We understood: Public cleanliness" in without_marks(person.last.text)
    [stored] = await town.rows("SELECT step FROM conversations")
    assert BINS in str(stored)


async def test_a_wish_at_the_question_is_understood(town):
    person = town.resident()
    await person.says("/office")
    await person.says("شكوى")
    assert "What do you want to do with it?" in person.last.text


async def test_what_was_told_is_offered_again_after_leaving(town):
    person = town.resident()
    await person.says("/complain")
    await person.says(BINS)

    await person.taps("Main menu")
    await person.taps("Nobody collects")

    assert "Which municipality?" in person.last.text
    await person.taps("Find by location or")
    await person.shares_place(*MANAMA)
    await person.taps("Yes, choose this office")
    assert BINS in str(await town.rows("SELECT step FROM conversations"))


async def test_what_was_told_goes_along_when_it_is_begun_again_or_as_something_else(town):
    person = town.resident()
    await person.says("/complain")
    await person.says(BINS)
    await person.says("/suggest")
    assert f"We have kept what you wrote: “{BINS}”" in without_marks(person.last.text)

    await person.says("/menu")
    await person.taps("Submit a complaint")
    await person.taps("Capital Municipality")

    assert BINS in str(await town.rows("SELECT step FROM conversations"))


async def test_an_edit_corrects_what_was_told(town):
    person = town.resident()
    await person.says("/complain")
    await person.says(BINS, message=MessageId("777"))
    await person.edits(MessageId("777"), "The bins are never emptied here")
    await person.taps("Capital Municipality")
    stored = str(await town.rows("SELECT step FROM conversations"))
    assert "never emptied" in stored
    assert BINS not in stored


async def test_a_block_that_staff_corrected_is_known(town):
    await town.work(lambda work: block_corrections.correct_block(work, 427, OfficeId("northern"), staff_actor("1")))
    person = town.resident()
    await person.says("/office")

    await person.says("427")

    assert "Block 427 is served by Northern Area Municipality" in without_marks(person.last.text)


async def test_a_block_of_which_nothing_is_known_asks_again(town):
    person = town.resident()
    await person.says("/office")

    await person.says("699")

    assert "Block 699" in person.last.text.replace("\u2068", "").replace("\u2069", "") or "699" in person.last.text
    assert "Which municipality?" in person.last.text


async def test_only_offices_that_can_do_it_are_offered(town):
    person = town.resident()

    await person.says("/book")

    labels = [label for row in person.buttons for label in row]
    assert "Capital Municipality" in labels
    assert "Community Service Unit" not in labels


async def test_the_way_goes_on_with_the_office(town):
    person = town.resident()
    await person.says("/complain")

    await person.taps("Northern Area Municipality")

    assert await chosen(town, person) == "northern"
    assert "Main menu" not in person.last.text
    assert "Which municipality?" not in person.last.text


async def test_back_leads_to_the_list(town):
    person = town.resident()
    await person.says("/office")
    await person.says("321")

    await person.taps("Back")

    assert "Which municipality?" in person.last.text


async def test_a_new_municipality_takes_the_place_of_the_old(town):
    person = town.resident()
    for name in ("Capital Municipality", "Muharraq Municipality"):
        await person.says("/office")
        await person.taps(name)

    assert await chosen(town, person) == "muharraq"
    await person.says("/office")
    assert any(label == "✓ Muharraq Municipality" for row in person.buttons for label in row)
