"""What a delegate hears besides: that nobody answered, and how the queue goes. What is theirs goes with the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import without_marks
from services.actors import staff_actor
from services.bookings.bookings import Booking
from services.delegations import delegations
from services.visits import due as line_due
from services.visits import visits
from services.visits.states import Step
from storage import bookings
from storage.ids import BookingId
from tests.conversations.delegation.acting import (
    agreed,
    answers,
    asks,
    asks_by_phone,
    book,
    complains_for_her,
    is_asked,
    rows,
    sees,
    taps_verb,
)
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, submitted
from tests.known import known

DOOR = staff_actor("9001")


async def _nobody_answers(town: WholeTown, span: timedelta) -> None:
    await town.wait(span)
    while await town.work(lambda work: delegations.run_due(work, 1)):
        pass


async def test_who_asked_hears_once_that_a_link_ran_out_and_makes_a_new_one_in_one_tap(
    town: WholeTown, sara: Person, noor: Person
) -> None:
    late = await asks(sara)
    await _nobody_answers(town, delegations.LINK_LASTS)
    told = sees(sara, "The link for My mother has expired")
    assert [label for row in told.buttons for label in row] == ["🔗 Make a new link", "👥 Act for someone else"]
    await _nobody_answers(town, timedelta(hours=1))
    assert sum("has expired and nobody used it" in one.text for one in sara.messages) == 1

    await sara.taps("Make a new link", repeat=2)
    assert sum("asks to act for you" in one.text for one in sara.messages) == 2  # one each, however often it is tapped
    await noor.says(f"/start {late}")
    sees(noor, "انتهت مدته")
    assert [row["state"] for row in await rows(town, "SELECT state FROM delegations ORDER BY id")] == [
        "refused",
        "asked",
    ]


async def test_who_answered_in_time_is_told_nothing_more_and_a_call_that_never_was_is_asked_for_again(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    await asks_by_phone(sara)
    await _nobody_answers(town, delegations.CALL_LASTS)
    sara.does_not_see("has expired and nobody used it")
    sees(sara, "The office has not recorded an answer from My father")
    await sara.taps("Ask the office to call again")
    sees(sara, "We have asked the office to call")
    await taps_verb(huda, "for_yes")
    await taps_verb(huda, "for_record")
    sees(sara, "My father agrees that you act for them")


async def _looks(town: WholeTown) -> None:
    while await town.work(lambda work: line_due.run_due(work, 20)):
        pass


async def _step(town: WholeTown, booking: BookingId, step: Step) -> None:
    await town.work(lambda work: visits.change(work, booking=booking, step=step, actor=DOOR))
    await _looks(town)


async def _arrives(town: WholeTown) -> Booking:
    """The one who was booked for comes in time, and has their number."""
    (row,) = await rows(town, "SELECT id FROM bookings WHERE status = 'confirmed'")
    booking = known(await town.work(lambda work: bookings.by_id(work.tx, BookingId(int(str(row["id"]))))))
    town.now = known(booking.starts_at) - timedelta(minutes=10)
    await town.work(lambda work: visits.arrive(work, booking, DOOR))
    await _looks(town)
    return booking


@pytest.mark.parametrize("has_telegram", [True, False])
async def test_how_the_queue_goes_reaches_whoever_booked_too_in_one_message_of_their_own(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague, *, has_telegram: bool
) -> None:
    if has_telegram:
        await agreed(sara, noor)
    else:
        await asks_by_phone(sara)
        await taps_verb(huda, "for_yes")
        await taps_verb(huda, "for_record")
    await book(sara, "09:30")
    booking = await _arrives(town)

    places = [one for one in sara.messages if "🎫" in one.text]
    assert len(places) == 1
    assert without_marks(places[0].text).startswith("👥 For My")
    await _step(town, booking.id, Step.CALL)
    sees(sara, "please come in now")
    assert len([one for one in sara.messages if "🎫" in one.text]) == 1  # which was edited
    if has_telegram:
        sees(noor, "🎫")
        sees(noor, "📣")
    await _step(town, booking.id, Step.UNDO)
    sees(sara, "please do not come in yet")

    await sara.taps("I have to leave")
    await sara.taps("Yes, I have to leave")
    assert [row["status"] for row in await rows(town, "SELECT status FROM session_visits")] == ["left"]
    if has_telegram:
        sees(noor, "تم تغيير الموعد")
        stranger = town.resident("3", "Stranger")
        await stranger.says("/start")
        await stranger.taps_data(f"do:for:1.line_here.{booking.reference}:0")
        assert [row["status"] for row in await rows(town, "SELECT status FROM session_visits")] == ["left"]


@pytest.mark.parametrize("aside", [False, True])
async def test_what_was_being_written_for_somebody_goes_with_them_and_ones_own_stays(
    town: WholeTown, sara: Person, noor: Person, *, aside: bool
) -> None:
    await agreed(sara, noor)
    await sara.taps("👤 For")
    await sara.taps("Submit a complaint")
    await sara.taps("Capital")
    await sara.taps("Bins")
    await sara.says("Her bins overflow")
    if aside:
        await sara.says("/complain")
        await sara.taps("Capital")
        await sara.taps("Bins")
        await sara.says("My own lamp")

    async def kept() -> str:
        return str(await rows(town, "SELECT step, saved, offered FROM conversations"))

    assert "Her bins overflow" in await kept()
    await noor.says("/forget")
    await noor.taps("نعم")

    assert "Her bins overflow" not in await kept()
    assert ("My own lamp" in await kept()) is aside
    await sara.says("Block 338 Road 12")  # the conversation goes on
    assert await rows(town, "SELECT id FROM cases") == []


async def test_what_a_delegate_sends_after_a_question_is_its_answer_and_can_be_taken_back(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await sara.says("/menu")
    await is_asked(town, huda, reference, "Which lamp?")
    hers = await submitted(town, noor, "My own matter")
    await is_asked(town, huda, hers.reference, "Since when?")

    await sara.says("The one at number 5")
    said = sees(sara, f"This is your answer about request {reference}")
    assert "For My mother" in without_marks(said.text)
    assert "Which lamp?" in without_marks(said.text)
    sara.does_not_see(hers.reference)  # what the other was asked of their own is no matter of hers
    await sara.says("Next to the mosque")  # right after it: it belongs to it
    assert await answers(town) == ["The one at number 5", "Next to the mosque"]

    await sara.taps("Not the answer")
    sees(sara, "that was not your answer")
    assert await answers(town) == ["", ""]
    assert "For My mother" not in without_marks(sara.last.text)  # what is to be done with it is her own affair again
    (row,) = await town.rows("SELECT status FROM cases WHERE reference = :ref", ref=reference)
    assert row["status"] == "awaiting_resident"


async def test_at_the_view_of_what_was_filed_words_answer_its_question_and_thanks_do_not(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await is_asked(town, huda, reference, "Which lamp?")
    await sara.taps_data(f"do:for:1.case.{reference}:0")
    await sara.says("Thank you")
    await sara.taps_data(f"do:for:1.case.{reference}:0")
    await sara.says("The one at number 5")
    assert await answers(town) == ["The one at number 5"]
    (answer,) = await rows(town, "SELECT actor FROM case_events WHERE words = 'The one at number 5'")
    assert answer["actor"] == f"resident:{(await town.row(noor)).id}"


async def test_a_delegate_takes_back_no_answer_that_the_other_gave_about_their_own(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    hers = await submitted(town, noor, "My own matter")
    await is_asked(town, huda, hers.reference, "Which lamp?")
    await noor.says("A secret of mine")
    (event,) = await rows(town, "SELECT id FROM case_events WHERE words = 'A secret of mine'")
    await sara.taps_data(f"do:for:1.notanswer.c{event['id']}:0")
    sara.does_not_see("A secret of mine")
    assert await answers(town) == ["A secret of mine"]
