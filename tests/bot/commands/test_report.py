"""`customer-day report` writes what /report shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bot.commands.report import Format, Wanted, write
from bot.settings import Settings, load_settings
from locales import Language
from services.reports.periods import Named
from storage.database import Dialect
from storage.ids import CategoryId, OfficeId
from storage.open import open_database
from tests.databases import fresh_sqlite
from tests.services.reports.seeding import NOW, Booked, FiledCase, seed

CASE = FiledCase(
    office="capital",
    category="bins",
    kind="complaint",
    source="call",
    block=338,
    owner="staff:9001",
    status="received",
    outcome="",
    created_at=NOW,
    opened_at=NOW,
    answered_at=None,
    resolved_at=None,
    closed_at=None,
    update_due=NOW,
    close_due=NOW,
    paused_at=None,
    first_due=None,
)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """In the database are six cases of the capital's."""
    database = await open_database(await fresh_sqlite(tmp_path / "customer-day.db"))
    await seed(database, [CASE] * 6)
    await database.close()
    return load_settings({"CUSTOMER_DAY_DATA_DIR": str(tmp_path)}, None)


def wanted(folder: Path, **changes: object) -> Wanted:
    november = Wanted(
        folder=folder,
        formats=(Format.JSON,),
        period=None,
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        offices=(),
        category=None,
        language=Language.EN,
    )
    return replace(november, **changes)  # type: ignore[arg-type]


async def run(settings: Settings, wanted: Wanted) -> int:
    return await write(settings, wanted, lambda: NOW)


def test_the_command_line_writes_every_kind_of_file(settings: Settings, tmp_path: Path) -> None:
    arguments = ["--from", "2026-11-01", "--to", "2026-11-30", "--office", "capital", "--language", "ar"]
    ended = subprocess.run(
        [sys.executable, "-m", "bot.cli", "report", str(tmp_path / "out"), *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUSTOMER_DAY_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    name = "report-capital-2026-11-01-2026-11-30"
    folder = tmp_path / "out"
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.{suffix}" for suffix in ("json", "csv", "xlsx")),
        *(f"{name}-{number}.png" for number in (1, 2, 3)),  # nobody has rated anything
    }
    said = json.loads((folder / f"{name}.json").read_text())
    assert {"measure": "received", "count": 6} in said["tables"]["summary"]
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    assert book["الملخص"].sheet_view.rightToLeft
    assert "الموظفون" not in book.sheetnames


async def test_the_appointments_of_each_day_are_those_that_plain_sql_counts(tmp_path: Path) -> None:
    statuses = ("confirmed", "checked_in", "attended", "attended", "no_show", "cancelled_by_resident", "expired")
    booked = [
        Booked(office, day, status, confirmed=status != "expired")
        for office in ("capital", "muharraq")
        for day in (date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 11))
        for status in (*statuses, "waiting")
    ]
    database = await open_database(await fresh_sqlite(tmp_path / "customer-day.db"))
    await seed(database, [], booked=[*booked, Booked("capital", date(2026, 11, 4), "no_show", confirmed=True)])
    async with database.read() as tx:
        counted = await tx.all(
            """
            SELECT s.day, sum(b.status IN ('confirmed', 'checked_in', 'attended', 'no_show', 'cancelled_by_resident',
                    'cancelled_by_municipality')) AS booked,
                sum(b.status = 'attended') AS attended, sum(b.status = 'no_show') AS no_show,
                sum(b.status LIKE 'cancelled%') AS cancelled, sum(b.status IN ('confirmed', 'checked_in')) AS expected,
                sum(b.status = 'waiting') AS waiting, sum(b.source = 'walk_in') AS walk_ins
            FROM bookings b JOIN sessions s ON s.id = b.session_id
            WHERE s.office = 'capital' AND s.day BETWEEN '2026-11-01' AND '2026-11-30' GROUP BY s.day ORDER BY s.day
            """
        )
    await database.close()
    settings = load_settings({"CUSTOMER_DAY_DATA_DIR": str(tmp_path)}, None)
    asked = wanted(tmp_path / "out", formats=(Format.XLSX, Format.PNG), offices=(OfficeId("capital"),))
    assert await run(settings, asked) == 0

    name = tmp_path / "out" / "report-capital-2026-11-01-2026-11-30"
    book = openpyxl.load_workbook(f"{name}.xlsx")
    days = book["Customer Days"].iter_rows(min_row=2, values_only=True)
    assert [(f"{row[0]:%Y-%m-%d}", *row[1:]) for row in days] == [tuple(row.values()) for row in counted]
    sums = {row[0]: row[1] for row in book["Appointments"].iter_rows(min_row=2, values_only=True)}
    assert sums["Booked"] == sum(int(str(row["booked"])) for row in counted) == 13
    assert (sums["Attended"], sums["Did not come"], sums["Cancelled by the applicant"]) == (4, 3, 2)
    assert {path.suffix for path in name.parent.iterdir()} == {".xlsx", ".png"}, "appointments alone have a chart"


async def test_one_kind_of_file_is_written_of_what_is_asked_for(settings: Settings, tmp_path: Path) -> None:
    asked = wanted(tmp_path / "out", period=Named.THIS_MONTH, first=None, last=None, category=CategoryId("parks"))
    assert await run(settings, asked) == 0
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "report-all-parks-2026-11-01-2026-11-30.json"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"offices": (OfficeId("atlantis"),)}, "no office atlantis; there are: capital"),
        ({"category": CategoryId("dragons")}, "no category dragons; there are: cleanliness"),
        ({"last": None}, "expected --from with --to"),
        ({"last": date(2026, 10, 1)}, "no period of a report"),
    ],
)
async def test_what_is_not_there_is_named(
    settings: Settings, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        await run(settings, wanted(tmp_path / "out", **changes))
