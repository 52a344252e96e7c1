"""What people can do, as their Telegram would pass it on: each act is a message or an update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.sandbox.entities import RichText, plain
from bot.sandbox.events import (
    AccountChanged,
    BotBlocked,
    BotStarted,
    Changed,
    KeyboardShown,
    Posted,
    Reacted,
    Removed,
    ReplyForced,
    Seen,
    Tapped,
    VoiceRefused,
)
from bot.sandbox.exchange import Exchange, new_album, quoted, threaded
from bot.sandbox.files import Upload, file_wire
from bot.sandbox.methods_chat import membership_wire, status_wire
from bot.sandbox.methods_send import content_of
from bot.sandbox.wire import Wire
from bot.sandbox.world import Account, BotStatus, Chat, Group, Stored, chat_instance

_LONGEST = 4096
_CHANGEABLE_FOR = timedelta(hours=48)
_SERVICE = ("new_chat", "left_chat", "migrate_", "forum_topic")


#: What the page offers, of the many that Telegram lets people choose from.
REACTIONS = ("👍", "❤", "🙏", "👎", "😡", "😢")


def _reaction(emoji: str) -> Wire:
    return {"type": "emoji", "emoji": emoji}


class Impossible(Exception):
    """Something a person cannot do with their Telegram right now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who acts, in which chat and topic, and in reply to which message."""

    person: int
    chat: int
    thread: int = 0
    reply_to: int | None = None


class Acts:
    """Everything a person can do in a chat with the bot in it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.world = exchange.world

    # ------------------------------------------------------------------ writing

    def say(self, place: Place, text: str) -> list[int]:
        """Write a text; as a client does, one longer than Telegram takes goes out in parts."""
        pieces = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)]
        contents = [rich.wire() for piece in pieces if (rich := plain(piece)).text]
        if not contents:
            raise Impossible("an empty message cannot be sent")
        return [self.post(place, content) for content in contents]

    def forward(self, place: Place, text: str) -> int:
        """Forward a text that somebody, who hides their account, wrote elsewhere."""
        origin: Wire = {"type": "hidden_user", "sender_user_name": "Neighbour", "date": self.exchange.now()}
        return self.post(place, {"forward_origin": origin} | plain(text).wire())

    def pass_on(self, place: Place, source: int, message_id: int) -> int:
        """Forward a message of another chat, or of this one, with whoever wrote it."""
        stored = self.world.message(source, message_id)
        if stored is None:
            raise Impossible(f"there is no message {message_id} to forward")
        origin: Wire = {"type": "user", "sender_user": stored.wire["from"], "date": stored.wire["date"]}
        return self.post(place, {"forward_origin": stored.wire.get("forward_origin", origin)} | content_of(stored))

    async def send_photos(self, place: Place, photos: Sequence[bytes], caption: str = "", album: str = "") -> list[int]:
        """Send one photo, or several as an album whose first item carries the caption."""
        if len(photos) > 1 and not album:
            album = new_album(self.world, self._chat(place))
        contents: list[Wire] = []
        for number, photo in enumerate(photos):
            sizes = await self.exchange.files.keep_photo(Upload("photo.jpg", "image/jpeg", photo))
            content: Wire = {"photo": sizes[-3:]}
            if caption and number == 0:
                content |= plain(caption).wire("caption")
            if album:
                content["media_group_id"] = album
            contents.append(content)
        return [self.post(place, content) for content in contents]

    def send_file(self, place: Place, kind: str, upload: Upload, caption: str = "", extra: Wire | None = None) -> int:
        """Send a document, voice note, video or sticker."""
        record = self.exchange.files.keep(kind, upload, extra)
        content: Wire = {kind: file_wire(record)}
        if caption:
            content |= plain(caption).wire("caption")
        return self.post(place, content)

    def share_location(
        self, place: Place, latitude: float, longitude: float, venue: tuple[str, str] | None = None
    ) -> int:
        location: Wire = {"latitude": latitude, "longitude": longitude}
        content: Wire = {"location": location}
        if venue is not None:
            content["venue"] = {"location": location, "title": venue[0], "address": venue[1]}
        return self.post(place, content)

    def share_contact(self, place: Place, phone: str | None = None, *, own: bool = True) -> int:
        """Share the person's own contact, or a number out of their address book."""
        person = self._person(place)
        contact: Wire = {"phone_number": phone or person.phone, "first_name": person.first_name}
        if own:
            contact["user_id"] = person.id
            if person.last_name:
                contact["last_name"] = person.last_name
        else:
            contact["first_name"] = "Neighbour"
        return self.post(place, {"contact": contact})

    def speak(self, place: Place, language: str) -> None:
        """Change the language of the person's Telegram; the bot learns it with their next act."""
        self.world.commit(AccountChanged(replace(self._person(place), language_code=language)))

    def edit(self, place: Place, message_id: int, text: str) -> None:
        """Change the text or the caption of one's own message."""
        self._chat(place)
        stored = self._own(place, message_id)
        key = "text" if "text" in stored.wire else "caption"
        rich: RichText = plain(text)
        kept = {name: value for name, value in stored.wire.items() if name not in (key, "entities", "caption_entities")}
        edited = kept | rich.wire(key) | {"edit_date": self.exchange.now()}
        self.world.commit(Changed(place.chat, edited))
        self._queue(place, "edited_message", edited)

    def delete(self, place: Place, message_id: int) -> None:
        """Take a message away for everybody: one's own, or as an administrator any. No bot is told."""
        self._chat(place)
        group = self.world.groups.get(place.chat)
        if group is None or place.person not in group.administrators:
            self._own(place, message_id)
        self.world.commit(Removed(place.chat, [message_id]))

    def _own(self, place: Place, message_id: int) -> Stored:
        stored = self.world.message(place.chat, message_id)
        if stored is None or stored.wire["from"]["id"] != place.person:
            raise Impossible(f"message {message_id} is not one this person wrote in this chat")
        if self.exchange.now() - int(stored.wire["date"]) > _CHANGEABLE_FOR.total_seconds():
            raise Impossible(f"message {message_id} is older than 48 hours")
        return stored

    def post(self, place: Place, content: Wire) -> int:
        """Put a message of a person's into a chat and queue it for the bot. Returns its id."""
        person, chat = self._person(place), self._chat(place)
        message: Wire = {
            "message_id": self.world.next_message_id(chat),
            "from": person.wire(),
            "chat": chat.wire,
            "date": self.exchange.now(),
        }
        message |= threaded(self.world, chat, place.thread, self._answered(place, chat)) | content
        if chat.id == person.id and person.id not in self.world.started:
            self.world.commit(BotStarted(person.id))
        self.world.commit(Posted(chat.id, message))
        self.world.commit(Seen(chat.id, person.id, message["message_id"]))
        self._put_away_keyboard(chat)
        if person.id in chat.forced:
            self.world.commit(ReplyForced(chat.id, [person.id], 0))
        self._queue(place, "message", message)
        return int(message["message_id"])

    def _answered(self, place: Place, chat: Chat) -> Wire | None:
        if place.reply_to is None:
            return None
        original = chat.messages.get(place.reply_to)
        if original is None:
            raise Impossible(f"there is no message {place.reply_to} to reply to")
        return quoted(original.wire)

    def _put_away_keyboard(self, chat: Chat) -> None:
        keyboard = chat.keyboard
        if keyboard and keyboard.get("one_time_keyboard"):
            self.world.commit(KeyboardShown(chat.id, None))

    # ------------------------------------------------------------------ tapping

    def tap(self, place: Place, message_id: int, data: str) -> str:
        """Press an inline button. Returns the id of the callback query."""
        self._chat(place)
        return self.forge(place, message_id, data)

    def forge(self, place: Place, message_id: int, data: str) -> str:
        """Press what no honest client shows: any data, on any message, in any chat, whether or not one is in it."""
        person, chat = self._person(place), self.world.chat(place.chat)
        if chat is None:
            raise Impossible(f"there is no chat {place.chat}")
        stored = chat.messages.get(message_id)
        message: Wire = {"message_id": message_id, "chat": chat.wire, "date": 0} if stored is None else stored.wire
        query_id = str((person.id << 32) + self.world.tap_count + 1)
        query: Wire = {
            "id": query_id,
            "from": person.wire(),
            "message": message,
            "chat_instance": chat_instance(chat),
            "data": data,
        }
        self.world.commit(Tapped(query_id, person.id, chat.id, message_id, self.exchange.clock()))
        self.exchange.acted(chat.id)
        self.exchange.delivery.enqueue("callback_query", query)
        return query_id

    def react(self, place: Place, message_id: int, emoji: str) -> None:
        """Put one emoji under a message in place of the one before; "" takes it away."""
        person, chat = self._person(place), self._chat(place)
        stored = chat.messages.get(message_id)
        if stored is None:
            raise Impossible(f"there is no message {message_id} to react to")
        if emoji and emoji not in REACTIONS:
            raise Impossible(f"{emoji!r} is no reaction")
        before = stored.reacted.get(person.id, ())
        now = [emoji] if emoji else []
        if tuple(now) == before:
            return
        self.world.commit(Reacted(chat.id, message_id, now, person.id))
        if (group := self.world.groups.get(chat.id)) is not None and group.bot is not BotStatus.ADMINISTRATOR:
            return  # in groups only administrators hear of them
        change: Wire = {
            "chat": chat.wire,
            "message_id": message_id,
            "user": person.wire(),
            "date": self.exchange.now(),
            "old_reaction": [_reaction(one) for one in before],
            "new_reaction": [_reaction(one) for one in now],
        }
        self.exchange.acted(chat.id)
        self.exchange.delivery.enqueue("message_reaction", change)

    def saw(self, place: Place, message_id: int) -> None:
        """The person has the chat open down to `message_id`. Of what came as they left the group, nothing."""
        group = self.world.groups.get(place.chat)
        if group is not None and place.person not in group.members:
            return
        chat = self._chat(place)
        if message_id > chat.seen.get(place.person, 0):
            self.world.commit(Seen(chat.id, place.person, message_id))

    # ------------------------------------------------------------------ coming and going

    def block(self, person_id: int, *, blocked: bool) -> None:
        """Stop the bot, or let it write again. Doing either twice does nothing."""
        person = self.world.people[person_id]
        if (person_id in self.world.blocked) == blocked:
            return
        self.world.commit(BotBlocked(person_id, blocked))
        before, after = BotStatus.MEMBER, BotStatus.KICKED
        if not blocked:
            before, after = after, before
        if (chat := self.world.chat(person_id)) is not None:
            self.bot_changed(chat.wire, person, before, after)

    def refuse_voice(self, person_id: int, *, refused: bool) -> None:
        """Take voice notes from nobody, or from everybody again. No bot is told."""
        self.world.commit(VoiceRefused(person_id, refused))

    def bot_changed(self, chat: Wire, by: Account, before: BotStatus, after: BotStatus) -> None:
        """Tell the bot what it is in a chat from now on."""
        bot = self.exchange.bot_wire
        old, new = status_wire(before, bot), status_wire(after, bot)
        self.exchange.delivery.enqueue("my_chat_member", membership_wire(chat, by, self.exchange.now(), old, new))

    # ------------------------------------------------------------------ who and where

    def _person(self, place: Place) -> Account:
        person = self.world.people.get(place.person)
        if person is None:
            raise Impossible(f"there is no person {place.person}")
        return person

    def _chat(self, place: Place) -> Chat:
        chat = self.world.chat(place.chat)
        group = self.world.groups.get(place.chat)
        if chat is None or (group is None and place.chat != place.person):
            raise Impossible(f"person {place.person} has no chat {place.chat}")
        if group is not None and place.person not in group.members:
            raise Impossible(f"person {place.person} is not a member of {group.title}")
        if group is None and place.person in self.world.blocked:
            raise Impossible(f"person {place.person} has blocked the bot")
        return chat

    def _queue(self, place: Place, kind: str, message: Wire) -> None:
        group = self.world.groups.get(place.chat)
        if group is None or self._reaches_bot(group, message):
            self.exchange.acted(place.chat)
            self.exchange.delivery.enqueue(kind, message)

    def _reaches_bot(self, group: Group, message: Wire) -> bool:
        """An ordinary member with privacy mode on gets commands, replies to it, mentions and service messages."""
        if group.bot is not BotStatus.MEMBER:
            return group.bot.inside
        text = str(message.get("text") or message.get("caption") or "")
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot.id
        service = not text and any(key.startswith(_SERVICE) for key in message)
        return text.startswith("/") or f"@{self.world.bot.username}" in text or replied or service
