"""Sends what the outbox owes: in order in each chat, the urgent first, within the limits, again where it failed.

One dispatcher sends for all workers (a lease in the database). What it takes stays `pending` in the
outbox until the channel has said how it went, so a process killed at any moment owes exactly what it
owed; only a message whose delivery was not yet noted can then come twice. What it holds in memory is in
`backlog`, what it writes down of each delivery in `endings`.

Two clocks: the desk's says what is due and when to try again; the monotonic one measures rates and the lease.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta

import structlog

from bot.channel import Channel, Delivered, Failed, Migrated, Outcome, Refused, SlowDown, Unreachable
from bot.context import AppContext
from bot.delivery import endings
from bot.delivery.backlog import Address, Backlog, Line, Owed
from bot.delivery.endings import Ending, Groups, Lapsed, LetGo, Settled
from bot.delivery.in_flight import InFlight
from bot.delivery.rate_limiter import BROADCAST, SendScheduler
from bot.delivery.render import NoticeRenderer
from bot.lease_owner import holder_name
from bot.metrics import Metrics
from bot.workers import repeat
from conversations.engine.messages import Outgoing, TapAnswer
from storage import leases, lost_chats, outbox
from storage.database import Conflict, DatabaseUnavailable, Transaction
from storage.records.outbox import OutboxKind, OutboxRow, OutboxStatus

log = structlog.get_logger()

LEASE = "dispatcher"
LEASE_SECONDS = 30.0
_MOST = 500  # messages of one urgency held in memory
_FEWEST = 30  # of broadcasts, however slowly they go
_IDLE_SECONDS = 1.0  # how late another worker's or the clock's message may be noticed
_LONGEST_PAUSE = 60.0  # seconds between two tries
_ORDERLY_TRIES = 5  # of one message, before it no longer keeps back the others of its chat
_WORDING_TRIES = 3
_FRESH_SECONDS = 1.0  # a message that waited longer in memory is looked up once more before it is sent
_FAREWELL_SECONDS = 5.0  # for what is on its way when we are told to stop


class Dispatcher:
    """The sender. `wake` it after a commit that owes something."""

    def __init__(
        self,
        context: AppContext,
        channels: Mapping[str, Channel],
        metrics: Metrics,
        wording: NoticeRenderer | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        follows: bool = False,
    ) -> None:
        """`follows`: another process may have sent until a moment ago, as one that was killed or stopped has."""
        self._follows = follows
        self._context = context
        self._channels = channels
        self._metrics = metrics
        self._wording = wording or NoticeRenderer(context)
        self._monotonic = monotonic
        self._gates = {
            name: SendScheduler(channel.capabilities.limits, channel.is_group, monotonic)
            for name, channel in channels.items()
        }
        # Of all channels together, since a kill ends them all.
        rate = sum(_broadcasts_a_second(context, channel) for channel in channels.values())
        self._broadcasts = InFlight(rate, monotonic)
        # Of broadcasts no more than go while they are fresh: what waits longer is looked up again, each by itself.
        broadcasts = max(_FEWEST, min(_MOST, int(rate * _FRESH_SECONDS / 2)))
        self._backlog = Backlog({0: _MOST, 1: _MOST, BROADCAST: broadcasts})  # replies, notices, broadcasts
        self._holder = holder_name()
        self._ask_lease_at = self._lease_ends = float("-inf")
        self._awake = asyncio.Event()
        self._stopped = False
        self._timer: asyncio.TimerHandle | None = None
        self._settled: list[Settled] = []
        self._delivered_at: dict[str, datetime] = {}  # by channel
        self._lost: set[Address] = set()  # groups of offices that could not be written to
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        self._awake.set()

    def answer(self, channel: str, answer: TapAnswer) -> None:
        """End a tap's spinner, at once and once: the app ends it by itself after a while."""
        self._start(self._answer(channel, answer))

    async def _answer(self, channel: str, answer: TapAnswer) -> None:
        try:
            outcome = await self._channels[channel].answer(answer)
        except Exception:
            log.exception("tap not answered", channel=channel)
            return
        if not isinstance(outcome, Delivered):
            log.info("tap not answered", channel=channel, outcome=type(outcome).__name__)

    def _start(self, act: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(act)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------------------ the loop

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then let what is on its way finish, and note it."""
        try:
            await repeat(self._round, stop, seconds=_IDLE_SECONDS, awake=self._awake)
        finally:
            await self._finish()

    async def _finish(self) -> None:
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=_FAREWELL_SECONDS)
            for task in late:
                task.cancel()
        try:
            async with self._context.database.transaction() as tx:
                self._note(tx, self._context.clock())
                leases.release(tx, LEASE, self._holder)
        except Exception:
            log.exception("the last deliveries could not be noted", messages=len(self._settled))

    async def _round(self) -> None:
        """Note how deliveries went, and take what is due, in one transaction; put notices into words; send."""
        now = self._context.clock()
        asks = self._monotonic() >= self._ask_lease_at
        if not (asks or self._settled or self._leads()):
            return  # another process leads, and was asked a moment ago
        async with self._context.database.transaction() as tx:
            noted = self._note(tx, now)
            leads = await self._ask_lease(tx) if asks else self._leads()
            rows = await self._backlog.due(tx, now, noted) if leads else []
        if not leads:
            self._let_all_go()
            return
        notices = [row for row in rows if row.kind is OutboxKind.NOTICE]
        for row in rows:
            if row.kind is OutboxKind.MESSAGE:
                self._line_up(row)
        self._send_on()
        for row in notices:
            await self._word(row)
        if notices:
            self._awake.set()

    def _leads(self) -> bool:
        return self._monotonic() < self._lease_ends

    async def _ask_lease(self, tx: Transaction) -> bool:
        """Whether this process is the one that sends: asked anew well before the lease ends."""
        asked = self._monotonic()
        if not await leases.take(tx, LEASE, self._holder, LEASE_SECONDS):
            self._lease_ends = float("-inf")
            self._ask_lease_at = asked + _IDLE_SECONDS
            return False
        moved = await outbox.moved_chats(tx)
        lost = {(chat.channel, chat.chat) for chat in await lost_chats.every(tx)}

        def taken() -> None:
            if self._follows and not self._leads():
                for gate in self._gates.values():
                    gate.follow_another()
            self._ask_lease_at = asked + LEASE_SECONDS / 3
            self._lease_ends = asked + LEASE_SECONDS
            self._backlog.moved, self._lost = moved, lost

        tx.after_commit(taken)
        return True

    # ------------------------------------------------------------------------ what is taken

    def _line_up(self, row: OutboxRow) -> None:
        chat = self._backlog.address(row)
        if self._backlog.is_kept_back(chat, row.urgency):
            return  # one before it failed while it was being taken
        self._backlog.taken[row.id] = row.urgency
        if row.channel not in self._gates:
            self._settle(chat, row, Refused(f"there is no channel {row.channel}"))
            return
        line = self._backlog.line(chat)
        line.add(row, self._monotonic())
        self._queue(chat, line)

    def _let_all_go(self) -> None:
        """Another process sends now."""
        for chat, line in list(self._backlog.lines.items()):
            self._let_go(chat, line)

    def _let_go(self, chat: Address, line: Line) -> None:
        for owed in line.owed:
            self._settle(chat, owed.row, LetGo())
        line.owed.clear()
        self._queue(chat, line)

    # ------------------------------------------------------------------------ sending

    def _queue(self, chat: Address, line: Line) -> None:
        """Have a chat wait for the gate where it has something to send, and not where it has nothing."""
        channel, address = chat
        gate = self._gates[channel]
        if line.owed and not line.sending:
            gate.want(address, line.owed[0].urgency, line.owed[0].id)
            return
        gate.drop(address)
        if not line.sending:
            self._backlog.lines.pop(chat, None)

    def _send_on(self) -> None:
        """Send all that may go now, and be back when the next may."""
        if self._stopped:
            return
        delays = []
        for channel, gate in self._gates.items():
            while (address := gate.next(broadcasts=not self._broadcasts.full)) is not None:
                line = self._backlog.lines[channel, address]
                line.sending = True
                owed = line.next()
                if owed.urgency >= BROADCAST:
                    self._broadcasts.begin(owed.row.id)
                self._start(self._send_one((channel, address), line, owed))
            if (delay := gate.delay(broadcasts=not self._broadcasts.full)) is not None:
                delays.append(delay)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(min(delays), self._send_on) if delays else None

    async def _send_one(self, chat: Address, line: Line, owed: Owed) -> None:
        outcome = await self._try(chat, owed)
        if isinstance(outcome, SlowDown):
            log.warning("told to slow down", channel=chat[0], seconds=outcome.seconds)
            self._metrics.slowed.labels(chat[0]).inc()
            self._gates[chat[0]].slow_down(chat[1], outcome.seconds, owed.urgency)
            self._broadcasts.give_up(owed.row.id)
            line.put_back(owed)
        else:
            self._end(chat, line, owed, outcome)
        line.sending = False
        self._queue(chat, line)
        self._send_on()

    async def _try(self, chat: Address, owed: Owed) -> SlowDown | Ending:
        channel, address = chat
        row = owed.row
        try:
            if not self._leads():  # this process was halted for a while, say, and another has taken over
                return LetGo()
            if row.expires_at is not None and row.expires_at <= self._context.clock():
                return Lapsed()
            if self._monotonic() - owed.taken > _FRESH_SECONDS and not await self._still_owed(row):
                return LetGo()
        except Exception:  # the database is down: send nothing whose result cannot be recorded
            log.exception("message could not be looked up", row=row.id)
            return LetGo()
        try:
            outcome: Outcome = await self._channels[channel].send(address, Outgoing.model_validate_json(row.payload))
        except Exception as error:  # noqa: BLE001 - a defect in one message must not stop the others
            return Refused(f"{type(error).__name__}: {error}")
        if isinstance(outcome, Migrated) and outcome.chat == address:
            return Refused("the chat moved to where it was")
        return outcome

    async def _still_owed(self, row: OutboxRow) -> bool:
        async with self._context.database.transaction() as tx:
            return await outbox.pending(tx, row.id, self._context.clock())

    def _end(self, chat: Address, line: Line, owed: Owed, ending: Ending) -> None:
        """Decide what its chat sends next, after this outcome."""
        row, channel = owed.row, chat[0]
        if isinstance(ending, Failed):
            until = self._context.clock() + self._pause(row.attempts)
            if row.attempts < _ORDERLY_TRIES or self._is_out(channel, row):
                self._backlog.keep_back(chat, row.urgency, until)
                self._let_go(chat, line)
            self._settle(chat, row, ending, until)
            return
        if isinstance(ending, Migrated | Unreachable):  # the note is about all that is owed to the chat
            self._let_go(chat, line)
        if isinstance(ending, Delivered):
            self._delivered_at[channel] = self._context.clock()
        self._settle(chat, row, ending)

    def _is_out(self, channel: str, row: OutboxRow) -> bool:
        """Whether nothing has been sent since this failure: then the network is at fault, not the message."""
        delivered = self._delivered_at.get(channel)
        return delivered is None or row.failing_since is None or delivered < row.failing_since

    def _pause(self, attempts: int) -> timedelta:
        """Twice as long after each try, and never the same for all."""
        seconds = min(_LONGEST_PAUSE, 2.0 ** min(attempts, 16))
        return timedelta(seconds=seconds * (0.5 + self._context.random.random()))

    def _settle(self, chat: Address, row: OutboxRow, ending: Ending, until: datetime | None = None) -> None:
        self._settled.append(Settled(row, chat[1], ending, until))
        self._awake.set()

    # ------------------------------------------------------------------------ how it went

    def _note(self, tx: Transaction, now: datetime) -> set[int]:
        """Write down how deliveries went; undone with the transaction, and then written by the next. Which rows."""
        settled = list(self._settled)
        groups = Groups(self._context.offices, self._backlog.newest, self._lost)
        for done in settled:
            endings.note(tx, done, groups, now)

        def forget() -> None:
            del self._settled[: len(settled)]
            for done in settled:
                self._backlog.taken.pop(done.row.id, None)
                self._broadcasts.end(done.row.id)
                if isinstance(done.ending, Migrated):
                    self._backlog.moved[done.row.channel, done.address] = done.ending.chat
                if (status := endings.counted(done.ending)) is not None:
                    self._metrics.sent.labels(done.row.channel, status).inc()

        tx.after_commit(forget)
        return {done.row.id for done in settled}

    async def _word(self, row: OutboxRow) -> None:
        try:
            again = await self._wording.word(row, self._channels[row.channel].split)
        except (Conflict, DatabaseUnavailable) as error:
            log.info("notice waits", row=row.id, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a defect in one notice must not stop the others
            # Its words may quote what a person wrote: the row keeps them, the log does not.
            log.warning("notice not put into words", row=row.id, subject=row.subject, error=type(error).__name__)
            await self._not_worded(row, f"{type(error).__name__}: {error}")
        else:
            if again is not None and again.total_seconds() < _IDLE_SECONDS:
                asyncio.get_running_loop().call_later(again.total_seconds(), self.wake)

    async def _not_worded(self, row: OutboxRow, error: str) -> None:
        now = self._context.clock()
        async with self._context.database.transaction() as tx:
            if row.attempts + 1 < _WORDING_TRIES:
                outbox.postpone(tx, row.id, now + self._pause(row.attempts), error, now)
            else:
                outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=error)


def _broadcasts_a_second(context: AppContext, channel: Channel) -> float:
    limits = channel.capabilities.limits
    count, seconds = limits.paid if context.announcing.paid_broadcast else limits.overall
    return count / seconds
