"""A town whose administrator changes offices and sessions in private, and whose worker follows at once."""

from __future__ import annotations

from datetime import date, timedelta

from services.bookings import sessions
from services.bookings.schedule import plan_sessions
from services.offices import changes
from services.offices.configuration import value_at
from storage.database import Database
from storage.ids import OfficeId
from storage.records.bookings import Booking
from storage.records.sessions import Session
from tests.conversations.staff_town import ADMIN, CAPITAL, DeskTown
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, booked


class ConfiguringTown(DeskTown):
    """Huda, in English, and Salman, in Arabic, administer every office."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.desk.admins = frozenset({ADMIN, "9010"})
        self.boss = self.resident(ADMIN, "Huda", "en")
        self.rival = self.resident("9010", "Salman", "ar")

    async def deliver(self) -> None:
        await self.desk.catch_up()
        await super().deliver()

    async def planned(self) -> ConfiguringTown:
        await self.opens()
        await self.work(plan_sessions)
        return self

    async def value(self, *path: str) -> str | None:
        """What is configured, as JSON."""
        async with self.database.transaction() as tx:
            return value_at((await changes.present(self.desk.work(tx))).configuration.data, path)

    async def days(self, office: OfficeId = CAPITAL) -> list[Session]:
        return [one.session for one in await self.work(lambda work: sessions.upcoming(work, office, 50))]

    async def booked(self, person: Person) -> Booking:
        """The first free appointment with the capital."""
        await person.says("/start")
        town = WholeTown(self.database)
        town.now = self.now
        return await booked(town, person)

    async def again_booked(self, booking: Booking) -> dict[str, object]:
        [row] = await self.rows("SELECT * FROM bookings WHERE id = :id", id=booking.id)
        return row

    def weekday_off(self) -> date:
        """A day ahead on which the capital is open and has no Customer Day."""
        today = self.now.astimezone(self.offices.zone).date()
        ahead = (today + timedelta(days=number) for number in range(1, 40))
        return next(
            day
            for day in ahead
            if self.desk.calendar.is_working_day(CAPITAL, day) and day not in self.customer_days and day.weekday() != 2
        )
