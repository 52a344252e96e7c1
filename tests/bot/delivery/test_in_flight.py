"""As few broadcasts are on their way at once as the rate needs."""

from __future__ import annotations

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.in_flight import InFlight
from bot.delivery.rate_limiter import PAID, SendScheduler
from storage.ids import ChatId
from tests.bot.counter import limits


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _take(flight: InFlight, watch: Watch, seconds: float, *, for_seconds: float) -> None:
    """Broadcasts go one after another, for a while, and take so long each."""
    until = watch.now + for_seconds
    while watch.now < until:
        flight.begin(1)
        watch.now += seconds
        flight.end(1)


def _measured(rate: float, seconds: float) -> InFlight:
    """After a minute in which each took so long."""
    watch = Watch()
    flight = InFlight(rate, watch)
    _take(flight, watch, seconds, for_seconds=max(60, 100 * seconds))
    return flight


@given(st.floats(1, 1000), st.floats(0.005, 2))
def test_it_allows_what_the_rate_needs_and_little_more(rate: float, seconds: float) -> None:
    flight = _measured(rate, seconds)
    assert rate * seconds <= flight.most <= ceil(1.05 * rate * seconds) + 2


def test_a_machine_that_is_busy_for_a_moment_raises_it_little() -> None:
    watch = Watch()
    flight = InFlight(500, watch)
    _take(flight, watch, 0.005, for_seconds=60)
    _take(flight, watch, 0.8, for_seconds=5)
    assert flight.most <= 500 * (3 * 0.005 + 0.03) + 1
    _take(flight, watch, 0.8, for_seconds=60)
    assert flight.most >= 500 * 0.8  # what stays so slow needs as many


def test_a_quick_channel_has_few_on_their_way() -> None:
    assert _measured(30, 0.05).most == 2


def test_it_is_full_until_one_has_ended() -> None:
    flight = _measured(30, 0.05)
    for row in (1, 2):
        assert not flight.full
        flight.begin(row)
    assert flight.full
    flight.end(1)
    assert not flight.full


def test_what_was_not_sent_says_nothing_of_how_long_one_takes() -> None:
    flight = _measured(30, 0.05)
    before = flight.most
    flight.begin(1)
    flight.give_up(1)
    flight.end(1)
    assert flight.most == before
    assert not flight.full


def test_held_back_broadcasts_let_notices_and_replies_pass() -> None:
    gate = SendScheduler(limits(), lambda _: False, Watch())
    for chat, urgency in (("broadcast", 2), ("paid", PAID), ("notice", 1), ("reply", 0)):
        gate.want(ChatId(chat), urgency, 1)
    assert [gate.next(broadcasts=False) for _ in range(3)] == ["reply", "notice", None]
    assert gate.delay(broadcasts=False) is None
    assert gate.delay() == 0
    assert [gate.next() for _ in range(3)] == ["broadcast", "paid", None]


def test_what_is_paid_for_has_a_rate_of_its_own() -> None:
    gate = SendScheduler(limits(overall=(1, 1.0), paid=(3, 1.0)), lambda _: False, Watch())
    for number in range(5):
        gate.want(ChatId(f"free {number}"), 2, number)
        gate.want(ChatId(f"paid {number}"), PAID, number)
    gone = []
    while (chat := gate.next()) is not None:
        gone.append(chat.split()[0])
    assert (gone.count("free"), gone.count("paid")) == (1, 3)
