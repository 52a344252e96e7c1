"""Who submits a request: with their name, with another one, or without any."""

from __future__ import annotations

import pytest

from locales import clean
from tests.conversations.case_town import CaseTown, complain, reviewing
from tests.conversations.town import Person


async def test_anonymous_means_neither_name_nor_phone(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("338")
    await fatima.taps("Without my name")
    assert not fatima.last.find("Phone")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.anonymous, case.name, case.phone) == (True, "", "")
    assert all("Fatima" not in text for text in town.staff_sees("-1001"))


async def test_another_name_and_a_phone(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("338")
    await fatima.says("F")
    assert "Enter the full name" in fatima.last.text
    await fatima.says("Fatima A. Alkhalifa")
    await fatima.taps("Phone")
    await fatima.says("123")
    assert "not valid" in fatima.last.text
    await fatima.shares_phone("+97333123456")
    assert "+973 3312 3456" in fatima.last.text
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.name, case.phone) == ("Fatima A. Alkhalifa", "+97333123456")


async def test_by_submitting_they_agree(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await complain(fatima)
    async with town.database.transaction() as tx:
        row = await tx.one("SELECT consented_at FROM residents")
    assert row is not None
    assert row["consented_at"] is not None


async def test_who_agreed_before_is_not_told_it_all_again(town: CaseTown) -> None:
    fatima = await reviewing(town)
    assert "By submitting, you agree that" in fatima.last.text
    await fatima.taps("Submit")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full again")
    await fatima.says("Block 338 Road 44")
    await fatima.taps("With my name")
    assert "By submitting, you agree that" not in fatima.last.text
    assert "How we use your data: /privacy" in clean(fatima.last.text)


async def test_a_profile_without_a_name_is_no_name(town: CaseTown) -> None:
    fatima = await town.living_in("capital", name="🌹 7")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("338")
    fatima.sees("Type your name or continue without it.")
    assert fatima.last.find("With my name") is None


@pytest.mark.parametrize(
    "typed", ["without", "Without my name.", "no", "anonymous", "دون", "بدون", "بلا", "دون اسم", "دون ذكره", "لا"]
)
async def test_a_typed_without_is_no_name(town: CaseTown, typed: str) -> None:
    fatima = await asked_for_the_name(town)
    await fatima.says(typed)
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.anonymous, case.name) == (True, "")


@pytest.mark.parametrize("typed", ["yes", "With", "نعم", "باسمي"])
async def test_a_typed_yes_is_the_name_that_is_known(town: CaseTown, typed: str) -> None:
    fatima = await asked_for_the_name(town)
    await fatima.says(typed)
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.anonymous, case.name) == (False, "Fatima Ali")


@pytest.mark.parametrize("typed", ["It is near the school", "الحاوية في نهاية الطريق", "Since 3 days"])
async def test_a_sentence_is_no_name_but_more_about_the_matter(town: CaseTown, typed: str) -> None:
    fatima = await asked_for_the_name(town)
    await fatima.says(typed)
    assert "We have added this to your request." in fatima.last.text
    await fatima.taps("Without my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert typed in case.words


@pytest.mark.parametrize(
    "typed", ["علي", "Mohammed bin Abdulla bin Khalifa Al Khalifa", "عبدالله بن علي بن حسن آل محمود"]
)
async def test_a_long_name_is_a_name(town: CaseTown, typed: str) -> None:
    fatima = await asked_for_the_name(town)
    await fatima.says(typed)
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.name == typed


async def test_another_name_that_is_typed_is_taken(town: CaseTown) -> None:
    fatima = await asked_for_the_name(town)
    await fatima.says("Noor Without")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.anonymous, case.name) == (False, "Noor Without")


async def asked_for_the_name(town: CaseTown) -> Person:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")
    await fatima.taps("Bins")
    await fatima.says("The bins on our road overflow")
    await fatima.says("Block 338 Road 12")
    return fatima
