"""Submitting a complaint, a suggestion, an observation, a service request."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from conversations.engine.messages import Contact, FileKind, Kind, Place, Request
from locales import clean, without_marks
from services.actors import staff_actor
from services.casework import block_corrections
from services.files.attachments import Store, fetch_due
from services.text.normalise import MAX_TOLD
from storage.database import Database
from storage.ids import MessageId, OfficeId
from storage.records.cases import CaseKind, CaseStatus
from tests.conversations.case_town import MANAMA, MUHARRAQ_TOWN, RIYADH, CaseTown, complain
from tests.conversations.town import Person
from tests.instants import SUNDAY


@pytest.fixture
def town(database: Database) -> CaseTown:
    return CaseTown(database)


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


# ---------------------------------------------------------------------------- words and files


async def test_an_album_of_five_is_one_answer(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    before = len(fatima.messages)
    for number in range(5):
        await fatima.sends(album="a1", caption="Five full bins" if number == 0 else "")
    await town.wait(timedelta(seconds=2))
    assert len(fatima.messages) == before + 1
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("338")
    await fatima.taps("With my name")
    summary = fatima.sees("Check your complaint")
    assert "5 attachments" in summary.text
    assert "Five full bins" in summary.text


async def test_each_caption_of_an_album_describes_the_matter(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")
    await fatima.taps("Bins")
    for caption in ("In front of the school", "", "Behind it"):
        await fatima.sends(album="a1", caption=caption)
    await fatima.shares_place(*MANAMA)
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "In front of the school\nBehind it"


async def test_a_place_that_the_map_knows_keeps_its_name(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")
    await fatima.taps("Bins")
    await fatima.says("No bins at all")
    place = Place(latitude=MANAMA[0], longitude=MANAMA[1])
    await fatima.does(kind=Kind.LOCATION, place=place, text="Al Noor School\nBuilding 5, Road 38")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.road == "Al Noor School, Building 5, Road 38"


async def test_what_is_quoted_forwarded_and_whose_number_it_is_goes_to_the_municipality(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")
    await fatima.taps("Bins")
    await fatima.says("It is this one", quoted="Block 338", forwarded=True, forwarded_from="Salem")
    await fatima.shares_place(*MANAMA)
    await fatima.taps("With my name")
    await fatima.does(kind=Kind.CONTACT, contact=Contact(phone="97333123457", name="The guard"))
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == "Forwarded from Salem:\n> Block 338\nIt is this one\nThe guard +97333123457"
    assert case.phone == "+97333123457"
    async with town.database.transaction() as tx:
        [row] = await tx.all("SELECT phone FROM residents WHERE address = '1001'")
    assert row["phone"] == ""


async def test_photos_alone_are_asked_about_once_and_are_enough(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    for _ in range(2):
        await fatima.sends(album="a1")
    await town.wait(timedelta(seconds=2))
    fatima.sees("2 attachments")
    fatima.sees("A short description would help us.")
    await fatima.taps("Continue")
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert case.words == ""


async def test_a_voice_note_tells_it_all(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(FileKind.VOICE, mime="audio/ogg")
    assert fatima.last.message.ask_for is Request.LOCATION


async def test_a_document_too_large_is_refused_with_the_reason(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(FileKind.DOCUMENT, name="plan.pdf", mime="application/pdf", size=50_000_000)
    assert "too large" in fatima.last.text
    assert "Describe the problem in" in fatima.last.text
    await fatima.sends(FileKind.DOCUMENT, name="plan.pdf", mime="application/pdf", size=5_000, caption="The plan")
    assert fatima.last.message.ask_for is Request.LOCATION


async def test_a_file_that_was_refused_meanwhile_is_counted_in_no_summary(town: CaseTown, tmp_path: Path) -> None:
    async def program(_remote: str, _limit: int) -> bytes:
        return b"MZ" + bytes(100)

    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends(FileKind.DOCUMENT, name="plan.pdf", mime="application/pdf", caption="The bins are full")
    assert await fetch_due(town.desk.begin, program, Store(tmp_path)) == 1
    await town.deliver()
    await fatima.says("338")
    await fatima.taps("With my name")
    assert "attachment" not in fatima.sees("Check your complaint").text


async def test_an_edited_message_corrects_the_words(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("The bims are full", message=MessageId("5001"))
    await fatima.says("338")
    await fatima.edits(MessageId("5001"), "The bins are full")
    fatima.sees("We have saved your correction.")
    await fatima.taps("With my name")
    summary = fatima.sees("Check your complaint")
    assert "The bins are full" in summary.text
    assert "The bims are full" not in summary.text


async def test_what_is_sent_at_a_later_step_is_kept(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.sends(caption="Look at this")  # before a category is chosen
    fatima.sees("We have added this to your request.")
    await fatima.taps("Bins")
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.sends(FileKind.VOICE, mime="audio/ogg")
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.says("It has been so for a week")
    summary = fatima.last.text
    assert "Look at this" in summary
    assert "It has been so for a week" in summary
    assert "2 attachments" in summary


async def test_a_place_shared_early_is_not_asked_again(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.shares_place(*MANAMA)
    await fatima.says("Full bins")
    fatima.sees("Do you want to submit with")


async def test_a_sticker_is_answered_politely(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.sends_sticker()
    assert town.reactions[-1][2] == "👌"
    assert "Describe the problem in" in fatima.last.text


async def test_a_description_is_kept_as_far_as_it_fits(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("word " * 5000)
    fatima.sees("We kept the first 20,000 characters")
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert MAX_TOLD - 10 < len(case.words) <= MAX_TOLD


async def test_a_long_text_that_the_app_cut_in_two_is_not_taken_for_a_place(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("First part. " * 20)
    await fatima.says("Second part 338. " * 20)
    assert fatima.last.message.ask_for is Request.LOCATION
    await fatima.says("338")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    [case] = await town.cases()
    assert "First part." in case.words
    assert "Second part" in case.words


# ---------------------------------------------------------------------------- the place


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


async def test_a_block_nobody_knows_stays_with_the_chosen_municipality(town: CaseTown) -> None:
    fatima = await town.living_in("southern")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 777")  # hundreds of 7 are split between governorates
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


# ---------------------------------------------------------------------------- from whom


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


# ---------------------------------------------------------------------------- correcting


async def reviewing(town: CaseTown):
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("With my name")
    return fatima


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


async def test_mine_is_different_goes_on(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    await complain(ali)
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Bins overflow here")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("Back")
    await fatima.taps("Keep this place")
    await fatima.taps("Mine is different")
    await fatima.taps("With my name")
    await fatima.taps("Submit")
    assert len(await town.cases()) == 2


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
