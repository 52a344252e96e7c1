"""A municipality that has just received somebody."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from services.bookings import sessions
from services.bookings.bookings import Booking
from services.promises import due, outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from services.staff.permissions import Person
from storage import residents
from storage.database import Database
from storage.promises import Promise
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk

NOORA = Person("telegram", "2", "Noora")
DIRECTOR = Person("telegram", "3", "The Director General")
STRANGER = Person("telegram", "4", "Somebody")
SECTION = Party("lane:director")
DUE = FIRST_DAY + timedelta(days=14)  # a Wednesday


class Meetings(DeskUnderTest):
    """What tests do again and again."""

    async def met(self, **resident: object) -> tuple[Booking, Resident]:
        """An appointment of the first day, whose time has come."""
        person = await self.resident(**resident)
        session = (await self.days())[0]
        free = await self.do(sessions.free_slots, session.id)
        booking = await self.book(free[0].slot, person)
        self.now = self.at(FIRST_DAY, "09:10")
        return booking, person

    async def record(self, booking: Booking, outcome: Outcome, version: int | None = None) -> Recorded:
        recorded = await self.do(outcomes.record, NOORA, booking.id, outcome, version)
        assert isinstance(recorded, Recorded), recorded
        return recorded

    async def promised(self, booking: Booking, until: date = DUE, party: Party = SECTION) -> Promise:
        recorded = await self.record(booking, promise(until, party=party))
        assert recorded.promise is not None
        return recorded.promise

    async def look(self) -> None:
        """Do what is due of promises."""
        while await self.do(due.run_due):
            pass


def promise(until: date = DUE, what: str = "We will mend the drain", party: Party = SECTION) -> Outcome:
    return Outcome(OutcomeKind.PROMISED, promise=NewPromise(what=what, party=party, due=until))


async def hire(desk: Meetings) -> Meetings:
    """An agent, and the director, who have both talked with the bot."""
    async with desk.database.transaction() as tx:
        for person, role in ((NOORA, Role.AGENT), (DIRECTOR, Role.DIRECTOR)):
            await give_role(tx, person, CAPITAL, desk.now, role)
            await residents.add(tx, person.channel, person.address, person.name, "en", desk.now)
    return desk


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Meetings:
    opened = await open_desk(database, offices(tmp_path))
    return await hire(Meetings(database, opened.offices))
