"""The town of tests that need the whole dialogue and Customer Days to book; a folder with another has its own."""

from __future__ import annotations

import pytest

from services.bookings import sessions
from storage.database import Database
from tests.conversations.whole_town import WholeTown


@pytest.fixture
async def town(database: Database) -> WholeTown:
    opened = WholeTown(database)
    await opened.work(sessions.plan_sessions)
    return opened
