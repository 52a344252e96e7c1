"""What staff look for: queues, searches, the day's counts, who looked at what.

`offices` is everywhere a list such as "|capital|northern|": a statement takes it as one value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from storage.database import Row, Transaction, Value
from storage.ids import BookingId, CaseId, FileId, OfficeId, ResidentId
from storage.records import Booking, Case, Instant, Record

# ---------------------------------------------------------------------------- parts of statements

# All constants; every value is bound.
_IN_OFFICES = "replace(CAST(:offices AS TEXT), '|' || c.office || '|', '') <> CAST(:offices AS TEXT)"
_OPEN = "c.status IN ('received', 'under_review', 'in_progress', 'awaiting_resident', 'referred', 'reopened')"
_WATCHED = "c.status IN ('received', 'under_review', 'in_progress', 'reopened')"  # the office is to act
_UNTOUCHED = "c.status IN ('received', 'reopened')"


def _runs_out_before(moment: str) -> str:
    """One of the targets that a case has still to meet runs out before `moment`, a parameter."""
    return (
        f"({_WATCHED} AND (c.close_due < :{moment} OR (c.answered_at IS NULL AND c.update_due < :{moment})"
        f" OR ({_UNTOUCHED} AND c.triage_due < :{moment})))"
    )


_OVERDUE = _runs_out_before("now")
_DUE = f"({_runs_out_before('tonight')} AND NOT {_OVERDUE})"
_UNOWNED = f"({_WATCHED} AND c.owner = '')"
# When the next target of a case runs out.
_NEXT_DUE = f"""CASE WHEN {_UNTOUCHED} THEN c.triage_due WHEN c.answered_at IS NULL THEN c.update_due
    ELSE c.close_due END"""

# ---------------------------------------------------------------------------- queues


class Which(StrEnum):
    """Which of an office's cases."""

    MINE = "mine"
    UNOWNED = "unowned"
    DUE = "due"  # today
    OVERDUE = "overdue"
    ALL = "all"


def _queue(condition: str) -> str:
    return f"""
        SELECT c.*, count(*) OVER () AS total FROM cases c WHERE c.closed_at IS NULL AND {_IN_OFFICES} AND {condition}
        ORDER BY c.priority DESC, {_NEXT_DUE}, c.id LIMIT :limit OFFSET :offset
    """


_QUEUES: Mapping[Which, str] = MappingProxyType(
    {
        Which.MINE: _queue(f"{_OPEN} AND c.owner = :actor"),
        Which.UNOWNED: _queue(_UNOWNED),
        Which.DUE: _queue(_DUE),
        Which.OVERDUE: _queue(_OVERDUE),
        Which.ALL: _queue(_OPEN),
    }
)
_NEEDED: Mapping[Which, frozenset[str]] = MappingProxyType(
    {
        Which.MINE: frozenset({"actor"}),
        Which.UNOWNED: frozenset(),
        Which.DUE: frozenset({"now", "tonight"}),
        Which.OVERDUE: frozenset({"now"}),
        Which.ALL: frozenset(),
    }
)


async def queue(
    tx: Transaction,
    which: Which,
    offices: Collection[OfficeId],
    *,
    actor: str,
    now: datetime,
    tonight: datetime,
    limit: int,
    offset: int,
) -> tuple[list[Case], int]:
    """A page of open cases, the most urgent first, and how many there are in all (0 beyond the last page)."""
    moments: dict[str, Value] = {"actor": actor, "now": now, "tonight": tonight}
    values = {name: value for name, value in moments.items() if name in _NEEDED[which]}
    rows = await tx.all(_QUEUES[which], offices=_listed(offices), limit=limit, offset=offset, **values)
    return _page(rows)


# ---------------------------------------------------------------------------- searches

# All the same shape: a condition, what is open first, the newest first.


def _found(condition: str, best: str = "") -> str:
    order = f"{best}CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, c.created_at DESC, c.id DESC"
    # Only the rows of the page are read whole: there may be tens of thousands of hits.
    return f"""
        SELECT c.*, hits.total FROM (
            SELECT c.id, count(*) OVER () AS total FROM cases c WHERE {_IN_OFFICES} AND {condition}
            ORDER BY {order} LIMIT :limit OFFSET :offset
        ) AS hits JOIN cases c ON c.id = hits.id ORDER BY {order}
    """


_BY_BLOCK = _found("c.block = :block")
# Whoever asked not to be named is not found by their number.
_BY_PHONE = _found("c.phone = :phone AND c.phone <> '' AND NOT c.anonymous")  # as its index says it
_WORDS = 6
_BY_WORDS = _found(
    " AND ".join(f"c.search LIKE CAST(:word{n} AS TEXT) ESCAPE '!'" for n in range(_WORDS)),
    best="CASE WHEN "
    + " AND ".join(f"' ' || c.search || ' ' LIKE CAST(:whole{n} AS TEXT) ESCAPE '!'" for n in range(_WORDS))
    + " THEN 0 ELSE 1 END, ",
)
_BOOKINGS_BY_PHONE = """
SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b
JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
WHERE b.phone = :phone AND b.phone <> '' AND b.confirmed_at IS NOT NULL
    AND replace(CAST(:offices AS TEXT), '|' || b.office || '|', '') <> CAST(:offices AS TEXT)
ORDER BY s.day DESC, b.id DESC LIMIT :limit
"""


async def by_block(
    tx: Transaction, offices: Collection[OfficeId], block: int, limit: int, offset: int
) -> tuple[list[Case], int]:
    return _page(await tx.all(_BY_BLOCK, offices=_listed(offices), block=block, limit=limit, offset=offset))


async def by_phone(
    tx: Transaction, offices: Collection[OfficeId], phone: str, limit: int, offset: int
) -> tuple[list[Case], int]:
    """Cases with this number, except those whose people asked not to be named."""
    return _page(await tx.all(_BY_PHONE, offices=_listed(offices), phone=phone, limit=limit, offset=offset))


async def bookings_by_phone(tx: Transaction, offices: Collection[OfficeId], phone: str, limit: int) -> list[Booking]:
    rows = await tx.all(_BOOKINGS_BY_PHONE, offices=_listed(offices), phone=phone, limit=limit)
    return [Booking.of(row) for row in rows]


async def by_words(
    tx: Transaction, offices: Collection[OfficeId], words: Collection[str], limit: int, offset: int
) -> tuple[list[Case], int]:
    """Cases that hold all of the words (normalised, the first six), anywhere in their index; first those that hold
    them as whole words, not within longer ones.
    """
    wanted = [_literally(word) for word in words][:_WORDS]
    values = {f"word{n}": f"%{wanted[n]}%" if n < len(wanted) else "%" for n in range(_WORDS)}
    values |= {f"whole{n}": f"% {wanted[n]} %" if n < len(wanted) else "%" for n in range(_WORDS)}
    return _page(await tx.all(_BY_WORDS, offices=_listed(offices), limit=limit, offset=offset, **values))


def _literally(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


# ---------------------------------------------------------------------------- what cases are found by


def index(tx: Transaction, case: CaseId, search: str) -> None:
    """What a case is found by."""
    tx.later("UPDATE cases SET search = :search WHERE id = :id", search=search, id=case)


def forget_index(tx: Transaction, case: CaseId) -> None:
    """Its words are no longer what they were: the clock writes the index anew."""
    tx.later("UPDATE cases SET search = NULL WHERE id = :id", id=case)


async def to_index(tx: Transaction, limit: int) -> list[Case]:
    """Cases whose index is to be written."""
    rows = await tx.all("SELECT * FROM cases WHERE search IS NULL ORDER BY id DESC LIMIT :limit", limit=limit)
    return [Case.of(row) for row in rows]


# ---------------------------------------------------------------------------- the day


class Counts(Record):
    """How an office's cases stand."""

    new: int  # filed since a moment
    open: int
    unowned: int
    due: int  # today
    overdue: int
    waiting: int  # for the applicant


async def counts(tx: Transaction, office: OfficeId, *, since: datetime, now: datetime, tonight: datetime) -> Counts:
    row = await tx.one(
        f"""
        SELECT count(CASE WHEN c.created_at >= :since THEN 1 END) AS new,
            count(CASE WHEN {_OPEN} THEN 1 END) AS open,
            count(CASE WHEN {_UNOWNED} THEN 1 END) AS unowned,
            count(CASE WHEN {_DUE} THEN 1 END) AS due,
            count(CASE WHEN {_OVERDUE} THEN 1 END) AS overdue,
            count(CASE WHEN c.status = 'awaiting_resident' THEN 1 END) AS waiting
        FROM cases c WHERE c.office = :office AND (c.closed_at IS NULL OR c.created_at >= :since)
        """,
        office=office,
        since=since,
        now=now,
        tonight=tonight,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return Counts.of(row)


async def appointments(tx: Transaction, office: OfficeId, day: date) -> list[Booking]:
    """Whom an office expects or has received on a day, in the order of their times."""
    rows = await tx.all(
        """
        SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b
        JOIN sessions s ON s.id = b.session_id JOIN slots t ON t.id = b.slot_id
        WHERE s.office = :office AND s.day = :day
            AND b.status IN ('confirmed', 'checked_in', 'attended', 'no_show')
        ORDER BY t.starts_at, b.seat
        """,
        office=office,
        day=day,
    )
    return [Booking.of(row) for row in rows]


# ---------------------------------------------------------------------------- who looked at what


class Look(Record):
    """Somebody saw what is not on the cards."""

    at: Instant
    actor: str
    action: str
    reference: str
    detail: str


async def access_log(tx: Transaction, office: OfficeId, since: datetime, limit: int) -> list[Look]:
    """Who saw names and numbers of an office's cases and bookings, the newest first."""
    # By the number in the subject: with 'case:' || id no index would find them.
    rows = await tx.all(
        """
        SELECT a.at, a.actor, a.action, a.detail, coalesce(c.reference, b.reference) AS reference FROM audit a
        LEFT JOIN cases c ON c.id = CASE WHEN a.action LIKE 'case.%' THEN CAST(substr(a.subject, 6) AS BIGINT) END
        LEFT JOIN bookings b
            ON b.id = CASE WHEN a.action LIKE 'booking.%' THEN CAST(substr(a.subject, 9) AS BIGINT) END
        WHERE a.at >= :since AND a.action IN ('case.contact', 'case.found', 'booking.contact', 'booking.found')
            AND (c.office = :office OR b.office = :office)
        ORDER BY a.id DESC LIMIT :limit
        """,
        office=office,
        since=since,
        limit=limit,
    )
    return [Look.of(row) for row in rows]


# ---------------------------------------------------------------------------- records of people without a channel


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
    """Cases of one person of which was heard from them since are another's from now on; which those were."""
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


_LIVE = "('held', 'waiting', 'offered', 'confirmed', 'checked_in')"


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
        UPDATE bookings SET resident_id = :target WHERE id IN (
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
        "UPDATE cases SET resident_id = :target, phone = '', search = NULL WHERE id = :id AND resident_id = :source",
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


# ---------------------------------------------------------------------------- inside


def _listed(offices: Collection[OfficeId]) -> str:
    return "".join(f"|{office}|" for office in offices)


def _page(rows: list[Row]) -> tuple[list[Case], int]:
    return [Case.of(row) for row in rows], _number(rows[0], "total") if rows else 0


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))
