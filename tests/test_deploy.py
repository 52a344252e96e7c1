"""The files that put the bot on a machine: they close it off as far as its work allows, and fit the program."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy" / "customer-day.service"
#: Of `systemd-analyze security`: 10 is open to everything.
MOST_EXPOSED = 3.0


def service() -> dict[str, str]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, encoding="utf-8")
    return dict(parser["Service"])


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("UMask", "0077"),
        ("StateDirectory", "customer-day"),
        ("StateDirectoryMode", "0700"),
        ("MemoryMax", "2G"),
        ("User", "customer-day"),
        ("NoNewPrivileges", "true"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "true"),
        ("PrivateTmp", "true"),
        ("CapabilityBoundingSet", ""),
        ("Restart", "always"),
    ],
)
def test_the_unit_keeps_the_data_to_its_owner_and_the_process_to_itself(setting: str, value: str) -> None:
    assert service()[setting] == value


def test_systemd_finds_little_left_open() -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        assert len([key for key in service() if key.startswith(("Protect", "Private", "Restrict"))]) >= 15
        return
    command = [analyse, "security", "--offline=true", "--no-pager", str(UNIT)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= MOST_EXPOSED


def container() -> list[tuple[str, str]]:
    """The instructions of the image that runs."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    last = max(place for place, line in enumerate(lines) if line.startswith("FROM"))
    return [(name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in lines[last:])]


def test_the_container_is_nobodys_root_and_says_whether_it_serves() -> None:
    said = dict(container())
    assert said["USER"] == "customer-day"
    assert said["VOLUME"] == "/data"
    assert "/readyz" in said["HEALTHCHECK"]
    assert "chmod 700 /data" in said["RUN"]
    given = dict(one.split("=", 1) for one in said["ENV"].split() if one.startswith("CUSTOMER_DAY_"))
    settings = load_settings(given, dotenv=None)
    assert settings.data_dir == Path("/data")
    assert settings.address == ("0.0.0.0", 8080)


def test_the_containers_start_read_only_with_a_database_that_is_ready() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    bot, database = services["bot"], services["database"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in bot["security_opt"]
    assert "mem_limit" in bot
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"]), "TLS ends in front of it"
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    assert "pg_isready" in " ".join(database["healthcheck"]["test"])
    assert "ports" not in database
    given = {name: re.sub(r"\$\{[^}]*\}", "x", value) for name, value in bot["environment"].items()}
    assert load_settings(given, dotenv=None).database.startswith("postgresql://customer_day:x@database/")
