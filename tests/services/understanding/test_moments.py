"""When appointments are asked for, one test for each kind of saying it; `moments_by_kind.csv` has the sentences."""

from __future__ import annotations

import csv
from datetime import date, time
from pathlib import Path

import pytest

from benchmarks.understanding import TODAY
from services.text.typed_times import Moment
from services.understanding.places import without_address
from services.understanding.times import when_said

_KINDS = Path(__file__).parents[2] / "data" / "moments_by_kind.csv"


def _by_kind() -> dict[str, dict[str, Moment]]:
    """The sentences of each kind, each with the day and the hour that it asks for."""
    found: dict[str, dict[str, Moment]] = {}
    with _KINDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["day"]) if row["day"] else None
            clock = time.fromisoformat(row["time"]) if row["time"] else None
            found.setdefault(row["kind"], {})[row["text"]] = Moment(day, clock)
    return found


@pytest.mark.parametrize("kind", _by_kind())
def test_every_way_of_saying_when_is_read(kind: str) -> None:
    asked = _by_kind()[kind]

    read = {text: when_said(without_address(text), TODAY) for text in asked}

    assert read == asked


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wednesday at 9", date(2026, 12, 2)),
        ("next Wednesday", date(2026, 12, 9)),
        ("the Wednesday after next", date(2026, 12, 16)),
        ("الأربعاء بعد القادم", date(2026, 12, 16)),
        ("not this Wednesday but the next one", date(2026, 12, 9)),
        ("this week Thursday", date(2026, 12, 3)),
        ("الأسبوع الجاي يوم الثلاثاء", date(2026, 12, 8)),
    ],
)
def test_a_day_of_the_week_is_told_from_today_where_that_is_such_a_day(text: str, day: date) -> None:
    assert when_said(text, date(2026, 12, 2)).day == day  # a Wednesday
