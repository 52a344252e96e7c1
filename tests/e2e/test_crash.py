"""The bot is killed at random moments of other people's conversations; nobody loses anything. See `tests.e2e.crash`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.e2e.crash import crash

KILLS = 3  # each costs the second or more that a start takes


@pytest.mark.parametrize("kind", ["sqlite by polling", "postgres by webhook"])
async def test_kills_at_random_moments_lose_nothing(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    database = await fresh_postgres(request.getfixturevalue("postgres_url")) if "postgres" in kind else ""

    figures = await crash(tmp_path, KILLS, seed=len(kind), webhook="webhook" in kind, database=database)

    figures.check()
    assert figures.kills == KILLS
    assert figures.promised["complained"] >= 6
