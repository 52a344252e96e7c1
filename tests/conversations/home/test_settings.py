"""Language, digits, notifications."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conversations.whole_town import WholeTown, whole_town


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


@pytest.mark.parametrize("command", ["/settings", "/office", "/help", "/privacy", "/about", "/contact", "/complain"])
async def test_the_question_at_hand_is_asked_again_in_the_new_language(town, command):
    person = town.resident()
    await person.says(command)
    english = person.last
    step = (await town.rows("SELECT step FROM conversations"))[0]

    await person.says("/language")

    assert (await town.rows("SELECT step FROM conversations"))[0] == step
    assert person.last.text != english.text
    assert any("رجوع" in label or "القائمة الرئيسية" in label for row in person.buttons for label in row)


async def test_switching_in_the_middle_of_a_complaint_loses_nothing(town):
    person = town.resident()
    await person.says("The bins in our road are full")
    before = (await town.rows("SELECT step FROM conversations"))[0]

    await person.says("/language ar")

    assert (await town.rows("SELECT step FROM conversations"))[0] == before
    assert (await town.row(person)).language == "ar"


async def test_the_menu_changes_its_language_in_place(town):
    person = town.resident()
    await person.says("/menu")
    menu = person.last.number

    await person.taps("🌐 العربية")

    assert person.last.number == menu
    assert "القائمة الرئيسية" in person.last.text
    await person.taps("🌐 English")
    assert "Main menu" in person.last.text


@pytest.mark.parametrize("words", ["english", "English!", "إنجليزي"])
async def test_the_language_may_be_asked_for_in_words(town, words):
    person = town.resident(language="ar")
    await person.says("/start")

    await person.says(words)

    assert (await town.row(person)).language == "en"


@pytest.mark.parametrize("argument", ["fr", "ar'; --", "٣", "x" * 300])
async def test_a_language_nobody_speaks_here_means_the_other(town, argument):
    person = town.resident()

    await person.says(f"/language {argument}")

    assert (await town.row(person)).language == "ar"


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Appointment reminders", "wants_reminders"),
        ("Request updates", "wants_progress"),
        ("News and announcements", "wants_news"),
    ],
)
async def test_a_tap_switches_in_place(town, label, field):
    person = town.resident()
    await person.says("/settings")
    page = person.last.number

    await person.taps(label)
    assert getattr(await town.row(person), field) is False
    assert person.last.number == page
    assert ["⬜️ " + label] in person.buttons

    await person.taps(label)
    assert getattr(await town.row(person), field) is True


async def test_a_double_tap_switches_once(town):
    person = town.resident()
    await person.says("/settings")
    choice = person.last.find("News")

    await person.taps_data(choice.data, person.last.number)
    await person.taps_data(choice.data, person.last.number)

    assert (await town.row(person)).wants_news is False


async def test_arabic_has_a_choice_of_digits(town):
    person = town.resident(language="ar")
    await person.says("/settings")

    await person.taps("الأرقام")

    assert (await town.row(person)).digits == "arabic"
    await person.says("/contact")
    assert "٠٧:٠٠" in person.last.text
    assert "8000 8188" in person.last.text  # phones stay Latin


async def test_english_has_none(town):
    person = town.resident()
    await person.says("/settings")

    assert not any("Digits" in label for row in person.buttons for label in row)
