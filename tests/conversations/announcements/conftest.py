"""One town for each test of announcements."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conversations.announcements.news_town import Administrator, NewsTown, news_town


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[NewsTown]:
    opened = await news_town(tmp_path)
    await opened.by_day()
    yield opened
    await opened.database.close()


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def amal(town: NewsTown, language: str) -> Administrator:
    return await town.administrator(language=language)
