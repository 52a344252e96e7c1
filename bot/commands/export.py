"""`customer-day export`: figures as CSV, for reports, or what is configured as the files it could start from.

In the CSV files (cases, bookings, ratings, visits) nothing names a person. What is configured is the offices and the
templates files with every change that administrators made in chat.
"""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.settings import Settings
from locales.languages import Language
from services.casework.templates import load_templates
from services.offices import changes, document
from services.offices.changes import Present
from services.offices.offices import load_offices
from services.text.cells import neutral
from storage import configuration, exports
from storage.database import Row
from storage.open import open_database

_HEADING = "What is configured, with every change that administrators made in chat. `customer-day export` wrote it."


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


async def write_offices(settings: Settings, folder: Path | None) -> int:
    """Write what is configured into `folder`: three files that read back to the same. Without one, print the offices.

    Raises ValueError where they do not: a defect.
    """
    offices = load_offices(settings.offices, languages=tuple(Language))
    start = changes.start(offices, load_templates(offices, settings.templates), tuple(Language))
    database = await open_database(settings.database)
    try:
        async with database.read() as tx:
            made = await configuration.since(tx, 0)
    finally:
        await database.close()
    found = changes.catch_up(start, made)
    for change in found.left_out:
        print(f"left out: change {change.version} of {'.'.join(change.path)}", file=sys.stderr)  # noqa: T201
    if folder is None:
        print(document.as_yaml(document.offices_data(found.present.offices), _HEADING))  # noqa: T201
        return 0
    await asyncio.to_thread(_write_offices, folder, found.present)
    return 0


def _write_offices(folder: Path, present: Present) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    offices, templates = folder / "offices.yaml", folder / "templates.yaml"
    offices.write_text(document.as_yaml(document.offices_data(present.offices), _HEADING), encoding="utf-8")
    templates.write_text(document.as_yaml(document.templates_data(present.templates), _HEADING), encoding="utf-8")
    if present.offices.geography.blocks_file is not None:
        blocks = document.blocks_csv(present.offices.geography.blocks)
        (folder / present.offices.geography.blocks_file).write_text(blocks, encoding="utf-8")
    again = load_offices(offices, languages=tuple(Language))
    if again != present.offices or load_templates(again, templates) != present.templates:
        raise ValueError(f"what was written into {folder} does not read back to the same")
    print(f"{offices}\n{templates}")  # noqa: T201


def _write(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets Excel read Arabic
        writer = csv.writer(file)
        if rows:
            writer.writerow(rows[0].keys())
            writer.writerows([_cell(value) for value in row.values()] for row in rows)
    print(f"{path}: {len(rows)}")  # noqa: T201


def _cell(value: object) -> object:
    """Residents and links bring text of their own: a spreadsheet must not run it. A number stays one."""
    return neutral(value) if isinstance(value, str) else value
