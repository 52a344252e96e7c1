"""Which ready answers a question may be after, by the words of the bank: its questions and its keywords.

A word that few answers know speaks louder than one that many know, and the words of a keyword together louder still.
"""

from __future__ import annotations

from collections import defaultdict
from math import log

from services.offices.answers import AnswerId
from services.offices.offices import Offices
from services.text.normalise import content_words
from services.understanding.phrases import Hit, Phrases
from services.understanding.words import forms, words
from storage.ids import OfficeId

LIKELY = 4  # answers that are offered
_Entry = tuple[OfficeId, AnswerId]  # whose it is ("" for one that all share), and its id
_SHARED = OfficeId("")
_ALONE, _IN_QUESTION, _TOGETHER = 1.0, 0.5, 0.9  # what a word counts by itself, in the question, in a keyword
_ENOUGH = 0.55  # score below which an answer is none
_NEAR = 0.45  # of the best score: what may be meant instead

# Asked in every question, and about nothing. `words` has normalised them.
_ASKING = frozenset(
    word
    for line in (
        "ما ماذا متي كيف اين وين كم هل من منو شلون شنو وش ايش هو هي الذي التي",  # not a text: typed
        "احصل اطلب يحتاج احتاج اريد ابي",  # not a text: typed
        "what when where how who which why do does did is are can could i you we get need want my your the to of a an",
    )
    for word in words(line)
)


class AnswerRules:
    """The words of every answer, ready to be looked for."""

    def __init__(self, offices: Offices) -> None:
        bank = {(_SHARED, id_): answer for id_, answer in offices.answers.items()}
        for office in offices.all:
            bank |= {(office.id, id_): answer for id_, answer in office.answers.items()}
        keywords = {entry: answer.keywords.all for entry, answer in bank.items()}
        asked = {
            entry: [word for text in answer.question.texts for word in content_words(text) if word not in _ASKING]
            for entry, answer in bank.items()
        }
        self._offices = offices
        self._keywords = Phrases(keywords)
        self._questions = Phrases(asked)
        self._rarity = _rarity([{w for line in keywords[one] for w in words(line)} | set(asked[one]) for one in bank])

    def likely(self, said: list[str], office: OfficeId) -> tuple[AnswerId, ...]:
        """The answers of an office that the words of a question may be after, the likeliest first."""
        by_word: dict[_Entry, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        together: dict[_Entry, dict[tuple[int, ...], float]] = defaultdict(dict)
        for hit in self._keywords.find(said):
            self._count(hit, said, _ALONE, by_word[hit.meant])
            if len(hit.phrase) > 1:
                together[hit.meant][hit.places] = _TOGETHER * hit.sure
        for hit in self._questions.find(said):
            self._count(hit, said, _IN_QUESTION, by_word[hit.meant])
        scores = {one: sum(by_word[one].values()) + max(together[one].values(), default=0.0) for one in by_word}
        return self._of_office(scores, office)

    def _count(self, hit: Hit[_Entry], said: list[str], counts: float, by_word: dict[int, float]) -> None:
        for at in hit.places:
            by_word[at] = max(by_word[at], counts * hit.sure * self._weight(said[at]))

    def _weight(self, word: str) -> float:
        return max((self._rarity.get(form, 0.0) for form in forms(word)), default=0.0) or 0.5

    def _of_office(self, scores: dict[_Entry, float], office: OfficeId) -> tuple[AnswerId, ...]:
        own = self._offices.get(office)
        replaced = set(own.answers) if own is not None else set()
        here = {
            id_: score
            for (owner, id_), score in scores.items()
            if score >= _ENOUGH and (owner == office if owner or id_ in replaced else True)
        }
        best = max(here.values(), default=0.0)
        ranked = sorted((id_ for id_ in here if here[id_] >= _NEAR * best), key=lambda id_: -here[id_])
        return tuple(ranked[:LIKELY])


def _rarity(bank: list[set[str]]) -> dict[str, float]:
    """How much a form of a word tells: 1 where one answer knows it, little where most do."""
    known: dict[str, int] = defaultdict(int)
    for vocabulary in bank:
        for form in {form for word in vocabulary for form in forms(word)}:
            known[form] += 1
    most = log(1 + len(bank))
    return {form: log((1 + len(bank)) / count) / most for form, count in known.items()}
