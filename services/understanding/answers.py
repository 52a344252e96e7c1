"""Which ready answers a question may be after, by the words of the bank: its questions and its keywords.

Words that mean the same count as one (`synonyms`). A word that few answers know speaks louder than one that many know,
and the words of a keyword together louder still, by what its words say: "who is responsible" says little of what for.
A question that names a matter of other bodies, passports or loans, must say so much more of ours to be answered.
"""

from __future__ import annotations

from collections import defaultdict
from math import log

from services.offices.answers import AnswerId
from services.offices.offices import Offices
from services.text.normalise import content_words
from services.understanding.phrases import Hit, Phrases
from services.understanding.synonyms import ELSEWHERE, alike
from services.understanding.words import forms, words
from storage.ids import OfficeId

LIKELY = 4  # answers that are offered
_Entry = tuple[OfficeId, AnswerId]  # whose it is ("" for one that all share), and its id
_SHARED = OfficeId("")
_IN_QUESTION = 0.7  # what a word of the bank's question counts; of a keyword, 1
_TOGETHER, _LONGER = 0.9, 0.5  # what a keyword counts besides, by what its words say; each word beyond two adds so much
_WHOLE = 1.0  # what a keyword counts besides that is the whole message
_LITTLE, _ASKED = 0.5, 0.1  # what a word counts that is said of much, or asks
_ENOUGH, _OF_OTHERS = 0.6, 1.6  # score below which an answer is none; so much more where other bodies are named
_EACH = 1e-4  # what each phrase that is said counts: it parts equals
_WINDOW = 10  # words within which those of a keyword stand
_NEAR = 0.45  # of the best score: what may be meant instead

# Asked in every question, and about nothing. `words` has normalised them.
_ASKING = frozenset(
    word
    for line in (
        "ما ماذا متي كيف اين وين كم هل من منو شلون شنو وش ايش هو هي الذي التي",  # not a text: typed
        "احصل اطلب يحتاج احتاج اريد ابي في علي الي عن مع حق اللي عند عندي عندنا",  # not a text: typed
        "عندكم انا انتو هذا هذي لو اذا او ولا لازم اي كل لا",  # not a text: typed
        "what when where how who which why do does did is are can could i you we get need want my your the to of a an",
        "on in for at from by with and or it its this that there here me our us be was has have had not no",
    )
    for word in words(line)
)
# Said of much.
_OF_MUCH = frozenset(
    alike(
        word
        for line in (
            "موعد حجز طريق شوارع بيت محل ماء كثير مكتب حساب",  # not a text: typed
            "location road address house land request appointment project rent see get apply submit use",
            "responsible time friday saturday until office account",
        )
        for word in words(line)
    )
)


class AnswerRules:
    """The words of every answer, ready to be looked for."""

    def __init__(self, offices: Offices) -> None:
        bank = {(_SHARED, id_): answer for id_, answer in offices.answers.items()}
        for office in offices.all:
            bank |= {(office.id, id_): answer for id_, answer in office.answers.items()}
        keywords = {
            entry: [" ".join(alike(words(line))) for line in answer.keywords.all] for entry, answer in bank.items()
        }
        asked = {
            entry: alike(word for text in answer.question.texts for word in content_words(text) if word not in _ASKING)
            for entry, answer in bank.items()
        }
        self._offices = offices
        self._keywords = Phrases(keywords, _WINDOW)
        self._questions = Phrases(asked)
        self._rarity = _rarity([{w for line in keywords[one] for w in words(line)} | set(asked[one]) for one in bank])

    def likely(self, said: list[str], office: OfficeId) -> tuple[AnswerId, ...]:
        """The answers of an office that the words of a question may be after, the likeliest first."""
        said = alike(said)
        by_word: dict[_Entry, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        together: dict[_Entry, float] = defaultdict(float)
        hits: dict[_Entry, int] = defaultdict(int)
        for hit in self._keywords.find(said):
            hits[hit.meant] += 1
            self._count(hit, said, 1.0, by_word[hit.meant])
            if len(hit.phrase) > 1:
                tells = sum(self._weight(said[at]) for at in hit.places) / len(hit.places)
                counts = _TOGETHER * hit.sure * tells * (1 + _LONGER * (len(hit.places) - 2))
                together[hit.meant] = max(together[hit.meant], _WHOLE if len(hit.places) == len(said) else counts)
        for hit in self._questions.find(said):
            self._count(hit, said, _IN_QUESTION, by_word[hit.meant])
        # Added up in one order, and of equals the one with more of its phrases said: never as chance has it.
        scores = {one: sum(sorted(by_word[one].values())) + together[one] + _EACH * hits[one] for one in by_word}
        return self._of_office(scores, office, _ENOUGH + (_OF_OTHERS if ELSEWHERE in said else 0.0))

    def _count(self, hit: Hit[_Entry], said: list[str], counts: float, by_word: dict[str, float]) -> None:
        for at in hit.places:
            by_word[said[at]] = max(by_word[said[at]], counts * hit.sure * self._weight(said[at]))

    def _weight(self, word: str) -> float:
        tells = max((self._rarity.get(form, 0.0) for form in forms(word)), default=0.0) or 0.5
        return tells * (_ASKED if word in _ASKING else _LITTLE if word in _OF_MUCH else 1.0)

    def _of_office(self, scores: dict[_Entry, float], office: OfficeId, enough: float) -> tuple[AnswerId, ...]:
        own = self._offices.get(office)
        replaced = set(own.answers) if own is not None else set()
        here = {
            id_: score
            for (owner, id_), score in scores.items()
            if score >= enough and (owner == office if owner or id_ in replaced else True)
        }
        best = max(here.values(), default=0.0)
        ranked = sorted((id_ for id_ in here if here[id_] >= _NEAR * best), key=lambda id_: (-here[id_], id_))
        return tuple(ranked[:LIKELY])


def _rarity(bank: list[set[str]]) -> dict[str, float]:
    """How much a form of a word tells: 1 where one answer knows it, little where most do."""
    known: dict[str, int] = defaultdict(int)
    for vocabulary in bank:
        for form in {form for word in vocabulary for form in forms(word)}:
            known[form] += 1
    most = log(1 + len(bank))
    return {form: log((1 + len(bank)) / count) / most for form, count in known.items()}
