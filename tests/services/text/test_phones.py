"""Phones as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.phones import parse_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("33123456", "+97333123456"),
        ("3312 3456", "+97333123456"),
        ("+973 3312 3456", "+97333123456"),
        ("00973-33123456", "+97333123456"),
        ("97333123456", "+97333123456"),
        ("٣٣١٢٣٤٥٦", "+97333123456"),
        ("۳۳۱۲۳۴۵۶", "+97333123456"),
        ("\u2066+973 3312 3456\u2069", "+97333123456"),
        ("17681234", "+97317681234"),
        ("80008188", "+97380008188"),
        ("+966 50 123 4567", "+966501234567"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_is_written_in_e164(text, phone):
    assert parse_phone(text) == phone


@pytest.mark.parametrize("text", ["", "hello", "331234", "331234567", "12345678", "999", "+973", "+999 123", "٣"])
def test_what_cannot_ring_is_refused(text):
    assert parse_phone(text) is None


@given(st.text(max_size=300))
def test_any_text_is_taken_and_a_number_found_is_found_again(text):
    phone = parse_phone(text)
    assert phone is None or parse_phone(phone) == phone
