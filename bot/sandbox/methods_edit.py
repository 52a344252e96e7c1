"""Bot API methods that change what was sent: edits, deletions, taps, pins, reactions."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox import to_one
from bot.sandbox.events import Changed, Pinned, Reacted, Removed, TapAnswered
from bot.sandbox.exchange import Exchange
from bot.sandbox.markup import read_inline
from bot.sandbox.methods_send import album_item
from bot.sandbox.params import Params
from bot.sandbox.wire import Wire, bad_request
from bot.sandbox.world import BotStatus, Chat, Stored

_MEDIA = ("photo", "document", "video", "voice", "audio", "animation")
_REPLACEABLE = ("animation", "audio", "document", "photo", "video")
_COMPARED = ("text", "entities", "caption", "caption_entities", "reply_markup", *_MEDIA)
_DELETABLE_FOR = timedelta(hours=48)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(exchange: Exchange, params: Params) -> Wire:
    text = exchange.text(params)
    chat, stored = _editable(exchange, params)
    if "text" not in stored.wire:
        raise bad_request("there is no text in the message to edit")
    return _edit(exchange, chat, stored, params, text.wire(), dropped=("text", "entities"))


async def edit_message_caption(exchange: Exchange, params: Params) -> Wire:
    caption = exchange.caption(params)
    chat, stored = _editable(exchange, params)
    if not any(kind in stored.wire for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    content = caption.wire("caption") if caption.text else {}
    return _edit(exchange, chat, stored, params, content, dropped=("caption", "caption_entities"))


async def edit_message_media(exchange: Exchange, params: Params) -> Wire:
    chat, stored = _editable(exchange, params)
    media = params.json("media")
    _check_replaceable(stored, str(media.get("type")) if isinstance(media, dict) else "")
    content = await album_item(exchange, params, media)
    dropped = ("text", "entities", "caption", "caption_entities", *_MEDIA)
    return _edit(exchange, chat, stored, params, content, dropped=dropped)


def _check_replaceable(stored: Stored, wanted: str) -> None:
    """Whether a file may come in the place of what the message holds; a voice note and a place stay what they are."""
    held = next((kind for kind in (*_REPLACEABLE, "text") if kind in stored.wire), None)
    if held is None:
        raise bad_request("there is no media in the message to edit")
    if "media_group_id" in stored.wire and held != wanted and not {held, wanted} <= {"photo", "video"}:
        raise bad_request("can't change media type in the album")


async def edit_message_reply_markup(exchange: Exchange, params: Params) -> Wire:
    chat, stored = _editable(exchange, params)
    return _edit(exchange, chat, stored, params, {}, dropped=())


def _editable(exchange: Exchange, params: Params) -> tuple[Chat, Stored]:
    if params.has("inline_message_id") and not params.has("chat_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = exchange.reachable(params)
    if not params.has("message_id"):
        raise bad_request("message identifier is not specified")
    stored = chat.messages.get(params.integer("message_id"))
    if stored is None or stored.receiver:
        raise bad_request("message to edit not found")
    if not stored.by_bot or not stored.editable or "forward_origin" in stored.wire:
        raise bad_request("message can't be edited")
    return chat, stored


def _edit(
    exchange: Exchange, chat: Chat, stored: Stored, params: Params, content: Wire, *, dropped: tuple[str, ...]
) -> Wire:
    inline = read_inline(params.values.get("reply_markup"), private=chat.id > 0)
    unwanted = {*dropped, "reply_markup", "edit_date"}
    edited: Wire = {key: value for key, value in stored.wire.items() if key not in unwanted}
    edited |= content
    if inline:
        edited["reply_markup"] = inline
    if all(edited.get(key) == stored.wire.get(key) for key in _COMPARED):
        raise bad_request(_NOT_MODIFIED)
    if chat.id < 0:
        exchange.admit(chat)
    edited["edit_date"] = exchange.now()
    exchange.world.commit(Changed(chat.id, edited))
    return edited


async def delete_message(exchange: Exchange, params: Params) -> bool:
    chat = exchange.reachable(params)
    stored = chat.messages.get(params.integer("message_id"))
    if stored is None or stored.receiver:
        raise bad_request("message to delete not found")
    _check_deletable(exchange, chat, stored)
    exchange.world.commit(Removed(chat.id, [stored.wire["message_id"]]))
    return True


async def edit_ephemeral_message_text(exchange: Exchange, params: Params) -> bool:
    text, chat = exchange.text(params), exchange.reachable(params)
    stored = to_one.find(chat, params)
    if stored is None:
        raise bad_request("message to edit not found")
    edited = {key: value for key, value in stored.wire.items() if key not in ("text", "entities", "reply_markup")}
    exchange.world.commit(Changed(chat.id, edited | text.wire() | {"edit_date": exchange.now()}))
    return True


async def delete_ephemeral_message(exchange: Exchange, params: Params) -> bool:
    chat = exchange.reachable(params)
    stored = to_one.find(chat, params)
    if stored is None:
        raise bad_request("message to delete not found")
    exchange.world.commit(Removed(chat.id, [stored.wire["message_id"]]))
    return True


async def delete_messages(exchange: Exchange, params: Params) -> bool:
    chat = exchange.reachable(params)
    wanted = params.json("message_ids")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > 100:
        raise bad_request("too many message identifiers specified")
    found = [stored for one in wanted if (stored := chat.messages.get(int(one)))]
    for stored in found:
        _check_deletable(exchange, chat, stored)
    exchange.world.commit(Removed(chat.id, [stored.wire["message_id"] for stored in found]))
    return True


def _check_deletable(exchange: Exchange, chat: Chat, stored: Stored) -> None:
    group = exchange.world.groups.get(chat.id)
    if group is not None and not stored.by_bot and group.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("message can't be deleted")
    if exchange.now() - int(stored.wire["date"]) > _DELETABLE_FOR.total_seconds():  # also for an administrator
        raise bad_request("message can't be deleted for everyone")


async def answer_callback_query(exchange: Exchange, params: Params) -> bool:
    tap = exchange.world.taps.get(params.text("callback_query_id"))
    if tap is None or exchange.clock() - tap.at > exchange.limits.callback_lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if not tap.answered:  # a second answer is taken and shows nothing
        answer = TapAnswered(tap.id, tap.person, tap.chat, text, params.flag("show_alert"), params.text("url"))
        exchange.world.commit(answer)
    return True


async def set_message_reaction(exchange: Exchange, params: Params) -> bool:
    chat = exchange.reachable(params)
    stored = chat.messages.get(params.integer("message_id"))
    if stored is None:
        raise bad_request("message to react not found")
    reactions = params.json("reaction") or []
    if not isinstance(reactions, list) or not all(isinstance(one, dict) and one.get("type") for one in reactions):
        raise bad_request("can't parse reaction types JSON object")
    emoji = [str(one.get("emoji", "")) for one in reactions]
    exchange.world.commit(Reacted(chat.id, stored.wire["message_id"], emoji))
    return True


async def pin_chat_message(exchange: Exchange, params: Params) -> bool:
    chat = _pinnable(exchange, params)
    stored = chat.messages.get(params.integer("message_id"))
    if stored is None:
        raise bad_request("message to pin not found")
    message_id = stored.wire["message_id"]
    exchange.world.commit(Pinned(chat.id, [*(one for one in chat.pinned if one != message_id), message_id]))
    return True


async def unpin_chat_message(exchange: Exchange, params: Params) -> bool:
    chat = _pinnable(exchange, params)
    wanted = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    exchange.world.commit(Pinned(chat.id, [one for one in chat.pinned if one != wanted]))
    return True


async def unpin_all_chat_messages(exchange: Exchange, params: Params) -> bool:
    exchange.world.commit(Pinned(_pinnable(exchange, params).id, []))
    return True


def _pinnable(exchange: Exchange, params: Params) -> Chat:
    chat = exchange.reachable(params)
    group = exchange.world.groups.get(chat.id)
    if group is not None and group.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
