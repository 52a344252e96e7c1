"""Finds in a text which phrases of a table it has: whole words, in any of their forms, or misspelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from services.understanding.words import forms, words

Meant = TypeVar("Meant")

_WINDOW = 6  # words within which all words of a phrase stand, in any order
_MISSPELT = 5  # letters that a word has before a slip in it is forgiven
_ALIKE = 0.8  # of its letters in place: one slip in a word of five to nine letters
_LOOKED_UP = 60  # words at most that are compared as misspelt ones
_REMEMBERED = 2_000  # words of each kind: of phrases, and misspelt
_SLIP = 0.7  # what a misspelt word counts


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meant]):
    """A phrase that a text has, the places of its words in the text, and how surely (1 where nothing is misspelt)."""

    meant: Meant
    phrase: tuple[str, ...]
    places: tuple[int, ...]
    sure: float


class Phrases(Generic[Meant]):
    """A table of phrases, each with what it means; all words of one stand within `window` words."""

    def __init__(self, table: Mapping[Meant, Iterable[str]], window: int = _WINDOW, *, in_order: bool = False) -> None:
        self._window = window
        self._in_order = in_order
        self._phrases: list[tuple[Meant, tuple[str, ...]]] = []
        self._by_form: dict[str, set[tuple[int, int]]] = defaultdict(set)  # (phrase, place of the word in it)
        for meant, lines in table.items():
            for line in lines:
                self._add(meant, tuple(words(line)))
        self._comparable: dict[tuple[bool, int], list[str]] = defaultdict(
            list
        )  # with a misspelt word of a script and length
        for form in sorted(form for form in self._by_form if len(form) >= _MISSPELT):
            for length in range(ceil(len(form) * _ALIKE), int(len(form) / _ALIKE) + 1):
                self._comparable[form.isascii(), length].append(form)
        # People use the same words, and misspell the same ones.
        self._known = lru_cache(_REMEMBERED)(self._entries)
        self._misspelt = lru_cache(_REMEMBERED)(self._looked_up)

    def _add(self, meant: Meant, phrase: tuple[str, ...]) -> None:
        if not phrase:
            return
        number = len(self._phrases)
        self._phrases.append((meant, phrase))
        for place, word in enumerate(phrase):
            for form in forms(word):
                self._by_form[form].add((number, place))

    def find(self, said: list[str]) -> list[Hit[Meant]]:
        """The phrases that a text's words have."""
        found: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        looked_up = 0
        for at, word in enumerate(said):
            known, sure = self._known(word), 1.0
            if not known and len(word) >= _MISSPELT and looked_up < _LOOKED_UP:
                looked_up += 1
                known, sure = self._misspelt(word), _SLIP
            for entry in known:
                found[entry].append((at, sure))
        phrases: dict[int, dict[int, list[tuple[int, float]]]] = defaultdict(dict)
        for (number, place), where in found.items():
            phrases[number][place] = where
        hits = []
        for number, by_place in phrases.items():
            meant, phrase = self._phrases[number]
            if len(by_place) < len(phrase):
                continue
            hit = _together(meant, phrase, by_place, self._window, in_order=self._in_order)
            if hit is not None:
                hits.append(hit)
        return hits

    def _entries(self, word: str) -> frozenset[tuple[int, int]]:
        return frozenset(entry for form in forms(word) for entry in self._by_form.get(form, ()))

    def _looked_up(self, word: str) -> frozenset[tuple[int, int]]:
        alike = {
            match[0]
            for form in forms(word)
            if len(form) >= _MISSPELT
            for match in process.extract(
                form,
                self._comparable.get((form.isascii(), len(form)), ()),
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=_ALIKE,
                limit=3,
            )
        }
        return frozenset(entry for form in alike for entry in self._by_form[form])


def _together(
    meant: Meant,
    phrase: tuple[str, ...],
    by_place: Mapping[int, list[tuple[int, float]]],
    window: int,
    *,
    in_order: bool,
) -> Hit[Meant] | None:
    """The phrase where its words stand near one another, each word of the text used once."""
    if len(phrase) == 1:
        at, sure = max(by_place[0], key=lambda one: one[1])
        return Hit(meant, phrase, (at,), sure)
    for first, sure in by_place[0]:
        places, surest = [first], sure
        for place in range(1, len(phrase)):
            near = [
                (at, s)
                for at, s in by_place[place]
                if at not in places and abs(at - first) < window and (at > places[-1] or not in_order)
            ]
            if not near:
                break
            at, s = min(near, key=lambda one: abs(one[0] - places[-1]))
            places.append(at)
            surest = min(surest, s)
        else:
            return Hit(meant, phrase, tuple(sorted(places)), surest)
    return None
