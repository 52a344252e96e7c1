"""Who comes to the appointment, what they bring up, and how they are reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind
from locales import clean
from locales.html import to_plain
from storage.ids import MessageId
from storage.records.bookings import Need
from tests.conversations.day_town import DayTown, at_the_screen

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


async def test_companions_and_needs_are_chosen_on_one_page(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")
    await fatima.taps("2 companions")
    await fatima.taps("Wheelchair access")
    await fatima.taps("Sign language")
    await fatima.taps("✓ Sign language")
    assert "✓ 2 companions" in fatima.labels
    await fatima.taps("Continue")
    assert "Companions: 2 companions" in fatima.last.text
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    (booking,) = await town.bookings()
    assert (booking.companions, booking.needs) == (2, (Need.WHEELCHAIR,))


@pytest.mark.parametrize(
    ("typed", "companions", "arrangements"),
    [
        ("2", 2, None),
        ("٣", 3, None),
        ("me and my wife", 1, None),
        ("my wife, and she needs a chair with a high back", 1, "my wife, and she needs a chair with a high back"),
        ("A chair", 0, "A chair"),
    ],
)
async def test_who_comes_may_be_typed(town: DayTown, typed: str, companions: int, arrangements: str | None) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")
    await fatima.says(typed)
    await fatima.taps("Continue" if fatima.last.find("Continue") else "Only me")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert (booking.companions, booking.answers.get("arrangements")) == (companions, arrangements)


async def test_more_people_than_may_come_are_said_to_be_too_many_and_no_means_nobody(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")

    await fatima.says("7")

    assert "Up to 3 people can come with you." in fatima.last.text
    await fatima.says("no")
    assert "Companions: None" in clean(fatima.last.text)
    assert "no" not in clean(fatima.last.text).splitlines()


async def test_what_else_is_needed_may_be_written(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("The permit is late")
    await fatima.taps("Companions and arrangements")
    await fatima.taps("Something else")
    assert "You can write any other" in fatima.last.text
    await fatima.says("A chair with a high back")
    await fatima.says("And parking near the door")
    assert "A chair with a high back\nAnd parking near the door" in clean(fatima.last.text)
    await fatima.taps("Continue")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "Arrangements: A chair with a high back\nAnd parking near the door" in clean(to_plain(fatima.last.text))
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert (booking.words, booking.needs) == ("The permit is late", (Need.OTHER,))
    assert booking.answers == {"arrangements": "A chair with a high back\nAnd parking near the door"}


async def test_arrangements_that_are_no_longer_wanted_go_with_their_words(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")
    await fatima.says("A guide dog 🐕")
    await fatima.taps("Something else")
    assert "guide dog" not in fatima.last.text
    await fatima.taps("Only me, no arrangements")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert (booking.needs, booking.answers) == ((), {})


async def test_the_phone_is_shared_by_one_tap(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Continue")
    await fatima.shares_phone("+97333123456")
    noted, summary = fatima.new
    assert noted.text == "📱 Phone: \u2066+973 3312 3456\u2069"
    assert noted.message.drop_keyboard
    assert summary is fatima.last
    await fatima.taps("Confirm")
    assert await town.count("SELECT count(*) FROM residents WHERE phone = '+97333123456' AND phone_own") == 1


async def test_someone_elses_contact_is_taken_for_what_it_is(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Continue")
    await fatima.shares_phone("+97333123456", own=False)
    fatima.sees("This number belongs to")
    await fatima.taps("Confirm")

    (booking,) = await town.bookings()
    assert booking.phone == "+97333123456"
    assert await town.count("SELECT count(*) FROM residents WHERE phone <> ''") == 0


@pytest.mark.parametrize("typed", ["1234", "hello", "+9733312345", "🌷🌷🌷", "3" * 200])
async def test_a_wrong_phone_is_asked_again_and_nothing_is_lost(town: DayTown, typed: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says(typed)
    fatima.sees("phone number is not valid" if any(map(str.isdecimal, typed)) else "no number in your message")
    await fatima.says("33123456")
    assert "The permit is late" in fatima.last.text


async def test_a_name_of_emoji_is_asked_for_in_letters(town: DayTown) -> None:
    flower = await at_the_screen(town, name="🌸🌸")
    await flower.taps("Continue")
    assert "Whose name should the" in flower.last.text
    await flower.says("🌺")
    flower.sees("Enter the full name in")
    await flower.says("Noora 🌺")
    await flower.says("33123456")
    await flower.taps("Confirm")
    (booking,) = await town.bookings()
    assert booking.name == "Noora 🌺"


async def test_an_album_about_the_matter_is_one_answer(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    for number in range(3):
        await fatima.sends(album="a1", caption="Our street" if number == 0 else "")
    await town.wait(timedelta(seconds=5))
    assert "3 files attached so far" in fatima.last.text
    assert (
        sum(
            "files attached so far." in shown.text or "file attached so far." in shown.text for shown in fatima.messages
        )
        == 1
    )
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "3 files" in fatima.last.text
    await fatima.taps("Confirm")

    assert await town.count("SELECT count(*) FROM booking_files") == 3
    (booking,) = await town.bookings()
    assert booking.words == "Our street"


async def test_what_comes_at_another_question_is_kept(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.sends(caption="The wall behind our house")
    assert "Which day suits" in fatima.last.text
    await fatima.taps(town.day())
    await fatima.sends(FileKind.VOICE)
    await fatima.taps("09:15")
    assert "The wall behind our house" in fatima.last.text
    await fatima.taps("Companions and arrangements")
    await fatima.says("And please, parking near the door")
    await fatima.taps("Continue")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.says("Yes, please")

    (booking,) = await town.bookings()
    assert booking.words == "The wall behind our house"
    assert booking.answers["arrangements"] == "And please, parking near the door"
    assert await town.count("SELECT count(*) FROM booking_files") == 2


async def test_more_than_twenty_thousand_characters_are_cut_and_said_so(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("ص" * 25_000)
    fatima.sees("Your description is too long. We kept")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert 19_900 <= len(booking.words) <= 20_000


async def test_an_edited_message_corrects_the_matter(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("Block 338", message=MessageId("777"))
    await fatima.edits(MessageId("777"), "Block 339")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "Block 339" in fatima.last.text
    assert "Block 338" not in fatima.last.text
