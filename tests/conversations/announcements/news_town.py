"""A town with administrators who announce, in either language, and residents who want news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from babel.support import Translations

from bot.delivery.broadcast import Broadcaster
from locales import Language, Localizer, without_marks
from services.bookings import sessions
from services.improvements import improvements
from storage import residents
from storage.ids import MessageId, OfficeId
from storage.records.files import FileStatus
from storage.records.staff import Role
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import CATALOGUES, Person, Shown, Town, message_id
from tests.conversations.whole_town import WholeTown
from tests.known import by_address
from tests.roles import give_role, on_telegram

AMAL, BADER = "9000", "9001"
SEND = "✅ Send to {n} person", "✅ Send to {n} people"


class Administrator(Person):
    """Somebody who announces. Texts are named by their English, as in the code."""

    def __init__(self, town: Town, address: str, name: str, language: str) -> None:
        super().__init__(town, address, name, language)
        self.t: Localizer = CATALOGUES.localizer(Language(language))
        self.tapped = 0
        self.wrote = MessageId("")

    async def says(self, text: str, **more: object) -> None:
        """Write; which message that was is known, so that it can be edited."""
        self.wrote = message_id(next(self.town.numbers))
        await super().says(text, message=self.wrote, **more)

    def label(self, text: str) -> str:
        """A button's label as it is shown."""
        return without_marks(self.t.plain(text))

    async def presses(self, text: str) -> None:
        """Tap a button, named by its English."""
        await self.touches(self.label(text))

    async def presses_count(self, texts: tuple[str, str], n: int) -> None:
        """Tap a button that says how many."""
        await self.touches(without_marks(self.t.plain_plural(*texts, n)))

    async def touches(self, label: str) -> None:
        """Tap the newest button whose label, steering marks aside, holds this."""
        self.tapped += 1
        for shown in reversed(self.messages):
            choices = [choice for row in shown.message.rows for choice in row]
            exact = [one for one in choices if without_marks(one.label) == label]
            near = [one for one in choices if label in without_marks(one.label)]
            for choice in (*exact, *near):
                await self.taps_data(choice.data, shown.number)
                return
        raise AssertionError(f"no button {label!r}; there are {self.buttons} under {self.last.text!r}")

    def reads(self, text: str) -> Shown:
        """The newest message that holds a text of the catalogue: its longest part that is always the same."""
        part = words(self.t, text)
        for shown in reversed(self.messages):
            if part in without_marks(shown.text):
                return shown
        raise AssertionError(f"{part!r} is nowhere in {[without_marks(one.text) for one in self.messages[-4:]]}")

    @property
    def card(self) -> str:
        """What the newest message says."""
        return without_marks(self.last.text)

    @property
    def labels(self) -> list[str]:
        return [without_marks(label) for row in self.buttons for label in row]


def words(t: Localizer, text: str) -> str:
    texts = t.texts
    assert isinstance(texts, Translations)
    told = t.texts.gettext(text)
    pieces = without_marks(told).replace("<b>", "").replace("</b>", "")
    return max((piece.partition("}")[2] if "}" in piece else piece for piece in pieces.split("{")), key=len).strip(
        " “”«»:.…"
    )


class NewsTown(WholeTown):
    """Amal and Bader administer every office."""

    broadcaster: Broadcaster | None = None  # one process sends, and keeps its lease

    async def opens(self) -> NewsTown:
        self.desk = replace(self.desk, admins=frozenset({AMAL, BADER}))
        self.inbox._context = self.desk
        self.wording._context = self.desk
        await self.work(sessions.plan_sessions)
        return self

    def asks_above(self, recipients: int) -> None:
        """A second administrator is needed for more than so many."""
        self.desk = replace(self.desk, announcing=replace(self.desk.announcing, approval_above=recipients))
        self.inbox._context = self.desk

    async def administrator(self, address: str = AMAL, name: str = "Amal", language: str = "en") -> Administrator:
        person = Administrator(self, address, name, language)
        await person.says("/start")
        return person

    async def hires(self, person: Person, *offices: str, role: Role = Role.ADMIN) -> None:
        async with self.database.transaction() as tx:
            for office in offices:
                await give_role(tx, on_telegram(person.address, person.name), OfficeId(office), self.now, role)

    async def living(
        self, address: str = "1001", name: str = "Fatima Ali", language: str = "en", office: str = "capital"
    ) -> Person:
        """A resident who chose an office and wants news."""
        person = self.resident(address, name, language)
        async with self.database.transaction() as tx:
            if await by_address(tx, "telegram", address) is None:
                await residents.add(tx, "telegram", address, name, language, self.now)
            await tx.run("UPDATE residents SET office = :office WHERE address = :at", office=office, at=address)
        return person

    async def crowd(self, count: int, office: str = "capital", language: str = "en") -> list[Person]:
        return [await self.living(f"{office}{n}{language}", f"R{n}", language, office) for n in range(count)]

    async def passes(self, span: timedelta = timedelta(seconds=5), rounds: int = 8) -> None:
        """Let time pass: what is due is told, sent and delivered."""
        self.now += span
        for _ in range(rounds):
            await self.work(improvements.tell_due)
            await self.sends_what_is_due()
            self.now += timedelta(seconds=5)

    async def sends_what_is_due(self) -> None:
        """One round of announcements, and the delivery of what it owes."""
        if self.broadcaster is None:
            self.broadcaster = Broadcaster(self.desk, lambda message: (message,), lambda: None)
        await self.broadcaster.round()
        await self.deliver()

    async def fetches(self) -> None:
        """What was sent is found good."""
        await DeskTown.settle_files(self, FileStatus.STORED)  # type: ignore[arg-type]

    async def statuses(self) -> list[str]:
        return [str(row["status"]) for row in await self.rows("SELECT status FROM announcements ORDER BY id")]
