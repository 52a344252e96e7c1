"""A desk whose administrators change what the offices file said, over one database that several workers share."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from services.bookings import reconfiguring
from services.bookings.reconfiguring import Done
from services.casework.templates import load_templates
from services.offices import changes
from services.offices.changes import Proposal
from services.offices.configuration import Configuration, value_at
from services.offices.offices import Offices
from services.offices.yaml_file import Data
from services.staff.permissions import TELEGRAM, Person
from services.unit_of_work import Work
from storage.database import Database
from storage.translations import Translations
from tests.services.booking_builders import DeskUnderTest

P = ParamSpec("P")
T = TypeVar("T")

HUDA = Person(TELEGRAM, "9000", "Huda")
YUSUF = Person(TELEGRAM, "9001", "Yusuf")
STRANGER = Person(TELEGRAM, "9666", "Stranger")
NEW_HOURS = Translations({"ar": "تغيرت المواعيد", "en": "The hours have changed"})


class ConfiguringDesk(DeskUnderTest):
    """One worker: what it knows of the configuration is as old as its last look (`follow_changes`)."""

    def __init__(self, database: Database, offices: Offices) -> None:
        super().__init__(database, offices)
        self.random = random.Random(id(self))
        self.admins = frozenset({HUDA.address, YUSUF.address})
        self.start = changes.start(offices, load_templates(offices), ("ar", "en"))
        self.configuration: Configuration = self.start

    async def do(self, act: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.database.transaction() as tx:
            work = Work(
                *(tx, self.now, self.offices, self.calendar, self.random, self.admins), configuration=self.configuration
            )
            return await act(work, *args, **kwargs)

    async def follow_changes(self) -> None:
        now = await self.do(changes.present)
        self.configuration = now.configuration
        self.offices, self.calendar = now.offices, self.calendar.following(now.offices)

    async def value(self, *path: str) -> Data:
        """What is configured at a place now."""
        found = value_at((await self.do(changes.present)).configuration.data, path)
        return None if found is None else json.loads(found)

    async def proposal(self, *path: str, after: Data) -> Proposal:
        """A change as an administrator sees it who looks now. None is nothing."""
        before = value_at((await self.do(changes.present)).configuration.data, path)
        text = None if after is None else json.dumps(after, ensure_ascii=False, sort_keys=True)
        return Proposal(path=path, before=before, after=text)

    async def changes(self, *path: str, after: Data, by: Person = HUDA) -> Done:
        """An administrator's change, that nothing speaks against."""
        proposal = await self.proposal(*path, after=after)
        done = await self.do(reconfiguring.carry_out, by, proposal, NEW_HOURS)
        assert isinstance(done, Done), done
        await self.follow_changes()
        return done
