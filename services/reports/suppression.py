"""What of a report may be published: no count below five, and none that could be computed from the others.

Each table is a relation between counts: its cells add up to a total that is published too. Where cells are hidden, what
the reader knows is that relation, and that a small cell is at most four and any other hidden one at least five. A small
cell is protected while each number from none to four is possible by that. Until then the smallest of the others is
hidden as well; a table of which nothing would be left is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from services.reports.figures import Report
from services.reports.tables import BookingRow, Cell, Hidden, Measure, Table, TableName, tables, with_column

#: The least count that is published.
LEAST = 5
_MOST_HIDDEN = LEAST - 1
_UNBOUNDED = 10**12

_PERCENTILES = frozenset({Measure.MEDIAN.value, Measure.NINETIETH.value})
_BALANCE = (Measure.OPEN_AT_START, Measure.RECEIVED, Measure.CLOSED, Measure.OPEN_AT_END)
#: What is open at the end is what was open, and came, and did not end.
_SIGNS = (1, 1, -1, -1)
_OF_RECEIVED = (TableName.KINDS, TableName.SOURCES, TableName.BLOCKS)
_OF_BOTH = (TableName.OFFICES, TableName.CATEGORIES, TableName.WEEKS)


def published(report: Report) -> tuple[Table, ...]:
    """The tables of a report that anybody may see: of appointments their sums, since one day has too few of them."""
    made = {table.name: table for table in tables(report)}
    summary = _summary(report, made[TableName.SUMMARY])
    found: list[Table | None] = [summary]
    shows_received = not isinstance(summary.cell(Measure.RECEIVED.value), Hidden)
    shows_closed = not isinstance(summary.cell(Measure.CLOSED.value), Hidden)
    if shows_received:
        found.append(_first_answer(report, made[TableName.FIRST_ANSWER]))
        found += [_column(made[name], 1, report.received) for name in _OF_RECEIVED]
    if shows_closed:
        endings = _column(made[TableName.ENDINGS], 1, report.closed)
        found.append(endings)
        # Its total is a part of the endings': it must not say what one of them is.
        if endings is not None and endings == made[TableName.ENDINGS]:
            found.append(_timing(made[TableName.CLOSING], report.closing.decided, sum(report.closing.minutes.values())))
    if shows_received and shows_closed:
        for name in _OF_BOTH:
            received = _column(made[name], 1, report.received)
            found.append(None if received is None else _column(received, 2, report.closed))
    found.append(_stars(made[TableName.STARS]))
    if report.bookings is not None:
        bookings = _bookings(made[TableName.BOOKINGS])
        found += [bookings, _no_shows(bookings, made[TableName.NO_SHOWS])]
    if report.promises is not None:
        found += _promises(made[TableName.PROMISES], made[TableName.PROMISE_OFFICES])
    order = list(TableName)
    return tuple(sorted((one for one in found if one is not None), key=lambda table: order.index(table.name)))


# ---------------------------------------------------------------------------- tables


def _summary(report: Report, table: Table) -> Table:
    values = [int(str(table.cell(measure.value))) for measure in _BALANCE]
    hidden = protect(values, _SIGNS, 0)
    balance = [Hidden.SMALL if value < LEAST else Hidden.COMPLEMENT for value in values] if hidden is None else hidden
    shown = dict(zip((measure.value for measure in _BALANCE), balance, strict=True))
    rated = report.satisfaction.count >= LEAST
    cells: list[Cell] = []
    for name, value in table.rows:
        if name in shown:
            cells.append(shown[str(name)])
        elif name == Measure.MEAN.value:
            cells.append(value if rated else None)
        else:
            cells.append(_single(value))
    return with_column(table, 1, cells)


def _single(value: Cell) -> Cell:
    """A count that is part of no sum."""
    return Hidden.SMALL if isinstance(value, int) and value < LEAST else value


def _column(table: Table, column: int, total: int) -> Table | None:
    """A table with a column protected; None where it must be withheld."""
    values = [int(str(row[column])) for row in table.rows]
    cells = protect(values, (1,) * len(values), total)
    return None if cells is None else with_column(table, column, cells)


def _first_answer(report: Report, table: Table) -> Table | None:
    return _timing(table, report.received, sum(report.first_answer.minutes.values()))


def _timing(table: Table, total: int, measured: int) -> Table | None:
    counts = [row for row in table.rows if row[0] not in _PERCENTILES]
    times = [row for row in table.rows if row[0] in _PERCENTILES]
    shown = _column(Table(table.name, table.columns, tuple(counts)), 1, total)
    if shown is None:
        return None
    if measured < LEAST:
        times = [(name, None) for name, _ in times]
    return Table(table.name, table.columns, (*shown.rows, *times))


def _stars(table: Table) -> Table | None:
    """All of it or nothing: from the mean and all but two of the cells those two can be computed."""
    return table if all(int(str(row[1])) >= LEAST for row in table.rows) else None


def _bookings(table: Table) -> Table | None:
    parts, rest = table.rows[:5], table.rows[5:]
    booked = int(str(rest[0][1]))
    if booked < LEAST:
        return None
    shown = _column(Table(table.name, table.columns, parts), 1, booked)
    if shown is None:
        return None
    singles = tuple((name, _single(value)) for name, value in rest[1:])
    return Table(table.name, table.columns, (*shown.rows, rest[0], *singles))


def _no_shows(bookings: Table | None, reasons: Table) -> Table | None:
    """Only where it is told how many did not come: together the reasons are as many."""
    missed = None if bookings is None else bookings.cell(BookingRow.NO_SHOW.value)
    return _column(reasons, 1, missed) if isinstance(missed, int) else None


def _promises(sums: Table, offices: Table) -> tuple[Table | None, ...]:
    """The sums where there are enough; each office's only where they are all shown and none of its own is small."""
    total = sum(int(str(row[1])) for row in sums.rows)
    shown = None if total < LEAST else _column(sums, 1, total)
    counts = [int(str(cell)) for row in offices.rows for cell in row[1:]]
    is_whole = shown == sums and all(count >= LEAST for count in counts)
    return shown, offices if is_whole and counts else None


# ---------------------------------------------------------------------------- cells


def protect(values: Sequence[int], signs: Sequence[int], total: int) -> tuple[int | Hidden, ...] | None:
    """The cells of a relation, sum of `signs` times `values` = `total`, as they may be published; None if none may."""
    hidden = {place for place, value in enumerate(values) if value < LEAST}
    while not _is_protected(values, signs, total, hidden):
        open_ = [place for place in range(len(values)) if place not in hidden]
        if not open_:
            return None
        hidden.add(min(open_, key=lambda place: values[place]))
    return tuple(_cell(value, hidden=place in hidden) for place, value in enumerate(values))


def _cell(value: int, *, hidden: bool) -> int | Hidden:
    if not hidden:
        return value
    return Hidden.SMALL if value < LEAST else Hidden.COMPLEMENT


def _is_protected(values: Sequence[int], signs: Sequence[int], total: int, hidden: Collection[int]) -> bool:
    """Whether each small cell may be anything from none to four, by all that a reader knows."""
    rest = total - sum(signs[place] * values[place] for place in range(len(values)) if place not in hidden)
    return all(
        _may_be(values, signs, rest, [other for other in hidden if other != place], signs[place] * value)
        for place in hidden
        if values[place] < LEAST
        for value in (0, _MOST_HIDDEN)
    )


def _may_be(values: Sequence[int], signs: Sequence[int], rest: int, others: Sequence[int], part: int) -> bool:
    """Whether the other hidden cells can make up what is left of the sum."""
    low = high = 0
    for place in others:
        least, most = (0, _MOST_HIDDEN) if values[place] < LEAST else (LEAST, _UNBOUNDED)
        low += signs[place] * (least if signs[place] > 0 else most)
        high += signs[place] * (most if signs[place] > 0 else least)
    return low <= rest - part <= high
