"""Days and times as people type them in one go."""

from __future__ import annotations

from datetime import date, time

import pytest

from conversations.announcements.typed_moment import Typed, typed_moment

_TODAY = date(2026, 11, 28)
_TOMORROW = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("غدا ٢ عصراً", Typed(_TOMORROW, time(14))),
        ("٢ عصراً", Typed(clock=time(14))),
        ("tomorrow 2pm", Typed(_TOMORROW, time(14))),
    ],
)
def test_the_afternoon_has_its_names(text: str, meant: Typed) -> None:
    assert typed_moment(text, _TODAY) == meant


@pytest.mark.parametrize("text", ["²", "①", "tomorrow ²", "①/12", "10:³⁰"])
def test_signs_that_are_no_decimal_digits_are_refused(text: str) -> None:
    assert typed_moment(text, _TODAY) == Typed()
