"""A town in one process: residents talk to the real dialogue over a real database; a test moves the clock.

Arrange by talking: `await fatima.says("…")`, `await fatima.taps("Confirm")`; look with `fatima.sees("…")`,
`fatima.buttons`. Messages owed are delivered at once, as the dispatcher would.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import TypeVar

from bot.context import AppContext
from bot.delivery.follow_up import follow_up
from bot.delivery.render import NoticeRenderer
from bot.updates.inbox import Inbox, OutboundPorts
from bot.updates.throttle import PersonRateLimiter
from conversations.engine.messages import (
    Choice,
    Contact,
    FileKind,
    Incoming,
    IncomingFile,
    Kind,
    Outgoing,
    Place,
    Request,
    Sender,
    TapAnswer,
)
from conversations.engine.registry import FlowRegistry
from conversations.engine.step import Links, NotYet
from locales import Language, load, without_marks
from locales.html import to_plain
from services.bookings import due as booking_due
from services.notify import quiet_hours
from services.offices.offices import Offices
from services.offices.working_days import WorkingCalendar
from services.unit_of_work import Work
from storage import outbox
from storage.database import Database
from storage.ids import ChatId, MessageId, OfficeId, UpdateId
from storage.records.outbox import OutboxKind, OutboxRow, OutboxStatus
from tests.bot.counter import LINKS
from tests.instants import first_instant
from tests.shipped import NO_TEMPLATES, OFFICES, RULEBOOK, written_once

T = TypeVar("T")
STAFF_CHATS = {
    OfficeId("capital"): ChatId("-1001"),
    OfficeId("muharraq"): ChatId("-1002"),
    OfficeId("northern"): ChatId("-1003"),
    OfficeId("southern"): ChatId("-1004"),
    OfficeId("investors"): ChatId("-1005"),
    OfficeId("community"): ChatId("-1006"),
}
STAFFED = OFFICES.with_staff_chats(STAFF_CHATS)
CATALOGUES = load()
GONE = MessageId("gone")  # a message that nobody sees any more


def message_id(number: int) -> MessageId:
    """As another channel than Telegram might call it: no number, too long for a button, and in no order."""
    return MessageId(f"wamid.HBgLOTczMzMx{999_999 - number}AA==")


_ENGLISH = CATALOGUES.localizer(Language.EN)


class Shown:
    """A message as its reader sees it."""

    def __init__(self, position: int, message: Outgoing) -> None:
        self.position = position  # among all that was said in the town
        self.number = message_id(position)
        self.message = message
        self.reader = None if message.reader is None else message.reader.address  # the only one to see it
        self.text = to_plain(message.text)

    @property
    def buttons(self) -> list[list[str]]:
        return [[choice.label for choice in row] for row in self.message.rows]

    def find(self, label: str) -> Choice | None:
        choices = [choice for row in self.message.rows for choice in row]
        exact = [choice for choice in choices if choice.label == label]
        near = [choice for choice in choices if label in choice.label]
        return next(iter(exact or near), None)


class Town:
    """The bot, without its network."""

    def __init__(
        self, database: Database, registry: FlowRegistry, offices: Offices | None = None, links: Links | None = None
    ) -> None:
        self.now = first_instant()
        self.database = database
        self.offices = offices or STAFFED
        self.desk = AppContext(
            database=database,
            registry=registry,
            catalogues=CATALOGUES,
            offices=self.offices,
            calendar=WorkingCalendar(self.offices),
            links=links or Links(LINKS),
            clock=lambda: self.now,
            random=random.Random(7),
            pace=PersonRateLimiter(100_000),  # here time stands still
            templates=NO_TEMPLATES,
            rulebook=RULEBOOK,
            written=written_once,
        )
        self.customer_days = self._customer_days()
        self.chats: dict[str, list[Shown]] = {}
        self.toasts: dict[str, str] = {}
        self.reactions: list[tuple[str, MessageId, str]] = []  # chat, message, emoji
        self.numbers = itertools.count(1)
        self.updates = itertools.count(1)
        self.inbox = Inbox(self.desk, OutboundPorts(wake=lambda: None, answer=self._toast, split=lambda _, m: (m,)))
        self.wording = NoticeRenderer(self.desk)
        self._taps: dict[str, str] = {}

    def _customer_days(self) -> list[date]:
        """The Capital's of the next four weeks, which the rules call for and no holiday takes away."""
        capital = self.offices.offices_by_id[OfficeId("capital")]
        today = self.now.astimezone(self.offices.zone).date()
        days = [today + timedelta(days=number) for number in range(1, 29)]
        return [
            day
            for day in days
            if any(rule.holds_on(day) for rule in capital.customer_day)
            and self.desk.calendar.is_working_day(capital.id, day)
        ]

    def day(self, number: int = 0) -> str:
        """A Customer Day of the Capital's, as on a button: "Wed 25 Nov"."""
        return _ENGLISH.day(self.customer_days[number])

    def date(self, number: int = 0) -> str:
        """A Customer Day of the Capital's in full: "Wednesday 25 November 2026"."""
        return without_marks(_ENGLISH.date(self.customer_days[number]))

    def _toast(self, _channel: str, answer: TapAnswer) -> None:
        self.toasts[self._taps[answer.tap]] = answer.text

    def resident(self, address: str = "1001", name: str = "Fatima Ali", language: str = "en") -> Person:
        return Person(self, address, name, language)

    async def settles(self, person: Person, office: str = "capital") -> None:
        """Have somebody known as one who has chosen that municipality."""
        async with self.database.transaction() as tx:
            await tx.run(
                "UPDATE residents SET office = :office WHERE address = :address", office=office, address=person.address
            )

    async def work(self, act: Callable[[Work], Awaitable[T]]) -> T:
        """Do something at the desk, in a transaction, and deliver what it owes."""
        async with self.database.transaction() as tx:
            result = await act(self.desk.work(tx))
        await self.deliver()
        return result

    async def wait(self, span: timedelta) -> None:
        """Let time pass, and deliver what falls due."""
        self.now += span
        await self.deliver()

    async def by_day(self) -> None:
        """Let the night pass, in which no phone rings unasked; nothing where it is day."""
        async with self.database.transaction() as tx:
            work = self.desk.work(tx)
            self.now = quiet_hours.by_day(work, self.now)
        await self.work(booking_due.run_due)

    async def deliver(self) -> None:
        """Send what is owed by now, as the dispatcher does."""
        patience = 3
        for _ in range(50):
            async with self.database.transaction() as tx:
                rows = await outbox.due(tx, self.now, 200)
            for row in rows:
                await self._send(row)
            if rows:
                continue
            if not patience or not await self._waits_no_longer():
                return
            patience -= 1  # what waits for files that nobody fetches goes on waiting
        raise AssertionError("messages are owed without end")

    async def _send(self, row: OutboxRow) -> None:
        if row.kind is OutboxKind.NOTICE:
            await self.wording.word(row, lambda message: (message,))
            return
        async with self.database.transaction() as tx:
            if not await outbox.pending(tx, row.id, self.now):
                return
            number = self._show(row.chat, Outgoing.model_validate_json(row.payload))
            outbox.settle(tx, row.id, OutboxStatus.SENT, self.now, message=number)
            follow_up(tx, row, row.chat, (number,), self.now)

    async def _waits_no_longer(self) -> bool:
        """Notices that waited a moment for a card to be there need not wait in a town without a network."""
        async with self.database.transaction() as tx:
            waited = await tx.run(
                "UPDATE outbox SET not_before = :now WHERE kind = 'notice' AND status = 'pending' "
                "AND not_before > :now AND not_before <= :moment AND chat LIKE 'office:%'",
                now=self.now,
                moment=self.now + NotYet.pause,
            )
        return waited > 0

    def seen_in(self, chat: str, address: str) -> list[Shown]:
        """What somebody sees there: all but what is for others alone."""
        return [shown for shown in self.chats.get(chat, []) if shown.reader is None or shown.reader == address]

    def _show(self, chat: str, message: Outgoing) -> MessageId:
        """Have it in a chat; its number there."""
        chat_messages = self.chats.setdefault(chat, [])
        if message.react and message.reply_to is not None:
            self.reactions.append((chat, message.reply_to, message.react))
            return message.reply_to
        if message.delete is not None:
            chat_messages[:] = [old for old in chat_messages if old.number != message.delete]
            return message.delete
        if message.edit is not None:
            for index in range(len(chat_messages) - 1, -1, -1):  # it is mostly one of the last
                if (old := chat_messages[index]).number == message.edit:
                    # Where it says nothing new, its buttons alone are others.
                    changed = message if message.text else old.message.model_copy(update={"rows": message.rows})
                    shown = Shown(old.position, changed)
                    if not message.text:  # its buttons went: nobody looks at it
                        chat_messages[index] = shown
                        return old.number
                    chat_messages.pop(index)
                    chat_messages.append(shown)  # what changed last is what one looks at
                    return old.number
        shown = Shown(next(self.numbers), message)
        chat_messages.append(shown)
        return shown.number


class Person:
    """A resident with a phone."""

    def __init__(self, town: Town, address: str, name: str, language: str) -> None:
        self.town, self.address, self.name, self.language = town, address, name, language
        self.chat = address  # where they read and write
        self.mark = 0  # messages seen before the last thing this person did

    # ---- doing

    async def does(self, *, repeat: int = 1, **what) -> None:
        """Send one update, `repeat` times over."""
        number = next(self.town.numbers)
        said = Incoming(
            update_id=UpdateId(f"u{next(self.town.updates)}"),
            at=self.town.now,
            chat=ChatId(self.address),
            sender=Sender(address=self.address, name=self.name, language=self.language),
            message=what.pop("message", None) or message_id(number),
            position=what.pop("position", number),
            **what,
        )
        self.mark = len(self.messages)
        for _ in range(repeat):
            await self.town.inbox.receive(said)
        await self.town.deliver()

    async def says(self, text: str, **more) -> None:
        if text.startswith("/"):
            command, _, argument = text[1:].partition(" ")
            await self.does(kind=Kind.COMMAND, command=command.lower(), argument=argument, text=text, **more)
        else:
            await self.does(kind=Kind.TEXT, text=text, **more)

    async def taps(self, label: str, *, repeat: int = 1) -> None:
        """Tap the button with that label on the newest message that has it (or press it beside a share button)."""
        for shown in reversed(self.messages):
            choice = shown.find(label)
            if choice is None:
                continue
            if shown.message.ask_for is not None:
                await self.says(choice.label)
            else:
                await self.taps_data(choice.data, shown.number, repeat=repeat)
            return
        raise AssertionError(f"no button {label!r}; there are {self.buttons} under {self.last.text!r}")

    async def taps_data(self, data: str, message: MessageId = GONE, *, repeat: int = 1) -> None:
        """Tap a button of old, or one that was never shown."""
        tap = f"tap{next(self.town.numbers)}"
        self.town._taps[tap] = self.address
        await self.does(kind=Kind.CHOICE, choice=data, tap=tap, message=message, repeat=repeat)

    async def sends(
        self,
        kind: FileKind = FileKind.PHOTO,
        *,
        caption: str = "",
        album: str = "",
        reply_to: MessageId | None = None,
        **file,
    ) -> None:
        number = next(self.town.numbers)
        sent = IncomingFile(
            **{"kind": kind, "remote_id": f"r{number}", "unique_id": f"u{number}", "size": 1000, **file}
        )
        await self.does(kind=Kind.MEDIA, files=(sent,), text=caption, album=album, reply_to=reply_to)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self.does(kind=Kind.LOCATION, place=Place(latitude=latitude, longitude=longitude))

    async def shares_phone(self, phone: str = "+97333123456", *, own: bool = True) -> None:
        assert self.last.message.ask_for is Request.CONTACT, f"no share button under {self.last.text!r}"
        await self.does(kind=Kind.CONTACT, contact=Contact(phone=phone, name=self.name, own=own))

    async def edits(self, message: MessageId, text: str) -> None:
        await self.does(kind=Kind.TEXT, text=text, message=message, edited=True)

    async def sends_sticker(self) -> None:
        await self.does(kind=Kind.STICKER)

    # ---- looking

    @property
    def messages(self) -> list[Shown]:
        return self.town.seen_in(self.chat, self.address)

    @property
    def last(self) -> Shown:
        everything = reversed(self.town.chats.get(self.chat, []))
        return next(shown for shown in everything if shown.reader in {None, self.address})

    @property
    def buttons(self) -> list[list[str]]:
        return self.last.buttons

    @property
    def toast(self) -> str:
        return self.town.toasts.get(self.address, "")

    @property
    def new(self) -> list[Shown]:
        """What came since the last thing this person did."""
        return self.messages[self.mark :] or self.messages[-1:]

    def sees(self, part: str) -> Shown:
        for shown in reversed(self.messages):
            if part in shown.text:
                return shown
        raise AssertionError(f"{part!r} is nowhere in {[shown.text for shown in self.messages[-4:]]}")

    def does_not_see(self, part: str) -> None:
        assert all(part not in shown.text for shown in self.messages), f"{part!r} was shown"
