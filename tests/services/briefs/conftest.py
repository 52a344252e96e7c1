"""An office the day before its Customer Day: a director, an agent, and somebody of another office."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.bookings import sessions
from services.bookings.bookings import Booking
from services.briefs import telling
from services.staff.permissions import Person
from storage import residents
from storage.database import Database
from storage.ids import OfficeId
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, NORTHERN, DeskUnderTest, offices, open_desk

DIRECTOR = Person("telegram", "3", "The Director General")
NOORA = Person("telegram", "2", "Noora")  # an agent: sees contacts
ELSEWHERE = Person("telegram", "4", "A director elsewhere")


class Eve(DeskUnderTest):
    """The desk, with what tests do again and again."""

    async def booked(self, number: int = 0, **resident: object) -> tuple[Booking, Resident]:
        """An appointment of the first day."""
        person = await self.resident(**resident)
        session = (await self.days())[0]
        free = await self.do(sessions.free_slots, session.id)
        return await self.book(free[number].slot, person), person

    async def tell(self, day: date, clock: str) -> int:
        """Owe what is due of briefs then; how many messages that is."""
        self.now = self.at(day, clock)
        before = len(await self.rows("SELECT 1 FROM outbox WHERE key LIKE 'brief:%'"))
        while await self.do(telling.run_due):
            pass
        return len(await self.rows("SELECT 1 FROM outbox WHERE key LIKE 'brief:%'")) - before

    async def keys(self) -> list[str]:
        rows = await self.rows("SELECT key FROM outbox WHERE key LIKE 'brief:%' ORDER BY id")
        return [":".join(str(row["key"]).split(":")[2:]) for row in rows]

    async def audited(self, subject: str) -> list[tuple[str, str]]:
        rows = await self.rows("SELECT actor, action FROM audit WHERE subject = :subject ORDER BY id", subject=subject)
        return [(str(row["actor"]), str(row["action"])) for row in rows]


async def _hire(database: Database, desk: Eve, person: Person, role: Role, office: OfficeId) -> None:
    async with database.transaction() as tx:
        await residents.add(tx, person.channel, person.address, person.name, "en", desk.now)
        await give_role(tx, person, office, desk.now, role)


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Eve:
    opened = await open_desk(database, offices(tmp_path))
    desk = Eve(database, opened.offices)
    await _hire(database, desk, DIRECTOR, Role.DIRECTOR, CAPITAL)
    await _hire(database, desk, NOORA, Role.AGENT, CAPITAL)
    await _hire(database, desk, ELSEWHERE, Role.DIRECTOR, NORTHERN)
    return desk


__all__ = ["CAPITAL", "DIRECTOR", "ELSEWHERE", "FIRST_DAY", "NOORA", "Eve"]
