"""A town with the whole dialogue, as it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from conversations.dialogue import dialogue
from services.bookings import bookings, sessions
from services.bookings.bookings import Details
from services.bookings.schedule import plan_sessions
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseKind, NewCase
from services.unit_of_work import Work
from storage.database import Database, Value
from storage.ids import CategoryId, OfficeId
from storage.open import open_database
from storage.records.bookings import Booking
from storage.records.residents import Resident
from tests.conversations.town import Person, Town
from tests.databases import fresh_sqlite
from tests.known import by_address

SCRIPT = dialogue()
MANAMA = (26.228, 50.585)
RIYADH = (24.71, 46.67)


class WholeTown(Town):
    def __init__(self, database: Database) -> None:
        super().__init__(database, SCRIPT)

    async def row(self, person: Person) -> Resident:
        """What is kept of a person."""
        async with self.database.transaction() as tx:
            found = await by_address(tx, "telegram", person.address)
        assert found is not None
        return found

    async def rows(self, sql: str, **values: Value) -> list[dict[str, object]]:
        async with self.database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql, **values)]


@asynccontextmanager
async def whole_town(folder: Path) -> AsyncIterator[WholeTown]:
    """A town over an empty SQLite file."""
    database = await open_database(await fresh_sqlite(folder / "town.db"))
    try:
        yield WholeTown(database)
    finally:
        await database.close()


async def submitted(town: WholeTown, person: Person, words: str = "The bins are full") -> Case:
    """A complaint of that person's, as if it had been submitted."""
    resident = await town.row(person)
    new = NewCase(
        kind=CaseKind.COMPLAINT,
        category=CategoryId("bins"),
        office=OfficeId("capital"),
        words=words,
        name=person.name,
        phone="+97333123456",
    )
    case = await town.work(lambda work: resident_actions.submit(work, resident, new))
    assert isinstance(case, Case)
    return case


async def booked(town: WholeTown, person: Person, phone: str = "+97333123456") -> Booking:
    """The first free appointment with the capital, as if that person had booked it."""
    resident = await town.row(person)
    await town.work(plan_sessions)
    details = Details(topic="other", words="The market", name=person.name, phone=phone)

    async def book(work: Work) -> Booking:
        (_, slot), *_ = await sessions.nearest_free(work, OfficeId("capital"))
        held = await bookings.reserve_seat(work, slot.id, resident, "")
        assert isinstance(held, Booking)
        confirmed = await bookings.confirm_seat(work, held.id, resident, details)
        assert isinstance(confirmed, Booking)
        return confirmed

    return await town.work(book)
