"""The day itself: who has arrived, who was received, who did not come; and what they thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.actors import Actor, booking_subject
from services.bookings.states import RULES, Transition, can
from services.bookings.transitions import apply, locked
from services.notify.notices import RateMeeting, notify_resident
from services.unit_of_work import Work
from storage import audit, outbox, ratings
from storage import bookings as rows
from storage.ids import Reference
from storage.records import Booking, BookingStatus, Resident

#: A meeting is asked about when its impression has settled.
RATE_AFTER = timedelta(hours=2)

_S = BookingStatus


@dataclass(frozen=True, slots=True)
class NotPossible:
    """Its state or the day do not allow it. `booking` as it stands; None where there is no such one."""

    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    booking: Booking
    stars: int
    changed: bool  # another number was there before


@dataclass(frozen=True, slots=True)
class NotRateable:
    """No meeting took place, or it was another's, or there are no stars yet to comment on."""

    booking: Booking | None = None


# ---------------------------------------------------------------------------- the day


async def check_in(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """Somebody has arrived, on the day. Checking in twice is checking in once."""
    return await _mark(work, reference, Transition.CHECK_IN, actor)


async def mark_attended(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They were received. Two hours later they are asked how it was."""
    return await _mark(work, reference, Transition.MARK_ATTENDED, actor)


async def take_back(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They were said to have been received, and have not been yet: they are here, and wait."""
    return await _mark(work, reference, Transition.TAKE_BACK, actor)


async def mark_no_show(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They did not come; never said before the time they were to come."""
    return await _mark(work, reference, Transition.MARK_NO_SHOW, actor)


async def _mark(work: Work, reference: Reference, transition: Transition, actor: Actor) -> Booking | NotPossible:
    found = await rows.by_reference(work.tx, reference)
    if found is None:
        return NotPossible()
    board, booking = await locked(work, found)
    if booking is None or booking.status is RULES[transition].to:
        return booking or NotPossible(await rows.by_id(work.tx, found.id))
    if not can(booking, transition) or not _is_time_for(work, booking, transition):
        return NotPossible(booking)
    if transition is Transition.TAKE_BACK and board.of(booking.resident_id) is not None:
        return NotPossible(booking)  # they have booked again since: one appointment a session
    changed = await apply(work, board, booking, transition, actor)
    audit.record(work.tx, work.now, actor, f"booking.{changed.status}", booking_subject(booking.id))
    if booking.status is _S.ATTENDED:  # said by mistake
        outbox.withdraw(work.tx, _rate_key(booking))
    if changed.status is _S.ATTENDED:
        await _ask_later(work, changed)
    return changed


async def _ask_later(work: Work, booking: Booking) -> None:
    asked_at = work.now + RATE_AFTER
    await notify_resident(
        work,
        booking.resident_id,
        RateMeeting(booking=booking.id),
        key=f"{_rate_key(booking)}{asked_at.isoformat()}",
        subject=booking_subject(booking.id),
        not_before=asked_at,
    )


def _is_time_for(work: Work, booking: Booking, transition: Transition) -> bool:
    match transition:
        case Transition.CHECK_IN:
            return booking.day == work.today
        case Transition.MARK_NO_SHOW:
            return booking.starts_at is not None and booking.starts_at <= work.now
        case _:
            return booking.day <= work.today


def _rate_key(booking: Booking) -> str:
    """What the keys of its questions begin with: attendance that was corrected twice is asked about once more."""
    return f"rate_meeting:{booking.id}:"


# ---------------------------------------------------------------------------- satisfaction


async def rate_meeting(work: Work, reference: Reference, resident: Resident, stars: int) -> Rated | NotRateable:
    """Record a tap at once; a second one changes the first. `stars` is 1 to 5."""
    booking = await _met(work, reference, resident)
    if isinstance(booking, NotRateable):
        return booking
    before = await ratings.of(work.tx, "booking", booking.id, 0, resident.id)
    if before is None or before.stars != stars:
        await ratings.put(work.tx, "booking", booking.id, 0, resident.id, stars, work.now)
    return Rated(booking, stars, changed=before is not None and before.stars != stars)


async def comment_meeting(work: Work, reference: Reference, resident: Resident, words: str) -> Rated | NotRateable:
    """Words to the stars that were given."""
    booking = await _met(work, reference, resident)
    if isinstance(booking, NotRateable):
        return booking
    rating = await ratings.of(work.tx, "booking", booking.id, 0, resident.id)
    if rating is None:
        return NotRateable(booking)
    ratings.comment(work.tx, rating.id, words)
    return Rated(booking, rating.stars, changed=False)


async def _met(work: Work, reference: Reference, resident: Resident) -> Booking | NotRateable:
    booking = await rows.by_reference(work.tx, reference)
    if booking is None or booking.resident_id != resident.id:
        return NotRateable()
    return booking if booking.status is _S.ATTENDED else NotRateable(booking)
