"""A town whose administrators change its offices in chat."""

from __future__ import annotations

import pytest

from storage.database import Database, Dialect
from tests.conversations.configuring_town import ConfiguringTown


@pytest.fixture
def dialect() -> Dialect:
    """What is stored is the services' business, which are tested on both."""
    return Dialect.SQLITE


@pytest.fixture
async def town(database: Database) -> ConfiguringTown:
    return await ConfiguringTown(database).planned()
