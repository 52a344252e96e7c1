"""What residents ask, and whether a ready answer was it. Nothing here leads to a person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.database import Transaction, one_of
from storage.ids import OfficeId
from storage.records import Instant, Record

#: Different questions that a report lists.
MOST_LISTED = 200


class Outcome(StrEnum):
    """What came of a question."""

    SHOWN = "shown"  # nobody said whether the answer was it
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    UNKNOWN = "unknown"  # there was no answer to show


class AnswerCount(Record):
    """How often an answer was shown, and what was said of it."""

    office: OfficeId
    answer: str
    outcome: Outcome
    n: int


class OpenQuestion(Record):
    """What was asked and not answered: in the words of one who asked, and how often."""

    words: str
    answer: str  # which was shown and was not it; "" where there was none
    n: int
    last_at: Instant


async def add(tx: Transaction, at: datetime, office: OfficeId, words: str, alike: str, answer: str) -> int:
    row = await tx.one(
        """
        INSERT INTO inquiries (asked_at, office, words, alike, answer, outcome)
        VALUES (:at, :office, :words, :alike, :answer, :outcome) RETURNING id
        """,
        at=at,
        office=office,
        words=words,
        alike=alike,
        answer=answer,
        outcome=Outcome.SHOWN if answer else Outcome.UNKNOWN,
    )
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return int(str(row["id"]))


def settle(tx: Transaction, question: int, answer: str, outcome: Outcome) -> None:
    """Note which answer was shown last, and what was said of it."""
    tx.later(
        "UPDATE inquiries SET answer = :answer, outcome = :outcome WHERE id = :question",
        question=question,
        answer=answer,
        outcome=outcome,
    )


async def drop_before(tx: Transaction, before: datetime, limit: int) -> int:
    return await tx.run(
        """
        DELETE FROM inquiries WHERE id IN (
            SELECT id FROM inquiries WHERE asked_at < :before ORDER BY asked_at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


# ---------------------------------------------------------------------------- counting


async def answers(tx: Transaction, offices: tuple[OfficeId, ...], start: datetime, end: datetime) -> list[AnswerCount]:
    """Of a stretch of time: what was shown, and what came of it. The office "" is whoever had none yet."""
    rows = await tx.all(
        f"""
        SELECT office, answer, outcome, count(*) AS n FROM inquiries
        WHERE {one_of(tx.dialect, "office", "offices")} AND asked_at >= :start AND asked_at < :end
        GROUP BY office, answer, outcome
        """,
        offices=offices,
        start=start,
        end=end,
    )
    return [AnswerCount.of(row) for row in rows]


async def unanswered(
    tx: Transaction, offices: tuple[OfficeId, ...], start: datetime, end: datetime
) -> list[OpenQuestion]:
    """What was asked and not answered, the most frequent first."""
    rows = await tx.all(
        f"""
        SELECT max(words) AS words, answer, count(*) AS n, max(asked_at) AS last_at FROM inquiries
        WHERE {one_of(tx.dialect, "office", "offices")} AND asked_at >= :start AND asked_at < :end
            AND outcome IN ('not_answered', 'unknown') AND words <> ''
        GROUP BY alike, answer ORDER BY count(*) DESC, max(asked_at) DESC LIMIT :most
        """,
        offices=offices,
        start=start,
        end=end,
        most=MOST_LISTED,
    )
    return [OpenQuestion.of(row) for row in rows]
