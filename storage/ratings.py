"""Ratings, one to five, of a case's resolution or of a meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.database import Transaction
from storage.ids import ResidentId
from storage.records import Instant, Record

Subject = Literal["case", "booking"]


class Rating(Record):
    id: int
    subject: str
    subject_id: int
    round: int
    resident_id: ResidentId
    stars: int
    comment: str
    at: Instant


async def of(tx: Transaction, subject: Subject, subject_id: int, round_: int, resident: ResidentId) -> Rating | None:
    """What a resident gave one resolution or meeting."""
    return Rating.maybe(
        await tx.one(
            """
            SELECT * FROM ratings
            WHERE subject = :subject AND subject_id = :id AND round = :round AND resident_id = :resident
            """,
            subject=subject,
            id=subject_id,
            round=round_,
            resident=resident,
        )
    )


async def put(
    tx: Transaction, subject: Subject, subject_id: int, round_: int, resident: ResidentId, stars: int, at: datetime
) -> None:
    """Record a rating, in place of what the same resident gave the same before."""
    await tx.run(
        """
        INSERT INTO ratings (subject, subject_id, round, resident_id, stars, at)
        VALUES (:subject, :id, :round, :resident, :stars, :at)
        ON CONFLICT (subject, subject_id, round, resident_id) DO UPDATE SET stars = excluded.stars, at = excluded.at
        """,
        subject=subject,
        id=subject_id,
        round=round_,
        resident=resident,
        stars=stars,
        at=at,
    )


def comment(tx: Transaction, rating: int, words: str) -> None:
    tx.later("UPDATE ratings SET comment = :words WHERE id = :id", words=words, id=rating)


async def of_resident(tx: Transaction, resident: ResidentId) -> list[Rating]:
    rows = await tx.all("SELECT * FROM ratings WHERE resident_id = :resident ORDER BY id", resident=resident)
    return [Rating.of(row) for row in rows]
