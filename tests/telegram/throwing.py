"""Throws updates at the real intake over a real database, and keeps what went wrong.

Nothing may crash it or come again for ever. Nothing may be set aside that should have been answered, or that is as
Telegram says; and whoever said something in private has to hear a word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from bot.telegram.intake import Intake
from bot.updates.inbox import TRIES, Inbox, OutboundPorts
from conversations.engine.messages import Outgoing, TapAnswer
from services.files.attachments import Gone, Store, fetch_due
from tests.conversations.staff_town import DeskTown
from tests.telegram.neighbours import Sent, tap

_KEPT = 3  # messages of each chat
_SHOWN = 3  # examples of each fault


@dataclass(slots=True)
class Thrower:
    """A town, the way in of Telegram's updates before it, and what was found."""

    town: DeskTown
    thrown: int = 0
    parked: int = 0  # of which nobody can be told
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[bytes]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    offered: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the buttons that somebody was shown last
    _intake: Intake = field(init=False)
    _said: int = 0
    _sender: int = 0

    def __post_init__(self) -> None:
        ports = OutboundPorts(wake=lambda: None, answer=self._answered, split=self._told)
        inbox = Inbox(self.town.desk, ports)
        count = partial(inbox.count_failure, "telegram")
        self._intake = Intake(inbox.receive, count, "desk_bot", self.town.desk.clock)

    def _answered(self, _channel: str, _answer: TapAnswer) -> None:
        self._said += 1

    def _told(self, _channel: str, message: Outgoing) -> tuple[Outgoing, ...]:
        self._said += 1
        if buttons := tuple(choice.data for row in message.rows for choice in row if choice.data):
            self.offered[self._sender] = buttons
        return (message,)

    async def go_on(self, random: Random, number: int) -> None:
        """Let somebody tap what they were offered, so that what is thrown meets every step of a conversation."""
        if self.offered:
            person = random.choice(list(self.offered))
            await self.throw(tap(random, number, person, random.choice(self.offered[person])))

    async def throw(self, sent: Sent) -> None:
        self.thrown += 1
        self.contents |= sent.files
        self._said, self._sender = 0, sent.sender
        tries = 0
        try:
            while not await self._intake.take(sent.number, sent.raw):
                tries += 1
                if tries == TRIES:
                    self._fault("comes for ever", sent)
                    return
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self._fault(f"crashed with {type(error).__name__}", sent)
            return
        if tries:
            self.parked += 1
            if sent.answered or not sent.spoilt:
                self._fault("set aside", sent)
        elif sent.answered and not self._said:
            self._fault("without a word", sent)

    def _fault(self, what: str, sent: Sent) -> None:
        what = f"{what}: {sent.what}"
        self.faults[what] += 1
        shown = self.examples.setdefault(what, [])
        if len(shown) < _SHOWN:
            shown.append(sent.raw)

    async def deliver(self) -> None:
        """Put into words and send what is owed. Of what was said long ago nothing is kept."""
        await self.town.deliver()
        for messages in self.town.chats.values():
            del messages[:-_KEPT]

    async def fetch(self, folder: Path, most: int) -> int:
        """Fetch and look through so many of the files; how many."""
        store, fetched = Store(folder), 0

        async def download(remote_id: str, _limit: int) -> bytes:
            if remote_id not in self.contents:
                raise Gone
            return self.contents[remote_id]

        while fetched < most and (done := await fetch_due(self.town.desk.begin, download, store)):
            fetched += done
        return fetched
