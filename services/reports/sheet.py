"""A table as a spreadsheet shows it, before there is one: `workbook` needs libraries that take 30 MB."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Value = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in the words of its reader. Instants are in the offices' own time, without their zone."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
