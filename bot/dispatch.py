"""Sends what the outbox owes: in order in each chat, within the limits, again where it failed.

One dispatcher sends for all workers (a lease in the database). What it takes stays `pending` in the
outbox until the channel has said how it went, so a process killed at any moment owes exactly what it
owed; only a message whose delivery was not yet noted can then come twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channel import Channel, Delivered, Failed, Migrated, Outcome, Refused, SlowDown, Unreachable
from bot.inbox import Desk
from bot.limits import Gate, Limits
from bot.metrics import Metrics
from conversations.messages import Outgoing, TapAnswer
from conversations.notices import put_into_words
from conversations.step import Voice, tongue_of
from locales import Language
from services.notices import ANY_NOTICE
from storage import outbox, residents
from storage.database import Transaction
from storage.records import OutboxKind, OutboxRow, OutboxStatus

log = structlog.get_logger()

LEASE = "dispatcher"
LEASE_SECONDS = 30
_BATCH = 500
_IDLE_SECONDS = 1.0  # how late another worker's or the clock's message may be noticed
_LONGEST_PAUSE = 300.0  # seconds between two tries
_GIVE_UP = timedelta(hours=24)
_FRESH_SECONDS = 1.0  # a message that waited longer in memory is looked up once more before it is sent


@dataclass(order=True, slots=True)
class _Owed:
    urgency: int
    id: int
    row: OutboxRow = field(compare=False)
    taken: float = field(compare=False, default=0.0)


@dataclass(slots=True)
class _Settled:
    row: OutboxRow
    outcome: Outcome


class Dispatcher:
    """The sender. `wake` it after a commit that owes something."""

    def __init__(
        self, desk: Desk, channels: Mapping[str, Channel], metrics: Metrics, limits: Limits | None = None
    ) -> None:
        self._desk = desk
        self._channels = channels
        self._metrics = metrics
        self._gate = Gate(limits or Limits(), time.monotonic)
        self._holder = secrets.token_hex(8)
        self._lease_until = 0.0
        self._awake = asyncio.Event()
        self._queues: dict[tuple[str, str], list[_Owed]] = {}
        self._servers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._taken: set[int] = set()
        self._settled: list[_Settled] = []
        self._moved: dict[tuple[str, str], str] | None = None
        self._slowed: dict[str, float] = {}
        self._answers: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        self._awake.set()

    def answer(self, channel: str, answer: TapAnswer) -> None:
        """End a tap's spinner, at once and once: the app ends it by itself after a while."""
        task = asyncio.create_task(self._answer(channel, answer))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, channel: str, answer: TapAnswer) -> None:
        outcome = await self._channels[channel].answer(answer)
        if not isinstance(outcome, Delivered):
            log.info("tap not answered", channel=channel, outcome=type(outcome).__name__)

    # ------------------------------------------------------------------------ the loop

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then let what is on its way finish, and note it."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._awake.clear()
                try:
                    await self._round()
                except Exception:  # the database may be away for a while: nothing is lost by waiting
                    log.exception("dispatcher round failed")
                    await asyncio.sleep(_IDLE_SECONDS)
                woken = asyncio.create_task(self._awake.wait())
                await asyncio.wait({woken, stopping}, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
        finally:
            stopping.cancel()
            await self._finish()

    async def _finish(self) -> None:
        busy = [*self._servers.values(), *self._answers]
        self._queues.clear()
        if busy:
            _, late = await asyncio.wait(busy, timeout=5)
            for task in late:
                task.cancel()
        with contextlib.suppress(Exception):
            async with self._desk.database.transaction() as tx:
                self._note(tx)
                outbox.release_lease(tx, LEASE, self._holder)

    async def _round(self) -> None:
        """Note what was delivered, and take what is due, in one transaction."""
        now = self._desk.clock()
        async with self._desk.database.transaction() as tx:
            if not await self._lead(tx, now):
                return
            self._note(tx)
            due = await outbox.due(tx, now, len(self._taken) + _BATCH)
        fresh = [row for row in due if row.id not in self._taken]
        for row in fresh:
            self._taken.add(row.id)
        notices = [row for row in fresh if row.kind is OutboxKind.NOTICE]
        for row in fresh:
            if row.kind is not OutboxKind.NOTICE:
                self._queue(row, now)
        for row in notices:
            await self._word(row)
        if notices or len(due) >= len(self._taken) + _BATCH:
            self._awake.set()

    async def _lead(self, tx: Transaction, now: datetime) -> bool:
        """Whether this process is the one that sends; asked anew well before the lease ends."""
        if time.monotonic() < self._lease_until:
            return True
        until = now + timedelta(seconds=LEASE_SECONDS)
        if not await outbox.take_lease(tx, LEASE, self._holder, now, until):
            return False
        self._lease_until = time.monotonic() + LEASE_SECONDS / 3
        if self._moved is None:
            self._moved = await outbox.moved_chats(tx)
        return True

    def _queue(self, row: OutboxRow, now: datetime) -> None:
        if row.expires_at is not None and row.expires_at <= now:
            self._settle(row, Refused("out of date"))
            return
        chat = (row.channel, self._address(row))
        heapq.heappush(self._queues.setdefault(chat, []), _Owed(row.urgency, row.id, row, time.monotonic()))
        if chat not in self._servers:
            self._servers[chat] = asyncio.create_task(self._serve(chat))

    def _address(self, row: OutboxRow) -> str:
        moved = self._moved or {}
        return moved.get((row.channel, row.chat), row.chat)

    # ------------------------------------------------------------------------ one chat

    async def _serve(self, chat: tuple[str, str]) -> None:
        """Send one chat's messages, one after another."""
        try:
            while queue := self._queues.get(chat):
                owed = heapq.heappop(queue)
                await self._deliver(chat, owed)
        finally:
            self._queues.pop(chat, None)
            self._servers.pop(chat, None)

    async def _deliver(self, chat: tuple[str, str], owed: _Owed) -> None:
        channel, address = chat
        row = owed.row
        while True:
            await self._gate.turn(address, row.urgency)
            if time.monotonic() - owed.taken > _FRESH_SECONDS and not await self._still_owed(row):
                self._taken.discard(row.id)
                return
            outcome = await self._send(channel, address, row)
            if isinstance(outcome, SlowDown):
                self._slow(channel, address, outcome.seconds)
                continue
            if isinstance(outcome, Migrated):
                await self._follow(channel, address, outcome.chat)
                address = outcome.chat
                continue
            self._settle(row, outcome)
            return

    async def _send(self, channel: str, address: str, row: OutboxRow) -> Outcome:
        try:
            message = Outgoing.model_validate_json(row.payload)
            return await self._channels[channel].send(address, message)
        except Exception as error:  # a defect in one message must not stop the others
            log.exception("message could not be sent", row=row.id)
            return Refused(f"{type(error).__name__}: {error}")

    async def _still_owed(self, row: OutboxRow) -> bool:
        async with self._desk.database.transaction() as tx:
            return await outbox.pending(tx, row.id)

    def _slow(self, channel: str, address: str, seconds: float) -> None:
        """We keep the limits, so a 429 is a surprise: this chat waits, and all do where a second chat is told so."""
        self._metrics.slowed.labels(channel).inc()
        now = time.monotonic()
        self._gate.pause(address, seconds)
        self._slowed = {chat: until for chat, until in self._slowed.items() if until > now}
        self._slowed[address] = now + seconds
        if len(self._slowed) > 1:
            self._gate.pause_all(seconds)
        log.warning("told to slow down", channel=channel, seconds=seconds)

    async def _follow(self, channel: str, old: str, new: str) -> None:
        log.info("group has moved", channel=channel)
        if self._moved is not None:
            self._moved[channel, old] = new
        async with self._desk.database.transaction() as tx:
            outbox.move_chat(tx, channel, old, new, self._desk.clock())

    # ------------------------------------------------------------------------ how it went

    def _settle(self, row: OutboxRow, outcome: Outcome) -> None:
        self._settled.append(_Settled(row, outcome))
        self._awake.set()

    def _note(self, tx: Transaction) -> None:
        """Write down how deliveries went; undone with the transaction, and then written by the next."""
        settled = list(self._settled)
        now = self._desk.clock()
        for done in settled:
            self._note_one(tx, done.row, done.outcome, now)

        def forget() -> None:
            del self._settled[: len(settled)]
            self._taken.difference_update(done.row.id for done in settled)
            for done in settled:
                self._metrics.sent.labels(done.row.channel, type(done.outcome).__name__.lower()).inc()

        tx.after_commit(forget)

    def _note_one(self, tx: Transaction, row: OutboxRow, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Delivered(messages):
                outbox.settle(tx, row.id, OutboxStatus.SENT, now, message=messages[0] if messages else None)
            case Unreachable(reason):
                outbox.settle(tx, row.id, OutboxStatus.UNREACHABLE, now, error=reason)
                if row.resident_id is not None:
                    residents.unreachable(tx, row.resident_id)
                    outbox.give_up(tx, row.resident_id)
            case Failed(error):
                started = row.not_before if row.attempts == 0 else None
                if row.attempts >= 8 and started is None and now - row.created_at > _GIVE_UP:
                    outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=error)
                else:
                    pause = min(_LONGEST_PAUSE, 2.0**row.attempts) * (0.5 + self._desk.random.random())
                    outbox.postpone(tx, row.id, now + timedelta(seconds=pause), error)
            case Refused(error):
                late = error == "out of date"
                outbox.settle(tx, row.id, OutboxStatus.DROPPED if late else OutboxStatus.FAILED, now, error=error)
                if not late:
                    log.error("message refused", row=row.id, subject=row.subject, error=error)
            case SlowDown() | Migrated():
                raise AssertionError("handled where it was said")

    # ------------------------------------------------------------------------ notices

    async def _word(self, row: OutboxRow) -> None:
        """Put a notice into words: its messages are owed in its place, or nothing where it is no longer true."""
        now = self._desk.clock()
        try:
            async with self._desk.database.transaction() as tx:
                if await outbox.pending(tx, row.id):
                    said = await self._worded(tx, row, now)
                    outbox.settle(tx, row.id, OutboxStatus.SENT if said else OutboxStatus.DROPPED, now)
        except Exception as error:
            log.exception("notice could not be put into words", row=row.id, subject=row.subject)
            async with self._desk.database.transaction() as tx:
                outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=f"{type(error).__name__}: {error}")
        self._taken.discard(row.id)

    async def _worded(self, tx: Transaction, row: OutboxRow, now: datetime) -> bool:
        if row.expires_at is not None and row.expires_at <= now:
            return False
        work = self._desk.work(tx)
        resident = None if row.resident_id is None else await residents.by_id(tx, row.resident_id)
        if resident is not None and not resident.reachable:
            return False
        catalogues = self._desk.catalogues
        if resident is not None:
            t = tongue_of(catalogues, resident)
        else:
            t = catalogues.tongue(Language(work.offices.language_of_chat(row.chat)))
        voice = Voice(work=work, links=self._desk.links, t=t)
        await put_into_words(voice, ANY_NOTICE.validate_json(row.payload), resident)
        for said in voice.out:
            for part in self._channels[row.channel].split(said.message):
                outbox.add(
                    tx,
                    channel=row.channel,
                    chat=row.chat,
                    kind=OutboxKind.MESSAGE,
                    payload=part.model_dump_json(exclude_defaults=True),
                    urgency=row.urgency,
                    subject=said.subject or row.subject,
                    group=row.supersedes,
                    resident=row.resident_id,
                    expires_at=row.expires_at,
                    at=now,
                )
        return bool(voice.out)
