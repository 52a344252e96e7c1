"""A town with Customer Days, unless a test opens one of its own."""

from __future__ import annotations

import pytest

from storage.database import Database, Dialect
from tests.conversations.day_town import DayTown


@pytest.fixture
def dialect() -> Dialect:
    """One kind of database is enough to talk over: the services are tried on both."""
    return Dialect.SQLITE


@pytest.fixture
async def town(database: Database) -> DayTown:
    return await DayTown.open(database)
