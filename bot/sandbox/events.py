"""All that can happen in the world. Each event applies itself; a journal line is one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal

from pydantic import Discriminator, JsonValue, TypeAdapter

from bot.sandbox.wire import Wire
from bot.sandbox.world import Account, FileRecord, ForcedReply, Group, Stored, Tap, Topic, World

_TAPS_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Posted:
    """A message came into a chat."""

    chat: int
    message: Wire
    editable: bool = True
    op: Literal["posted"] = "posted"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is None:
            return
        message_id = self.message["message_id"]
        by_bot = self.message["from"]["id"] == world.bot.id
        chat.messages[message_id] = Stored(self.message, world.rev, by_bot, self.editable)
        chat.last_message = max(chat.last_message, message_id)
        if not world.has_own_ids(self.chat):
            world.last_message = max(world.last_message, message_id)


@dataclass(frozen=True, slots=True)
class Changed:
    """A message was edited, or its buttons were."""

    chat: int
    message: Wire
    op: Literal["changed"] = "changed"

    def happen(self, world: World) -> None:
        stored = world.message(self.chat, self.message["message_id"])
        if stored is not None:
            stored.wire, stored.rev = self.message, world.rev


@dataclass(frozen=True, slots=True)
class Reacted:
    """The bot, or a `person`, put emoji on a message or took them away. Telegram's `Message` does not show them."""

    chat: int
    message: int
    emoji: list[str]
    person: int = 0  # 0 is the bot
    op: Literal["reacted"] = "reacted"

    def happen(self, world: World) -> None:
        stored = world.message(self.chat, self.message)
        if stored is None:
            return
        if self.emoji:
            stored.reacted[self.person] = tuple(self.emoji)
        else:
            stored.reacted.pop(self.person, None)


@dataclass(frozen=True, slots=True)
class Removed:
    """Messages were deleted for everyone."""

    chat: int
    messages: list[int]
    op: Literal["removed"] = "removed"

    def happen(self, world: World) -> None:
        chat = world.chats.get(self.chat)
        if chat is not None:
            for message_id in self.messages:
                chat.messages.pop(message_id, None)
            chat.pinned = [one for one in chat.pinned if one not in self.messages]
            chat.forced = {who: one for who, one in chat.forced.items() if one.message not in self.messages}


@dataclass(frozen=True, slots=True)
class KeyboardShown:
    """The chat's reply keyboard changed; None takes it away."""

    chat: int
    keyboard: Wire | None
    op: Literal["keyboard"] = "keyboard"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is not None:
            chat.keyboard = self.keyboard


@dataclass(frozen=True, slots=True)
class ReplyForced:
    """The apps of some people open a reply to a message; of message 0, they are done with any."""

    chat: int
    people: list[int]
    message: int
    placeholder: str = ""
    op: Literal["forced"] = "forced"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is None:
            return
        for person in self.people:
            chat.forced.pop(person, None)
            if self.message:
                chat.forced[person] = ForcedReply(self.message, self.placeholder)


@dataclass(frozen=True, slots=True)
class Queued:
    """An update waits for the bot, for so long."""

    update: Wire
    until: datetime | None = None  # None in journals of before there was an end to it
    op: Literal["queued"] = "queued"

    def happen(self, world: World) -> None:
        update_id = self.update["update_id"]
        world.pending[update_id] = self.update
        if self.until is not None:
            world.kept_until[update_id] = self.until
        world.last_update = max(world.last_update, update_id)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The bot has these updates."""

    updates: list[int]
    op: Literal["confirmed"] = "confirmed"

    def happen(self, world: World) -> None:
        for update_id in self.updates:
            world.pending.pop(update_id, None)
            world.kept_until.pop(update_id, None)


@dataclass(frozen=True, slots=True)
class Expired:
    """These updates waited too long, and the bot never hears of them."""

    updates: list[int]
    op: Literal["expired"] = "expired"

    def happen(self, world: World) -> None:
        for update_id in self.updates:
            world.pending.pop(update_id, None)
            world.kept_until.pop(update_id, None)


@dataclass(frozen=True, slots=True)
class AccountChanged:
    account: Account
    op: Literal["account"] = "account"

    def happen(self, world: World) -> None:
        world.refresh(self.account)


@dataclass(frozen=True, slots=True)
class GroupChanged:
    group: Group
    op: Literal["group"] = "group"

    def happen(self, world: World) -> None:
        world.refresh(self.group)


@dataclass(frozen=True, slots=True)
class BotStarted:
    """The person wrote to the bot for the first time, so it may write to them."""

    person: int
    op: Literal["started"] = "started"

    def happen(self, world: World) -> None:
        world.started.add(self.person)


@dataclass(frozen=True, slots=True)
class BotBlocked:
    person: int
    blocked: bool
    op: Literal["blocked"] = "blocked"

    def happen(self, world: World) -> None:
        (world.blocked.add if self.blocked else world.blocked.discard)(self.person)


@dataclass(frozen=True, slots=True)
class VoiceRefused:
    """The person takes voice notes from nobody, or from everybody again: a privacy setting of Telegram Premium."""

    person: int
    refused: bool
    op: Literal["voice_refused"] = "voice_refused"

    def happen(self, world: World) -> None:
        (world.without_voice.add if self.refused else world.without_voice.discard)(self.person)


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """One of the bot's own settings: its commands, its description, its webhook. None removes it."""

    key: str
    value: JsonValue
    op: Literal["setting"] = "setting"

    def happen(self, world: World) -> None:
        if self.value is None:
            world.settings.pop(self.key, None)
        else:
            world.settings[self.key] = self.value


@dataclass(frozen=True, slots=True)
class FileKept:
    file: FileRecord
    op: Literal["file"] = "file"

    def happen(self, world: World) -> None:
        world.files[self.file.file_id] = self.file


@dataclass(frozen=True, slots=True)
class Tapped:
    """A person pressed an inline button."""

    id: str
    person: int
    chat: int
    message: int
    at: datetime
    op: Literal["tapped"] = "tapped"

    def happen(self, world: World) -> None:
        world.tap_count += 1
        world.taps[self.id] = Tap(self.id, self.person, self.chat, self.message, self.at)
        if len(world.taps) > _TAPS_KEPT:
            for tap in list(islice(world.taps, _TAPS_KEPT // 5)):
                del world.taps[tap]


@dataclass(frozen=True, slots=True)
class TapAnswered:
    id: str
    person: int
    chat: int
    text: str = ""
    alert: bool = False
    url: str = ""
    op: Literal["tap_answered"] = "tap_answered"

    def happen(self, world: World) -> None:
        if self.id in world.taps:
            world.taps[self.id].answered = True


@dataclass(frozen=True, slots=True)
class Pinned:
    chat: int
    messages: list[int]
    op: Literal["pinned"] = "pinned"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is not None:
            chat.pinned = list(self.messages)


@dataclass(frozen=True, slots=True)
class TopicChanged:
    chat: int
    thread: int
    name: str
    closed: bool = False
    op: Literal["topic"] = "topic"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is not None:
            chat.topics[self.thread] = Topic(self.name, self.closed)


@dataclass(frozen=True, slots=True)
class Seen:
    """A person looked at a chat, down to `message`."""

    chat: int
    person: int
    message: int
    op: Literal["seen"] = "seen"

    def happen(self, world: World) -> None:
        chat = world.chat(self.chat)
        if chat is not None:
            chat.seen[self.person] = max(chat.seen.get(self.person, 0), self.message)


@dataclass(frozen=True, slots=True)
class Acting:
    """The bot says it is typing, or sending something. Passes; never journaled."""

    chat: int
    action: str
    op: Literal["acting"] = "acting"

    def happen(self, world: World) -> None:
        """Nothing stays of it."""


AnyEvent = (
    Posted
    | Changed
    | Reacted
    | Removed
    | KeyboardShown
    | ReplyForced
    | Queued
    | Confirmed
    | Expired
    | AccountChanged
    | GroupChanged
    | BotStarted
    | BotBlocked
    | VoiceRefused
    | SettingChanged
    | FileKept
    | Tapped
    | TapAnswered
    | Pinned
    | TopicChanged
    | Seen
    | Acting
)

EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Discriminator("op")])
