"""What Telegram says happened, in the words of `conversations.engine.messages`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    MessageReactionUpdated,
    PhotoSize,
    ReactionTypeEmoji,
    Update,
)
from telegram import Chat as TelegramChat
from telegram import User as TelegramUser

from bot.telegram import ids, json_text, meaning
from bot.telegram.api import ALLOWED_UPDATES
from conversations.engine.messages import Contact, FileKind, Incoming, IncomingFile, Kind, Place, Sender
from services.text.normalise import visible_name
from storage.ids import ChatId, ForumTopicId, MessageId, UpdateId

# Amusements and offers: a person may send them, and nobody at the desk reads them.
_AMUSEMENTS: Final = (
    "sticker",
    "dice",
    "game",
    "story",
    "paid_media",
    "giveaway",
    "giveaway_winners",
    "invoice",
)
# What an app sends for a button that this bot does not show, and what is bought or given: it is answered.
_OFFERS: Final = (
    "web_app_data",
    "users_shared",
    "chat_shared",
    "passport_data",
    "successful_payment",
    "refunded_payment",
    "gift",
    "unique_gift",
)
_READ_OF_TAPPED: Final = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
_READ_OF_REPLIED_TO: Final = (
    *_READ_OF_TAPPED,
    *("from", "text", "caption", "ephemeral_message_id", "receiver_user"),
)


class NotAnUpdate(Exception):
    """The bytes are not a Telegram update."""


def parse(raw: bytes) -> Update:
    """The update in `raw` JSON.

    The message under a tapped button and the one replied to are cut down to what is read of them:
    parsing their keyboards would take four times as long as the rest. Raises NotAnUpdate.
    """
    try:
        data: Any = json_text.loads(raw)
    except ValueError:
        raise NotAnUpdate("not JSON") from None
    if not isinstance(data, dict) or type(data.get("update_id")) is not int:
        raise NotAnUpdate("no update_id")
    return _parsed(data)


def read(update: dict[str, Any], bot_username: str, received_at: datetime) -> Incoming | None:
    """The same of one that is no longer JSON, as `to_incoming` reads it."""
    return to_incoming(_parsed(update), bot_username, received_at)


def _parsed(update: dict[str, Any]) -> Update:
    # Of kinds that nobody asked for nothing is read.
    asked: dict[str, Any] = {kind: update[kind] for kind in ALLOWED_UPDATES if kind in update}
    _cut(asked.get("callback_query"), "message", _READ_OF_TAPPED)
    _cut(asked.get("message"), "reply_to_message", _READ_OF_REPLIED_TO)
    _cut(asked.get("edited_message"), "reply_to_message", _READ_OF_REPLIED_TO)
    return Update.de_json({"update_id": update["update_id"], **asked})


def _cut(parent: Any, name: str, read: Sequence[str]) -> None:
    if isinstance(parent, dict) and isinstance(parent.get(name), dict):
        message = parent[name]
        parent[name] = {key: message[key] for key in read if key in message}


def to_incoming(update: Update, bot_username: str, received_at: datetime) -> Incoming | None:
    """The update as something a person did, or None where it concerns nobody at the desk.

    `received_at` dates a tap, which Telegram does not date. A person writing as a group or a
    channel is "chat:<id>".
    """
    update_id = ids.update_id(update.update_id)
    if update.callback_query is not None:
        return _tap(update_id, update.callback_query, received_at)
    if update.my_chat_member is not None:
        return _membership(update_id, update.my_chat_member)
    if update.chat_member is not None:
        return _others_membership(update_id, update.chat_member)
    if update.message_reaction is not None:
        return _reaction(update_id, update.message_reaction)
    message = update.message or update.edited_message
    if message is None:
        return None
    return _message(update_id, message, bot_username, edited=update.edited_message is not None)


# ---------------------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class _Content:
    """What a message says, whoever says it and wherever."""

    kind: Kind
    text: str = ""
    command: str = ""
    argument: str = ""
    files: tuple[IncomingFile, ...] = ()
    place: Place | None = None
    contact: Contact | None = None
    new_chat: ChatId = ids.NO_CHAT


def _message(update_id: UpdateId, message: Message, bot_username: str, *, edited: bool) -> Incoming | None:
    if message.left_chat_member is not None:
        return _left(update_id, message, message.left_chat_member)
    sender = _sender(message)
    content = _content(message, bot_username, edited=edited)
    if sender is None or content is None:
        return None
    return Incoming(
        update_id=update_id,
        at=message.edit_date or message.date,
        kind=content.kind,
        chat=ids.chat_id(message.chat.id),
        group=not _private(message.chat),
        topic=_topic(message),
        sender=sender,
        message=_id(message),
        position=message.message_id,
        text=content.text,
        command=content.command,
        argument=content.argument,
        files=content.files,
        album=message.media_group_id or "",
        place=content.place,
        contact=content.contact,
        reply_to=_reply_to(message),
        reply_text=_reply_text(message),
        edited=edited,
        forwarded=message.forward_origin is not None,
        forwarded_from=meaning.origin(message.forward_origin),
        quoted=meaning.quoted(message),
        new_chat=content.new_chat,
    )


def _left(update_id: UpdateId, message: Message, user: TelegramUser) -> Incoming | None:
    """Somebody left a group or was removed; of the bot itself `my_chat_member` tells."""
    if user.is_bot:
        return None
    return Incoming(
        update_id=update_id,
        at=message.date,
        kind=Kind.MEMBER_LEFT,
        chat=ids.chat_id(message.chat.id),
        group=True,
        sender=_person(user),
        message=ids.message_id(message.message_id),
    )


def _content(message: Message, bot_username: str, *, edited: bool) -> _Content | None:
    """What was sent, or None for what nobody has to answer, as that someone joined or a message was pinned."""
    if message.text is not None:
        return _words(message, message.text, bot_username)
    if edited and message.location is not None:
        return None  # a live position edits its message every few seconds; the first is what was meant
    return _media(message) or _location(message) or _contact(message) or _written(message) or _anything_else(message)


def _words(message: Message, text: str, bot_username: str) -> _Content | None:
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return _Content(Kind.TEXT, text=meaning.text_of(message))
    addressee = text[1 : first.length].partition("@")[2]
    if addressee and addressee.lower() != bot_username.lower() and not _private(message.chat):
        return None  # for another bot of the group
    command, argument = command_of(text, first.length)
    return _Content(Kind.COMMAND, text=text, command=command, argument=argument)


def command_of(text: str, length: int) -> tuple[str, str]:
    """The command that a text begins with, and what follows it. `length` is that of the slash and the name."""
    # A command is ASCII, so Telegram's UTF-16 lengths are Python's.
    return text[1:length].partition("@")[0].lower(), text[length:].strip()


def _media(message: Message) -> _Content | None:
    file = _file(message)
    return None if file is None else _Content(Kind.MEDIA, text=meaning.text_of(message), files=(file,))


def _location(message: Message) -> _Content | None:
    where, venue = message.location, message.venue
    if where is None:
        return None
    text = meaning.venue(venue) if venue is not None else ""
    return _Content(Kind.LOCATION, text=text, place=Place(latitude=where.latitude, longitude=where.longitude))


def _contact(message: Message) -> _Content | None:
    shared, sender = message.contact, message.from_user
    if shared is None:
        return None
    contact = Contact(
        phone=shared.phone_number,
        name=meaning.name_of(shared),
        # Telegram itself looks up whose number it is; a sender cannot put another's id there.
        own=sender is not None and message.sender_chat is None and shared.user_id == sender.id,
    )
    return _Content(Kind.CONTACT, contact=contact)


def _written(message: Message) -> _Content | None:
    """What people write in a form of Telegram's own; `meaning` says it in words."""
    if message.poll is not None:
        return _Content(Kind.TEXT, text=meaning.poll(message.poll))
    if message.checklist is not None:
        return _Content(Kind.TEXT, text=meaning.checklist(message.checklist))
    return None


def _anything_else(message: Message) -> _Content | None:
    if message.migrate_to_chat_id is not None:
        return _Content(Kind.MIGRATED, new_chat=ids.chat_id(message.migrate_to_chat_id))
    if any(getattr(message, name, None) for name in _AMUSEMENTS):
        return _Content(Kind.STICKER)
    if _private(message.chat) and any(getattr(message, name, None) for name in _OFFERS):
        return _Content(Kind.OTHER)
    if message.api_kwargs and _private(message.chat):
        return _Content(Kind.OTHER)  # newer than this bot, so it has no name here
    return None


def _file(message: Message) -> IncomingFile | None:
    photo = message.photo or (message.live_photo.photo if message.live_photo is not None else ())
    if photo:
        largest = max(reversed(photo), key=_area)
        return IncomingFile(
            kind=FileKind.PHOTO,
            remote_id=largest.file_id,
            unique_id=largest.file_unique_id,
            mime="image/jpeg",
            size=largest.file_size or 0,
        )
    for kind, held, mime in (
        (FileKind.VOICE, message.voice or message.audio, "audio/ogg"),
        # Before the document: an animation comes as both.
        (FileKind.VIDEO, message.video or message.video_note or message.animation, "video/mp4"),
        (FileKind.DOCUMENT, message.document, "application/octet-stream"),
    ):
        if held is not None:
            return IncomingFile(
                kind=kind,
                remote_id=held.file_id,
                unique_id=held.file_unique_id,
                name=getattr(held, "file_name", None) or "",
                mime=getattr(held, "mime_type", None) or mime,
                size=held.file_size or 0,
            )
    return None


def _area(size: PhotoSize) -> int:
    """In pixels; 0 where the sides are no numbers. Telegram lists the largest last, which wins a tie."""
    sides = (size.width, size.height)
    return size.width * size.height if all(type(side) is int and 0 <= side < 1 << 20 for side in sides) else 0


def _sender(message: Message) -> Sender | None:
    """Who wrote it, or None where no person did."""
    if message.is_automatic_forward:
        return None  # a channel's post, copied by Telegram into its discussion group
    if message.sender_chat is not None:
        name = visible_name(message.sender_chat.title or "")
        return Sender(address=f"chat:{message.sender_chat.id}", name=name)
    user = message.from_user
    return None if user is None or user.is_bot else _person(user)


def _person(user: TelegramUser) -> Sender:
    name = visible_name(user.full_name or "")  # a deleted account has none
    return Sender(address=str(user.id), name=name, language=user.language_code or "", is_bot=user.is_bot)


def _private(chat: TelegramChat) -> bool:
    return chat.type == TelegramChat.PRIVATE


def _topic(message: Message) -> ForumTopicId | None:
    thread = _thread(message)
    return None if thread is None else ids.topic_id(thread)


def _thread(message: Message) -> int | None:
    # Outside forums `message_thread_id` only marks a chain of replies.
    return message.message_thread_id if message.is_topic_message else None


def _reply_to(message: Message) -> MessageId | None:
    replied = message.reply_to_message
    if replied is None or replied.message_id == _thread(message):
        return None  # everything in a topic "replies" to the message that opened it
    return _id(replied)


def _id(message: Message) -> MessageId:
    """Its id; of one that only the bot and one person see, as `ids.to_one` has it."""
    number = message.api_kwargs.get("ephemeral_message_id")  # python-telegram-bot does not know it yet
    if type(number) is not int or number <= 0:
        return ids.message_id(message.message_id)
    receiver = message.api_kwargs.get("receiver_user")
    whom = receiver.get("id") if isinstance(receiver, dict) else None
    if type(whom) is not int and message.from_user is not None:
        whom = message.from_user.id
    return ids.to_one(whom, number) if type(whom) is int and whom > 0 else ids.message_id(message.message_id)


def _reply_text(message: Message) -> str:
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return ""
    return replied.text or replied.caption or ""


# ---------------------------------------------------------------------------- taps and membership


def _tap(update_id: UpdateId, query: CallbackQuery, received_at: datetime) -> Incoming:
    message = query.message
    chat = message.chat if message is not None else None
    return Incoming(
        update_id=update_id,
        at=received_at,
        kind=Kind.CHOICE,
        chat=ids.chat_id(chat.id if chat is not None else query.from_user.id),
        group=chat is not None and not _private(chat),
        topic=_topic(message) if isinstance(message, Message) else None,
        sender=_person(query.from_user),
        message=ids.message_id(message.message_id) if message is not None else None,
        choice=query.data or "",
        tap=query.id,
    )


def _reaction(update_id: UpdateId, change: MessageReactionUpdated) -> Incoming | None:
    """An emoji that a person put under a message. What they take away says nothing, nor do custom and paid ones."""
    emoji = next((one.emoji for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)), "")
    user = change.user
    if user is None or user.is_bot or not emoji or not _private(change.chat):
        return None
    return Incoming(
        update_id=update_id,
        at=change.date,
        kind=Kind.REACTION,
        chat=ids.chat_id(change.chat.id),
        sender=_person(user),
        message=ids.message_id(change.message_id),
        text=emoji,
    )


def _membership(update_id: UpdateId, change: ChatMemberUpdated) -> Incoming | None:
    chat = change.chat
    was, now = _takes_part(change.old_chat_member), _takes_part(change.new_chat_member)
    if was == now or chat.type == TelegramChat.CHANNEL:
        return None  # made an administrator, or given other rights
    private = _private(chat)
    kind = (Kind.UNBLOCKED if private else Kind.JOINED) if now else (Kind.BLOCKED if private else Kind.LEFT)
    return Incoming(
        update_id=update_id,
        at=change.date,
        kind=kind,
        chat=ids.chat_id(chat.id),
        group=not private,
        sender=_person(change.from_user),
        text=visible_name(chat.title or ""),
    )


def _others_membership(update_id: UpdateId, change: ChatMemberUpdated) -> Incoming | None:
    """Somebody else's: sent to bots that administer a group, also where the group hides who comes and goes."""
    was, now = _takes_part(change.old_chat_member), _takes_part(change.new_chat_member)
    user = change.new_chat_member.user
    if now or not was or user.is_bot or change.chat.type == TelegramChat.CHANNEL:
        return None
    return Incoming(
        update_id=update_id,
        at=change.date,
        kind=Kind.MEMBER_LEFT,
        chat=ids.chat_id(change.chat.id),
        group=True,
        sender=_person(user),
    )


def _takes_part(member: ChatMember) -> bool:
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)
