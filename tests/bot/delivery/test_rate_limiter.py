"""The limits hold whatever comes, the urgent go first, and nothing grows. Time is a number here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channel import Limits
from bot.delivery.rate_limiter import SendScheduler
from bot.telegram.ids import is_group
from storage.ids import ChatId
from tests.bot.counter import limits

LIMITS = Limits(overall=(5, 1.0), replies=(8, 1.0), chat=(2, 2.0), group=(3, 10.0))
CHATS = st.sampled_from(["1", "2", "3", "4", "-9", "-8"])


@dataclass
class Street:
    """A gate with a clock of its own, and every message that went through it."""

    limits: Limits = LIMITS
    now: float = 1000.0
    went: list[tuple[float, str]] = field(default_factory=list)
    bulk: list[float] = field(default_factory=list)  # when each notice or broadcast went
    replies: list[float] = field(default_factory=list)
    owed: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        self.gate = SendScheduler(self.limits, is_group, lambda: self.now)

    def enqueue(self, chat: str, urgency: int = 0) -> None:
        self.number += 1
        self.owed.setdefault(chat, []).append((urgency, self.number))
        self.owed[chat].sort()
        self._want(chat)

    def _want(self, chat: str) -> None:
        if self.owed.get(chat):
            self.gate.want(ChatId(chat), *self.owed[chat][0])

    def let_go(self) -> list[tuple[int, str]]:
        """Whatever may go now: its urgency and chat."""
        gone: list[tuple[int, str]] = []
        while (chat := self.gate.next()) is not None:
            urgency, _ = self.owed[chat].pop(0)
            self.went.append((self.now, chat))
            (self.bulk if urgency else self.replies).append(self.now)
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

    def most(self, seconds: float, chat: str) -> int:
        """The most that went to a chat within any span of so many seconds."""
        return most_of([at for at, other in self.went if other == chat], seconds)


def most_of(times: list[float], seconds: float) -> int:
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
            street.gate.slow_down(ChatId(str(what)), number, number % 3)
        street.let_go()
    street.run_dry()
    assert len(street.went) == sum(act == "owe" for act, _, _ in acts)
    assert most_of(street.bulk, 1.0) <= 5
    assert most_of(street.replies, 1.0) <= 8
    for chat in ("1", "2", "3", "4"):
        assert street.most(2.0, chat) <= 2
    for group in ("-9", "-8"):
        assert street.most(10.0, group) <= 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CHATS, st.integers(0, 2)), min_size=1, max_size=60))
def test_of_those_that_may_go_the_most_urgent_and_then_the_oldest_goes(arrivals: list[tuple[str, int]]) -> None:
    street = Street(limits(overall=(1, 1.0), replies=(1, 1.0), chat=(100, 1.0), group=(100, 1.0)))
    for chat, urgency in arrivals:
        street.enqueue(chat, urgency)
    while street.gate.delay() is not None:
        while (gone := street.gate.next()) is not None:
            head = street.owed[gone].pop(0)
            lane = [queue[0] for queue in street.owed.values() if queue and (queue[0][0] > 0) == (head[0] > 0)]
            assert head < min(lane, default=(9, 9)), "of its budget the most urgent goes, and of these the oldest"
            street._want(gone)
        street.now += 1.02
    assert not any(street.owed.values())


def test_a_more_urgent_message_moves_its_chat_forward() -> None:
    street = Street(limits(overall=(1, 1.0), chat=(9, 1.0), group=(9, 1.0)))
    for chat in ("1", "2", "3"):
        street.enqueue(chat, 2)
    assert street.let_go() == [(2, "1")]
    street.enqueue("3", 0)
    assert street.let_go() == [(0, "3")], "a reply waits for no broadcast"


def test_a_reply_never_waits_for_a_broadcast_and_the_broadcast_keeps_its_rate() -> None:
    street = Street(limits(overall=(30, 1.0), chat=(4, 4.0), group=(20, 60.0)))
    for number in range(500):
        street.enqueue(f"{number}", 2)
    for number in range(40):
        street.let_go()
        street.enqueue(f"r{number}", 0)
        assert (0, f"r{number}") in street.let_go()
        street.now += 0.13
    assert most_of(street.bulk, 1.0) <= 30
    assert len(street.bulk) >= 0.95 * 30 * 40 * 0.13


def test_a_notice_goes_before_the_broadcasts_that_wait() -> None:
    street = Street(limits(overall=(3, 1.0), chat=(4, 4.0), group=(20, 60.0)))
    for number in range(9):
        street.enqueue(f"{number}", 2)
    street.let_go()
    street.enqueue("n", 1)
    street.now += 1.02
    assert street.let_go()[0] == (1, "n")


def test_a_surge_of_replies_is_held_to_no_more_than_each_chats_pace_and_their_own_budget() -> None:
    street = Street(limits(overall=(30, 1.0), replies=(500, 1.0)))
    for number in range(450):
        street.enqueue(f"{number}", 0)
    assert len(street.let_go()) == 450


def test_told_to_slow_down_replies_go_at_half_their_rate_and_recover() -> None:
    street = Street(limits(overall=(30, 1.0), replies=(100, 1.0)))
    street.gate.slow_down(ChatId("a"), 2)
    street.gate.slow_down(ChatId("b"), 2)  # a second one: it is not the chat
    street.gate.slow_down(ChatId("c"), 2)  # and what was on its way meanwhile counts once
    for number in range(2000):
        street.enqueue(f"{number}", 0)
    assert street.let_go() == []
    street.now += 2
    assert len(street.let_go()) == 50
    street.now += 60
    assert len(street.let_go()) == 100


def test_replies_give_way_last() -> None:
    street = Street(limits(overall=(30, 1.0), replies=(100, 1.0)))
    street.gate.slow_down(ChatId("a"), 5, 2)
    street.gate.slow_down(ChatId("b"), 5, 1)
    street.enqueue("c", 0)
    street.enqueue("d", 1)
    assert street.let_go() == [(0, "c")], "a broadcast that was too fast slows no reply"
    street.now += 6
    assert street.let_go() == [(1, "d")]
    street.gate.slow_down(ChatId("a"), 5, 0)
    street.gate.slow_down(ChatId("b"), 5, 0)
    street.enqueue("e", 0)
    street.enqueue("f", 1)
    assert street.let_go() == [], "replies that were too many slow the rest as well"


def test_one_slow_chat_keeps_no_other_waiting() -> None:
    street = Street()
    street.gate.slow_down(ChatId("1"), 100)
    street.enqueue("1", 0)
    street.enqueue("2", 2)
    assert street.let_go() == [(2, "2")]
    street.now += 50
    assert street.let_go() == []
    street.now += 50
    assert street.let_go() == [(0, "1")]


def test_all_wait_where_a_second_chat_is_told_to() -> None:
    street = Street()
    street.gate.slow_down(ChatId("1"), 10)
    street.gate.slow_down(ChatId("2"), 5)
    street.enqueue("3")
    assert street.let_go() == []
    assert street.gate.delay() == 5
    street.now += 5
    assert street.let_go() == [(0, "3")]


def test_two_chats_that_are_to_wait_for_an_hour_silence_nobody_else() -> None:
    street = Street()
    street.gate.slow_down(ChatId("1"), 3600)
    street.gate.slow_down(ChatId("2"), 3600)
    for chat in ("1", "2", "3"):
        street.enqueue(chat)
    assert street.let_go() == []
    street.now += 60
    assert street.let_go() == [(0, "3")]
    street.now += 60
    street.gate.slow_down(ChatId("4"), 1)
    street.enqueue("5")
    assert street.let_go() == [(0, "5")], "what was said an hour ago is not said of this one"
    street.now += 3480
    assert street.let_go() == [(0, "1"), (0, "2")]


def test_told_at_different_times_it_is_the_chat_and_not_all() -> None:
    street = Street()
    street.gate.slow_down(ChatId("1"), 5)
    street.now += 6
    street.gate.slow_down(ChatId("2"), 5)
    street.enqueue("3")
    assert street.let_go() == [(0, "3")]


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    street = Street()
    street.gate.slow_down(ChatId("1"), 60)
    street.gate.slow_down(ChatId("1"), 1)
    street.enqueue("1")
    street.now += 30
    assert street.let_go() == []


def test_one_that_no_longer_wants_is_passed_over() -> None:
    street = Street()
    street.gate.want(ChatId("1"), 0, 1)
    street.gate.drop(ChatId("1"))
    assert street.gate.next() is None
    assert street.gate.delay() is None
    street.gate.slow_down(ChatId("2"), 5)
    street.gate.want(ChatId("2"), 0, 2)
    assert street.gate.next() is None
    street.gate.drop(ChatId("2"))
    street.now += 6
    assert street.gate.delay() is None


def test_memory_stays_flat_over_a_hundred_thousand_chats() -> None:
    street = Street(limits(overall=(1000, 1.0), chat=(4, 4.0), group=(20, 60.0)))
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
    assert (
        sum(len(lane.ready) for lane in (street.gate._replies, street.gate._bulk))
        + len(street.gate._waiting)
        + len(street.gate._waits)
        == 0
    )
    assert len(street.went) == 100_000


def test_who_asks_in_a_group_is_answered_however_much_there_is_to_tell() -> None:
    street = Street(limits(group=(20, 60.0)))
    for _ in range(30):
        street.enqueue("-9", urgency=1)
    assert len(street.let_go()) == 14

    for _ in range(7):
        street.enqueue("-9", urgency=0)

    assert street.let_go() == [(0, "-9")] * 6
    street.run_dry()
    assert street.most(60.0, "-9") <= 20


def test_after_another_process_replies_go_on_and_the_rest_waits_for_a_window() -> None:
    street = Street()
    street.gate.follow_another()
    street.enqueue("1", urgency=0)
    street.enqueue("2", urgency=1)
    street.enqueue("3", urgency=2)
    street.run_dry()
    assert street.replies == [1000.0]
    assert min(street.bulk) >= 1001.0
    assert len(street.bulk) == 2
