"""What residents ask: looked for in the bank of their office, and noted without who asked.

So staff see which questions have no answer, and which answers are none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from services.offices.answers import Answer, AnswerId
from services.text.normalise import clean, content_words
from services.text.redact import Eraser
from services.understanding.people import name_said
from services.understanding.words import forms
from services.unit_of_work import Work
from storage import inquiries as rows
from storage.ids import OfficeId
from storage.inquiries import Outcome
from storage.records.residents import Resident

__all__ = ["Asked", "Outcome", "answer_of", "ask", "ask_listed", "listed", "settle", "sharing"]

#: Characters of a question that are kept.
_KEPT = 300
_SHARING = 3  # answers that are named where none is plainly meant


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was noted, and the answers that may be meant, the likeliest first."""

    number: int
    answers: tuple[AnswerId, ...]


async def ask(work: Work, resident: Resident, office: OfficeId, words: str) -> Asked:
    """Look for answers to a question, and note that it was asked."""
    found = work.understanding.answers_to(words, office)
    kept = clean(Eraser.of_public([resident.name, name_said(words)])(words), _KEPT)
    alike = " ".join(sorted(set(content_words(kept))))
    number = await rows.add(work.tx, work.now, office, kept, alike, found[0] if found else "")
    return Asked(number, found)


async def ask_listed(work: Work, office: OfficeId, answer: AnswerId) -> Asked:
    """Note that one of the listed questions was tapped."""
    return Asked(await rows.add(work.tx, work.now, office, "", "", answer), (answer,))


def settle(work: Work, question: int, answer: AnswerId, outcome: Outcome) -> None:
    """Note which answer was shown last, and what was said of it."""
    rows.settle(work.tx, question, answer, outcome)


def listed(work: Work, office: OfficeId) -> dict[AnswerId, Answer]:
    """The ready answers of an office, its own first; those of every office where none is known."""
    return work.offices.answers_of(office)


def answer_of(work: Work, office: OfficeId, answer: AnswerId) -> Answer | None:
    """A ready answer; None where it was removed meanwhile."""
    return listed(work, office).get(answer)


def sharing(work: Work, office: OfficeId, telling: Collection[str]) -> tuple[AnswerId, ...]:
    """Ready answers whose question has one of some telling words, where the words of a question name none plainly."""
    wanted = frozenset(form for word in telling for form in forms(word))
    found = (
        id_
        for id_, answer in listed(work, office).items()
        if any(wanted & forms(word) for text in answer.question.texts for word in content_words(text))
    )
    return tuple(islice(found, _SHARING))
