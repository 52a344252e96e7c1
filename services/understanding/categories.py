"""What a message is about: the likeliest categories, by the names and keywords of the offices file.

A clerk tunes it there. One word that only one category knows speaks for it; a word that several know counts for less;
words that stand together as a phrase of the file count most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.offices.offices import Category
from services.understanding.phrases import Hit, Phrases
from services.understanding.words import forms, words
from storage.ids import CategoryId

LIKELY = 3  # categories that are offered
_IN_A_PHRASE, _PHRASE = 0.5, 0.7  # what a word of a phrase counts, and the phrase besides
_ENOUGH = 0.5  # score below which nothing is said
_SURE, _AHEAD = 0.9, 1.4  # score, and how many times that of the next, from which no question is needed


@dataclass(frozen=True, slots=True)
class Likely:
    """Categories that a message may be about, the likeliest first; `sure` where the first need not be asked about."""

    categories: tuple[CategoryId, ...] = ()
    sure: bool = False


NOTHING = Likely()


class CategoryRules:
    """The keywords of categories, ready to be looked for."""

    def __init__(self, categories: Iterable[Category]) -> None:
        table = {category.id: category.words for category in categories if not category.retired}
        self._phrases = Phrases(table)
        known_to: dict[str, set[CategoryId]] = defaultdict(set)
        for category, lines in table.items():
            for line in lines:
                phrase = words(line)
                if len(phrase) == 1:
                    for form in forms(phrase[0]):
                        known_to[form].add(category)
        self._known_to = known_to

    def likely(self, said: list[str]) -> Likely:
        """The likeliest categories for the words of a message."""
        hits: dict[CategoryId, list[Hit[CategoryId]]] = defaultdict(list)
        for hit in self._phrases.find(said):
            hits[hit.meant].append(hit)
        scores = {category: self._score(found) for category, found in hits.items()}
        ranked = sorted((one for one in scores if scores[one] >= _ENOUGH), key=lambda one: -scores[one])[:LIKELY]
        if not ranked:
            return NOTHING
        best, second = scores[ranked[0]], scores[ranked[1]] if len(ranked) > 1 else 0.0
        return Likely(tuple(ranked), sure=best >= _SURE and best >= _AHEAD * second)

    def _score(self, hits: list[Hit[CategoryId]]) -> float:
        by_word: dict[int, float] = defaultdict(float)
        together: dict[tuple[int, ...], float] = {}
        for hit in hits:
            single = len(hit.phrase) == 1
            counts = hit.sure * (1 / max(1, len(self._known_to.get(hit.phrase[0], ()))) if single else _IN_A_PHRASE)
            for at in hit.places:
                by_word[at] = max(by_word[at], counts)
            if not single:
                together[hit.places] = max(together.get(hit.places, 0.0), _PHRASE * hit.sure)
        return sum(by_word.values()) + sum(together.values())
