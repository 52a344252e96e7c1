"""A message that was edited: what is being written is corrected, and what was submitted can be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import without_marks
from services.cases.resident_actions import Case, CaseEventKind
from storage.database import Database
from storage.ids import MessageId
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person

FIRST, SECOND, LAST = MessageId("501"), MessageId("502"), MessageId("503")
A_MINUTE = timedelta(seconds=61)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


def text(person: Person) -> str:
    return without_marks(person.last.text)


async def at_the_summary(fatima: Person) -> None:
    """With a place and a number that were typed."""
    await fatima.says("/complain")
    await fatima.taps("Capital Municipality")
    await fatima.taps("Bins")
    await fatima.says("The bins are full", message=FIRST)
    await fatima.says("Block 338 road 12", message=SECOND)
    await fatima.taps("With my name")
    await fatima.taps("Phone")
    await fatima.says("33123456", message=LAST)
    assert "+973 3312 3456" in text(fatima)


# ---------------------------------------------------------------------------- in a form


@pytest.mark.parametrize(
    ("message", "edited", "shown", "gone"),
    [
        (FIRST, "The bins are broken", "The bins are broken", "The bins are full"),
        (SECOND, "Block 338 road 14", "Road 14, Block 338", "Road 12"),
        (LAST, "33123457", "+973 3312 3457", "+973 3312 3456"),
    ],
)
async def test_whatever_was_typed_in_a_form_is_corrected_by_editing_the_message(
    fatima: Person, message: MessageId, edited: str, shown: str, gone: str
) -> None:
    await at_the_summary(fatima)

    await fatima.edits(message, edited)

    assert "We have saved your correction." in text(fatima)
    assert shown in text(fatima)
    assert gone not in text(fatima)
    assert fatima.last.find("Submit")


async def test_a_correction_that_is_no_answer_changes_nothing(fatima: Person) -> None:
    await at_the_summary(fatima)

    await fatima.edits(LAST, "3312")

    assert "This phone number is not valid." in text(fatima)
    assert "+973 3312 3456" in text(fatima)


async def test_a_corrected_sentence_is_understood_anew(fatima: Person) -> None:
    await fatima.says("Garbage at block 321 road 12", message=FIRST)
    assert "Road 12, Block 321" in text(fatima)

    await fatima.edits(FIRST, "Stray dogs at block 331 road 14")

    assert "Road 14, Block 331" in text(fatima)
    assert "Category: Stray dogs" in text(fatima)
    assert "321" not in text(fatima)


async def test_a_draft_that_was_left_is_corrected_too(fatima: Person) -> None:
    await at_the_summary(fatima)
    await fatima.says("/menu")

    await fatima.edits(FIRST, "The bins are broken")
    await fatima.edits(LAST, "33123457")

    assert "We have saved your correction in the draft that you left." in text(fatima)
    await fatima.says("/menu")
    await fatima.taps("Continue:")
    assert "The bins are broken" in text(fatima)
    assert "+973 3312 3457" in text(fatima)


# ---------------------------------------------------------------------------- an answer to the municipality


async def asked(town: DeskTown, person: Person) -> Case:
    case = await town.case_of(person, category="bins")
    await town.huda.replies(await town.card(case), "?Which lamp is it")
    await town.huda.taps("Send")
    return case


async def given(town: DeskTown, case: Case) -> list[str]:
    return [one.words for one in await town.events(case) if one.what is CaseEventKind.INFORMATION and one.public]


async def test_an_answer_edited_within_its_minute_reaches_the_team_as_it_was_corrected(
    town: DeskTown, fatima: Person
) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gaet", message=FIRST)
    await fatima.says("It blinks", message=SECOND)

    await fatima.edits(FIRST, "The one at the gate")

    assert "We have saved your correction." in text(fatima)
    assert f"This is your answer about request {case.reference}" in text(fatima)
    assert await given(town, case) == ["The one at the gate\nIt blinks"]
    await town.wait(A_MINUTE)
    assert "The one at the gate" in town.huda.last.text
    town.huda.does_not_see("gaet")


async def test_an_answer_edited_later_reaches_the_team_as_a_correction(town: DeskTown, fatima: Person) -> None:
    case = await asked(town, fatima)
    await fatima.says("The one at the gaet", message=FIRST)
    await town.wait(A_MINUTE)

    await fatima.edits(FIRST, "The one at the gate")

    assert "The team has your answer already, so we sent the correction." in text(fatima)
    assert await given(town, case) == ["The one at the gaet", "Correction: The one at the gate"]
    await town.deliver()
    assert "Correction: The one at the gate" in town.huda.last.text


# ---------------------------------------------------------------------------- what was submitted


@pytest.mark.parametrize(
    ("language", "add", "added"),
    [("en", "➕ Add to:", "We have added this to request"), ("ar", "➕ إضافة إلى:", "تمت الإضافة إلى الطلب")],
)
async def test_the_words_of_a_submitted_request_are_added_in_one_tap(
    town: DeskTown, language: str, add: str, added: str
) -> None:
    fatima = await town.living(language=language)
    case = await town.case_of(fatima, category="bins")

    await fatima.edits(FIRST, "The bins in road 14 are full")

    assert "The bins in road 14 are full" in text(fatima)
    await fatima.taps(add)
    assert added in text(fatima)
    assert case.reference in text(fatima)
    assert await given(town, case) == ["The bins in road 14 are full"]
    await town.deliver()
    assert "The bins in road 14 are full" in town.huda.last.text


async def test_a_correction_that_is_for_nothing_is_left(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima, category="bins")
    await fatima.edits(FIRST, "The bins in road 14 are full")

    await fatima.taps("Leave it as it was")

    assert "OK. Nothing was changed." in text(fatima)
    assert await given(town, case) == []
    await fatima.edits(FIRST, "thanks")
    assert "Editing a message does not change what we" in text(fatima)
