"""How well first messages are told apart and questions answered from the bank: labelled sentences of `tests/data`.

`python -m benchmarks.inquiries` prints each miss of `inquiries.csv` and ends with its figures as one JSON line.
`asks` is the share that was rightly taken for a question or for none, `kind` the share whose kind is right of
questions, complaints, suggestions and appointments; `answer_top1` and `answer_offered` the shares of the questions
that the bank answers whose answer came first, or was among those offered; `silent` the share of the others of which
nothing was claimed, or their own request shown of which they ask how it stands. The lines before say the same of
messages by others: those that the rules were tuned on (`questions_of_others.csv`), and two sets that nobody tunes on
and no miss of which is printed: `questions_untouched.csv`, by the first of those others, and `questions_blind.csv`,
by whoever wrote the rules, before the rules were written. `questions_before_tuning.csv` is by one person who had read
only the titles of the answers and a page of the rules, and who then tuned them on it; every third of those messages
was held out of the tuning (`questions_held_out.csv`), and no miss of them was looked at. They are no strangers' words.
`questions_of_a_stranger.csv` is: written when all rules stood, by one who had read the titles of the answers alone.
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
OF_OTHERS = _DATA / "questions_of_others.csv"
BEFORE_TUNING, HELD_OUT = _DATA / "questions_before_tuning.csv", _DATA / "questions_held_out.csv"
UNTOUCHED, BLIND = _DATA / "questions_untouched.csv", _DATA / "questions_blind.csv"
OF_A_STRANGER = _DATA / "questions_of_a_stranger.csv"
_ASKS = frozenset({"inquiry", "track"})  # kinds of the messages of others
_KINDS = {Want.KNOW: "inquiry", Want.TRACK: "inquiry", Want.BOOK: "book", Want.SUGGESTION: "suggestion"}
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
    kind: str = ""  # "" where it is only known whether it asks


@dataclass(frozen=True, slots=True)
class Figures:
    asks: float
    kind: float
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
            Inquiry(row["language"], row["text"], row["kind"] in _ASKS, row["answer"], row["kind"])
            for row in csv.DictReader(file)
        ]


def measured(offices: Offices, sentences: list[Inquiry], *, tell: bool = False) -> Figures:
    rules = Understanding(offices)
    asks, kinds, first, offered, silent = [], [], [], [], []
    for one in sentences:
        want = rules.of(one.text, _TODAY).want
        asked = want in {Want.KNOW, Want.TRACK}
        found = rules.answers_to(one.text, _OFFICE)
        asks.append(asked == one.asks)
        if one.kind:
            kind = "complaint" if want is None else _KINDS.get(want, "complaint")  # or what else is reported
            kinds.append(kind == ("inquiry" if one.asks else one.kind))
        if one.answer:
            first.append(found[:1] == (one.answer,))
            offered.append(one.answer in found)
        elif one.asks:
            silent.append(not found or want is Want.TRACK)  # who asks how their own stands is shown that
        if tell and not (asks[-1] and (found[:1] == (one.answer,) if one.answer else not (one.asks and found))):
            print(f"{one.text} -> asks {asked}, {', '.join(found) or 'no answer'} (is {one.answer or 'none'})")
    return Figures(*(round(sum(of) / max(1, len(of)), 3) for of in (asks, kinds, first, offered, silent)))


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
    print(f"written before tuning, tuned on: {measured(offices, of_others(BEFORE_TUNING))}")
    print(f"written before tuning, held out: {measured(offices, of_others(HELD_OUT))}")
    for name, path in (("untouched", UNTOUCHED), ("blind", BLIND), ("of a stranger", OF_A_STRANGER)):
        print(f"by others, {name}: {measured(offices, of_others(path))}")
    print(json.dumps({name: figure for name, figure in asdict(figures).items() if name != "kind"}))


if __name__ == "__main__":
    main()
