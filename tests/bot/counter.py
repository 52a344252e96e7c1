"""A desk with the smallest dialogue there is, which remembers what it heard; a channel that does as it is told."""

from __future__ import annotations

import asyncio
import functools
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal, Self

from markupsafe import Markup

from bot.channel import Capabilities, Delivered, Identity, Limits, Outcome
from bot.context import AppContext
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.render import NoticeRenderer
from bot.metrics import Metrics
from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.links import TelegramLinks
from conversations.engine.messages import Incoming, Kind, Outgoing, Sender, TapAnswer
from conversations.engine.registry import Flow, FlowRegistry, assemble
from conversations.engine.step import Answer, Links, Next, Prompt, Reask, Step, Turn
from locales import load
from services.offices.working_days import WorkingCalendar
from storage import outbox
from storage.database import Database, Row
from storage.ids import ChatId, MessageId, ResidentId
from storage.records.outbox import OutboxKind
from tests.shipped import NO_TEMPLATES, OFFICES, RULEBOOK, written_once

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CATALOGUES = load()


async def _what(_: Turn) -> Next:
    return Reask(Markup("what?"))


def limits(**given: tuple[int, float]) -> Limits:
    """Telegram's, but for those that are given."""
    return replace(CAPABILITIES.limits, **given)


FAST = limits(overall=(100_000, 1.0), chat=(100_000, 1.0), group=(100_000, 1.0))
LINKS = TelegramLinks("customer_day_bot")


class Counter(Step):
    """Remembers what it was told, in order."""

    step: Literal["counter:count"] = "counter:count"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    heard: tuple[str, ...] = ()

    async def ask(self, turn: Turn) -> Prompt:
        return Prompt(Markup("heard {}").format(" ".join(self.heard)), back=False, menu=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        await asyncio.sleep(0)
        if answer.text.startswith("write and fail"):
            turn.say(Markup("never seen"))
            turn.change(name="never kept")
            await visit(turn, answer.text)
            raise RuntimeError("a defect in the dialogue")
        if answer.text == "visit":  # collides with whoever visited at the same moment
            await visit(turn, turn.work.now.isoformat())
        return Counter(heard=(*self.heard, answer.text or "photo"))


class Elsewhere(Counter):
    step: Literal["counter:elsewhere"] = "counter:elsewhere"  # type: ignore[assignment]


async def visit(turn: Turn, link: str) -> None:
    await turn.work.tx.run(
        "INSERT INTO visits (link, source, day, count) VALUES (:link, '', :day, 1)", link=link, day=START.date()
    )


async def nothing(_: Turn) -> Next:
    return Reask(Markup("about what?"))


@functools.cache
def registry() -> FlowRegistry:
    return assemble([Flow(steps=(Counter, Elsewhere))], home=Counter, anything=_what, replied=nothing)


def desk(database: Database, clock: Callable[[], datetime]) -> AppContext:
    return AppContext(
        database=database,
        registry=registry(),
        catalogues=CATALOGUES,
        offices=OFFICES,
        calendar=WorkingCalendar(OFFICES),
        links=Links(LINKS),
        clock=clock,
        random=random.Random(3),
        templates=NO_TEMPLATES,
        rulebook=RULEBOOK,
        written=written_once,
    )


def said(update_id: int, text: str = "", *, who: str = "1001", **more: object) -> Incoming:
    """Somebody wrote."""
    number = str(update_id)
    what = {"kind": Kind.TEXT, "chat": who, "message": number, "at": START, "text": text, **more}
    return Incoming.model_validate({"update_id": number, "sender": Sender(address=who, language="en"), **what})


class ToldChannel:
    """A channel in this process. What a chat answers is told beforehand, and then it delivers."""

    name = "telegram"

    def __init__(self, limits: Limits = FAST) -> None:
        self.capabilities: Capabilities = replace(CAPABILITIES, limits=limits)
        self.sent: list[tuple[str, str]] = []  # delivered: chat, text
        self.tried: list[tuple[str, str]] = []
        self.answers: list[str] = []
        self.told: dict[str, list[Outcome | Exception]] = {}
        self.open = asyncio.Event()  # closed, everything sent stays on its way
        self.open.set()
        self.on_its_way = 0
        self.most_on_its_way: dict[str, int] = {}
        self._way: dict[str, int] = {}
        self._numbers = itertools.count(1)

    def will(self, chat: str, *outcomes: Outcome | Exception) -> None:
        self.told.setdefault(chat, []).extend(outcomes)

    def is_group(self, chat: ChatId) -> bool:
        return chat.startswith("-")

    async def describe(self) -> Identity:
        return Identity("1", LINKS.username, "Customer Day", LINKS)

    def split(self, message: Outgoing) -> tuple[Outgoing, ...]:
        return (message,)

    async def send(self, chat: ChatId, message: Outgoing) -> Outcome:
        self.tried.append((chat, message.text))
        self._way[chat] = self._way.get(chat, 0) + 1
        self.most_on_its_way[chat] = max(self.most_on_its_way.get(chat, 0), self._way[chat])
        try:
            await asyncio.sleep(0)
            await self.open.wait()
        finally:
            self._way[chat] -= 1
        outcome = self.told[chat].pop(0) if self.told.get(chat) else Delivered((MessageId(f"m{next(self._numbers)}"),))
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Delivered):
            self.sent.append((chat, message.text))
        return outcome

    async def answer(self, answer: TapAnswer) -> Outcome:
        self.answers.append(answer.tap)
        return Delivered()

    async def fetch(self, remote_id: str, limit: int) -> bytes:
        raise OSError(remote_id, limit)

    def texts(self, chat: str | None = None) -> list[str]:
        return [text for where, text in self.sent if chat in {None, where}]


class Post:
    """A dispatcher at work; the test moves the desk's clock."""

    def __init__(
        self,
        database: Database,
        channel: ToldChannel | None = None,
        limits: Limits = FAST,
        wording: Callable[[AppContext], NoticeRenderer] = NoticeRenderer,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self.now = START
        self.database = database
        self.channel = channel or ToldChannel(limits)
        self.metrics = Metrics()
        self.desk = desk(database, lambda: self.now)
        channels = {"telegram": self.channel}
        self.dispatcher = Dispatcher(
            self.desk, channels, self.metrics, wording(self.desk), monotonic=monotonic or time.monotonic
        )
        self.stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.dispatcher.run(self.stop))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        self.channel.open.set()
        assert self._task is not None
        await self._task

    async def enqueue(self, *texts: str, chat: str = "1001", urgency: int = 0, **more: object) -> None:
        """Owe messages, in one transaction, and wake the dispatcher."""
        async with self.database.transaction() as tx:
            for text in texts:
                payload = Outgoing(text=text).model_dump_json()
                what = {"kind": OutboxKind.MESSAGE, "payload": payload, "at": self.now, **more}
                outbox.add(tx, channel="telegram", chat=chat, urgency=urgency, **what)  # type: ignore[arg-type]
        self.dispatcher.wake()

    async def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span
        self.dispatcher.wake()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not true():  # noqa: ASYNC110 - whatever makes it true
                await asyncio.sleep(0.002)

    async def statuses(self) -> list[str]:
        async with self.database.transaction() as tx:
            return [str(row["status"]) for row in await tx.all("SELECT status FROM outbox ORDER BY id")]

    async def until_statuses(self, *statuses: str) -> None:
        """Until the messages owed stand so, in the order they were owed."""
        try:
            async with asyncio.timeout(60):
                while await self.statuses() != list(statuses):
                    self.dispatcher.wake()
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"stand {await self.statuses()}, not {statuses}") from None

    async def row(self, number: int = 0) -> dict[str, object]:
        async with self.database.transaction() as tx:
            return dict((await tx.all("SELECT * FROM outbox ORDER BY id"))[number])

    async def resident(self, address: str = "1001") -> ResidentId:
        async with self.database.transaction() as tx:
            row = await tx.one(
                "INSERT INTO residents (channel, address, language, created_at, seen_at)"
                " VALUES ('telegram', :address, 'en', :at, :at) RETURNING id",
                address=address,
                at=self.now,
            )
        assert row is not None
        return ResidentId(int(str(row["id"])))


# ---------------------------------------------------------------------------- what there is


async def rows(database: Database, sql: str) -> list[Row]:
    async with database.transaction() as tx:
        return await tx.all(sql)


async def owed(database: Database, status: str = "pending") -> list[str]:
    """The texts owed, in order."""
    async with database.transaction() as tx:
        found = await tx.all("SELECT payload FROM outbox WHERE status = :status ORDER BY id", status=status)
    said = [str(row["payload"]) for row in found]  # what reached its end says nothing any more
    return [Outgoing.model_validate_json(text).text if text else "" for text in said]


async def heard(database: Database) -> list[tuple[str, ...]]:
    found = await rows(database, "SELECT step FROM conversations ORDER BY resident_id")
    steps: list[Step] = [registry().steps.validate_json(str(row["step"])) for row in found]
    return [step.heard for step in steps if isinstance(step, Counter)]


async def count(database: Database, table: str) -> int:
    return len(await rows(database, f"SELECT 1 FROM {table}"))  # noqa: S608
