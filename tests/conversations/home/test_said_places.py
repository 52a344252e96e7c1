"""The place that a message names decides who gets it; the office used last is taken only where it names none."""

from __future__ import annotations

import pytest

from locales import without_marks
from tests.conversations.home.residents import living, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.mark.parametrize(
    ("words", "office"),
    [
        ("el zbala mita tjoon etshiloonha fe 7amad town", "Northern Area Municipality"),
        ("الزبالة متروسة في مدينة حمد", "Northern Area Municipality"),
        ("The bins in Hamad Town are overflowing", "Northern Area Municipality"),
        ("el zbala matroosa fe m7rq", "Muharraq Municipality"),
        ("el zbala matroosa fe rfa3", "Southern Area Municipality"),
        ("el zbala matroosa fe 3isa town", "Southern Area Municipality"),
    ],
)
async def test_a_town_that_is_named_is_the_office_whatever_was_used_last(town, words, office):
    person = await living(town)  # the capital

    await person.says(words)
    for label in ("Submit a complaint", "Complaint"):
        if any(label in one for row in person.buttons for one in row):
            await person.taps(label)

    assert office in said(person)


async def test_whose_a_block_is_that_nobody_knows_is_asked_though_an_office_was_used_last(town):
    person = await living(town)

    await person.says("The street light is out at villa 12 road 2803 block 428")
    assert "Which municipality is block 428 in?" in said(person)
    await person.taps("Muharraq Municipality")
    await person.taps("Without my name")
    await person.taps("Submit")

    [case] = await town.rows("SELECT office, block FROM cases")
    assert (case["office"], case["block"]) == ("muharraq", 428)


async def test_it_is_asked_in_arabic_too(town):
    person = await living(town, "ar")

    await person.says("الليت خربان مجمع ٤٢٨ طريق ٢٨٠٣")

    assert "ما البلدية التي يتبعها المجمع 428؟" in without_marks(person.last.text)


async def test_a_booking_whose_block_nobody_knows_asks_for_the_office(town):
    person = await living(town)

    await person.says("I want an appointment about my building permit in block 428")

    assert "Which municipality" in said(person)
