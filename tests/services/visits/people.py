"""Staff for the day itself."""

from __future__ import annotations

from services.staff.permissions import Person
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.roles import give_role
from tests.services.booking_builders import DeskUnderTest


async def hire(desk: DeskUnderTest, person: Person, role: Role, office: OfficeId) -> None:
    """Give somebody a role at an office."""
    async with desk.database.transaction() as tx:
        await give_role(tx, person, office, desk.now, role)
