"""A report as tables: what the spreadsheet, the open data and the command line all write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from types import MappingProxyType
from typing import TypeVar

from services.reports.figures import Absence, Ending, Promises, Report, Timing, Volume

K = TypeVar("K", bound=str)


class Hidden(Enum):
    """Why a count is not published."""

    SMALL = auto()  # it is below the least that is
    COMPLEMENT = auto()  # a small one could be computed from it


Cell = str | int | float | date | Hidden | None


class TableName(StrEnum):
    SUMMARY = "summary"
    FIRST_ANSWER = "first_answer"
    CLOSING = "closing"
    ENDINGS = "endings"
    OFFICES = "offices"
    CATEGORIES = "categories"
    KINDS = "kinds"
    SOURCES = "sources"
    BLOCKS = "blocks"
    WEEKS = "weeks"
    STARS = "stars"
    BOOKINGS = "bookings"
    NO_SHOWS = "no_shows"
    DAYS = "customer_days"
    PROMISES = "promises"
    PROMISE_OFFICES = "promises_by_office"
    REFERRALS = "referrals"
    STAFF = "staff"


class Column(StrEnum):
    """What a column holds; the first of a table says what its rows are."""

    MEASURE = "measure"
    OFFICE = "office"
    CATEGORY = "category"
    KIND = "kind"
    SOURCE = "source"
    BLOCK = "block"
    WEEK = "week"
    STARS = "stars"
    ENDING = "ending"
    BOOKING = "booking"
    ABSENCE = "reason"
    DAY = "day"
    MEMBER = "member"
    BOOKED = "booked"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPECTED = "expected"
    WAITING = "waiting"
    WALK_INS = "walk_ins"
    COUNT = "count"
    RECEIVED = "received"
    CLOSED = "closed"
    WITHIN = "within_target"
    OPEN = "open"
    OVERDUE = "overdue"
    PROMISE = "promise"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    UNCONFIRMED = "unconfirmed"
    PROMISE_OPEN = "not_due"
    BODY = "body"
    MEETINGS = "meetings"
    REQUESTS = "requests"
    STILL_THERE = "still_there"
    MEDIAN_DAYS = "median_days"


class Measure(StrEnum):
    """What a row of figures is."""

    OPEN_AT_START = "open_at_start"
    RECEIVED = "received"
    CLOSED = "closed"
    OPEN_AT_END = "open_at_end"
    OVERDUE = "overdue"
    REOPENED = "reopened"
    RATINGS = "ratings"
    MEAN = "mean_rating"
    COMMENTS = "comments"
    WITHIN = "within_target"
    LATE = "late"
    PENDING = "pending"
    NONE = "no_answer_due"
    MEDIAN = "median_working_hours"
    NINETIETH = "90th_percentile_working_hours"


class PromiseRow(StrEnum):
    """How a promise stands."""

    KEPT = "kept"
    NOT_KEPT = "not_kept"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    OVERDUE = "overdue"


class BookingRow(StrEnum):
    """What became of an appointment."""

    EXPECTED = "expected"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED_BY_RESIDENT = "cancelled_by_resident"
    CANCELLED_BY_MUNICIPALITY = "cancelled_by_municipality"
    BOOKED = "booked"
    WAITING = "waiting"
    WALK_INS = "walk_ins"


@dataclass(frozen=True, slots=True)
class Table:
    name: TableName
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, key: Cell, column: int = 1) -> Cell:
        """What a row says, by what its first cell is; None where there is no such row."""
        return next((row[column] for row in self.rows if row[0] == key), None)


def hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 2)


def tables(report: Report) -> tuple[Table, ...]:
    """All of a report, counted to the last case."""
    return tuple(
        make(report) for name, make in _TABLES.items() if (name not in _OF_APPOINTMENTS or report.bookings is not None)
    )


def staff_table(report: Report) -> Table:
    """Each member's cases, for those who lead."""
    columns = (Column.MEMBER, Column.CLOSED, Column.WITHIN, Column.OPEN, Column.OVERDUE)
    rows = tuple((one.name or one.actor, one.closed, one.closed_within, one.open, one.overdue) for one in report.staff)
    return Table(TableName.STAFF, columns, rows)


# ---------------------------------------------------------------------------- one by one


def _summary(report: Report) -> Table:
    satisfaction = report.satisfaction
    return _measured(
        TableName.SUMMARY,
        {
            Measure.OPEN_AT_START: report.open_at_start,
            Measure.RECEIVED: report.received,
            Measure.CLOSED: report.closed,
            Measure.OPEN_AT_END: report.open_at_end,
            Measure.OVERDUE: report.overdue,
            Measure.REOPENED: report.reopened,
            Measure.RATINGS: satisfaction.count,
            Measure.MEAN: None if satisfaction.mean is None else round(satisfaction.mean, 2),
            Measure.COMMENTS: satisfaction.comments,
        },
    )


def _first_answer(report: Report) -> Table:
    timing = report.first_answer
    none = report.received - timing.decided - timing.pending
    counts = {Measure.WITHIN: timing.within, Measure.LATE: timing.late, Measure.PENDING: timing.pending}
    return _measured(TableName.FIRST_ANSWER, {**counts, Measure.NONE: none, **_percentiles(timing)})


def _closing(report: Report) -> Table:
    timing = report.closing
    counts = {Measure.WITHIN: timing.within, Measure.LATE: timing.late}
    return _measured(TableName.CLOSING, {**counts, **_percentiles(timing)})


def _percentiles(timing: Timing) -> Mapping[Measure, float | None]:
    return {Measure.MEDIAN: hours(timing.percentile(50)), Measure.NINETIETH: hours(timing.percentile(90))}


def _measured(name: TableName, values: Mapping[Measure, int | float | None]) -> Table:
    return Table(name, (Column.MEASURE, Column.COUNT), tuple((key.value, value) for key, value in values.items()))


def _endings(report: Report) -> Table:
    rows = tuple((ending.value, report.endings.get(ending, 0)) for ending in Ending)
    return Table(TableName.ENDINGS, (Column.ENDING, Column.COUNT), rows)


def _volumes(name: TableName, first: Column, volumes: Mapping[K, Volume]) -> Table:
    ordered = sorted(volumes.items(), key=lambda item: (-item[1].received, item[0]))
    rows = tuple((str(key), volume.received, volume.closed) for key, volume in ordered)
    return Table(name, (first, Column.RECEIVED, Column.CLOSED), rows)


def _offices(report: Report) -> Table:
    volumes = {office: report.offices.get(office, Volume()) for office in report.scope.offices}
    return _volumes(TableName.OFFICES, Column.OFFICE, volumes)


def _categories(report: Report) -> Table:
    return _volumes(TableName.CATEGORIES, Column.CATEGORY, report.categories)


def _counts(name: TableName, first: Column, counts: Mapping[K, int]) -> Table:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Table(name, (first, Column.RECEIVED), tuple((str(key), n) for key, n in ordered))


def _kinds(report: Report) -> Table:
    return _counts(TableName.KINDS, Column.KIND, report.kinds)


def _sources(report: Report) -> Table:
    return _counts(TableName.SOURCES, Column.SOURCE, report.sources)


def _blocks(report: Report) -> Table:
    """Heat by block; a case without a block is about none."""
    nowhere = report.received - sum(report.blocks.values())
    rows: list[tuple[Cell, ...]] = [*report.top_blocks(len(report.blocks)), (None, nowhere)]
    return Table(TableName.BLOCKS, (Column.BLOCK, Column.RECEIVED), tuple(rows))


def _weeks(report: Report) -> Table:
    rows = tuple((sunday, volume.received, volume.closed) for sunday, volume in report.weeks.items())
    return Table(TableName.WEEKS, (Column.WEEK, Column.RECEIVED, Column.CLOSED), rows)


def _stars(report: Report) -> Table:
    rows = tuple(enumerate(report.satisfaction.stars, start=1))
    return Table(TableName.STARS, (Column.STARS, Column.COUNT), rows)


def _bookings(report: Report) -> Table:
    assert report.bookings is not None  # noqa: S101 - asked for only where there are
    rows = tuple((one.value, int(getattr(report.bookings, one.value))) for one in BookingRow)
    return Table(TableName.BOOKINGS, (Column.BOOKING, Column.COUNT), rows)


def _no_shows(report: Report) -> Table:
    """Why people did not come, in the order in which they are asked."""
    rows = tuple((one.value, report.absences.get(one, 0)) for one in Absence)
    return Table(TableName.NO_SHOWS, (Column.ABSENCE, Column.COUNT), rows)


def _days(report: Report) -> Table:
    """What became of the appointments of each Customer Day."""
    columns = (Column.DAY, *_DAY_COUNTS)
    rows: list[tuple[Cell, ...]] = [
        (day, *(int(getattr(bookings, column.value)) for column in _DAY_COUNTS))
        for day, bookings in report.booking_days.items()
    ]
    return Table(TableName.DAYS, columns, tuple(rows))


_DAY_COUNTS = (
    Column.BOOKED,
    Column.ATTENDED,
    Column.NO_SHOW,
    Column.CANCELLED,
    Column.EXPECTED,
    Column.WAITING,
    Column.WALK_INS,
)
_OF_APPOINTMENTS = frozenset(
    {TableName.BOOKINGS, TableName.NO_SHOWS, TableName.DAYS, TableName.PROMISES, TableName.PROMISE_OFFICES}
)


def _promises(report: Report) -> Table:
    total = sum((report.promises or {}).values(), Promises())
    rows = tuple((one.value, int(getattr(total, one.value))) for one in PromiseRow)
    return Table(TableName.PROMISES, (Column.PROMISE, Column.COUNT), rows)


def _promise_offices(report: Report) -> Table:
    columns = (
        Column.OFFICE,
        Column.KEPT,
        Column.NOT_KEPT,
        Column.UNCONFIRMED,
        Column.PROMISE_OPEN,
        Column.OVERDUE,
    )
    rows = tuple(
        (str(office), one.kept, one.not_kept, one.unconfirmed, one.open, one.overdue)
        for office, one in (report.promises or {}).items()
    )
    return Table(TableName.PROMISE_OFFICES, columns, rows)


def _referrals(report: Report) -> Table:
    """To which bodies meetings and requests were referred, those with most first."""
    columns = (Column.BODY, Column.MEETINGS, Column.REQUESTS, Column.STILL_THERE, Column.MEDIAN_DAYS)
    ordered = sorted(report.referred.items(), key=lambda item: (-item[1].meetings - item[1].requests, item[0]))
    rows = tuple((body, one.meetings, one.requests, one.open, one.median_age) for body, one in ordered)
    return Table(TableName.REFERRALS, columns, rows)


_TABLES: Mapping[TableName, Callable[[Report], Table]] = MappingProxyType(
    {
        TableName.SUMMARY: _summary,
        TableName.FIRST_ANSWER: _first_answer,
        TableName.CLOSING: _closing,
        TableName.ENDINGS: _endings,
        TableName.OFFICES: _offices,
        TableName.CATEGORIES: _categories,
        TableName.KINDS: _kinds,
        TableName.SOURCES: _sources,
        TableName.BLOCKS: _blocks,
        TableName.WEEKS: _weeks,
        TableName.STARS: _stars,
        TableName.BOOKINGS: _bookings,
        TableName.NO_SHOWS: _no_shows,
        TableName.DAYS: _days,
        TableName.PROMISES: _promises,
        TableName.PROMISE_OFFICES: _promise_offices,
        TableName.REFERRALS: _referrals,
    }
)


def with_column(table: Table, column: int, cells: Sequence[Cell]) -> Table:
    """The same with other cells in one column."""
    rows = tuple((*row[:column], cell, *row[column + 1 :]) for row, cell in zip(table.rows, cells, strict=True))
    return Table(table.name, table.columns, rows)
