"""A desk to test appointments at: one office with a small Customer Day, residents, and a clock that tests move."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from services.bookings import bookings, sessions, waiting_list
from services.bookings import due as booking_due
from services.bookings.bookings import Booking, Details
from services.offices.offices import Offices, load_offices
from services.offices.working_days import WorkingCalendar
from services.unit_of_work import Work
from storage import files, residents
from storage.database import Database, Row
from storage.ids import FileId, OfficeId, SlotId
from storage.records.residents import Resident
from storage.records.sessions import Session, Slot

P = ParamSpec("P")
T = TypeVar("T")

CAPITAL = OfficeId("capital")
NORTHERN = OfficeId("northern")
#: A Sunday, 09:00 in Bahrain. The rules below sit on Wednesdays: the first is the 25th.
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 25)
#: Four slots of two seats.
RULE = "{weekday: wednesday, opens: 09:00, closes: 10:00, slot_minutes: 15, capacity: 2, weeks_ahead: 2, lead_hours: 2}"
DETAILS = Details(topic="roads", words="The road floods", name="Fatima Ali", phone="+97333123456")


def details(person: Resident) -> Details:
    """What somebody says of their visit; nobody has another's number."""
    return replace(DETAILS, phone=person.phone or f"+97333{100000 + person.id}")


_FILE = """
ministry: {{ ar: الوزارة, en: Ministry }}
zone: Asia/Bahrain
hotline: 80008188
hours: {{ sunday: 07:00-14:15, wednesday: 07:00-14:15, thursday: 07:00-14:00 }}
closures: [{closures}]
offices:
  capital:
    name: {{ ar: أمانة العاصمة, en: Capital Municipality }}
    short_name: {{ ar: العاصمة, en: Capital }}
    staff_chat: "-1001"
    place: {{ latitude: 26.2, longitude: 50.5, title: {{ ar: مبنى, en: Hall }}, address: {{ ar: مبنى, en: Manama }} }}
    customer_day: [{rules}]
  northern:
    name: {{ ar: بلدية المنطقة الشمالية, en: Northern Area Municipality }}
    short_name: {{ ar: الشمالية, en: Northern }}
    place: {{ latitude: 26.2, longitude: 50.5, title: {{ ar: مبنى, en: Hall }}, address: {{ ar: سار, en: Saar }} }}
    customer_day: [{northern}]
bodies:
  municipality: {{ name: {{ ar: البلدية, en: the municipality }} }}
categories:
  other: {{ name: {{ ar: أخرى, en: Other }}, emoji: "❔", owner: municipality }}
topics:
  other: {{ name: {{ ar: أخرى, en: Other }}, emoji: "❔", category: other }}
geography:
  box: {{ west: 50.2, east: 50.9, south: 25.5, north: 26.4 }}
"""


def rule(lane: str = "director", text: str = RULE, **changes: object) -> str:
    """A lane rule as the offices file writes it, with some of its keys changed or added."""
    keys = dict(part.split(": ") for part in text.strip("{}").split(", "))
    keys |= {key: str(value) for key, value in changes.items()}
    said = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return f"{{lane: {lane}, name: {{ar: المدير العام, en: Director General}}, {said}}}"


def offices(folder: Path, *rules: str, northern: str = "", closures: str = "") -> Offices:
    """Offices with these rules at the capital."""
    path = folder / "offices.yaml"
    path.write_text(_FILE.format(rules=", ".join(rules or (rule(),)), northern=northern, closures=closures), "utf-8")
    return load_offices(path)


class DeskUnderTest:
    """Each act is a transaction of its own, at the desk's time."""

    def __init__(self, database: Database, offices: Offices) -> None:
        self.database = database
        self.now = START
        self.random = random.Random(5)
        self.addresses = itertools.count(1001)
        self.follow(offices)

    def follow(self, offices: Offices) -> None:
        """Other rules from now on."""
        self.offices = offices
        self.calendar = WorkingCalendar(offices)

    async def do(self, act: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.database.transaction() as tx:
            return await act(Work(tx, self.now, self.offices, self.calendar, self.random), *args, **kwargs)

    async def rows(self, sql: str, **values: Any) -> list[Row]:
        async with self.database.transaction() as tx:
            return await tx.all(sql, **values)

    def at(self, day: date, clock: str) -> datetime:
        """A time of day in Bahrain."""
        return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=self.offices.zone).astimezone(UTC)

    # ---------------------------------------------------------------- people and what they do

    async def resident(self, **changes: object) -> Resident:
        async with self.database.transaction() as tx:
            person = await residents.add(tx, "telegram", str(next(self.addresses)), "Fatima Ali", "en", self.now)
            person = person.model_copy(update=changes)
            residents.save(tx, person)
        return person

    async def photo(self, person: Resident) -> FileId:
        """A picture that somebody sent."""
        async with self.database.transaction() as tx:
            wanted = await files.want(
                tx,
                resident=person.id,
                channel="telegram",
                remote_id="r",
                unique_id="u",
                kind="photo",
                name="",
                mime="image/jpeg",
                size=9,
                at=self.now,
            )
        return wanted.id

    async def people(self, count: int) -> list[Resident]:
        return [await self.resident() for _ in range(count)]

    async def book(self, slot: Slot, person: Resident | None = None, *, beside: str = "") -> Booking:
        """A confirmed appointment; `beside` another one of theirs, for a reason."""
        person = person or await self.resident()
        held = await self.do(bookings.reserve_seat, slot.id, person)
        assert isinstance(held, Booking), held
        booked = await self.do(bookings.confirm_seat, held.id, person, details(person), beside=beside)
        assert isinstance(booked, Booking), booked
        return booked

    async def hold(self, slot: Slot, person: Resident) -> Booking:
        held = await self.do(bookings.reserve_seat, slot.id, person)
        assert isinstance(held, Booking), held
        return held

    async def wait(self, session: Session, person: Resident | None = None) -> Booking:
        """A place on the waiting list (or an offer, where a seat is free)."""
        person = person or await self.resident()
        joined = await self.do(waiting_list.join, session.id, person, details(person))
        assert isinstance(joined, Booking), joined
        return joined

    async def fill(self, session: Session) -> list[Booking]:
        """Book every free seat of a session."""
        free = await self.do(sessions.free_slots, session.id)
        return [await self.book(one.slot) for one in free for _ in range(one.free)]

    async def again(self, booking: Booking) -> Booking:
        """A booking as it stands now."""
        found = await self.do(bookings.by_id, booking.id)
        assert found is not None
        return found

    # ---------------------------------------------------------------- time

    async def pass_time(self, **span: float) -> int:
        """Move the clock, and do what is due."""
        self.now += timedelta(**span)
        return await self.tick()

    async def wait_until(self, moment: datetime) -> int:
        self.now = moment
        return await self.tick()

    async def tick(self) -> int:
        return await self.do(booking_due.run_due)

    # ---------------------------------------------------------------- what there is

    async def days(self, office: OfficeId = CAPITAL) -> list[Session]:
        return [state.session for state in await self.do(sessions.upcoming, office, 50)]

    async def slots(self, session: Session) -> list[Slot]:
        rows = await self.rows("SELECT * FROM slots WHERE session_id = :id ORDER BY starts_at", id=session.id)
        return [Slot.of(row) for row in rows]

    async def first_day(self) -> tuple[Session, list[Slot]]:
        session = (await self.days())[0]
        return session, await self.slots(session)

    async def owed(self, about: str, booking: Booking | None = None) -> list[str]:
        """The keys of pending notices of a kind, those about one booking if it is named."""
        rows = await self.rows(
            "SELECT key, payload FROM outbox WHERE status = 'pending' AND payload LIKE :about ORDER BY id",
            about=f'%"about":"{about}"%',
        )
        wanted = "" if booking is None else f'"booking":{booking.id},'
        return [str(row["key"]) for row in rows if wanted in str(row["payload"]).replace("}", ",")]

    async def slot(self, slot: SlotId) -> Slot:
        return Slot.of((await self.rows("SELECT * FROM slots WHERE id = :id", id=slot))[0])


async def open_desk(database: Database, offices: Offices) -> DeskUnderTest:
    """A desk whose Customer Days are planned."""
    casework = DeskUnderTest(database, offices)
    await casework.tick()
    return casework
