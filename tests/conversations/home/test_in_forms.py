"""What is typed in a form besides answering it: questions, and words such as "back" or "what is this?"."""

from __future__ import annotations

import pytest

from locales import clean
from tests.conversations.home.residents import at_the_phone, living, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)
HOURS = {"en": "Sunday to Wednesday: 07:00–14:15", "ar": "الأحد"}


# ---------------------------------------------------------------------------- a question


@pytest.mark.parametrize(
    ("language", "question", "answer", "asked"),
    [
        ("en", "what are your opening hours?", "Sunday to Wednesday: 07:00–14:15", "What number can the municipality"),
        ("ar", "متى دوامكم؟", "أوقات العمل في", "رقم"),
        ("en", "how much is the fee?", "Appointments and requests are free of charge", "What number can the municip"),
        ("ar", "كم الرسوم؟", "حجز المواعيد وتقديم الطلبات مجاناً", "رقم"),
        ("en", "why do you need my phone?", "only what the office needs", "What number can the municipality"),
    ],
)
async def test_a_question_typed_where_the_phone_is_asked_is_answered_and_the_phone_asked_again(
    town, language, question, answer, asked
):
    fatima = await living(town, language)
    await at_the_phone(fatima)

    await fatima.says(question)

    assert answer in said(fatima)
    assert asked in fatima.last.text
    await fatima.says("33123456")
    await fatima.taps("Confirm" if language == "en" else "تأكيد")
    [booking] = await town.rows("SELECT status, words FROM bookings")
    assert (booking["status"], booking["words"]) == ("confirmed", "")


@pytest.mark.parametrize(
    ("steps", "again"),
    [
        ((), "What is it about? Choose a category"),
        (("Bins", "The container is full"), "Where is it? Share the location"),
        (("Bins", "The container is full", "Block 338 road 12"), "Do you want to submit with your name"),
    ],
)
async def test_a_question_at_any_step_of_a_complaint_becomes_no_answer_of_it(town, steps, again):
    fatima = await living(town)
    await fatima.says("/complain")
    for step in steps:
        await (fatima.taps(step) if fatima.last.find(step) else fatima.says(step))

    await fatima.says("How do I get a building permit?")

    assert "Benayat" in said(fatima)
    assert again in clean(fatima.last.text)
    assert "building permit" not in fatima.last.text
    [noted] = await town.rows("SELECT answer FROM inquiries")
    assert noted["answer"] == "permit_apply"


async def test_a_question_that_was_meant_for_the_description_goes_there_in_one_tap(town):
    fatima = await living(town)
    await fatima.says("/complain")
    await fatima.says("who is responsible for street lights?")
    assert "What is it about?" in fatima.last.text

    await fatima.taps("Add my question to the description")

    assert "Your question stands in the description now." in fatima.last.text
    await fatima.taps("Bins")
    await fatima.says("Block 338 road 12")
    assert "who is responsible for street lights?" in fatima.last.text


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_question_in_a_description_stays_there_and_its_answer_is_one_tap_away(town, language):
    question = {"en": "How do I get a building permit?", "ar": "كيف أحصل على رخصة بناء؟"}[language]
    fatima = await living(town, language)
    await fatima.says("/complain")
    await fatima.taps("Building violations" if language == "en" else "مخالفات البناء")

    await fatima.says(question)
    where = clean(fatima.last.text)
    await fatima.taps(f"❓ {question}")

    assert "www.benayat.bh" in str([shown.message for shown in fatima.new])
    assert clean(fatima.last.text) == where
    await fatima.says("Block 338 road 12")
    assert question in fatima.last.text


async def test_which_other_fees_may_be_meant_is_offered(town):
    fatima = await living(town)
    await at_the_phone(fatima)
    await fatima.says("how much is the fee?")

    await fatima.taps("❓ How much is a building permit?")

    assert "worked out from the area built" in said(fatima)
    assert "What number can the municipality" in fatima.last.text


async def test_the_answer_to_an_offer_of_a_form_that_was_left_interrupts_nothing(town):
    fatima = await living(town)
    await fatima.says("/complain")
    await fatima.taps("Building violations")
    await fatima.says("How do I get a building permit?")
    offer = fatima.new[0].find("❓ How do I get a building permit?")
    assert offer is not None
    await fatima.says("/cancel")

    await fatima.taps_data(offer.data)
    assert "Benayat" in fatima.last.text
    await fatima.taps_data("do:asideanswer:nothing:0")
    await fatima.taps_data("do:asidewords::0")
    fatima.sees("Main menu")


@pytest.mark.parametrize(
    ("typed", "place"),
    [("where the old cinema was", "where the old cinema was"), ("What a corner: opposite the gate", "opposite the")],
)
async def test_a_place_in_words_of_a_question_is_a_place(town, typed, place):
    fatima = await living(town)
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("The container is full")

    await fatima.says(typed)

    assert "We could not find a block number in" in fatima.last.text
    assert place in fatima.last.text


async def test_a_question_nobody_has_an_answer_to_is_no_name(town):
    fatima = await living(town, name="🌙")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("The container is full")
    await fatima.says("Block 338 road 12")

    await fatima.says("who will read my name?")

    assert "That looks like a question" in fatima.last.text
    assert "Type your name or continue without it." in fatima.last.text


# ---------------------------------------------------------------------------- words that ask for something


@pytest.mark.parametrize(("language", "typed"), [("en", "go back"), ("en", "رجوع"), ("ar", "back"), ("ar", "السابق")])
async def test_back_is_understood_in_either_language(town, language, typed):
    fatima = await living(town, language)
    await fatima.says("/complain")
    before = clean(fatima.last.text)
    await fatima.taps("Bins" if language == "en" else "الحاويات")

    await fatima.says(typed)

    assert clean(fatima.last.text) == before


@pytest.mark.parametrize(("language", "typed"), [("en", "cancel"), ("en", "Stop!"), ("ar", "الغاء"), ("ar", "stop")])
async def test_cancel_discards_the_draft_and_can_be_undone(town, language, typed):
    fatima = await living(town, language)
    await at_the_phone(fatima)

    await fatima.says(typed)

    assert await town.rows("SELECT id FROM bookings WHERE status = 'held'") == []
    await fatima.taps("↩️")
    assert "?" in fatima.last.text or "؟" in fatima.last.text
    assert await town.rows("SELECT id FROM bookings WHERE status = 'held'")


async def test_cancel_before_anything_was_entered_leaves_the_form(town):
    fatima = await living(town)
    await fatima.says("/book")

    await fatima.says("cancel")

    assert "OK. Nothing was saved." in fatima.last.text
    assert "Main menu" in fatima.last.text


@pytest.mark.parametrize(
    ("language", "typed", "explained"),
    [
        ("en", "what is this?", "We ask one thing at a time"),
        ("ar", "شنو هذا", "نطلب معلومة واحدة"),
        ("en", "??", "We ask"),
    ],
)
async def test_what_is_this_is_explained_and_the_question_stays(town, language, typed, explained):
    fatima = await living(town, language)
    await fatima.says("/suggest")
    await fatima.taps("Bins" if language == "en" else "الحاويات")
    before = clean(fatima.last.text)

    await fatima.says(typed)

    assert explained in fatima.last.text
    assert clean(fatima.last.text).endswith(before)


async def test_menu_leaves_and_keeps_the_draft(town):
    fatima = await living(town, "ar")
    await fatima.says("/complain")
    await fatima.taps("الحاويات")

    await fatima.says("القائمة")

    assert fatima.last.find("▶️")
