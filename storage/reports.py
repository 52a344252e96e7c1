"""What a report counts. Each statement reads one stretch of time from an index and returns sums, never cases.

Where a statement starts matters: a condition that another index could serve is counted with CASE instead, and tables
that are joined in one order only are joined with CROSS JOIN, which SQLite takes as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum, auto
from types import MappingProxyType

from storage.booking_states import KEPT, listed
from storage.bookings import WALK_IN
from storage.database import Dialect, Row, Transaction, Value, one_of
from storage.ids import CategoryId, OfficeId, Reference
from storage.no_shows import Reason
from storage.records import Instant, Record
from storage.records.bookings import BookingStatus
from storage.records.cases import CaseKind, CaseStatus, Outcome

_WEEK = 7 * 86_400


class Filed(Record):
    office: OfficeId
    category: CategoryId
    kind: CaseKind
    source: str
    n: int


class Ended(Record):
    office: OfficeId
    category: CategoryId
    status: CaseStatus
    outcome: Outcome
    n: int
    oldest: Instant  # when the first of them was opened


class Week(Record):
    week: int  # how many weeks after the first
    n: int


class BlockCount(Record):
    block: int
    n: int


class TimeCount(Record):
    """So many cases took so many minutes of their office's hours; None where nothing happened yet."""

    state: str
    minutes: int | None
    n: int


class Stars(Record):
    stars: int
    n: int
    comments: int


class Comment(Record):
    at: Instant
    stars: int
    comment: str
    reference: Reference


class BookingCount(Record):
    day: date  # of the session
    status: BookingStatus
    confirmed: bool  # at some time
    walk_in: bool
    n: int


class OpenCount(Record):
    earlier: int  # of those received before a moment
    overdue: int


class OwnerCount(Record):
    """Cases of a member of staff: how many, and of these how many ended in time or are late."""

    owner: str
    n: int
    marked: int


# ---------------------------------------------------------------------------- the parts of the statements


class Scope(Enum):
    """Whether one category is counted, or all: what a statement need not look at, it need not read."""

    OFFICES = auto()
    CATEGORY = auto()


def epoch(dialect: Dialect, instant: str) -> str:
    """Whole seconds since 1970."""
    if dialect is Dialect.SQLITE:
        return f"CAST(strftime('%s', {instant}) AS INTEGER)"
    return f"CAST(floor(EXTRACT(EPOCH FROM {instant})) AS BIGINT)"


def _of_scope(dialect: Dialect, which: Scope) -> str:
    of_offices = one_of(dialect, "c.office", "offices")
    return f"{of_offices} AND c.category = :category" if which is Scope.CATEGORY else of_offices


_RECEIVED = "c.created_at >= :start AND c.created_at < :end"
_CLOSED = "c.closed_at >= :start AND c.closed_at < :end"
#: What an office ended by itself: a target is about these.
_ANSWERED_FOR = "c.status IN ('closed', 'rejected', 'outside_remit')"
# A proposed closure is the office's part of the work; that the resident is silent for a week is not.
_FINISHED = "CASE WHEN c.status = 'closed' AND c.resolved_at >= c.opened_at THEN c.resolved_at ELSE c.closed_at END"
_FIRST_ANSWER = """
    CASE WHEN c.answered_at IS NOT NULL
        THEN CASE WHEN c.answered_at <= c.update_due THEN 'within' ELSE 'late' END
        WHEN c.closed_at IS NOT NULL THEN 'none'
        WHEN c.paused_at IS NULL AND c.update_due < :now THEN 'late'
        ELSE 'pending' END
"""
_CLOSING = f"CASE WHEN {_FINISHED} <= c.close_due THEN 'within' ELSE 'late' END"


def _days(dialect: Dialect) -> str:
    """The offices' days as rows: when each begins, the hours of it, and what was worked on the days before."""
    names = ("office", "begins", "opens", "closes", "worked")
    if dialect is Dialect.SQLITE:
        columns = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
        return f"SELECT {columns} FROM json_each(:days)"
    columns = ", ".join(f"CAST(value->>{place} AS BIGINT) AS {name}" for place, name in enumerate(names[1:], start=1))
    return f"SELECT value->>0 AS office, {columns} FROM json_array_elements(CAST(:days AS JSON))"


def _times(dialect: Dialect, state: str, until: str, scope: str, which: str) -> str:
    """How many minutes of their office's hours cases took since they were opened, of each state.

    The days and both ends of each case are put on one line of time. There the last day before an end is the one with
    the latest hours so far, so nothing has to be looked up: a join would read all days for each case.
    """
    least, greatest = ("min", "max") if dialect is Dialect.SQLITE else ("LEAST", "GREATEST")
    return f"""
        WITH cohort AS MATERIALIZED (
            SELECT c.id, c.office, {epoch(dialect, "c.opened_at")} AS since, {epoch(dialect, until)} AS until,
                {state} AS state
            FROM cases c WHERE {scope} AND {which}
        ),
        days AS ({_days(dialect)}),
        line AS (
            SELECT office, begins AS at, opens, closes, worked, NULL AS id, NULL AS state, 0 AS sign FROM days
            UNION ALL SELECT office, since, NULL, NULL, NULL, id, state, -1 FROM cohort
            UNION ALL SELECT office, until, NULL, NULL, NULL, id, state, 1 FROM cohort WHERE until IS NOT NULL
        ),
        placed AS (
            SELECT id, state, sign, at, max(opens) OVER past AS opens, max(closes) OVER past AS closes,
                max(worked) OVER past AS worked
            FROM line WINDOW past AS (PARTITION BY office ORDER BY at, abs(sign))
        ),
        took AS (
            SELECT max(state) AS state,
                sum(sign * (worked + {least}({greatest}(at - opens, 0), closes - opens))) AS seconds, count(*) AS ends
            FROM placed WHERE id IS NOT NULL GROUP BY id
        )
        SELECT state, CASE WHEN ends = 2 THEN CAST(seconds AS BIGINT) / 60 END AS minutes, count(*) AS n
        FROM took GROUP BY 1, 2
    """


# The index of queues holds the open cases alone, and SQLite takes it where it need not look beyond it.
_OPEN = {
    dialect: f"""
        WITH queue AS MATERIALIZED (
            SELECT w.id FROM cases w WHERE w.closed_at IS NULL AND {one_of(dialect, "w.office", "offices")}
        )
    """
    for dialect in Dialect
}


def _weekly(dialect: Dialect, instant: str, scope: str, which: str) -> str:
    return f"""
        SELECT ({epoch(dialect, instant)} - :origin) / {_WEEK} AS week, count(*) AS n
        FROM cases c WHERE {scope} AND {which} GROUP BY 1
    """


def _statements(dialect: Dialect, which: Scope) -> Mapping[str, str]:
    scope = _of_scope(dialect, which)
    booked = one_of(dialect, "s.office", "offices")
    return MappingProxyType(
        {
            "filed": f"""
                SELECT c.office, c.category, c.kind, c.source, count(*) AS n
                FROM cases c WHERE {scope} AND {_RECEIVED} GROUP BY c.office, c.category, c.kind, c.source
            """,
            "ended": f"""
                SELECT c.office, c.category, c.status, c.outcome, count(*) AS n, min(c.opened_at) AS oldest
                FROM cases c WHERE {scope} AND {_CLOSED} GROUP BY c.office, c.category, c.status, c.outcome
            """,
            # `+ 0` keeps SQLite from reading all blocks in order to have them grouped.
            "blocks": f"""
                SELECT c.block + 0 AS block, count(*) AS n
                FROM cases c WHERE {scope} AND {_RECEIVED} AND c.block IS NOT NULL GROUP BY c.block + 0
            """,
            "received by week": _weekly(dialect, "c.created_at", scope, _RECEIVED),
            "closed by week": _weekly(dialect, "c.closed_at", scope, _CLOSED),
            "first answers": _times(dialect, _FIRST_ANSWER, "c.answered_at", scope, _RECEIVED),
            "closings": _times(dialect, _CLOSING, f"({_FINISHED})", scope, f"{_CLOSED} AND {_ANSWERED_FOR}"),
            "closed of earlier": f"""
                SELECT count(CASE WHEN c.created_at < :before THEN 1 END) AS n FROM cases c WHERE {scope} AND {_CLOSED}
            """,
            "open": f"""
                {_OPEN[dialect]}
                SELECT count(CASE WHEN c.created_at < :before THEN 1 END) AS earlier,
                    count(CASE WHEN c.first_due < :now THEN 1 END) AS overdue
                FROM queue CROSS JOIN cases c WHERE c.id = queue.id AND {scope}
            """,
            "reopened": f"""
                SELECT count(*) AS n FROM case_events e CROSS JOIN cases c
                WHERE e.what = 'reopened' AND e.detail <> 'separated'
                AND e.at >= :start AND e.at < :end AND c.id = e.case_id AND {scope}
            """,
            "stars of cases": f"""
                SELECT r.stars, count(*) AS n, count(CASE WHEN r.comment <> '' THEN 1 END) AS comments
                FROM ratings r CROSS JOIN cases c
                WHERE r.at >= :start AND r.at < :end AND r.subject = 'case' AND c.id = r.subject_id AND {scope}
                GROUP BY r.stars
            """,
            "stars of meetings": f"""
                SELECT r.stars, count(*) AS n, count(CASE WHEN r.comment <> '' THEN 1 END) AS comments
                FROM ratings r CROSS JOIN bookings s
                WHERE r.at >= :start AND r.at < :end AND r.subject = 'booking' AND s.id = r.subject_id AND {booked}
                GROUP BY r.stars
            """,
            "comments on cases": f"""
                SELECT r.at, r.stars, r.comment, c.reference FROM ratings r CROSS JOIN cases c
                WHERE r.at >= :start AND r.at < :end AND r.subject = 'case' AND r.comment <> ''
                    AND c.id = r.subject_id AND {scope}
                ORDER BY r.at DESC, r.id DESC LIMIT :limit
            """,
            "comments on meetings": f"""
                SELECT r.at, r.stars, r.comment, s.reference FROM ratings r CROSS JOIN bookings s
                WHERE r.at >= :start AND r.at < :end AND r.subject = 'booking' AND r.comment <> ''
                    AND s.id = r.subject_id AND {booked}
                ORDER BY r.at DESC, r.id DESC LIMIT :limit
            """,
            # A hold is no booking yet.
            "bookings": f"""
                SELECT s.day, b.status, b.confirmed_at IS NOT NULL AS confirmed, b.source = '{WALK_IN}' AS walk_in,
                    count(*) AS n
                FROM sessions s CROSS JOIN bookings b
                WHERE {booked} AND s.day >= :first AND s.day <= :last AND b.session_id = s.id
                    AND b.status NOT IN {listed(KEPT)}
                GROUP BY 1, 2, 3, 4
            """,
            "no shows": f"""
                SELECT n.reason, count(*) AS n
                FROM sessions s CROSS JOIN bookings b CROSS JOIN no_show_reasons n
                WHERE {booked} AND s.day >= :first AND s.day <= :last AND b.session_id = s.id
                    AND b.status = 'no_show' AND b.confirmed_at IS NOT NULL AND b.source <> '{WALK_IN}'
                    AND n.booking_id = b.id
                GROUP BY n.reason
            """,
            "referrals": f"""
                SELECT o.party, count(*) AS n
                FROM sessions s CROSS JOIN bookings b CROSS JOIN meeting_outcomes o
                WHERE {booked} AND s.day >= :first AND s.day <= :last AND b.session_id = s.id
                    AND o.booking_id = b.id AND o.kind = 'referred' AND NOT EXISTS (
                        SELECT 1 FROM meeting_outcomes l WHERE l.booking_id = o.booking_id AND l.version > o.version)
                GROUP BY o.party
            """,
            "ended by owner": f"""
                SELECT c.owner, count(*) AS n, count(CASE WHEN {_CLOSING} = 'within' THEN 1 END) AS marked
                FROM cases c WHERE {scope} AND {_CLOSED} AND {_ANSWERED_FOR} AND c.owner <> '' GROUP BY c.owner
            """,
            "open by owner": f"""
                {_OPEN[dialect]}
                SELECT c.owner, count(*) AS n, count(CASE WHEN c.first_due < :now THEN 1 END) AS marked
                FROM queue CROSS JOIN cases c WHERE c.id = queue.id AND {scope} AND c.status <> 'resolved'
                    AND c.owner <> ''
                GROUP BY c.owner
            """,
        }
    )


_SQL = {(dialect, which): _statements(dialect, which) for dialect in Dialect for which in Scope}


# ---------------------------------------------------------------------------- reading


class Reader:
    """Reads figures of some offices, and of one category or of all."""

    def __init__(self, tx: Transaction, offices: tuple[OfficeId, ...], category: CategoryId | None) -> None:
        self._tx = tx
        self._sql = _SQL[tx.dialect, Scope.OFFICES if category is None else Scope.CATEGORY]
        self._offices: dict[str, Value] = {"offices": offices}
        self._scope: dict[str, Value] = self._offices if category is None else {**self._offices, "category": category}

    async def filed(self, start: datetime, end: datetime) -> list[Filed]:
        """Cases received."""
        return [Filed.of(row) for row in await self._all("filed", start=start, end=end)]

    async def ended(self, start: datetime, end: datetime) -> list[Ended]:
        """Cases that ended, well or not."""
        return [Ended.of(row) for row in await self._all("ended", start=start, end=end)]

    async def blocks(self, start: datetime, end: datetime) -> list[BlockCount]:
        """Cases received, by the block they are about."""
        return [BlockCount.of(row) for row in await self._all("blocks", start=start, end=end)]

    async def received_by_week(self, start: datetime, end: datetime, origin: datetime) -> list[Week]:
        rows = await self._all("received by week", start=start, end=end, origin=int(origin.timestamp()))
        return [Week.of(row) for row in rows]

    async def closed_by_week(self, start: datetime, end: datetime, origin: datetime) -> list[Week]:
        rows = await self._all("closed by week", start=start, end=end, origin=int(origin.timestamp()))
        return [Week.of(row) for row in rows]

    async def first_answers(self, start: datetime, end: datetime, *, days: str, now: datetime) -> list[TimeCount]:
        """Of the cases received: `within` or `late` by their target, `pending`, or ended with `none`."""
        rows = await self._all("first answers", start=start, end=end, days=days, now=now)
        return [TimeCount.of(row) for row in rows]

    async def closings(self, start: datetime, end: datetime, *, days: str) -> list[TimeCount]:
        """Of the cases that the office ended: `within` or `late` by their target."""
        return [TimeCount.of(row) for row in await self._all("closings", start=start, end=end, days=days)]

    async def closed_of_earlier(self, start: datetime, end: datetime, before: datetime) -> int:
        """Cases that ended, of those received before a moment."""
        return _number(await self._all("closed of earlier", start=start, end=end, before=before))

    async def open(self, before: datetime, now: datetime) -> OpenCount:
        """Cases that are open."""
        return OpenCount.of((await self._all("open", before=before, now=now))[0])

    async def reopened(self, start: datetime, end: datetime) -> int:
        """How often a case was opened again."""
        return _number(await self._all("reopened", start=start, end=end))

    async def stars_of_cases(self, start: datetime, end: datetime) -> list[Stars]:
        return [Stars.of(row) for row in await self._all("stars of cases", start=start, end=end)]

    async def stars_of_meetings(self, start: datetime, end: datetime) -> list[Stars]:
        return [Stars.of(row) for row in await self._of_offices("stars of meetings", start=start, end=end)]

    async def comments_on_cases(self, start: datetime, end: datetime, limit: int) -> list[Comment]:
        rows = await self._all("comments on cases", start=start, end=end, limit=limit)
        return [Comment.of(row) for row in rows]

    async def comments_on_meetings(self, start: datetime, end: datetime, limit: int) -> list[Comment]:
        rows = await self._of_offices("comments on meetings", start=start, end=end, limit=limit)
        return [Comment.of(row) for row in rows]

    async def bookings(self, first: date, last: date) -> list[BookingCount]:
        """Appointments for the sessions of some days, and who waits for one."""
        return [BookingCount.of(row) for row in await self._of_offices("bookings", first=first, last=last)]

    async def no_shows(self, first: date, last: date) -> dict[Reason, int]:
        """Why people did not come to their appointments of some days, as far as they said."""
        rows = await self._of_offices("no shows", first=first, last=last)
        return {Reason(str(row["reason"])): int(str(row["n"])) for row in rows}

    async def referrals(self, first: date, last: date) -> dict[str, int]:
        """What meetings of some days referred elsewhere, by whom it was referred to: "" of who was typed."""
        rows = await self._of_offices("referrals", first=first, last=last)
        return {str(row["party"]): int(str(row["n"])) for row in rows}

    async def ended_by_owner(self, start: datetime, end: datetime) -> list[OwnerCount]:
        """Cases that the office ended; those in time are marked."""
        return [OwnerCount.of(row) for row in await self._all("ended by owner", start=start, end=end)]

    async def open_by_owner(self, now: datetime) -> list[OwnerCount]:
        """Cases that are open; those that are late are marked."""
        return [OwnerCount.of(row) for row in await self._all("open by owner", now=now)]

    async def _all(self, which: str, **values: Value) -> list[Row]:
        return await self._tx.all(self._sql[which], **self._scope, **values)

    async def _of_offices(self, which: str, **values: Value) -> list[Row]:
        return await self._tx.all(self._sql[which], **self._offices, **values)


def _number(rows: list[Row]) -> int:
    return int(str(rows[0]["n"]))
