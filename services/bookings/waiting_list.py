"""The line for a full Customer Day: first in, first offered; an hour to accept, a quarter on the day; then the next.

Nobody is woken for it: what comes free at night is offered from 08:00 on, except what could not be booked any more by
then. That is offered at once, without a sound, and who sleeps through it keeps their place.

Seats are offered by `services.bookings.transitions.process_expiries`, in every transaction that frees one.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import Actor, resident_actor
from services.bookings import bookings, one_at_a_time, transitions
from services.bookings.availability import SessionAvailability
from services.bookings.bookings import AlreadyBooked, Details, NotCancellable, SlotClosed
from services.bookings.one_at_a_time import OneAlready
from services.bookings.sessions import Free, alternatives
from services.bookings.states import EXPECTED, Transition, can
from services.bookings.transitions import lock_sessions, locked, process_expiries
from services.unit_of_work import Work
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import Reference, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

__all__ = [
    "AlreadyBooked",
    "OfferGone",
    "SlotClosed",
    "accept_offer",
    "decline_offer",
    "join",
    "leave",
    "place_in_line",
]


@dataclass(frozen=True, slots=True)
class OfferGone:
    """It ran out, or was no offer to them. `booking` as it stands; None where there is no such one."""

    booking: Booking | None = None
    alternatives: Free = ()


async def join(
    work: Work,
    session: SessionId,
    resident: Resident,
    details: Details,
    actor: Actor | None = None,
    source: str = "",
) -> Booking | AlreadyBooked | SlotClosed | OneAlready:
    """Stand in line, or apply for the draw: once for each person and number.

    Where a seat has just come free and nobody is before them, it is offered at once, by day. Who has an appointment to
    come may wait for an earlier one, but takes part in no draw. `actor` is who says it for the resident.
    """
    if await session_rows.by_id(work.tx, session) is None:
        return SlotClosed()
    await one_at_a_time.lock_phone(work, details.phone)
    board = (await lock_sessions(work, session))[session]
    mine = board.of(resident.id)
    if mine is not None:
        return AlreadyBooked(mine)
    if not board.anything_ahead(work.now):
        return SlotClosed(await alternatives(work, board))
    other = await _in_the_way(work, board, resident, details.phone)
    if other is not None:
        return OneAlready(other)
    changes = {**details.fields(), "waiting_since": work.now, "source": source}
    joined = await transitions.begin(work, board, resident, Transition.JOIN, changes, actor)
    if joined is None:
        raise RuntimeError(f"resident {resident.id} could not join the line of session {session}")
    rows.link_files(work.tx, joined.id, details.files, work.now)
    await process_expiries(work, board)
    return board.bookings[joined.id]


async def _in_the_way(work: Work, board: SessionAvailability, resident: Resident, phone: str) -> Booking | None:
    waiting = board.waiting()
    same = next((one for one in waiting if phone and one.phone == phone and one.resident_id != resident.id), None)
    if same is not None or board.draw is None:
        return same
    return await one_at_a_time.standing(work, board.session.office, resident.id, phone)


async def place_in_line(work: Work, booking: Booking) -> int:
    """1 for whoever is offered the next seat; 0 for a booking that does not wait."""
    return await rows.place_in_line(work.tx, booking.id)


async def leave(work: Work, reference: Reference, resident: Resident, reason: str = "") -> Booking | NotCancellable:
    """No longer wait."""
    return await bookings.cancel(work, reference, resident, reason)


async def accept_offer(work: Work, reference: Reference, resident: Resident) -> Booking | OfferGone | OneAlready:
    """Take the offered seat. Accepting twice is accepting once. Whoever has an appointment gives it up before."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return OfferGone()
    await one_at_a_time.lock_phone(work, booking.phone)
    await one_at_a_time.lock_person(work, resident.id)
    board, current = await locked(work, booking)
    if current is not None and current.status in EXPECTED:
        return current
    if current is None or current.status is not BookingStatus.OFFERED:
        return OfferGone(current or await rows.by_id(work.tx, booking.id), await alternatives(work, board))
    other = await one_at_a_time.standing(work, current.office, resident.id, current.phone, current.id)
    if other is None:
        starts, ends = current.starts_at, current.ends_at
        other = await one_at_a_time.elsewhere(work, current.office, resident.id, starts, ends)
    if other is not None:
        return OneAlready(other)
    actor = resident_actor(resident.id)
    if (held := board.hold_of(resident.id)) is not None:  # another time of that day, which was looked at meanwhile
        await transitions.apply(work, board, held, Transition.RELEASE_HOLD, actor)
    accepted = await transitions.confirm(work, board, current, actor)
    await process_expiries(work, board)
    return accepted


async def decline_offer(work: Work, reference: Reference, resident: Resident) -> Booking | OfferGone:
    """Leave the offered seat to the next, and the line."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return OfferGone()
    board, current = await locked(work, booking)
    if current is None or not can(current, Transition.DECLINE):
        return OfferGone(current or await rows.by_id(work.tx, booking.id))
    declined = await transitions.cancel(work, board, current, Transition.DECLINE, resident_actor(resident.id))
    await process_expiries(work, board)
    return declined
