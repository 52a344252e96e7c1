"""`customer-day export offices` writes what is configured as files the bot starts from."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import cli
from bot.app import open_context
from bot.settings import Settings
from services.casework.templates import load_templates
from services.offices import changes
from services.offices.changes import Changed, Proposal
from services.offices.configuration import value_at
from services.offices.offices import load_offices
from services.staff.permissions import TELEGRAM, Person
from services.unit_of_work import Work

ADMIN = Person(TELEGRAM, "9000")


async def _change(settings: Settings) -> None:
    async def act(work: Work) -> None:
        for path, after in ((("offices", "capital", "name", "en"), '"Manama"'), (("templates", "received"), None)):
            now = await changes.present(work)
            before = value_at(now.configuration.data, path)
            assert isinstance(await changes.make(work, ADMIN, Proposal(path=path, before=before, after=after)), Changed)

    async with open_context(settings) as context:
        context.admins = frozenset({ADMIN.address})
        await context.attempt(act)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUSTOMER_DAY_DATA_DIR", str(tmp_path / "data"))
    # It is for a whole process: the tests after this one would log into a stream that was closed with it.
    monkeypatch.setattr("bot.logs.set_up", lambda *, human: None)
    return tmp_path / "data"


def test_the_files_hold_what_was_changed_in_chat(data: Path, tmp_path: Path) -> None:
    asyncio.run(_change(Settings(data_dir=data)))
    out = tmp_path / "out"

    assert cli.main(["export", "offices", str(out)]) == 0

    offices = load_offices(out / "offices.yaml")
    assert offices.offices_by_id["capital"].name.en == "Manama"
    assert load_templates(offices, out / "templates.yaml").get("received") is None


def test_without_a_folder_the_offices_are_printed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 0
    assert cli.main(["export", "offices"]) == 0
    assert "Capital Municipality" in capsys.readouterr().out


def test_figures_still_go_to_a_folder(data: Path, tmp_path: Path) -> None:
    assert cli.main(["migrate"]) == 0
    assert cli.main(["export", str(tmp_path / "figures")]) == 0
    assert (tmp_path / "figures" / "bookings.csv").exists()
    assert cli.main(["export", str(tmp_path / "figures"), "more"]) == 2
