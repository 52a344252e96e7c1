"""A person goes by what their channel calls them, until they give another name themselves."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.case_town import MANAMA, CaseTown
from tests.conversations.town import Person


@pytest.fixture
def town(database: Database) -> CaseTown:
    return CaseTown(database)


async def _files(person: Person, under: str) -> None:
    await person.taps("Submit a complaint")
    await person.taps("Bins")
    await person.says(f"The bins overflow, {under}")
    await person.shares_place(*MANAMA)


async def test_who_is_called_differently_by_now_files_under_the_new_name(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await _files(fatima, "first")
    await fatima.taps("Fatima Ali")
    await fatima.taps("Submit")
    fatima.name = "Fatima Hasan"
    await fatima.says("/menu")
    await _files(fatima, "second")
    await fatima.taps("Fatima Hasan")


async def test_a_name_that_was_typed_stays(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await _files(fatima, "first")
    await fatima.says("Fatima Ali Hasan Al Khalifa")
    await fatima.taps("Submit")
    fatima.name = "FaFa"
    await fatima.says("/menu")
    await _files(fatima, "second")
    await fatima.taps("Fatima Ali Hasan Al Khalifa")


async def test_a_name_with_nothing_to_see_in_it_takes_none_away(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    fatima.name = ""  # what `visible_name` leaves of a name of fillers
    await fatima.says("/menu")
    await _files(fatima, "first")
    await fatima.taps("Fatima Ali")
