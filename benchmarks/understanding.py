"""How much is understood of what people type: `python -m benchmarks.understanding`.

`tests/data/sentences.csv` holds sentences with what a clerk made of them, as if today were 28 November 2026; those in
`sentences_of_others.csv` were written by somebody who knew neither the rules nor the first set. Every third of each
language is the untouched part: rules are tuned on the others alone, and misses are printed of those only. The last line
is JSON with the figures of the untouched part. Days and times were tuned on all of these two sets, and on the
appointments of `moments_of_others.csv`: what counts for `when` is `moments_untouched.csv`, appointments by yet another
hand, which nobody tunes on and whose misses are not printed.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from services.offices.geography import office_of_block
from services.offices.offices import Offices, load_offices
from services.understanding.understanding import Understanding, Understood
from storage.ids import CategoryId, OfficeId

_DATA = Path(__file__).parents[1] / "tests" / "data"
SENTENCES, OF_OTHERS = _DATA / "sentences.csv", _DATA / "sentences_of_others.csv"
MOMENTS, MOMENTS_UNTOUCHED = _DATA / "moments_of_others.csv", _DATA / "moments_untouched.csv"
TODAY = date(2026, 11, 28)
_PART = 3  # every third sentence of a language is untouched
_REPEATS = 20


@dataclass(frozen=True, slots=True)
class Sentence:
    """What somebody typed, and what a clerk made of it; "" is what was not said, or not clearly."""

    language: str
    text: str
    want: str
    category: str
    also: str  # another category that would do
    office: str
    block: str
    road: str
    building: str
    day: str
    time: str
    untouched: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1; `wrong_office` is how many sentences were given to another office than theirs."""

    category_top1: float
    category_top3: float
    place: float
    when: float
    want: float
    wrong_office: int


def sentences(path: Path = SENTENCES) -> list[Sentence]:
    """The labelled sentences, each third of a language marked as untouched."""
    counted: dict[str, int] = {}
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = counted[row["language"]] = counted.get(row["language"], 0) + 1
            found.append(Sentence(**row, untouched=number % _PART == 0))
    return found


class Reader:
    """The rules of an offices file, and whose its blocks are."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._rules = Understanding(offices)

    def reads(self, one: Sentence) -> Understood:
        return self._rules.of(one.text, TODAY)

    def office(self, known: Understood) -> OfficeId | None:
        """The office that would be taken without a question."""
        block = known.place.block
        whose = known.place.whose(None if block is None else office_of_block(self._offices, block))
        return whose.office if whose is not None and whose.sure else None

    def misses(self, one: Sentence) -> list[str]:
        """What was misunderstood of a sentence."""
        known = self.reads(one)
        office, place = self.office(known), known.place
        right = {
            "category_top1": not one.category or known.about.categories[:1] in _either(one),
            "category_top3": not one.category or bool({one.category, one.also} & set(known.about.categories)),
            "place": (str(place.block or ""), place.road, place.building) == (one.block, one.road, one.building),
            "when": (
                f"{known.when.day or ''}" == one.day
                and ("" if known.when.clock is None else f"{known.when.clock:%H:%M}") == one.time
            ),
            "want": not one.want or known.want == one.want or (known.want is None and one.want == "complaint"),
            "wrong_office": office is None or office == one.office,
        }
        return [name for name, is_right in right.items() if not is_right]


def _either(one: Sentence) -> Sequence[tuple[CategoryId, ...]]:
    return [(CategoryId(name),) for name in (one.category, one.also) if name]


def figures(reader: Reader, chosen: Iterable[Sentence]) -> Figures:
    """How much was understood. A share is of the sentences that say such a thing."""
    chosen = list(chosen)
    missed = {one.text: reader.misses(one) for one in chosen}

    def share(name: str, of: list[Sentence]) -> float:
        return round(sum(name not in missed[one.text] for one in of) / max(1, len(of)), 3)

    named = [one for one in chosen if one.category]
    return Figures(
        category_top1=share("category_top1", named),
        category_top3=share("category_top3", named),
        place=share("place", [one for one in chosen if one.block or one.road or one.building]),
        when=share("when", [one for one in chosen if one.day or one.time]),
        want=share("want", [one for one in chosen if one.want]),
        wrong_office=sum("wrong_office" in misses for misses in missed.values()),
    )


def main() -> None:
    reader, own, others = Reader(load_offices()), sentences(), sentences(OF_OTHERS)
    known = own + others
    tuned, untouched = [one for one in known if not one.untouched], [one for one in known if one.untouched]
    for one in tuned:
        if misses := reader.misses(one):
            print(f"{', '.join(misses)}: {one.text} -> {reader.reads(one)}")
    began = time.perf_counter()
    for _ in range(_REPEATS):
        for one in known:
            reader.reads(one)
    each = (time.perf_counter() - began) / (_REPEATS * len(known))
    for name, some in (("own", own), ("others'", others)):
        print(f"{name} tuned: {figures(reader, [one for one in some if not one.untouched])}")
        print(f"{name} untouched: {figures(reader, [one for one in some if one.untouched])}")
    when = figures(reader, sentences(MOMENTS_UNTOUCHED)).when
    print(f"appointments, when: tuned {figures(reader, sentences(MOMENTS)).when}, untouched {when}")
    print(f"{len(tuned)} tuned, {len(untouched)} untouched, {each * 1e6:.0f} µs a sentence")
    of_both = replace(figures(reader, untouched), when=when)
    print(json.dumps({name: getattr(of_both, name) for name in Figures.__slots__ if name != "want"}))


if __name__ == "__main__":
    main()
