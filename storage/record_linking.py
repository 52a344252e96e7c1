"""Records of callers: found by the number that staff took them under, and handed to whose number it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage.booking_states import LIVE, listed
from storage.database import Row, Transaction, Value
from storage.ids import BookingId, CaseId, FileId, ResidentId
from storage.records.bookings import Booking
from storage.records.cases import Case


async def desk_residents(tx: Transaction, phone: str) -> list[ResidentId]:
    """For whom staff filed or booked under this number."""
    rows = await tx.all(
        """
        SELECT id FROM residents
        WHERE channel = 'desk' AND phone = :phone AND phone <> '' AND forgotten_at IS NULL ORDER BY id
        """,
        phone=phone,
    )
    return [ResidentId(_number(row, "id")) for row in rows]


# What a record's own person last said of it, or staff for them: it was filed, joined or added to. What staff or the
# clock did since shows nothing of whose the number is by now.
_HEARD_OF_CASE = """(c.created_at >= :since OR EXISTS (
    SELECT 1 FROM case_events heard WHERE heard.case_id = c.id AND heard.actor = :old AND heard.at >= :since
))"""
_HEARD_OF_FOLLOWED = """(f.joined_at >= :since OR EXISTS (
    SELECT 1 FROM case_events heard WHERE heard.case_id = f.case_id AND heard.actor = :old AND heard.at >= :since
))"""
_HEARD_OF_BOOKING = """(b.created_at >= :since OR b.confirmed_at >= :since OR EXISTS (
    SELECT 1 FROM booking_events heard WHERE heard.booking_id = b.id AND heard.actor = :old AND heard.at >= :since
))"""


async def hand_over_cases(tx: Transaction, source: ResidentId, target: ResidentId, since: datetime) -> list[Case]:
    """Give another resident every case that its caller has touched since then. Returns the cases."""
    values: dict[str, Value] = {"old": _actor(source), "source": source, "target": target}
    found = await tx.all(
        f"""
        UPDATE cases SET resident_id = :target WHERE id IN (
            SELECT c.id FROM cases c WHERE c.resident_id = :source AND {_HEARD_OF_CASE}
        ) RETURNING *
        """,
        since=since,
        **values,
    )
    for row in found:
        _rename(tx, CaseId(_number(row, "id")), source, target)
    return sorted((Case.of(row) for row in found), key=lambda case: case.id)


async def hand_over_followed(tx: Transaction, source: ResidentId, target: ResidentId, since: datetime) -> list[CaseId]:
    """The same with the cases of others that they joined; whoever owns a case does not follow it too."""
    found = await tx.all(
        f"SELECT f.case_id FROM case_followers f WHERE f.resident_id = :source AND {_HEARD_OF_FOLLOWED}",
        old=_actor(source),
        source=source,
        since=since,
    )
    joined = sorted(CaseId(_number(row, "case_id")) for row in found)
    for case in joined:
        _rename(tx, case, source, target)
        tx.later(
            """
            INSERT INTO case_followers (case_id, resident_id, joined_at)
            SELECT case_id, :target, joined_at FROM case_followers WHERE case_id = :id AND resident_id = :source
            ON CONFLICT (case_id, resident_id) DO NOTHING
            """,
            id=case,
            source=source,
            target=target,
        )
        tx.later(
            "DELETE FROM case_followers WHERE case_id = :id AND resident_id = :source",
            id=case,
            source=source,
        )
    tx.later(
        """
        DELETE FROM case_followers
        WHERE resident_id = :target AND case_id IN (SELECT id FROM cases WHERE resident_id = :target)
        """,
        target=target,
    )
    return joined


def _rename(tx: Transaction, case: CaseId, source: ResidentId, target: ResidentId) -> None:
    tx.later(
        "UPDATE case_events SET actor = :new WHERE case_id = :id AND actor = :old",
        id=case,
        old=_actor(source),
        new=_actor(target),
    )


def _actor(resident: ResidentId) -> str:
    return f"resident:{resident}"


_LIVE = listed(LIVE)


async def unfollow(tx: Transaction, case: CaseId, resident: ResidentId) -> bool:
    """Somebody did not join after all; False where they had not."""
    sql = "DELETE FROM case_followers WHERE case_id = :case_id AND resident_id = :resident"
    return await tx.run(sql, case_id=case, resident=resident) == 1


async def hand_over_bookings(
    tx: Transaction, source: ResidentId, target: ResidentId, since: datetime
) -> list[BookingId]:
    """The same with bookings, except live ones in a session in which the other has a live one; which those were."""
    rows = await tx.all(
        f"""
        UPDATE bookings SET resident_id = :target, sole = sole AND NOT EXISTS (
            SELECT 1 FROM bookings own WHERE own.office = bookings.office AND own.resident_id = :target
                AND own.sole AND own.status IN ('confirmed', 'checked_in')
        ) WHERE id IN (
            SELECT b.id FROM bookings b WHERE b.resident_id = :source AND {_HEARD_OF_BOOKING}
                AND NOT (b.status IN {_LIVE} AND EXISTS (
                    SELECT 1 FROM bookings other WHERE other.session_id = b.session_id
                        AND other.resident_id = :target AND other.status IN {_LIVE}
                ))
        ) RETURNING id
        """,
        old=_actor(source),
        source=source,
        target=target,
        since=since,
    )
    tx.later(
        """
        UPDATE booking_events SET actor = :new
        WHERE actor = :old AND booking_id IN (SELECT id FROM bookings WHERE resident_id = :target)
        """,
        old=_actor(source),
        new=_actor(target),
        target=target,
    )
    return sorted(BookingId(_number(row, "id")) for row in rows)


async def live_bookings(tx: Transaction, source: ResidentId, since: datetime) -> list[Booking]:
    """The live bookings of one person, held ones aside, of which was heard from them since."""
    rows = await tx.all(
        f"""
        SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b
        JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
        WHERE b.resident_id = :source AND b.status IN {_LIVE} AND b.status <> 'held' AND {_HEARD_OF_BOOKING}
        ORDER BY b.id
        """,
        old=_actor(source),
        source=source,
        since=since,
    )
    return [Booking.of(row) for row in rows]


async def has_older(tx: Transaction, source: ResidentId, since: datetime) -> bool:
    """Whether there is anything about one person of which was not heard from them since."""
    row = await tx.one(
        f"""
        SELECT 1 AS one FROM cases c WHERE c.resident_id = :source AND NOT {_HEARD_OF_CASE}
        UNION ALL SELECT 1 FROM case_followers f WHERE f.resident_id = :source AND NOT {_HEARD_OF_FOLLOWED}
        UNION ALL SELECT 1 FROM bookings b WHERE b.resident_id = :source AND NOT {_HEARD_OF_BOOKING}
            AND (b.confirmed_at IS NOT NULL OR b.waiting_since IS NOT NULL)
        LIMIT 1
        """,
        old=_actor(source),
        source=source,
        since=since,
    )
    return row is not None


def hand_over_files(tx: Transaction, source: ResidentId, target: ResidentId) -> None:
    """What was sent for one person is another's, except with what stayed the first one's or that the other has sent."""
    tx.later(
        """
        UPDATE files SET resident_id = :target WHERE resident_id = :source AND NOT EXISTS (
            SELECT 1 FROM files own WHERE own.resident_id = :target AND own.channel = files.channel
                AND own.unique_id = files.unique_id
        ) AND id NOT IN (
            SELECT k.file_id FROM case_files k JOIN cases c ON c.id = k.case_id WHERE c.resident_id = :source
            UNION SELECT k.file_id FROM case_files k JOIN case_followers f ON f.case_id = k.case_id
            WHERE f.resident_id = :source
            UNION SELECT k.file_id FROM booking_files k JOIN bookings b ON b.id = k.booking_id
            WHERE b.resident_id = :source
        )
        """,
        source=source,
        target=target,
    )


def adopt_files(tx: Transaction, files: Iterable[FileId], target: ResidentId) -> None:
    """What was sent for a caller is theirs, also where they were taken for another caller at first."""
    for file in files:
        tx.later(
            """
            UPDATE files SET resident_id = :target
            WHERE id = :id AND resident_id <> :target
                AND resident_id IN (SELECT id FROM residents WHERE channel = 'desk')
                AND NOT EXISTS (
                    SELECT 1 FROM files own WHERE own.resident_id = :target AND own.channel = files.channel
                        AND own.unique_id = files.unique_id
                )
            """,
            id=file,
            target=target,
        )


def give_back_case(tx: Transaction, case: CaseId, source: ResidentId, target: ResidentId) -> None:
    """A case, with what came with it, is another's, and its number nobody's: it was somebody else's."""
    values = {"id": case, "source": source, "target": target}
    for sql in (
        """
        UPDATE cases SET resident_id = :target, phone = '', search = NULL, in_index = FALSE
        WHERE id = :id AND resident_id = :source
        """,
        """
        UPDATE files SET resident_id = :target
        WHERE resident_id = :source AND id IN (SELECT file_id FROM case_files WHERE case_id = :id)
        """,
    ):
        tx.later(sql, **values)


def give_back_booking(tx: Transaction, booking: BookingId, source: ResidentId, target: ResidentId) -> None:
    """The same with a booking."""
    values = {"id": booking, "source": source, "target": target}
    for sql in (
        "UPDATE bookings SET resident_id = :target, phone = '' WHERE id = :id AND resident_id = :source",
        """
        UPDATE files SET resident_id = :target
        WHERE resident_id = :source AND id IN (SELECT file_id FROM booking_files WHERE booking_id = :id)
        """,
    ):
        tx.later(sql, **values)


async def has_anything(tx: Transaction, resident: ResidentId) -> bool:
    """Whether a case, a joined one or a booking is somebody's."""
    row = await tx.one(
        """
        SELECT 1 AS one FROM cases WHERE resident_id = :id
        UNION ALL SELECT 1 FROM case_followers WHERE resident_id = :id
        UNION ALL SELECT 1 FROM bookings WHERE resident_id = :id LIMIT 1
        """,
        id=resident,
    )
    return row is not None


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))
