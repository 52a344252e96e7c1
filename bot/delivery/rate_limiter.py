"""How fast a channel may be sent to, kept by us so that the channel hardly ever has to say no.

A channel says how much it takes (`bot.channel.Limits`). Some ask for a rate of **bulk notifications** only and name no
figure for replies to people who write, as Telegram does. So notices and broadcasts share the overall rate, and replies
have a budget of their own, which gives way when the channel says that it is too much and recovers by itself.

Nothing here sleeps: `SendScheduler.next` says who may send now, `SendScheduler.delay` how long until somebody may.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable

from bot.channel import Limits
from storage.ids import ChatId

_KEPT_IN_GROUP = (
    0.0,
    0.3,
    0.5,
    0.5,
)  # of a group's rate: however much there is to tell, whoever asks there is answered
BROADCAST, PAID = 2, 3  # urgencies
_FEW = 4096  # chats remembered before those that are quiet are forgotten
_RECOVERY_SECONDS = 30.0  # from half the rate back to all of it, where the channel says no more
_LONGEST_HOLD = 60.0  # seconds; whom the channel did not name waits no longer, and then goes slowly
_SMALLEST_SHARE = 1 / 64  # of a rate, however often the channel says no


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


class Budget:
    """What all chats together may be sent: so many in any span, fewer for a while after the channel said no.

    Additive increase, multiplicative decrease, as in TCP's congestion control (RFC 5681).
    """

    __slots__ = ("_count", "_share", "_share_at", "_until", "_window")

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._window = SlidingWindow(count, seconds)
        self._share, self._share_at = 1.0, float("-inf")  # of the rate, and since when
        self._until = float("-inf")  # nothing goes before

    def delay(self, now: float) -> float:
        """Seconds until one more may go; 0 is now."""
        if now < self._until:
            return self._until - now
        share = self._share_now(now)
        kept = 0.0 if share >= 1 else 1 - max(share, 1 / self._count)
        return self._window.delay(now, kept)

    def spend(self, now: float) -> None:
        self._window.spend(now)

    def hold(self, until: float) -> None:
        """Let nothing go before."""
        self._until = max(self._until, until)

    def slow_down(self, now: float, seconds: float) -> None:
        """The channel said to wait: so long nothing goes, then half as much. Said again meanwhile, it counts once.

        A chat is left alone for as long as it was said, be that hours. The others are not: after a minute one finds
        out whether they still have to wait.
        """
        seconds = min(seconds, _LONGEST_HOLD)
        if now >= self._until:
            self._share = max(self._share_now(now) / 2, _SMALLEST_SHARE)
        self._until = max(self._until, now + seconds)
        self._share_at = self._until

    def _share_now(self, now: float) -> float:
        return min(1.0, self._share + max(0.0, now - self._share_at) / (2 * _RECOVERY_SECONDS))


class _Lane:
    """Messages that share a budget, in the order in which they may go."""

    __slots__ = ("budget", "ready", "slowed")

    def __init__(self, limit: tuple[int, float]) -> None:
        self.budget = Budget(*limit)
        self.ready: list[tuple[tuple[int, int], ChatId]] = []  # may hold what is no longer so: `_wants` decides
        self.slowed: dict[ChatId, float] = {}  # chats that were told to wait, until when

    def slow_down(self, chat: ChatId, now: float, seconds: float) -> bool:
        """Note that a chat was told to wait. Where a second one is told so meanwhile, it is not the chat: all wait."""
        self.slowed = {other: until for other, until in self.slowed.items() if until > now}
        self.slowed[chat] = now + min(seconds, _LONGEST_HOLD)  # told hours ago it says nothing about the others
        if len(self.slowed) > 1:
            self.budget.slow_down(now, seconds)
        return len(self.slowed) > 1


class SendScheduler:
    """Lets one channel's messages through: replies by their budget, the rest at the overall rate, each chat at its own.

    Urgency is 0 for a reply, 1 for a notice, 2 for a broadcast, `PAID` for one that is paid for and has a rate of its
    own. Of the overall rate notices come first.
    """

    def __init__(self, limits: Limits, is_group: Callable[[ChatId], bool], now: Callable[[], float]) -> None:
        self._limits = limits
        self._is_group = is_group
        self._now = now
        self._replies = _Lane(limits.replies)
        self._bulk = _Lane(limits.overall)
        self._paid = _Lane(limits.paid)
        self._chats: dict[ChatId, SlidingWindow] = {}
        self._many = _FEW
        self._wants: dict[ChatId, tuple[int, int]] = {}  # what each waiting chat's first message is: urgency, order
        self._waiting: list[tuple[float, ChatId]] = []  # until when, which chat
        self._waits: set[ChatId] = set()

    def follow_another(self) -> None:
        """Another process sent until a moment ago, and nobody knows how much: what it may have sent counts as sent.

        Replies go on: for them the channel names no figure.
        """
        now = self._now()
        for lane, (_, seconds) in ((self._bulk, self._limits.overall), (self._paid, self._limits.paid)):
            lane.budget.hold(now + seconds)

    def want(self, chat: ChatId, urgency: int, order: int) -> None:
        """A chat wants to send. A later, more urgent call raises its urgency."""
        key = (urgency, order)
        if chat in self._wants and self._wants[chat] <= key:
            return
        self._wants[chat] = key
        self._waits.discard(chat)  # what is more urgent may go where the other had to wait
        self._line_up(key, chat)

    def drop(self, chat: ChatId) -> None:
        """It has nothing to send any more."""
        self._wants.pop(chat, None)

    def next(self, *, broadcasts: bool = True) -> ChatId | None:
        """The chat that may send one message now, or None; it is counted; without `broadcasts` that is not one."""
        now = self._now()
        self._end_waits(now)
        for lane in (self._replies, self._bulk, self._paid):
            if (chat := self._next_of(lane, now, broadcasts=broadcasts)) is not None:
                return chat
        return None

    def _next_of(self, lane: _Lane, now: float, *, broadcasts: bool) -> ChatId | None:
        while lane.ready:
            key, chat = lane.ready[0]
            if self._wants.get(chat) != key or chat in self._waits:
                heapq.heappop(lane.ready)
                continue
            if key[0] >= BROADCAST and not broadcasts:
                return None
            if lane.budget.delay(now) > 0:
                return None
            heapq.heappop(lane.ready)
            window = self._window(chat, now)
            kept = _KEPT_IN_GROUP[key[0]] if self._is_group(chat) else 0.0
            if (seconds := window.delay(now, kept)) > 0:
                self._wait(chat, now + seconds)
                continue
            del self._wants[chat]
            window.spend(now)
            lane.budget.spend(now)
            return chat
        return None

    def delay(self, *, broadcasts: bool = True) -> float | None:
        """Seconds until `next` is worth asking, with broadcasts or without; None where nothing waits."""
        now = self._now()
        self._end_waits(now)
        delays = [max(self._waiting[0][0] - now, 0.0)] if self._waiting else []
        for lane in (self._replies, self._bulk, self._paid):
            while lane.ready and self._wants.get(lane.ready[0][1]) != lane.ready[0][0]:
                heapq.heappop(lane.ready)
            if lane.ready and (broadcasts or lane.ready[0][0][0] < BROADCAST):
                delays.append(lane.budget.delay(now))
        return min(delays, default=None)

    def slow_down(self, chat: ChatId, seconds: float, urgency: int = 0) -> None:
        """The channel answered a message of this urgency that it is too many: the chat waits.

        Where other chats are told so as well, all of that budget wait and slow down. Replies give way last: what slows
        them slows the rest too.
        """
        now = self._now()
        self._window(chat, now).pause(now + seconds)
        if urgency == PAID:
            self._paid.slow_down(chat, now, seconds)
        elif urgency > 0:
            self._bulk.slow_down(chat, now, seconds)
        elif self._replies.slow_down(chat, now, seconds):
            self._bulk.budget.slow_down(now, seconds)

    def _line_up(self, key: tuple[int, int], chat: ChatId) -> None:
        lane = self._paid if key[0] == PAID else self._bulk if key[0] else self._replies
        heapq.heappush(lane.ready, (key, chat))

    def _wait(self, chat: ChatId, until: float) -> None:
        self._waits.add(chat)
        heapq.heappush(self._waiting, (until, chat))

    def _end_waits(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, chat = heapq.heappop(self._waiting)
            self._waits.discard(chat)
            if chat in self._wants:
                self._line_up(self._wants[chat], chat)

    def _window(self, chat: ChatId, now: float) -> SlidingWindow:
        window = self._chats.get(chat)
        if window is None:
            if len(self._chats) >= self._many:  # memory stays flat however many people are written to
                self._chats = {chat: w for chat, w in self._chats.items() if not w.idle(now)}
                self._many = max(_FEW, 2 * len(self._chats))
            window = self._chats[chat] = SlidingWindow(
                *(self._limits.group if self._is_group(chat) else self._limits.chat)
            )
        return window
