"""Values and rows on their way into SQLite and out of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime

from storage.database import Row, Value, refuse_naive

Bound = str | int | float | bytes | None
Statement = tuple[str, dict[str, Bound]]


def bound(values: Mapping[str, Value]) -> dict[str, Bound]:
    """The values as SQLite keeps them: instants as UTC text of one width, so that text order is time order."""
    return {
        # What nearly all are needs no call of its own.
        name: value if value is None or type(value) is str or type(value) is int else _bound(value)
        for name, value in values.items()
    }


def _bound(value: Value) -> Bound:
    if isinstance(value, datetime):
        refuse_naive(value)
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, tuple):
        return json.dumps(value)
    # Of a subclass, an enumeration's member say, the driver would ask at length how to adapt it.
    return str(value) if isinstance(value, str) else value


def outcome(cursor: sqlite3.Cursor) -> tuple[list[Row], int]:
    """The rows of a statement that was carried out, and how many it changed."""
    if cursor.description is None:
        return [], cursor.rowcount
    rows = cursor.fetchall()
    if not rows:
        return [], cursor.rowcount
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=False)) for row in rows], cursor.rowcount
