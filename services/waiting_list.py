"""The waiting list of a full session: first in, first offered."""

from __future__ import annotations

from dataclasses import dataclass

from services import booking_moves
from services.booking_moves import next_reminder, offer_freed_seats, resident_actor, tell_office
from services.bookings import AlreadyBooked, Details, describe, own
from services.references import new_reference
from services.work import Work
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import Reference, SessionId
from storage.records import Booking, BookingEventKind, BookingStatus, Resident, SessionStatus

__all__ = ["OfferGone", "accept_offer", "decline_offer", "join", "offer_freed_seats", "place_in_line", "waiting"]


@dataclass(frozen=True, slots=True)
class OfferGone:
    """The offer ran out, was answered before, or was never theirs."""


async def join(work: Work, session_id: SessionId, resident: Resident, details: Details) -> Booking | AlreadyBooked:
    """Wait for a seat. Where one is free meanwhile, it is offered at once. Raises LookupError for no such session."""
    session = await session_rows.lock(work.tx, session_id)
    if session is None or session.status is SessionStatus.CLOSED or session.closes_at <= work.now:
        raise LookupError(f"nobody can wait for session {session_id}")
    live = await rows.live_of(work.tx, resident.id)
    mine = next((booking for booking in live if booking.session_id == session_id), None)
    if mine is not None and mine.status is not BookingStatus.HELD:
        return AlreadyBooked(mine)
    if mine is not None:
        await booking_moves.end(
            work, mine, BookingStatus.EXPIRED, BookingEventKind.HOLD_RELEASED, resident_actor(resident.id), newer=False
        )
    booking_id = await rows.add(
        work.tx,
        reference=new_reference("B", work.random),
        office=session.office,
        session_id=session.id,
        slot_id=None,
        seat=None,
        resident_id=resident.id,
        status=BookingStatus.WAITING.value,
        source=resident.source,
        deadline=None,
        held_since=None,
        waiting_since=work.now,
        at=work.now,
    )
    if booking_id is None:
        raise RuntimeError("a reference was drawn twice")
    describe(work, booking_id, details)
    rows.add_event(work.tx, booking_id, work.now, resident_actor(resident.id), BookingEventKind.JOINED)
    await offer_freed_seats(work, session_id)
    joined = await rows.by_id(work.tx, booking_id)
    assert joined is not None  # noqa: S101 - just written
    return joined


async def waiting(work: Work, session_id: SessionId) -> int:
    """How many wait for a session."""
    return await rows.count_waiting(work.tx, session_id)


async def place_in_line(work: Work, booking: Booking) -> int:
    """1 is next; 0 for one that does not wait."""
    if booking.status is not BookingStatus.WAITING:
        return 0
    return await rows.count_waiting(work.tx, booking.session_id, up_to=booking)


async def accept_offer(work: Work, reference: Reference, resident: Resident) -> Booking | OfferGone:
    """Take the offered seat."""
    mine = await own(work, reference, resident)
    if mine is None or not _open(work, mine) or mine.starts_at is None:
        return OfferGone()
    changed = await rows.change(
        work.tx,
        mine,
        work.now,
        status=BookingStatus.CONFIRMED,
        slot=mine.slot_id,
        seat=mine.seat,
        remind_at=next_reminder(mine.starts_at, work.now),
        confirmed_at=work.now,
        newer=True,
    )
    if not changed:
        return OfferGone()
    rows.add_event(work.tx, mine.id, work.now, resident_actor(resident.id), BookingEventKind.CONFIRMED)
    confirmed = await rows.by_id(work.tx, mine.id) or mine
    tell_office(work, confirmed, BookingEventKind.CONFIRMED)
    return confirmed


async def decline_offer(work: Work, reference: Reference, resident: Resident) -> Booking | OfferGone:
    """Let the offered seat go to the next in the line."""
    mine = await own(work, reference, resident)
    if mine is None or not _open(work, mine):
        return OfferGone()
    ended = await booking_moves.end(
        work,
        mine,
        BookingStatus.CANCELLED_BY_RESIDENT,
        BookingEventKind.OFFER_DECLINED,
        resident_actor(resident.id),
    )
    if not ended:
        return OfferGone()
    await offer_freed_seats(work, mine.session_id)
    return await rows.by_id(work.tx, mine.id) or mine


def _open(work: Work, booking: Booking) -> bool:
    return booking.status is BookingStatus.OFFERED and booking.deadline is not None and work.now < booking.deadline
