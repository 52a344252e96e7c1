"""Telegram's limits: how much, how large, how often."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from bot.sandbox.wire import ApiError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a bot may send. Figures: Telegram's Bot FAQ, "My bot is hitting limits".

    Answers to taps, reads, chat actions and deletions are free; edits count in groups. The overall rate is that of bulk
    notifications; for answers to people who write Telegram names none, and `replies_per_second` is the sandbox's own.
    """

    overall_per_second: float = 30
    replies_per_second: float = 600
    paid_per_second: float = 1000  # with allow_paid_broadcast
    reply_seconds: float = 60  # so long after a person did something, what is sent to them answers it
    chat_per_second: float = 1
    chat_burst: int = 4  # messages to one private chat at once before the pace applies
    group_per_minute: int = 20  # in any 60 seconds
    enabled: bool = True
    callback_lifetime: timedelta = timedelta(seconds=150)  # no figure is published; so long the tap itself is kept
    upload_bytes: int = 50 * MEGABYTE
    photo_bytes: int = 10 * MEGABYTE
    download_bytes: int = 20 * MEGABYTE


TELEGRAM_LIMITS = Limits()
NO_LIMITS = Limits(enabled=False)


@dataclass(slots=True)
class _Bucket:
    rate: float  # tokens a second
    capacity: float
    tokens: float
    at: float

    def wait(self, now: float, cost: float) -> float:
        """Seconds until `cost` tokens are there; 0 when they are."""
        self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= cost else (cost - self.tokens) / self.rate


@dataclass(slots=True)
class _Window:
    """So many in any span of so long."""

    most: int
    seconds: float
    sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float, cost: int) -> float:
        """Seconds until there is room for `cost` more; 0 where there is."""
        while self.sent and now - self.sent[0] >= self.seconds:
            self.sent.popleft()
        over = len(self.sent) + cost - self.most
        if over <= 0:
            return 0.0
        return self.seconds if over > len(self.sent) else self.sent[over - 1] + self.seconds - now


@dataclass(slots=True)
class FloodGate:
    """Counts what is sent. Times are seconds of a monotonic clock."""

    limits: Limits
    _overall: _Bucket | None = None
    _replies: _Bucket | None = None
    _paid: _Bucket | None = None
    _acted: OrderedDict[int, float] = field(default_factory=OrderedDict)  # by private chat: when its person last acted
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _groups: dict[int, _Window] = field(default_factory=dict)

    def admit(self, chat: int, now: float, *, messages: int = 1, paid: bool = False) -> None:
        """Let `messages` to `chat` (a group when negative) pass, or raise 429 with `retry_after`."""
        if not self.limits.enabled:
            return
        shared = self._shared_bucket(chat, now, paid=paid)
        if chat < 0:  # each item of an album counts here; to a person it is one thing
            group = self._groups.setdefault(chat, _Window(self.limits.group_per_minute, 60.0))
            _check(max(shared.wait(now, messages), group.wait(now, messages)))
            group.sent.extend([now] * messages)
        else:
            own = self._chat_bucket(chat, now)
            _check(max(shared.wait(now, messages), own.wait(now, 1)))
            own.tokens -= 1
        shared.tokens -= messages

    def acted(self, chat: int, now: float) -> None:
        """A person did something in their chat: what the bot sends them now answers it."""
        self._acted[chat] = now
        self._acted.move_to_end(chat)
        while self._acted and now - next(iter(self._acted.values())) > self.limits.reply_seconds:
            self._acted.popitem(last=False)

    def _shared_bucket(self, chat: int, now: float, *, paid: bool) -> _Bucket:
        """What a message counts against besides its own chat: the replies' rate, or that of bulk notifications."""
        if paid:
            if self._paid is None:
                self._paid = _filled(self.limits.paid_per_second, self.limits.paid_per_second, now)
            return self._paid
        if now - self._acted.get(chat, float("-inf")) <= self.limits.reply_seconds:
            if self._replies is None:
                self._replies = _filled(self.limits.replies_per_second, self.limits.replies_per_second, now)
            return self._replies
        if self._overall is None:
            rate = self.limits.overall_per_second
            self._overall = _filled(rate, rate * 1.1, now)  # a tenth of slack: sends bunch up on their way here
        return self._overall

    def _chat_bucket(self, chat: int, now: float) -> _Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            if len(self._chats) > 20_000:
                self._chats.clear()
            bucket = self._chats[chat] = _filled(self.limits.chat_per_second, self.limits.chat_burst, now)
        return bucket


def _check(wait: float) -> None:
    """Raise what Telegram answers to one who has to wait."""
    if wait > 0:
        seconds = max(1, ceil(wait))
        raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def _filled(rate: float, capacity: float, now: float) -> _Bucket:
    return _Bucket(rate=rate, capacity=capacity, tokens=capacity, at=now)
