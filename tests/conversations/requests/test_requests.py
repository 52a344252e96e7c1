"""Submitting a complaint, a suggestion, an observation, a service request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import Request
from locales import clean, without_marks
from storage.records.cases import CaseKind, CaseStatus
from tests.conversations.case_town import MANAMA, MUHARRAQ_TOWN, CaseTown, complain
from tests.instants import SUNDAY

# ---------------------------------------------------------------------------- the straight way


@pytest.mark.starts_at(SUNDAY)
async def test_a_complaint_with_a_photo_takes_six_steps(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")  # 1
    await fatima.taps("Bins")  # 2
    await fatima.sends(caption="The bins on our road overflow")  # 3
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.shares_place(*MANAMA)  # 4
    await fatima.taps("With my name")  # 5
    fatima.sees("The bins on our road overflow")
    await fatima.taps("Submit")  # 6
    received = fatima.sees("We have received your")
    [case] = await town.cases()
    assert case.reference in received.text
    assert "Sunday 6 December 2026" in received.text  # ten working days
    assert "10 working days" in received.text
    assert "review it by" in received.text
    assert (case.kind, case.category, case.office) == (CaseKind.COMPLAINT, "bins", "capital")
    assert (case.name, case.anonymous, case.words) == ("Fatima Ali", False, "The bins on our road overflow")
    assert (case.latitude, case.longitude) == pytest.approx(MANAMA)
    async with town.database.transaction() as tx:
        assert len(await tx.all("SELECT * FROM case_files")) == 1


async def test_a_complaint_in_arabic(town: CaseTown) -> None:
    fatima = await town.living_in("capital", language="ar")
    await fatima.says("/complain")
    await fatima.says("زبالة")
    await fatima.taps("الحاويات")
    await fatima.says("الحاوية ممتلئة منذ ثلاثة أيام")
    await fatima.says("مجمع ٣٣٨ طريق ١٢")
    await fatima.taps("باسمي")
    await fatima.taps("إرسال")
    [case] = await town.cases()
    assert case.reference in fatima.sees("تم استلام شكواكم").text
    assert (case.block, case.road, case.words) == (338, "12", "الحاوية ممتلئة منذ ثلاثة أيام")


@pytest.mark.starts_at(SUNDAY)
async def test_a_suggestion_may_skip_the_place(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/suggest")
    await fatima.says("market")
    await fatima.taps("Markets")
    await fatima.says("Open the fish market earlier")
    await fatima.taps("Skip")
    await fatima.taps("Without my name")
    await fatima.taps("Submit")
    received = fatima.sees("We have received your")
    assert "We expect to reply by Sunday 6 December 2026" in clean(received.text)
    [case] = await town.cases()
    assert (case.kind, case.block, case.latitude) == (CaseKind.SUGGESTION, None, None)


async def test_a_suggestion_needs_no_place_where_a_complaint_does(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full")
    assert fatima.last.find("Skip") is None
    await fatima.says("/suggest")
    await fatima.taps("Start a new request")
    await fatima.taps("Bins")
    await fatima.says("Larger bins everywhere")
    await fatima.taps("Skip")
    fatima.sees("No place given.")
    await fatima.taps("Without my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "Larger bins everywhere"


async def test_fees_have_no_place(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/start")
    await fatima.taps("Request a service")
    await fatima.says("refund")
    await fatima.taps("Municipal fees")
    await fatima.says("A refund of a fee paid twice")
    await fatima.taps("With my name")
    fatima.sees("Check your service request")


async def test_an_observation_is_one_too(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Share an observation")
    await fatima.taps("Public cleanliness")
    await fatima.says("The corniche is cleaner than ever")
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    fatima.sees("We have received your")


# ---------------------------------------------------------------------------- choosing


async def test_categories_are_paged_and_the_office_shown(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    assert "Capital Municipality" in fatima.last.text
    assert not fatima.last.find("Other")
    await fatima.taps("More")
    await fatima.taps("More")
    assert fatima.last.find("Other")
    await fatima.taps("Previous")
    assert fatima.last.find("More")
    assert fatima.last.find("Previous")


async def test_what_is_typed_is_searched_for_and_a_sentence_is_kept(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.says("xyzzy")
    fatima.sees("We found nothing for “")
    await fatima.says("A pack of stray dogs at the school gate")
    fatima.sees("We understood:")
    # What was typed already describes it.
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("Block 338 Road 12")
    await fatima.taps("With my name")
    fatima.sees("A pack of stray dogs at the school gate")


async def test_another_municipality_can_be_chosen(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Choose another office")
    await fatima.says("muharraq")
    await fatima.taps("Muharraq Municipality")
    assert "Muharraq Municipality" in fatima.last.text
    assert fatima.last.find("Bins")


async def test_a_municipality_that_was_chosen_is_not_said_to_be_understood(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Choose another office")
    await fatima.taps("Muharraq Municipality")
    await fatima.taps("Bins")

    await fatima.says("The container in block 225 road 12 is full")

    understood, *_ = without_marks(fatima.last.text).splitlines()
    assert understood == "✍️ We understood: Road 12, Block 225"
    assert "Office: Muharraq Municipality" in without_marks(fatima.last.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Block 226", "Block 226 is served by Muharraq Municipality. Do you want to choose it?"),
        ("٢٢٦", "Block 226 is served by Muharraq Municipality. Do you want to choose it?"),
        ("busaiteen", "Is it one of these?"),
        ("المحرق", "Is it one of these?"),
    ],
)
async def test_a_block_or_an_area_typed_beside_the_list_finds_its_municipality(
    town: CaseTown, typed: str, said: str
) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Choose another office")
    await fatima.says(typed)
    assert without_marks(fatima.last.text) == said
    assert fatima.buttons[:2] == [["Muharraq Municipality"], ["Show all offices"]]
    await fatima.taps("Show all offices")
    assert fatima.last.find("Southern Area Municipality")
    await fatima.says(typed)
    await fatima.taps("Muharraq Municipality")
    assert "Muharraq Municipality" in fatima.last.text
    assert fatima.last.find("Bins")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Block 499", "We do not know which municipality serves block 499."),
        ("Atlantis", "We could not find “Atlantis”. Choose from the list."),
    ],
)
async def test_what_names_no_municipality_is_said_to(town: CaseTown, typed: str, said: str) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Choose another office")
    await fatima.says(typed)
    assert said in without_marks(fatima.last.text)
    assert fatima.last.find("Southern Area Municipality")


async def test_the_matter_typed_beside_the_list_of_municipalities_is_kept(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Choose another office")
    await fatima.says("The bins overflow since last week")
    assert "We have added this to your request." in fatima.last.text
    assert "Which municipality or office is it for?" in fatima.last.text
    await fatima.taps("Southern Area Municipality")
    assert "The bins overflow since last week" not in fatima.last.text
    await fatima.says("Block 801")
    await fatima.taps("With my name")
    assert "The bins overflow since last week" in without_marks(fatima.last.text)


async def test_without_a_municipality_it_is_asked_for_first(town: CaseTown) -> None:
    fatima = town.resident()
    await fatima.says("/start")
    await fatima.taps("Submit a complaint")
    await fatima.taps("Capital Municipality")
    assert "Complaint" in fatima.last.text
    assert fatima.last.find("Bins")


async def test_sewerage_says_whose_it_is_and_still_takes_it(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.says("sewage")
    await fatima.taps("Sewerage")
    noted = fatima.sees("The Ministry of Works is responsible for roads and sewerage")
    assert "+973 8000 1810" in noted.text
    await fatima.says("The manhole overflows")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("With my name")
    fatima.sees("is responsible for roads and sewerage")
    await fatima.taps("Submit")
    fatima.sees("We have referred your request to the responsible body:")
    [case] = await town.cases()
    assert (case.status, case.referred_to) == (CaseStatus.REFERRED, "works")


async def test_investors_are_asked_project_and_registration(town: CaseTown) -> None:
    fatima = await town.living_in("investors")
    await fatima.says("/complain")
    await fatima.taps("Investment projects")
    fatima.does_not_see("belong to the Comprehensive Municipal Centre")  # it is chosen
    await fatima.says("The permit is late")
    fatima.sees("What is the project called?")
    await fatima.says("Seef Tower")
    await fatima.says("none of your business")
    fatima.sees("Enter a valid commercial registration number")
    await fatima.says("12345-1")
    await fatima.shares_place(*MUHARRAQ_TOWN)  # the centre serves the whole country: nobody is sent elsewhere
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert (case.project, case.registration, case.office) == ("Seef Tower", "12345-1", "investors")


# ---------------------------------------------------------------------------- known already, too many


async def test_joining_a_similar_request(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali, "The bins at the corner overflow")
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(caption="Bins overflow here")
    await fatima.says("Block 338 Road 12")
    card = fatima.sees("Someone has already reported something like this here.")
    assert "overflow" not in card.text
    assert "Ali" not in card.text
    assert "Block \u2068338" in card.text
    assert "Road" not in card.text
    assert "By joining, you agree that" in fatima.last.text
    await fatima.taps("Join request")
    assert reference in fatima.sees("You have joined").text
    assert len(await town.cases()) == 1
    case = await town.case(reference)
    async with town.database.transaction() as tx:
        assert len(await tx.all("SELECT * FROM case_followers")) == 1
        words = [row["words"] for row in await tx.all("SELECT words FROM case_events ORDER BY id")]
    assert words[-1] == "Bins overflow here"
    assert case.priority == 1
    assert any("🤝" in text for text in town.staff_sees("-1001"))


@pytest.mark.parametrize("typed", ["Mine is different", "no", "لا"])
async def test_mine_is_different_goes_on(town: CaseTown, typed: str) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    await complain(ali)
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Bins overflow here")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("Back")
    await fatima.taps("Keep this place")
    await fatima.says(typed)
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    assert sorted(case.words for case in await town.cases()) == ["Bins overflow here", "The bins overflow"]


async def test_a_similar_request_that_ended_meanwhile(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali)
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Bins overflow here")
    await fatima.says("Block 338 Road 12")
    await town.rejects(reference, "Not ours")
    await fatima.taps("Join request")
    fatima.sees("That request has since been closed. You can complete and submit this one instead.")
    fatima.sees("Do you want to submit with")


@pytest.mark.starts_at(SUNDAY)
async def test_the_eleventh_of_a_day_waits_until_tomorrow(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    for number in range(10):
        await complain(fatima, block=f"Block 338 Road {number + 1}")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("One more")
    await fatima.says("Block 338 Road 77")
    await fatima.taps("With my name")
    assert "10 requests a day" in fatima.last.text
    assert "from Monday 23 November 2026 at 00:00" in clean(fatima.last.text)
    assert fatima.last.find("Submit") is None
    await fatima.taps("Try again")
    assert fatima.last.find("Submit") is None
    await town.wait(timedelta(hours=20))
    await fatima.taps("Try again")
    await fatima.taps("Submit")
    fatima.sees("We have received your")
    assert len(await town.cases()) == 11
