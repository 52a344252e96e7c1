"""Why a seat could not be held, confirmed, moved or given up, and what else there is."""

from __future__ import annotations

from dataclasses import dataclass

from services.bookings.sessions import Free
from storage.records.bookings import Booking


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody was quicker. `alternatives` are the nearest of the same session, then the first of others."""

    alternatives: Free = ()


@dataclass(frozen=True, slots=True)
class SlotClosed:
    """The slot is not bookable: too soon, closed or not yet released."""

    alternatives: Free = ()


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The resident already has an appointment, a place in the waiting list or this same offer in the session."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class AlreadyConfirmed:
    booking: Booking


@dataclass(frozen=True, slots=True)
class HoldLost:
    """The hold ran out and somebody else has the seat, or its slot is closed."""

    alternatives: Free = ()


@dataclass(frozen=True, slots=True)
class NotMovable:
    """`booking` is what stands in the way: its state or its time; another one on the day wished for. None: unknown."""

    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class NotCancellable:
    """`booking` as it stands; None where there is no such one."""

    booking: Booking | None = None
