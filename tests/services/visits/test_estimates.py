"""When somebody can expect to be called: what holds of every line, and a few that were worked out by hand."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from services.visits.estimates import STEP, Met, Pace, Range, Turn, expect, free_at, lengths, pace, rounded
from tests.instants import SUNDAY

NOW = SUNDAY
SLOT = timedelta(minutes=15)
SEEDS = range(60)


def _minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=one) for one in numbers]


def _at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def _line(chance: random.Random) -> list[Turn[int]]:
    """Some people, some of whom are still to come."""
    return [
        Turn(n, NOW if here else _at(chance.randrange(0, 120)), here)
        for n in range(chance.randrange(1, 40))
        for here in (chance.random() < 0.6,)
    ]


def _pace(chance: random.Random) -> Pace:
    return pace(SLOT, _minutes(*(chance.uniform(1, 60) for _ in range(chance.randrange(0, 30)))))


def test_the_pace_begins_as_the_slots_say_and_follows_the_day() -> None:
    assert pace(SLOT, []).mean == SLOT
    slow = [pace(SLOT, _minutes(*[25] * count)).mean for count in range(12)]
    assert slow == sorted(slow)
    assert SLOT < slow[1] < timedelta(minutes=20)
    assert timedelta(minutes=22) < slow[-1] < timedelta(minutes=25)


def test_a_meeting_whose_end_was_recorded_late_does_not_spoil_the_day() -> None:
    assert pace(SLOT, _minutes(15, 15, 15, 15, 600)).mean < timedelta(minutes=25)


def test_meetings_of_one_length_make_the_ranges_narrower() -> None:
    assert pace(SLOT, _minutes(*[15] * 9)).spread < pace(SLOT, []).spread < pace(SLOT, _minutes(2, 40, 3, 35)).spread


def test_a_meeting_keeps_the_line_from_its_call_or_from_the_end_of_the_one_before() -> None:
    called_early = [Met(_at(0), _at(10)), Met(_at(8), _at(22)), Met(_at(30), _at(41))]
    assert list(lengths(called_early)) == _minutes(10, 12, 11)


def test_the_room_is_free_when_who_is_inside_and_who_was_called_are_done() -> None:
    steady = Pace(SLOT, timedelta())
    assert free_at(NOW, steady, [], 0, NOW) == NOW
    assert free_at(NOW, steady, [_at(-5)], 1, NOW) == _at(25)
    assert NOW < free_at(NOW, steady, [_at(-60)], 0, NOW) < _at(15)
    assert free_at(NOW, steady, [_at(-5)], 0, _at(40)) == _at(40)


def test_a_gap_goes_to_those_who_are_here() -> None:
    line = [Turn("9:30", _at(30), here=False), Turn("10:00", NOW, here=True), Turn("walk-in", NOW, here=True)]
    expected = expect(line, NOW, Pace(SLOT, timedelta()))
    assert expected["10:00"].middle == NOW
    assert expected["walk-in"].middle == _at(15)
    assert expected["9:30"].low == _at(30)


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_has_a_range_and_nobody_is_expected_before_they_can_be(seed: int) -> None:
    chance = random.Random(seed)
    line, day = _line(chance), _pace(chance)
    free = _at(chance.randrange(0, 30))
    expected = expect(line, free, day)
    assert set(expected) == {turn.key for turn in line}
    for turn in line:
        assert max(free, turn.ready_at) <= expected[turn.key].low <= expected[turn.key].high


@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_who_are_here_the_one_ahead_is_expected_first(seed: int) -> None:
    chance = random.Random(seed)
    line = _line(chance)
    expected = expect(line, NOW, _pace(chance))
    here = [expected[turn.key].middle for turn in line if turn.here]
    assert all(before <= after for before, after in pairwise(here))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_that_stands_still_for_longer_calls_nobody_earlier(seed: int) -> None:
    chance = random.Random(seed)
    line, day = _line(chance), _pace(chance)
    soon, later = expect(line, _at(5), day), expect(line, _at(30), day)
    here = [turn.key for turn in line if turn.here]
    last = max(here, default=None, key=lambda key: soon[key].high)
    assert last is None or soon[last].high <= later[last].high


@pytest.mark.parametrize("seed", SEEDS)
def test_what_people_are_told_is_in_whole_steps_and_never_past(seed: int) -> None:
    chance = random.Random(seed)
    low = _at(chance.uniform(-20, 60))
    told = rounded(Range(low, low + timedelta(minutes=chance.uniform(0, 50))), NOW)
    assert told.low.minute % 5 == told.high.minute % 5 == 0
    assert told.high - told.low >= STEP
    assert told.low > NOW - STEP
    assert told.high >= low
