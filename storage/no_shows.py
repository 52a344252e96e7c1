"""Why people did not come to their appointments, as they say it when asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.database import Transaction
from storage.ids import BookingId, ResidentId
from storage.records import Instant, Record


class Reason(StrEnum):
    FORGOT = "forgot"
    COULD_NOT = "could_not"
    SOLVED = "solved"
    NOT_FOUND = "not_found"  # the place
    OTHER = "other"


class NoShowReason(Record):
    booking_id: BookingId
    reason: Reason
    words: str
    at: Instant


async def of(tx: Transaction, booking: BookingId) -> NoShowReason | None:
    return NoShowReason.maybe(
        await tx.one("SELECT * FROM no_show_reasons WHERE booking_id = :booking", booking=booking)
    )


async def put(tx: Transaction, booking: BookingId, reason: Reason, words: str, at: datetime) -> None:
    """Keep why, in place of what was said before."""
    await tx.run(
        """
        INSERT INTO no_show_reasons (booking_id, reason, words, at) VALUES (:booking, :reason, :words, :at)
        ON CONFLICT (booking_id) DO UPDATE SET reason = excluded.reason, words = excluded.words, at = excluded.at
        """,
        booking=booking,
        reason=reason,
        words=words,
        at=at,
    )


async def of_resident(tx: Transaction, resident: ResidentId) -> tuple[NoShowReason, ...]:
    rows = await tx.all(
        """
        SELECT n.* FROM bookings b JOIN no_show_reasons n ON n.booking_id = b.id
        WHERE b.resident_id = :resident ORDER BY n.at
        """,
        resident=resident,
    )
    return tuple(NoShowReason.of(row) for row in rows)


async def clear_words_before(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of the words of old answers; how many had any."""
    return await tx.run(
        """
        UPDATE no_show_reasons SET words = '' WHERE booking_id IN (
            SELECT booking_id FROM no_show_reasons WHERE words <> '' AND at < :before ORDER BY at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )
