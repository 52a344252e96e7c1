"""What every channel looks like to the rest of the bot. Adding one touches its own folder only.

A channel delivers what the dispatcher hands it and says, in the vocabulary below, how that went. It
never retries, waits or queues: when and how often is the dispatcher's to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.engine.messages import Outgoing, TapAnswer
from services.files.attachments import Gone, TooLarge

__all__ = [
    "Channel",
    "Delivered",
    "Failed",
    "Gone",
    "Migrated",
    "Outcome",
    "Refused",
    "SlowDown",
    "TooLarge",
    "Unreachable",
]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has it. `messages` are the ids it gave, in order; empty for a tap's answer."""

    messages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SlowDown:
    """Too many: nothing was sent, try again after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person stopped the bot or is gone, the group removed it: permanent until they write."""

    reason: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has a new address; nothing was sent."""

    chat: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel calls the message wrong: a defect of ours, and sending it again will not help."""

    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The network or the channel failed; whether it was sent is not known. Try again later."""

    error: str


Outcome = Delivered | SlowDown | Unreachable | Migrated | Refused | Failed


class Channel(Protocol):
    """A way to reach people."""

    name: str

    def split(self, message: Outgoing) -> tuple[Outgoing, ...]:
        """The same message as parts that each take one call, so that each is owed and noted by itself."""

    async def send(self, chat: str, message: Outgoing) -> Outcome:
        """Send or edit one message. An edit that would change nothing counts as delivered."""

    async def answer(self, answer: TapAnswer) -> Outcome:
        """End a tap's spinner. A tap too old to be answered counts as delivered."""

    async def fetch(self, remote_id: str, limit: int) -> bytes:
        """The content of a file a person sent.

        Raises TooLarge over `limit` bytes, Gone where it is no longer held, OSError where the
        network failed and a later try may work.
        """
