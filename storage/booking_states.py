"""What each state of a booking means to its rows. The unique indexes of the schema and the statements say the same.

What may follow what is a rule of the municipality's: `services.bookings.states`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from storage.records.bookings import BookingStatus

S = BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    live: bool = False  # a resident has one of these for each session at most, and one hold beside it
    seated: bool = False  # has a seat; also when the meeting is over, since the seat was used
    until_deadline: bool = False  # kept for somebody until a deadline
    expected: bool = False  # somebody is to come


STATES: Mapping[BookingStatus, State] = MappingProxyType(
    {
        S.HELD: State(live=True, seated=True, until_deadline=True),
        S.WAITING: State(live=True),
        S.OFFERED: State(live=True, seated=True, until_deadline=True),
        S.CONFIRMED: State(live=True, seated=True, expected=True),
        S.CHECKED_IN: State(live=True, seated=True, expected=True),
        S.ATTENDED: State(seated=True),
        S.NO_SHOW: State(seated=True),
        S.EXPIRED: State(),
        S.CANCELLED_BY_RESIDENT: State(),
        S.CANCELLED_BY_MUNICIPALITY: State(),
    }
)

LIVE = frozenset(status for status, state in STATES.items() if state.live)
SEATED = frozenset(status for status, state in STATES.items() if state.seated)
KEPT = frozenset(status for status, state in STATES.items() if state.until_deadline)
EXPECTED = frozenset(status for status, state in STATES.items() if state.expected)


def listed(states: Collection[BookingStatus]) -> str:
    """States as a statement lists them behind IN: in one order, as the schema has them, so that its indexes serve."""
    names = (f"'{status.value}'" for status in BookingStatus if status in states)
    return f"({', '.join(names)})"
