"""The folder in which everything is kept: nobody else's to read, and never begun anew by mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _customer_day(folder: Path, *arguments: str, limits: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own, as somebody whose files are open to everybody otherwise."""
    command = f"umask 022; {limits} exec {sys.executable} -m bot.cli {' '.join(arguments)}"
    env = {**os.environ, "CUSTOMER_DAY_DATA_DIR": str(folder)}
    return subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_made_is_for_its_owner_alone(folder: Path) -> None:
    assert _customer_day(folder, "migrate").returncode == 0
    assert _mode(folder) == 0o700
    assert {_mode(path) for path in folder.iterdir() if path.is_file()} == {0o600}


def test_what_an_earlier_release_left_open_is_closed(folder: Path) -> None:
    database = folder / "customer-day.db"
    assert _customer_day(folder, "migrate").returncode == 0
    folder.chmod(0o755)
    database.chmod(0o644)
    assert _customer_day(folder, "migrate").returncode == 0
    assert (_mode(folder), _mode(database)) == (0o700, 0o600)


@pytest.mark.parametrize("left", ["empty", "missing"])
def test_a_database_that_is_gone_beside_its_files_is_not_begun_anew(folder: Path, left: str) -> None:
    (folder / "files" / "ab").mkdir(parents=True)
    database = folder / "customer-day.db"
    if left == "empty":
        database.touch()
    refused = _customer_day(folder, "migrate")
    assert refused.returncode == 2
    assert "Restore it from a backup" in refused.stderr
    assert _customer_day(folder, "--new", "migrate").returncode == 0
    assert database.stat().st_size > 0


@pytest.mark.parametrize("command", ["migrate", "sandbox"])
def test_a_disk_that_takes_nothing_is_said_in_a_line(command: str) -> None:
    refused = _customer_day(Path("/proc/customer-day"), command)
    assert refused.returncode == 2
    (line,) = refused.stderr.strip().splitlines()
    assert "/proc/customer-day" in line


def test_a_disk_without_room_is_said_in_a_line(folder: Path) -> None:
    refused = _customer_day(folder, "migrate", limits="trap '' XFSZ; ulimit -f 100;")
    assert refused.returncode == 2
    (line,) = refused.stderr.strip().splitlines()
    assert line.startswith("the database could not be brought up to date")


def test_a_database_whose_disk_may_only_be_read_is_said_in_a_line(folder: Path) -> None:
    assert _customer_day(folder, "migrate").returncode == 0
    refused = _customer_day(folder, "migrate", limits="trap '' XFSZ; ulimit -f 0;")
    assert refused.returncode == 2
    (line,) = refused.stderr.strip().splitlines()
    assert line.startswith("cannot open the SQLite file")
