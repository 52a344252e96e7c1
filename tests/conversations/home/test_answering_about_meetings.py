"""Staff ask about an appointment; what its visitor writes next is the answer, and silence is recalled and told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import without_marks
from services.bookings import bookings, questions, sessions
from services.cases.unanswered import WORKING_DAYS
from services.text.normalise import MAX_TOLD
from storage.database import Database
from storage.ids import MessageId
from storage.records.bookings import Booking
from tests.conversations.appointments.test_card import books, card_of
from tests.conversations.staff_town import CAPITAL, DeskTown
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import known

A_MINUTE = timedelta(seconds=61)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


@pytest.fixture
async def booked(town: DeskTown, fatima: Person) -> Booking:
    """An appointment about which its visitor was asked something."""
    booking = await books(town, fatima)
    await town.huda.replies(await card_of(town, booking), "?Which market is it")
    assert "The municipality asks about your appointment" in town.huda.last.text
    await town.huda.taps("✅ Send", repeat=2)
    assert sum("Which market is it" in shown.text for shown in fatima.messages) == 1
    return booking


async def words_of(town: DeskTown, booking: Booking) -> str:
    return known(await town.work(lambda work: bookings.by_id(work, booking.id))).words


async def test_an_answer_about_an_appointment_is_corrected_by_editing_it(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await fatima.says("The central on", message=MessageId("501"))
    await town.wait(A_MINUTE / 3)

    await fatima.edits(MessageId("501"), "The central one")

    assert await words_of(town, booked) == "The market floods\nThe central one"
    await town.wait(A_MINUTE)
    assert "The central one" in town.huda.last.text
    await fatima.edits(MessageId("501"), "The northern one")
    assert "so we sent the correction" in fatima.last.text
    assert (await words_of(town, booked)).endswith("The central one\nCorrection: The northern one")


async def test_the_next_message_is_the_answer_and_the_team_hears_a_minute_later(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await fatima.says("The central one")

    assert f"This is your answer about appointment {booked.reference}" in without_marks(fatima.last.text)
    assert "Which market is it" in fatima.last.text
    assert await words_of(town, booked) == "The market floods\nThe central one"
    town.huda.does_not_see("The central one")
    await town.wait(A_MINUTE)
    assert "The central one" in town.huda.last.text
    await fatima.taps("Not the answer")
    assert "The team has your answer already" in fatima.last.text


async def test_what_was_not_the_answer_is_taken_off_the_appointment(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await fatima.sends(caption="Rats in block 321 road 12")

    await fatima.taps("Not the answer", repeat=2)

    assert "your message and 1 photo" in fatima.last.text
    assert await words_of(town, booked) == "The market floods"
    assert not await town.rows("SELECT * FROM booking_files")
    await town.wait(A_MINUTE)
    town.huda.does_not_see("Rats in block")
    await town.wait(A_MINUTE)
    await fatima.says("/menu")
    assert await town.work(lambda work: questions.waiting(work, booked.id))


async def test_a_button_asks_for_the_question_too(town: DeskTown, fatima: Person) -> None:
    booking = await books(town, fatima)
    card = await card_of(town, booking)
    await town.huda.taps_data(known(card.find("❓ استفسار من المراجع")).data, card.number)

    await town.huda.replies(town.huda.last, "Which market is it")
    await town.huda.taps("✅ Send")

    assert "The municipality asks about your appointment" in fatima.last.text


async def test_it_goes_to_the_question_of_a_request_in_one_tap(town: DeskTown, fatima: Person, booked: Booking) -> None:
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "?Which lamp")
    await town.huda.taps("Send")
    await fatima.says("The central one")
    assert f"about request {case.reference}" in without_marks(fatima.last.text)

    await fatima.taps("It answers")

    assert f"about appointment {booked.reference}" in without_marks(fatima.last.text)
    assert await words_of(town, booked) == "The market floods\nThe central one"


async def test_danger_in_a_reply_about_an_appointment_is_a_request_at_once(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    question = fatima.sees("Which market is it").number

    await fatima.says("There is an open manhole beside it, block 321 road 12", reply_to=question)

    assert "if anyone is in danger, call" in without_marks("".join(shown.text for shown in fatima.new))
    assert await words_of(town, booked) == "The market floods"


async def test_what_was_kept_can_still_answer_about_the_appointment(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await fatima.says("The central one")
    await fatima.taps("Not the answer")

    await fatima.taps("It answers")

    assert f"We have added this to appointment {booked.reference}" in without_marks(fatima.last.text)
    assert await words_of(town, booked) == "The market floods\nThe central one"
    assert await town.work(lambda work: questions.waiting(work, booked.id)) is None


async def test_photos_that_went_to_another_question_first_leave_the_appointment_again(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "?Which lamp")
    await town.huda.taps("Send")
    await fatima.sends(caption="The central one", album="a")
    await fatima.sends(album="a")
    await town.wait(timedelta(seconds=5))
    await fatima.taps("It answers")
    assert len(await town.rows("SELECT * FROM booking_files")) == 2

    await fatima.taps("Not the answer")

    assert "your message and 2 photos" in fatima.last.text
    assert not await town.rows("SELECT * FROM booking_files")
    assert not await town.rows("SELECT * FROM files WHERE linked")
    assert await words_of(town, booked) == "The market floods"


@pytest.mark.parametrize("told", ["", "yes\n" * 6000])
async def test_what_there_was_no_room_for_is_said_and_nothing_of_it_stays(
    town: DeskTown, fatima: Person, booked: Booking, told: str
) -> None:
    told = told[: MAX_TOLD - 30].strip()
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET words = :words", words=told)
    answer = "yes and " + "y" * 3000
    for _ in range(8):
        await fatima.says(answer)

    assert "Your text was too long" in fatima.last.text
    assert len(await words_of(town, booked)) <= MAX_TOLD
    await fatima.taps("Not the answer")

    assert await words_of(town, booked) == told
    assert "We have received your message" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
async def test_silence_is_recalled_once_and_then_told_to_the_team(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    async def days_pass() -> None:
        for _ in range(WORKING_DAYS + 3):
            if known(booked.starts_at) > town.now + timedelta(days=1):
                await town.wait(timedelta(days=1))
                await town.work(questions.run_due)

    free = await town.work(lambda work: sessions.nearest_free(work, CAPITAL, limit=500))
    far = free[-1][1].id  # a meeting far enough away
    await town.work(lambda work: bookings.move_by_municipality(work, booked.id, far, town.huda.person.actor))
    booked = known(await town.work(lambda work: bookings.by_id(work, booked.id)))
    await days_pass()
    assert sum("still waits for your answer about appointment" in shown.text for shown in fatima.messages) == 1
    await days_pass()
    await days_pass()
    told = [shown for shown in town.huda.messages if "لم يرد المراجع على الاستفسار" in shown.text]
    assert len(told) == 1
    assert "Which market is it" in told[0].text
