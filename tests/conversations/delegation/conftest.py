"""Sara acts for her mother Noor, and Huda is of the capital's team."""

from __future__ import annotations

import pytest

from storage.records.staff import Role
from tests.conversations.delegation.acting import CAPITAL, GROUP
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown
from tests.roles import give_role, on_telegram


@pytest.fixture
async def sara(town: WholeTown) -> Person:
    """Who acts."""
    person = town.resident("1", "Sara Ali")
    await person.says("/start")
    return person


@pytest.fixture
async def noor(town: WholeTown) -> Person:
    """Her mother, who reads Arabic."""
    person = town.resident("2", "Noor Hasan", "ar")
    await person.says("/start")
    return person


@pytest.fixture
async def huda(town: WholeTown) -> Colleague:
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9001", "Huda"), CAPITAL, town.now, Role.AGENT)
    return Colleague(town, "9001", "Huda", "en", GROUP)  # type: ignore[arg-type]
