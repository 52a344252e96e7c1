"""A desk for tests of cases: a real database, a clock that the test moves, people who submit."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEventKind, CaseKind, NewCase
from services.notify.enqueue import office_address
from services.notify.notices.cases import CaseUpdate, StaffCard, StaffCase
from services.notify.notices.kinds import ANY_NOTICE
from services.offices.working_days import WorkingCalendar
from services.unit_of_work import Work
from storage import cases as rows
from storage import residents
from storage.database import Database
from storage.ids import CategoryId, ChatId, OfficeId
from storage.records.residents import Resident
from tests import shipped

P = ParamSpec("P")
T = TypeVar("T")

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # a Sunday, 09:00 in Bahrain, no holiday until 16 December
OFFICES = shipped.OFFICES.with_staff_chats(
    {OfficeId("capital"): ChatId("-1001"), OfficeId("northern"): ChatId("-1003")}
)
CALENDAR = WorkingCalendar(OFFICES)
CAPITAL, NORTHERN = OfficeId("capital"), OfficeId("northern")
BINS, SEWERAGE, DEBRIS = CategoryId("bins"), CategoryId("sewerage"), CategoryId("debris")


class Casework:
    def __init__(self, database: Database, seed: int = 7, admins: frozenset[str] = frozenset()) -> None:
        self.database = database
        self.admins = admins
        self.now = START
        self.random = random.Random(seed)
        self._addresses = itertools.count(35550001)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        async with self.database.transaction() as tx:
            yield Work(tx, self.now, OFFICES, CALENDAR, self.random, self.admins)

    async def do(self, act: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **more: P.kwargs) -> T:
        """One service function in a transaction of its own."""
        async with self.work() as work:
            return await act(work, *args, **more)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def resident(self, name: str = "Fatima Ali", **changes: object) -> Resident:
        address = str(next(self._addresses))
        async with self.work() as work:
            person = await residents.add(work.tx, "telegram", address, name, "en", self.now)
            person = person.model_copy(update=changes)
            residents.save(work.tx, person)
        return person

    async def case(self, resident: Resident, **new: object) -> Case:
        """Submit a complaint about bins to the capital's municipality, or what `new` says."""
        filed = NewCase(
            **{"kind": CaseKind.COMPLAINT, "category": BINS, "office": CAPITAL, "words": "The bin is full", **new}  # type: ignore[arg-type]
        )
        case = await self.do(resident_actions.submit, resident, filed)
        assert isinstance(case, Case), case
        return case

    async def again(self, case: Case) -> Case:
        """The case as it is now."""
        found = await self.do(resident_actions.by_id, case.id)
        assert found is not None
        return found

    async def events(self, case: Case) -> list[CaseEventKind]:
        async with self.work() as work:
            return [event.what for event in await rows.events(work.tx, case.id)]

    async def told(self, resident: Resident) -> list[CaseEventKind]:
        """What a resident was told of cases, in order."""
        return [kind for kind, _ in await self._told("resident_id = :who", resident.id)]

    async def told_staff(self, office: str = "capital") -> list[CaseEventKind]:
        """What an office's team was told below the card of a case."""
        return [kind for kind, _ in await self._told("chat = :who", office_address(OfficeId(office)))]

    async def has_card(self, case: Case, office: str = "capital") -> bool:
        """Whether an office's card of a case is owed."""
        card = StaffCard(case=case.id, office=OfficeId(office))
        async with self.database.transaction() as tx:
            sql = "SELECT 1 FROM outbox WHERE payload = :payload AND status = 'pending'"
            return await tx.one(sql, payload=card.model_dump_json()) is not None

    async def due_times(self, resident: Resident) -> list[datetime]:
        """From when on each message to a resident may go out, in Bahrain's time."""
        return [at.astimezone(OFFICES.zone) for _, at in await self._told("resident_id = :who", resident.id)]

    async def _told(self, where: str, who: object) -> list[tuple[CaseEventKind, datetime]]:
        told = []
        async with self.database.transaction() as tx:
            sql = f"""SELECT payload, not_before FROM outbox
                WHERE kind = 'notice' AND payload <> '' AND {where} ORDER BY id"""  # noqa: S608
            for row in await tx.all(sql, who=who):  # type: ignore[arg-type]
                notice = ANY_NOTICE.validate_json(str(row["payload"]))
                if isinstance(notice, CaseUpdate | StaffCase):
                    event = await rows.event(tx, notice.event)
                    assert event is not None
                    at = row["not_before"]
                    told.append((event.what, at if isinstance(at, datetime) else datetime.fromisoformat(str(at))))
        return told

    async def audited(self, subject: str) -> list[tuple[str, str]]:
        """Who did what to something."""
        async with self.database.transaction() as tx:
            found = await tx.all(
                "SELECT actor, action FROM audit WHERE subject = :subject ORDER BY id", subject=subject
            )
        return [(str(row["actor"]), str(row["action"])) for row in found]


def at(*clock: int) -> datetime:
    """A moment in Bahrain's time: year, month, day, hour, minute."""
    return datetime(*clock, tzinfo=OFFICES.zone)  # type: ignore[misc, arg-type]
