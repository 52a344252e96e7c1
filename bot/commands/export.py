"""`customer-day export`: cases, bookings, ratings and visits as CSV, for reports; nothing in them names a person."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterable
from pathlib import Path

from bot.settings import Settings
from storage import exports
from storage.database import Row
from storage.open import open_database


async def write(settings: Settings, folder: Path) -> int:
    """Write a file for each table into `folder`."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    database = await open_database(settings.database)
    try:
        # One transaction, so that the files agree with each other.
        async with database.read() as tx:
            for name in exports.EXPORTS:
                _write(folder / f"{name}.csv", [row async for row in exports.rows(tx, name)])
            _write(folder / "visits.csv", await exports.visits(tx))
    finally:
        await database.close()
    return 0


def _write(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets Excel read Arabic
        writer = csv.writer(file)
        if rows:
            writer.writerow(rows[0].keys())
            writer.writerows(row.values() for row in rows)
    print(f"{path}: {len(rows)}")  # noqa: T201
