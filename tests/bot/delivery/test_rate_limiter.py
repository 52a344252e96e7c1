"""The limits hold whatever comes, the urgent go first, and nothing grows. Time is a number here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.rate_limiter import Limits, SendScheduler

LIMITS = Limits(overall=(5, 1.0), chat=(2, 2.0), group=(3, 10.0))
CHATS = st.sampled_from(["1", "2", "3", "4", "-9", "-8"])


@dataclass
class Street:
    """A gate with a clock of its own, and every message that went through it."""

    limits: Limits = LIMITS
    now: float = 1000.0
    went: list[tuple[float, str]] = field(default_factory=list)
    owed: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        self.gate = SendScheduler(self.limits, lambda: self.now)

    def enqueue(self, chat: str, urgency: int = 0) -> None:
        self.number += 1
        self.owed.setdefault(chat, []).append((urgency, self.number))
        self.owed[chat].sort()
        self._want(chat)

    def _want(self, chat: str) -> None:
        if self.owed.get(chat):
            self.gate.want(chat, *self.owed[chat][0])

    def let_go(self) -> list[tuple[int, str]]:
        """Whatever may go now: its urgency and chat."""
        gone = []
        while (chat := self.gate.next()) is not None:
            urgency, _ = self.owed[chat].pop(0)
            self.went.append((self.now, chat))
            gone.append((urgency, chat))
            self._want(chat)
        return gone

    def run_dry(self) -> None:
        for _ in range(100_000):
            self.let_go()
            delay = self.gate.delay()
            if delay is None:
                return
            self.now += delay
        raise AssertionError("the gate does not move on")

    def most(self, seconds: float, *chats: str) -> int:
        """The most that went within any span of so many seconds."""
        times = [at for at, chat in self.went if not chats or chat in chats]
        return max((sum(at <= other < at + seconds for other in times) for at in times), default=0)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("owe"), CHATS, st.integers(0, 2)),
        st.tuples(st.just("pass"), st.floats(0, 3), st.just(0)),
        st.tuples(st.just("slow"), CHATS, st.integers(1, 5)),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_whatever_comes_no_window_holds_too_many_and_everything_goes(acts: list[tuple[str, object, int]]) -> None:
    street = Street()
    for act, what, number in acts:
        if act == "owe":
            street.enqueue(str(what), number)
        elif act == "pass":
            street.now += float(str(what))
        else:
            street.gate.slow_down(str(what), number)
        street.let_go()
    street.run_dry()
    assert len(street.went) == sum(act == "owe" for act, _, _ in acts)
    assert street.most(1.0) <= 5
    for chat in ("1", "2", "3", "4"):
        assert street.most(2.0, chat) <= 2
    for group in ("-9", "-8"):
        assert street.most(10.0, group) <= 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CHATS, st.integers(0, 2)), min_size=1, max_size=60))
def test_of_those_that_may_go_the_most_urgent_and_then_the_oldest_goes(arrivals: list[tuple[str, int]]) -> None:
    street = Street(Limits(overall=(1, 1.0), chat=(100, 1.0), group=(100, 1.0)))
    for chat, urgency in arrivals:
        street.enqueue(chat, urgency)
    expected = sorted((urgency, number) for queue in street.owed.values() for urgency, number in queue)
    went = []
    while street.gate.delay() is not None:
        before = {chat: list(queue) for chat, queue in street.owed.items()}
        for _, chat in street.let_go():
            went.append(before[chat][0])
        street.now += 1.02
    assert went == expected


def test_a_more_urgent_message_moves_its_chat_forward() -> None:
    street = Street(Limits(overall=(1, 1.0), chat=(9, 1.0), group=(9, 1.0)))
    for chat in ("1", "2", "3"):
        street.enqueue(chat, 2)
    assert street.let_go() == [(2, "1")]
    street.enqueue("3", 0)
    street.now += 1.02
    assert street.let_go() == [(0, "3")]


def test_broadcasts_leave_room_for_a_reply_that_comes_at_any_moment() -> None:
    street = Street(Limits(overall=(30, 1.0), chat=(4, 4.0), group=(20, 60.0)))
    for number in range(500):
        street.enqueue(f"{number}", 2)
    for number in range(40):
        street.let_go()
        street.enqueue(f"r{number}", 0)
        assert (0, f"r{number}") in street.let_go()
        street.now += 0.13
    assert street.most(1.0) <= 30
    broadcasts = sum(not chat.startswith("r") for _, chat in street.went)
    assert broadcasts >= 0.65 * 30 * 40 * 0.13 - 30


def test_one_slow_chat_keeps_no_other_waiting() -> None:
    street = Street()
    street.gate.slow_down("1", 100)
    street.enqueue("1", 0)
    street.enqueue("2", 2)
    assert street.let_go() == [(2, "2")]
    street.now += 50
    assert street.let_go() == []
    street.now += 50
    assert street.let_go() == [(0, "1")]


def test_all_wait_where_a_second_chat_is_told_to() -> None:
    street = Street()
    street.gate.slow_down("1", 10)
    street.gate.slow_down("2", 5)
    street.enqueue("3")
    assert street.let_go() == []
    assert street.gate.delay() == 5
    street.now += 5
    assert street.let_go() == [(0, "3")]


def test_told_at_different_times_it_is_the_chat_and_not_all() -> None:
    street = Street()
    street.gate.slow_down("1", 5)
    street.now += 6
    street.gate.slow_down("2", 5)
    street.enqueue("3")
    assert street.let_go() == [(0, "3")]


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    street = Street()
    street.gate.slow_down("1", 60)
    street.gate.slow_down("1", 1)
    street.enqueue("1")
    street.now += 30
    assert street.let_go() == []


def test_one_that_no_longer_wants_is_passed_over() -> None:
    street = Street()
    street.gate.want("1", 0, 1)
    street.gate.drop("1")
    assert street.gate.next() is None
    assert street.gate.delay() is None
    street.gate.slow_down("2", 5)
    street.gate.want("2", 0, 2)
    assert street.gate.next() is None
    street.gate.drop("2")
    street.now += 6
    assert street.gate.delay() is None


def test_memory_stays_flat_over_a_hundred_thousand_chats() -> None:
    street = Street(Limits(overall=(1000, 1.0), chat=(4, 4.0), group=(20, 60.0)))
    chance = random.Random(1)
    most = 0
    for number in range(100_000):
        street.enqueue(f"{number}", chance.choice((0, 2)))
        street.let_go()
        street.owed.pop(f"{number}", None) if not street.owed.get(f"{number}") else None
        street.now += 0.002
        most = max(most, len(street.gate._chats))
    street.run_dry()
    assert most <= 2 * 4096
    assert street.gate._wants == {}
    assert len(street.gate._ready) + len(street.gate._waiting) + len(street.gate._waits) == 0
    assert len(street.went) == 100_000


def test_who_asks_in_a_group_is_answered_however_much_there_is_to_tell() -> None:
    street = Street(Limits(group=(20, 60.0)))
    for _ in range(30):
        street.enqueue("-9", urgency=1)
    assert len(street.let_go()) == 14

    for _ in range(7):
        street.enqueue("-9", urgency=0)

    assert street.let_go() == [(0, "-9")] * 6
    street.run_dry()
    assert street.most(60.0, "-9") <= 20
