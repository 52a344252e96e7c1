"""`customer-day audit` as an operator meets it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from services.staff.audit_trail import Selection
from storage import audit, staff
from storage.ids import Actor, Subject
from storage.open import open_database
from tests.databases import fresh_sqlite

Here = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
async def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an audit of three days."""
    monkeypatch.setenv("CUSTOMER_DAY_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    database = await open_database(await fresh_sqlite(tmp_path / "customer-day.db"))
    async with database.transaction() as tx:
        staff.rename(tx, "telegram", "1", "=Huda")
        staff.rename(tx, "telegram", "2", "Yusuf")
        for number in range(1200):  # more than are read at once
            audit.record(tx, NOW + timedelta(minutes=number), Actor("staff:1"), "case.note", Subject("case:1"))
        audit.record(tx, NOW - timedelta(days=1), Actor("staff:2"), "staff.revoked", Subject("staff:1"), "agent")
    await database.close()
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "audit", *arguments, "--actor", "console:amal"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def here(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """The same without a process of its own, which takes a second: exit code, output, errors."""
    monkeypatch.setattr("bot.logs.set_up", lambda *, human: None)  # it is for a whole process

    def run_here(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["audit", *arguments, "--actor", "console:amal"])
        except SystemExit as refused:
            code = int(str(refused.code))
        return code, *capsys.readouterr()

    return run_here


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_writes_every_line_once_and_that_it_did(folder: Path) -> None:
    done = run(folder, "all.csv")
    assert done.returncode == 0, done.stderr
    written = rows(folder / "all.csv")
    assert len(written) == 1202
    assert "all.csv: 1202" in done.stdout
    assert len({row["at"] for row in written if row["action"] == "case.note"}) == 1200
    (export,) = [row for row in written if row["action"] == "audit.export"]
    assert (export["actor"], export["from"]) == ("console:amal", "console")
    assert written[-1]["actor"] == "staff:2", "the newest come first"
    assert {row["who"] for row in written if row["actor"] == "staff:1"} == {"'=Huda"}


def test_it_writes_what_was_selected(folder: Path, here: Here) -> None:
    assert here("one.csv", "--person", "yusuf")[0] == 0
    assert [row["actor"] for row in rows(folder / "one.csv")][-1] == "staff:2"
    assert here("day.csv", "--until", "2026-11-21")[0] == 0
    assert [row["action"] for row in rows(folder / "day.csv")] == ["staff.revoked"]
    _, out, _ = here("--since", "2026-11-21", "--until", "2026-11-21")
    assert "staff.revoked" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--reference", "C-7K3M-2QF"), "is no reference here"),
        (("--person", "nobody"), "nobody called 'nobody' has worked here"),
        (("--person", "u"), "may be any of these"),
        (("--since", "tomorrow"), "is no date"),
        (("--reference", "x", "--person", "y"), "not allowed with"),
        (("no/such/folder/a.csv",), "No such file"),
    ],
)
def test_what_is_wrong_is_said(here: Here, arguments: tuple[str, ...], why: str) -> None:
    code, _, said = here(*arguments)
    assert code == 2
    assert why in said
    assert "Traceback" not in said


def test_the_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "audit" in capsys.readouterr().out
    assert Selection().audited_as == ("office:*", "..")
