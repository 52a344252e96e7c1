"""How fast a channel may be sent to, kept by us so that the channel never has to say no.

Telegram's published limits: about 30 messages a second overall, one a second in a chat with short
bursts, 20 a minute in a group (core.telegram.org/bots/faq, "My bot is hitting limits").
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in any span of so many seconds."""

    overall: tuple[int, float] = (30, 1.0)
    chat: tuple[int, float] = (4, 4.0)
    group: tuple[int, float] = (20, 60.0)


class Window:
    """At most `count` in any `seconds`: a log of when, not a bucket, so that no burst ever exceeds it."""

    __slots__ = ("_count", "_seconds", "_times", "paused_until")

    def __init__(self, count: int, seconds: float, margin: float = 1.01) -> None:
        self._count = count
        # What leaves evenly may arrive bunched: the span is kept a little longer than the channel's.
        self._seconds = seconds * margin
        self._times: deque[float] = deque()
        self.paused_until = 0.0

    def delay(self, now: float) -> float:
        """Seconds until one more may go; 0 is now."""
        if now < self.paused_until:
            return self.paused_until - now
        while self._times and now - self._times[0] >= self._seconds:
            self._times.popleft()
        if len(self._times) < self._count:
            return 0.0
        return self._times[0] + self._seconds - now

    def spend(self, now: float) -> None:
        self._times.append(now)

    @property
    def idle(self) -> bool:
        return not self._times


class Gate:
    """Lets messages through at the overall rate, the most urgent first, each chat at its own rate."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._overall = Window(*limits.overall)
        self._chats: dict[str, Window] = {}
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._pump: asyncio.Task[None] | None = None

    def _chat(self, chat: str) -> Window:
        window = self._chats.get(chat)
        if window is None:
            self._forget_idle()
            # A group's number is negative on Telegram.
            window = self._chats[chat] = Window(*(self._limits.group if chat.startswith("-") else self._limits.chat))
        return window

    def _forget_idle(self) -> None:
        """Memory stays flat however many people are written to."""
        if len(self._chats) < 4096:
            return
        now = self._now()
        self._chats = {chat: w for chat, w in self._chats.items() if w.delay(now) > 0 or not w.idle}

    async def turn(self, chat: str, urgency: int) -> None:
        """Wait until a message to `chat` may be sent, and count it."""
        window = self._chat(chat)
        while (seconds := window.delay(self._now())) > 0:  # noqa: ASYNC110 - no event: time passes by itself
            await asyncio.sleep(seconds)
        window.spend(self._now())
        if not self._waiting and self._overall.delay(self._now()) == 0:
            self._overall.spend(self._now())
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), place))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._let_through())
        await place

    async def _let_through(self) -> None:
        while self._waiting:
            seconds = self._overall.delay(self._now())
            if seconds > 0:
                await asyncio.sleep(seconds)
                continue
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():  # its message may have been cancelled meanwhile
                self._overall.spend(self._now())
                place.set_result(None)

    def pause(self, chat: str, seconds: float) -> None:
        """The channel said to wait."""
        window = self._chat(chat)
        window.paused_until = max(window.paused_until, self._now() + seconds)

    def pause_all(self, seconds: float) -> None:
        self._overall.paused_until = max(self._overall.paused_until, self._now() + seconds)
