"""How fast a channel may be sent to, kept by us so that the channel never has to say no.

Telegram's published limits: about 30 messages a second overall, one a second in a chat with short
bursts, 20 a minute in a group (core.telegram.org/bots/faq, "My bot is hitting limits").

Nothing here sleeps: `SendScheduler.next` says who may send now, `SendScheduler.delay` how long until somebody may.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_KEPT = (0.0, 0.1, 0.3)  # of the overall rate, by urgency: what a message leaves free for more urgent ones to come
_KEPT_IN_GROUP = (0.0, 0.3, 0.5)  # of a group's rate: however much there is to tell, whoever asks there is answered
_FEW = 4096  # chats remembered before those that are quiet are forgotten


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in any span of so many seconds."""

    overall: tuple[int, float] = (30, 1.0)
    chat: tuple[int, float] = (4, 4.0)
    group: tuple[int, float] = (20, 60.0)


class SlidingWindow:
    """At most `count` in any `seconds`: a log of when, not a bucket, so that no burst ever exceeds it."""

    __slots__ = ("_count", "_paused_until", "_seconds", "_times")

    def __init__(self, count: int, seconds: float, margin: float = 1.01) -> None:
        self._count = count
        # What leaves evenly may arrive bunched: the span is kept a little longer than the channel's.
        self._seconds = seconds * margin
        self._times: deque[float] = deque()
        self._paused_until = float("-inf")

    def delay(self, now: float, kept: float = 0.0) -> float:
        """Seconds until one more may go; 0 is now. A part of the places, `kept`, stays free."""
        while self._times and self._times[0] + self._seconds <= now:
            self._times.popleft()
        too_many = len(self._times) - (self._count - int(self._count * kept))
        full = self._times[too_many] + self._seconds - now if too_many >= 0 else 0.0
        return max(full, self._paused_until - now, 0.0)

    def spend(self, now: float) -> None:
        self._times.append(now)

    def pause(self, until: float) -> None:
        self._paused_until = max(self._paused_until, until)

    def idle(self, now: float) -> bool:
        """Nothing of it matters any more."""
        return self.delay(now) == 0 and not self._times


class SendScheduler:
    """Lets one channel's messages through at the overall rate, the most urgent first, each chat at its own rate.

    Urgency is 0 for a reply, 1 for a notice, 2 for a broadcast. Broadcasts do not use the whole rate, so
    that a reply hardly ever waits for the next second.
    """

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._overall = SlidingWindow(*limits.overall)
        self._chats: dict[str, SlidingWindow] = {}
        self._many = _FEW
        self._wants: dict[str, tuple[int, int]] = {}  # what each waiting chat's first message is: urgency, order
        self._ready: list[tuple[tuple[int, int], str]] = []  # may hold what is no longer so: `_wants` decides
        self._waiting: list[tuple[float, str]] = []  # until when, which chat
        self._waits: set[str] = set()
        self._slowed: dict[str, float] = {}

    def want(self, chat: str, urgency: int, order: int) -> None:
        """A chat has something to send; asked again with something more urgent, that counts."""
        key = (urgency, order)
        if chat in self._wants and self._wants[chat] <= key:
            return
        self._wants[chat] = key
        self._waits.discard(chat)  # what is more urgent may go where the other had to wait
        heapq.heappush(self._ready, (key, chat))

    def drop(self, chat: str) -> None:
        """It has nothing to send any more."""
        self._wants.pop(chat, None)

    def next(self) -> str | None:
        """The chat that may send one message now, and it is counted; None where none may."""
        now = self._now()
        self._end_waits(now)
        while self._ready:
            key, chat = heapq.heappop(self._ready)
            if self._wants.get(chat) != key or chat in self._waits:
                continue
            if self._overall.delay(now, _KEPT[key[0]]) > 0:  # and what is less urgent may not either
                heapq.heappush(self._ready, (key, chat))
                return None
            window = self._window(chat, now)
            kept = _KEPT_IN_GROUP[key[0]] if _is_group(chat) else 0.0
            if (seconds := window.delay(now, kept)) > 0:
                self._wait(chat, now + seconds)
                continue
            del self._wants[chat]
            window.spend(now)
            self._overall.spend(now)
            return chat
        return None

    def delay(self) -> float | None:
        """Seconds until `next` is worth asking; None where nothing waits."""
        now = self._now()
        self._end_waits(now)
        while self._ready and self._wants.get(self._ready[0][1]) != self._ready[0][0]:
            heapq.heappop(self._ready)
        delays = [max(self._waiting[0][0] - now, 0.0)] if self._waiting else []
        if self._ready:
            delays.append(self._overall.delay(now, _KEPT[self._ready[0][0][0]]))
        return min(delays, default=None)

    def slow_down(self, chat: str, seconds: float) -> None:
        """The channel said to wait. We keep the limits, so that is a surprise: this chat waits.

        Where a second chat is told so meanwhile, it is not the chat, and all wait.
        """
        now = self._now()
        self._window(chat, now).pause(now + seconds)
        self._slowed = {other: until for other, until in self._slowed.items() if until > now}
        self._slowed[chat] = now + seconds
        if len(self._slowed) > 1:
            self._overall.pause(now + seconds)

    def _wait(self, chat: str, until: float) -> None:
        self._waits.add(chat)
        heapq.heappush(self._waiting, (until, chat))

    def _end_waits(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, chat = heapq.heappop(self._waiting)
            self._waits.discard(chat)
            if chat in self._wants:
                heapq.heappush(self._ready, (self._wants[chat], chat))

    def _window(self, chat: str, now: float) -> SlidingWindow:
        window = self._chats.get(chat)
        if window is None:
            if len(self._chats) >= self._many:  # memory stays flat however many people are written to
                self._chats = {chat: w for chat, w in self._chats.items() if not w.idle(now)}
                self._many = max(_FEW, 2 * len(self._chats))
            window = self._chats[chat] = SlidingWindow(*(self._limits.group if _is_group(chat) else self._limits.chat))
        return window


def _is_group(chat: str) -> bool:
    """A group's number is negative on Telegram."""
    return chat.startswith("-")
