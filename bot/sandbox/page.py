"""The page of phones: what it shows, and what its people do there.

It is served on a loopback address only, and still guards against other pages open in the same
browser: it answers to loopback names alone and takes no act without a header that only its own
script can send.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.sandbox import events, mini_apps, samples
from bot.sandbox.acts import Impossible, Place
from bot.sandbox.exchange import Exchange
from bot.sandbox.groups import GroupActs
from bot.sandbox.page_acts import PAGE_ACT
from bot.sandbox.params import read_params
from bot.sandbox.views import (
    bot_view,
    chat_view,
    commands_for,
    message_view,
    message_views,
    person_view,
)
from bot.sandbox.wire import ApiError, Wire, is_loopback
from bot.sandbox.world import Chat, Event

Advance = Callable[[timedelta], Awaitable[None]]

_FOLDER = Path(__file__).parent / "page"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "html": "text/html"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_OWN_SCRIPT = "X-Sandbox"
_SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp", "audio/ogg", "video/mp4")
_BEAT = 15.0  # seconds between signs of life on the event stream


class _Step(BaseModel):
    """How far the page asks to move the clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: int = Field(gt=0, le=400 * 86_400)


class Page:
    """The page's own endpoints, beside the Bot API."""

    def __init__(self, exchange: Exchange, acts: GroupActs, advance: Advance | None, token: str) -> None:
        self.exchange = exchange
        self.world = exchange.world
        self.acts = acts
        self.advance = advance
        self.token = token
        self._streams: set[asyncio.Queue[bytes | None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", _guarded(self.index)),
            web.get("/page/{name}", _guarded(self.asset)),
            web.get("/phones/state", _guarded(self.state)),
            web.get("/phones/events", _guarded(self.live)),
            web.get("/phones/commands", _guarded(self.commands)),
            web.get("/phones/media/{file_id}", _guarded(self.media)),
            web.get("/phones/samples/{scene}.jpg", _guarded(self.sample)),
            web.get("/phones/app", _guarded(self.open_app)),
            web.post("/phones/act", _guarded(self.act)),
            web.post("/phones/upload", _guarded(self.upload)),
            web.post("/phones/advance", _guarded(self.move_clock)),
        ]

    async def stop(self) -> None:
        """End the event streams."""
        for stream in self._streams:
            stream.put_nowait(None)

    # ------------------------------------------------------------------ reading

    async def index(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=(_FOLDER / "index.html").read_bytes(), content_type="text/html", charset="utf-8")

    async def asset(self, request: web.Request) -> web.StreamResponse:
        path = _FOLDER / Path(request.match_info["name"]).name
        kind = _TYPES.get(path.suffix.lstrip("."))
        if kind is None or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Everything, for a page that has just been opened or has lost its stream."""
        world = self.world
        chats = [chat for one in (*world.people, *world.groups) if (chat := world.chat(one)) is not None]
        return _json(
            {
                "people": [person_view(world, person) for person in world.people.values()],
                "bot": bot_view(world),
                "chats": [chat_view(world, chat) for chat in chats],
                "messages": {str(chat.id): message_views(chat) for chat in chats if chat.messages},
                "now": self.exchange.now(),
                "can_advance": self.advance is not None,
                "pending": len(world.pending),
            }
        )

    async def commands(self, request: web.Request) -> web.StreamResponse:
        person = self.world.people.get(_number(request, "person"))
        chat = self.world.chat(_number(request, "chat"))
        if person is None or chat is None:
            raise web.HTTPNotFound
        return _json(commands_for(self.world, person, chat))

    async def media(self, request: web.Request) -> web.StreamResponse:
        record = self.world.files.get(request.match_info["file_id"])
        content = await asyncio.to_thread(self.exchange.files.content, record) if record else None
        if record is None or content is None:
            raise web.HTTPNotFound
        inline = record.mime in _SHOWN_INLINE
        kind = record.mime if inline else "application/octet-stream"
        name = quote(record.name or record.path.rpartition("/")[2])
        headers = {"Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{name}"}
        return web.Response(body=content, content_type=kind, headers=headers)

    async def open_app(self, request: web.Request) -> web.StreamResponse:
        """A Mini App that the bot has offered to somebody, opened as them: signed as Telegram signs it."""
        person = self.world.people.get(_number(request, "person"))
        url = request.query.get("url", "")
        chat = None if person is None else self.world.chat(person.id)
        if person is None or chat is None or not mini_apps.is_offered(chat, url):
            raise web.HTTPNotFound
        # A header of our own making: aiohttp would quote once what is quoted twice.
        address = mini_apps.address(url, person, self.token, self.exchange.now())
        return web.Response(status=302, headers={"Location": address})

    async def sample(self, request: web.Request) -> web.StreamResponse:
        try:
            scene = samples.Scene(request.match_info["scene"])
        except ValueError as error:
            raise web.HTTPNotFound from error
        return web.Response(body=await asyncio.to_thread(samples.photo, scene), content_type="image/jpeg")

    # ------------------------------------------------------------------ acting

    async def act(self, request: web.Request) -> web.StreamResponse:
        await PAGE_ACT.validate_json(await request.read()).run(self.acts)
        return _json({})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Photos or a document chosen from this machine."""
        params = await read_params(request)
        who, chat, topic = (params.integer(key) for key in ("person", "chat", "topic"))
        place = Place(who, chat, topic, params.integer("reply_to") or None)
        caption = params.text("caption")
        if params.text("as") == "photo":
            photos = [upload.content for upload in params.files.values()]
            await self.acts.send_photos(place, photos[:10], caption)
        else:
            for upload in params.files.values():
                self.acts.send_file(place, "document", upload, caption)
        return _json({})

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        step = _Step.model_validate_json(await request.read())
        if self.advance is None:
            raise web.HTTPNotFound
        await self.advance(timedelta(seconds=step.seconds))
        self._broadcast({"type": "time", "now": self.exchange.now()})
        return _json({"now": self.exchange.now()})

    # ------------------------------------------------------------------ live

    async def live(self, request: web.Request) -> web.StreamResponse:
        """What happens from now on, as server-sent events."""
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        stream: asyncio.Queue[bytes | None] = asyncio.Queue()
        with self._listening(stream):
            await response.prepare(request)
            await response.write(_event({"type": "time", "now": self.exchange.now()}))
            with contextlib.suppress(ConnectionError):
                while (line := await _next(stream)) is not None:
                    await response.write(line)
        return response

    @contextlib.contextmanager
    def _listening(self, stream: asyncio.Queue[bytes | None]) -> Iterator[None]:
        self._streams.add(stream)
        self.world.listeners.add(self._heard)
        try:
            yield
        finally:
            self._streams.discard(stream)
            if not self._streams:
                self.world.listeners.discard(self._heard)

    def _broadcast(self, news: Wire) -> None:
        line = _event(news)
        for stream in self._streams:
            stream.put_nowait(line)

    def _heard(self, event: Event) -> None:
        """Pass on what a phone shows."""
        match event:
            case events.Posted() | events.Changed():
                self._tell_message(event.chat, event.message["message_id"])
            case events.Reacted():
                self._tell_message(event.chat, event.message)
            case events.Removed():
                self._broadcast({"type": "removed", "chat": event.chat, "messages": event.messages})
            case (
                events.KeyboardShown() | events.ReplyForced() | events.Pinned() | events.TopicChanged() | events.Seen()
            ):
                self._tell_chat(self.world.chat(event.chat))
            case events.GroupChanged():
                self._tell_chat(self.world.chat(event.group.id))
                self._tell_people()
            case events.BotBlocked() | events.BotStarted() | events.AccountChanged():
                self._tell_people()
            case events.TapAnswered():
                self._broadcast({"type": "answer", "answer": event})
            case events.Acting():
                self._broadcast({"type": "acting", "chat": event.chat, "action": event.action})
            case events.SettingChanged():
                self._broadcast({"type": "bot", "bot": bot_view(self.world)})
            case events.Queued() | events.Confirmed():
                self._broadcast({"type": "pending", "pending": len(self.world.pending)})

    def _tell_message(self, chat_id: int, message_id: int) -> None:
        stored = self.world.message(chat_id, message_id)
        if stored is not None:
            self._broadcast({"type": "message", "chat": chat_id, "message": message_view(stored)})

    def _tell_chat(self, chat: Chat | None) -> None:
        if chat is not None:
            self._broadcast({"type": "chat", "chat": chat_view(self.world, chat)})

    def _tell_people(self) -> None:
        people = [person_view(self.world, person) for person in self.world.people.values()]
        self._broadcast({"type": "people", "people": people})


async def _next(stream: asyncio.Queue[bytes | None]) -> bytes | None:
    try:
        return await asyncio.wait_for(stream.get(), _BEAT)
    except TimeoutError:
        return b": still here\n\n"


def _event(news: Wire) -> bytes:
    return b"data: " + orjson.dumps(news, option=orjson.OPT_NON_STR_KEYS) + b"\n\n"


def _json(value: object) -> web.Response:
    return web.Response(
        body=orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), content_type="application/json", charset="utf-8"
    )


def _number(request: web.Request, key: str) -> int:
    try:
        return int(request.query.get(key, ""))
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"{key} must be a number") from error


def _guarded(handler: Handler) -> Handler:
    """Refuse foreign pages, say what went wrong as JSON, and set the page's headers."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        foreign = not is_loopback(urlsplit(f"//{request.host}").hostname or "")
        if foreign or (request.method == "POST" and _OWN_SCRIPT not in request.headers):
            raise web.HTTPForbidden
        try:
            response = await handler(request)
        except (Impossible, ApiError) as error:
            response = _json({"error": str(error)})
            response.set_status(409)
        except ValidationError as error:
            response = _json({"error": str(error)})
            response.set_status(400)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    return guarded
