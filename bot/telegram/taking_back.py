"""Taking a message back: deleted, or, once it is older than Telegram lets a bot delete, emptied as far as it goes.

https://core.telegram.org/bots/api#deletemessage allows 48 hours, also to administrators. An edit of one's own message
has no such limit. So words and files give way to others; voice notes and places stay, and only people can delete them.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final

from telegram import InputFile, InputMediaDocument, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.api import Api
from bot.telegram.errors import NO_MEDIA, NO_TEXT, NOT_MODIFIED, NOTHING_TO_EDIT, says

_HTML: Final = ParseMode.HTML
_SIDE: Final = 160  # of the picture, in pixels
_GREY: Final = b"\xd0"


async def empty(api: Api, chat: int | str, message: int, text: str, held: str) -> bool:
    """Put `text` in the place of what one of the bot's messages holds (`storage.outbox.held_by`).

    False where something of it is left. Raises `telegram.error.TelegramError`.
    """
    if held in {"voice", "place"}:
        await _drop_caption(api, chat, message)
        return False
    try:
        if held in {"photo", "document"}:
            await _replace_file(api, chat, message, text, held)
        else:
            await api.call(
                "editMessageText", {"chat_id": chat, "message_id": message, "text": text, "parse_mode": str(_HTML)}
            )
    except BadRequest as error:
        if not says(error, NOT_MODIFIED, NO_TEXT, NO_MEDIA, *NOTHING_TO_EDIT):
            raise
        return says(error, NOT_MODIFIED)
    return True


async def _replace_file(api: Api, chat: int | str, message: int, text: str, held: str) -> None:
    """A grey picture comes in the place of a photo or a video, an empty document in that of a document."""
    if held == "photo":
        picture = InputFile(grey_picture(), filename="erased.png", attach=True)
        media: InputMediaPhoto | InputMediaDocument = InputMediaPhoto(picture, caption=text, parse_mode=_HTML)
    else:
        note = InputFile(b"-\n", filename="erased.txt", attach=True)
        media = InputMediaDocument(note, caption=text, parse_mode=_HTML)
    await api.edit_message_media(media, chat_id=chat, message_id=message)


async def _drop_caption(api: Api, chat: int | str, message: int) -> None:
    """A voice note stays, but not what was written under it."""
    try:
        await api.call("editMessageCaption", {"chat_id": chat, "message_id": message, "caption": ""})
    except BadRequest as error:
        if not says(error, NOT_MODIFIED, *NOTHING_TO_EDIT):
            raise


@lru_cache(maxsize=1)
def grey_picture() -> bytes:
    """A PNG of one grey, which shows nothing."""
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    rows = (b"\0" + _GREY * _SIDE) * _SIDE
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
