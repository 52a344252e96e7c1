"""Questions: answered from the bank in the words of who asks, and sent to the team where no answer was it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from locales import clean
from services.bookings.schedule import plan_sessions
from storage.records.cases import CaseKind
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, submitted, whole_town


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def living_in(town: WholeTown, office: str, *, language: str = "en") -> Person:
    person = town.resident(language=language)
    await person.says("/start")
    await town.settles(person, office)
    return person


async def noted(town: WholeTown) -> list[tuple[object, object]]:
    return [(row["answer"], row["outcome"]) for row in await town.rows("SELECT * FROM inquiries ORDER BY id")]


async def test_a_question_is_answered_at_once_and_that_is_all(town):
    fatima = await living_in(town, "capital", language="ar")

    await fatima.says("كم رسوم رخصة البناء؟")

    assert "تُحسب رسوم الرخصة على أساس مساحة البناء" in clean(fatima.last.text)
    assert "المصدر: موقع شؤون البلديات" in clean(fatima.last.text)
    await fatima.taps("نعم، هذه هي الإجابة")
    fatima.sees("شكراً لإفادتكم")
    assert await noted(town) == [("permit_fees", "answered")]
    assert await town.rows("SELECT * FROM cases") == []


async def test_an_answer_that_helped_stays_to_be_read_without_its_buttons(town):
    fatima = await living_in(town, "capital")
    await fatima.says("what are your opening hours?")
    answer = fatima.last

    await fatima.taps("Yes, it did")

    [kept] = [shown for shown in fatima.messages if shown.number == answer.number]
    assert (kept.text, kept.buttons) == (answer.text, [])
    assert "Thank you for telling us." in fatima.last.text


async def test_an_answer_is_filled_in_with_what_holds_for_the_office(town):
    fatima = await living_in(town, "muharraq")

    await fatima.says("what are your opening hours?")

    shown = clean(fatima.last.text)
    assert "Muharraq Municipality is open:" in shown
    assert "Sunday to Wednesday: 07:00–14:15" in shown
    assert "Source: Muharraq Municipality" in shown


async def test_where_no_answer_was_it_the_question_goes_to_the_team_as_it_was_typed(town):
    fatima = await living_in(town, "capital")
    await fatima.says("do I need a permit to build a boundary wall?")
    assert "permits of their own" in fatima.last.text

    await fatima.taps("❌ No")

    summary = fatima.sees("Check your inquiry").text
    assert "do I need a permit to build a boundary wall?" in summary
    assert "Category: Building violations" in clean(summary)
    assert "goes to the municipality’s team as soon as you submit it" in summary
    assert "We understood" not in summary
    await fatima.taps("Submit")
    [case] = await town.rows("SELECT * FROM cases")
    assert (case["kind"], case["words"]) == (CaseKind.INQUIRY, "do I need a permit to build a boundary wall?")
    assert await noted(town) == [("small_works", "not_answered")]


async def test_another_answer_that_may_be_meant_is_a_tap_away(town):
    fatima = await living_in(town, "capital")
    await fatima.says("which documents do I need for a building permit")

    await fatima.taps("↪️ How do I get a building permit?")

    assert "Building permits are applied for online" in fatima.last.text
    assert fatima.last.find("↪️ Which documents does a building permit need?")
    await fatima.says("yes")
    assert await noted(town) == [("permit_apply", "answered")]


async def test_a_question_that_the_bank_does_not_know_can_be_sent_or_left_for_later(town):
    fatima = await living_in(town, "capital")
    await fatima.says("how do I renew my passport?")
    fatima.sees("There is no ready answer to this.")
    assert await noted(town) == [("", "unknown")]

    await fatima.says("/menu")
    await fatima.taps("Continue:")
    await fatima.taps("Send it to the municipality")

    fatima.sees("Check your inquiry")
    assert "how do I renew my passport?" in fatima.last.text


@pytest.mark.parametrize(
    ("button", "heading"),
    [("📢 Complaint", "Check your complaint"), ("🛠 Service request", "Check your service request")],
)
async def test_what_was_taken_for_a_question_becomes_something_else_in_one_tap(town, button, heading):
    fatima = await living_in(town, "capital")
    await fatima.says("how much are the municipal fees that were charged twice to my account?")

    await fatima.taps(button)
    await fatima.taps("Without my name")

    assert "charged twice" in fatima.sees(heading).text


async def test_a_question_becomes_an_appointment_in_one_tap(town):
    fatima = await living_in(town, "capital")
    await fatima.says("who is responsible for street lights?")

    await fatima.taps("📅 Customer Day appointment")

    assert "Capital Municipality" in fatima.last.text


async def test_from_the_menu_a_question_is_typed_or_chosen(town):
    fatima = await living_in(town, "capital")
    await fatima.says("/menu")
    await fatima.taps("☰ More services")
    await fatima.taps("Ask a question")
    await fatima.taps("More")

    await fatima.taps("How do I get a building permit?")

    assert "Benayat" in fatima.last.text
    assert not fatima.last.find("📢 Complaint")
    await fatima.taps("❌ No")
    fatima.sees("What would you like to know?")  # nothing was typed yet
    await fatima.says("/ask")
    await fatima.says("متى دوامكم")
    assert "Capital Municipality is open:" in clean(fatima.last.text)


async def test_what_is_noted_names_nobody(town):
    fatima = await living_in(town, "capital")

    await fatima.says("my name is Fatima Ali, 3312 3456: how do I renew my passport?")

    [row] = await town.rows("SELECT words FROM inquiries")
    assert "Fatima" not in str(row["words"])
    assert "3312" not in str(row["words"])
    assert "renew my passport?" in str(row["words"])


async def test_a_question_in_a_certain_place_is_asked_about_as_before(town):
    fatima = await living_in(town, "capital")

    await fatima.says("when do you collect the rubbish in block 338 road 12?")

    fatima.sees("What do you want to do with it?")


async def test_what_is_asked_about_an_open_request_can_be_added_to_it(town):
    fatima = await living_in(town, "capital")
    await submitted(town, fatima)

    await fatima.says("when are you going to empty my overflowing container?")

    assert fatima.last.find("Add to an open request")


async def test_typing_another_question_answers_that_one(town):
    fatima = await living_in(town, "capital")
    await fatima.says("how do I get a building permit?")

    await fatima.says("when do you give the black bags")

    assert "Refuse bags are free for citizens" in fatima.last.text


async def test_a_forged_or_old_button_answers_nothing(town):
    fatima = await living_in(town, "capital")
    await fatima.says("/ask")

    await fatima.taps_data(f"ask:question:a.nothing:{await turn_of(town)}")

    fatima.sees("What do you want to know?")


async def turn_of(town: WholeTown) -> int:
    [row] = await town.rows("SELECT turn FROM conversations")
    return int(str(row["turn"]))


@pytest.mark.parametrize(
    ("words", "language", "date", "first", "book"),
    [
        ("When is Customer Day?", "en", "📅 Next Customer Day: Wednesday", "First free appointment:", "Book an app"),
        ("متى يوم العميل؟", "ar", "📅 يوم العميل القادم: الأربعاء", "أقرب موعد متاح", "حجز موعد"),
    ],
)
async def test_when_customer_day_is_is_answered_with_its_date_and_a_way_to_book(
    town, words, language, date, first, book
):
    fatima = await living_in(town, "capital", language=language)
    await town.work(plan_sessions)

    await fatima.says(words)

    shown = clean(fatima.last.text)
    assert date in shown
    assert "09:00" in shown
    assert first in shown
    await fatima.taps(book)
    [(answer, _)] = await noted(town)
    assert answer == "customer_day"
    assert await town.rows("SELECT * FROM cases") == []
    assert any("09:00" in label for row in fatima.buttons for label in row)  # the days of that office


async def test_whoever_has_no_office_yet_reads_the_next_day_of_each(town):
    fatima = await living_in(town, "")
    await town.work(plan_sessions)

    await fatima.says("when is customer day?")

    shown = clean(fatima.last.text)
    assert "📅 Next Customer Day at every office: Wednesday" in shown
    await town.rows("UPDATE sessions SET status = 'closed' WHERE office = 'muharraq' RETURNING id")
    await fatima.says("/menu")
    await fatima.says("when is customer day?")
    shown = clean(fatima.last.text)
    assert "• Capital Municipality: Wednesday" in shown
    assert "Muharraq" not in shown
