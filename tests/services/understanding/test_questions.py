"""Questions in the forms that people use, and complaints in the form of questions: tests/data/questions.csv.

The rules were not tuned on the untouched ones: keep it so.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from services.offices.offices import load_offices
from services.understanding.kinds import Want
from services.understanding.understanding import Understanding

_FILE = Path(__file__).parents[2] / "data" / "questions.csv"
_TODAY = date(2026, 11, 28)
RULES = Understanding(load_offices())


def _texts(*, asks: str, untouched: str) -> list[str]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if (row["asks"], row["untouched"]) == (asks, untouched)]


def _asked(text: str) -> bool:
    return RULES.of(text, _TODAY).want is Want.KNOW


@pytest.mark.parametrize(("untouched", "least"), [("no", 0.85), ("yes", 0.75)])
def test_most_questions_are_taken_for_questions(untouched: str, least: float) -> None:
    texts = _texts(asks="yes", untouched=untouched)

    assert len(texts) >= 20
    assert sum(map(_asked, texts)) / len(texts) >= least


def test_complaints_in_the_form_of_questions_stay_complaints() -> None:
    texts = _texts(asks="no", untouched="no")

    assert len(texts) >= 25
    assert not [text for text in texts if _asked(text)]


@pytest.mark.parametrize("text", ["يصير احجز موعد باجر", "can I book an appointment"])
def test_who_asks_for_an_appointment_books(text: str) -> None:
    assert RULES.of(text, _TODAY).want is Want.BOOK
