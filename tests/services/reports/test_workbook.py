"""A spreadsheet reads back as it was meant: numbers as numbers, days as days, and nobody's words as a formula."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from services.reports.sheet import Sheet
from services.reports.workbook import workbook

WRITTEN = datetime.fromisoformat("2026-11-22T09:30")  # as the offices' clocks show it
SHEET = Sheet(
    "Weeks",
    ("Week from", "Received", "Mean", "Written on", "Comment"),
    (
        (date(2026, 11, 22), 1200, 4.25, WRITTEN, "Thank you"),
        (date(2026, 11, 29), 0, None, None, "=HYPERLINK(1)"),
    ),
)


def opened(*sheets: Sheet, rtl: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets, rtl=rtl)))


def test_cells_have_the_type_of_what_they_hold() -> None:
    page = opened(SHEET)["Weeks"]
    first = [page.cell(2, column) for column in range(1, 6)]
    assert [cell.value for cell in first] == [
        datetime.fromisoformat("2026-11-22"),
        1200,
        4.25,
        WRITTEN,
        "Thank you",
    ]
    assert [cell.data_type for cell in first] == ["d", "n", "n", "d", "s"]
    assert [cell.number_format for cell in first[:4]] == ["yyyy-mm-dd", "#,##0", "0.00", "yyyy-mm-dd hh:mm"]
    assert page.cell(3, 3).value is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_words_are_never_a_formula(start: str) -> None:
    page = opened(Sheet("Comments", ("Comment",), ((f"{start}cmd|' /c calc'!A0",),)))["Comments"]
    cell = page.cell(2, 1)
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_what_no_spreadsheet_takes_is_left_out() -> None:
    assert opened(Sheet("Comments", ("Comment",), (("a\x00b\x1fc",),)))["Comments"].cell(2, 1).value == "abc"


def test_the_header_stays_and_arabic_runs_from_the_right() -> None:
    book = opened(SHEET, Sheet("الأسابيع", ("الأسبوع",), ()), rtl=True)
    assert book.sheetnames == ["Weeks", "الأسابيع"]
    assert {page.freeze_panes for page in book.worksheets} == {"A2"}
    assert all(page.sheet_view.rightToLeft for page in book.worksheets)
    assert not opened(SHEET)["Weeks"].sheet_view.rightToLeft
