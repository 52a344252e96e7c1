from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import open_desk
from bot.desk_commands import correct_block
from bot.settings import Settings
from services import blocks
from services.geography import BlockMatch
from storage.ids import OfficeId


async def test_a_block_is_corrected_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=tmp_path)

    assert await correct_block(settings, 427, "capital", "console") == 0

    assert "block 427 is served by capital" in capsys.readouterr().out
    async with open_desk(settings) as desk, desk.begin() as work:
        assert await blocks.office_of(work, 427) == BlockMatch(OfficeId("capital"), sure=True)


@pytest.mark.parametrize(("block", "office", "why"), [(99, "capital", "99 is no block"), (427, "x", "no office 'x'")])
async def test_what_is_no_block_or_office_is_named(tmp_path: Path, block: int, office: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        await correct_block(Settings(data_dir=tmp_path), block, office, "console")
