"""What every channel looks like to the rest of the bot. Adding one touches its own folder only.

A channel delivers what the dispatcher hands it and says, in the vocabulary below, how that went. It
never retries, waits or queues: when and how often is the dispatcher's to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from conversations.engine.messages import Outgoing, TapAnswer
from conversations.engine.step import ChannelLinks
from services.files.attachments import Gone, TooLarge
from storage.ids import ChatId, MessageId

__all__ = [
    "Barred",
    "Capabilities",
    "Channel",
    "Delivered",
    "Failed",
    "Gone",
    "Identity",
    "Limits",
    "Migrated",
    "Newer",
    "Outcome",
    "Refused",
    "SlowDown",
    "TooLarge",
    "Unreachable",
]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has it. `messages` are the ids it gave, in order; empty for a tap's answer.

    `undone` says what it would not do, where trying again cannot help: delete a message that is too old, say.
    """

    messages: tuple[MessageId, ...] = ()
    undone: str = ""


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

    chat: ChatId


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel calls the message wrong: a defect of ours, and sending it again will not help."""

    error: str


@dataclass(frozen=True, slots=True)
class Barred:
    """Who has the chat does not allow this kind of message: no defect of ours, and other messages still arrive."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The network or the channel failed; whether it was sent is not known. Try again later."""

    error: str


Outcome = Delivered | SlowDown | Unreachable | Migrated | Refused | Barred | Failed


# ---------------------------------------------------------------------------- what a channel can do


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent: messages in any span of so many seconds."""

    overall: tuple[int, float]  # notices and broadcasts
    replies: tuple[int, float]  # to people who write
    chat: tuple[int, float]
    group: tuple[int, float]
    paid: tuple[int, float] = (1000, 1.0)  # broadcasts that are paid for


class Newer(StrEnum):
    """What a channel may show since lately; where it does not, a message is sent in the way it always was."""

    COLOURS = "colours"  # of buttons: `Choice.emphasis`
    COPYING = "copying"  # `Choice.copies`
    MOMENTS = "moments"  # `<time>` in a text
    READERS = "readers"  # `Outgoing.reader`


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel takes and shows. Lengths are in the channel's own units."""

    limits: Limits
    text_length: int  # of a message
    caption_length: int  # of the text under a file
    rows: int  # of buttons under a message
    buttons: int  # under a message, in all rows
    buttons_in_row: int
    label_length: int  # of a button
    data_bytes: int  # that come back when a button is tapped
    album: int  # files in one message
    edits: bool  # of messages sent before
    deletes: bool
    reply_keyboard: bool  # a button that shares the person's contact or location
    link_buttons: bool
    copied_length: int  # of what a button copies
    newer: frozenset[Newer]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is on a channel."""

    address: str
    username: str  # as people mention it, without any sign before it
    name: str
    links: ChannelLinks


class Channel(Protocol):
    """A way to reach people."""

    name: str

    @property
    def capabilities(self) -> Capabilities: ...

    def is_group(self, chat: ChatId) -> bool:
        """Whether a chat is a group's."""

    async def describe(self) -> Identity:
        """Who the bot is. Raises PermissionError for wrong credentials, OSError where the channel is not reached."""

    def split(self, message: Outgoing) -> tuple[Outgoing, ...]:
        """The same message as parts that each take one call, so that each is owed and noted by itself."""

    async def send(self, chat: ChatId, message: Outgoing) -> Outcome:
        """Send or edit one message. An edit that would change nothing counts as delivered."""

    async def answer(self, answer: TapAnswer) -> Outcome:
        """End a tap's spinner. A tap too old to be answered counts as delivered."""

    async def fetch(self, remote_id: str, limit: int) -> bytes:
        """The content of a file a person sent.

        Raises TooLarge over `limit` bytes, Gone where it is no longer held, OSError where the
        network failed and a later try may work.
        """
