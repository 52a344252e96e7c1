"""A neighbour who reports the same is shown what it is about and how old it is, and words only where agreed."""

from __future__ import annotations

from datetime import timedelta

from locales import without_marks
from tests.conversations.case_town import CaseTown, complain
from tests.conversations.town import Person

WORDS = "The bins of Ali Hasan at house 12 overflow"


async def reports_the_same(town: CaseTown, address: str, language: str = "en") -> Person:
    person = await town.living_in("capital", address=address, language=language, name=f"Neighbour {address}")
    await person.says("/complain")
    await person.taps("الحاويات" if language == "ar" else "Bins")
    await person.says("Overflowing")
    await person.says("Block 338 Road 12")
    return person


async def test_category_block_age_and_photos_are_shown_and_no_word(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    await ali.says("/complain")
    await ali.taps("Bins")
    await ali.sends(caption=WORDS)
    await ali.says("Block 338 Road 12")
    await ali.taps("With my name")
    await ali.taps("Submit")
    await town.wait(timedelta(days=3))
    told = without_marks((await reports_the_same(town, "2003")).last.text)
    assert "1. Bins and refuse bags, submitted 3 days ago" in told
    assert "Block 338" in told
    assert "1 photo" in told
    assert not any(word in told for word in ("Ali", "overflow", "house", "Road"))
    in_arabic = without_marks((await reports_the_same(town, "2004", "ar")).last.text)
    assert "قُدّم قبل 3 أيام" in in_arabic
    assert "صورة واحدة" in in_arabic


async def test_the_owner_lets_neighbours_read_it_and_hides_it_again(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali, WORDS)
    await ali.says(f"/track {reference}")
    await ali.taps("Show my description to neighbours")
    assert "What neighbours read: “The bins of … at … overflow”" in without_marks(ali.last.text)
    told = without_marks((await reports_the_same(town, "2003")).last.text)
    assert "“The bins of … at … overflow”" in told
    await ali.says(f"/track {reference}")
    await ali.taps("Hide my description")
    assert "hidden from neighbours again" in ali.last.text
    assert "overflow" not in (await reports_the_same(town, "2004")).last.text


async def test_nobody_else_shows_a_description(town: CaseTown) -> None:
    ali = await town.living_in("capital", address="2002", name="Ali Hasan")
    reference = await complain(ali, WORDS)
    await town.living_in("capital", address="2003")
    stranger = town.resident("2003")
    await stranger.taps_data(f"do:neighbours:{reference}:0")
    assert "We could not find that request" in stranger.last.text
    joiner = await reports_the_same(town, "2004")
    await joiner.taps("Join request")
    await joiner.says(f"/track {reference}")
    assert not any("description" in label for row in joiner.buttons for label in row)
    await joiner.taps_data(f"do:neighbours:{reference}:0")
    assert "overflow" not in (await reports_the_same(town, "2005")).last.text
