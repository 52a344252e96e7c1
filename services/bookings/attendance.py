"""The day itself: who has arrived, who was received, who did not come; and what they thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.actors import Actor, booking_subject
from services.bookings import cards
from services.bookings.states import RULES, Transition, can
from services.bookings.transitions import apply, locked
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import RateMeeting, WhyNotCome
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import audit, outbox, ratings
from storage import bookings as rows
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

#: A meeting is asked about once, on its evening: when its impression has settled, and before the night.
RATE_AT = time(18)
#: Said to be held only later that evening, it is asked about so long after.
RATE_AFTER = timedelta(minutes=30)
#: Who did not come is asked why on the next morning.
ASK_WHY_AT = time(9)

_S = BookingStatus
#: With these an appointment takes up its day again.
_ANEW = frozenset({Transition.TAKE_BACK, Transition.EXPECT_AGAIN})


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
    """They were received. In the evening they are asked how it was."""
    return await _mark(work, reference, Transition.MARK_ATTENDED, actor)


async def take_back(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They were said to have been received, and have not been yet: they are here, and wait."""
    return await _mark(work, reference, Transition.TAKE_BACK, actor)


async def mark_no_show(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They did not come; never said before the time they were to come. The next morning they are asked why."""
    return await _mark(work, reference, Transition.MARK_NO_SHOW, actor)


async def expect_again(work: Work, reference: Reference, actor: Actor) -> Booking | NotPossible:
    """They were said not to have come, by mistake: they may still come."""
    return await _mark(work, reference, Transition.EXPECT_AGAIN, actor)


async def _mark(work: Work, reference: Reference, transition: Transition, actor: Actor) -> Booking | NotPossible:
    found = await rows.by_reference(work.tx, reference)
    if found is None:
        return NotPossible()
    board, booking = await locked(work, found)
    if booking is None or booking.status is RULES[transition].to:
        return booking or NotPossible(await rows.by_id(work.tx, found.id))
    if not can(booking, transition) or not _is_time_for(work, booking, transition):
        return NotPossible(booking)
    if transition in _ANEW and board.of(booking.resident_id) is not None:
        return NotPossible(booking)  # they have booked again since: one appointment a session
    changed = await apply(work, board, booking, transition, actor)
    audit.record(work.tx, work.now, actor, f"booking.{RULES[transition].event}", booking_subject(booking.id))
    cards.owe_card(work, changed)
    if booking.status is _S.ATTENDED:  # said by mistake
        outbox.withdraw(work.tx, _rate_key(booking))
    if changed.status is _S.ATTENDED:
        await _ask_in_the_evening(work, changed)
    if changed.status is _S.NO_SHOW:
        await _ask_why(work, changed)
    return changed


async def _ask_in_the_evening(work: Work, booking: Booking) -> None:
    evening = datetime.combine(booking.day, RATE_AT, tzinfo=work.offices.zone)
    asked_at = by_day(work, max(evening, work.now + RATE_AFTER)).astimezone(UTC)
    await notify_resident(
        work,
        booking.resident_id,
        RateMeeting(booking=booking.id),
        key=f"{_rate_key(booking)}{work.now.isoformat()}",
        subject=booking_subject(booking.id),
        not_before=asked_at,
    )


async def _ask_why(work: Work, booking: Booking) -> None:
    """Once: an appointment that was corrected in between is not asked about again."""
    morning = datetime.combine(booking.day + timedelta(days=1), ASK_WHY_AT, tzinfo=work.offices.zone)
    await notify_resident(
        work,
        booking.resident_id,
        WhyNotCome(booking=booking.id),
        key=f"why_not_come:{booking.id}",
        subject=booking_subject(booking.id),
        not_before=by_day(work, max(morning, work.now)).astimezone(UTC),
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
