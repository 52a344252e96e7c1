"""What a request says: words, photos, albums, voice notes and documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from conversations.engine.messages import Contact, FileKind, Kind, Place, Request
from services.files.attachments import Store, fetch_due
from services.text.normalise import MAX_TOLD
from storage.ids import MessageId
from tests.conversations.case_town import MANAMA, CaseTown


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


async def test_a_sentence_with_an_address_where_the_category_is_asked_is_kept_whole(town: CaseTown) -> None:
    fatima = await town.living_in("capital")
    await fatima.taps("Submit a complaint")
    told = "a tree fell on the pavement block 338 road 3803, its blocking the road"
    await fatima.says(told)
    for _ in range(4):
        if fatima.last.find("Submit"):
            break
        labels = [label for row in fatima.buttons for label in row]
        await fatima.taps("Without my name" if fatima.last.find("Without my name") else labels[0])
    assert told in fatima.last.text
    assert "Describe the problem" not in "".join(shown.text for shown in fatima.messages)


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
