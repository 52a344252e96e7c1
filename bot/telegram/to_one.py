"""Messages that one member of a group sees: what Telegram calls ephemeral.

https://core.telegram.org/bots/api#ephemeralmessageparameters. Whether somebody who is away ever gets one is not
promised, and neither is that an edit or a deletion reaches them. So nothing is owed where Telegram knows no such one.
"""

from __future__ import annotations

from typing import Final

from telegram.error import BadRequest

from bot.channel import Delivered
from bot.telegram import ids
from bot.telegram.api import Api
from bot.telegram.errors import NOT_MODIFIED, says
from conversations.engine.messages import Outgoing, Reader

_GONE: Final = ("message to delete not found", "message to edit not found", "message_id_invalid", "message not found")


def asked(reader: Reader) -> dict[str, object]:
    """What a call is asked, so that one person alone is shown what it sends."""
    whom: dict[str, object] = {"receiver_user_id": ids.person_number(reader.address)}
    if reader.tap:
        whom["callback_query_id"] = reader.tap
    return {"ephemeral_message_parameters": whom}


async def delete(api: Api, chat: int | str, person: int, number: int) -> Delivered:
    """Raises `telegram.error.TelegramError`."""
    named: dict[str, object] = {"chat_id": chat, "receiver_user_id": person, "ephemeral_message_id": number}
    try:
        await api.call("deleteEphemeralMessage", named)
    except BadRequest as error:
        if not says(error, *_GONE):
            raise
    return Delivered()


async def edit(api: Api, chat: int | str, person: int, number: int, message: Outgoing) -> Delivered:
    """Change its text. Raises `telegram.error.TelegramError`."""
    named = {"chat_id": chat, "receiver_user_id": person, "ephemeral_message_id": number}
    try:
        await api.call("editEphemeralMessageText", {**named, "text": message.text, "parse_mode": "HTML"})
    except BadRequest as error:
        if not says(error, NOT_MODIFIED, *_GONE):
            raise
    return Delivered((ids.to_one(person, number),))
