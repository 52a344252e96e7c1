"""The transitions of a booking in one table: what is not in it does not happen.

`transitions.begin` and `transitions.apply` carry them out, and nothing else changes a booking's state. What a state
means for its seat is in `storage.booking_states`, beside the statements that count seats by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from storage.booking_states import EXPECTED, KEPT, LIVE, SEATED
from storage.records.bookings import Booking, BookingEventKind, BookingStatus

__all__ = ["EXPECTED", "KEPT", "LIVE", "OPEN", "RULES", "SEATED", "Rule", "Transition", "can"]

S, E = BookingStatus, BookingEventKind

#: What a resident has: a hold is part of a booking that is not made yet.
OPEN = LIVE - {S.HELD}


class Transition(Enum):
    """What changes a booking."""

    HOLD = auto()
    JOIN = auto()  # the waiting list
    CONFIRM = auto()
    MOVE = auto()
    CHANGE_MEETING = auto()  # in person, by phone or by video
    ADD = auto()  # words or files for the meeting
    UNSAY = auto()  # what was added was meant for something else
    RELEASE_HOLD = auto()
    DECLINE = auto()  # an offer
    GIVE_UP_OFFER = auto()  # the resident has moved another appointment to that day
    CANCEL = auto()
    # the municipality's
    CALL_OFF = auto()
    CHECK_IN = auto()
    WALK_IN = auto()  # somebody came without an appointment
    MARK_ATTENDED = auto()
    MARK_NO_SHOW = auto()
    TAKE_BACK = auto()  # that they were received
    EXPECT_AGAIN = auto()  # they were said not to have come
    # the clock's
    OFFER = auto()
    LAPSE_HOLD = auto()
    LAPSE_OFFER = auto()
    WAIT_AGAIN = auto()  # the offer lapsed at night
    END_WAITING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From which states, to which (None: it stays), what it leaves in the history."""

    allowed: frozenset[BookingStatus] = frozenset()
    begins: bool = False  # a new booking begins with it
    to: BookingStatus | None
    event: BookingEventKind
    versioned: bool = False  # what a calendar shows, or an offer's buttons, are no longer true


RULES: Mapping[Transition, Rule] = MappingProxyType(
    {
        # A hold may be exchanged for one on another seat.
        Transition.HOLD: Rule(begins=True, allowed=frozenset({S.HELD}), to=S.HELD, event=E.HELD),
        Transition.JOIN: Rule(begins=True, to=S.WAITING, event=E.JOINED),
        Transition.CONFIRM: Rule(
            # Somebody who waits may take another time of that day; a hold that ran out counts while its seat is free.
            allowed=frozenset({S.HELD, S.OFFERED, S.WAITING, S.EXPIRED}),
            to=S.CONFIRMED,
            event=E.CONFIRMED,
        ),
        Transition.MOVE: Rule(allowed=frozenset({S.CONFIRMED}), to=None, event=E.MOVED, versioned=True),
        Transition.CHANGE_MEETING: Rule(
            allowed=frozenset({S.CONFIRMED}), to=None, event=E.MEETING_CHANGED, versioned=True
        ),
        Transition.ADD: Rule(allowed=(LIVE | SEATED) - {S.HELD}, to=None, event=E.ADDED),
        Transition.UNSAY: Rule(allowed=(LIVE | SEATED) - {S.HELD}, to=None, event=E.TAKEN_BACK),
        Transition.RELEASE_HOLD: Rule(allowed=frozenset({S.HELD}), to=S.EXPIRED, event=E.HOLD_RELEASED),
        Transition.DECLINE: Rule(
            allowed=frozenset({S.OFFERED}), to=S.CANCELLED_BY_RESIDENT, event=E.OFFER_DECLINED, versioned=True
        ),
        Transition.GIVE_UP_OFFER: Rule(allowed=frozenset({S.OFFERED}), to=S.EXPIRED, event=E.OFFER_DECLINED),
        Transition.CANCEL: Rule(
            allowed=frozenset({S.WAITING, S.OFFERED, S.CONFIRMED}),
            to=S.CANCELLED_BY_RESIDENT,
            event=E.CANCELLED,
            versioned=True,
        ),
        Transition.CALL_OFF: Rule(allowed=LIVE, to=S.CANCELLED_BY_MUNICIPALITY, event=E.CANCELLED, versioned=True),
        Transition.CHECK_IN: Rule(allowed=frozenset({S.CONFIRMED}), to=S.CHECKED_IN, event=E.CHECKED_IN),
        Transition.WALK_IN: Rule(begins=True, to=S.CHECKED_IN, event=E.CHECKED_IN),
        # Each of the two may be corrected into the other.
        Transition.MARK_ATTENDED: Rule(allowed=EXPECTED | {S.NO_SHOW}, to=S.ATTENDED, event=E.ATTENDED),
        Transition.MARK_NO_SHOW: Rule(allowed=EXPECTED | {S.ATTENDED}, to=S.NO_SHOW, event=E.NO_SHOW),
        Transition.TAKE_BACK: Rule(allowed=frozenset({S.ATTENDED}), to=S.CHECKED_IN, event=E.CHECKED_IN),
        Transition.EXPECT_AGAIN: Rule(allowed=frozenset({S.NO_SHOW}), to=S.CONFIRMED, event=E.UNDONE),
        Transition.OFFER: Rule(allowed=frozenset({S.WAITING}), to=S.OFFERED, event=E.OFFERED, versioned=True),
        Transition.LAPSE_HOLD: Rule(allowed=frozenset({S.HELD}), to=S.EXPIRED, event=E.HOLD_LAPSED),
        Transition.LAPSE_OFFER: Rule(allowed=frozenset({S.OFFERED}), to=S.EXPIRED, event=E.OFFER_LAPSED),
        Transition.WAIT_AGAIN: Rule(allowed=frozenset({S.OFFERED}), to=S.WAITING, event=E.OFFER_LAPSED),
        Transition.END_WAITING: Rule(allowed=frozenset({S.WAITING, S.OFFERED}), to=S.EXPIRED, event=E.WAITING_ENDED),
    }
)


def can(booking: Booking, transition: Transition) -> bool:
    """Whether a booking's state has a transition."""
    return booking.status in RULES[transition].allowed
