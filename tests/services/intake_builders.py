"""A desk with staff who take what callers and visitors ask for."""

from __future__ import annotations

from pathlib import Path

from services.bookings import sessions
from services.bookings.bookings import Details
from services.cases.resident_actions import Case, CaseKind, NewCase
from services.casework import intake
from services.casework.intake import Caller, Source
from services.notify.notices.bookings import TakenForYou
from services.notify.notices.kinds import ANY_NOTICE
from services.staff.permissions import Person
from storage.database import Database
from storage.ids import CategoryId, OfficeId
from storage.records.bookings import Booking
from storage.records.residents import Resident
from storage.records.sessions import Slot
from storage.records.staff import Role
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, DeskUnderTest, offices

HUDA = Person("telegram", "77", "Huda")
OUTSIDER = Person("telegram", "88", "Nobody")
FATIMA = Caller("Fatima Ali", "+97333123456")
NEW = NewCase(
    kind=CaseKind.COMPLAINT, category=CategoryId("other"), office=CAPITAL, words="The lamp of 33123456 is broken"
)
DETAILS = Details(topic="other", words="The market")


class Hotline(DeskUnderTest):
    async def hires(self, person: Person = HUDA, office: OfficeId = CAPITAL, role: Role = Role.AGENT) -> None:
        async with self.database.transaction() as tx:
            await give_role(tx, person, office, self.now, role)

    async def files(self, caller: Caller = FATIMA, new: NewCase = NEW, source: Source = Source.HOTLINE) -> Case:
        case = await self.do(intake.file_case_for, HUDA, CAPITAL, caller, new, source)
        assert isinstance(case, Case), case
        return case

    async def books(self, slot: Slot, caller: Caller = FATIMA) -> Booking:
        booked = await self.do(intake.book_for, HUDA, CAPITAL, caller, slot.id, DETAILS, Source.HOTLINE)
        assert isinstance(booked, Booking), booked
        return booked

    async def free(self, at: int = 0) -> Slot:
        """A free slot of the first day."""
        found = await self.do(sessions.nearest_free, CAPITAL)
        return found[at][1]

    async def owner(self, phone: str = FATIMA.phone) -> Resident:
        """Somebody of whom the messenger vouched that the number is theirs."""
        return await self.resident(phone=phone, phone_own=True)

    async def taken_for(self, resident: Resident) -> list[TakenForYou]:
        """What a resident was told that staff took for them."""
        found = await self.rows(
            "SELECT payload FROM outbox WHERE kind = 'notice' AND resident_id = :id ORDER BY id", id=resident.id
        )
        notices = [ANY_NOTICE.validate_json(str(row["payload"])) for row in found]
        return [notice for notice in notices if isinstance(notice, TakenForYou)]

    async def audited(self, action: str) -> list[str]:
        """By whom."""
        found = await self.rows("SELECT actor FROM audit WHERE action = :action ORDER BY id", action=action)
        return [str(row["actor"]) for row in found]


async def hotline(database: Database, folder: Path) -> Hotline:
    casework = Hotline(database, offices(folder))
    await casework.tick()
    await casework.hires()
    return casework
