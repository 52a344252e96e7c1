"""Telegram as one of the bot's channels: our messages to its calls, its errors to our outcomes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, InputMediaVideo, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channel import (
    Barred,
    Capabilities,
    Delivered,
    Failed,
    Gone,
    Identity,
    Limits,
    Newer,
    Outcome,
    Refused,
    TooLarge,
    Unreachable,
)
from bot.telegram import ids, newer, to_one
from bot.telegram.api import Api
from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.errors import (
    FILE_GONE,
    FILE_TOO_BIG,
    MAY_NOT_DELETE,
    NO_TEXT,
    NO_TOPIC,
    NOT_MODIFIED,
    NOTHING_TO_DELETE,
    NOTHING_TO_EDIT,
    NOTHING_TO_REACT_TO,
    TAP_TOO_OLD,
    TEMPORARILY,
    VOICE_FORBIDDEN,
    outcome,
    says,
    says_so,
)
from bot.telegram.keyboards import buttons, under
from bot.telegram.links import TelegramLinks
from bot.telegram.profile import CommandMenu, Profile, publish
from bot.telegram.request import INVALID
from bot.telegram.split import edits, split
from bot.telegram.taking_back import empty
from conversations.engine.messages import FileKind, Outgoing, OutgoingFile, TapAnswer
from storage.ids import ChatId, MessageId

ANSWER_TAP: Final = "answerCallbackQuery"

OpenFile = Callable[[str], Awaitable[bytes]]
"""The content of a stored file by its SHA-256 in hex. Raises OSError where it is not there."""

_HTML: Final = ParseMode.HTML
_AS_TEXT: Final = {"parse_mode": str(_HTML), "link_preview_options": {"is_disabled": True}}

Around = dict[str, object]
"""What a call takes besides its content, as JSON; python-telegram-bot's methods take it as their `api_kwargs`."""


class TelegramChannel:
    """Implements `bot.channel.Channel`. `api` is open for as long as the channel is used.

    `send` makes one call, so a message that needs several is `split` first, and each part is
    delivered, and retried, for itself.
    """

    name = "telegram"

    def __init__(
        self,
        api: Api,
        open_file: OpenFile,
        limits: Limits = CAPABILITIES.limits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._open_file = open_file
        self._refusals = newer.Refusals(monotonic)
        self._capabilities = replace(CAPABILITIES, limits=limits)
        self._never = frozenset(Newer) - CAPABILITIES.newer

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @staticmethod
    def is_group(chat: ChatId) -> bool:
        return ids.is_group(chat)

    @staticmethod
    def split(message: Outgoing) -> tuple[Outgoing, ...]:
        """The parts to send one by one, in order. Most messages are their own only part."""
        return split(message)

    async def describe(self) -> Identity:
        """Who the bot is. Raises PermissionError for a wrong token, OSError where Telegram cannot be reached."""
        try:
            user = await self._api.call("getMe", {})
        except InvalidToken:
            refused = "Telegram refuses the bot's token."
        except TelegramError as error:
            raise OSError(self._api.describe(error)) from None
        else:
            return _identity(user)
        raise PermissionError(refused)

    async def publish(self, menus: Iterable[CommandMenu], profiles: Iterable[Profile] = ()) -> Outcome:
        """Set the menus of commands and the descriptions; the outcome of the first that failed, if one did."""
        try:
            await publish(self._api, menus, profiles)
        except TelegramError as error:
            return self._outcome(error)
        return Delivered()

    async def send(self, chat: ChatId, message: Outgoing) -> Outcome:
        """Send or edit one message that needs one call; see `split`.

        A deleted forum topic is answered in the group itself, and an edit of a message that is gone
        by a new one: what was to be said is more than where. Newer means that are refused are left out.
        """
        if len(split(message)) > 1:
            return Refused("the message needs several calls and was not split")
        left_out = self._refusals.of(chat) | self._never
        if not self.is_group(chat) or edits(message) or message.files or message.place is not None:
            left_out |= {
                Newer.READERS
            }  # in a private chat there is but one; in a group it is words that one alone sees
        return await self._send_without(chat, message, left_out)

    async def _send_without(self, chat: ChatId, message: Outgoing, left_out: frozenset[Newer]) -> Outcome:
        said = newer.without(message, left_out)
        if said is None:
            return Delivered()
        uses = newer.used(said)
        outcome = await self._send_once(chat, newer.in_telegrams_words(said))
        if isinstance(outcome, Delivered) and said.reader is not None:
            return await self._shown_to_one(chat, said, outcome)
        refusal = _refusal(outcome, said)
        if refusal is None or not uses:
            return outcome
        if said.reader is not None and said.reader.tap and says_so(refusal, *TAP_TOO_OLD):
            reader = said.reader.model_copy(update={"tap": ""})  # who administers the group needs none
            return await self._send_without(chat, said.model_copy(update={"reader": reader}), left_out)
        blamed = newer.blamed(refusal, uses)
        fallen_back = await self._send_without(chat, said, left_out | blamed)
        if isinstance(fallen_back, Delivered):
            for one in blamed:
                self._remember(one, chat, said)
        return fallen_back

    def _remember(self, refused: Newer, chat: ChatId, said: Outgoing) -> None:
        if refused is not Newer.READERS:
            self._refusals.note(refused, newer.EVERYWHERE)
        elif said.reader is not None and said.reader.tap:  # without a tap it is another question
            self._refusals.note(refused, chat)

    async def _shown_to_one(self, chat: ChatId, said: Outgoing, sent: Delivered) -> Outcome:
        """An older server does not know whom a message is for, and has shown it to all."""
        if all(ids.sent_to_one(message) for message in sent.messages):
            return sent
        self._refusals.note(Newer.READERS, newer.EVERYWHERE)
        if said.reader is None or said.reader.else_all:
            return sent
        for message in sent.messages:
            await self._send_once(chat, Outgoing(delete=message))
        return Delivered()

    async def _send_once(self, chat: ChatId, message: Outgoing) -> Outcome:
        try:
            return await self._deliver(chat, message)
        except TelegramError as error:
            return self._outcome(error)
        except ids.NotTelegrams as error:
            return Refused(str(error))
        except FileNotFoundError:
            return Refused("a stored file is gone")
        except OSError as error:
            return Failed(f"a stored file cannot be read: {type(error).__name__}")
        except (KeyError, TypeError, AttributeError) as error:
            # "200 OK" with something else in it: a proxy's page, half an answer. Whether it was sent is not known.
            return Failed(f"{INVALID}: {type(error).__name__}")

    async def answer(self, answer: TapAnswer) -> Outcome:
        """End a tap's spinner."""
        try:
            await self._api.call(ANSWER_TAP, tap_answer(answer))
        except BadRequest as error:
            return Delivered() if says(error, *TAP_TOO_OLD) else self._outcome(error)
        except TelegramError as error:
            return self._outcome(error)
        return Delivered()

    async def fetch(self, remote_id: str, limit: int) -> bytes:
        """The content of a file a person sent. Raises TooLarge, Gone or OSError; see `bot.channel.Channel`."""
        try:
            file = await self._api.get_file(remote_id)
            if file.file_size is not None and file.file_size > limit:
                raise TooLarge(f"The file has {file.file_size} bytes; the limit is {limit}.")
            if not file.file_path:
                raise Gone("Telegram offers no way to fetch the file.")
            return await self._api.download(file.file_path, limit)
        except BadRequest as error:
            raise self._fetching_failed(error) from None
        except TelegramError as error:
            raise OSError(self._api.describe(error)) from None

    def _fetching_failed(self, error: BadRequest) -> Exception:
        if says(error, FILE_TOO_BIG):  # over 20 MB, Telegram's own limit for bots
            return TooLarge("The file is over Telegram's limit for bots.")
        # "wrong file_id or the file is temporarily unavailable" is one message for both.
        if says(error, *FILE_GONE) and not says(error, TEMPORARILY):
            return Gone("Telegram no longer holds the file.")
        return OSError(self._api.describe(error))

    # ------------------------------------------------------------------------ one call

    async def _deliver(self, chat: ChatId, message: Outgoing) -> Outcome:
        try:
            if message.delete is not None:
                return await self._delete(chat, message.delete, message.text, message.held)
            if message.react and message.reply_to is not None:
                return await self._react(chat, message.reply_to, message.react)
            if edits(message):
                return await self._edit(chat, message)
            return await self._send_new(chat, message)
        except BadRequest as error:
            if message.topic is None or not says(error, *NO_TOPIC):
                raise
        return await self._send_new(chat, message.model_copy(update={"topic": None}))

    async def _delete(self, chat: ChatId, message: MessageId, instead: str, held: str) -> Outcome:
        """Delete a message; where Telegram no longer lets us, put `instead` in its place."""
        if (mine := ids.sent_to_one(message)) is not None:
            return await to_one.delete(self._api, ids.chat_number(chat), *mine)
        where, number = ids.chat_number(chat), ids.message_number(message)
        try:
            await self._api.call("deleteMessage", {"chat_id": where, "message_id": number})
        except BadRequest as error:
            if not says(error, *NOTHING_TO_DELETE):
                raise
            if says(error, MAY_NOT_DELETE) and not (instead and await empty(self._api, where, number, instead, held)):
                return Delivered(undone="the message can't be deleted")
        return Delivered()

    async def _react(self, chat: ChatId, message: MessageId, emoji: str) -> Outcome:
        """Put an emoji under a message. Where the chat has no reactions, or the message is gone, nothing is owed."""
        reaction = [{"type": "emoji", "emoji": emoji}]
        where, number = ids.chat_number(chat), ids.message_number(message)
        try:
            await self._api.call("setMessageReaction", {"chat_id": where, "message_id": number, "reaction": reaction})
        except BadRequest as error:
            if not says(error, *NOTHING_TO_REACT_TO):
                raise
        return Delivered()

    async def _edit(self, chat: ChatId, message: Outgoing) -> Outcome:
        edited = message.edit
        assert edited is not None  # noqa: S101 - `edits` looked
        if (mine := ids.sent_to_one(edited)) is not None:
            return await to_one.edit(self._api, ids.chat_number(chat), *mine, message)
        try:
            await self._edit_call(chat, edited, message)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED):
                if not says(error, NO_TEXT, *NOTHING_TO_EDIT):
                    raise
                if not message.text:
                    return Delivered()  # its buttons are gone with it
                return await self._send_new(chat, message.model_copy(update={"edit": None}))
        return Delivered((edited,))

    async def _edit_call(self, chat: ChatId, edited: MessageId, message: Outgoing) -> None:
        what: dict[str, object] = {"chat_id": ids.chat_number(chat), "message_id": ids.message_number(edited)}
        if message.rows:
            what["reply_markup"] = buttons(message.rows)
        if message.files:
            await self._edit_picture(chat, edited, message)
            return
        if not message.text:
            await self._api.call("editMessageReplyMarkup", what)
            return
        try:
            await self._api.call("editMessageText", {**what, "text": message.text, **_AS_TEXT})
        except BadRequest as error:
            if not says(error, NO_TEXT):
                raise
            await self._api.call("editMessageCaption", {**what, "caption": message.text, "parse_mode": str(_HTML)})

    async def _edit_picture(self, chat: ChatId, edited: MessageId, message: Outgoing) -> None:
        """Put another picture, with the words and the buttons under it, in the place of an earlier one."""
        (picture,) = message.files
        file = await self._upload(picture, in_album=True)
        await self._api.edit_message_media(
            _in_album(picture.kind, file, message.text or None),
            ids.chat_number(chat),
            ids.message_number(edited),
            api_kwargs={"reply_markup": buttons(message.rows)} if message.rows else None,
        )

    async def _send_new(self, chat: ChatId, message: Outgoing) -> Outcome:
        if message.files:
            return await self._send_files(chat, message)
        around = _with_under(message)
        if message.place is not None:
            return await self._send_place(chat, message, around)
        if not message.text:
            return Refused("the message is empty")
        said = {"chat_id": ids.chat_number(chat), "text": message.text, **_AS_TEXT, **around}
        if message.reader is not None:
            said |= to_one.asked(message.reader)
        sent = await self._api.call("sendMessage", said)
        return Delivered((_id_of(sent, message),))

    async def _send_place(self, chat: ChatId, message: Outgoing, around: Around) -> Outcome:
        place = message.place
        assert place is not None  # noqa: S101 - the caller looked
        if message.place_title and message.place_address:
            sent = await self._api.send_venue(
                ids.chat_number(chat),
                place.latitude,
                place.longitude,
                title=message.place_title,
                address=message.place_address,
                api_kwargs=around,
            )
        else:
            sent = await self._api.send_location(
                ids.chat_number(chat), place.latitude, place.longitude, api_kwargs=around
            )
        return Delivered((_known(sent.message_id),))

    async def _send_files(self, chat: ChatId, message: Outgoing) -> Outcome:
        files = [(file.kind, await self._upload(file, in_album=len(message.files) > 1)) for file in message.files]
        if len(files) > 1:
            return await self._send_album(chat, message, files)
        ((kind, file),) = files
        to, caption, around = ids.chat_number(chat), message.text or None, _with_under(message)
        match kind:
            case FileKind.PHOTO:
                sent = await self._api.send_photo(to, file, caption=caption, parse_mode=_HTML, api_kwargs=around)
            case FileKind.VIDEO:
                sent = await self._api.send_video(to, file, caption=caption, parse_mode=_HTML, api_kwargs=around)
            case FileKind.VOICE:
                sent = await self._send_voice(to, file, caption, around)
            case FileKind.DOCUMENT:
                sent = await self._api.send_document(to, file, caption=caption, parse_mode=_HTML, api_kwargs=around)
        return Delivered((_known(sent.message_id),))

    async def _send_voice(self, to: int | str, file: InputFile, caption: str | None, around: Around) -> Message:
        """To somebody who takes no voice notes as a document, which they can play as well."""
        try:
            return await self._api.send_voice(to, file, caption=caption, parse_mode=_HTML, api_kwargs=around)
        except BadRequest as error:
            if not says(error, VOICE_FORBIDDEN):
                raise
        return await self._api.send_document(to, file, caption=caption, parse_mode=_HTML, api_kwargs=around)

    async def _send_album(
        self, chat: ChatId, message: Outgoing, files: Sequence[tuple[FileKind, InputFile]]
    ) -> Outcome:
        captions = [message.text or None, *[None] * (len(files) - 1)]
        sent = await self._api.send_media_group(
            ids.chat_number(chat),
            [_in_album(kind, file, caption) for (kind, file), caption in zip(files, captions, strict=True)],
            api_kwargs=_around(message),
        )
        return Delivered(tuple(_known(one.message_id) for one in sent))

    async def _upload(self, file: OutgoingFile, *, in_album: bool) -> InputFile:
        content = file.content if file.content is not None else await self._open_file(file.sha256)
        return InputFile(content, filename=file.name, attach=in_album)

    def _outcome(self, error: TelegramError) -> Outcome:
        return outcome(error, self._api.describe(error))


def _identity(user: object) -> Identity:
    """Who `getMe` says we are; it may leave out what is not asked for here. Raises OSError where it says nothing."""
    found = user if isinstance(user, dict) else {}
    if type(found.get("id")) is not int:
        raise OSError(INVALID)
    username, name = str(found.get("username") or ""), str(found.get("first_name") or "")
    return Identity(str(found["id"]), username, name, TelegramLinks(username))


def _refusal(outcome: Outcome, said: Outgoing) -> str | None:
    """Telegram's words where it refused the message as it is; of one for one person, also where the bot may not."""
    match outcome:
        case Refused(error):
            return error
        case Barred(reason) | Unreachable(reason) if said.reader is not None:
            return reason
        case _:
            return None


def _id_of(sent: object, message: Outgoing) -> MessageId:
    number = sent.get("ephemeral_message_id") if isinstance(sent, dict) else None
    if message.reader is not None and type(number) is int and number > 0:
        return ids.to_one(ids.person_number(message.reader.address), number)
    return _known(sent.get("message_id") if isinstance(sent, dict) else None)


def _known(number: object) -> MessageId:
    """The id of what was sent, by which it is edited and replied to. Raises TelegramError where it is none."""
    if type(number) is not int or not 0 < number < 1 << 63:
        raise TelegramError(INVALID)
    return ids.message_id(number)


def tap_answer(answer: TapAnswer) -> dict[str, object]:
    """What `answerCallbackQuery` is asked."""
    asked: dict[str, object] = {"callback_query_id": answer.tap}
    if answer.text:
        asked["text"] = answer.text
    if answer.alert:
        asked["show_alert"] = True
    return asked


def _around(message: Outgoing) -> Around:
    around: Around = {}
    if message.silent:
        around["disable_notification"] = True
    if message.paid:
        around["allow_paid_broadcast"] = True
    if message.topic is not None:
        around["message_thread_id"] = ids.topic_number(message.topic)
    if message.reply_to is not None and ids.sent_to_one(message.reply_to) is None:
        around["reply_parameters"] = {
            "message_id": ids.message_number(message.reply_to),
            "allow_sending_without_reply": True,
        }
    return around


def _with_under(message: Outgoing) -> Around:
    around = _around(message)
    if (keyboard := under(message)) is not None:
        around["reply_markup"] = keyboard
    return around


def _in_album(
    kind: FileKind, file: InputFile, caption: str | None
) -> InputMediaPhoto | InputMediaVideo | InputMediaDocument:
    match kind:
        case FileKind.PHOTO:
            return InputMediaPhoto(file, caption=caption, parse_mode=_HTML)
        case FileKind.VIDEO:
            return InputMediaVideo(file, caption=caption, parse_mode=_HTML)
        case _:
            return InputMediaDocument(file, caption=caption, parse_mode=_HTML)
