"""Hours as administrators type them."""

from __future__ import annotations

import pytest

from conversations.configuration.typed import span


@pytest.mark.parametrize(
    ("text", "hours"), [("9-12", "09:00–12:00"), ("٩:٣٠ إلى ١٢", "09:30–12:00"), ("9.15 – 23:59", "09:15–23:59")]
)
def test_hours_are_written_as_the_file_has_them(text: str, hours: str) -> None:
    assert span(text) == hours


@pytest.mark.parametrize("text", ["99-99", "12-9", "9-9", "9:60-12", "9-24", "9-12²", "", "noon"])
def test_hours_that_no_day_has_are_refused(text: str) -> None:
    assert span(text) is None
