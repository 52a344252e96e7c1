"""A town with Customer Days, and people who book."""

from __future__ import annotations

import functools
import re

from conversations.booking import feedback, my_appointments
from conversations.booking import start as booking_start
from conversations.dialogue import replied
from conversations.engine.registry import FlowRegistry, assemble
from conversations.engine.step import Links, Next, Reask, Turn
from conversations.home import deep_links, main_menu, municipality
from conversations.requests import my_requests
from conversations.requests import start as request_start
from services.bookings import sessions
from storage.database import Database
from storage.records.bookings import Booking
from tests.conversations.town import Person, Shown, Town

REFERENCE = re.compile(r"B-\w{4}-\w{3}")
CAPITAL = "-1001"


@functools.cache
def registry() -> FlowRegistry:
    """The flows that a booking meets."""
    return assemble(
        (
            main_menu.FLOW,
            deep_links.FLOW,
            municipality.FLOW,
            request_start.FLOW,
            my_requests.FLOW,
            booking_start.FLOW,
            my_appointments.FLOW,
            feedback.FLOW,
        ),
        home=main_menu.MainMenu,
        anything=_anything,
        replied=replied,
    )


async def _anything(turn: Turn) -> Next:
    return Reask(turn.t("That kind of message can't be read here."))


def labels(shown: Shown) -> list[str]:
    return [label for row in shown.buttons for label in row]


class Counted(Person):
    """A person whose taps and typed answers are counted."""

    tapped = 0
    typed = 0

    async def taps(self, label: str, *, repeat: int = 1) -> None:
        self.tapped += 1
        await super().taps(label, repeat=repeat)

    async def says(self, text: str, **more) -> None:
        self.typed += not text.startswith("/")
        await super().says(text, **more)

    @property
    def labels(self) -> list[str]:
        """All buttons of the newest message."""
        return labels(self.last)

    @property
    def reference(self) -> str:
        """The reference of the newest appointment that this person was told of."""
        for shown in reversed(self.messages):
            if found := REFERENCE.search(shown.text):
                return found[0]
        raise AssertionError(f"no reference in {[shown.text for shown in self.messages[-4:]]}")


class DayTown(Town):
    def __init__(self, database: Database, links: Links | None = None) -> None:
        super().__init__(database, registry(), links=links)

    @classmethod
    async def open(cls, database: Database, links: Links | None = None) -> DayTown:
        """A town whose Customer Days are planned."""
        town = cls(database, links)
        await town.work(sessions.plan_sessions)
        return town

    def resident(self, address: str = "1001", name: str = "Fatima Ali", language: str = "en") -> Counted:
        return Counted(self, address, name, language)

    async def living_in(self, office_id: str = "capital", **who: str) -> Counted:
        """Someone who has chosen their municipality."""
        person = self.resident(**who)
        await person.says("/start")
        await self.settles(person, office_id)
        return person

    async def book(self, person: Counted, time: str = "09:15", day: str = "", phone: str = "33123456") -> str:
        """Book the quickest way, in English; the reference."""
        await person.says("/book")
        await person.taps(day or self.day())
        await person.taps(time)
        await person.says("The permit is late")
        if person.last.find("Continue"):  # whoever booked before looks at the summary
            await person.taps("Continue")
        if "number can the municipality call" in person.last.text:
            await person.says(phone)
        await person.taps("Confirm")
        return person.reference

    async def fill_day(self, day: str = "", but: int = 0) -> None:
        """Others book every time of a day, but so many."""
        for number in range(12 - but):
            other = await self.living_in(address=str(5000 + number), name=f"Neighbour {number} of the town")
            await other.says("/book")
            await other.taps(day or self.day())
            first = next(label for row in other.buttons for label in row if ":" in label)
            await other.taps(first)
            await other.taps("Continue")
            await other.says(f"3312{number:02}56")
            await other.taps("Confirm")

    async def bookings(self) -> list[Booking]:
        async with self.database.transaction() as tx:
            rows = await tx.all(
                """
                SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b JOIN sessions s ON s.id = b.session_id
                LEFT JOIN slots t ON t.id = b.slot_id ORDER BY b.id
                """
            )
        return [Booking.of(row) for row in rows]

    async def booking(self, reference: str) -> Booking:
        return next(one for one in await self.bookings() if one.reference == reference)

    async def count(self, sql: str) -> int:
        async with self.database.transaction() as tx:
            row = await tx.one(sql)
        assert row is not None
        return int(str(next(iter(row.values()))))

    async def run(self, sql: str) -> None:
        """Change what stands in the database, as something that a test is not about would."""
        async with self.database.transaction() as tx:
            await tx.run(sql)

    def staff_sees(self, office_chat: str = CAPITAL) -> list[str]:
        return [shown.text for shown in self.chats.get(office_chat, [])]


async def at_the_screen(town: DayTown, **who: str) -> Counted:
    """Somebody who has chosen a time and is asked what the appointment is about."""
    person = await town.living_in(**who)
    await person.says("/book")
    await person.taps(town.day())
    await person.taps("09:15")
    return person


async def at_the_summary(town: DayTown, **who: str) -> Counted:
    """Somebody who has only to confirm."""
    person = await at_the_screen(town, **who)
    await person.says("The permit is late")
    await person.taps("Continue")
    await person.says("33123456")
    return person
