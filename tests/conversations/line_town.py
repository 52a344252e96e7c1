"""A town on the morning of a Customer Day: people with appointments, a door, a queue panel in the group."""

from __future__ import annotations

from datetime import datetime, timedelta

from locales import without_marks
from services.actors import staff_actor
from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, Details
from services.offices.offices import LocalizedText
from services.offices.working_days import WorkingCalendar
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from services.visits import due as line_due
from services.visits import visits
from storage import sessions as session_rows
from storage.database import Database
from storage.ids import BookingId, ChatId, LaneId
from storage.records.sessions import Session
from storage.visits import Visit
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown
from tests.conversations.town import Person, Shown
from tests.known import by_address

DOOR = staff_actor("9001")


class LineTown(DeskTown):
    """The capital's first Customer Day, with a second line beside the Director General's; its team reads English."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        capital = self.offices.offices_by_id[CAPITAL]
        (rule,) = capital.customer_day
        second = rule.model_copy(
            update={"lane": LaneId("projects"), "name": LocalizedText(ar="المشاريع", en="Projects")}
        )
        changed = capital.model_copy(update={"staff_language": "en", "customer_day": (rule, second)})
        self.offices = self.offices.model_copy(
            update={"offices_by_id": self.offices.offices_by_id | {CAPITAL: changed}}
        )
        self.desk.offices = self.offices
        self.desk.calendar = WorkingCalendar(self.offices)

    async def opens_the_day(self) -> LineTown:
        await self.opens()
        await self.work(sessions.plan_sessions)
        async with self.database.transaction() as tx:
            days = await session_rows.on_or_after(tx, self.customer_days[0])
        self.lines = [one for one in days if one.office == CAPITAL and one.day == self.customer_days[0]]
        self.lines.sort(key=lambda one: one.lane)
        return self

    @property
    def line(self) -> Session:
        return self.lines[0]

    async def booked(self, count: int, language: str = "en") -> list[tuple[Person, Booking]]:
        """People with the first appointments of the day."""
        return [await self._book(str(1001 + n), f"Resident {n}", language) for n in range(count)]

    async def _book(self, address: str, name: str, language: str) -> tuple[Person, Booking]:
        person = await self.living(address, name, language)

        async def book(work: Work) -> Booking:
            who = await by_address(work.tx, TELEGRAM, address)
            assert who is not None
            free = await sessions.free_slots(work, self.line.id)
            held = await bookings.reserve_seat(work, free[0].slot.id, who)
            assert isinstance(held, Booking), held
            details = Details(topic="roads", words="The road", name=name, phone=f"+9733312{address}")
            made = await bookings.confirm_seat(work, held.id, who, details)
            assert isinstance(made, Booking), made
            return made

        return person, await self.work(book)

    def opening(self, minutes: float = 0) -> datetime:
        """So many minutes after the line opens."""
        return self.line.opens_at + timedelta(minutes=minutes)

    async def is_at(self, minutes: float) -> None:
        self.now = self.opening(minutes)
        await self.look()

    async def look(self) -> None:
        """The clock compares what people see with how the lines stand."""
        for _ in range(20):
            if not await self.work(lambda work: line_due.run_due(work, 20)):
                return
        raise AssertionError("the lines are looked at without end")

    async def comes(self, booking: Booking) -> Visit:
        came = await self.work(lambda work: visits.arrive(work, booking, DOOR))
        assert isinstance(came, Visit), came
        await self.look()
        return came

    async def visit(self, booking: BookingId) -> Visit:
        found = await self.work(lambda work: visits.of(work, booking))
        assert found is not None
        return found

    def panel(self, chat: str = "") -> Shown:
        """The newest panel of a chat."""
        shown = self.chats[ChatId(chat or self.huda.chat)]
        panels = [one for one in shown if one.text.startswith("🪑") and "Director General" in one.text]
        return max(panels, key=lambda one: one.position)

    def says(self) -> str:
        """What the panel says."""
        return without_marks(self.panel().text)

    async def tap(self, who: Colleague, label: str) -> None:
        """Tap a button of the panel."""
        choice = self.panel().find(label)
        assert choice is not None, f"no button {label!r} in {self.panel().buttons}"
        await who.taps_data(choice.data, self.panel().number)
