"""Until when something is promised, as people type it."""

from __future__ import annotations

from datetime import date

import pytest

from conversations.promises.until import typed_until

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("10/12", date(2026, 12, 10)),
        ("١٠/١٢", date(2026, 12, 10)),
        ("10.12.2026", date(2026, 12, 10)),
        ("2026-12-10", date(2026, 12, 10)),
        ("10 Dec", date(2026, 12, 10)),
        ("until 10 December", date(2026, 12, 10)),
        ("١٠ ديسمبر", date(2026, 12, 10)),
        ("حتى ١٠ ديسمبر", date(2026, 12, 10)),
        ("tomorrow", date(2026, 11, 26)),
        ("غداً", date(2026, 11, 26)),
        ("next Sunday", date(2026, 11, 29)),
        ("الأحد القادم", date(2026, 11, 29)),
        ("in 3 weeks", date(2026, 12, 16)),
        ("3 weeks", date(2026, 12, 16)),
        ("a week", date(2026, 12, 2)),
        ("two weeks", date(2026, 12, 9)),
        ("بعد أسبوعين", date(2026, 12, 9)),
        ("خلال ١٠ أيام", date(2026, 12, 5)),
        ("in a month", date(2026, 12, 25)),
        ("شهرين", date(2027, 1, 25)),
        ("end of the month", date(2026, 11, 30)),
        ("نهاية الشهر", date(2026, 11, 30)),
        ("by the end of the month", date(2026, 11, 30)),
        ("next week", date(2026, 12, 5)),
        ("الأسبوع القادم", date(2026, 12, 5)),
        ("until next month", date(2026, 12, 31)),
        ("today", TODAY),
    ],
)
def test_a_day_is_understood_in_any_spelling(typed: str, day: date) -> None:
    assert typed_until(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-40", "2020-01-01", "2030-01-01", "99 weeks", "10", "whenever"])
def test_what_is_no_day_of_the_coming_year_is_none(typed: str) -> None:
    assert typed_until(typed, TODAY) is None
