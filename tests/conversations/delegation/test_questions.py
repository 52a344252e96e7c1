"""A delegate and what the municipality asks about what they filed: missed, nodded at, thanked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import Kind
from locales import without_marks
from tests.conversations.delegation.acting import GROUP, agreed, answers, book, complains_for_her, is_asked, sees
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown


async def _not_reached(town: WholeTown, sara: Person) -> None:
    """What waits for Sara does not reach her, as where she has blocked the bot."""
    async with town.database.transaction() as tx:
        await tx.run(
            "UPDATE outbox SET status = 'unreachable', sent_at = NULL, message = NULL "
            "WHERE chat = :chat AND key LIKE '%:for:%'",
            chat=sara.address,
        )


async def test_a_question_that_a_delegate_missed_is_shown_first_for_whom_it_is_and_answered_there(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await sara.does(kind=Kind.BLOCKED)
    await is_asked(town, huda, reference, "Which lamp?")
    await _not_reached(town, sara)
    await sara.does(kind=Kind.UNBLOCKED)
    await town.wait(timedelta(hours=2))

    await sara.says("The one at number 5")  # said without having seen the question
    first, *_ = sara.new
    assert without_marks(first.text).startswith("👥 For My mother\n❓ The municipality still waits for your answer.")
    assert "Which lamp?" in first.text
    assert await answers(town) == []
    await sara.taps("It answers")
    assert await answers(town) == ["The one at number 5"]
    sees(sara, "This was for My mother")
    await town.wait(timedelta(hours=5))
    await sara.says("/start")
    assert all("still waits" not in shown.text for shown in sara.new)


async def test_a_question_that_a_delegate_has_not_seen_for_long_is_shown_first_until_the_agreement_ends(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await is_asked(town, huda, reference, "Which lamp?")
    await town.wait(timedelta(seconds=30))
    await sara.says("/menu")
    await town.wait(timedelta(hours=5))
    await sara.says("/menu")
    assert "still waits for your answer" in sara.new[0].text
    await sara.taps("Reply to question")
    await sara.says("The one at number 5")
    assert await answers(town) == ["The one at number 5"]

    await town.wait(timedelta(minutes=2))
    await is_asked(town, huda, reference, "Since when?")
    await town.wait(timedelta(seconds=30))
    await sara.says("/menu")
    await noor.taps_data("do:for_end:1:0")
    await noor.taps("نعم")
    await town.wait(timedelta(hours=5))
    await sara.says("/start")
    assert all("Since when?" not in shown.text for shown in sara.new)


@pytest.mark.parametrize("said", ["ok", "تمام", "👍🏽"])
async def test_a_delegates_ok_after_a_question_is_asked_about_once_and_sent_on_a_tap(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague, said: str
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await sara.says("/menu")
    await is_asked(town, huda, reference, "May we come at ten?")

    await sara.says(said)
    assert await answers(town) == []
    asks = sees(sara, "your answer to this question")
    assert without_marks(asks.text).startswith("👥 For My mother\n\nIs “")
    await sara.taps("Yes, send it")
    assert await answers(town) == [said]
    await sara.says(said)
    assert town.reactions[-1][2] == "👍"


async def test_a_delegates_thanks_in_reply_to_a_question_is_no_answer_and_an_ok_is(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    await is_asked(town, huda, reference, "May we come at ten?")
    question = sees(sara, "May we come at ten?").number
    await sara.does(kind=Kind.REACTION, text="👍", message=question)
    assert len(await town.rows("SELECT id FROM case_events WHERE what = 'seen'")) == 1
    await sara.says("Thank you", reply_to=question)
    assert (await answers(town), town.reactions[-1][2]) == ([], "🙏")
    await sara.says("ok", reply_to=question)
    assert await answers(town) == ["ok"]


async def test_the_team_sees_who_booked_an_appointment_and_the_delegate_takes_their_answer_about_it_back(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    await agreed(sara, noor)
    await book(sara, "09:15")
    (booked,) = await town.rows("SELECT id, reference, words FROM bookings")
    card = next(one for one in reversed(town.chats[GROUP]) if str(booked["reference"]) in one.text and one.buttons)
    assert "بموافقة المعني" in card.text  # somebody acts for them
    await huda.replies(card, "?Which permit is it")
    await huda.taps("Send")

    await sara.says("The one for the fence")
    sees(sara, f"This is your answer about appointment {booked['reference']}")
    await sara.taps("Not the answer")

    sees(sara, "that was not your answer")
    (now,) = await town.rows("SELECT words FROM bookings")
    assert now["words"] == booked["words"]
