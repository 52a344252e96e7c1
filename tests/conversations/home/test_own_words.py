"""Said in one's own words: what a message says is not asked for again, and all of it can be put right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from locales import without_marks
from services.bookings.schedule import plan_sessions
from tests.conversations.town import Person
from tests.conversations.whole_town import MANAMA, WholeTown, whole_town
from tests.instants import SUNDAY


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


def text(person: Person) -> str:
    return without_marks(person.last.text)


async def submitted(town: WholeTown) -> dict[str, object]:
    [case] = await town.rows("SELECT kind, category, office, block, road, building, words, anonymous FROM cases")
    return case


# ---------------------------------------------------------------------------- requests


@pytest.mark.parametrize(
    ("language", "said", "without_name", "submit"),
    [
        ("en", "Garbage at block 321 road 3831, three days now", "Without my name", "Submit"),
        ("ar", "الزبالة متكومة مجمع ٣٢١ طريق ٣٨٣١ من ثلاثة أيام", "دون ذكر", "إرسال"),
    ],
)
async def test_one_sentence_that_says_all_takes_two_taps(town, language, said, without_name, submit):
    person = town.resident(language=language)
    await person.says("/start")

    await person.says(said)
    await person.taps(without_name)
    await person.taps(submit)

    case = await submitted(town)
    assert (case["kind"], case["category"], case["office"]) == ("complaint", "cleanliness", "capital")
    assert (case["block"], case["road"], case["words"]) == (321, "3831", said)


async def test_it_is_said_what_was_understood(town):
    person = town.resident()

    await person.says("The street light is out in block 225 road 12")

    assert "We understood: Muharraq Municipality · Street lighting · Road 12, Block 225" in text(person)


async def test_what_was_understood_is_put_right_in_one_tap(town):
    person = town.resident()
    await person.says("Dogs tear the garbage bags open in block 321 road 12, dogs everywhere")
    while not person.last.find("Submit"):
        await person.taps("Stray dogs" if person.last.find("Stray dogs") else "Without my name")

    await person.taps("Type")
    await person.taps("Observation")
    await person.taps("Submit")

    case = await submitted(town)
    assert (case["kind"], case["category"]) == ("observation", "strays")


async def test_where_two_things_may_be_meant_the_likeliest_are_offered(town):
    person = town.resident()
    await person.says("/office")
    await person.taps("Capital Municipality")

    await person.says("The cat sleeps in the bin in block 321 road 12")

    assert "Is it about one of these?" in text(person)
    assert person.last.find("Bins")
    assert person.last.find("Stray dogs")
    await person.taps("Show all categories")
    assert person.last.find("Public cleanliness")


async def test_without_anything_open_the_bank_says_how_it_is_followed(town):
    person = town.resident()

    await person.says("any update on my complaint?")

    assert "shows how each request stands" in text(person)


async def test_where_the_kind_is_in_doubt_it_is_asked(town):
    person = town.resident()

    await person.says("i have a project idea for a municipal park cafe, who handles investment")

    assert "What do you want to do with it?" in text(person)
    assert person.last.find("❓ Question")
    assert person.last.find("💡 Suggestion")


async def test_the_place_tells_the_office_where_none_is_known(town):
    person = town.resident()
    await person.says("The bins are overflowing again")
    assert "Where is it?" in text(person)

    await person.says("Block 225 Road 12")
    await person.taps("Without my name")
    await person.taps("Submit")

    assert (await submitted(town))["office"] == "muharraq"


async def test_a_pin_only_suggests_the_office(town):
    person = town.resident()
    await person.says("The bins are overflowing again")

    await person.shares_place(*MANAMA)

    assert "probably belongs to Capital Municipality" in text(person)
    await person.taps("Send to")
    assert person.last.find("Without my name")


async def test_another_office_than_the_suggested_one_can_be_chosen(town):
    person = town.resident()
    await person.says("The bins are overflowing again")
    await person.shares_place(*MANAMA)

    await person.taps("Choose another office")
    await person.taps("Southern Area Municipality")
    await person.taps("Without my name")
    await person.taps("Submit")

    assert (await submitted(town))["office"] == "southern"


async def test_a_block_and_an_area_that_disagree_are_asked_about(town):
    person = town.resident()

    await person.says("Garbage in Riffa, block 321 road 12")

    assert "Riffa" not in text(person)
    assert (await town.row(person)).office == ""


async def test_words_after_the_photo_say_what_both_are(town):
    person = town.resident()
    await person.sends()
    assert "What do you want to do with it?" in text(person)

    await person.says("rats in block 321 road 12")
    await person.taps("Without my name")

    assert "1 attachment" in text(person)
    assert "Rodents and insects" in text(person)


async def test_a_caption_is_words_too(town):
    person = town.resident()

    await person.sends(caption="A pothole, block 321 road 12")
    await person.taps("Without my name")

    assert "1 attachment" in text(person)
    assert "Roads and pavements" in text(person)


async def test_a_description_that_holds_the_place_is_not_asked_for_it(town):
    person = town.resident()
    await person.says("/complain")
    await person.taps("Capital Municipality")
    await person.taps("Bins")

    await person.says("It overflows in block 321 road 12")

    person.does_not_see("Where is it?")
    assert person.last.find("Without my name")


async def test_more_about_an_open_request_is_not_made_a_new_one(town):
    person = town.resident()
    await person.says("The bins are full in block 321 road 12")
    await person.taps("Without my name")
    await person.taps("Submit")

    await person.says("The bins are still full")

    assert person.last.find("Add to an open request")


@pytest.mark.parametrize("said", ["How much is the fee for a housing certificate?", "asdf qwer", "👍", "ok"])
async def test_what_is_not_understood_is_asked_as_before(town, said):
    person = town.resident()

    await person.says(said)

    assert not person.last.find("Submit")
    assert await town.rows("SELECT id FROM cases") == []


# ---------------------------------------------------------------------------- appointments


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", "أبي موعد في أمانة العاصمة {day} {month} الساعة ١٠"),
        ("en", "appointment at Capital Municipality {day} {month} at 10"),
    ],
)
async def test_a_day_and_a_time_that_were_said_are_held(town, language, said):
    await town.work(plan_sessions)
    person = town.resident(language=language)
    day = town.customer_days[1]
    month = {"ar": "ديسمبر" if day.month == 12 else "نوفمبر", "en": day.strftime("%B")}[language]

    await person.says(said.format(day=day.day, month=month))

    [held] = await town.rows("SELECT status FROM bookings")
    assert held["status"] == "held"


@pytest.mark.starts_at(SUNDAY)
async def test_a_day_without_customer_day_is_said_so_and_the_days_are_shown(town):
    await town.work(plan_sessions)
    person = town.resident()
    eve = town.customer_days[1] - timedelta(days=1)

    await person.says(f"appointment at Capital Municipality on {eve.day} {eve.strftime('%B')}")

    person.sees("has no Customer Day on")
    person.sees("The next one is on")
    assert "Which day suits you?" in text(person)


@pytest.mark.starts_at(SUNDAY)
async def test_a_time_that_was_said_is_kept_until_the_day_is_chosen(town):
    await town.work(plan_sessions)
    person = town.resident()
    await person.says("I want an appointment at Capital Municipality at 10")

    await person.taps(town.day(0))

    [held] = await town.rows("SELECT status FROM bookings")
    assert held["status"] == "held"


@pytest.mark.starts_at(SUNDAY)
async def test_a_day_and_a_time_can_be_typed_where_the_day_is_asked(town):
    await town.work(plan_sessions)
    person = town.resident()
    await person.says("/book")
    await person.taps("Capital Municipality")
    day = town.customer_days[0]

    await person.says(f"{day.day} {day.strftime('%B')} at 9:30")

    [held] = await town.rows("SELECT status FROM bookings")
    assert held["status"] == "held"
