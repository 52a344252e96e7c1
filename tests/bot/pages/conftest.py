from __future__ import annotations

from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.pages.day import Day


@pytest.fixture
async def day(database: Database, tmp_path: Path, unused_tcp_port: int) -> Day:
    return await Day.open(database, tmp_path, unused_tcp_port)
