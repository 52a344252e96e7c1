"""How many connections the web server keeps, and for how long who sends nothing is waited for.

Whoever opens connections and says nothing, or a byte now and then, costs others nothing: who has sent no whole
request within a few seconds is hung up on, and where all places are taken the connection that was quiet for longest
gives way to the next one. Only where every one of them is being answered is the next one refused, in words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, cast

from aiohttp import web
from aiohttp.typedefs import Handler

BUSY: Final = b"All connections are in use. Please try again in a few seconds.\n"
_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 10\r\n"
    b"Connection: close\r\nContent-Length: " + str(len(BUSY)).encode() + b"\r\n\r\n" + BUSY
)
_REFUSED_SECONDS: Final = 1.0
_REFUSED_AT_ONCE: Final = 64


class TooSlow(Exception):
    """A request's body did not come in time."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client is waited for, in seconds, and how many there may be."""

    header: float = 10.0  # from the connection to the end of its first request's header
    idle: float = 75.0  # between two requests, and for the header of the second one
    body: float = 20.0
    connections: int = 512


DEFAULT_PATIENCE: Final = Patience()


async def read_body(request: web.Request, limit: int, seconds: float = DEFAULT_PATIENCE.body) -> bytes | None:
    """The body, or None where it is over the limit. Raises TooSlow."""
    if (request.content_length or 0) > limit:
        return None
    if request.content.is_eof():  # it has come with its header, as nearly every one does
        whole = request.content.read_nowait()
        return whole if len(whole) <= limit else None
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    return None
    except TimeoutError:
        raise TooSlow from None
    return bytes(body)


class Connections:
    """Keeps a server's connections. `middleware` belongs to its application, and tells when a request is under way."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._open: dict[object, _Connection] = {}  # by aiohttp's own protocol, which a request names
        self._quiet: dict[_Connection, None] = {}  # those without a request under way, the longest so first
        self._refused = 0

    async def listen(self, server: web.Server, host: str, port: int) -> asyncio.Server:
        """Take connections for `server`. Raises OSError where the address is taken."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: self._connect(server), host, port, backlog=1024)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        connection = self._open.get(request.protocol)
        if connection is None:  # it was lost meanwhile
            return await handler(request)
        with connection.busy():
            try:
                return await handler(request)
            except TooSlow:
                return web.Response(status=408, text="The request took too long.")

    def _connect(self, server: web.Server) -> asyncio.Protocol:
        if len(self._open) >= self._patience.connections and not self._make_room():
            return _Refusal(self._refusing)
        connection = _Connection(server(), self._patience.header, self._note)
        self._open[connection.handler] = connection
        return connection

    def _make_room(self) -> bool:
        """Hang up on whoever was quiet for longest. False where all are being answered."""
        longest = next(iter(self._quiet), None)
        if longest is None:
            return False
        self._note(longest, _State.GONE)
        longest.hang_up()
        return True

    def _note(self, connection: _Connection, state: _State) -> None:
        self._quiet.pop(connection, None)
        if state is _State.QUIET:
            self._quiet[connection] = None
        elif state is _State.GONE:
            self._open.pop(connection.handler, None)

    def _refusing(self, more: int) -> int:
        self._refused += more
        return self._refused


class _State(Enum):
    QUIET = auto()
    BUSY = auto()
    GONE = auto()


class _Connection(asyncio.Protocol):
    """Stands between the socket and aiohttp's protocol, and hangs up where a header takes too long."""

    def __init__(
        self, handler: web.RequestHandler, seconds: float, note: Callable[[_Connection, _State], None]
    ) -> None:
        self.handler = handler
        self._seconds = seconds
        self._note = note
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._under_way = 0

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a request is answered."""
        self._stop_waiting()
        self._under_way += 1
        self._note(self, _State.BUSY)
        try:
            yield
        finally:
            self._under_way -= 1
            if self._under_way == 0 and self._transport is not None:
                self._note(self, _State.QUIET)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._note(self, _State.QUIET)
        self._wait()
        self.handler.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not self._under_way and self._waiting is None:
            self._wait()
        self.handler.data_received(data)

    def eof_received(self) -> bool | None:
        self.handler.eof_received()
        return None

    def pause_writing(self) -> None:
        self.handler.pause_writing()

    def resume_writing(self) -> None:
        self.handler.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._transport = None
        self._note(self, _State.GONE)
        self.handler.connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = asyncio.get_running_loop().call_later(self._seconds, self.hang_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class _Refusal(asyncio.Protocol):
    """Answers whoever comes when every place is taken, without reading what they want."""

    def __init__(self, count: Callable[[int], int]) -> None:
        self._count = count
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self._count(1) > _REFUSED_AT_ONCE:
            self._transport.abort()
            return
        self._transport.write(_REFUSAL)
        asyncio.get_running_loop().call_later(_REFUSED_SECONDS, self._transport.close)

    def data_received(self, _: bytes) -> None:
        if self._transport is not None:  # what was sent is read, so that the answer is not lost with it
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        self._count(-1)
