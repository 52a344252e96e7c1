"""Ephemeral messages: one member of a group sees them, and Telegram numbers them for each member.

https://core.telegram.org/bots/api#ephemeralmessageparameters. A bot that does not administer the group may answer a tap
so, for 15 seconds. The sandbox reaches everybody; Telegram does not promise that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.sandbox.params import Params
from bot.sandbox.wire import Wire, bad_request
from bot.sandbox.world import Account, BotStatus, Chat, Stored, World

_ANSWERS_FOR = timedelta(seconds=15)


def receiver(world: World, now: datetime, chat: Chat, params: Params) -> Account | None:
    """Who alone is to see a new message; None for all. Raises ApiError as Telegram would."""
    if not params.has("ephemeral_message_parameters"):
        return None
    asked = params.json("ephemeral_message_parameters")
    if not isinstance(asked, dict) or type(asked.get("receiver_user_id")) is not int:
        raise bad_request("can't parse ephemeral message parameters: receiver_user_id must be an Integer")
    group = world.groups.get(chat.id)
    if group is None:
        raise bad_request("BOT_NOT_ADMIN")
    person = world.people.get(asked["receiver_user_id"])
    if person is None or person.id not in group.members:
        raise bad_request("USER_NOT_PARTICIPANT")
    query = asked.get("callback_query_id")
    if query:
        tap = world.taps.get(str(query))
        if tap is None or (tap.person, tap.chat) != (person.id, chat.id) or now - tap.at > _ANSWERS_FOR:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
    elif group.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("BOT_NOT_ADMIN")
    return person


def fields(chat: Chat, person: Account) -> Wire:
    """What an ephemeral message says of itself."""
    numbers = [one.wire["ephemeral_message_id"] for one in chat.messages.values() if one.receiver == person.id]
    return {"receiver_user": person.wire(), "ephemeral_message_id": max(numbers, default=0) + 1}


def told(message: Wire) -> Wire:
    """The message as the bot hears of it: it has no number in the chat's own history."""
    return {**message, "message_id": 0}


def find(chat: Chat, params: Params) -> Stored | None:
    """The message that a call names by its receiver and its number."""
    whom, number = params.integer("receiver_user_id"), params.integer("ephemeral_message_id")
    return next(
        (
            stored
            for stored in chat.messages.values()
            if stored.receiver == whom != 0 and stored.wire["ephemeral_message_id"] == number
        ),
        None,
    )
