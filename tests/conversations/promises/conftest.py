"""A town whose team has just received somebody on Customer Day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, Details
from services.promises import due
from services.unit_of_work import Work
from storage.database import Database
from storage.ids import CaseId
from storage.records.cases import Case
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown
from tests.conversations.town import Person
from tests.known import by_address

DETAILS = Details(topic="cleanliness", words="The drain floods", name="Fatima Ali", phone="+97333123456")


class MeetingTown(DeskTown):
    """The director has a chat with the bot of their own."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.director = Person(self, "9005", "The Director", "en")

    async def opens(self) -> MeetingTown:
        await super().opens()
        await self.joins(Colleague(self, "9005", "The Director", "en", "9005"), Role.DIRECTOR)
        await self.director.says("/start")
        await self.work(sessions.plan_sessions)
        return self

    async def met(self, who: Person) -> Booking:
        """An appointment of theirs, whose time has come."""

        async def book(work: Work) -> Booking:
            day = (await sessions.upcoming(work, CAPITAL))[0]
            free = await sessions.free_slots(work, day.session.id)
            person = await by_address(work.tx, "telegram", who.address)
            assert person is not None
            held = await bookings.reserve_seat(work, free[0].slot.id, person)
            assert isinstance(held, Booking), held
            booked = await bookings.confirm_seat(work, held.id, person, DETAILS)
            assert isinstance(booked, Booking), booked
            return booked

        booking = await self.work(book)
        assert booking.starts_at is not None
        self.now = booking.starts_at
        await self.deliver()
        return booking

    async def looks(self, day: date, clock: str) -> None:
        """It is that time, and the clock does what is due of promises."""
        self.now = datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=self.offices.zone)
        while await self.work(due.run_due):
            pass

    async def followed(self) -> Case:
        """The follow-up case of the last promise."""
        (row,) = await self.rows("SELECT case_id FROM promises ORDER BY id DESC LIMIT 1")
        found = await self.rows("SELECT * FROM cases WHERE id = :id", id=CaseId(int(str(row["case_id"]))))
        return Case.of(found[0])

    async def resident_row(self, who: Person) -> Resident:
        async with self.database.transaction() as tx:
            found = await by_address(tx, "telegram", who.address)
        assert found is not None
        return found


@pytest.fixture
async def town(database: Database) -> MeetingTown:
    return await MeetingTown(database).opens()


@pytest.fixture
async def fatima(town: MeetingTown) -> Person:
    return await town.living()
