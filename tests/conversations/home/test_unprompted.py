"""Anything, anytime: nothing typed is lost, and everything gets a considered answer."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from conversations.engine.messages import Contact, FileKind, Kind
from conversations.home.keywords import Wish, likely_wish, only_wish
from locales import without_marks
from services.text.references import new_reference
from storage.ids import MessageId
from tests.conversations.whole_town import MANAMA, RIYADH, WholeTown, booked, submitted, whole_town


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def standing(town: WholeTown) -> str:
    return str((await town.rows("SELECT step FROM conversations"))[0]["step"])


# ---------------------------------------------------------------------------- what words ask for


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("شكوى", Wish.COMPLAINT),
        ("أريد تقديم شكوى", Wish.COMPLAINT),
        ("I would like to submit a complaint please", Wish.COMPLAINT),
        ("موعد", Wish.BOOK),
        ("حجز", Wish.BOOK),
        ("حجز موعد في يوم العميل", Wish.BOOK),
        ("Booking", Wish.BOOK),
        ("menu", Wish.MENU),
        ("القائمة", Wish.MENU),
        ("مساعدة", Wish.HELP),
        ("Hi!", Wish.HELLO),
        ("مرحباً", Wish.HELLO),
        ("السلام عليكم", Wish.PEACE),
        ("السَّلامُ عليكم ورحمة الله", Wish.PEACE),
        ("شكراً", Wish.THANKS),
        ("Thank you", Wish.THANKS),
        ("The bins in our road are full", None),
        ("complaint about the bins", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_a_few_words_that_ask_for_something(typed, wish):
    assert only_wish(typed) is wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("complaint about the bins", Wish.COMPLAINT),
        ("عندي شكوى من الحاويات", Wish.COMPLAINT),
        ("أريد موعدا مع المدير العام بخصوص الرخصة", Wish.BOOK),
        ("a complaint and a suggestion", None),
        ("The bins are full", None),
    ],
)
def test_what_a_longer_message_names(typed, wish):
    assert likely_wish(typed) is wish


async def test_a_greeting_is_returned(town):
    person = town.resident(language="ar")
    await person.says("/start")

    await person.says("السلام عليكم")

    assert "وعليكم السلام" in person.last.text
    assert "القائمة الرئيسية" in person.last.text


@pytest.mark.parametrize(
    ("said", "emoji"),
    [
        ("thank you", "🙏"),
        ("شكراً جزيلاً", "🙏"),
        ("ok", "👍"),
        ("تمام", "👍"),
        ("👍", "👍"),
        ("❤️🙏🏽", "👍"),
        ("sorry", "🙏"),
        ("السموحة", "🙏"),
    ],
)
async def test_politeness_is_answered_with_an_emoji_and_changes_nothing(town, said, emoji):
    person = town.resident()
    await person.says("/start")
    before, shown = await standing(town), len(person.messages)

    for _ in range(3):
        await person.says(said)

    assert [one[2] for one in town.reactions] == [emoji] * 3
    assert len(person.messages) == shown
    assert await standing(town) == before


async def test_politeness_describes_nothing(town):
    person = town.resident()
    await person.says("/complain")
    await person.taps("Capital Municipality")
    await person.taps("Bins")
    before = await standing(town)

    await person.says("thanks")

    assert town.reactions[-1][2] == "🙏"
    assert await standing(town) == before


@pytest.mark.parametrize("said", ["nobody answers", "محد يرد", "حسبي الله ونعم الوكيل"])
async def test_despair_gets_the_hotline_and_an_honest_next_step(town, said):
    person = town.resident()
    await person.says("/start")

    await person.says(said)

    assert "8000 8188" in person.last.text
    assert person.last.find("My requests")


async def test_a_wish_that_is_all_there_is_comes_first_and_is_no_description(town):
    person = town.resident()
    await person.says("شكوى")
    assert person.buttons[0] == ["📢 Complaint"]

    await person.taps("📢 Complaint")

    assert "شكوى" not in await standing(town)


async def test_the_likeliest_comes_first(town):
    person = town.resident()

    await person.does(kind=Kind.TEXT, text="They had an appointment at ten", forwarded=True)

    assert person.buttons[0] == ["📅 Customer Day appointment"]


# ---------------------------------------------------------------------------- what is kept


async def test_words_are_kept_and_start_what_is_chosen(town):
    person = town.resident()
    await person.says("It is the same as last year")
    assert "It is the same as last year" in person.last.text

    await person.taps("📢 Complaint")
    await person.taps("Capital Municipality")

    assert "It is the same as last year" in await standing(town)


async def test_a_voice_note_is_the_description(town):
    person = town.resident()
    await person.sends(FileKind.VOICE)
    await person.taps("📢 Complaint")
    await person.taps("Capital Municipality")

    await person.taps("Bins")

    person.sees("Where is it?")
    person.does_not_see("Describe the problem in your")


async def test_a_photo_without_words_is_asked_a_few_or_to_go_on(town):
    person = town.resident()
    await person.sends()
    await person.taps("📢 Complaint")
    await person.taps("Capital Municipality")

    await person.taps("Bins")

    assert "A short description would help us." in person.last.text
    await person.taps("Continue")
    person.sees("Where is it?")


async def test_a_place_sent_first_goes_into_a_booking_too(town):
    person = town.resident()
    await person.sends()
    await person.shares_place(*MANAMA)

    await person.taps("📅 Customer Day appointment")

    assert "26.22800, 50.58500" in await standing(town)


async def test_more_is_kept_while_the_question_stands(town):
    person = town.resident()
    await person.says("Look at this")
    await person.sends(caption="the corner")
    await person.sends(FileKind.VOICE)
    await person.shares_place(*MANAMA)

    for part in ("Look at this", "the corner", "1 photo", "1 voice note", "a location", "Capital Municipality"):
        assert part in person.last.text, part
    await person.taps("📢 Complaint")
    files = await town.rows("SELECT kind FROM files ORDER BY id")
    assert [file["kind"] for file in files] == ["photo", "voice"]


@pytest.mark.parametrize(("photos", "too_many"), [(20, False), (21, True)])
async def test_as_many_photos_as_a_request_holds_are_taken_without_a_word(town, photos, too_many):
    person = town.resident()
    for _ in range(photos):
        await person.sends(album="a7")
    await town.wait(timedelta(seconds=3))
    await person.taps("📢 Complaint")
    assert any("You can attach up to 20" in shown.text for shown in person.messages) is too_many


async def test_an_album_is_one_thing(town):
    person = town.resident()
    await person.says("/start")
    for _ in range(4):
        await person.sends(album="a7")
    await town.wait(timedelta(seconds=3))

    assert "4 photos" in person.last.text
    assert sum("photo" in shown.text for shown in person.messages) == 1


async def test_the_same_photo_twice_is_one(town):
    person = town.resident()
    for _ in range(2):
        await person.sends(unique_id="same")

    assert "1 photo" in person.last.text


async def test_a_file_that_is_not_taken_is_named_and_the_rest_goes_on(town):
    person = town.resident()
    await person.says("See the film")
    await person.sends(FileKind.DOCUMENT, name="virus.exe", mime="application/x-msdownload")

    await person.taps("📢 Complaint")

    person.sees("We cannot accept")
    assert "See the film" in await standing(town)


async def test_an_edited_message_is_corrected(town):
    person = town.resident()
    await person.says("Rod 12", message=MessageId("901"))

    await person.edits(MessageId("901"), "Road 12")

    assert "Road 12" in person.last.text
    assert "Rod 12" not in await standing(town)


async def test_editing_what_is_long_gone_is_explained(town):
    person = town.resident()
    await person.says("/start", message=MessageId("905"))

    await person.edits(MessageId("905"), "/stop")

    assert "Editing a message does not change what we" in person.last.text


async def test_a_forwarded_message_is_called_so(town):
    person = town.resident()

    await person.does(kind=Kind.TEXT, text="hello", forwarded=True)

    assert "a forwarded message" in person.last.text
    assert "hello" in person.last.text


async def test_going_elsewhere_sets_it_aside(town):
    person = town.resident()
    await person.says("Something is wrong here")

    await person.says("/menu")
    assert without_marks(person.buttons[0][0]) == "▶️ Continue: Something is wrong here"
    await person.taps("▶️ Continue")

    assert "Something is wrong here" in person.last.text


async def test_what_was_set_aside_can_be_joined_to_what_comes_later(town):
    person = town.resident()
    await person.says("Something is wrong here")
    await person.says("/menu")
    await person.sends()

    await person.taps("Add the earlier message:")

    assert "Something is wrong here" in person.last.text
    assert "1 photo" in person.last.text
    await person.taps("Discard it")
    assert not any("Continue" in label for row in person.buttons for label in row)


async def test_nothing_means_nothing(town):
    person = town.resident()
    await person.says("Something is wrong here")

    await person.taps("Discard it")

    assert "Main menu" in person.last.text
    assert "Something is wrong" not in str(await town.rows("SELECT * FROM conversations"))


# ---------------------------------------------------------------------------- places, numbers, references


async def test_a_location_suggests_its_municipality(town):
    person = town.resident()
    await person.shares_place(*MANAMA)
    assert "Capital Municipality seems to serve that place" in person.last.text.replace("\u2068", "").replace(
        "\u2069", ""
    )

    await person.taps("Choose this municipality")
    await person.taps("Yes, choose this office")

    assert (await town.row(person)).office == "capital"


async def test_a_location_abroad_is_said_to_be(town):
    person = town.resident()

    await person.shares_place(*RIYADH)

    assert "That place is outside Bahrain." in person.last.text
    assert not any("Choose this municipality" in label for row in person.buttons for label in row)


async def test_ones_own_number_is_kept_at_once(town):
    person = town.resident()
    own = Contact(phone="+97333123456", name="Fatima", own=True)
    await person.does(kind=Kind.CONTACT, contact=own)

    kept = await town.row(person)
    assert (kept.phone, kept.phone_own) == ("+97333123456", True)
    assert "as your phone number. Anything the" in person.sees("+973 3312 3456").text
    assert "What would you like to do?" in person.last.text

    await person.does(kind=Kind.CONTACT, contact=own)
    assert "as your phone number." in person.last.text


async def test_ones_own_number_does_not_get_into_the_words_of_a_request(town):
    person = town.resident()
    await person.says("Something is wrong here")
    await person.does(kind=Kind.CONTACT, contact=Contact(phone="+97333123456", name="Fatima", own=True))
    assert "We have received your message.\n" in without_marks(person.last.text)
    await person.taps("Complaint")
    assert "Fatima +97333123456" not in await standing(town)


async def test_someone_elses_number_can_not(town):
    person = town.resident()

    await person.does(kind=Kind.CONTACT, contact=Contact(phone="+97333123456", name="Ali"))

    assert "We have received the number" in person.last.text
    assert (await town.row(person)).phone == ""


async def test_a_typed_reference_opens_it(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)

    await person.says(case.reference.lower().replace("-", " "))

    assert case.reference in person.last.text
    assert "What do you want to" not in person.last.text


async def test_a_reference_of_somebody_elses_reveals_nothing(town):
    person, stranger = town.resident(), town.resident(address="1002")
    await person.says("/start")
    case = await submitted(town, person)
    await stranger.says("/start")

    await stranger.says(case.reference)
    own = stranger.last.text
    await stranger.says(new_reference("C", random.Random(99)))

    assert "bins" not in own
    assert "We could not find" in own
    assert own == stranger.last.text


@pytest.mark.parametrize("typed", ["C-7K3M-2QX", "c-7k3m-2q"])
async def test_a_mistyped_reference_gets_a_hint_and_is_nothing_to_be_made_of(town, typed):
    person = town.resident()
    await person.says("/start")

    await person.says(typed)

    assert "Examples: C-7K3M-2QF for a request" in without_marks(person.last.text)
    assert "What do you want to" not in person.last.text


async def test_words_with_a_reference_can_be_added_to_it(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)
    await person.says(f"{case.reference}: a dog is there too, please hurry up with it")

    await person.taps("➕ Add to \u2068" + case.reference)

    person.sees("We have added this")
    events = str(await town.rows("SELECT words FROM case_events"))
    assert "a dog is there too" in events


async def test_anything_can_be_added_to_an_open_request(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)
    await person.says("It is worse now")
    await person.sends()

    await person.taps("Add to an open request")
    await person.taps(case.reference)

    person.sees("We have added this")
    assert "It is worse now" in str(await town.rows("SELECT words FROM case_events"))
    assert len(await town.rows("SELECT * FROM case_files")) == 1
    assert len(await town.rows("SELECT * FROM cases")) == 1


async def test_a_reply_about_an_appointment_that_is_over_offers_that_appointment_first(town):
    person = town.resident()
    await person.says("/start")
    booking = await booked(town, person)
    await person.taps_data(f"do:ics:{booking.reference}:0", person.last.number)
    replied_to = person.last.number
    await town.wait(timedelta(days=20))

    await person.says("Nothing came of it", reply_to=replied_to)

    assert booking.reference in person.buttons[0][0]
    await person.taps("View ")
    assert booking.reference in person.last.text
    assert "What do you want to" not in person.last.text


async def test_without_an_open_request_there_is_none_to_add_to(town):
    person = town.resident()

    await person.says("It is worse now")

    assert not any("open request" in label for row in person.buttons for label in row)


# ---------------------------------------------------------------------------- how long things may be


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_long_words_fit_a_message(town, language):
    person = town.resident(language=language)

    for _ in range(3):
        await person.says("م" * 4096)

    assert len(person.last.text) <= 4096


async def test_what_is_too_long_to_be_kept_whole_is_said_to_be(town):
    person = town.resident()
    for letter in "abcdef":
        await person.says(letter * 4000)

    assert "We kept the first" in person.last.text
