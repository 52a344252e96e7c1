"""What a member of staff sees who types no more than a reference in their private chat."""

from __future__ import annotations

import pytest

from services.cases.resident_actions import Case
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.conversations.appointments.test_card import books
from tests.conversations.staff_town import Colleague, DeskTown
from tests.conversations.town import Person


@pytest.fixture
async def case(town: DeskTown) -> Case:
    return await town.case_of(await town.living())


def private(who: Colleague) -> Person:
    """The same person in their own chat with the bot."""
    return Person(who.town, who.address, who.name, who.language)


async def _by_command(who: Person, reference: str) -> str:
    await who.says(f"/case {reference}")
    return who.last.text


async def test_a_clerk_who_types_the_reference_of_a_request_is_shown_its_card(town: DeskTown, case: Case) -> None:
    huda = private(town.huda)
    card = await _by_command(huda, case.reference)
    await huda.says(case.reference.lower().replace("-", " "))
    assert huda.last.text == card
    assert huda.last.message.rows == huda.messages[-2].message.rows


async def test_a_clerk_who_types_the_reference_of_an_appointment_is_shown_its_card(town: DeskTown) -> None:
    booking = await books(town, await town.living())
    huda = private(town.huda)
    card = await _by_command(huda, booking.reference)
    await huda.says(f"{booking.reference} ?")
    assert huda.last.text == card


async def test_whose_right_does_not_cover_it_is_answered_as_any_resident(town: DeskTown, case: Case) -> None:
    await town.joins(town.stranger, Role.AGENT, OfficeId("northern"))
    booking = await books(town, await town.living())
    stranger, sara = private(town.stranger), town.resident("1002", "Sara")
    for reference in (case.reference, booking.reference):
        for who in (sara, stranger):
            await who.says("/start")
            await who.says(reference)
        assert stranger.last.text == sara.last.text


async def test_of_their_own_a_clerk_sees_what_any_resident_sees(town: DeskTown) -> None:
    huda = private(town.huda)
    await huda.says("/start")
    case, booking = await town.case_of(huda), await books(town, huda)
    await huda.says(case.reference)
    assert huda.last.find("Withdraw") is not None
    await huda.says("/menu")
    await huda.says(booking.reference)
    assert huda.last.find("Cancel") is not None


async def test_a_form_that_asks_for_words_has_them(town: DeskTown, case: Case) -> None:
    huda = private(town.huda)
    await huda.says("/complain")
    await huda.taps("Capital Municipality")
    await huda.taps("Bins")
    await huda.says(case.reference)
    assert all("no owner yet" not in shown.text for shown in huda.messages)
