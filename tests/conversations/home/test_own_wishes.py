"""What people ask about what they have, in their own words: to cancel, to move, to withdraw, how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from locales import clean
from tests.conversations.home.residents import booked, complained, living, said, submits
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.mark.parametrize(
    ("language", "words", "asked"),
    [
        ("ar", "بلغي الموعد ما اقدر ايي", "إلغاء الموعد؟"),
        ("ar", "الغاء الموعد", "إلغاء الموعد؟"),
        ("ar", "أبغي ألغي موعدي", "إلغاء الموعد؟"),
        ("ar", "كنسلوا حجزي لو سمحتون", "إلغاء الموعد؟"),
        ("ar", "abi alghi maw3edi", "إلغاء الموعد؟"),
        ("en", "cancel my appointment", "Cancel the appointment?"),
        ("en", "i want to cancel my booking on wednesday", "Cancel the appointment?"),
        ("en", "pls cancel it", "Cancel the appointment?"),
    ],
)
async def test_whoever_writes_that_they_cancel_is_asked_about_their_appointment(town, language, words, asked):
    fatima = await booked(town, language)

    await fatima.says(words)

    assert asked in said(fatima)
    [booking] = await town.rows("SELECT status FROM bookings")
    assert booking["status"] == "confirmed", "nothing is done before they tap"


@pytest.mark.parametrize(
    ("language", "words", "asked"),
    [
        ("en", "reschedule my appointment to 11.30", ("Move your appointment?", "11:30")),
        ("en", "can't make it, push it to 11:30", ("Move your appointment?", "11:30")),
        ("en", "can i change my appointment", ("Which day suits you instead?",)),
        ("en", "move my meeting to next friday", ("has no Customer Day on", "Which day suits you instead?")),
        ("ar", "ابي أأجل موعدي", ("ما اليوم",)),
        ("ar", "ابي اغير موعدي الى الساعة 11:30", ("11:30",)),
    ],
)
async def test_whoever_writes_that_they_move_it_is_asked_only_for_what_they_did_not_say(town, language, words, asked):
    fatima = await booked(town, language)

    await fatima.says(words)

    assert all(part in said(fatima) for part in asked)
    assert len(await town.rows("SELECT id FROM bookings")) == 1, "no other booking was begun"


async def test_a_time_that_is_not_free_leads_to_those_that_are(town):
    fatima = await booked(town)

    await fatima.says("change my appointment to 11:37")

    assert "11:37 is not available on that day." in said(fatima)
    assert "Which time suits you?" in said(fatima)


@pytest.mark.parametrize("words", ["I can't come on that day", "sorry, unable to attend"])
async def test_whoever_cannot_come_may_move_it_or_cancel_it(town, words):
    fatima = await booked(town)

    await fatima.says(words)

    assert {"Reschedule", "Cancel"} <= {label for row in fatima.buttons for label in row}


@pytest.mark.parametrize("words", ["im here", "I have arrived", "أنا وصلت", "wa9alt"])
async def test_whoever_says_on_the_day_that_they_have_come_gets_the_code_to_show(town, words):
    fatima = await booked(town)
    [booking] = await town.rows("SELECT t.starts_at, b.reference FROM bookings b JOIN slots t ON t.id = b.slot_id")

    await fatima.says(words)
    assert "Show this code" not in said(fatima)

    await town.wait(datetime.fromisoformat(str(booking["starts_at"])) - timedelta(minutes=20) - town.now)
    await fatima.says("/menu")
    await fatima.says(words)
    assert "Show this code" in said(fatima)
    assert str(booking["reference"]) in said(fatima)


async def test_cancelling_in_words_in_the_middle_of_another_booking_is_about_the_appointment_there_is(town):
    fatima = await booked(town)
    await fatima.says("/book")

    await fatima.says("i want to cancel my appointment")

    assert "Cancel the appointment?" in said(fatima)


@pytest.mark.parametrize("words", ["cancel my appointment", "الغاء الموعد"])
async def test_whoever_has_no_appointment_is_told_so(town, words):
    fatima = await living(town)

    await fatima.says(words)

    assert "You have no appointments yet." in said(fatima)


@pytest.mark.parametrize(
    "words",
    [
        "the contractor left a broken slab, move it away from the pavement in block 338",
        "cancel it: the noise of the workshop at night should end",
        "somebody changed the sign of our road 12 block 338",
    ],
)
async def test_the_same_words_about_something_else_start_what_they_tell_of(town, words):
    fatima = await living(town)

    await fatima.says(words)

    assert "appointment" not in said(fatima).split("What do you want to do with it?")[0]


async def test_the_one_request_there_is_can_be_withdrawn_in_words(town):
    fatima = await complained(town)

    await fatima.says("please cancel my complaint")

    assert "Withdraw" in said(fatima)


@pytest.mark.parametrize(
    "words", ["any news on my complaint??", "وين وصلت شكواي؟", "what happened to my complaint about the bin"]
)
async def test_whoever_asks_after_their_request_sees_it(town, words):
    fatima = await complained(town)
    [case] = await town.rows("SELECT reference FROM cases")

    await fatima.says(words)

    assert str(case["reference"]) in said(fatima)


async def test_whoever_asks_after_one_of_several_requests_sees_all(town):
    fatima = await complained(town)
    await fatima.says("The street light in block 338 road 12 is off")
    await submits(fatima)

    await fatima.says("any news on my complaint?")

    assert "Your requests: 2 open" in said(fatima)


async def test_whoever_may_mean_an_open_request_is_asked_which_by_what_and_where(town):
    fatima = await complained(town)

    await fatima.says("the bin is overflowing again")
    assert "Is it about a request that is open, or is it new?" in said(fatima)
    [label] = [label for row in fatima.buttons for label in row if "Bins and refuse bags" in label]
    assert "Road 12, Block 338" in clean(label)
    await fatima.taps(label)

    [event] = await town.rows("SELECT words FROM case_events WHERE what = 'information'")
    assert event["words"] == "the bin is overflowing again"


async def test_the_same_matter_in_another_block_is_new(town):
    fatima = await complained(town)

    await fatima.says("The bin in block 342 road 4 is overflowing")

    assert "We understood" in said(fatima)


async def test_what_is_said_after_a_message_that_nothing_could_be_made_of_is_still_read(town):
    fatima = await living(town)
    await fatima.says("they did nothing at all")

    await fatima.says("a big hole in road 12 block 338")

    assert "We understood" in said(fatima)
    assert "they did nothing at all" in said(fatima)


@pytest.mark.parametrize("words", ["when is my appointment?", "متى موعدي؟"])
async def test_whoever_asks_when_their_appointment_is_sees_it(town, words):
    fatima = await booked(town)
    [booking] = await town.rows("SELECT reference FROM bookings")

    await fatima.says(words)

    assert str(booking["reference"]) in said(fatima)


@pytest.mark.parametrize(
    "words", ["i need to act for my mother", "ابي اقدم طلب عن امي ما تعرف حق التلفون", "submit on behalf of my father"]
)
async def test_whoever_wants_to_file_for_another_is_led_to_how(town, words):
    fatima = await living(town)

    await fatima.says(words)

    assert "👥" in said(fatima)
