"""The first contact, the main menu, and what is the same whatever one does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from locales import without_marks
from tests.conversations.whole_town import WholeTown, booked, submitted, whole_town
from tests.services import by_staff


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


# ---------------------------------------------------------------------------- first contact


@pytest.mark.parametrize("code", ["en", "en-GB", "EN"])
async def test_who_has_an_english_app_is_greeted_in_english(town, code):
    person = town.resident(language=code)

    await person.says("/start")

    person.sees("Welcome to Customer Day")
    assert person.last.text.startswith("Main menu")


@pytest.mark.parametrize("code", ["ar", "", "hi", "fil", "ar-BH", "xx-nonsense"])
async def test_everyone_else_is_greeted_in_arabic(town, code):
    person = town.resident(language=code)

    await person.says("/start")

    person.sees("مرحباً بكم في يوم العميل")
    assert "القائمة الرئيسية" in person.last.text


@pytest.mark.parametrize(("language", "abroad"), [("en", "servers outside Bahrain"), ("ar", "خارج مملكة البحرين")])
async def test_the_privacy_notice_comes_before_anything_is_taken(town, language, abroad):
    person = town.resident(language=language)

    await person.says("/complain")  # not by the front door

    notice = person.messages[0]
    assert abroad in notice.text
    assert "/privacy" in notice.text
    assert notice is not person.last


async def test_the_greeting_is_said_once(town):
    person = town.resident()
    await person.says("/start")
    await person.says("/menu")
    await person.says("hello")

    assert sum("Welcome to Customer Day" in shown.text for shown in person.messages) == 1


async def test_starting_again_without_having_consented_shows_the_notice_again(town):
    person = town.resident()
    await person.says("/start")

    await person.says("/start")

    assert "servers outside Bahrain" in person.last.text


async def test_a_first_album_is_greeted_once_and_asked_about_once(town):
    person = town.resident()
    for _ in range(3):
        await person.sends(album="a1")
    await town.wait(timedelta(seconds=5))

    assert len(person.messages) == 1
    assert "Welcome to Customer Day" in person.last.text
    assert "3 photos" in person.last.text


# ---------------------------------------------------------------------------- the menu


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_menu_fits_a_thumb(town, language):
    person = town.resident(language=language)
    await person.says("/start")

    assert all(1 <= len(row) <= 2 for row in person.buttons)
    assert all(len(label) <= 22 for row in person.buttons if len(row) == 2 for label in row)
    assert len(person.buttons) <= 10


async def test_rows_are_mirrored_in_arabic(town):
    person = town.resident(language="ar")
    await person.says("/start")
    await person.taps("خدمات أخرى")

    assert ["إبداء ملاحظة", "تقديم مقترح"] in person.buttons


async def test_a_label_may_be_typed(town):
    person = town.resident()
    await person.says("/start")

    await person.says("contact us")

    person.sees("Working hours")


async def test_every_button_of_the_menu_leads_somewhere(town):
    person = town.resident()
    await person.says("/start")
    labels = [label for row in person.buttons for label in row]

    for label in labels:
        await person.says("/menu")
        menu = person.last.text
        await person.taps(label)
        assert person.toast != "That step has expired", label
        assert person.last.text != menu or "🌐" in label, label
        await person.says("/language en")


async def test_the_menu_shows_the_remembered_municipality(town):
    person = town.resident()
    await person.says("/office")
    await person.taps("Muharraq Municipality")
    await person.taps("More services")

    assert any("Office:" in label and "Muharraq" in label for row in person.buttons for label in row)


async def test_a_question_that_waits_comes_first(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)
    await town.work(lambda work: by_staff.ask(work, case.id, "noora", "Which gate?"))

    await person.says("/menu")

    assert person.last.text.splitlines()[1] == "❓ 1 question waits for your answer"
    assert person.buttons[0] == ["Reply to question"]
    await person.taps("Reply to question")
    assert "Which gate?" in person.last.text


async def test_of_several_questions_each_is_opened_by_its_request(town):
    person = town.resident()
    await person.says("/start")
    cases = [await submitted(town, person, words) for words in ("The bins are full", "A lamp is broken")]
    for case in cases:
        await town.work(lambda work, case=case: by_staff.ask(work, case.id, "noora", f"Where is {case.words}?"))

    await person.says("/menu")

    assert "2 questions wait" in person.last.text
    await person.taps(cases[0].reference)
    assert "Where is The bins are full?" in person.last.text


async def test_it_can_be_said_in_ones_own_words(town):
    person = town.resident()
    await person.says("/start")

    await person.taps("Say it in your own words")
    assert "block 338, road 12" in without_marks(person.last.text)
    await person.says("Rats in block 321 road 12")

    assert "We understood: Capital Municipality · Rodents and insects" in without_marks(
        person.sees("We understood").text
    )


async def test_each_question_says_how_many_there_are(town):
    person = town.resident()
    await person.says("/complain")
    await person.taps("Capital Municipality")
    assert "Question 1 of 4" in person.last.text

    await person.taps("Bins")

    assert "Question 2 of 4" in person.last.text


async def test_the_menu_tells_the_next_appointment_and_the_open_requests(town):
    person = town.resident()
    await person.says("/start")
    await submitted(town, person)
    await booked(town, person)

    await person.says("/menu")

    assert f"Next appointment: {town.date()} at 09:00" in without_marks(person.last.text)
    assert "1 open request" in person.last.text
    assert ["My requests (1)", "My appointments (1)"] in person.buttons


async def test_what_is_over_is_not_told(town):
    person = town.resident()
    await person.says("/start")
    await booked(town, person)
    await town.wait(timedelta(days=8))

    await person.says("/menu")

    assert "Next appointment" not in person.last.text
    assert ["My requests", "My appointments"] in person.buttons


# ---------------------------------------------------------------------------- drafts


async def begin_complaint(person, words: str = "The bins are full") -> None:
    await person.says(words)
    if person.last.find("Complaint"):
        await person.taps("Complaint")
        await person.taps("Capital Municipality")


async def test_an_unfinished_draft_is_offered_on_top(town):
    person = town.resident()
    await begin_complaint(person)

    await person.says("/menu")

    assert person.buttons[0][0].startswith("▶️ Continue:")
    await person.taps("▶️ Continue")
    assert "Main menu" not in person.last.text


async def test_what_went_into_a_complaint_is_not_offered_besides(town):
    person = town.resident()
    await begin_complaint(person)

    await person.says("/menu")

    assert sum("Continue" in label for row in person.buttons for label in row) == 1


async def test_cancelling_says_what_and_can_be_undone(town):
    person = town.resident()
    await begin_complaint(person)
    question = "Where is it?"

    await person.says("/cancel")
    assert person.last.text.startswith("🗑 Draft discarded:")
    await person.taps("↩️ Undo")

    assert person.last.text.startswith(question)


async def test_a_cancelled_draft_is_gone_once_one_goes_on(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/cancel")

    await person.taps("Main menu")

    assert not any("Continue" in label for row in person.buttons for label in row)
    conversation = (await town.rows("SELECT step, saved FROM conversations"))[0]
    assert "bins are full" not in str(conversation)


async def test_a_cancelled_draft_does_not_come_back_with_a_new_one(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/cancel")

    await person.says("/complain")

    person.does_not_see("You have an unfinished draft (")
    conversation = (await town.rows("SELECT step, saved FROM conversations"))[0]
    assert "bins are full" not in str(conversation)


async def test_a_cancelled_message_is_not_offered_besides_a_new_one(town):
    person = town.resident()
    await person.says("/start")
    await person.says("The bins are full")
    await person.says("/cancel")

    await person.says("A hole in the road")

    assert not any("Add the earlier message:" in label for row in person.buttons for label in row)


async def test_cancelling_offers_what_was_set_aside(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/menu")

    await person.says("/cancel")

    assert "nothing to cancel" not in person.last.text
    assert [row[0].split(":")[0] for row in person.buttons[:2]] == ["▶️ Continue", "🗑 Discard"]
    await person.taps("▶️ Continue")
    assert "Main menu" not in person.last.text


async def test_a_draft_that_was_set_aside_can_be_discarded_and_that_undone(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/menu")
    await person.says("/cancel")
    await person.taps("🗑 Discard")
    assert person.last.text.startswith("🗑 Draft discarded:")
    await person.taps("↩️ Undo")
    await person.says("/menu")
    await person.says("/cancel")
    await person.taps("🗑 Discard")
    await person.says("/menu")
    assert not any("Continue" in label for row in person.buttons for label in row)
    await person.says("/cancel")
    assert person.last.text.startswith("There is nothing to cancel.")


async def test_the_menu_discards_a_draft_in_one_tap_and_takes_it_back_in_another(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/menu")
    labels = [label for row in person.buttons for label in row]
    assert (labels[0][:12], labels[-1][:10]) == ("▶️ Continue:"[:12], "🗑 Discard:")  # the one is wanted more often
    await person.taps("🗑 Discard:")
    assert person.last.text.startswith("🗑 Draft discarded:")
    await person.taps("↩️ Undo")
    await person.says("/menu")
    assert person.last.find("▶️ Continue:")
    await person.taps("🗑 Discard:")
    await person.says("/menu")
    assert person.last.find("▶️ Continue:") is None


async def test_of_two_drafts_discarded_one_after_the_other_neither_comes_back(town):
    person = town.resident()
    await begin_complaint(person)
    await person.says("/book")
    await person.sends(caption="About the licence")
    await person.says("/menu")
    await person.says("/cancel")
    first, second = [label for row in person.buttons for label in row if "Discard" in label]
    listed = person.last
    for label in (first, second):
        choice = listed.find(label)
        assert choice is not None
        await person.taps_data(choice.data, listed.number)
    await person.says("/menu")
    assert not any("Continue" in label for row in person.buttons for label in row)


async def test_there_may_be_nothing_to_cancel(town):
    person = town.resident()
    await person.says("/start")

    await person.says("/cancel")

    assert person.last.text.startswith("There is nothing to cancel.")


async def test_what_is_sent_while_a_complaint_is_set_aside_can_join_it(town):
    person = town.resident()
    await begin_complaint(person, "The first matter")
    await person.says("/menu")
    resume = next(c for row in person.last.message.rows for c in row if "Continue" in c.label)
    shown = person.last.number
    await person.says("The second matter")
    await person.taps("Complaint")
    await person.taps_data(resume.data.rsplit(":", 1)[0] + ":0", shown)
    assert "You have an unfinished draft (" in person.last.text

    await person.taps("Add to the draft")

    kept = (await town.rows("SELECT step, saved FROM conversations"))[0]
    assert "The first matter" in str(kept["step"])
    assert "The second matter" in str(kept["step"])
    assert kept["saved"] == "[]"


# ---------------------------------------------------------------------------- anything, anytime


async def test_an_unknown_command_is_named_and_the_question_stays(town):
    person = town.resident()
    await person.says("/office")

    await person.says("/nonsense")

    assert "/nonsense" in person.last.text
    assert "Which municipality?" in person.last.text


async def test_a_sticker_is_answered_politely(town):
    person = town.resident()
    await person.says("/start")

    said = len(person.messages)
    await person.sends_sticker()

    assert town.reactions[-1][2] == "👌"
    assert len(person.messages) == said


async def test_a_week_of_silence_removes_the_draft_and_says_so(town):
    person = town.resident()
    await begin_complaint(person)
    await town.wait(timedelta(days=7))

    await person.says("hello")

    person.sees("We deleted your unfinished draft")
    assert "Main menu" in person.last.text


async def test_a_button_of_an_old_version_leads_to_the_menu(town):
    person = town.resident()
    await person.says("/start")
    await town.work(
        lambda work: work.tx.run("""UPDATE conversations SET offered = '[{"label":"Old","door":"gone"}]'""")
    )

    await person.says("Old")

    assert "Main menu" in person.last.text


async def test_a_step_of_an_old_version_leads_to_the_menu(town):
    person = town.resident()
    await person.says("/start")
    await town.work(lambda work: work.tx.run("""UPDATE conversations SET step = '{"step":"no:more"}'"""))

    await person.says("/help")
    await person.taps("Main menu")

    assert re.match("Main menu", person.last.text)
