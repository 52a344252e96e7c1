"""Asking Telegram for updates: no public address needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.telegram import json_text
from bot.telegram.api import Api
from bot.telegram.errors import LONGEST_WAIT, wait_to_hear
from bot.telegram.intake import Intake, chat_of

Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")

_FIRST_PAUSE: Final = 0.5  # seconds
_LONGEST_PAUSE: Final = 30.0  # while Telegram cannot be reached
_LONGEST_RETRY: Final = 2.0  # while an update fails, since others wait meanwhile
_TIME_TO_CONFIRM: Final = 5.0

_log = structlog.get_logger(__name__)


class TokenRefused(PermissionError):
    """Telegram does not know the bot's token. Nothing but another token will help."""


class Polling:
    """Asks for updates until told to stop. Times are in seconds.

    `long_poll` is how long Telegram holds a question open, `longest_wait` how long it is left alone where it asks for
    that; `at_once` bounds how many chats are worked on at the same time.
    """

    def __init__(
        self,
        api: Api,
        intake: Intake,
        *,
        long_poll: float = 30,
        longest_wait: float = LONGEST_WAIT,
        at_once: int = 16,
        random: Random | None = None,
        sleep: Sleep = asyncio.sleep,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        """`heard` is told whenever Telegram has answered."""
        self._api = api
        self._intake = intake
        self._long_poll = long_poll
        self._longest_wait = longest_wait
        self._at_once = at_once
        self._random = random or Random()  # noqa: S311 - spreads retries, guards nothing
        self._sleep = sleep
        self._heard = heard
        self._offset = 0
        self._taken: set[int] = set()  # behind one that failed: Telegram sends them again, we don't take them again

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then finish what is under way. Raises TokenRefused."""
        await self._persist(lambda: self._api.delete_webhook(drop_pending_updates=False), stop)
        failures = 0
        while not stop.is_set():
            updates = await self._persist(lambda: self._api.raw_updates(self._offset, wait=self._long_poll), stop)
            if updates is not None:
                self._heard()
            if await self._take_all(updates or [], stop):
                failures = 0
            else:
                await _unless_stopped(self._sleep(self._pause(failures, _LONGEST_RETRY)), stop)
                failures += 1
        await self._confirm()

    async def _take_all(self, updates: list[dict[str, Any]], stop: asyncio.Event) -> bool:
        """Take a batch and move the offset past what needs not come again. False where one failed."""
        lanes: dict[str, list[dict[str, Any]]] = {}
        for update in updates:
            if update["update_id"] not in self._taken:
                lanes.setdefault(chat_of(update), []).append(update)
        room = asyncio.Semaphore(self._at_once)
        passed = await asyncio.gather(*(self._take_in_turn(chat, lane, room, stop) for chat, lane in lanes.items()))
        for update_id in sorted(update["update_id"] for update in updates):
            if update_id not in self._taken:
                break
            self._taken.discard(update_id)
            self._offset = update_id + 1
        return all(passed)

    async def _take_in_turn(
        self, chat: str, lane: list[dict[str, Any]], room: asyncio.Semaphore, stop: asyncio.Event
    ) -> bool:
        async with room, self._intake.turns.of(chat):
            for update in lane:
                if stop.is_set():
                    return True
                if not await self._intake.take(update["update_id"], json_text.dumps(update)):
                    return False  # the chat's later updates wait for this one
                self._taken.add(update["update_id"])
        return True

    async def _persist(self, call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
        """The call's result, however often it must be tried; None once stopped."""
        failures = 0
        while not stop.is_set():
            try:
                return await _unless_stopped(call(), stop)
            except InvalidToken as error:
                refused = self._api.describe(error)
                raise TokenRefused(
                    f"Telegram refuses the bot's token, or the API's address is wrong: {refused}"
                ) from None
            except TelegramError as error:
                pause = wait_to_hear(error, self._pause(failures, _LONGEST_PAUSE), self._longest_wait)
                self._report(error, pause)
            await _unless_stopped(self._sleep(pause), stop)
            failures += 1
        return None

    def _report(self, error: TelegramError, pause: float) -> None:
        if isinstance(error, Conflict):
            _log.error(
                "polling_conflict",
                error=self._api.describe(error),
                advice="Another process polls with this bot's token, or a webhook is set. Only one may.",
                next_try_in=pause,
            )
        else:
            _log.warning("polling failed, trying again", error=self._api.describe(error), next_try_in=pause)

    def _pause(self, failures: int, longest: float) -> float:
        return min(longest, _FIRST_PAUSE * float(2 ** min(failures, 16))) * self._random.uniform(0.5, 1)

    async def _confirm(self) -> None:
        """Tell Telegram what was taken, which otherwise only the next poll would."""
        if not self._offset:
            return
        try:
            async with asyncio.timeout(_TIME_TO_CONFIRM):
                await self._api.raw_updates(self._offset, wait=0, limit=1)
        except (TelegramError, TimeoutError):
            _log.info("last offset not confirmed", offset=self._offset)  # they come again and are known


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T | None:
    """The result of `work`, or None where `stop` is set first."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
