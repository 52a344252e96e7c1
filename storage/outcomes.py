"""What came of meetings, version by version, and what members are in the middle of recording."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from storage.columns import columns_of, insert_into, upsert_into
from storage.database import Transaction
from storage.ids import Actor, BookingId, ChatId, ResidentId
from storage.records import Instant, Record


class OutcomeKind(StrEnum):
    """What came of a meeting."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    PROMISED = "promised"
    REFERRED = "referred"
    OTHER = "other"
    TAKEN_BACK = "taken_back"  # what was recorded before was a mistake


class OutcomeRow(Record):
    """One version of what came of a meeting. Of a promise, `words` say what was promised."""

    booking_id: BookingId
    version: int
    kind: OutcomeKind
    words: str
    party: str
    party_words: str
    due: date | None
    actor: Actor
    at: Instant


class DraftRow(Record):
    """What a member is in the middle of recording in a chat: JSON that `conversations.promises` reads."""

    channel: str
    chat: ChatId
    address: str
    booking_id: BookingId
    state: str
    updated_at: Instant


_ADD = f"{insert_into('meeting_outcomes', columns_of(OutcomeRow))} ON CONFLICT DO NOTHING RETURNING id"
_PUT_DRAFT = upsert_into("outcome_drafts", columns_of(DraftRow), {"channel", "chat", "address"})


async def newest(tx: Transaction, booking: BookingId) -> OutcomeRow | None:
    """What is recorded of a meeting now; None where nothing ever was."""
    sql = "SELECT * FROM meeting_outcomes WHERE booking_id = :booking ORDER BY version DESC LIMIT 1"
    return OutcomeRow.maybe(await tx.one(sql, booking=booking))


async def versions(tx: Transaction, booking: BookingId) -> tuple[OutcomeRow, ...]:
    """All that was ever recorded of a meeting, the first first."""
    rows = await tx.all("SELECT * FROM meeting_outcomes WHERE booking_id = :booking ORDER BY version", booking=booking)
    return tuple(OutcomeRow.of(row) for row in rows)


async def add(tx: Transaction, outcome: OutcomeRow) -> bool:
    """Record a version; False where another was recorded at the same time."""
    return await tx.one(_ADD, **outcome.model_dump()) is not None


async def of_resident(tx: Transaction, resident: ResidentId) -> tuple[OutcomeRow, ...]:
    """What came of a resident's meetings, every version."""
    rows = await tx.all(
        """
        SELECT o.* FROM bookings b JOIN meeting_outcomes o ON o.booking_id = b.id
        WHERE b.resident_id = :resident ORDER BY o.id
        """,
        resident=resident,
    )
    return tuple(OutcomeRow.of(row) for row in rows)


async def worded_before(tx: Transaction, before: datetime, limit: int) -> tuple[BookingId, ...]:
    """Meetings of which words were kept since before, the oldest first."""
    rows = await tx.all(
        """
        SELECT booking_id FROM meeting_outcomes WHERE (words <> '' OR party_words <> '') AND at < :before
        ORDER BY at, booking_id LIMIT :limit
        """,
        before=before,
        limit=limit,
    )
    return tuple(dict.fromkeys(BookingId(int(str(row["booking_id"]))) for row in rows))


def clear_words(tx: Transaction, booking: BookingId) -> None:
    """What became of a meeting stays, for the statistics; what was said there, promised, or given as a reason, goes."""
    for statement in (
        "UPDATE meeting_outcomes SET words = '', party_words = '' WHERE booking_id = :booking",
        "UPDATE promises SET what = '', party_words = '' WHERE booking_id = :booking",
        "UPDATE no_show_reasons SET words = '' WHERE booking_id = :booking",
        "DELETE FROM outcome_drafts WHERE booking_id = :booking",
    ):
        tx.later(statement, booking=booking)


# ---------------------------------------------------------------------------- what is not recorded yet


async def draft(tx: Transaction, channel: str, chat: ChatId, address: str) -> DraftRow | None:
    """What a member is in the middle of recording in a chat."""
    sql = "SELECT * FROM outcome_drafts WHERE channel = :channel AND chat = :chat AND address = :address"
    return DraftRow.maybe(await tx.one(sql, channel=channel, chat=chat, address=address))


def put_draft(tx: Transaction, row: DraftRow) -> None:
    """Keep what a member is in the middle of, in place of anything else there."""
    tx.later(_PUT_DRAFT, **row.model_dump())


def drop_draft(tx: Transaction, channel: str, chat: ChatId, address: str) -> None:
    tx.later(
        "DELETE FROM outcome_drafts WHERE channel = :channel AND chat = :chat AND address = :address",
        channel=channel,
        chat=chat,
        address=address,
    )


async def drop_drafts(tx: Transaction, before: datetime) -> int:
    """Let go of what was never recorded: never many."""
    return await tx.run("DELETE FROM outcome_drafts WHERE updated_at < :before", before=before)
