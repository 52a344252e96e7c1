"""What the page shows, as values: people, chats, messages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.methods_bot import commands_key
from bot.sandbox.wire import Wire
from bot.sandbox.world import Account, Chat, ForcedReply, Group, Stored, World

_SHOWN = 300  # messages of a chat the page gets at most
_QUOTED = 200  # characters of a message that is replied to, cut between words


@dataclass(frozen=True, slots=True)
class PersonView:
    id: int
    name: str
    first_name: str
    language: str
    phone: str
    username: str
    started: bool
    blocked: bool
    groups: list[int]
    runs: list[int]  # the groups they are an administrator of
    role: str  # resident, staff or administrator, by the groups they are in


@dataclass(frozen=True, slots=True)
class BotView:
    """What an empty chat says of the bot, by language; "" is the default."""

    id: int
    username: str
    names: dict[str, str]
    descriptions: dict[str, str]


@dataclass(frozen=True, slots=True)
class QuoteView:
    id: int
    sender: str
    by_bot: bool
    text: str


@dataclass(frozen=True, slots=True)
class MediaView:
    kind: str
    file: str
    name: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class PlaceView:
    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactView:
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class MessageView:
    id: int
    sender: int
    name: str
    date: int
    edited: bool
    text: str
    entities: list[Wire]
    media: MediaView | None
    place: PlaceView | None
    contact: ContactView | None
    quote: QuoteView | None
    forwarded: str
    album: str
    topic: int
    buttons: list[list[Wire]]
    reactions: tuple[str, ...]
    reacted: dict[int, str]  # what each person put there
    receiver: int  # who alone sees it; 0 for everybody
    service: str  # the kind of a service message, "" for what somebody wrote
    service_names: list[str]


@dataclass(frozen=True, slots=True)
class ChatView:
    id: int
    title: str
    group: bool
    forum: bool
    members: int
    keyboard: Wire | None
    forced: dict[int, ForcedReply]
    pinned: list[int]
    topics: dict[int, str]
    seen: dict[int, int]
    bot_inside: bool


def person_view(world: World, person: Account) -> PersonView:
    groups = [group for group in world.groups.values() if person.id in group.members and not group.migrated_to]
    runs = [group.id for group in groups if person.id in group.administrators]
    return PersonView(
        id=person.id,
        name=person.name,
        first_name=person.first_name,
        language=person.language_code,
        phone=person.phone,
        username=person.username,
        started=person.id in world.started,
        blocked=person.id in world.blocked,
        groups=[group.id for group in groups],
        runs=runs,
        role="administrator" if runs else "staff" if groups else "resident",
    )


def bot_view(world: World) -> BotView:
    return BotView(
        id=world.bot.id,
        username=world.bot.username,
        names={"": world.bot.first_name} | _by_language(world, "name"),
        descriptions=_by_language(world, "description"),
    )


def _by_language(world: World, what: str) -> dict[str, str]:
    prefix = f"{what}/"
    return {key.removeprefix(prefix): str(text) for key, text in world.settings.items() if key.startswith(prefix)}


def chat_view(world: World, chat: Chat) -> ChatView:
    group = world.groups.get(chat.id)
    return ChatView(
        id=chat.id,
        title=group.title if group else "",
        group=group is not None,
        forum=group is not None and group.forum,
        members=len(group.members) + 1 if group else 2,
        keyboard=chat.keyboard,
        forced=chat.forced,
        pinned=chat.pinned,
        topics={thread: topic.name for thread, topic in chat.topics.items()},
        seen=chat.seen,
        bot_inside=group is None or group.bot.inside,
    )


def message_views(chat: Chat) -> list[MessageView]:
    """The chat's newest messages, oldest first."""
    newest = list(islice(reversed(chat.messages.values()), _SHOWN))
    return [message_view(stored) for stored in reversed(newest)]


def message_view(stored: Stored) -> MessageView:
    wire = stored.wire
    service, names = _service(wire)
    return MessageView(
        id=wire["message_id"],
        sender=wire["from"]["id"],
        name=_name(wire["from"]),
        date=wire["date"],
        edited="edit_date" in wire,
        text=wire.get("text") or wire.get("caption") or "",
        entities=wire.get("entities") or wire.get("caption_entities") or [],
        media=_media(wire),
        place=_place(wire),
        contact=_contact(wire),
        quote=_quote(wire.get("reply_to_message")),
        forwarded=_origin(wire.get("forward_origin")),
        album=wire.get("media_group_id", ""),
        topic=wire.get("message_thread_id", 0),
        buttons=wire.get("reply_markup", {}).get("inline_keyboard", []),
        reactions=stored.reactions,
        reacted={person: "".join(emoji) for person, emoji in stored.reacted.items() if person},
        receiver=stored.receiver,
        service=service,
        service_names=names,
    )


def _name(user: Wire) -> str:
    return f"{user.get('first_name', '')} {user.get('last_name', '')}".strip()


def _media(wire: Wire) -> MediaView | None:
    if sizes := wire.get("photo"):
        largest = sizes[-1]
        return MediaView("photo", largest["file_id"], width=largest["width"], height=largest["height"])
    for kind in ("document", "voice", "video", "sticker"):
        if found := wire.get(kind):
            return MediaView(
                kind,
                found["file_id"],
                found.get("file_name", ""),
                found.get("mime_type", ""),
                found.get("file_size", 0),
                found.get("width", 0),
                found.get("height", 0),
                found.get("duration", 0),
            )
    return None


def _place(wire: Wire) -> PlaceView | None:
    found = wire.get("location")
    if found is None:
        return None
    venue = wire.get("venue", {})
    return PlaceView(found["latitude"], found["longitude"], venue.get("title", ""), venue.get("address", ""))


def _contact(wire: Wire) -> ContactView | None:
    found = wire.get("contact")
    return ContactView(_name(found), found["phone_number"]) if found else None


def _quote(original: Wire | None) -> QuoteView | None:
    if original is None or "forum_topic_created" in original:
        return None
    text = original.get("text") or original.get("caption") or ""
    sender = original["from"]
    return QuoteView(
        original["message_id"], _name(sender), sender["is_bot"], textwrap.shorten(text, _QUOTED, placeholder="…")
    )


def _origin(origin: Wire | None) -> str:
    if origin is None:
        return ""
    return str(origin.get("sender_user_name") or _name(origin.get("sender_user", {})))


_SERVICES = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
)


def _service(wire: Wire) -> tuple[str, list[str]]:
    for kind in _SERVICES:
        if kind in wire:
            about = wire[kind]
            if isinstance(about, list):
                return kind, [_name(user) for user in about]
            if isinstance(about, dict):
                return kind, [about.get("name") or _name(about)]
            return kind, []
    return "", []


def commands_for(world: World, person: Account, chat: Chat) -> object:
    """The commands a person's menu shows in a chat: the narrowest scope wins, then their language."""
    for scope in _scopes(world.groups.get(chat.id), person, chat):
        for language in dict.fromkeys((person.language_code[:2], "")):
            found = world.settings.get(commands_key(scope, language))
            if found:
                return found
    return []


def _scopes(group: Group | None, person: Account, chat: Chat) -> Iterator[str]:
    """By Telegram's documentation, "Determining list of commands"."""
    if group is not None:
        yield f"chat_member:{chat.id}:{person.id}"
        if person.id in group.administrators:
            yield f"chat_administrators:{chat.id}"
    yield f"chat:{chat.id}"
    if group is None:
        yield "all_private_chats"
    else:
        if person.id in group.administrators:
            yield "all_chat_administrators"
        yield "all_group_chats"
    yield "default"
