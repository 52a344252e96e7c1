"""The screen in the hall: `GET /hall/<session>?key=…`, and the server-sent events that keep it up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

import orjson
from aiohttp import web

from bot.context import AppContext
from bot.pages.feeds import Feed, Feeds, Full
from bot.pages.hall_view import hall_view, texts, time_of
from bot.pages.responses import PLAIN, html, not_found, shell
from bot.pages.words import tongues
from locales import DEFAULT
from services.visits import line
from services.visits.page_links import HALL, PageLinks
from storage import sessions
from storage.ids import OfficeId
from storage.records.sessions import Session

_BEAT_SECONDS = 5.0  # between signs of life
_PATIENCE_SECONDS = 10.0  # with a screen that takes nothing
_RETRY_AFTER = {"Retry-After": "30"}
_TOO_MANY = "As many screens as possible show this already. Please close one, or wait."
_STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


class HallScreen:
    """An office's day in ticket numbers. Whoever has the link sees it; nothing can be done there."""

    def __init__(
        self, context: AppContext, links: PageLinks, feeds: Feeds | None = None, *, beat: float = _BEAT_SECONDS
    ) -> None:
        self._context = context
        self._links = links
        self._beat = beat
        self._tongues = tongues(context.catalogues)
        self.feeds = feeds or Feeds()
        given = {"texts": texts(self._tongues), "main": DEFAULT.value, "lost_after": max(3 * beat, 1) * 1000}
        title = self._tongues[DEFAULT].plain("Customer Day")
        self._page = shell("hall.html", given, lang=DEFAULT.value, dir=DEFAULT.direction, title=title)

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.get(HALL + "{session}", self._serve), web.get(HALL + "{session}/events", self._events))

    async def _serve(self, request: web.Request) -> web.Response:
        return not_found() if await self._session(request) is None else html(self._page)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        session = await self._session(request)
        if session is None:
            return not_found()
        try:
            async with self.feeds.looking((session.office, session.day), self._reader(session)) as feed:
                response = web.StreamResponse(headers={**PLAIN, **_STREAM})
                try:
                    await response.prepare(request)
                    await self._feed(response, feed)
                except (ConnectionError, TimeoutError):
                    _hang_up(request)
                return response
        except Full:
            return web.Response(status=503, text=_TOO_MANY, headers={**PLAIN, **_RETRY_AFTER})

    async def _session(self, request: web.Request) -> Session | None:
        """Nothing is looked up for a link that is not ours, so that guessing costs the database nothing."""
        found = self._links.session_in(request.match_info["session"], request.query.get("key", ""))
        if found is None:
            return None
        async with self._context.read() as work:
            return await sessions.by_id(work.tx, found)

    def _reader(self, session: Session) -> Callable[[], asyncio.Future[bytes]]:
        office, day = session.office, session.day
        return lambda: asyncio.ensure_future(self._read(office, day))

    async def _read(self, office: OfficeId, day: date) -> bytes:
        async with self._context.read() as work:
            hall = await line.positions(work, office, day)
            return orjson.dumps(hall_view(work, self._tongues, hall))

    async def _feed(self, response: web.StreamResponse, feed: Feed) -> None:
        """What is, then what changes, and a sign of life between: a screen that hears nothing says so."""
        seen = 0
        while not self.feeds.closed:
            if feed.version != seen:
                seen = feed.version
                await _write(response, b"event: hall\ndata: " + feed.state + b"\n\n")
            if feed.fresh:
                await _write(response, b"event: time\ndata: " + self._time() + b"\n\n")
            await feed.wait(seen, self._beat)

    def _time(self) -> bytes:
        now = self._context.clock()
        return orjson.dumps(time_of(now, now.astimezone(self._context.offices.zone)))


def _hang_up(request: web.Request) -> None:
    """A screen that takes nothing would keep its connection for ever."""
    if request.transport is not None:
        request.transport.abort()


async def _write(response: web.StreamResponse, event: bytes) -> None:
    await asyncio.wait_for(response.write(event), _PATIENCE_SECONDS)
