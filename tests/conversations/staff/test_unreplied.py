"""What staff type without replying to the bot's prompt is not lost: taken in private, offered in a group."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import stale_prompts
from conversations.engine.messages import Kind, Place
from locales import without_marks
from services.cases.resident_actions import Case, CaseEventKind
from services.staff.prompts import OPEN_FOR
from storage.ids import ForumTopicId
from storage.records.bookings import Booking
from tests.conversations.appointments.test_card import books, card_of
from tests.conversations.staff.test_erasure_in_chats import forgets
from tests.conversations.staff_town import Colleague, DeskTown, in_arabic
from tests.conversations.town import Person, Shown
from tests.known import known

E = CaseEventKind
pytestmark = pytest.mark.at_some_instants(1)  # a prompt is the same at any hour


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


@pytest.fixture
async def case(town: DeskTown, fatima: Person) -> Case:
    filed = await town.case_of(fatima)
    await town.deliver()
    return filed


@pytest.fixture
async def booked(town: DeskTown, fatima: Person) -> Booking:
    return await books(town, fatima)


async def _presses(who: Person, verb: str, case: Case) -> Shown:
    """A button of the card that asks for words; the prompt."""
    await who.taps_data(f"desk:{verb}:{case.id}:{case.version}:")
    return next(one for one in reversed(who.messages) if one.message.reply_hint)


def _private(town: DeskTown, who: Colleague) -> Person:
    """A member of staff in their own chat with the bot."""
    return Person(town, who.address, who.name, who.language)


def _offers(who: Person) -> list[Shown]:
    return [one for one in who.messages if one.find("✖️ Leave it") or one.find("✖️ تجاهل")]


# ---------------------------------------------------------------------------- the prompt


@pytest.mark.parametrize("verb", ["ask", "reply", "note", "resolve", "reject"])
async def test_every_button_that_asks_for_words_opens_a_reply_for_who_pressed_it(
    town: DeskTown, case: Case, verb: str
) -> None:
    for who in (town.huda, town.yusuf):
        prompt = await _presses(who, verb, case)
        assert prompt.message.rows == ()
        assert f"tg://user?id={who.address}" in prompt.message.text
        assert in_arabic(prompt.message.reply_hint) is (who is town.yusuf)


async def test_what_is_typed_in_reply_is_taken_and_the_prompt_stays(town: DeskTown, case: Case) -> None:
    prompt = await _presses(town.huda, "ask", case)
    await town.huda.replies(prompt, "Which side")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side")]
    town.huda.sees("reply to this message with the question")
    await town.huda.says("Who takes lunch?")
    assert _offers(town.huda) == []


async def test_a_template_stands_in_a_message_of_its_own_and_ends_the_prompt(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "reply", case)
    await town.huda.taps("Use a template")
    await town.huda.taps(town.huda.last.buttons[0][0])
    if "Which day" in town.huda.last.text:
        await town.huda.taps(town.huda.last.buttons[0][0])
    town.huda.sees("The applicant will see")
    town.huda.does_not_see("reply to this message with the official reply")
    assert not await town.rows("SELECT 1 AS n FROM staff_prompts")


async def test_edit_asks_anew_and_the_new_words_take_the_place_of_the_old(town: DeskTown, case: Case) -> None:
    await town.huda.replies(await town.card(case), "?Which side")
    await town.huda.taps("Edit")
    prompt = next(one for one in reversed(town.huda.messages) if one.message.reply_hint)
    assert town.huda.sees("write the new text below").find("✖️ Cancel") is not None
    await town.huda.replies(prompt, "Which side of the road")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side of the road")]


async def test_cancel_takes_the_prompt_away(town: DeskTown, case: Case) -> None:
    await town.huda.replies(await town.card(case), "?Which side")
    await town.huda.taps("Edit")
    await town.huda.taps("Cancel")
    town.huda.does_not_see("reply to this message with the new text")
    await town.huda.says("Who takes lunch?")
    assert _offers(town.huda) == []


# ---------------------------------------------------------------------------- in a group


async def test_words_typed_past_the_prompt_are_offered_and_one_tap_takes_them(town: DeskTown, case: Case) -> None:
    fatima = town.resident("1001", "Fatima Ali", "en")
    await _presses(town.huda, "ask", case)
    await town.huda.says("Which side of the road")
    wrote = town.huda.wrote
    (offer,) = _offers(town.huda)
    assert offer.message.reply_to == wrote
    assert case.reference in offer.text
    assert await town.said_of(case) == []
    await town.huda.taps("Use these words")
    preview = town.huda.sees("The applicant will see")
    assert preview.message.reply_to == wrote
    assert "Which side of the road" in preview.text
    assert _offers(town.huda) == []
    town.huda.does_not_see("reply to this message with the question")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side of the road")]
    assert "Which side of the road" in fatima.last.text


async def test_it_is_offered_in_the_language_of_who_typed_it(town: DeskTown, case: Case) -> None:
    await _presses(town.yusuf, "note", case)
    await town.yusuf.says("اتصلت بالمقاول")
    (offer,) = _offers(town.yusuf)
    assert in_arabic(offer.text)
    await town.yusuf.taps("استخدام هذا النص")
    assert await town.said_of(case) == [(E.NOTED, "اتصلت بالمقاول")]


async def test_a_photo_with_its_words_is_taken_whole(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "resolve", case)
    await town.huda.sends(caption="Emptied and washed")
    await town.huda.taps("Use these words")
    assert "We will also send 1 file" in town.huda.sees("The applicant will see").text


async def test_an_album_is_offered_once_and_answered_once(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "resolve", case)
    await town.huda.sends(caption="Before and after", album="a1")
    await town.huda.sends(album="a1")
    await town.wait(timedelta(seconds=2))
    assert len(_offers(town.huda)) == 1
    await town.huda.taps("Use these words")
    await town.wait(timedelta(seconds=2))
    previews = [one for one in town.huda.messages if "The applicant will see" in one.text]
    assert len(previews) == 1
    assert "We will also send 2 files" in previews[0].text


async def test_a_place_is_taken_as_a_link(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "note", case)
    await town.huda.does(kind=Kind.LOCATION, place=Place(latitude=26.2, longitude=50.5))
    await town.huda.taps("Use these words")
    ((_, words),) = await town.said_of(case)
    assert "q=26.200000,50.500000" in words


async def test_a_text_that_the_app_has_cut_is_one_text(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "note", case)
    first, rest = "a" * 4000 + ".", "The rest of it"
    await town.huda.says(first)
    await town.huda.says(rest)
    await town.wait(timedelta(seconds=2))
    (offer,) = _offers(town.huda)
    assert offer.buttons == [["✅ Use these words"], ["✖️ Leave it"]]
    await town.huda.taps("Use these words")
    assert [words for _, words in await town.said_of(case)] == [first, rest]


async def test_the_rest_of_a_cut_reply_is_taken_though_it_replies_to_nothing(town: DeskTown, case: Case) -> None:
    prompt = await _presses(town.huda, "reply", case)
    first, rest = "a" * 2100 + ".", "The rest of it"
    await town.huda.replies(prompt, first)
    await town.huda.says(rest)
    await town.wait(timedelta(seconds=2))
    assert rest in town.huda.sees("The applicant will see").text
    assert _offers(town.huda) == []


async def test_of_several_messages_each_has_its_button_in_one_offer(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    for words in ("Good morning", "Which side of the road", "Who takes lunch?"):
        await town.huda.says(words)
    (offer,) = _offers(town.huda)
    assert [without_marks(row[0]) for row in offer.buttons[:-1]] == [
        "✅ “Good morning”",
        "✅ “Which side of the road”",
        "✅ “Who takes lunch?”",
    ]
    await town.huda.taps("Which side of the road")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side of the road")]


async def test_words_that_were_edited_meanwhile_are_taken_as_they_are_now(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.huda.says("Wich sid")
    await town.huda.edits(town.huda.wrote, "Which side")
    assert len(_offers(town.huda)) == 1
    await town.huda.taps("Use these words")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side")]


async def test_left_words_are_the_teams_own_and_nothing_more_is_asked(town: DeskTown, case: Case) -> None:
    prompt = await _presses(town.huda, "ask", case)
    await town.huda.says("Who takes lunch?")
    await town.huda.taps("Leave it")
    assert "reply to the message that asked for it" in town.huda.toast
    assert _offers(town.huda) == []
    await town.huda.says("I do")
    assert _offers(town.huda) == []
    await town.huda.replies(prompt, "Which side")  # it is still open
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side")]


async def test_others_words_and_replies_to_colleagues_are_left_alone(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.yusuf.says("صباح الخير")
    await town.stranger.says("Hello")
    wrote = town.yusuf.wrote
    await town.huda.says("Good morning", reply_to=wrote)
    assert _offers(town.huda) == []


async def test_only_who_typed_them_takes_the_words(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.huda.says("Which side")
    (offer,) = _offers(town.huda)
    use = known(offer.find("Use these words")).data
    await town.yusuf.taps_data(use, offer.number)
    assert "Huda" in town.yusuf.toast
    await town.yusuf.taps_data(known(offer.find("Leave it")).data, offer.number)
    assert len(_offers(town.huda)) == 1
    elsewhere = Colleague(town, town.huda.address, "Huda", "en", "-500")
    await elsewhere.taps_data(use, offer.number)
    assert await town.said_of(case) == []


async def test_the_offer_ends_with_the_answer_and_takes_words_once(town: DeskTown, case: Case) -> None:
    prompt = await _presses(town.huda, "note", case)
    await town.huda.says("The lorry is broken")
    (offer,) = _offers(town.huda)
    use = known(offer.find("Use these words")).data
    await asyncio.gather(*(town.huda.taps_data(use, offer.number) for _ in range(2)))
    assert await town.said_of(case) == [(E.NOTED, "The lorry is broken")]
    assert "already" in town.huda.toast
    prompt = await _presses(town.huda, "note", case)
    await town.huda.says("It is mended")
    (offer,) = _offers(town.huda)
    await town.huda.replies(prompt, "The lorry is mended")
    assert _offers(town.huda) == []
    await town.huda.taps_data(known(offer.find("Use these words")).data, offer.number)
    assert [words for _, words in await town.said_of(case)] == ["The lorry is broken", "The lorry is mended"]


@pytest.mark.parametrize("argument", ["", "use", "use.", "use.x", "x.1", "leave.1"])
async def test_a_made_up_button_takes_nothing(town: DeskTown, case: Case, argument: str) -> None:
    await _presses(town.huda, "note", case)
    await town.huda.says("The lorry is broken")
    ((mark,),) = [row.values() for row in await town.rows("SELECT mark FROM staff_prompts")]
    await town.huda.taps_data(f"desk:typed:0:{mark}:{argument}")
    await town.huda.taps_data(f"desk:typed:0:{'9' * 18}:use.1")
    await town.huda.taps_data("desk:typed:0:0:use.1")
    assert await town.said_of(case) == []


async def test_words_in_another_topic_of_the_group_are_not_meant(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.huda.says("Good morning", topic=ForumTopicId("7"))
    assert _offers(town.huda) == []


async def test_a_new_prompt_takes_the_place_of_the_one_before(town: DeskTown, fatima: Person, case: Case) -> None:
    other = await town.case_of(fatima, "The bench is broken", "parks")
    await _presses(town.huda, "ask", case)
    await _presses(town.huda, "note", other)
    assert len([one for one in town.huda.messages if one.message.reply_hint]) == 1
    await town.huda.says("The lamp is ordered")
    await town.huda.taps("Use these words")
    assert await town.said_of(other) == [(E.NOTED, "The lamp is ordered")]
    assert await town.said_of(case) == []


async def test_words_about_another_card_leave_the_prompt_open(town: DeskTown, fatima: Person, case: Case) -> None:
    other = await town.case_of(fatima, "The bench is broken", "parks")
    await _presses(town.huda, "ask", case)
    await town.huda.replies(await town.card(other), "#The lamp is ordered")
    await town.huda.says("Which side")
    await town.huda.taps("Use these words")
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.ASKED, "Which side")]


async def test_after_an_hour_a_prompt_is_taken_away(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.huda.says("Which side")
    (offer,) = _offers(town.huda)
    await town.work(lambda work: stale_prompts.run_due(work, 20))
    assert len(_offers(town.huda)) == 1
    town.now += OPEN_FOR + timedelta(seconds=1)
    await town.huda.taps_data(known(offer.find("Use these words")).data, offer.number)
    assert "too much time has passed" in town.huda.toast
    assert await town.work(lambda work: stale_prompts.run_due(work, 20)) == 1
    assert _offers(town.huda) == []
    town.huda.does_not_see("reply to this message with the question")
    assert not await town.rows("SELECT 1 AS n FROM staff_prompts")


async def test_words_about_somebody_who_is_forgotten_are_forgotten(town: DeskTown, fatima: Person, case: Case) -> None:
    await _presses(town.huda, "ask", case)
    await town.huda.says("Is Fatima at home?")
    await forgets(fatima)
    assert not await town.rows("SELECT 1 AS n FROM staff_prompts")


async def test_who_has_lost_the_right_meanwhile_is_refused(town: DeskTown, case: Case) -> None:
    await _presses(town.huda, "reply", case)
    await town.huda.says("The lorry comes")
    async with town.database.transaction() as tx:
        await tx.run("DELETE FROM staff_roles WHERE address = :address", address=town.huda.address)
    await town.huda.taps("Use these words")
    assert "permission" in town.huda.toast
    assert await town.said_of(case) == []


# ---------------------------------------------------------------------------- in private


async def test_in_private_plain_words_are_what_was_asked_for(town: DeskTown, case: Case) -> None:
    for who, send in ((town.huda, "Send"), (town.yusuf, "إرسال")):
        private = _private(town, who)
        prompt = await _presses(private, "reply", case)
        assert "tg://" not in prompt.message.text
        await private.says("The lorry comes tomorrow")
        await private.taps(send)
    assert [what for what, _ in await town.said_of(case)] == [E.REPLIED, E.REPLIED]


async def test_in_private_the_newest_question_has_the_words(town: DeskTown, case: Case) -> None:
    private = _private(town, town.huda)
    await private.says("/start")
    await private.says("/complain")
    await town.wait(timedelta(minutes=1))
    await _presses(private, "note", case)
    await private.says("The lorry is broken")
    assert await town.said_of(case) == [(E.NOTED, "The lorry is broken")]
    await town.wait(timedelta(minutes=1))
    await _presses(private, "note", case)
    await town.wait(timedelta(minutes=1))
    await private.says("/complain")
    await private.says("The bins overflow")
    assert await town.said_of(case) == [(E.NOTED, "The lorry is broken")]


async def test_in_private_an_album_is_taken_whole(town: DeskTown, case: Case) -> None:
    private = _private(town, town.huda)
    await _presses(private, "resolve", case)
    await private.sends(caption="Before and after", album="a1")
    await private.sends(album="a1")
    await town.wait(timedelta(seconds=2))
    assert "We will also send 2 files" in private.sees("The applicant will see").text


# ---------------------------------------------------------------------------- appointments and outcomes


async def test_an_appointments_note_and_answer_ask_the_same_way(town: DeskTown, booked: Booking) -> None:
    for verb, after in (("bk_note", "We have added the note"), ("bk_answer", "The visitor will read this")):
        await town.huda.taps_data(f"desk:{verb}:{booked.id}:0:", (await card_of(town, booked)).number)
        assert town.huda.last.message.reply_hint
        await town.huda.says("The drain was cleared")
        await town.huda.taps("Use these words")
        town.huda.sees(after)
        assert not [one for one in town.huda.messages if one.message.reply_hint]


async def test_in_private_an_appointments_note_needs_no_reply(town: DeskTown, booked: Booking) -> None:
    private = _private(town, town.huda)
    await private.taps_data(f"desk:bk_note:{booked.id}:0:")
    await private.says("Bring the file")
    private.sees("We have added the note")
