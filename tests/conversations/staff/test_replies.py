"""What a team says below a card: questions, official replies, notes; what the resident gets of it, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind
from conversations.staff.context import button_mark
from services.cases import due
from services.cases.resident_actions import CaseEventKind, CaseStatus
from services.cases.workflow import SILENCE
from storage.records.staff import Role
from tests.conversations.staff_town import DeskTown, in_arabic, is_refusal
from tests.instants import SUNDAY

E = CaseEventKind


# ---------------------------------------------------------------------------- what the words are


async def test_words_without_a_prefix_are_asked_about_once_and_previewed(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "The lorry comes <tomorrow>")
    asked = town.huda.sees("What type of message is")
    assert asked.buttons == [["✉️ Official reply", "❓ Question"], ["📝 Internal note", "✖️ Cancel"]]
    assert asked.message.reply_to == town.huda.wrote
    await town.huda.taps("Official reply")
    shown = town.huda.sees("The applicant will see")
    assert "The municipality replied: “" in shown.text
    assert "The lorry comes <tomorrow>" in shown.text
    fatima.does_not_see("The lorry")
    await town.huda.taps("Send")
    assert town.huda.toast == "Sent"
    assert "The lorry comes <tomorrow>" in fatima.last.text
    assert await town.said_of(case) == [(E.REPLIED, "The lorry comes <tomorrow>")]
    assert (await town.events(case))[-1].actor == "staff:9001"


async def test_the_preview_is_word_for_word_what_the_resident_gets(town: DeskTown) -> None:
    ali, case = await town.filed(address="1002", name="Ali", language="ar")
    for text, reply in (("?أين الحاوية بالضبط", "Question"), ("Come and see", "Official reply")):
        await town.huda.replies(await town.card(case), text)
        if not text.startswith("?"):
            await town.huda.taps("Official reply")
        shown = town.huda.sees("The applicant will see")
        await town.huda.taps("Send")
        assert ali.last.text in shown.text, reply
        assert in_arabic(ali.last.text)


@pytest.mark.parametrize("text", ["? Which side of the road", "؟Which side of the road"])
async def test_a_question_mark_in_front_makes_it_a_question(town: DeskTown, text: str) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), text)
    await town.huda.taps("Send")
    assert "The municipality asks:" in fatima.last.text
    assert "Which side of the road" in fatima.last.text
    assert (await town.again(case)).status is CaseStatus.AWAITING_RESIDENT
    await fatima.says("The north side", reply_to=fatima.last.number)
    assert (await town.again(case)).status is CaseStatus.RECEIVED


async def test_a_hash_in_front_makes_it_a_note_at_once(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.yusuf.replies(await town.card(case), "#اتصلت بالمقاول")
    assert await town.said_of(case) == [(E.NOTED, "اتصلت بالمقاول")]
    fatima.does_not_see("اتصلت")


async def test_a_question_at_the_end_offers_question_first(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.huda.replies(await town.card(case), "Is it the blue one?")
    assert town.huda.sees("What type of message is").buttons[0][0] == "❓ Question"


async def test_a_reply_to_any_message_below_the_card_reaches_the_same_case(town: DeskTown) -> None:
    fatima, case = await town.filed()
    other = await town.case_of(fatima, "The park is dark")
    await town.huda.replies(await town.card(case), "#first")
    await town.huda.replies(town.huda.sees("📝 We have added"), "#second")
    assert await town.said_of(case) == [(E.NOTED, "first"), (E.NOTED, "second")]
    assert await town.said_of(other) == []


async def test_words_that_reply_to_nothing_of_ours_are_the_teams_own(town: DeskTown) -> None:
    _, case = await town.filed()
    before = len(town.huda.messages)
    await town.huda.says("Who takes lunch today?")
    await town.huda.says("I do", reply_to=town.huda.wrote)
    assert len(town.huda.messages) == before
    assert await town.said_of(case) == []


# ---------------------------------------------------------------------------- who may


async def test_only_the_one_who_wrote_may_choose(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "The lorry comes tomorrow")
    await town.yusuf.taps("Official reply")
    assert "Huda" in town.yusuf.toast
    await town.huda.taps("Official reply")
    await town.yusuf.taps("Send")
    fatima.does_not_see("The lorry")
    await town.huda.taps("Send", repeat=2)
    assert await town.said_of(case) == [(E.REPLIED, "The lorry comes tomorrow")]
    await town.huda.taps_data(f"desk:say:{case.id}:1:send.{button_mark(town.huda.wrote)}.0")
    assert town.huda.toast == "Already sent or cancelled. See the card."


@pytest.mark.parametrize("data", ["send.{key}.0", "edit.{key}.0", "refer.{key}.0", "send.x.y", "send.99999999999.0"])
async def test_a_forged_tap_says_and_sends_nothing(town: DeskTown, data: str) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "The lorry comes tomorrow")
    key = button_mark(town.huda.wrote)
    await town.huda.taps_data(f"desk:say:{case.id}:1:" + data.format(key=key))
    fatima.does_not_see("The lorry")
    assert await town.said_of(case) == []


async def test_a_stranger_in_the_group_is_refused_and_it_is_written_down(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.stranger.replies(await town.card(case), "Nothing will be done")
    assert town.stranger.last.text == "You do not have permission to do this"
    await town.stranger.taps_data(f"desk:ask:{case.id}:1:")
    assert town.stranger.toast == "You do not have permission to do this"
    assert [entry for entry in await town.audited(f"case:{case.id}") if entry[0] == "staff:9666"] == [
        ("staff:9666", "denied.note"),
        ("staff:9666", "denied.ask"),
    ]
    assert await town.said_of(case) == []
    assert fatima.messages == []


async def test_the_council_reads_along_and_says_nothing(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.council.replies(await town.card(case), "#I insist")
    assert is_refusal(town.council.last.text)
    assert await town.said_of(case) == []


async def test_the_directors_words_are_a_note_and_their_question_is_refused(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.joins(town.stranger, Role.DIRECTOR)
    await town.stranger.replies(await town.card(case), "Please hurry")
    assert await town.said_of(case) == [(E.NOTED, "Please hurry")]
    await town.stranger.replies(await town.card(case), "?Where is it")
    assert "Follow-up agent, Team manager and Administrator" in town.stranger.last.text


async def test_a_right_that_ended_before_send_is_no_right(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "?Which side")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE staff_roles SET revoked_at = :at WHERE address = '9001'", at=town.now)
    await town.huda.taps("Send")
    assert town.huda.toast == "You do not have permission to do this"
    assert fatima.messages == []


# ---------------------------------------------------------------------------- buttons of the card


async def test_the_ask_button_says_what_to_do_and_the_next_reply_is_the_question(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:ask:{case.id}:1:", (await town.card(case)).number)
    prompt = town.huda.sees("Huda")
    assert "reply to this message with the question" in prompt.text
    await town.huda.replies(prompt, "Which side of the road")
    await town.huda.taps("Send")
    assert "The municipality asks:" in fatima.last.text


async def test_a_prompt_is_for_the_one_who_tapped(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.huda.taps_data(f"desk:ask:{case.id}:1:", (await town.card(case)).number)
    await town.yusuf.replies(town.huda.sees("reply to this message"), "Which side")
    assert len(town.yusuf.last.buttons) == 2  # asked what it is
    assert await town.said_of(case) == []


async def test_solved_goes_with_the_photo_that_shows_it(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:", (await town.card(case)).number)
    prompt = town.huda.sees("a photo that shows it")
    await town.huda.sends(caption="Emptied and washed", reply_to=prompt.number)
    assert "We will also send 1 file" in town.huda.sees("The applicant will see").text
    await town.huda.taps("Send")
    assert (await town.again(case)).status is CaseStatus.RESOLVED
    fatima.does_not_see("Bin emptied")  # before its photo was checked
    assert await town.settle_files() == 1
    await town.wait(timedelta(seconds=3))
    photo, told = fatima.messages[-2:]
    assert photo.message.files[0].kind is FileKind.PHOTO
    assert "Emptied and washed" in told.text
    assert told.buttons == [["✅ Fixed", "❌ Not fixed"]]


async def test_solved_without_a_photo_says_that_one_helps(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:")
    await town.huda.replies(town.huda.sees("a photo that shows it"), "Bin emptied")
    assert "📷 There is no" in town.huda.sees("The applicant will see").text


@pytest.mark.starts_at(SUNDAY)  # of a working week, so that the last target is far ahead
async def test_the_preview_names_the_day_on_which_the_request_will_be_closed(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:claim:{case.id}:1:")
    await town.huda.replies(await town.card(case), "We are on it")
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    await town.work(due.run_due)  # finds when the last target will be near
    case = await town.again(case)
    assert case.look_at is not None
    assert case.look_at > town.now + SILENCE
    await town.huda.taps_data(f"desk:resolve:{case.id}:{case.version}:")
    await town.huda.replies(town.huda.sees("a photo that shows it"), "Bin emptied")
    shown = town.huda.sees("The applicant will see")
    await town.huda.taps("Send")
    assert "If we do not hear from you, we will close it on" in fatima.last.text
    assert fatima.last.text in shown.text


async def test_not_accepted_needs_a_reason(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:reject:{case.id}:1:")
    await town.huda.sends(reply_to=town.huda.sees("with the reason").number)
    missing = town.huda.sees("There is no text yet.")
    await town.huda.replies(missing, "It is a private plot")
    await town.huda.taps("Send")
    assert (await town.again(case)).status is CaseStatus.REJECTED
    await town.settle_files()
    await town.wait(timedelta(seconds=3))
    assert "It is a private plot" in fatima.last.text
    assert len(fatima.messages) == 2  # the photo came along
