"""When somebody who waits can expect to be called: arithmetic only, nothing is read or written here.

A line's pace begins as its slots say and follows what its meetings take on the day. From it the line is played forward,
one person after another: who is here, who is still to come, until when it stands still. What comes of it is a range, as
wide as the meetings of the day differ.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import sqrt
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

#: So many meetings of the day weigh as much as the length of a slot.
PRIOR = 3
#: Of those who have an appointment and are not here yet, so many come.
COME = 0.85
#: A range is given in steps of so many minutes, and is no narrower.
STEP = timedelta(minutes=5)
_SPREAD = 0.35  # of a meeting's length, before anything was measured
_WIDTH = 1.4  # a range reaches so many standard deviations to both sides
_LEAST, _MOST = 0.2, 4.0  # of a slot: a meeting that seems shorter or longer was recorded late
_USUAL_LEAD, _MOST_LEAD = timedelta(minutes=10), timedelta(minutes=25)
_LEFT = 0.25  # of a meeting: what one that takes long is expected to take still


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it is from one meeting to the next, and how much that varies."""

    mean: timedelta
    spread: timedelta


@dataclass(frozen=True, slots=True)
class Range:
    """From when until when."""

    low: datetime
    high: datetime

    @property
    def middle(self) -> datetime:
        return self.low + (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting of the day that is over. `ready_at` is when it was called, or began without a call."""

    ready_at: datetime
    done_at: datetime


@dataclass(frozen=True, slots=True)
class Turn(Generic[K]):
    """Somebody's turn, in the order of the line. Nobody is called before `ready_at`."""

    key: K
    ready_at: datetime
    here: bool


def lead(came: Sequence[timedelta]) -> timedelta:
    """How long before their time people come: a usual time, and with each who came more of what they do."""
    seconds = [min(max(one.total_seconds(), 0.0), _MOST_LEAD.total_seconds()) for one in came]
    usual = PRIOR * _USUAL_LEAD.total_seconds()
    return timedelta(seconds=(usual + sum(seconds)) / (PRIOR + len(seconds)))


def lengths(meetings: Sequence[Met]) -> tuple[timedelta, ...]:
    """For how long each meeting kept the line from the next: from its call, or from the end of the one before it."""
    done = sorted(meetings, key=lambda one: (one.done_at, one.ready_at))
    if not done:
        return ()
    first = done[0].done_at - done[0].ready_at
    return (first, *(after.done_at - max(before.done_at, after.ready_at) for before, after in pairwise(done)))


def pace(slot: timedelta, measured: Sequence[timedelta]) -> Pace:
    """The day's pace: the slot's length, and with each meeting more of what they take."""
    plan = slot.total_seconds()
    seconds = [min(max(one.total_seconds(), _LEAST * plan), _MOST * plan) for one in measured]
    mean = (PRIOR * plan + sum(seconds)) / (PRIOR + len(seconds))
    squares = PRIOR * (_SPREAD * plan) ** 2 + sum((one - mean) ** 2 for one in seconds)
    return Pace(timedelta(seconds=mean), timedelta(seconds=sqrt(squares / (PRIOR + len(seconds)))))


def free_at(now: datetime, pace: Pace, inside_since: Sequence[datetime], called: int, held_until: datetime) -> datetime:
    """When the next one can be called: the room is free, those who were called have been in, and the line goes on."""
    at = now
    for since in sorted(inside_since):
        at = max(at, since + pace.mean, now + pace.mean * _LEFT)
    return max(at + pace.mean * called, held_until)


def expect(turns: Sequence[Turn[K]], free: datetime, pace: Pace) -> Mapping[K, Range]:
    """When each can expect to be called, the line played forward. Whoever is first of those who are there is next."""
    expected: dict[K, Range] = {}
    waiting, at, variance = list(turns), free, 0.0
    mean, spread = pace.mean.total_seconds(), pace.spread.total_seconds()
    while waiting:
        number = next((n for n, one in enumerate(waiting) if one.ready_at <= at), None)
        if number is None:
            at = min(one.ready_at for one in waiting)
            continue
        turn = waiting.pop(number)
        width = timedelta(seconds=_WIDTH * sqrt(variance))
        expected[turn.key] = Range(max(at - width, turn.ready_at, free), at + width)
        chance = 1.0 if turn.here else COME
        at += timedelta(seconds=mean * chance)
        variance += chance * spread**2 + chance * (1 - chance) * mean**2
    return expected


def rounded(exact: Range, now: datetime) -> Range:
    """A range as people are told it: in whole steps, never in the past, never narrower than a step."""
    low = _down(max(exact.low, now))
    high = _down(exact.high + STEP - timedelta.resolution)
    return Range(low, max(high, low + STEP))


def _down(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % STEP
    return at - over
