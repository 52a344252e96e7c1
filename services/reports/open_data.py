"""Open data: the published tables as JSON and as CSV, under names that machines keep to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from services.reports.figures import Report, Scope
from services.reports.suppression import LEAST, published
from services.reports.tables import Cell, Hidden
from services.text.cells import neutral

#: A count that is published as no number: below five, or hidden because it would tell one that is.
SMALL = f"<{LEAST}"
HIDDEN = "hidden"


def as_json(report: Report) -> bytes:
    """One object: what it is about, then each table by its name."""
    scope = report.scope
    said = {
        **_about(scope),
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "smallest_count": LEAST,
        "tables": {
            table.name.value: [
                {column.value: plain(cell) for column, cell in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in published(report)
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def as_csv(report: Report) -> bytes:
    """One line for each figure, so that all tables are one file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("table", "row", "measure", "value"))
    writer.writerows(_figures(report))
    return text.getvalue().encode("utf-8-sig")  # the mark lets Excel read Arabic


def _figures(report: Report) -> Iterator[tuple[str | int | float | None, ...]]:
    for name, value in _about(report.scope).items():
        yield "about", name, "", neutral(" ".join(value) if isinstance(value, list) else str(value or ""))
    for table in published(report):
        for row in table.rows:
            key = plain(row[0])
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                yield table.name.value, neutral(key) if isinstance(key, str) else key, column.value, plain(cell)


def _about(scope: Scope) -> dict[str, str | list[str] | None]:
    return {
        "first_day": scope.period.first.isoformat(),
        "last_day": scope.period.last.isoformat(),
        "offices": list(scope.offices),
        "category": scope.category,
    }


def plain(cell: Cell) -> str | int | float | None:
    """A cell as JSON and CSV have it."""
    if isinstance(cell, Hidden):
        return SMALL if cell is Hidden.SMALL else HIDDEN
    return cell.isoformat() if isinstance(cell, date) else cell
