"""The seats of one session: who has which, which are free, who waits. Facts and arithmetic, nothing is changed here."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.bookings.states import KEPT, LIVE, SEATED
from services.notify.quiet_hours import by_day, is_quiet
from services.unit_of_work import Work
from storage import bookings as booking_rows
from storage import draws
from storage import sessions as session_rows
from storage.draws import Draw
from storage.ids import BookingId, ResidentId, SessionId, SlotId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session, SessionStatus, Slot

HOLD = timedelta(minutes=10)
HOLD_AT_MOST = timedelta(minutes=30)
OFFER = timedelta(hours=1)
OFFER_ON_THE_DAY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    slot: Slot
    free: int


@dataclass(slots=True)
class SessionAvailability:
    """A session with its slots in order, and everyone who has a seat or waits for one.

    `services.bookings.transitions` keeps it in step with what it writes.
    """

    session: Session
    slots: tuple[Slot, ...]
    bookings: dict[BookingId, Booking]
    draw: Draw | None = None  # that is still to come: until then nobody is given a seat
    changes: int = 0

    def slot(self, slot: SlotId | None) -> Slot | None:
        return next((one for one in self.slots if one.id == slot), None)

    def of(self, resident: ResidentId) -> Booking | None:
        """A resident's appointment, offer or place in the line; a hold is none of them."""
        mine = (one for one in self.bookings.values() if one.resident_id == resident and one.status in LIVE)
        return next((one for one in mine if one.status is not BookingStatus.HELD), None)

    def hold_of(self, resident: ResidentId) -> Booking | None:
        """The seat that is held for a resident, beside an offer or a place in the line if they have one."""
        held = (one for one in self.bookings.values() if one.status is BookingStatus.HELD)
        return next((one for one in held if one.resident_id == resident), None)

    def waiting(self) -> list[Booking]:
        """Who waits, the first first."""
        found = [one for one in self.bookings.values() if one.status is BookingStatus.WAITING]
        return sorted(found, key=lambda one: (one.waiting_since or one.created_at, one.id))

    def overdue(self, now: datetime) -> list[Booking]:
        """Holds and offers that have run out."""
        return [one for one in self.bookings.values() if _has_run_out(one, now)]

    def bookable(self, slot: Slot, now: datetime) -> bool:
        """Whether the slot's seats, if there are any, are given out: drawn, released, and not too near."""
        given = self.session.status is SessionStatus.OPEN and self.draw is None
        return given and slot.released_at <= now < slot.bookable_until

    def anything_ahead(self, now: datetime) -> bool:
        """Whether a seat may still come free in time; those of a rule that was dropped never do."""
        given = (slot for slot in self.slots if slot.capacity)
        return self.session.status is SessionStatus.OPEN and any(now < slot.bookable_until for slot in given)

    def free(self, slot: Slot, now: datetime) -> int:
        """How many seats of a slot can be given out."""
        if not self.bookable(slot, now):
            return 0
        return max(0, slot.capacity - len(self._seated(slot, now)))

    def seat_for(self, resident: ResidentId, slot: Slot, now: datetime) -> int | None:
        """The lowest free seat of a slot that a resident may have; None where none is.

        Available seats are for those who wait, the earliest for the first. So it is at night, when no offers go out.
        """
        before = itertools.takewhile(lambda one: one.resident_id != resident, self.waiting())
        return self.free_seat(slot, now) if self._left(sum(1 for _ in before), now)[slot.id] else None

    def seat_in(self, slot: Slot, resident: ResidentId, now: datetime) -> int | None:
        """The seat that a resident may have: what is held for or offered to them there is theirs."""
        own = (self.hold_of(resident), self.of(resident))
        seats = (one.seat for one in own if one is not None and one.slot_id == slot.id)
        return next(seats, None) or self.seat_for(resident, slot, now)

    def free_seat(self, slot: Slot, now: datetime) -> int | None:
        """The lowest free seat of a slot, whoever waits; None where none is."""
        if self.free(slot, now) == 0:
            return None
        taken = {one.seat for one in self._seated(slot, now)}
        return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)

    def free_slots(self, now: datetime, *, early: bool = False) -> tuple[FreeSlot, ...]:
        """The slots with seats for whoever comes now: those for the waiting list, the earliest, are left out.

        With `early` also those that are not released yet, which nobody waits for.
        """
        left = self._left(len(self.waiting()), now)
        if early:
            left |= {slot.id: free for slot in self.slots if (free := self._unreleased(slot, now))}
        return tuple(FreeSlot(slot, left[slot.id]) for slot in self.slots if left[slot.id])

    def early_seat(self, slot: Slot, now: datetime) -> int | None:
        """The lowest free seat of a slot that is not released yet; None where there is none."""
        if not self._unreleased(slot, now):
            return None
        taken = {one.seat for one in self._seated(slot, now)}
        return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)

    def _unreleased(self, slot: Slot, now: datetime) -> int:
        """How many seats of a slot are free and not released yet."""
        ahead = now < slot.released_at and now < slot.bookable_until
        if self.session.status is not SessionStatus.OPEN or self.draw is not None or not ahead:
            return 0
        return max(0, slot.capacity - len(self._seated(slot, now)))

    def _left(self, promised: int, now: datetime) -> dict[SlotId, int]:
        """How many seats of each slot are free when the earliest of all went to so many people."""
        left = {}
        for slot in self.slots:
            free = self.free(slot, now)
            left[slot.id] = max(0, free - promised)
            promised -= free - left[slot.id]
        return left

    def _seated(self, slot: Slot, now: datetime) -> list[Booking]:
        here = (one for one in self.bookings.values() if one.slot_id == slot.id and one.status in SEATED)
        return [one for one in here if not _has_run_out(one, now)]


def _has_run_out(booking: Booking, now: datetime) -> bool:
    return booking.status in KEPT and booking.deadline is not None and booking.deadline <= now


async def look(work: Work, session: SessionId) -> SessionAvailability | None:
    """A session as it stands, for showing it. Whoever changes it uses `services.bookings.transitions.lock_sessions`."""
    found = await session_rows.by_id(work.tx, session)
    return None if found is None else await load(work, found)


async def load(work: Work, session: Session) -> SessionAvailability:
    slots = await session_rows.slots_of(work.tx, session.id)
    bookings = await booking_rows.seated_or_waiting(work.tx, session.id)
    draw = await draws.of(work.tx, session.id)
    to_come = draw if draw is not None and draw.drawn_at is None else None
    return SessionAvailability(session, slots, {one.id: one for one in bookings}, to_come)


def too_soon_to_wait(work: Work) -> datetime | None:
    """At night only seats that close for booking before this time are offered; None by day, when all are."""
    morning = by_day(work, work.now)
    return None if morning == work.now else morning + OFFER_ON_THE_DAY


def may_be_offered(work: Work, slot: Slot) -> bool:
    """Whether a free seat is offered now: at night only where it would be too late in the morning."""
    soon = too_soon_to_wait(work)
    return soon is None or slot.bookable_until < soon


def offer_deadline(work: Work, session: Session, slot: Slot) -> datetime:
    """Until when an offered seat is kept: an hour, a quarter on the day, never past the slot's lead time.

    What is offered at night comes without a sound and is kept as long as it can be: who sleeps loses nothing by it.
    """
    if is_quiet(work, work.now):
        return slot.bookable_until
    span = OFFER_ON_THE_DAY if session.day == work.today else OFFER
    return min(work.now + span, slot.bookable_until)
