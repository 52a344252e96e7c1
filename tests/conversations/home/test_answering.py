"""After a question from the municipality the next message is its answer; a tap takes it back for a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind, Kind
from locales import without_marks
from services.cases import due as case_due
from services.cases.resident_actions import Case, CaseEvent, CaseEventKind, CaseStatus
from storage.database import Database
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person

E, S = CaseEventKind, CaseStatus
SECONDS = timedelta(seconds=30)
A_MINUTE = timedelta(seconds=61)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


async def asked(town: DeskTown, person: Person, question: str = "Which lamp is it", about: str = "bins") -> Case:
    """A case of theirs with a question that reached them."""
    case = await town.case_of(person, category=about)
    await town.huda.replies(await town.card(case), f"?{question}")
    await town.huda.taps("Send")
    assert question in person.last.text
    return case


async def given(town: DeskTown, case: Case) -> list[CaseEvent]:
    """What the history of a case has of its resident's, as anybody may see it."""
    return [event for event in await town.events(case) if event.what is E.INFORMATION and event.public]


def text(person: Person) -> str:
    return without_marks(person.last.text)


async def test_the_next_message_is_the_answer_and_is_shown_as_such(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)

    await fatima.says("Garbage in block 321 road 12 hides it")

    assert f"This is your answer about request {case.reference}" in text(fatima)
    assert "Which lamp is it" in text(fatima)
    [answer] = await given(town, case)
    assert answer.words == "Garbage in block 321 road 12 hides it"
    assert (await town.again(case)).status is S.RECEIVED


async def test_the_team_hears_of_it_once_it_can_no_longer_be_taken_back(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gate")
    await town.wait(SECONDS)
    town.huda.does_not_see("The one at the gate")
    assert "بانتظار معلومات من مقدم الطلب" in (await town.card(case)).text

    await town.wait(A_MINUTE)

    assert "The one at the gate" in town.huda.last.text
    await fatima.taps("Not the answer")
    assert "The team has your answer already" in text(fatima)
    assert "The one at the gate" in text(fatima)
    assert len(await given(town, case)) == 1


async def test_what_was_not_the_answer_is_kept_for_something_else(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.sends(caption="Rats in block 321 road 12")

    await fatima.taps("Not the answer", repeat=2)

    assert "The question still waits for you" in text(fatima)
    assert "your message and 1 photo" in text(fatima)
    now = await town.again(case)
    assert (now.status, now.before_question) == (S.AWAITING_RESIDENT, S.RECEIVED)
    assert [event.words for event in await town.events(case) if event.what is E.INFORMATION] == [""]
    assert not await town.rows("SELECT * FROM case_files")
    await fatima.taps("Complaint")
    assert "Rodents" in text(fatima) or fatima.last.find("Submit") or fatima.last.find("Without my name")

    await town.wait(A_MINUTE)
    town.huda.does_not_see("Rats in block")


async def test_after_what_was_not_the_answer_the_next_matter_is_none_either_and_the_answer_is_taken(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima)
    await fatima.says("there is a broken bench in the park")
    await fatima.taps("Not the answer")
    await fatima.taps("Discard it")

    await fatima.says("A hole in the street, block 338 road 12")

    assert "This is your answer" not in text(fatima)
    assert await given(town, case) == []
    assert (await town.again(case)).status is S.AWAITING_RESIDENT

    await fatima.says("/menu")
    await fatima.says("The one by the gate")
    assert f"This is your answer about request {case.reference}" in text(fatima)


async def test_a_matter_of_its_own_right_after_an_answer_is_not_added_to_it(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gate")

    await fatima.says("The street light in block 338 road 12 is off")

    [answer] = await given(town, case)
    assert answer.words == "The one at the gate"
    assert "We understood" in text(fatima)


@pytest.mark.parametrize(
    "said", ["بعدين عندي طلب ثاني: النخلة طايحة على السور", "I have another complaint: the street light is off"]
)
@pytest.mark.parametrize("answered", [True, False])
async def test_what_is_said_to_be_another_matter_is_not_added_to_an_answer(
    town: DeskTown, fatima: Person, said: str, answered: bool
) -> None:
    case = await asked(town, fatima)
    if answered:
        await fatima.says("The one at the gate")

    await fatima.says(said)

    assert [event.words for event in await given(town, case)] == ["The one at the gate"] * answered
    assert "This is your answer" not in text(fatima)


async def test_the_question_that_waits_again_is_recalled_when_it_would_have_been(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima)
    before = (await town.again(case)).look_at
    await town.wait(timedelta(days=1))
    await fatima.says("The one at the gate")
    await fatima.taps("Not the answer")

    await town.work(case_due.run_due)

    assert (await town.again(case)).look_at == before


async def test_what_the_team_acted_on_stays_an_answer(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gate")
    await town.huda.replies(await town.card(case), "#I know that gate")

    await fatima.taps("Not the answer")

    assert "The team has your answer already" in text(fatima)
    assert (await town.again(case)).status is S.RECEIVED


async def test_of_several_questions_the_newest_is_named_and_another_is_one_tap_away(
    town: DeskTown, fatima: Person
) -> None:
    first = await asked(town, fatima, "Which house")
    second = await asked(town, fatima, "Which lamp", about="lighting")
    await fatima.says("Number 5")
    assert f"about request {second.reference}" in text(fatima)
    assert "Another question waits" in text(fatima)

    await fatima.taps("It answers")

    assert f"about request {first.reference}" in text(fatima)
    assert [event.words for event in await given(town, first)] == ["Number 5"]
    assert not await given(town, second)
    assert (await town.again(second)).status is S.AWAITING_RESIDENT
    await fatima.says("The third lamp")
    assert [event.words for event in await given(town, second)] == ["The third lamp"]


async def test_an_album_is_one_answer_and_what_follows_at_once_belongs_to_it(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    for _ in range(3):
        await fatima.sends(album="a")
    await town.wait(timedelta(seconds=2))
    assert "This is your answer" in text(fatima)
    assert len(await town.rows("SELECT * FROM case_files")) == 3

    await fatima.says("It is the left one")
    assert "We have added what you sent to it" in text(fatima)
    await fatima.taps("Not the answer")

    assert "your message and 3 photos" in text(fatima)
    assert (await town.again(case)).status is S.AWAITING_RESIDENT


@pytest.mark.parametrize("sent", ["voice", "place"])
async def test_a_voice_note_or_a_place_is_an_answer_too(town: DeskTown, fatima: Person, sent: str) -> None:
    case = await asked(town, fatima)

    await (fatima.sends(FileKind.VOICE) if sent == "voice" else fatima.shares_place(26.228, 50.585))

    assert "This is your answer" in text(fatima)
    [answer] = await given(town, case)
    assert ("26.228" in answer.words) == (sent == "place")


async def test_danger_is_answered_with_the_number_and_the_team_is_alerted_at_once(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima)

    await fatima.says("There is an open manhole beside it")

    assert "Open manhole: if anyone is in danger, call 999" in without_marks(fatima.sees("🚨").text)
    assert fatima.last.find("Not the answer") is None
    [alert] = [shown for shown in town.huda.messages if "🚨" in shown.text]
    assert "There is an open manhole" in alert.text  # not what the request was about before
    assert "There is an open manhole" in town.huda.sees("There is an open manhole").text
    assert (await town.again(case)).priority == 3


@pytest.mark.parametrize("said", ["thanks", "hello", "my requests", "👍"])
async def test_what_is_only_polite_or_leads_on_is_no_answer(town: DeskTown, fatima: Person, said: str) -> None:
    case = await asked(town, fatima)

    await fatima.says(said)

    assert not await given(town, case)
    assert (await town.again(case)).status is S.AWAITING_RESIDENT


async def test_an_ok_is_asked_about(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima, "May we come at ten")
    await fatima.says("ok")
    assert not await given(town, case)

    await fatima.says("yes")

    assert [event.words for event in await given(town, case)] == ["ok"]


async def test_what_comes_long_after_the_answer_is_something_else(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gate")
    await town.wait(A_MINUTE)

    await fatima.says("Our uncle likes tea")

    assert "What do you want to do with it?" in text(fatima)
    assert len(await given(town, case)) == 1


async def test_thanks_in_reply_to_a_message_is_no_answer_and_an_ok_to_a_question_is(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima, "May we come at ten")
    question = fatima.sees("May we come at ten").number

    await fatima.says("Thank you", reply_to=question)
    assert not await given(town, case)
    await fatima.says("ok", reply_to=question)
    await fatima.says("ok", reply_to=question)

    assert [event.words for event in await given(town, case)] == ["ok"]


async def test_an_album_that_follows_other_photos_at_once_answers_what_was_asked_meanwhile(
    town: DeskTown, fatima: Person
) -> None:
    case = await town.case_of(fatima)
    await fatima.taps_data(f"do:add:{case.reference}:0")
    await fatima.sends()
    await fatima.says("/menu")
    await town.huda.replies(await town.card(case), "?Which lamp is it")
    await town.huda.taps("Send")
    await town.wait(timedelta(seconds=3))

    for _ in range(2):
        await fatima.sends(album="a")

    assert (await town.again(case)).status is S.RECEIVED
    assert len(await town.rows("SELECT * FROM case_files WHERE event_id = (SELECT max(id) FROM case_events)")) == 2


async def test_nothing_of_the_longest_message_is_lost(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("x" * 4090 + " tail")
    assert [event.words[-5:] for event in await given(town, case)] == [" tail"]


# ---------------------------------------------------------------------------- questions that were missed


async def test_a_question_that_did_not_arrive_is_shown_at_the_next_contact_once_an_hour(
    town: DeskTown, fatima: Person
) -> None:
    await fatima.says("/start")
    case = await town.case_of(fatima)
    await fatima.does(kind=Kind.BLOCKED)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'unreachable' WHERE status = 'pending'")
    await town.huda.replies(await town.card(case), "?Which lamp is it")
    await town.huda.taps("Send")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'unreachable', sent_at = NULL WHERE key LIKE 'case:%:1'")

    await fatima.does(kind=Kind.UNBLOCKED)
    await fatima.says("/start")
    first, *_ = fatima.new
    assert "still waits for your answer" in first.text
    assert "Which lamp is it" in first.text
    await fatima.says("/start")
    assert all("Which lamp is it" not in shown.text for shown in fatima.new)

    await fatima.says("The one at the gate")
    assert [event.words for event in await given(town, case)] == ["The one at the gate"]


async def test_a_question_that_scrolled_away_is_shown_first_and_words_are_not_taken_for_its_answer(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima)
    await town.wait(SECONDS)
    await fatima.says("/menu")
    await town.wait(timedelta(hours=5))

    await fatima.says("The one at the gate")

    assert "still waits for your answer" in fatima.new[0].text
    assert not await given(town, case)
    await fatima.taps("It answers")
    assert [event.words for event in await given(town, case)] == ["The one at the gate"]


async def test_who_was_silent_since_the_question_is_taken_to_answer_it(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await town.wait(timedelta(days=2))

    await fatima.says("The one at the gate")

    assert [event.words for event in await given(town, case)] == ["The one at the gate"]
    assert all("still waits" not in shown.text for shown in fatima.new)


# ---------------------------------------------------------------------------- nobody is asked twice in an hour


async def test_the_same_question_is_not_asked_twice_in_an_hour_unless_they_have_moved_on(
    town: DeskTown, fatima: Person
) -> None:
    await fatima.says("/start")
    case = await town.case_of(fatima)

    async def asks(words: str) -> int:
        await town.wait(SECONDS)
        await town.huda.replies(await town.card(case), f"?{words}")
        await town.huda.taps("Send")
        return sum("The municipality asks" in shown.text and words in shown.text for shown in fatima.messages)

    assert [await asks("Which lamp is it"), await asks("Which lamp is it"), await asks("Which house")] == [1, 1, 1]
    await town.wait(SECONDS)
    await fatima.says("/menu")
    assert await asks("Which lamp is it") == 2
    await town.wait(timedelta(minutes=61))
    assert await asks("Which lamp is it") == 3


async def test_a_question_that_was_undone_may_be_asked_again(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await town.huda.replies(await town.card(case), "/undo")
    await town.huda.replies(await town.card(case), "?Which lamp is it")
    await town.huda.taps("Send")
    assert sum("The municipality asks" in shown.text for shown in fatima.messages) == 2


async def test_a_greeting_brings_the_menu_once(town: DeskTown, fatima: Person) -> None:
    for _ in range(3):
        await fatima.says("hello")
    assert sum("What would you like to do?" in shown.text for shown in fatima.messages) == 1
    assert fatima.last.text == "Hello, and welcome."


async def test_an_ok_is_asked_about_once(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima, "May we come at ten")
    for said in ("ok", "/menu", "ok"):
        await fatima.says(said)
    assert sum("your answer to this question" in shown.text for shown in fatima.messages) == 1
    assert not await given(town, case)
