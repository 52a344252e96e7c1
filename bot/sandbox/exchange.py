"""What the Bot API's methods and people's actions share: the world, its files, limits and updates."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox import to_one
from bot.sandbox.delivery import Delivery
from bot.sandbox.entities import RichText, given_entities, parse_html, plain
from bot.sandbox.events import KeyboardShown, Posted, ReplyForced
from bot.sandbox.files import FileStore
from bot.sandbox.limits import FloodGate, Limits
from bot.sandbox.markup import NO_MARKUP, Markup, read_markup
from bot.sandbox.params import Params
from bot.sandbox.wire import ApiError, Wire, bad_request, forbidden, units
from bot.sandbox.world import Account, BotStatus, Chat, Group, World

MAX_TEXT, MAX_CAPTION = 4096, 1024


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new message goes: read and checked before anything is sent."""

    chat: Chat
    markup: Markup = NO_MARKUP
    reply_to: Wire | None = None
    thread: int = 0
    paid: bool = False  # beyond the free rate
    receiver: Account | None = None  # who alone sees it


@dataclass(slots=True)
class Exchange:
    world: World
    files: FileStore
    gate: FloodGate
    delivery: Delivery
    limits: Limits
    clock: Callable[[], datetime]
    bot_wire: Wire

    def now(self) -> int:
        """The time as messages carry it: whole seconds since 1970."""
        return int(self.clock().timestamp())

    # ------------------------------------------------------------------ where to

    def chat(self, params: Params, key: str = "chat_id") -> Chat:
        """The chat a call names, whether or not the bot may write there."""
        raw = params.values.get(key)
        if raw is None or raw == "":
            raise bad_request(f"{key} is empty")
        if isinstance(raw, str) and raw.startswith("@"):
            raise bad_request("chat not found")
        try:
            chat = self.world.chat(int(raw))
        except (TypeError, ValueError) as error:
            raise bad_request("chat not found") from error
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def reachable(self, params: Params, key: str = "chat_id") -> Chat:
        """The chat a call names, where the bot may write. Raises 403 or, for a migrated group, 400."""
        chat = self.chat(params, key)
        group = self.world.groups.get(chat.id)
        if group is not None:
            check_membership(group)
        elif chat.id in self.world.blocked:
            raise forbidden("bot was blocked by the user")
        elif chat.id not in self.world.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def placement(self, params: Params) -> Placement:
        """Read where a new message goes and what it answers."""
        chat = self.reachable(params)
        raw_markup = params.values.get("reply_markup")
        return Placement(
            chat,
            read_markup(raw_markup, private=chat.id > 0) if raw_markup else NO_MARKUP,
            self._replied(params, chat),
            self._thread(params, chat),
            params.flag("allow_paid_broadcast"),
            to_one.receiver(self.world, self.clock(), chat, params),
        )

    def _replied(self, params: Params, chat: Chat) -> Wire | None:
        message_id, optional = params.integer("reply_to_message_id"), params.flag("allow_sending_without_reply")
        if params.has("reply_parameters"):
            reply = params.json("reply_parameters")
            if not isinstance(reply, dict):
                raise bad_request("object expected as reply parameters")
            message_id = int(reply.get("message_id", 0))
            optional = bool(reply.get("allow_sending_without_reply"))
        if not message_id:
            return None
        stored = chat.messages.get(message_id)
        if stored is None or stored.receiver:
            if optional:
                return None
            raise bad_request("message to be replied not found")
        return quoted(stored.wire)

    def _thread(self, params: Params, chat: Chat) -> int:
        thread = params.integer("message_thread_id")
        if not thread:
            return 0
        topic = chat.topics.get(thread)
        if topic is None:
            raise bad_request("message thread not found")
        group = self.world.groups.get(chat.id)
        if topic.closed and group is not None and group.bot is not BotStatus.ADMINISTRATOR:
            raise bad_request("TOPIC_CLOSED")
        return thread

    # ------------------------------------------------------------------ what

    def text(self, params: Params) -> RichText:
        if not params.text("text"):
            raise bad_request("message text is empty")
        text = self.rich(params, "text", "entities")
        if not text.text:
            raise bad_request("text must be non-empty")
        if units(text.text) > MAX_TEXT:
            raise bad_request("message is too long")
        return text

    def caption(self, params: Params) -> RichText:
        caption = self.rich(params, "caption", "caption_entities")
        if units(caption.text) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        return caption

    def rich(self, params: Params, key: str, entities_key: str) -> RichText:
        text = params.text(key)
        mode = params.text("parse_mode").lower()
        if mode == "html":
            return self._mentioning(parse_html(text))
        if mode not in ("", "none"):
            raise bad_request("unsupported parse_mode")
        if params.has(entities_key):
            return self._mentioning(given_entities(text, params.json(entities_key)))
        return plain(text)

    def _mentioning(self, text: RichText) -> RichText:
        """With whom it mentions; only words are left of a mention of somebody the bot never met."""
        if all(entity["type"] != "text_mention" for entity in text.entities):
            return text
        kept: list[Wire] = []
        for entity in text.entities:
            if entity["type"] != "text_mention":
                kept.append(entity)
            elif (person := self._met(entity.get("user"))) is not None:
                kept.append(entity | {"user": person.wire()})
        return RichText(text.text, tuple(kept))

    def _met(self, user: Wire | None) -> Account | None:
        """Somebody the bot may mention: they wrote to it, or share a group with it."""
        person = self.world.people.get((user or {}).get("id", 0))
        return person if person is not None and self.knows(person.id) else None

    def knows(self, person: int) -> bool:
        """Whether the bot has met somebody: they wrote to it, or share a group with it."""
        if person in self.world.started:
            return True
        return any(person in group.members and group.bot.inside for group in self.world.groups.values())

    # ------------------------------------------------------------------ sending

    def permit(self, chat: Chat, what: str) -> None:
        """Whether the bot may send `what` ("photos", say) to a chat it is in. Raises the refusal."""
        group = self.world.groups.get(chat.id)
        if group is None:
            if what == "voice notes" and chat.id in self.world.without_voice:
                raise bad_request("VOICE_MESSAGES_FORBIDDEN")
        elif group.bot is not BotStatus.ADMINISTRATOR:
            if "messages" in group.forbids:
                raise bad_request("have no write access to the chat")
            if what in group.forbids:
                raise bad_request(f"not enough rights to send {what} to the chat")

    def admit(self, chat: Chat, messages: int = 1, *, paid: bool = False) -> None:
        self.gate.admit(chat.id, time.monotonic(), messages=messages, paid=paid)

    def acted(self, chat: int) -> None:
        """A person did something there: what the bot sends them for a while is an answer, not bulk."""
        self.gate.acted(chat, time.monotonic())

    def post(self, placement: Placement, content: Wire) -> Wire:
        """Put a message of the bot's into its chat. The flood gate has been passed."""
        chat, markup = placement.chat, placement.markup
        message: Wire = {
            "message_id": self.world.next_message_id(chat),
            "from": self.bot_wire,
            "chat": chat.wire,
            "date": self.now(),
        }
        message |= threaded(self.world, chat, placement.thread, placement.reply_to) | content
        if markup.inline:
            message["reply_markup"] = markup.inline
        if placement.receiver is not None:
            message |= to_one.fields(chat, placement.receiver)
        self.world.commit(Posted(chat.id, message, editable=markup.keyboard is None))
        if markup.keyboard is not None and markup.keyboard.get("force_reply"):
            self._force_reply(chat, message, markup.keyboard)
        elif markup.keyboard is not None:
            self.world.commit(KeyboardShown(chat.id, shown_keyboard(markup.keyboard)))
        return message if placement.receiver is None else to_one.told(message)

    def _force_reply(self, chat: Chat, message: Wire, markup: Wire) -> None:
        """A reply opens on the phones of all, or of those who are mentioned or whose message it answers."""
        group = self.world.groups.get(chat.id)
        people = {chat.id} if group is None else set(group.members)
        if group is not None and markup.get("selective"):
            people &= self._meant(message)
        hint = str(markup.get("input_field_placeholder") or "")
        self.world.commit(ReplyForced(chat.id, sorted(people), int(message["message_id"]), hint))

    def _meant(self, message: Wire) -> set[int]:
        """Whom a message mentions, and whose message it answers."""
        meant = {entity["user"]["id"] for entity in message.get("entities", ()) if entity["type"] == "text_mention"}
        named = {word.strip(".,:;!?").casefold() for word in str(message.get("text", "")).split() if word[0] == "@"}
        meant |= {one.id for one in self.world.people.values() if f"@{one.username}".casefold() in named}
        answered = message.get("reply_to_message", {})
        return meant if "forum_topic_created" in answered else meant | {answered.get("from", {}).get("id", 0)}


def threaded(world: World, chat: Chat, thread: int, replied: Wire | None) -> Wire:
    """What a message says of its thread and of the message it answers.

    A reply in a forum stays in the topic of what it answers, and whatever else is said in a topic answers the
    message that opened it. In other supergroups a chain of replies carries the id of its first message.
    """
    if not thread and replied is not None and replied.get("is_topic_message"):
        thread = int(replied["message_thread_id"])
    if thread:
        opening = chat.messages.get(thread)
        answers = replied or (quoted(opening.wire) if opening else None)
        fields: Wire = {"message_thread_id": thread, "is_topic_message": True}
        return fields | ({"reply_to_message": answers} if answers else {})
    if replied is None:
        return {}
    if not world.has_own_ids(chat.id):
        return {"reply_to_message": replied}
    return {"message_thread_id": replied.get("message_thread_id", replied["message_id"]), "reply_to_message": replied}


def shown_keyboard(keyboard: Wire) -> Wire | None:
    """What a chat shows for a reply markup; nothing where it takes the keyboard away."""
    return None if keyboard.get("remove_keyboard") else keyboard


def new_album(world: World, chat: Chat) -> str:
    """A `media_group_id` that no other album has."""
    return str(abs(chat.id) * 10_000_000 + world.next_message_id(chat))


def quoted(message: Wire) -> Wire:
    """A message as another one quotes it: without what it quotes itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def check_membership(group: Group) -> None:
    """Whether the bot is in a group. Raises 403 or, for a migrated group, 400."""
    if group.migrated_to:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": group.migrated_to},
        )
    if group.bot is BotStatus.KICKED:
        raise forbidden(f"bot was kicked from the {group.kind} chat")
    if group.bot is BotStatus.LEFT:
        raise forbidden(f"bot is not a member of the {group.kind} chat")
