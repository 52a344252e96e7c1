"""Appointments that their visitors have released and can still take back."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import BookingId, MessageId
from storage.records import Record

_SAID = "released:"


class Release(Record):
    """From `due_at` on the appointment is cancelled, if its version still is `version`."""

    booking_id: BookingId
    version: int
    due_at: datetime
    message: MessageId | None = None  # that offers to take it back; None until it was sent


async def of(tx: Transaction, booking: BookingId) -> Release | None:
    return Release.maybe(await tx.one("SELECT * FROM releases WHERE booking_id = :booking", booking=booking))


def add(tx: Transaction, release: Release) -> None:
    """Instead of what was released of an earlier version."""
    tx.later(
        """
        INSERT INTO releases (booking_id, version, due_at, message) VALUES (:booking_id, :version, :due_at, :message)
        ON CONFLICT (booking_id) DO UPDATE SET
            version = excluded.version, due_at = excluded.due_at, message = excluded.message
        """,
        **release.model_dump(),
    )


async def take(tx: Transaction, booking: BookingId) -> Release | None:
    """Of those who take it at once, one gets it."""
    return Release.maybe(await tx.one("DELETE FROM releases WHERE booking_id = :booking RETURNING *", booking=booking))


async def due(tx: Transaction, now: datetime, limit: int) -> list[BookingId]:
    rows = await tx.all(
        "SELECT booking_id FROM releases WHERE due_at <= :now ORDER BY due_at, booking_id LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [BookingId(int(str(row["booking_id"]))) for row in rows]


def group(booking: BookingId) -> str:
    """What messages that offer to take a release back supersede each other by."""
    return f"{_SAID}{booking}"


def of_group(supersedes: str) -> BookingId | None:
    """Whose release a message offers to take back; None where it offers none."""
    number = supersedes.removeprefix(_SAID)
    return BookingId(int(number)) if supersedes.startswith(_SAID) and number.isdecimal() else None


def sent(tx: Transaction, booking: BookingId, message: MessageId) -> None:
    """Note the message that offers to take it back."""
    tx.later("UPDATE releases SET message = :message WHERE booking_id = :booking", booking=booking, message=message)
