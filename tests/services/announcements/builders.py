"""A desk that announces: administrators, residents who want news, and announcements to send them."""

from __future__ import annotations

from typing import Unpack

from services.announcements import sending, writing
from services.announcements.model import Announcement, Kind, Status
from services.announcements.writing import Fields
from services.staff.permissions import Person
from storage.database import Database
from storage.ids import OfficeId
from storage.translations import Translations
from tests.services.case_builders import CAPITAL, Casework

AMAL, BADER = Person("telegram", "1", "Amal"), Person("telegram", "2", "Bader")
NOORA = Person("telegram", "3", "Noora")  # no administrator
TEXTS = Translations({"en": "The park opens on Sunday.", "ar": "تفتح الحديقة يوم الأحد."})


class Newsroom(Casework):
    """A desk with two administrators of every office."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, admins=frozenset({AMAL.address, BADER.address}))

    async def draft(self, office: OfficeId = CAPITAL, by: Person = AMAL, **fields: Unpack[Fields]) -> Announcement:
        fields.setdefault("texts", TEXTS)
        async with self.work() as work:
            made = await writing.draft(work, by, Kind.NEWS, office, **fields)
        assert made is not None
        return made

    async def sent(self, **fields: Unpack[Fields]) -> Announcement:
        """One that is to be sent now."""
        made = await self.draft(**fields)
        sent = await self.do(sending.send, AMAL, made.id, made.version)
        assert isinstance(sent, Announcement), sent
        assert sent.status is Status.SCHEDULED
        return sent

    async def residents(self, count: int, **changes: object) -> None:
        changes.setdefault("office", CAPITAL)
        for _ in range(count):
            await self.resident("Fatima Ali", **changes)
