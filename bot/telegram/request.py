"""python-telegram-bot's HTTP, on aiohttp: one session, kept-alive connections, JSON both ways.

Every error says what failed without the URL, since a Bot API URL contains the bot's token.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any, Final

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channel import Gone, TooLarge
from bot.telegram import json_text

INVALID: Final = "Invalid server response"
_TOKEN_IN_URL: Final = re.compile(r"bot\d+(?::|%3A)[\w-]+", re.IGNORECASE)
_READ_OF_OUR_MESSAGES: Final = ("message_id", "ephemeral_message_id", "date", "chat")
_CHUNK: Final = 64 * 1024  # bytes


def scrub(text: str) -> str:
    """The text without any bot's token."""
    return _TOKEN_IN_URL.sub("bot***", text)


class AiohttpRequest(BaseRequest):
    """Makes the calls of a `telegram.Bot`. Times are in seconds.

    `connections` bounds how many calls are under way at once; more wait up to `pool_timeout` for
    their turn. A caller's own time-outs win over these.
    """

    __slots__ = (
        "_connect_timeout",
        "_connections",
        "_media_write_timeout",
        "_pool_timeout",
        "_read_timeout",
        "_session",
        "_write_timeout",
    )

    def __init__(
        self,
        connections: int = 64,
        *,
        connect_timeout: float = 5,
        read_timeout: float = 15,
        write_timeout: float = 10,
        media_write_timeout: float = 60,
        pool_timeout: float = 10,
    ) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._pool_timeout = pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take where the caller does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; once is enough."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=50, ttl_dns_cache=300),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as Telegram's JSON.

        Sent messages come back whole, keyboard and all. Only their id is read here, and building
        the rest costs more than everything else about a call, so the rest is dropped first.
        """
        try:
            answer: Any = json_text.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or (answer.get("ok") is True and "result" not in answer):
            raise TelegramError(INVALID)
        result = answer.get("result")
        if isinstance(result, dict):
            answer["result"] = _slim(result)
        elif isinstance(result, list):
            answer["result"] = [_slim(item) if isinstance(item, dict) else item for item in result]
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call: its HTTP status and body. Raises TimedOut or NetworkError, never with the URL in it."""
        session = self._open_session()
        media = request_data is not None and request_data.contains_files
        timeout = _timeout(
            connect=_seconds(connect_timeout, self._connect_timeout),
            read=_seconds(read_timeout, self._read_timeout),
            write=_seconds(write_timeout, self._media_write_timeout if media else self._write_timeout),
            pool=_seconds(pool_timeout, self._pool_timeout),
        )
        headers = {"Content-Type": "application/json"} if request_data is not None and not media else None
        try:
            async with session.request(
                method, url, data=_body(request_data), headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError) as error:
            failure = _network_error(error)
        # Outside the handler, so that the original, whose text holds the URL, is not chained to it.
        raise failure

    async def download(self, url: str, limit: int) -> bytes:
        """The content of a file.

        Raises TooLarge over `limit` bytes, Gone where there is none, NetworkError or TimedOut.
        """
        timeout = aiohttp.ClientTimeout(total=300, connect=self._pool_timeout, sock_read=self._read_timeout)
        try:
            async with self._open_session().get(url, timeout=timeout, allow_redirects=False) as response:
                return await _read_at_most(response, limit)
        except (aiohttp.ClientError, OSError) as error:
            failure = _network_error(error)
        raise failure

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("The connection to Telegram is used before it was opened, or after it was closed.")
        return self._session


async def _read_at_most(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if response.status in (404, 410):
        raise Gone("Telegram no longer holds the file.")
    if response.status != 200:
        raise NetworkError(f"Telegram answered {response.status} to a download")
    if response.content_length is not None and response.content_length > limit:
        raise TooLarge(f"The file has {response.content_length} bytes; the limit is {limit}.")
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise TooLarge(f"The file is over the limit of {limit} bytes.")
    return bytes(content)


def _slim(result: dict[str, Any]) -> dict[str, Any]:
    if "message_id" not in result:
        return result
    return {name: result[name] for name in _READ_OF_OUR_MESSAGES if name in result}


def _body(request_data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return orjson.dumps(request_data.parameters)
    # Unquoted, since Telegram reads `filename=` as UTF-8 and knows no `filename*=`.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        # aiohttp sends a stream in pieces, and bytes in one blocking write.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mime)
    return form


def _seconds(value: object, default: float) -> float | None:
    """A time-out as python-telegram-bot passes it: a number, None for no limit, or its "not given"."""
    if value is None or isinstance(value, int | float):
        return value
    return default


@lru_cache(maxsize=64)
def _timeout(
    *, connect: float | None, read: float | None, write: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    # aiohttp has no time-out for writing; the sum of all bounds the whole call instead.
    waiting = None if connect is None or pool is None else connect + pool
    total = None if waiting is None or read is None or write is None else waiting + read + write
    return aiohttp.ClientTimeout(total=total, connect=waiting, sock_connect=connect, sock_read=read)


def _network_error(error: Exception) -> NetworkError:
    if isinstance(error, TimeoutError):
        return TimedOut(f"Timed out ({type(error).__name__})")
    if isinstance(error, aiohttp.ClientConnectorError):
        return NetworkError(f"Cannot connect to {error.host}: {error.os_error.strerror or type(error).__name__}")
    return NetworkError(scrub(f"{type(error).__name__}: {error}".rstrip(": ")))
