"""Where the matter is: a pin, a block, an address, or a place in words."""

from __future__ import annotations

import pytest

from conversations.engine.messages import Request
from locales import clean
from services.actors import staff_actor
from services.casework import block_corrections
from storage.ids import OfficeId
from tests.conversations.case_town import MANAMA, MUHARRAQ_TOWN, RIYADH, CaseTown


async def test_a_pin_in_another_municipality_is_asked_about(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.shares_place(*MUHARRAQ_TOWN)
    fatima.sees("This place probably belongs to")
    await fatima.taps("Muharraq Municipality")
    await fatima.taps("With my name")
    assert "Muharraq Municipality" in fatima.sees("Check your").text
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.office == "muharraq"


@pytest.mark.parametrize(
    ("typed", "office"),
    [
        ("yes please", "muharraq"),
        ("نعم", "muharraq"),
        ("ok", "muharraq"),
        ("okay", "muharraq"),
        ("اوكي", "muharraq"),
        ("تمام", "muharraq"),
        ("زين", "muharraq"),
        ("No", "capital"),
        ("لا شكرا", "capital"),
    ],
)
async def test_whose_place_it_is_may_be_answered_by_yes_or_no(town: CaseTown, typed: str, office: str) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.shares_place(*MUHARRAQ_TOWN)
    await fatima.says(typed)
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.office, case.words) == (office, "Full bins")


async def test_what_was_understood_of_a_place_and_a_number_is_said(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("behind the mosque")
    assert fatima.last.message.ask_for is Request.LOCATION  # it can still be shared
    await fatima.shares_place(*MANAMA)
    assert clean(fatima.new[0].text) == "📍 Place: behind the mosque, a pin on the map"
    assert fatima.new[0].message.drop_keyboard
    await fatima.taps("With my name")
    await fatima.taps("Phone")
    await fatima.shares_phone("+97333123456")
    assert clean(fatima.new[0].text) == "📱 Phone: +973 3312 3456"
    fatima.does_not_see("Thank you.")


async def test_a_block_elsewhere_may_still_go_to_the_own_municipality(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 225 Road 3")
    fatima.sees("This place belongs to")
    await fatima.taps("Capital Municipality")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.office, case.block) == ("capital", 225)


async def test_a_block_that_staff_corrected_goes_where_they_said(town: CaseTown) -> None:
    await town.work(lambda work: block_corrections.correct_block(work, 427, OfficeId("northern"), staff_actor("1")))
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 427")
    fatima.sees("This place belongs to \u2068Northern Area Municipality")


async def test_a_place_abroad_is_asked_again(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.shares_place(*RIYADH)
    assert "outside Bahrain" in fatima.last.text
    assert fatima.last.message.ask_for is Request.LOCATION


async def test_a_number_that_is_no_block_is_asked_again(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("9999")
    assert "Enter a valid block number from" in fatima.last.text
    await fatima.says("٣٣٨")
    fatima.sees("Do you want to submit with")


async def test_a_place_without_a_block_is_taken_as_described(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("behind the mosque in Adliya")
    fatima.sees("We could not find a block")
    await fatima.taps("Continue with this")
    await fatima.taps("With my name")
    assert "Place: behind the mosque in Adliya" in clean(fatima.last.text)


async def test_a_described_place_is_kept_beside_the_block_or_pin_that_is_asked_for(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Road 12 beside the Yateem mosque")
    fatima.sees("We could not find a block")
    await fatima.says("338")
    await fatima.taps("With my name")
    assert "Place: Road 12 beside the Yateem mosque, Block 338" in clean(fatima.last.text)
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.block, case.road) == (338, "Road 12 beside the Yateem mosque")

    ali = await town.living_in("capital", address="1002", name="Ali Hasan")
    await ali.says("/complain")
    await ali.taps("Public cleanliness")
    await ali.says("It is full of dust")
    await ali.says("behind the mosque in Adliya")
    await ali.shares_place(*MANAMA)
    await ali.taps("With my name")
    assert "Place: behind the mosque in Adliya, a pin on the map" in clean(ali.last.text)


# ---------------------------------------------------------------------------- the place that is said decides


async def test_whose_a_block_is_that_nobody_knows_is_asked(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 428 Road 3")  # hundreds of 4 are split between governorates
    assert "Which municipality is block 428 in?" in clean(fatima.last.text)
    await fatima.taps("Northern")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.office == "northern"


@pytest.mark.parametrize("said", ["Full bins in Hamad Town", "الحاويات متروسة في مدينة حمد", "el zbala fe 7amad town"])
async def test_an_area_that_is_named_in_the_form_is_asked_about(town: CaseTown, said: str) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says(said)
    await fatima.says("behind the mosque")
    await fatima.taps("Continue with this")
    fatima.sees("This place belongs to")
    await fatima.taps("Northern")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.office == "northern"
