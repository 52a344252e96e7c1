"""Receives updates, whether polled for (`polling`) or brought by Telegram (`webhook`).

An update is received when it is committed, and only then does Telegram hear so: by the next poll's
offset, or by the webhook's 200. Whatever fails comes again, until it is a dead letter. Updates of one chat
are taken one after the other, in the order they came; those of different chats at once.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from bot.telegram import ids, json_text
from bot.telegram.api import ALLOWED_UPDATES
from bot.telegram.group_talk import without_talk
from bot.telegram.incoming import NotAnUpdate, parse, to_incoming
from bot.telegram.plain import plain
from bot.telegram.tolerant import read_in_part
from bot.telegram.turns import Turns
from conversations.engine.messages import Incoming
from storage.ids import UpdateId

Receive = Callable[[Incoming, bytes], Awaitable[None]]
"""Commits what an update causes. Raises where it can't; a repeat of a committed update does nothing."""

CountFailure = Callable[[UpdateId, bytes, BaseException], Awaitable[bool]]
"""Records a failed try. True once the update is put aside for good, and need not come again."""

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """What both ways in do with an update, in its chat's turn. `username` is the bot's own, without the @."""

    receive: Receive
    count_failure: CountFailure
    username: str
    clock: Clock
    turns: Turns = field(default_factory=Turns)

    async def take(self, update_id: int, raw: bytes) -> bool:
        """Whether Telegram may forget it: it is committed, a dead letter, or not for us."""
        try:
            incoming = self._read_what_can_be(raw)
            if incoming is not None:
                await self.receive(incoming, raw)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the other updates
            return await self._failed(update_id, raw, error)
        return True

    @asynccontextmanager
    async def again(self, raw: bytes) -> AsyncIterator[Incoming | None]:
        """Read a dead letter for its replay, in its chat's turn; None where it is not for us.

        Raises NotAnUpdate, and whatever else made it a dead letter.
        """
        try:
            update: Any = json_text.loads(raw)
        except ValueError:
            raise NotAnUpdate("not JSON") from None
        async with self.turns.of(chat_of(update)):
            yield self._read_what_can_be(raw)

    def _read_what_can_be(self, raw: bytes) -> Incoming | None:
        """Raises NotAnUpdate, whatever is wrong with it: a date that no clock shows raises OSError, as if the machine
        were at fault, and would come again for ever.
        """
        try:
            return self._read(raw)
        except NotAnUpdate:
            raise
        except Exception:  # noqa: BLE001 - any error of reading is the update's
            return read_in_part(raw, self.username, self.clock())

    def _read(self, raw: bytes) -> Incoming | None:
        now = self.clock()
        short = None if json_text.has_nul(raw) else plain(raw, now)
        return short or to_incoming(parse(raw), self.username, now)

    async def _failed(self, update_id: int, raw: bytes, failure: Exception) -> bool:
        try:
            kept = without_talk(raw, self.username)
            dead_letters = await self.count_failure(ids.update_id(update_id), kept, failure)
        except Exception as error:  # noqa: BLE001 - the database is gone, say; Telegram keeps the update
            _log.error("failed update not counted", update_id=update_id, **_without_words(error))
            dead_letters = False
        _log.error("update failed", update_id=update_id, dead_letters=dead_letters, **_without_words(failure))
        return dead_letters


def chat_of(update: dict[str, Any]) -> str:
    """What an update waits its turn for: its chat, or where it has none, itself."""
    for kind in ALLOWED_UPDATES:
        event = update.get(kind)
        if isinstance(event, dict):
            message = event.get("message") if kind == "callback_query" else event
            chat = message.get("chat") if isinstance(message, dict) else event.get("from")
            if isinstance(chat, dict):
                return str(chat.get("id"))
    return f"update {update.get('update_id')}"


def _without_words(error: Exception) -> dict[str, str]:
    """Which error, and where: its text may quote what a person wrote, which no log may hold."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}
