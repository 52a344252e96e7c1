"""An office's morning in two lanes, and the process's own web server with the pages of that day."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.context import AppContext
from bot.metrics import Metrics
from bot.pages.director import DirectorPage
from bot.pages.feeds import Feeds
from bot.pages.hall import HallScreen
from bot.pages.passes import Passes
from bot.pages.responses import files
from bot.web import Web
from conversations.dialogue import dialogue
from conversations.engine.step import Links
from locales import load
from services.actors import staff_actor
from services.bookings import sessions
from services.bookings.bookings import Booking
from services.cases.resident_actions import Case, CaseKind, NewCase, submit
from services.casework.intake import Caller
from services.offices.working_days import WorkingCalendar
from services.staff.permissions import Person
from services.unit_of_work import Work
from services.visits import visits, walk_ins
from services.visits.page_links import PageLinks
from services.visits.states import Step
from storage import cases, linked_cases, residents
from storage.bookings import add_event
from storage.database import Database
from storage.ids import CaseId, CategoryId
from storage.lines import Held, hold
from storage.records.bookings import BookingEventKind
from storage.records.cases import CaseEventKind
from storage.records.sessions import Session
from storage.records.staff import Role
from storage.visits import Visit
from tests.bot.counter import LINKS
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule

NOORA = Person("telegram", "2", "Noora")
COUNCILLOR = Person("telegram", "3", "Councillor")
DOOR = staff_actor("1")
TOKEN = "7000001:test"
KEY = b"k" * 32
CATALOGUES = load()


class Day:
    """Eight seats from 09:00, two at a time, and a second lane. The test moves the clock."""

    def __init__(self, desk: DeskUnderTest, found: tuple[Session, Session], url: str) -> None:
        self.desk = desk
        self.director, self.projects = found
        self.url = url
        self.links = PageLinks(url, KEY)
        self.context = AppContext(
            database=desk.database,
            registry=dialogue(),
            catalogues=CATALOGUES,
            offices=desk.offices,
            calendar=WorkingCalendar(desk.offices),
            links=Links(LINKS, None, self.links),
            clock=lambda: self.desk.now,
            random=random.Random(3),
        )
        self.feeds = Feeds()

    @classmethod
    async def open(cls, database: Database, folder: Path, port: int) -> Day:
        desk = await open_desk(database, offices(folder, rule(), rule(lane="projects")))
        days = {one.lane: one for one in await desk.days() if one.day == FIRST_DAY}
        director, projects = (days[lane] for lane in sorted(days))
        day = cls(desk, (director, projects), f"http://127.0.0.1:{port}")
        await day.hires(NOORA, Role.DIRECTOR)
        day.is_at("08:50")
        return day

    def is_at(self, clock: str) -> None:
        self.desk.now = self.desk.at(FIRST_DAY, clock)

    async def hires(self, person: Person, role: Role) -> None:
        async with self.desk.database.transaction() as tx:
            await give_role(tx, person, CAPITAL, self.desk.now, role)

    async def dismisses(self, person: Person) -> None:
        await self.desk.rows(
            "UPDATE staff_roles SET revoked_at = :at WHERE address = :who RETURNING id",
            at=self.desk.now,
            who=person.address,
        )

    async def come(self, count: int) -> list[Booking]:
        """So many with an appointment come to the first lane: tickets from 1 on."""
        now = self.desk.now
        self.desk.now = now - timedelta(days=1)
        free = await self.desk.do(sessions.free_slots, self.director.id)
        seats = [one.slot for one in free for _ in range(one.free)][:count]
        booked = [await self.desk.book(slot) for slot in seats]
        self.desk.now = now
        for one in booked:
            assert isinstance(await self.desk.do(visits.arrive, one, DOOR), Visit)
        return booked

    async def step(self, booking: Booking, step: Step) -> Visit:
        after = await self.desk.do(visits.change, booking.id, step, DOOR)
        assert isinstance(after, Visit), after
        return after

    async def answers(self, booking: Booking, words: str) -> None:
        """Staff answer what a meeting is about before it takes place."""
        async with self.desk.database.transaction() as tx:
            add_event(tx, booking.id, self.desk.now, DOOR, BookingEventKind.ANSWERED, words)

    async def links_case(self, booking: Booking) -> CaseId:
        """A request of the visitor's that the appointment is about."""

        async def file(work: Work) -> CaseId:
            resident = await residents.by_id(work.tx, booking.resident_id)
            assert resident is not None
            category = CategoryId("rainwater")
            new = NewCase(kind=CaseKind.COMPLAINT, category=category, office=CAPITAL, words="The road floods")
            filed = await submit(work, resident, new)
            assert isinstance(filed, Case)
            linked_cases.link(work.tx, booking.id, filed.id, work.now)
            return filed.id

        return await self.desk.do(file)

    async def replies(self, case: CaseId, words: str) -> None:
        async with self.desk.database.transaction() as tx:
            await cases.add_event(tx, case, self.desk.now, DOOR, CaseEventKind.REPLIED, public=True, words=words)

    async def walks_in(self, session: Session) -> Booking:
        caller = Caller(name="Ali Hasan")
        added = await self.desk.do(walk_ins.add, person=NOORA, session=session.id, caller=caller, topic="other")
        assert isinstance(added, walk_ins.Added), added
        return added.booking

    async def holds(self, session: Session, held: Held, until: timedelta | None) -> None:
        """A line stands still from now on."""
        now = self.desk.now
        async with self.desk.database.transaction() as tx:
            hold(tx, session.id, held, now, None if until is None else now + until)

    def hall(self) -> str:
        return self.links.hall(self.director.id)

    @asynccontextmanager
    async def serving(self, *, beat: float = 0.5) -> AsyncIterator[Web]:
        """The pages at their address, until the block ends."""
        host, port = self.url.removeprefix("http://").split(":")
        screen = HallScreen(self.context, self.links, self.feeds, beat=beat)
        director = DirectorPage(self.context, Passes(TOKEN, self.links.pass_key()))
        routes = [*screen.routes(), *director.routes(), *files()]
        server = Web(self.desk.database, Metrics(), routes, closing=(self.feeds.stop,))
        await server.start(host, int(port))
        try:
            yield server
        finally:
            await server.stop()
