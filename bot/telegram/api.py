"""The Bot API as this room uses it: python-telegram-bot's `Bot` over our HTTP, and two calls of its own."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

import structlog
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.request import INVALID, AiohttpRequest, scrub

TELEGRAM: Final = "https://api.telegram.org"

# What this bot reads of what happens on Telegram. Anything else is not even sent to it.
ALLOWED_UPDATES: Final = (
    *("message", "edited_message", "callback_query", "my_chat_member", "chat_member"),
    # The documentation wants the bot to be an administrator; whether private chats bring them is not certain.
    "message_reaction",
)

_log = structlog.get_logger(__name__)

_POLL_MARGIN: Final = 10.0  # seconds the answer to a long poll may come late


class Api(Bot):
    """The Bot API at `base` (Telegram's, or a sandbox's). Use it as an async context manager.

    It does not ask who it is when opened, as `Bot` does: whether Telegram can be reached at that
    moment is the caller's concern, and `Bot`'s own error would show the token.
    """

    __slots__ = ("_calls", "_polls")

    def __init__(self, token: str, base: str = TELEGRAM, *, connections: int = 64) -> None:
        base = base.rstrip("/")
        calls = AiohttpRequest(connections)
        polls = AiohttpRequest(1)  # its own connection, so that a long poll never holds up a reply
        super().__init__(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=calls,
            get_updates_request=polls,
        )
        self._calls = calls
        self._polls = polls

    async def __aenter__(self) -> Self:
        await self._calls.initialize()
        await self._polls.initialize()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self._polls.shutdown()
        await self._calls.shutdown()

    def __repr__(self) -> str:
        return "Api()"  # `Bot` would print its token

    async def call(self, method: str, said: dict[str, object]) -> Any:
        """A call whose parameters are JSON already; what it gave, as JSON. Raises `telegram.error.TelegramError`.

        `Bot`'s own methods make objects of what is sent and of what comes back, which costs more than the call.
        """
        asked = RequestData([RequestParameter(name, value, None) for name, value in said.items()])
        return await self._calls.post(f"{self.base_url}/{method}", asked)

    async def raw_updates(self, offset: int, *, wait: float, limit: int = 100) -> list[dict[str, Any]]:
        """What happened since `offset`, as JSON, so that one update we cannot parse does not cost the others.

        Waits up to `wait` seconds for something to happen. Raises `telegram.error.TelegramError`.
        """
        asked = {"offset": offset, "limit": limit, "timeout": int(wait), "allowed_updates": ALLOWED_UPDATES}
        updates = await self._post("getUpdates", asked, read_timeout=wait + _POLL_MARGIN)
        if not isinstance(updates, list):
            raise TelegramError(INVALID)
        found = [update for update in updates if _is_update(update)]
        if updates and not found:
            raise TelegramError(INVALID)
        if len(found) < len(updates):
            _log.error("updates without an id", count=len(updates) - len(found))
        return found

    async def download(self, path: str, limit: int) -> bytes:
        """The content of a file at the address `get_file` gave. Raises as `AiohttpRequest.download` does."""
        return await self._calls.download(path, limit)

    def describe(self, error: BaseException) -> str:
        """An error in words that are safe to log."""
        return scrub(f"{error}" or type(error).__name__).replace(self.token, "***")


def _is_update(update: object) -> bool:
    """Whether it has an id that an offset can be past: one that has none can neither be noted nor confirmed."""
    return isinstance(update, dict) and type(update.get("update_id")) is int and 0 <= update["update_id"] < 1 << 53
