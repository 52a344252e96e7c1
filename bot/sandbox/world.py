"""Who there is, which chats there are and what was said in them.

`World` is the sandbox's only state. It changes through `commit(event)` alone, so that a journal of
events brings it back, and whoever listens (a waiting test, the page) learns of every change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.sandbox.wire import Wire


class BotStatus(StrEnum):
    """What the bot is in a group."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def inside(self) -> bool:
        return self in (BotStatus.ADMINISTRATOR, BotStatus.MEMBER)


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account, or the bot's."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    phone: str = ""
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def wire(self) -> Wire:
        user: Wire = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code and not self.is_bot:
            user["language_code"] = self.language_code
        return user


@dataclass(frozen=True, slots=True)
class Group:
    """A group. Ids that begin with -100 are supergroups, which have message ids of their own."""

    id: int
    title: str
    members: tuple[int, ...] = ()
    administrators: tuple[int, ...] = ()  # the first is the creator
    forum: bool = False
    bot: BotStatus = BotStatus.ADMINISTRATOR
    migrated_to: int = 0
    banned: tuple[int, ...] = ()  # who was removed, and not added again
    forbids: tuple[str, ...] = ()  # what ordinary members may not send: "photos", say, or "messages" for anything

    @property
    def supergroup(self) -> bool:
        return str(self.id).startswith("-100")

    @property
    def kind(self) -> str:
        return "supergroup" if self.supergroup else "group"

    def wire(self) -> Wire:
        chat: Wire = {"id": self.id, "title": self.title, "type": self.kind}
        if self.forum:
            chat["is_forum"] = True
        return chat


@dataclass(slots=True)
class Stored:
    """A message as it now stands."""

    wire: Wire
    rev: int  # the world's revision at its last change
    by_bot: bool
    editable: bool = True  # a message sent with anything but an inline keyboard can't be edited
    reacted: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by person; 0 is the bot

    @property
    def reactions(self) -> tuple[str, ...]:
        """What stands under it, whoever put it there."""
        return tuple(emoji for put in self.reacted.values() for emoji in put)

    @property
    def receiver(self) -> int:
        """Who alone of a group sees it; 0 for everybody."""
        return int(self.wire.get("receiver_user", {}).get("id", 0))

    def seen_by(self, person: int) -> bool:
        return self.receiver in (0, person)


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ForcedReply:
    """A reply that a person's app opens by itself."""

    message: int
    placeholder: str = ""


@dataclass(slots=True)
class Chat:
    """One chat: a person's with the bot (its id is the person's), or a group."""

    id: int
    wire: Wire
    messages: dict[int, Stored] = field(default_factory=dict)
    last_message: int = 0
    keyboard: Wire | None = None  # the reply keyboard now shown
    forced: dict[int, ForcedReply] = field(default_factory=dict)  # person: the reply their app has opened
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)  # person: the last message they have seen


@dataclass(slots=True)
class Tap:
    """A press on a button, until the bot answers it."""

    id: str
    person: int
    chat: int
    message: int
    at: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file Telegram holds. Its bytes lie in the file store under `unique_id`."""

    file_id: str
    unique_id: str
    kind: str
    size: int
    path: str
    name: str = ""
    mime: str = ""
    extra: Wire = field(default_factory=dict)  # width, height, duration, sizes


DEFAULT_BOT = Account(7_000_001, "Customer Day", username="customer_day_bot", is_bot=True)


class Event(Protocol):
    """Something that happens in the world. `bot.sandbox.events` has all there are."""

    def happen(self, world: World) -> None:
        """Change the world."""


class World:
    """The people, their groups and all that happened between them and one bot."""

    def __init__(self, people: Iterable[Account], groups: Iterable[Group] = (), *, bot: Account = DEFAULT_BOT) -> None:
        self.bot = bot
        self.people = {person.id: person for person in people}
        self.groups = {group.id: group for group in groups}
        self.chats: dict[int, Chat] = {}
        self.started: set[int] = set()
        self.blocked: set[int] = set()
        self.without_voice: set[int] = set()  # who refuses voice notes
        self.files: dict[str, FileRecord] = {}
        self.taps: dict[str, Tap] = {}
        self.settings: dict[str, object] = {}
        self.pending: dict[int, Wire] = {}  # updates not yet confirmed
        self.kept_until: dict[int, datetime] = {}  # when each of them is forgotten
        self.last_update = 100_000
        self.last_message = 0  # private chats and basic groups share one counter, as on Telegram
        self.tap_count = 0
        self.rev = 0
        self.record: Callable[[Event], None] | None = None  # the journal, once it has been replayed
        self.listeners: set[Callable[[Event], None]] = set()

    def commit(self, event: Event) -> None:
        """Let `event` happen: journal it, apply it, tell the listeners."""
        if self.record is not None:
            self.record(event)
        self.apply(event)
        for listener in tuple(self.listeners):
            listener(event)

    def apply(self, event: Event) -> None:
        self.rev += 1
        event.happen(self)

    def chat(self, chat_id: int) -> Chat | None:
        """The chat with this id; None where nobody has it."""
        found = self.chats.get(chat_id)
        if found is None:
            owner = self.people.get(chat_id) or self.groups.get(chat_id)
            if owner is None:
                return None
            found = self.chats[chat_id] = Chat(chat_id, _chat_wire(owner))
        return found

    def refresh(self, owner: Account | Group) -> None:
        """Keep a changed person or group, and what their chat is called."""
        if isinstance(owner, Account):
            self.people[owner.id] = owner
        else:
            self.groups[owner.id] = owner
        if owner.id in self.chats:
            self.chats[owner.id].wire = _chat_wire(owner)

    def message(self, chat_id: int, message_id: int) -> Stored | None:
        chat = self.chats.get(chat_id)
        return chat.messages.get(message_id) if chat else None

    def next_message_id(self, chat: Chat) -> int:
        return (chat.last_message if self.has_own_ids(chat.id) else self.last_message) + 1

    def has_own_ids(self, chat_id: int) -> bool:
        group = self.groups.get(chat_id)
        return group is not None and group.supergroup

    def account(self, user_id: int) -> Account | None:
        return self.bot if user_id == self.bot.id else self.people.get(user_id)

    def setting(self, key: str, default: object = None) -> object:
        return self.settings.get(key, default)

    def unread(self, chat: Chat, person: int) -> int:
        """How many messages of others `person` has not seen in `chat`."""
        seen, count = chat.seen.get(person, 0), 0
        for message_id in reversed(chat.messages):
            if message_id <= seen:
                break
            stored = chat.messages[message_id]
            count += stored.wire["from"]["id"] != person and stored.seen_by(person)
        return count


def _chat_wire(owner: Account | Group) -> Wire:
    if isinstance(owner, Group):
        return owner.wire()
    user = owner.wire()
    return {key: user[key] for key in ("id", "first_name", "last_name", "username") if key in user} | {
        "type": "private"
    }


def chat_instance(chat: Chat) -> str:
    """The identifier Telegram gives a chat in taps: stable, and not the chat's id."""
    return str(int.from_bytes(hashlib.sha256(str(chat.id).encode()).digest()[:8], "big", signed=True))


FATIMA, JOHN, MOHAMMED, STAFF_AR, STAFF_EN, ADMIN = 1001, 1002, 1003, 2001, 2002, 9001


def shipped_people() -> tuple[Account, ...]:
    """Three residents, two of the staff and an administrator. Phones are of the range Bahrain's mobiles use."""
    return (
        Account(FATIMA, "فاطمة", "علي", "fatima_ali", "ar", "+97333123456"),
        Account(JOHN, "John", "Peter", "john_peter", "en", "+97336123456"),
        Account(MOHAMMED, "محمد", "حسن", "", "ar", "+97339123456"),
        Account(STAFF_AR, "مريم", "يوسف", "maryam_desk", "ar", "+97333200001"),
        Account(STAFF_EN, "Ahmed", "Salman", "ahmed_desk", "en", "+97333200002"),
        Account(ADMIN, "نورة", "الخليفة", "noora_admin", "ar", "+97333900001"),
    )


def shipped_world(offices: Sequence[tuple[str, str, int]], *, bot: Account = DEFAULT_BOT) -> World:
    """The world `make run` shows. `offices`: id, title and staff group's chat id of each."""
    people = shipped_people()
    groups = [Group(chat_id, title, (STAFF_AR, STAFF_EN, ADMIN), (ADMIN,)) for _, title, chat_id in offices]
    return World(people, groups, bot=bot)
