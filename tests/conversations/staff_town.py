"""A town whose capital's team works in its group: two members, a manager, an administrator, and residents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conversations.dialogue import dialogue
from conversations.engine.messages import Incoming, Sender
from services.cases.resident_actions import Case, CaseEvent, CaseKind, NewCase, submit
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Joined
from services.staff.permissions import Person as StaffPerson
from services.unit_of_work import Work
from storage import cards, cases, files, residents
from storage.database import Database, Value
from storage.ids import CaseId, CategoryId, ChatId, MessageId, OfficeId, UpdateId
from storage.records.cases import CaseEventKind
from storage.records.files import FileRow, FileStatus
from storage.records.staff import Role
from tests.conversations.town import CATALOGUES, STAFF_CHATS, Person, Shown, Town, message_id
from tests.known import by_address
from tests.shipped import TEMPLATES

CAPITAL = OfficeId("capital")
ADMIN = "9000"
SCRIPT = dialogue()


class Colleague(Person):
    """Somebody in a group: a member of the team, or a stranger there. They read and write in the group."""

    def __init__(self, town: DeskTown, address: str, name: str, language: str, chat: str) -> None:
        super().__init__(town, address, name, language)
        self.chat = ChatId(chat)
        self.wrote = MessageId("")  # their last message

    async def does(self, *, repeat: int = 1, **what) -> None:
        number = next(self.town.numbers)
        said = Incoming(
            update_id=UpdateId(f"u{next(self.town.updates)}"),
            at=self.town.now,
            chat=self.chat,
            group=True,
            sender=Sender(address=self.address, name=self.name, language=self.language),
            message=what.pop("message", None) or message_id(number),
            position=what.pop("position", number),
            **what,
        )
        self.wrote = said.message or MessageId("")
        self.mark = len(self.messages)
        for _ in range(repeat):
            await self.town.inbox.receive(said)
        await self.town.deliver()

    @property
    def person(self) -> StaffPerson:
        return StaffPerson(TELEGRAM, self.address, self.name)

    async def replies(self, to: Shown | MessageId, text: str, **more) -> MessageId:
        """Reply to a message in the group; the id of the reply."""
        await self.says(text, reply_to=to.number if isinstance(to, Shown) else to, **more)
        return self.wrote


class DeskTown(Town):
    """Huda and Yusuf are agents of the capital's team, Maryam manages it, the admin administers everything."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, SCRIPT)
        self.desk = replace(self.desk, admins=frozenset({ADMIN}), templates=TEMPLATES)
        self.inbox._context = self.desk
        self.wording._context = self.desk
        chat = STAFF_CHATS[CAPITAL]
        self.huda = Colleague(self, "9001", "Huda", "en", chat)
        self.yusuf = Colleague(self, "9002", "Yusuf", "ar", chat)
        self.maryam = Colleague(self, "9003", "Maryam", "en", chat)
        self.council = Colleague(self, "9004", "Councillor", "en", chat)
        self.admin = Colleague(self, ADMIN, "Admin", "en", chat)
        self.stranger = Colleague(self, "9666", "Stranger", "en", chat)

    async def opens(self) -> DeskTown:
        """Everybody has joined."""
        for who, role in (
            (self.huda, Role.AGENT),
            (self.yusuf, Role.AGENT),
            (self.maryam, Role.MANAGER),
            (self.council, Role.COUNCIL),
        ):
            await self.joins(who, role)
        return self

    async def joins(self, who: Colleague, role: Role, office: OfficeId = CAPITAL) -> None:
        async def join(work: Work) -> None:
            made = await permissions.invite(work, self.admin.person, office, role)
            assert made is not None
            assert isinstance(await permissions.accept(work, who.person, made.code), Joined)

        await self.work(join)

    # ---- residents and cases

    async def living(self, address: str = "1001", name: str = "Fatima Ali", language: str = "en") -> Person:
        """A resident of the capital who has begun to talk with the bot."""
        person = self.resident(address, name, language)
        async with self.database.transaction() as tx:
            if await by_address(tx, TELEGRAM, address) is None:
                await residents.add(tx, TELEGRAM, address, name, language, self.now)
        return person

    async def case_of(self, person: Person, words: str = "The bins overflow", category: str = "bins") -> Case:
        """A complaint of theirs; its card is in the group."""

        async def file(work: Work) -> Case:
            resident = await by_address(work.tx, TELEGRAM, person.address)
            assert resident is not None
            new = NewCase(
                kind=CaseKind.COMPLAINT, category=CategoryId(category), office=CAPITAL, words=words, name=person.name
            )
            filed = await submit(work, resident, new)
            assert isinstance(filed, Case), filed
            return filed

        return await self.work(file)

    async def filed(self, **who: str) -> tuple[Person, Case]:
        person = await self.living(**who)
        return person, await self.case_of(person)

    async def again(self, case: Case) -> Case:
        """The case as it is now."""
        async with self.database.transaction() as tx:
            found = await cases.by_id(tx, case.id)
        assert found is not None
        return found

    async def events(self, case: Case) -> list[CaseEvent]:
        async with self.database.transaction() as tx:
            return await cases.events(tx, case.id)

    async def said_of(self, case: Case) -> list[tuple[CaseEventKind, str]]:
        """What happened since it was filed, with the words of each."""
        return [(event.what, event.words) for event in (await self.events(case))[1:]]

    async def card(self, case: Case, office: OfficeId = CAPITAL) -> Shown:
        """The case's card as the group sees it."""
        async with self.database.transaction() as tx:
            card = await cards.of(tx, CaseId(case.id), office)
        assert card is not None
        assert card.message is not None
        return next(shown for shown in self.chats[card.chat] if shown.number == card.message)

    # ---- looking behind

    async def audited(self, subject: str) -> list[tuple[str, str]]:
        """Who did, or tried, what to something."""
        found = await self.rows("SELECT actor, action FROM audit WHERE subject = :subject ORDER BY id", subject=subject)
        return [(str(row["actor"]), str(row["action"])) for row in found]

    async def rows(self, sql: str, **values: Value) -> list[dict[str, object]]:
        async with self.database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql, **values)]

    async def settle_files(
        self, status: FileStatus = FileStatus.STORED, absorb_unexpected: Callable[[FileRow], bool] = bool
    ) -> int:
        """Fetch what was sent, as if each file was found good (or refused, or gone); how many that were."""
        count = 0
        for row in await self.rows("SELECT * FROM files WHERE status = 'wanted' ORDER BY id"):
            file = FileRow.of(row)
            if not absorb_unexpected(file):
                continue
            async with self.database.transaction() as tx:
                if status is FileStatus.STORED:
                    sha256 = f"{file.id:064x}"
                    await files.stored(tx, file.id, sha256=sha256, mime="image/jpeg", name="photo.jpg", size=10)
                else:
                    await files.settle(tx, file.id, status, "damaged")
            count += 1
        return count


def is_refusal(text: str) -> bool:
    """Whether somebody was told, in English, that they may not; a member of the team is told which roles may."""
    return "You do not have permission to do this" in text or "Only these roles can do this" in text


def in_arabic(text: str) -> bool:
    """Whether a message is written in Arabic."""
    return any("\u0600" <= character <= "\u06ff" for character in text)


__all__ = ["ADMIN", "CAPITAL", "CATALOGUES", "Colleague", "DeskTown", "in_arabic", "is_refusal"]
