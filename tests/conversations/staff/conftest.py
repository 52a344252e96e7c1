"""A town whose offices have a team at work, unless a test opens one of its own."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.staff_town import DeskTown


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()
