"""One town for each test of announcements."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.announcements.news_town import Administrator, NewsTown


@pytest.fixture
async def town(database: Database) -> NewsTown:
    opened = await NewsTown(database).opens()
    await opened.by_day()
    return opened


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def amal(town: NewsTown, language: str) -> Administrator:
    return await town.administrator(language=language)
