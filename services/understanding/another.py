"""Whether a message says that it is about another matter than what was spoken of: "I have another complaint"."""

from __future__ import annotations

from services.understanding.phrases import Phrases
from services.understanding.words import words

_MATTERS = "request, complaint, issue, problem, matter, report"
_MATTERS_AR = "طلب, شكوى, بلاغ, موضوع, مشكلة, شي, شغلة"
_OTHER = "another, second, new, different"
_OTHER_AR = "ثاني, ثانية, آخر, أخرى, جديد, جديدة, مختلف, مختلفة"
_BEGINNING = 8  # words in which it is said


def _each() -> list[str]:
    english = [f"{other} {matter}" for other in _OTHER.split(", ") for matter in _MATTERS.split(", ")]
    return english + [f"{matter} {other}" for matter in _MATTERS_AR.split(", ") for other in _OTHER_AR.split(", ")]


_SAID = Phrases({True: _each()})


def names_another(text: str) -> bool:
    """Whether the words begin so."""
    return any(hit.sure == 1 for hit in _SAID.find(words(text)[:_BEGINNING]))
