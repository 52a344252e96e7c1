"""The states of a booking in one table: what each means for its seat, and what it may become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from storage.records import BookingStatus

S = BookingStatus
_CANCELLED = frozenset({S.CANCELLED_BY_RESIDENT, S.CANCELLED_BY_MUNICIPALITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a state means, and which states may follow it. A change that leaves the state alone is always possible."""

    follows: frozenset[BookingStatus]
    live: bool = False  # a resident has one of these for each session at most, and one hold beside it
    seated: bool = False  # has a seat; also when the meeting is over, since the seat was used
    until_deadline: bool = False  # kept for somebody until a deadline
    expected: bool = False  # somebody is to come


STATES: Mapping[BookingStatus, State] = MappingProxyType(
    {
        S.HELD: State(
            live=True,
            seated=True,
            until_deadline=True,
            follows=frozenset({S.CONFIRMED, S.EXPIRED, S.CANCELLED_BY_MUNICIPALITY}),
        ),
        # Confirmed without an offer where the person takes another time of the same day.
        S.WAITING: State(live=True, follows=frozenset({S.OFFERED, S.CONFIRMED, S.EXPIRED}) | _CANCELLED),
        S.OFFERED: State(
            live=True,
            seated=True,
            until_deadline=True,
            # Back to waiting where the offer lapsed at night.
            follows=frozenset({S.CONFIRMED, S.WAITING, S.EXPIRED}) | _CANCELLED,
        ),
        S.CONFIRMED: State(
            live=True,
            seated=True,
            expected=True,
            follows=frozenset({S.CHECKED_IN, S.ATTENDED, S.NO_SHOW}) | _CANCELLED,
        ),
        S.CHECKED_IN: State(
            live=True,
            seated=True,
            expected=True,
            follows=frozenset({S.ATTENDED, S.NO_SHOW, S.CANCELLED_BY_MUNICIPALITY}),
        ),
        # Each of the two may be corrected into the other.
        S.ATTENDED: State(seated=True, follows=frozenset({S.NO_SHOW})),
        S.NO_SHOW: State(seated=True, follows=frozenset({S.ATTENDED})),
        # A hold that ran out is confirmed all the same where its seat is still there.
        S.EXPIRED: State(follows=frozenset({S.CONFIRMED})),
        S.CANCELLED_BY_RESIDENT: State(follows=frozenset()),
        S.CANCELLED_BY_MUNICIPALITY: State(follows=frozenset()),
    }
)

LIVE = frozenset(status for status, state in STATES.items() if state.live)
SEATED = frozenset(status for status, state in STATES.items() if state.seated)
KEPT = frozenset(status for status, state in STATES.items() if state.until_deadline)
EXPECTED = frozenset(status for status, state in STATES.items() if state.expected)


def may_become(status: BookingStatus, following: BookingStatus) -> bool:
    return following is status or following in STATES[status].follows
