"""What was asked in a period, how often, and what no answer was found for: nobody who asked is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.offices.answers import AnswerId
from services.reports.figures import Scope
from services.unit_of_work import Work
from storage import inquiries as rows
from storage.ids import OfficeId
from storage.inquiries import AnswerCount, OpenQuestion, Outcome

__all__ = ["AnswerFigures", "InquiryFigures", "OpenQuestion", "count"]


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How often an answer was shown last, and what was said of it."""

    answer: AnswerId
    shown: int = 0
    answered: int = 0
    not_answered: int = 0


@dataclass(frozen=True, slots=True)
class InquiryFigures:
    """All questions of a period: the answers, the most frequent first, and what was not answered."""

    answers: tuple[AnswerFigures, ...]
    unknown: int  # without an answer to show
    unanswered: tuple[OpenQuestion, ...]

    @property
    def asked(self) -> int:
        return self.unknown + sum(one.shown for one in self.answers)


async def count(work: Work, scope: Scope) -> InquiryFigures:
    """The figures of a scope. Who had chosen no office yet is counted where all offices are."""
    zone = work.offices.zone
    offices = scope.offices
    if set(work.offices.offices_by_id) <= set(offices):
        offices = (*offices, OfficeId(""))
    start, end = scope.period.start(zone), scope.period.end(zone)
    counted = await rows.answers(work.tx, offices, start, end)
    return InquiryFigures(
        answers=_by_answer(counted),
        unknown=sum(row.n for row in counted if row.outcome is Outcome.UNKNOWN),
        unanswered=tuple(await rows.unanswered(work.tx, offices, start, end)),
    )


def _by_answer(counted: Iterable[AnswerCount]) -> tuple[AnswerFigures, ...]:
    found: dict[str, AnswerFigures] = {}
    for row in counted:
        if row.outcome is Outcome.UNKNOWN:
            continue
        one = found.get(row.answer) or AnswerFigures(AnswerId(row.answer))
        found[row.answer] = replace(
            one,
            shown=one.shown + row.n,
            answered=one.answered + row.n * (row.outcome is Outcome.ANSWERED),
            not_answered=one.not_answered + row.n * (row.outcome is Outcome.NOT_ANSWERED),
        )
    return tuple(sorted(found.values(), key=lambda one: (-one.shown, one.answer)))
