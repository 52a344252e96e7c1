"""A newsroom with all that sends: what is owed is delivered at once, and each person's chat shows what it says now."""

from __future__ import annotations

import itertools
from typing import Unpack

from bot.context import AppContext
from bot.delivery.broadcast import Broadcaster
from bot.delivery.follow_up import follow_up
from bot.delivery.render import NoticeRenderer
from bot.telegram.channel import TelegramChannel
from bot.telegram.links import TelegramLinks
from conversations.dialogue import dialogue
from conversations.engine.messages import Outgoing
from conversations.engine.step import Links
from locales import load
from services.announcements import reading
from services.announcements.model import Announcement
from services.announcements.policy import Policy
from services.announcements.writing import Fields
from services.offices.offices import Offices
from storage import outbox, residents
from storage.database import Database
from storage.ids import AnnouncementId, ChatId, MessageId, OfficeId
from storage.records.outbox import OutboxKind, OutboxRow, OutboxStatus
from tests.services.announcements.builders import AMAL, Newsroom
from tests.services.case_builders import CALENDAR, OFFICES
from tests.shipped import NO_TEMPLATES, RULEBOOK, written_once

CATALOGUES = load()
DIALOGUE = dialogue()
CHANNEL = ChatId("-100777")


def with_channel(office: str) -> Offices:
    """The offices, one of which has a public channel."""
    one = OFFICES.offices_by_id[OfficeId(office)].model_copy(update={"public_channel": CHANNEL})
    return OFFICES.model_copy(update={"offices_by_id": OFFICES.offices_by_id | {office: one}})


class Press(Newsroom):
    def __init__(self, database: Database, policy: Policy | None = None, offices: Offices = OFFICES) -> None:
        super().__init__(database)
        self.context = AppContext(
            database=database,
            registry=DIALOGUE,
            catalogues=CATALOGUES,
            offices=offices,
            calendar=CALENDAR,
            links=Links(TelegramLinks("customer_day_bot")),
            clock=lambda: self.now,
            random=self.random,
            admins=self.admins,
            announcing=policy or Policy(),
            templates=NO_TEMPLATES,
            rulebook=RULEBOOK,
            written=written_once,
        )
        self.chats: dict[str, dict[str, Outgoing]] = {}  # by chat: message → what it says now
        self.deliveries: list[str] = []  # the chat of each new message, in order
        self.stopped: set[str] = set()  # who stopped the bot
        self._numbers = itertools.count(1)
        self.broadcaster = self.anew()

    def anew(self) -> Broadcaster:
        """Another process takes over."""
        self.broadcaster = Broadcaster(self.context, TelegramChannel.split, lambda: None)
        return self.broadcaster

    async def round(self) -> bool:
        return await self.broadcaster.round()

    async def post(self, most: int = 10_000) -> int:
        """Deliver at most so many of what is due; how many there were."""
        async with self.database.transaction() as tx:
            rows = await outbox.due(tx, self.now, most)
        for row in rows:
            await self._deliver(row)
        return len(rows)

    async def _deliver(self, row: OutboxRow) -> None:
        if row.kind is OutboxKind.NOTICE:
            await NoticeRenderer(self.context).word(row, TelegramChannel.split)
            return
        async with self.database.transaction() as tx:
            if not await outbox.pending(tx, row.id, self.now):
                return
            if row.expires_at is not None and row.expires_at <= self.now:
                outbox.settle(tx, row.id, OutboxStatus.DROPPED, self.now, error="out of date")
                return
            if row.chat in self.stopped:
                outbox.settle(tx, row.id, OutboxStatus.UNREACHABLE, self.now)
                if row.resident_id is not None:
                    residents.unreachable(tx, row.resident_id)
                return
            number = self._show(row.chat, Outgoing.model_validate_json(row.payload))
            outbox.settle(tx, row.id, OutboxStatus.SENT, self.now, message=number)
            follow_up(tx, row, row.chat, (number,), self.now)

    def _show(self, chat: str, message: Outgoing) -> MessageId:
        shown = self.chats.setdefault(chat, {})
        if message.delete is not None:
            shown.pop(message.delete, None)
            return message.delete
        number = message.edit or MessageId(f"{next(self._numbers)}")
        if message.edit is None:
            self.deliveries.append(chat)
        shown[number] = message
        return number

    async def settle(self, most: int = 400) -> None:
        """Go on until nothing more happens at this moment."""
        for _ in range(most):
            await self.round()
            if not await self.post():
                break
        for _ in range(12):  # batches begin small
            await self.round()
            await self.post()

    def texts(self, chat: str) -> list[str]:
        return [message.text for message in self.chats.get(chat, {}).values() if message.text]

    async def announce(self, **fields: Unpack[Fields]) -> Announcement:
        """Send one now and let it arrive; how it stands then."""
        sent = await self.sent(**fields)
        await self.settle()
        return await self.now_is(sent.id)

    async def now_is(self, number: AnnouncementId) -> Announcement:
        found = await self.do(reading.by_id, number)
        assert found is not None
        return found

    async def act(self, act, number: AnnouncementId, *more: object) -> Announcement:
        """Do something with it as its author, as it stands."""
        stands = await self.now_is(number)
        done = await self.do(act, AMAL, number, stands.version, *more)
        assert isinstance(done, Announcement), done
        return done
