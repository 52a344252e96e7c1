"""How well questions are recognised and answered from the bank: labelled sentences of tests/data/inquiries.csv.

`python -m benchmarks.inquiries` prints each miss and ends with one JSON line. `asks` is the share that was rightly
taken for a question or for none, `answer_top1` and `answer_offered` the shares of the questions that the bank answers
whose answer came first, or was among those offered; `silent` the share of the others of which nothing was claimed.
The line before says the same of 150 messages by somebody else (`questions_untouched.csv`), questions, complaints put as
questions, appointments: nobody tuned on these, and no miss of them is printed.
"""

from __future__ import annotations

import csv
import json
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from services.offices.offices import Offices, load_offices
from services.understanding.kinds import Want
from services.understanding.understanding import Understanding
from storage.ids import OfficeId

_DATA = Path(__file__).parents[1] / "tests" / "data"
_SENTENCES = _DATA / "inquiries.csv"
OF_OTHERS, UNTOUCHED = _DATA / "questions_of_others.csv", _DATA / "questions_untouched.csv"
_ASKS = frozenset({"inquiry", "track"})  # kinds of the messages of others
_TODAY = date(2026, 11, 28)
_OFFICE = OfficeId("capital")
_REPEATS = 20


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A sentence, whether it asks something, and which answer it is after: "" for none of the bank."""

    language: str
    text: str
    asks: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Figures:
    asks: float
    answer_top1: float
    answer_offered: float
    silent: float


def inquiries() -> list[Inquiry]:
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        return [
            Inquiry(row["language"], row["text"], row["asks"] == "yes", row["answer"]) for row in csv.DictReader(file)
        ]


def of_others(path: Path) -> list[Inquiry]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Inquiry(row["language"], row["text"], row["kind"] in _ASKS, row["answer"]) for row in csv.DictReader(file)
        ]


def measured(offices: Offices, sentences: list[Inquiry], *, tell: bool = False) -> Figures:
    rules = Understanding(offices)
    asks, first, offered, silent = [], [], [], []
    for one in sentences:
        asked = rules.of(one.text, _TODAY).want is Want.KNOW
        found = rules.answers_to(one.text, _OFFICE)
        asks.append(asked == one.asks)
        if one.answer:
            first.append(found[:1] == (one.answer,))
            offered.append(one.answer in found)
        elif one.asks:
            silent.append(not found)
        if tell and not (asks[-1] and (found[:1] == (one.answer,) if one.answer else not (one.asks and found))):
            print(f"{one.text} -> asks {asked}, {', '.join(found) or 'no answer'} (is {one.answer or 'none'})")
    return Figures(*(round(sum(found) / len(found), 3) for found in (asks, first, offered, silent)))


def main() -> None:
    offices = load_offices()
    figures = measured(offices, inquiries(), tell=True)
    rules, texts = Understanding(offices), [one.text for one in inquiries()]
    began = time.perf_counter()
    for _ in range(_REPEATS):
        for text in texts:
            rules.answers_to(text, _OFFICE)
    print(f"{(time.perf_counter() - began) / (_REPEATS * len(texts)) * 1e6:.0f} µs a question")
    print(f"by others, tuned on: {measured(offices, of_others(OF_OTHERS))}")
    print(f"by others, untouched: {measured(offices, of_others(UNTOUCHED))}")
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
