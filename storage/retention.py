"""What has been kept long enough, a batch at a time.

Every statement finds its rows by an index that holds little more than what is to go, so that it costs what it lets go
of and not what there is. Where much has to be looked at that stays, it is gone through from `after`, the place where
the batch before ended: an age and an id.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from storage.database import Dialect, Row, Transaction, one_of
from storage.ids import BookingId, FileId, ResidentId
from storage.records import Instant, Record
from storage.records.cases import Case
from storage.records.residents import ConversationRow, Resident

Place = tuple[datetime, int]


async def take_turn(tx: Transaction) -> bool:
    """Whether no other worker is letting go at this moment."""
    if tx.dialect is Dialect.SQLITE:
        return True
    row = await tx.one("SELECT pg_try_advisory_xact_lock(7263542) AS mine")
    return row is not None and bool(row["mine"])


# ---------------------------------------------------------------------------- conversations


async def stale_conversations(tx: Transaction, before: datetime, limit: int) -> list[tuple[ResidentId, str]]:
    """Conversations that stood still since before and hold more than where they stand: whose, and their step."""
    # A step without answers in it is its name: {"step":"flow:name"}.
    rows = await tx.all(
        """
        SELECT resident_id, step FROM conversations
        WHERE NOT (length(step) <= 64 AND saved = '[]' AND offered = '[]') AND updated_at < :before
        ORDER BY updated_at LIMIT :limit
        """,
        before=before,
        limit=limit,
    )
    return [(ResidentId(_number(row, "resident_id")), str(row["step"])) for row in rows]


def wipe_conversation(tx: Transaction, resident: ResidentId, step: str) -> None:
    """Keep where it stands, without what was answered on the way."""
    tx.later(
        """
        UPDATE conversations SET step = :step, saved = '[]', offered = '[]', last_choice = '', album = ''
        WHERE resident_id = :resident
        """,
        resident=resident,
        step=step,
    )


async def with_saved_drafts(tx: Transaction, after: Place, limit: int) -> list[ConversationRow]:
    """Conversations that hold drafts which were set aside."""
    rows = await tx.all(
        """
        SELECT * FROM conversations WHERE saved <> '[]' AND (updated_at, resident_id) > (:at, :id)
        ORDER BY updated_at, resident_id LIMIT :limit
        """,
        at=after[0],
        id=after[1],
        limit=limit,
    )
    return [ConversationRow.of(row) for row in rows]


async def keep_saved_drafts(tx: Transaction, stands: ConversationRow, saved: str) -> int:
    """Keep no more of the drafts set aside than this; 0 where the conversation has gone on meanwhile."""
    return await tx.run(
        "UPDATE conversations SET saved = :saved WHERE resident_id = :resident AND saved = :before",
        saved=saved,
        resident=stands.resident_id,
        before=stands.saved,
    )


async def drop_staff_conversations(tx: Transaction, before: datetime) -> int:
    """What members of staff were in the middle of, and the words of their searches: never many."""
    talks = await tx.run("DELETE FROM staff_conversations WHERE updated_at < :before", before=before)
    return talks + await tx.run("DELETE FROM staff_searches WHERE asked_at < :before", before=before)


# ---------------------------------------------------------------------------- bookings

_CONTACT = "(b.name <> '' OR b.phone <> '')"
_SUBJECT = (
    "(b.words <> '' OR b.project <> '' OR b.registration <> '' OR b.reason <> '' OR b.needs <> '[]'"
    " OR b.answers <> '{}')"
)


def _old_bookings(kept: str) -> str:
    """Bookings of past sessions of which something is still kept.

    From session to session by an index that holds only bookings of which it is: as many steps as there are such
    sessions, whatever the number of bookings.
    """
    return f"""
        WITH RECURSIVE with_more (session_id) AS (
            SELECT min(b.session_id) FROM bookings b WHERE {kept}
            UNION ALL
            SELECT (SELECT min(b.session_id) FROM bookings b WHERE {kept} AND b.session_id > m.session_id)
            FROM with_more m WHERE m.session_id IS NOT NULL
        )
        SELECT b.id FROM with_more m JOIN sessions s ON s.id = m.session_id
        JOIN bookings b ON b.session_id = m.session_id AND {kept}
        WHERE s.day < :before LIMIT :limit
    """


_WITH_CONTACT, _WITH_SUBJECT = _old_bookings(_CONTACT), _old_bookings(_SUBJECT)


async def bookings_with_contact(tx: Transaction, before: date, limit: int) -> list[BookingId]:
    """Bookings whose day was before, and that still say whose they are."""
    return [BookingId(_number(row, "id")) for row in await tx.all(_WITH_CONTACT, before=before, limit=limit)]


async def bookings_with_subject(tx: Transaction, before: date, limit: int) -> list[BookingId]:
    """Bookings whose day was before, and that still say what they were about."""
    return [BookingId(_number(row, "id")) for row in await tx.all(_WITH_SUBJECT, before=before, limit=limit)]


def clear_contact(tx: Transaction, booking: BookingId) -> None:
    tx.later("UPDATE bookings SET name = '', phone = '' WHERE id = :id", id=booking)


def clear_subject(tx: Transaction, booking: BookingId) -> None:
    """What became of it stays, for the statistics."""
    tx.later("UPDATE booking_events SET detail = '' WHERE detail <> '' AND booking_id = :id", id=booking)
    tx.later(
        """
        UPDATE bookings SET words = '', project = '', registration = '', reason = '', needs = '[]',
            answers = '{}' WHERE id = :id
        """,
        id=booking,
    )


async def clear_booking_details(tx: Transaction, before: datetime, limit: int) -> int:
    """What the histories of bookings said before, whether or not the booking says anything itself; how many lines."""
    return await tx.run(
        """
        UPDATE booking_events SET detail = '' WHERE id IN (
            SELECT id FROM booking_events WHERE detail <> '' AND at < :before ORDER BY at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


# ---------------------------------------------------------------------------- cases and their people


_TO_ERASE = "c.identity <> 'erased' AND c.closed_at IS NOT NULL"  # as the index has it


async def cases_of_the_forgotten(tx: Transaction, limit: int) -> list[Case]:
    """Cases that were open when their resident asked to be forgotten, and have ended since."""
    rows = await tx.all(
        f"SELECT * FROM cases c WHERE {_TO_ERASE} AND c.identity = 'struck' ORDER BY c.closed_at LIMIT :limit",
        limit=limit,
    )
    return [Case.of(row) for row in rows]


async def cases_ended_before(tx: Transaction, instant: datetime, limit: int) -> list[tuple[Case, str]]:
    """Cases that ended before and still lead to somebody, with the channel that is on."""
    rows = await tx.all(
        f"""
        SELECT c.*, r.channel FROM cases c JOIN residents r ON r.id = c.resident_id
        WHERE {_TO_ERASE} AND c.identity = 'kept' AND c.closed_at < :instant
        ORDER BY c.closed_at LIMIT :limit
        """,
        instant=instant,
        limit=limit,
    )
    return [(Case.of(row), str(row["channel"])) for row in rows]


async def callers_seen_before(
    tx: Transaction, before: datetime, after: Place, limit: int
) -> list[tuple[Resident, bool]]:
    """For whom staff acted, not since before, and whether nothing is kept that is about them."""
    rows = await tx.all(
        """
        SELECT r.*, NOT EXISTS (SELECT 1 FROM cases c WHERE c.resident_id = r.id)
            AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.resident_id = r.id AND (b.name <> '' OR b.phone <> ''))
            AND NOT EXISTS (
                SELECT 1 FROM case_followers f JOIN cases c ON c.id = f.case_id
                WHERE f.resident_id = r.id AND c.closed_at IS NULL
            ) AS idle
        FROM residents r
        WHERE r.channel = 'desk' AND r.forgotten_at IS NULL AND r.seen_at < :before
            AND (r.seen_at, r.id) > (:at, :id)
        ORDER BY r.seen_at, r.id LIMIT :limit
        """,
        before=before,
        at=after[0],
        id=after[1],
        limit=limit,
    )
    return [(Resident.of(row), bool(row["idle"])) for row in rows]


async def drop_farewells(tx: Transaction, limit: int) -> tuple[int, int]:
    """Messages to people who were forgotten, the last trace of their address, once all have gone out.

    How many messages, and of how many people.
    """
    rows = await tx.all(
        """
        SELECT r.id FROM residents r WHERE r.farewell AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.resident_id = r.id AND o.status = 'pending'
        ) ORDER BY r.id LIMIT :limit
        """,
        limit=limit,
    )
    dropped = 0
    for row in rows:
        who = _number(row, "id")
        dropped += await tx.run("DELETE FROM outbox WHERE resident_id = :id", id=who)
        tx.later("UPDATE residents SET farewell = FALSE WHERE id = :id", id=who)
    return dropped, len(rows)


# ---------------------------------------------------------------------------- files


class AgedFile(Record):
    """A file and when it was last sent."""

    id: FileId
    created_at: Instant
    resident_id: ResidentId | None
    done_with: bool


async def loose_files(tx: Transaction, before: datetime, after: Place, limit: int) -> list[AgedFile]:
    """Files last sent before an instant of which no case or appointment was made."""
    rows = await tx.all(
        """
        SELECT id, created_at, resident_id, TRUE AS done_with FROM files
        WHERE NOT linked AND created_at < :before AND (created_at, id) > (:at, :id)
        ORDER BY created_at, id LIMIT :limit
        """,
        before=before,
        at=after[0],
        id=after[1],
        limit=limit,
    )
    return [AgedFile.of(row) for row in rows]


async def drafts_that_may_hold(tx: Transaction, residents: Collection[ResidentId]) -> list[str]:
    """The stored drafts of these residents, and of everybody who was ever a member of staff.

    Files of callers are in the drafts of whoever takes their requests.
    """
    rows = await tx.all(
        f"""
        SELECT c.step, c.saved FROM conversations c WHERE {one_of(tx.dialect, "c.resident_id", "residents", "BIGINT")}
        UNION ALL
        SELECT c.step, c.saved FROM residents r JOIN conversations c ON c.resident_id = r.id
        WHERE (r.channel, r.address) IN (SELECT channel, address FROM staff_roles)
        UNION ALL
        SELECT state, '' FROM staff_conversations
        """,
        residents=tuple(residents),
    )
    return [str(row[column]) for row in rows for column in ("step", "saved")]


async def files_sent_before(tx: Transaction, instant: datetime, after: Place, limit: int) -> list[AgedFile]:
    """Files older than `instant`, and whether they are done with: those of a case are not before it has ended."""
    rows = await tx.all(
        """
        SELECT f.id, f.created_at, f.resident_id, NOT EXISTS (
            SELECT 1 FROM case_files cf JOIN cases c ON c.id = cf.case_id
            WHERE cf.file_id = f.id AND (c.closed_at IS NULL OR c.closed_at >= :instant)
        ) AS done_with FROM files f
        WHERE f.created_at < :instant AND (f.created_at, f.id) > (:at, :id)
        ORDER BY f.created_at, f.id LIMIT :limit
        """,
        instant=instant,
        at=after[0],
        id=after[1],
        limit=limit,
    )
    return [AgedFile.of(row) for row in rows]


# ---------------------------------------------------------------------------- traces of work


_OLD_AUDIT = "SELECT count(*) AS n FROM (SELECT 1 FROM audit WHERE at < :before ORDER BY at, id LIMIT :most) old"


async def drop_audit(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of the oldest lines. The schema lets nothing else delete from the audit (`0021_admin.sql`)."""
    row = await tx.one(_OLD_AUDIT, before=before, most=limit)
    count = 0 if row is None else _number(row, "n")
    if count:
        await tx.run("INSERT INTO audit_retention (before, most) VALUES (:before, :most)", before=before, most=limit)
    return count


async def drop_seen_updates(tx: Transaction, before: datetime, limit: int) -> int:
    """Telegram repeats an update for a day at most, so older marks are no longer needed.

    Unless it is set aside as well (it failed, came again and was handled): without the mark it could be taken twice.
    """
    return await tx.run(
        """
        DELETE FROM updates WHERE (channel, update_id) IN (
            SELECT u.channel, u.update_id FROM updates u WHERE u.received_at < :before AND NOT EXISTS (
                SELECT 1 FROM dead_letters p WHERE p.channel = u.channel AND p.update_id = u.update_id
            ) ORDER BY u.received_at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


async def drop_dead_letters(tx: Transaction, before: datetime, limit: int) -> int:
    return await tx.run(
        """
        DELETE FROM dead_letters WHERE (channel, update_id) IN (
            SELECT channel, update_id FROM dead_letters WHERE first_at < :before ORDER BY first_at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


async def drop_messages(tx: Transaction, before: datetime, limit: int) -> int:
    """Settled messages."""
    return await tx.run(
        """
        DELETE FROM outbox WHERE id IN (
            SELECT id FROM outbox WHERE created_at < :before AND status <> 'pending' ORDER BY created_at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


async def drop_recipients(tx: Transaction, before: datetime, limit: int) -> int:
    """To whom announcements went that were finished before; how many there were stays."""
    return await tx.run(
        """
        DELETE FROM announcement_recipients WHERE (announcement_id, resident_id) IN (
            SELECT r.announcement_id, r.resident_id FROM announcements a
            JOIN announcement_recipients r ON r.announcement_id = a.id
            WHERE a.finished_at < :before LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


async def drop_taps(tx: Transaction, before: datetime, limit: int) -> int:
    """Who tapped what under an announcement."""
    return await tx.run(
        """
        DELETE FROM announcement_taps WHERE (announcement_id, resident_id, button) IN (
            SELECT announcement_id, resident_id, button FROM announcement_taps
            WHERE at < :before ORDER BY at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


async def drop_opt_outs(tx: Transaction, before: datetime, limit: int) -> int:
    """Who wanted no more news after which announcement, of those finished before. That they want none stays known."""
    return await tx.run(
        """
        DELETE FROM announcement_opt_outs WHERE (announcement_id, resident_id) IN (
            SELECT o.announcement_id, o.resident_id FROM announcements a
            JOIN announcement_opt_outs o ON o.announcement_id = a.id
            WHERE a.finished_at < :before LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))
