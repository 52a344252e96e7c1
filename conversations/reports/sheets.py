"""A report as the sheets of a spreadsheet, in its reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from conversations.reports.words import (
    ABSENCES,
    BOOKINGS,
    COLUMNS,
    ENDINGS,
    KINDS,
    PROMISES,
    TABLES,
    body_label,
    category_label,
    measure_label,
    office_label,
    plain,
    scope_words,
    source_label,
)
from locales import Localizer, clean
from services.offices.offices import Offices
from services.reports.access import View
from services.reports.figures import Absence, Ending, Report
from services.reports.open_data import SMALL
from services.reports.sheet import Sheet, Value
from services.reports.suppression import published
from services.reports.tables import (
    BookingRow,
    Cell,
    Column,
    Hidden,
    Measure,
    PromiseRow,
    Table,
    TableName,
    staff_table,
    tables,
)
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind

_Label = Callable[[Localizer, Offices, str], str]


def sheets(t: Localizer, offices: Offices, report: Report, view: View) -> tuple[Sheet, ...]:
    """One for each table. Whoever is shown sums only gets the published ones; nobody is quoted in a file."""
    shown = tables(report) if view.whole else published(report)
    if view.staff:
        shown = (*shown, staff_table(report))
    return tuple(_sheet(t, offices, report, table) for table in shown)


def _sheet(t: Localizer, offices: Offices, report: Report, table: Table) -> Sheet:
    rows = [
        tuple(_value(t, offices, column, cell) for column, cell in zip(table.columns, row, strict=True))
        for row in table.rows
    ]
    if table.name is TableName.SUMMARY:
        about = clean(plain(scope_words(t, offices, report.scope)))
        rows = [(t.plain("About"), about), *rows]
    return Sheet(
        clean(t.plain(TABLES[table.name])), tuple(clean(t.plain(COLUMNS[one])) for one in table.columns), tuple(rows)
    )


def _value(t: Localizer, offices: Offices, column: Column, cell: Cell) -> Value:
    if isinstance(cell, Hidden):
        return SMALL if cell is Hidden.SMALL else clean(t.plain("hidden"))
    if column is Column.BLOCK and cell is None:
        return clean(t.plain("No block"))
    if isinstance(cell, date) or not isinstance(cell, str):
        return cell
    label = _LABELS.get(column)
    return clean(label(t, offices, cell)) if label else cell


_LABELS: Mapping[Column, _Label] = MappingProxyType(
    {
        Column.MEASURE: lambda t, _, name: measure_label(t, Measure(name)),
        Column.OFFICE: lambda t, offices, name: office_label(t, offices, OfficeId(name)),
        Column.CATEGORY: lambda t, offices, name: category_label(t, offices, CategoryId(name)),
        Column.KIND: lambda t, _, name: t.plain(KINDS[CaseKind(name)]),
        Column.SOURCE: lambda t, _, name: source_label(t, name),
        Column.ENDING: lambda t, _, name: t.plain(ENDINGS[Ending(name)]),
        Column.BOOKING: lambda t, _, name: t.plain(BOOKINGS[BookingRow(name)]),
        Column.ABSENCE: lambda t, _, name: t.plain(ABSENCES[Absence(name)]),
        Column.BODY: body_label,
        Column.PROMISE: lambda t, _, name: t.plain(PROMISES[PromiseRow(name)]),
    }
)
