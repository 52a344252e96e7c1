"""`customer-day export` writes figures that a spreadsheet may open."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import export
from bot.settings import load_settings
from storage.database import Dialect
from storage.open import open_database
from tests.bot.commands.test_report import CASE
from tests.databases import fresh_sqlite
from tests.services.reports.seeding import NOW, seed


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


async def test_text_that_would_be_a_formula_is_written_as_text_and_numbers_stay_numbers(tmp_path: Path) -> None:
    sources = ("=1+1", "+973 3600 0000", "-2", "@SUM(A1)", "\tx", "\rx", "call")
    database = await open_database(await fresh_sqlite(tmp_path / "customer-day.db"))
    await seed(database, [replace(CASE, source=source, created_at=NOW) for source in sources])
    await database.close()

    assert await export.write(load_settings({"CUSTOMER_DAY_DATA_DIR": str(tmp_path)}, None), tmp_path / "out") == 0

    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows] == [f"'{source}" for source in sources[:-1]] + ["call"]
    assert {row["block"] for row in rows} == {"338"}
    assert {row["external_reference"] for row in rows} == {""}
