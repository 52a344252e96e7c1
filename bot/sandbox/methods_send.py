"""Bot API methods that send."""

from __future__ import annotations

from bot.sandbox.entities import RichText
from bot.sandbox.events import Acting
from bot.sandbox.exchange import Exchange, Placement, new_album
from bot.sandbox.files import Upload, file_wire, is_voice
from bot.sandbox.params import Params
from bot.sandbox.wire import ApiError, Wire, bad_request
from bot.sandbox.world import Stored

_CALLED = {"photo": "photos", "video": "videos", "document": "documents", "voice": "voice notes", "audio": "music"}
_ALBUM_KINDS = {"photo", "video", "document", "audio"}
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(exchange: Exchange, params: Params) -> Wire:
    text = exchange.text(params)
    placement = exchange.placement(params)
    exchange.permit(placement.chat, "text messages")
    exchange.admit(placement.chat, paid=placement.paid)
    return exchange.post(placement, text.wire())


async def send_photo(exchange: Exchange, params: Params) -> Wire:
    return await _send_media(exchange, params, "photo")


async def send_document(exchange: Exchange, params: Params) -> Wire:
    return await _send_media(exchange, params, "document")


async def send_voice(exchange: Exchange, params: Params) -> Wire:
    return await _send_media(exchange, params, "voice")


async def send_video(exchange: Exchange, params: Params) -> Wire:
    return await _send_media(exchange, params, "video")


async def _send_media(exchange: Exchange, params: Params, kind: str) -> Wire:
    caption = exchange.caption(params)
    placement = exchange.placement(params)
    exchange.permit(placement.chat, _CALLED[kind])
    media = await media_content(exchange, kind, params.upload(kind))
    exchange.admit(placement.chat, paid=placement.paid)
    return exchange.post(placement, media | _captioned(caption))


async def media_content(exchange: Exchange, kind: str, given: Upload | str | None) -> Wire:
    """The part of a message that holds a file: new bytes, or a file already known by its id."""
    if given is None:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(given, str):
        return _known(exchange, kind, given)
    if not given.content:
        raise bad_request("file must be non-empty")
    limit = exchange.limits.photo_bytes if kind == "photo" else exchange.limits.upload_bytes
    if len(given.content) > exchange.limits.upload_bytes:
        raise ApiError(413, "Request Entity Too Large")
    if len(given.content) > limit:
        raise bad_request("file is too big")
    if kind == "photo":
        return {"photo": await exchange.files.keep_photo(given)}
    if kind == "voice" and not is_voice(given.content):
        # Telegram would show it as music or as a document; a bot that means that says so.
        raise bad_request("wrong type of the voice note: expected OGG with OPUS, MP3 or M4A")
    extra: Wire = {"voice": {"duration": 1}, "video": {"duration": 1, "width": 320, "height": 240}}.get(kind, {})
    return {kind: file_wire(exchange.files.keep(kind, given, extra))}


def _known(exchange: Exchange, kind: str, given: str) -> Wire:
    record = exchange.world.files.get(given)
    if record is None:
        if given.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong file identifier/HTTP URL specified")
    if record.kind != kind:
        raise bad_request(f"can't use file of type {record.kind.capitalize()} as {kind.capitalize()}")
    if kind != "photo":
        return {kind: file_wire(record)}
    size = file_wire(record)
    return {"photo": [{**size, "width": 800, "height": 600}]}


def _captioned(caption: RichText) -> Wire:
    return caption.wire("caption") if caption.text else {}


async def send_media_group(exchange: Exchange, params: Params) -> list[Wire]:
    items = params.json("media")
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    if not 2 <= len(items) <= 10:
        raise bad_request("group send failed: an album holds 2-10 items")
    _check_mix(items)
    placement = exchange.placement(params)
    for kind in _kinds(items):
        exchange.permit(placement.chat, _CALLED.get(kind, ""))
    contents = [await album_item(exchange, params, item) for item in items]
    exchange.admit(placement.chat, len(contents), paid=placement.paid)
    album = new_album(exchange.world, placement.chat)
    return [exchange.post(placement, content | {"media_group_id": album}) for content in contents]


def _kinds(items: list[object]) -> list[str]:
    return [str(item.get("type")) for item in items if isinstance(item, dict)]


def _check_mix(items: list[object]) -> None:
    """Photos and videos go together; documents and music only with their like."""
    kinds = set(_kinds(items))
    alone = next((kind for kind in ("document", "audio") if kind in kinds), None)
    if alone is not None and len(kinds) > 1:
        raise bad_request(f"{alone} can't be mixed with other media types")


async def album_item(exchange: Exchange, params: Params, item: object) -> Wire:
    """One `InputMedia` as the content of a message."""
    if not isinstance(item, dict) or item.get("type") not in _ALBUM_KINDS:
        raise bad_request("can't use the media of the specified type in the album")
    kind = str(item["type"])
    media = await media_content(exchange, kind, params.attached(item.get("media")))
    return media | _captioned(exchange.caption(Params(item)))


async def send_location(exchange: Exchange, params: Params) -> Wire:
    location = _location(params)
    placement = exchange.placement(params)
    exchange.permit(placement.chat, "locations")
    exchange.admit(placement.chat, paid=placement.paid)
    return exchange.post(placement, {"location": location})


async def send_venue(exchange: Exchange, params: Params) -> Wire:
    title, address = params.text("title"), params.text("address")
    if not title or not address:
        raise bad_request("VENUE_TITLE_EMPTY" if not title else "VENUE_ADDRESS_EMPTY")
    location = _location(params)
    placement = exchange.placement(params)
    exchange.permit(placement.chat, "locations")
    exchange.admit(placement.chat, paid=placement.paid)
    venue: Wire = {"location": location, "title": title, "address": address}
    return exchange.post(placement, {"location": location, "venue": venue})


def _location(params: Params) -> Wire:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


async def send_contact(exchange: Exchange, params: Params) -> Wire:
    phone, first_name = params.text("phone_number"), params.text("first_name")
    if not phone:
        raise bad_request("phone number is empty")
    placement = exchange.placement(params)
    exchange.permit(placement.chat, "contacts")
    exchange.admit(placement.chat, paid=placement.paid)
    contact: Wire = {"phone_number": phone, "first_name": first_name}
    if last_name := params.text("last_name"):
        contact["last_name"] = last_name
    return exchange.post(placement, {"contact": contact})


async def send_chat_action(exchange: Exchange, params: Params) -> bool:
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    exchange.world.commit(Acting(exchange.reachable(params).id, action))
    return True


async def copy_message(exchange: Exchange, params: Params) -> Wire:
    stored, placement = _source(exchange, params), exchange.placement(params)
    content = content_of(stored)
    if params.has("caption") and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= _captioned(exchange.caption(params))
    exchange.admit(placement.chat, paid=placement.paid)
    return {"message_id": exchange.post(placement, content)["message_id"]}


async def forward_message(exchange: Exchange, params: Params) -> Wire:
    stored, placement = _source(exchange, params), exchange.placement(params)
    exchange.admit(placement.chat, paid=placement.paid)
    origin: Wire = {"type": "user", "sender_user": stored.wire["from"], "date": stored.wire["date"]}
    return exchange.post(
        Placement(placement.chat, thread=placement.thread),
        {"forward_origin": stored.wire.get("forward_origin", origin)} | content_of(stored),
    )


def _source(exchange: Exchange, params: Params) -> Stored:
    source = exchange.chat(params, "from_chat_id")
    stored = source.messages.get(params.integer("message_id"))
    if stored is None:
        raise bad_request("message to copy not found" if params.has("caption") else "message to forward not found")
    return stored


_ENVELOPE = {
    "message_id",
    "from",
    "chat",
    "date",
    "edit_date",
    "reply_to_message",
    "reply_markup",
    "media_group_id",
    "message_thread_id",
    "is_topic_message",
    "forward_origin",
}


def content_of(stored: Stored) -> Wire:
    """What a message says, without when, where and by whom. Raises ApiError for service messages."""
    content = {key: value for key, value in stored.wire.items() if key not in _ENVELOPE}
    if any(key.startswith(("forum_topic", "new_chat", "left_chat", "pinned")) for key in content):
        raise bad_request("the message can't be copied")
    return content
