"""A spreadsheet of tables: one sheet each, typed cells, a header that stays in view. It blocks: call it in a thread."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from services.reports.sheet import Sheet, Value
from services.text.cells import neutral

_WIDEST = 60
_FORMATS = ((datetime, "yyyy-mm-dd hh:mm"), (date, "yyyy-mm-dd"), (float, "0.00"), (int, "#,##0"))


def workbook(sheets: Sequence[Sheet], *, rtl: bool) -> bytes:
    """The sheets as a file of Excel's; right to left in a language that is read so."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        page.sheet_view.rightToLeft = rtl
        page.freeze_panes = "A2"
        for column, label in enumerate(sheet.header, start=1):
            cell = page.cell(1, column)
            _write(cell, label)
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for number, row in enumerate(sheet.rows, start=2):
            for column, value in enumerate(row, start=1):
                _write(page.cell(number, column), value)
        for column in range(1, len(sheet.header) + 1):
            page.column_dimensions[get_column_letter(column)].width = _width(sheet, column - 1)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: Cell, value: Value) -> None:
    """A cell of the value's own type; text is never a formula."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", neutral(value))
        cell.data_type = "s"
        return
    cell.value = value
    cell.number_format = next((form for kind, form in _FORMATS if isinstance(value, kind)), "General")


def _width(sheet: Sheet, column: int) -> int:
    texts = [sheet.header[column], *(str(row[column]) for row in sheet.rows if row[column] is not None)]
    return min(max(len(text) for text in texts) + 2, _WIDEST)
