"""What of the outbox is held in memory: some of each urgency and a few of each chat.

So neither a flood nor a slow group keeps anybody else waiting.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery.rate_limiter import BROADCAST, PAID
from storage import outbox
from storage.database import Transaction
from storage.ids import ChatId
from storage.records.outbox import OutboxKind, OutboxRow

_MOST_OF_CHAT = 5  # of one urgency and one chat
_MOST_NOTICES = 20  # of one urgency put into words before replies are looked for again
_IS_PAID = '"paid":true'  # as a payload says it; what people wrote has no quotation mark of its own in there

Address = tuple[str, ChatId]  # channel, chat


@dataclass(order=True, slots=True)
class Owed:
    urgency: int
    id: int
    row: OutboxRow = field(compare=False)
    taken: float = field(compare=False)  # monotonic


@dataclass(slots=True)
class Line:
    """One chat's messages, one of which at most is on its way."""

    owed: list[Owed] = field(default_factory=list)  # a heap
    sending: bool = False

    def add(self, row: OutboxRow, taken: float) -> None:
        urgency = PAID if row.urgency == BROADCAST and _IS_PAID in row.payload else row.urgency
        self.put_back(Owed(urgency, row.id, row, taken))

    def put_back(self, owed: Owed) -> None:
        heapq.heappush(self.owed, owed)

    def next(self) -> Owed:
        return heapq.heappop(self.owed)


class Backlog:
    """The lines of all chats. Of each urgency in `most`, the most urgent first, it holds so many messages."""

    def __init__(self, most: Mapping[int, int]) -> None:
        self._most = most
        self._kept_back: dict[Address, tuple[int, datetime]] = {}  # from which urgency on, until when
        self.lines: dict[Address, Line] = {}
        self.taken: dict[int, int] = {}  # row → urgency, from when it is taken until its ending is noted
        self.moved: dict[Address, ChatId] = {}  # groups, and where they are now

    async def due(self, tx: Transaction, now: datetime, noted: set[int]) -> list[OutboxRow]:
        """What to take, as far as there is room. What was `noted` in this transaction is no longer held."""
        self._kept_back = {chat: kept for chat, kept in self._kept_back.items() if kept[1] > now}
        rows: list[OutboxRow] = []
        for urgency, most in self._most.items():
            held = {row for row, level in self.taken.items() if level == urgency and row not in noted}
            if len(held) <= most // 2:
                rows += await self._due_of(tx, now, urgency, held)
        return rows

    async def _due_of(self, tx: Transaction, now: datetime, urgency: int, held: set[int]) -> list[OutboxRow]:
        here: Counter[Address] = Counter()
        for chat, line in self.lines.items():
            here[chat] = sum(1 for owed in line.owed if owed.urgency == urgency)
        rows: list[OutboxRow] = []
        notices, room = _MOST_NOTICES, self._most[urgency] - len(held)
        known = set(held)
        while True:
            skip = self._full(here, urgency)
            found, more = await outbox.due_of(tx, now, urgency, room, known=known, skip=skip)
            overflow = False
            for row in found:
                chat = self.address(row)
                if row.kind is OutboxKind.NOTICE and notices == 0:
                    return rows  # what comes behind the notice waits its turn behind it
                if here[chat] >= _MOST_OF_CHAT:
                    overflow = True
                    continue
                notices -= row.kind is OutboxKind.NOTICE
                here[chat] += 1
                room -= 1
                known.add(row.id)
                rows.append(row)
            if room == 0 or not overflow or not more:
                return rows

    def _full(self, here: Counter[Address], urgency: int) -> set[Address]:
        """The chats of which no more is taken: enough is here, or what failed keeps the rest back."""
        full = {chat for chat, count in here.items() if count >= _MOST_OF_CHAT}
        full |= {chat for chat, (level, _) in self._kept_back.items() if urgency >= level}
        return full | {(channel, old) for (channel, old) in self.moved if (channel, self.newest(channel, old)) in full}

    def keep_back(self, chat: Address, urgency: int, until: datetime) -> None:
        """One of this urgency failed: what comes behind it waits."""
        self._kept_back[chat] = (urgency, until)

    def is_kept_back(self, chat: Address, urgency: int) -> bool:
        return chat in self._kept_back and urgency >= self._kept_back[chat][0]

    def address(self, row: OutboxRow) -> Address:
        return row.channel, self.newest(row.channel, row.chat)

    def newest(self, channel: str, chat: ChatId) -> ChatId:
        """Where a chat is now: a group may have moved, and moved again."""
        seen = {chat}
        while (new := self.moved.get((channel, chat))) is not None and new not in seen:
            chat = new
            seen.add(chat)
        return chat

    def line(self, chat: Address) -> Line:
        return self.lines.setdefault(chat, Line())
