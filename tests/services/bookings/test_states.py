"""The table of booking states agrees with the schema, and with itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.bookings.states import EXPECTED, KEPT, LIVE, SEATED, STATES, may_become
from storage.records import BookingStatus

VERSIONS = Path(__file__).parents[3] / "storage" / "migrations" / "versions"


def _states_of_index(name: str) -> set[str]:
    """The states that the newest definition of a unique index names."""
    found = [
        match[1]
        for path in sorted(VERSIONS.glob("*.sql"))
        for match in re.finditer(rf"UNIQUE INDEX {name} ON .*?WHERE (.*?);", path.read_text(), re.DOTALL)
    ]
    return set(re.findall(r"'(\w+)'", found[-1]))


def test_every_state_is_in_the_table() -> None:
    assert set(STATES) == set(BookingStatus)


def test_a_seat_is_taken_where_the_schema_says_so() -> None:
    assert _states_of_index("one_live_seat") == set(SEATED)


def test_a_booking_is_live_where_the_schema_says_so() -> None:
    assert _states_of_index("one_live_booking") | _states_of_index("one_hold") == set(LIVE)


def test_what_is_kept_or_expected_is_live_and_has_a_seat() -> None:
    assert KEPT | EXPECTED <= LIVE & SEATED


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED_BY_RESIDENT, BookingStatus.CANCELLED_BY_MUNICIPALITY])
def test_nothing_follows_a_cancelled_booking(status: BookingStatus) -> None:
    assert [other for other in BookingStatus if may_become(status, other)] == [status]


def test_every_state_is_reached_from_a_hold_or_the_waiting_list() -> None:
    reached = {BookingStatus.HELD, BookingStatus.WAITING}
    while more := {after for one in reached for after in STATES[one].follows} - reached:
        reached |= more
    assert reached == set(BookingStatus)
