"""A question to the municipality, as a case: what is asked for it, by when it is answered, and its answer."""

from __future__ import annotations

import pytest

from locales import clean
from storage.database import Database
from storage.records.cases import CaseKind, CaseStatus
from tests.conversations.case_town import CaseTown
from tests.instants import SUNDAY


@pytest.fixture
async def town(database: Database) -> CaseTown:
    return CaseTown(database)


@pytest.mark.starts_at(SUNDAY)
async def test_a_question_needs_its_words_alone_and_is_promised_by_the_hour(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Ask a question")
    fatima.sees("What would you like to know?")
    await fatima.says("May a shop open on the ground floor of my house?")
    summary = fatima.sees("Check your inquiry").text
    assert "Without your name" in summary
    assert "Place" not in summary
    await fatima.taps("Submit")
    received = fatima.sees("We have received your inquiry.")
    # Seven working hours from 09:00: five and a quarter on Sunday, the others on Monday.
    assert "We expect to answer it by" in received.text
    assert "08:45" in clean(received.text)
    [case] = await town.cases()
    assert (case.kind, case.category, case.anonymous, case.name) == (CaseKind.INQUIRY, "other", True, "")


async def test_a_question_about_another_bodys_work_is_not_passed_on_unread(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Ask a question")
    await fatima.says("Who is responsible for the street lights?")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.category, case.status) == ("lighting", CaseStatus.RECEIVED)


async def test_who_asked_says_whether_the_answer_was_one(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Ask a question")
    await fatima.says("When does the animal market open?")
    await fatima.taps("Submit")
    [case] = await town.cases()
    await town.takes_up(case.reference)
    await town.resolves(case.reference, "Every Friday from 06:00")
    await town.deliver()
    answered = fatima.sees("The municipality has answered your question.")
    assert "Every Friday from 06:00" in answered.text
    await fatima.taps("Not answered")
    fatima.sees("What would you still like to know?")
    await fatima.says("Also in Ramadan?")
    [case] = await town.cases()
    assert case.status is CaseStatus.REOPENED
