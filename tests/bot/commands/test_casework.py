from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import open_context
from bot.commands.casework import correct_block
from bot.settings import Settings
from services.actors import Actor
from services.casework import block_corrections
from services.offices.geography import BlockMatch
from services.unit_of_work import Work
from storage.database import Conflict, Database
from storage.ids import OfficeId
from tests.bot.counter import START, desk


async def test_a_block_is_corrected_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=tmp_path)

    assert await correct_block(settings, 427, "capital", Actor("console")) == 0

    assert "block 427 is served by capital" in capsys.readouterr().out
    async with open_context(settings) as at, at.begin() as work:
        assert await block_corrections.office_of(work, 427) == BlockMatch(OfficeId("capital"), sure=True)


@pytest.mark.parametrize(("block", "office", "why"), [(99, "capital", "99 is no block"), (427, "x", "no office 'x'")])
async def test_what_is_no_block_or_office_is_named(tmp_path: Path, block: int, office: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        await correct_block(Settings(data_dir=tmp_path), block, office, Actor("console"))


async def test_what_lost_a_race_is_done_again(database: Database) -> None:
    tries = 0

    async def lose_twice(work: Work) -> str:
        nonlocal tries
        tries += 1
        work.tx.later("INSERT INTO leases (name, holder, until) VALUES ('mine', 'h', :now)", now=work.now)
        if tries < 3:
            raise Conflict("somebody was first")
        return "done"

    assert await desk(database, lambda: START).attempt(lose_twice) == "done"
    async with database.transaction() as tx:
        assert len(await tx.all("SELECT 1 FROM leases")) == 1


async def test_a_race_lost_over_and_over_is_said(database: Database) -> None:
    async def lose(work: Work) -> str:
        raise Conflict("somebody was first")

    with pytest.raises(Conflict):
        await desk(database, lambda: START).attempt(lose)
