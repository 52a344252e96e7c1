"""What passes between a person and the desk, whatever the channel that carries it.

A channel's translator (`bot/telegram`, later WhatsApp) turns what its service sends into `Incoming`
and an `Outgoing` into that service's calls. Nothing in this room knows a channel.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from storage.ids import ChatId, ForumTopicId, MessageId, StoredForumTopicId, StoredMessageId, UpdateId


class Message(BaseModel):
    """A frozen value that passes between rooms."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


# ---------------------------------------------------------------------------- incoming


class Kind(StrEnum):
    """What a person did."""

    TEXT = "text"
    COMMAND = "command"  # /start, /menu …: `command` and `argument` are set
    CHOICE = "choice"  # a button was tapped: `choice` is its data
    MEDIA = "media"  # a photo, voice note, document, video: `files` is set, `text` is the caption
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"  # also dice, games, stories: kept by nobody, answered politely
    REACTION = "reaction"  # an emoji was put under a message of a private chat: `text` is what stands there now
    BLOCKED = "blocked"  # the person stopped the bot
    UNBLOCKED = "unblocked"
    JOINED = "joined"  # the bot was added to a group
    LEFT = "left"  # the bot was removed from a group
    MEMBER_LEFT = "member_left"  # somebody, `sender`, left a group or was removed from it
    MIGRATED = "migrated"  # the group became a supergroup: `new_chat` is its new address
    OTHER = "other"


class FileKind(StrEnum):
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"


class Sender(Message):
    """Who sent it. `address` identifies a person on the channel, for ever (a Telegram user id)."""

    address: str
    name: str = ""
    language: str = ""  # as the channel says it, e.g. "en-GB"; empty where unknown
    is_bot: bool = False


class IncomingFile(Message):
    """A file the channel holds for us, not yet fetched."""

    kind: FileKind
    remote_id: str  # what the channel fetches it by
    unique_id: str  # the same for the same file, whoever sends it
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes; 0 where the channel does not say


class Place(Message):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Contact(Message):
    """A shared contact. `own` only when the channel vouches that it is the sender's own number."""

    phone: str
    name: str = ""
    own: bool = False


class Incoming(Message):
    """One thing a person did."""

    channel: str = "telegram"
    update_id: UpdateId  # unique within the channel; a repeat is the same update
    at: datetime
    kind: Kind
    chat: ChatId  # where to answer
    group: bool = False  # not a private chat
    topic: ForumTopicId | None = None  # forum topic in a group
    sender: Sender
    message: MessageId | None = None  # the message's id in its chat (for a tap: of the message tapped)
    position: int = 0  # grows with each message of a chat, where the channel numbers them: times may be the same
    text: str = ""
    command: str = ""  # without the slash and the @name, lower case
    argument: str = ""
    choice: str = ""  # the tapped button's data; untrusted
    tap: str = ""  # what a tap must be answered by
    files: tuple[IncomingFile, ...] = ()
    album: str = ""  # the same for all of one album
    place: Place | None = None
    contact: Contact | None = None
    reply_to: MessageId | None = None
    reply_text: str = ""  # what the message replied to says, where a bot wrote it
    edited: bool = False
    forwarded: bool = False
    forwarded_from: str = ""  # who first said it, where that is known
    quoted: str = ""  # the part of another message that this one answers, where somebody marked one
    new_chat: ChatId = ChatId("")


# ---------------------------------------------------------------------------- outgoing


class Emphasis(StrEnum):
    """What a button is among others; a channel that can shows it in a colour."""

    NONE = ""
    MAIN = "main"  # what most people are here for
    CONFIRM = "confirm"  # it settles what was asked
    DANGER = "danger"  # it takes something away


class Choice(Message):
    """A button. `data` comes back as `Incoming.choice`; a `url` opens a link, a `web_app` a page in the chat.

    `copies` goes into the person's clipboard; where a channel cannot do that, the button is left out, so the message
    says it as well.
    """

    label: str = Field(min_length=1, max_length=64)
    data: str = Field(default="", max_length=64)
    url: str = ""
    web_app: str = ""  # in a private chat only
    copies: str = Field(default="", max_length=256)
    emphasis: Emphasis = Emphasis.NONE


class Request(StrEnum):
    """What a button can ask the person's device for."""

    CONTACT = "contact"
    LOCATION = "location"


class OutgoingFile(Message):
    """A file to send: its bytes (small: a QR code, a calendar file) or a stored file's hash."""

    kind: FileKind
    name: str
    mime: str = "application/octet-stream"
    content: bytes | None = None
    sha256: str = ""


class Reader(Message):
    """The one member of a group for whom a message is."""

    address: str
    tap: str = ""  # which this answers
    else_all: bool = True  # where it can't be shown to one alone: to all, or to nobody


class Outgoing(Message):
    """One message to a chat.

    `text` is the small HTML subset of `locales.html`, already escaped. `rows` are buttons under the
    message. `ask_for` shows a button that shares the person's contact or location, labelled
    `ask_label`; its `rows` are then shown beside it as plain words the person may tap or type, since
    no channel shows both kinds at once. `reply_hint` has the app of whoever is mentioned in the text, or wrote
    what it answers, open a reply to it by itself: the hint stands in the field in which they write, and there are no
    `rows`. `edit` replaces an earlier message of ours, and sends a new
    one where that is gone. `drop_keyboard` takes away what an earlier `ask_for` put up; it goes on a
    message without `rows`.
    """

    text: str = ""
    rows: tuple[tuple[Choice, ...], ...] = ()
    ask_for: Request | None = None
    ask_label: str = ""
    drop_keyboard: bool = False
    reply_hint: str = Field(default="", max_length=64)
    files: tuple[OutgoingFile, ...] = ()  # `text` is the caption of the first
    place: Place | None = None  # a map pin
    place_title: str = ""
    place_address: str = ""
    edit: StoredMessageId | None = None
    delete: StoredMessageId | None = None  # take a message away; `text` is put in its place where that is too late
    held: str = ""  # of which kind one is that is taken away: see `storage.outbox.held_by`
    remains: str = ""  # of one that is deleted later: what is put in its place where that is too late
    reply_to: StoredMessageId | None = None
    react: str = ""  # an emoji under the message it replies to, in place of words
    topic: StoredForumTopicId | None = None
    reader: Reader | None = None  # None: everybody in the chat
    silent: bool = False
    paid: bool = False  # where the channel takes money for going beyond its free rate: go beyond it


class TapAnswer(Message):
    """The short word that ends a tap's spinner. `alert` makes it a box to be dismissed."""

    tap: str
    text: str = Field(default="", max_length=200)
    alert: bool = False
