"""Correcting a request in its summary, going back, leaving it and coming back to it."""

from __future__ import annotations

import pytest

from conversations.engine.messages import Request
from locales import clean
from storage.records.cases import CaseKind
from tests.conversations.case_town import CaseTown, reviewing

# ---------------------------------------------------------------------------- correcting


@pytest.mark.parametrize(
    ("line", "answer", "shown"),
    [
        ("Description", "Empty bins", "Empty bins"),
        ("Place", "Block 321", "Block 321"),
        ("Name", "Maryam Ali", "Maryam Ali"),
        ("Phone", "33123456", "+973 3312 3456"),
    ],
)
async def test_a_line_edited_in_the_summary_asks_just_that_line(
    town: CaseTown, line: str, answer: str, shown: str
) -> None:
    fatima = await reviewing(town)
    await fatima.taps(line)
    await fatima.says(answer)
    assert "Check your complaint" in fatima.last.text
    assert shown in clean(fatima.last.text)


async def test_category_and_office_edited_in_the_summary(town: CaseTown) -> None:
    fatima = await reviewing(town)
    await fatima.taps("Category")
    await fatima.taps("Public cleanliness")
    assert "Category: Public cleanliness" in clean(fatima.last.text)
    await fatima.taps("Office")
    await fatima.taps("Northern Area Municipality")
    assert "Office: Northern Area Municipality" in clean(fatima.last.text)


async def test_a_category_edited_to_one_that_needs_more_asks_for_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.says("fees")
    await fatima.taps("Municipal fees")
    await fatima.says("Paid twice")
    await fatima.taps("With my name")
    await fatima.taps("Category")
    await fatima.taps("Bins")
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("338")
    assert "Check your complaint" in fatima.last.text


async def test_back_from_an_edit_changes_nothing(town: CaseTown) -> None:
    fatima = await reviewing(town)
    for line in ("Office", "Category", "Description", "Place", "Name", "Phone"):
        await fatima.taps(line)
        await fatima.taps("Back")
        summary = fatima.last.text
        assert "Check your complaint" in summary, line
        assert "Full bins" in summary, line
        assert "Road 12" in clean(summary), line


async def test_back_goes_through_every_question_and_loses_nothing(town: CaseTown) -> None:
    fatima = await reviewing(town)
    await fatima.taps("Back")
    fatima.sees("Do you want to submit with")
    await fatima.taps("Back")
    assert "Road 12" in clean(fatima.last.text)
    await fatima.taps("Back")
    assert "Full bins" in fatima.last.text
    await fatima.taps("Back")
    assert fatima.last.find("Bins")
    await fatima.taps("Back")
    fatima.sees("Main menu")
    await fatima.taps("Continue: ")
    await fatima.taps("Bins")
    assert "Full bins" in fatima.last.text
    assert "Road 12" in clean(fatima.last.text)


# ---------------------------------------------------------------------------- taps that come late or twice


async def test_a_double_tap_submits_once(town: CaseTown) -> None:
    fatima = await reviewing(town)
    submit = fatima.last.find("Submit")
    number = fatima.last.number
    assert submit is not None
    await fatima.taps_data(submit.data, number)
    await fatima.taps_data(submit.data, number)
    assert len(await town.cases()) == 1


async def test_a_button_of_an_old_question_is_stale(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    debris, number = fatima.last.find("Construction debris"), fatima.last.number
    assert debris is not None
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.taps_data(debris.data, number)
    assert fatima.toast == "That step has expired"
    assert fatima.last.message.ask_for is Request.LOCATION


async def test_buttons_that_were_never_shown_do_nothing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    for data in ("request:category:nothing:3", "request:category:page.99999:3", "do:complain:nowhere:0", "::::"):
        await fatima.taps_data(data, fatima.last.number)
        assert fatima.last.find("Bins")


async def test_a_restart_in_the_middle_loses_nothing(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    after = CaseTown(town.database)
    after.chats, after.numbers, after.updates = town.chats, town.numbers, town.updates
    fatima.town = after
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await after.cases()
    assert case.words == "Full bins"


async def test_a_new_complaint_in_the_middle_of_one_throws_nothing_away(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("/suggest")
    fatima.sees("You have an unfinished draft (")
    await fatima.taps("Continue the draft")
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("/suggest")
    assert "If you start a new request, we will delete this draft." in fatima.last.text
    await fatima.taps("Start a new request")
    assert "Suggestion" in fatima.last.text


async def test_what_is_typed_beside_the_unfinished_one_is_meant_for_the_new_one(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("/complain")
    await fatima.says("A hole in the road")
    await fatima.taps("Start a new request")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "A hole in the road"


async def test_a_complaint_set_aside_is_offered_before_another_takes_its_place(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.taps("Main menu")
    await fatima.taps("Submit a complaint")
    fatima.sees("You have an unfinished draft (\u2068Complaint")
    await fatima.taps("Main menu")
    await fatima.taps("Make a suggestion")
    await fatima.taps("Continue the draft")
    await fatima.says("Block 338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "Full bins"
    assert case.kind is CaseKind.COMPLAINT
    await fatima.says("/start")
    assert not any("Continue" in label for row in fatima.buttons for label in row)


async def test_who_comes_back_for_the_unfinished_one_goes_on_with_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("/suggest")
    await fatima.taps("Main menu")
    await fatima.taps("Continue: ")
    assert "Where is it?" in fatima.last.text


async def test_a_new_one_takes_the_place_of_the_one_set_aside_only_when_said(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.taps("Main menu")
    await fatima.taps("Make a suggestion")
    await fatima.taps("Start a new request")
    await fatima.taps("Bins")
    await fatima.taps("Main menu")
    [draft] = [label for row in fatima.buttons for label in row if "Continue" in label]
    assert "Suggestion" in draft


@pytest.mark.parametrize("typed", ["احذف الاسم واكتب باسم أمي", "write my mother's name"])
async def test_words_about_the_name_open_its_question_and_describe_nothing(town: CaseTown, typed: str) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Overflowing for a week")
    await fatima.says("338")
    await fatima.taps("Without my name")
    await fatima.says(typed)
    assert "Do you want to submit with" in fatima.last.text
    await fatima.says("Maryam Ahmed")
    assert "Maryam Ahmed" in fatima.last.text
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "Overflowing for a week"
