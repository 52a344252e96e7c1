"""What people type on the screens of a booking instead of tapping, and what those screens say of time."""

from __future__ import annotations

from datetime import date

import pytest

from services.understanding.times import when_said
from tests.conversations.home.residents import living, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


async def telling(town, language: str = "en"):
    """Somebody at the screen where all may be told."""
    fatima = await living(town, language)
    await fatima.says("/book")
    await fatima.taps(fatima.buttons[0][0])
    await fatima.taps(fatima.buttons[0][0])
    return fatima


async def test_the_screen_says_how_long_the_time_is_kept_and_that_words_were_added(town):
    fatima = await telling(town)
    assert "This time is yours for 10 minutes: Wednesday" in said(fatima)

    await fatima.says("The road in front of our house floods")

    assert "Added. You can add more, or continue to the next step." in said(fatima)
    assert "Write what the municipality should know" not in said(fatima)


@pytest.mark.parametrize(("language", "on", "yes"), [("ar", "كمل", "اي صح"), ("en", "continue", "yes, correct")])
async def test_go_on_and_right_are_answers_and_no_part_of_the_description(town, language, on, yes):
    fatima = await telling(town, language)
    await fatima.says(on)
    await fatima.says("33123456")

    await fatima.says(yes)

    [booking] = await town.rows("SELECT status, words FROM bookings")
    assert (booking["status"], booking["words"]) == ("confirmed", "")


async def test_words_beside_a_number_are_a_note_and_no_number_leads_to_the_button(town):
    fatima = await telling(town)
    await fatima.taps("Continue")

    await fatima.says("ما احفظ رقمي")
    assert "share it with the button below" in said(fatima)
    await fatima.says("36123456 call after 5pm pls")
    assert "“call after 5pm pls”" in said(fatima)
    await fatima.taps("Confirm")

    [booking] = await town.rows("SELECT phone, words FROM bookings")
    assert (booking["phone"], booking["words"]) == ("+97336123456", "call after 5pm pls")


@pytest.mark.parametrize(
    ("language", "words", "part"), [("en", "afternoon", "are between"), ("ar", "عقب الظهر", "بين")]
)
async def test_an_hour_that_is_not_to_be_had_is_answered_with_the_hours_there_are(town, language, words, part):
    fatima = await living(town, language)
    await fatima.says("/book")
    await fatima.taps(fatima.buttons[0][0])

    await fatima.says(words)

    assert part in said(fatima)
    assert "09:00" in said(fatima)


@pytest.mark.parametrize("words", ["salam abi maw3ed 3nd almudeer", "3nd", "abi ashtki 3ala zbala"])
def test_arabic_in_latin_letters_names_no_day(words):
    assert when_said(words, date(2026, 11, 29)).day is None


def test_ordinals_still_name_one():
    assert [when_said(words, date(2026, 11, 29)).day for words in ("2nd December", "the 22nd", "3rd December")] == [
        date(2026, 12, 2),
        date(2026, 12, 22),
        date(2026, 12, 3),
    ]
