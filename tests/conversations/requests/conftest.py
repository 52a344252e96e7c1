"""A town that takes requests, unless a test opens one of its own."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.case_town import CaseTown


@pytest.fixture
def town(database: Database) -> CaseTown:
    return CaseTown(database)
