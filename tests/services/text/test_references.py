"""References survive the telephone."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.references import (
    ALPHABET,
    BOOKING_EXAMPLE,
    CASE_EXAMPLE,
    is_mistyped,
    new_reference,
    parse_reference,
    references_in,
)

references = st.builds(
    lambda prefix, seed: new_reference(prefix, random.Random(seed)), st.sampled_from("BC"), st.integers()
)
positions = st.integers(0, 6)
ROOT = Path(__file__).parents[3]
SHOWN = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("locales/*/LC_MESSAGES/*.po")]


def rewritten(reference: str, body: str) -> str:
    return f"{reference[0]}-{body[:4]}-{body[4:]}"


def body(reference: str) -> str:
    return reference[2:].replace("-", "")


@pytest.mark.parametrize("example", [CASE_EXAMPLE, BOOKING_EXAMPLE])
def test_examples_are_references(example):
    assert parse_reference(example) == example


def test_whatever_is_shown_as_a_reference_is_one():
    shown = {word for path in SHOWN for word in re.findall(r"\b[BC]-\w{4}-\w{3}\b", path.read_text("utf-8"))}
    assert {CASE_EXAMPLE, BOOKING_EXAMPLE} <= shown
    assert [word for word in shown if parse_reference(word) != word] == []


@given(references)
def test_it_has_the_agreed_form(reference):
    assert re.fullmatch(rf"[BC]-[{ALPHABET}]{{4}}-[{ALPHABET}]{{3}}", reference)


@given(references)
def test_it_is_read_back(reference):
    assert parse_reference(reference) == reference


@given(references, positions, st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(reference, place, wrong):
    letters = body(reference)
    if wrong != letters[place]:
        assert parse_reference(rewritten(reference, letters[:place] + wrong + letters[place + 1 :])) is None


@given(references, positions, st.sampled_from([1, 2]))
def test_swapped_characters_are_caught(reference, place, distance):
    letters = list(body(reference))
    other = min(place + distance, 6)
    letters[place], letters[other] = letters[other], letters[place]
    if "".join(letters) != body(reference):
        assert parse_reference(rewritten(reference, "".join(letters))) is None


@given(references)
def test_a_booking_is_never_taken_for_a_case(reference):
    other = {"B": "C", "C": "B"}[reference[0]]
    assert parse_reference(other + reference[1:]) is None


@given(references, st.sampled_from(["", " ", "-", " - ", "–", "/", "."]), st.booleans())
def test_it_is_read_however_it_is_written(reference, separator, lower):
    typed = separator.join(reference.split("-"))
    assert parse_reference(typed.lower() if lower else typed) == reference


@given(references)
def test_it_is_found_among_words_and_steering_characters(reference):
    assert parse_reference(f"طلبي رقم \u2066{reference}\u2069، شكراً") == reference
    assert parse_reference(f"my case is {reference.lower()}, please") == reference


@given(references, references)
def test_all_of_a_text_are_found(one, other):
    assert list(references_in(f"{one}: see {other}, again {one}")) == [one, other, one]
    assert list(references_in("none at all")) == []


@given(references)
def test_arabic_digits_are_read(reference):
    arabic = reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    persian = reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert parse_reference(arabic) == parse_reference(persian) == reference


@given(references, st.sampled_from("\u200b\u2060\ufeff\u00ad\u200e\u2067\u3164\u034f\ufe0f"), st.integers(0, 9))
def test_what_nobody_sees_is_not_read(reference, unseen, place):
    typed = reference[:place] + unseen + reference[place:]
    assert parse_reference(typed) == reference
    assert not is_mistyped(typed)


@given(references, st.sampled_from("‐‑‒–—―−⁃ـ－﹣〜"))
def test_any_dash_is_a_hyphen(reference, dash):
    assert parse_reference(reference.replace("-", dash)) == reference


@given(references)
def test_letters_of_any_width_and_digits_of_any_script_are_read(reference):
    wide = "".join(chr(ord(one) + 0xFEE0) for one in reference)
    bengali = reference.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    assert parse_reference(wide) == parse_reference(bengali) == reference


@given(references)
def test_look_alikes_are_understood(reference):
    misread = body(reference).translate(str.maketrans("01258V", "OIZSBU"))
    assert parse_reference(rewritten(reference, misread)) == reference


@pytest.mark.parametrize("text", ["", "338", "hello", "C-7K3M", "C-7K3M-2QXY", "D-7K3M-2QX", "block 338", "33123456"])
def test_other_words_are_no_reference(text):
    assert parse_reference(text) is None


@pytest.mark.parametrize("text", ["C-7K3M-2QW", "C-7K3M-2Q", "b-7k3m 2qxy", "C7K3M2QW", "c_12-3", "B-٧K3M-2Q"])
def test_a_reference_with_a_slip_is_told_from_other_words(text):
    assert is_mistyped(text)


@pytest.mark.parametrize("text", ["", "B 338", "Block 338", "c-section", "see C-7K3M-2Q", "car 4567", "33123456", "C-"])
def test_other_words_are_no_mistyped_reference(text):
    assert not is_mistyped(text)


@given(references)
def test_a_reference_is_not_mistyped(reference):
    assert not is_mistyped(reference)


def test_no_block_is_taken_for_a_reference():
    assert [n for n in range(101, 1217) if parse_reference(f"block {n}") or parse_reference(f"BLOCK{n}")] == []


@given(st.text())
def test_any_text_is_taken(text):
    found = parse_reference(text)
    assert found is None or parse_reference(found) == found


def test_draws_of_a_generator_differ():
    source = random.Random(7)
    assert len({new_reference("C", source) for _ in range(2000)}) == 2000


@given(references, st.integers(0, 9), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164"))
def test_an_invisible_character_anywhere_hides_no_reference(reference, place, hidden):
    assert parse_reference(reference[:place] + hidden + reference[place:]) == reference
