"""Two matters in one message become two requests in one tap, and the second is never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from locales import without_marks
from storage.ids import MessageId
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, whole_town

TWO = "The street lamp is out and also the rubbish isnt collected, block 321 road 12"


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def filed(town: WholeTown) -> list[tuple[object, ...]]:
    rows = await town.rows("SELECT category, office, block, road, words, anonymous FROM cases ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def parted(town: WholeTown) -> Person:
    person = town.resident()
    await person.says(TWO)
    await person.taps("Make separate requests")
    return person


async def test_both_are_submitted_one_after_the_other(town):
    person = await parted(town)
    assert "After this one: Public cleanliness" in without_marks(person.last.text)
    await person.taps("Without my name")
    await person.taps("Submit")
    assert "Now your second request." in person.last.text
    await person.taps("Submit")

    first, second = await filed(town)
    assert first[:4] == ("lighting", "capital", 321, "12")
    assert second[:4] == ("cleanliness", "capital", 321, "12")
    assert (first[4], second[4]) == ("The street lamp is out", "the rubbish isnt collected, block 321 road 12")
    assert first[5]
    assert second[5]


async def test_the_second_waits_in_the_menu_where_it_was_left(town):
    person = await parted(town)
    await person.taps("Without my name")
    await person.taps("Submit")
    await person.says("/menu")

    await person.taps("Complaint: Public cleanliness")
    await person.taps("Submit")

    assert [row[0] for row in await filed(town)] == ["lighting", "cleanliness"]


async def test_who_joins_a_neighbours_request_goes_on_to_the_second(town):
    neighbour = town.resident(address="1002", name="Ali Hasan")
    await neighbour.says("The street lamp is out in block 321 road 12")
    await neighbour.taps("Without my name")
    await neighbour.taps("Submit")

    person = await parted(town)
    await person.taps("Join request 1")
    assert "Now your second request." in person.last.text
    await person.taps("Without my name")
    await person.taps("Submit")

    assert [row[0] for row in await filed(town)] == ["lighting", "cleanliness"]


async def test_it_may_stay_one_request_with_all_its_words(town):
    person = town.resident()
    await person.says(TWO)
    await person.taps("Street lighting")
    await person.taps("Without my name")
    await person.taps("Submit")

    [only] = await filed(town)
    assert (only[0], only[4]) == ("lighting", TWO)


async def test_more_may_be_said_before_it_is_decided(town):
    person = town.resident()
    await person.says(TWO)
    await person.sends(caption="It is dark here")
    await person.taps("Make separate requests")
    await person.taps("Without my name")
    await person.taps("Submit")
    await person.taps("Submit")

    first, _ = await filed(town)
    assert "It is dark here" in str(first[4])


async def test_a_correction_of_the_message_parts_it_anew(town):
    person = town.resident()
    await person.says(TWO, message=MessageId("5001"))
    await person.edits(MessageId("5001"), TWO.replace("isnt", "is not"))
    await person.taps("Make separate requests")
    await person.taps("Without my name")
    await person.taps("Submit")
    await person.taps("Submit")

    _, second = await filed(town)
    assert second[4] == "the rubbish is not collected, block 321 road 12"


@pytest.mark.parametrize(
    "said",
    [
        "Dogs tear the garbage bags open and spread the rubbish in block 321 road 12",
        "The bins are full and nobody empties them, block 321 road 12",
        "الزبالة متكومة والريحة طالعة مجمع ٣٢١ طريق ١٢",
    ],
)
async def test_one_matter_told_at_length_is_not_parted(town, said):
    person = town.resident()
    await person.says(said)
    assert person.last.find("separate requests") is None


# ---------------------------------------------------------------------------- each at its own place

EACH = [
    "Garbage at block 321 and a street light is out in block 225",
    "Garbage at block 321, road 12 and a street light is out in block 225, road 1205",
    "القمامة متراكمة في مجمع 321، والإنارة معطلة في مجمع 225",
    "زبالة في مجمع 321 وليت الشارع طافي في مجمع 225",
]


async def submits_both(person: Person) -> None:
    english = person.language == "en"
    await person.taps("Without my name" if english else "من دون اسمي")
    for _ in range(2):
        await person.taps("Submit" if english else "إرسال")


@pytest.mark.parametrize("said", EACH)
async def test_each_keeps_its_own_place_and_office(town, said):
    person = town.resident()
    await person.says(said)
    await person.taps("Make separate requests")
    await submits_both(person)

    first, second = await filed(town)
    assert (first[0], first[1], first[2]) == ("cleanliness", "capital", 321)
    assert (second[0], second[1], second[2]) == ("lighting", "muharraq", 225)


async def test_the_road_of_each_stays_with_its_block(town):
    person = town.resident()
    await person.says(EACH[1])
    await person.taps("Make separate requests")
    await submits_both(person)

    assert [(row[2], row[3]) for row in await filed(town)] == [(321, "12"), (225, "1205")]


async def test_the_second_is_asked_for_its_place_where_only_the_first_has_one(town):
    person = town.resident()
    await person.says("Garbage at block 321 and a street light is out")
    await person.taps("Make separate requests")
    await person.taps("Without my name")
    await person.taps("Submit")
    assert "Where is it?" in person.last.text
    await person.says("block 225")
    await person.taps("Submit")

    assert [(row[0], row[1], row[2]) for row in await filed(town)] == [
        ("cleanliness", "capital", 321),
        ("lighting", "muharraq", 225),
    ]


async def test_the_first_is_asked_for_its_place_where_only_the_second_has_one(town):
    person = town.resident()
    await person.says("Garbage everywhere and a street light is out in block 225")
    await person.taps("Make separate requests")
    assert "Where is it?" in person.last.text
    await person.says("block 321")
    await submits_both(person)

    assert [(row[1], row[2]) for row in await filed(town)] == [("capital", 321), ("muharraq", 225)]


@pytest.mark.parametrize(
    "said",
    [
        TWO,
        "حفرة في الشارع والكلاب الضالة تخوف العيال مجمع ٣٢١ طريق ١٢",
        "The lamp is out, the rubbish isnt collected. Block 321 road 12",
    ],
)
async def test_an_address_at_the_end_that_no_word_joins_to_one_is_of_both(town, said):
    person = town.resident()
    await person.says(said)
    await person.taps("Make separate requests")
    await submits_both(person)

    assert [row[1:4] for row in await filed(town)] == [("capital", 321, "12")] * 2


async def test_what_is_at_the_same_place_is_told_so_in_one_tap(town):
    person = town.resident()
    await person.says("Garbage at block 321 road 12 and a street light is out")
    await person.taps("Make separate requests")
    await person.taps("Without my name")
    await person.taps("Submit")
    await person.taps("Same place: ")
    await person.taps("Submit")

    assert [(row[1], row[2], row[3]) for row in await filed(town)] == [("capital", 321, "12")] * 2
