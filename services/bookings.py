"""Seats at Customer Day: held, confirmed, moved, cancelled, and what became of the meeting.

Invariants, backed by the schema: live seats never exceed the capacity; one live booking for each resident
and session; a held seat is taken; every change is compare-and-set.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from services import booking_moves
from services.booking_moves import next_reminder, offer_freed_seats, resident_actor, tell_office
from services.notices import BookingCancelled, RateMeeting, notify_resident
from services.references import new_reference
from services.work import Work
from storage import audit, outbox, ratings
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import BookingId, FileId, Reference, ResidentId, SlotId
from storage.records import (
    Booking,
    BookingEvent,
    BookingEventKind,
    BookingStatus,
    Need,
    Resident,
    Session,
    SessionStatus,
    Slot,
)

__all__ = [
    "AlreadyBooked",
    "AlreadyConfirmed",
    "Booking",
    "BookingEvent",
    "BookingEventKind",
    "BookingStatus",
    "Details",
    "HoldLost",
    "Need",
    "NotCancellable",
    "NotMovable",
    "SlotClosed",
    "SlotTaken",
    "by_id",
    "by_reference",
    "cancel",
    "cancel_by_municipality",
    "check_in",
    "comment_meeting",
    "confirm_attendance",
    "confirm_seat",
    "files_of",
    "history",
    "lengthen_hold",
    "live_of",
    "mark_attended",
    "mark_no_show",
    "of_resident",
    "own",
    "rate_meeting",
    "release_hold",
    "reschedule",
    "reserve_seat",
]

HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=30)  # a seat is not kept from others for longer, however slow the answers
RATE_AFTER = timedelta(hours=2)
ALTERNATIVES = 3
_TRIES = 3  # where another takes the same seat at the same moment

S = BookingStatus
E = BookingEventKind
Alternatives = tuple[tuple[Session, Slot], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """What a meeting is about and who comes."""

    topic: str
    words: str = ""
    companions: int = 0
    needs: tuple[Need, ...] = ()
    name: str = ""
    phone: str = ""
    project: str = ""
    registration: str = ""
    files: tuple[FileId, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody was first."""

    alternatives: Alternatives = ()


@dataclass(frozen=True, slots=True)
class SlotClosed:
    """It can't be booked: too late, not yet given out, closed, or not there."""

    alternatives: Alternatives = ()


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """The resident already has a seat in the session, or a place in its line."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class AlreadyConfirmed:
    booking: Booking


@dataclass(frozen=True, slots=True)
class HoldLost:
    """The hold ran out and the seat went to somebody else."""

    alternatives: Alternatives = ()


@dataclass(frozen=True, slots=True)
class NotMovable:
    """Not theirs, not confirmed, already begun, or the new time can't be had by them."""


@dataclass(frozen=True, slots=True)
class NotCancellable:
    """Not theirs, already over, or not in a state for this."""


# ---------------------------------------------------------------------------- holding a seat


async def reserve_seat(
    work: Work, slot: SlotId, resident: Resident, source: str = ""
) -> Booking | SlotTaken | SlotClosed | AlreadyBooked:
    """Hold a seat for ten minutes. Choosing another time moves the hold; a resident holds one seat at a time."""
    found = await session_rows.lock_slot(work.tx, slot)
    if found is None:
        return SlotClosed()
    session, wanted = found
    if not _bookable(work, session, wanted):
        return SlotClosed(await _alternatives(work, session))
    await booking_moves.lapse_of_slot(work, slot)
    if await rows.count_waiting(work.tx, session.id):
        await offer_freed_seats(work, session.id)  # those who wait come first
    live = await rows.live_of(work.tx, resident.id)
    mine = next((booking for booking in live if booking.session_id == session.id), None)
    if mine is not None and mine.status not in {S.HELD, S.WAITING}:
        return AlreadyBooked(mine)
    held = await _hold(work, session, wanted, resident, mine, source)
    if held is None:
        return SlotTaken(await _alternatives(work, session, wanted.starts_at))
    await _release_others(work, live, held, resident)
    return held


def _bookable(work: Work, session: Session, slot: Slot) -> bool:
    is_open = session.status is SessionStatus.OPEN and slot.capacity > 0
    return is_open and slot.released_at <= work.now < slot.bookable_until


async def _alternatives(work: Work, session: Session, near: datetime | None = None) -> Alternatives:
    """The nearest free times: later ones of the same session first, then whatever comes."""
    found = await session_rows.nearest_free(
        work.tx, session.office, work.now, after=near or work.now, besides=None, limit=ALTERNATIVES
    )
    if len(found) < ALTERNATIVES and near is not None:
        earlier = await session_rows.nearest_free(
            work.tx, session.office, work.now, after=work.now, besides=None, limit=ALTERNATIVES
        )
        known = {slot.id for _, slot in found}
        found += [pair for pair in earlier if pair[1].id not in known][: ALTERNATIVES - len(found)]
    return tuple(found)


async def _hold(
    work: Work, session: Session, slot: Slot, resident: Resident, mine: Booking | None, source: str
) -> Booking | None:
    if mine is not None and mine.status is S.HELD and mine.slot_id == slot.id:
        return await lengthen_hold(work, mine.id, resident) or mine
    for _ in range(_TRIES):
        seat = await booking_moves.free_seat(work, slot.id, slot.capacity)
        if seat is None:
            return None
        booking_id = (
            await _new_hold(work, session, slot, seat, resident, source)
            if mine is None
            else await _moved_hold(work, slot, seat, mine)
        )
        if booking_id is not None:
            rows.add_event(work.tx, booking_id, work.now, resident_actor(resident.id), E.HELD)
            if mine is not None and mine.slot_id is not None:
                await offer_freed_seats(work, session.id)
            return await rows.by_id(work.tx, booking_id)
    return None


async def _new_hold(
    work: Work, session: Session, slot: Slot, seat: int, resident: Resident, source: str
) -> BookingId | None:
    return await rows.add(
        work.tx,
        reference=new_reference("B", work.random),
        office=session.office,
        session_id=session.id,
        slot_id=slot.id,
        seat=seat,
        resident_id=resident.id,
        status=S.HELD.value,
        source=source,
        deadline=min(work.now + HOLD, slot.bookable_until),
        held_since=work.now,
        waiting_since=None,
        at=work.now,
    )


async def _moved_hold(work: Work, slot: Slot, seat: int, mine: Booking) -> BookingId | None:
    since = mine.held_since or work.now
    changed = await rows.change(
        work.tx,
        mine,
        work.now,
        status=S.HELD,
        slot=slot.id,
        seat=seat,
        deadline=min(work.now + HOLD, since + LONGEST_HOLD, slot.bookable_until),
        held_since=since,
    )
    return mine.id if changed else None


async def _release_others(work: Work, live: list[Booking], held: Booking, resident: Resident) -> None:
    for other in live:
        if other.status is S.HELD and other.id != held.id:
            await release_hold(work, other.id, resident)


async def lengthen_hold(work: Work, booking: BookingId, resident: Resident) -> Booking | None:
    """Ten minutes more while the resident answers, thirty in all; None where there is no hold of theirs."""
    mine = await rows.lock(work.tx, booking)
    if mine is None or mine.resident_id != resident.id or mine.status is not S.HELD or mine.held_since is None:
        return None
    deadline = min(work.now + HOLD, mine.held_since + LONGEST_HOLD)
    if mine.deadline is not None and deadline > mine.deadline:
        rows.lengthen(work.tx, mine.id, deadline)
    return await rows.by_id(work.tx, booking)


async def release_hold(work: Work, booking: BookingId, resident: Resident) -> None:
    """Give a held seat back."""
    mine = await rows.lock(work.tx, booking)
    if mine is None or mine.resident_id != resident.id or mine.status is not S.HELD:
        return
    await booking_moves.end(work, mine, S.EXPIRED, E.HOLD_RELEASED, resident_actor(resident.id), newer=False)
    await offer_freed_seats(work, mine.session_id)


# ---------------------------------------------------------------------------- confirming


async def confirm_seat(
    work: Work, booking: BookingId, resident: Resident, details: Details
) -> Booking | HoldLost | AlreadyConfirmed:
    """Confirm a held seat. One whose ten minutes ran out is taken again where nobody else has it yet."""
    mine = await rows.lock(work.tx, booking)
    if mine is None or mine.resident_id != resident.id or mine.slot_id is None:
        return HoldLost()
    if mine.status in {S.CONFIRMED, S.CHECKED_IN}:
        return AlreadyConfirmed(mine)
    found = await session_rows.lock_slot(work.tx, mine.slot_id)
    if found is None:
        return HoldLost()
    session, slot = found
    seat = await _seat_still_theirs(work, session, slot, mine)
    if seat is None:
        return HoldLost(await _alternatives(work, session, slot.starts_at))
    return await _confirm(work, mine, slot, seat, details)


async def _seat_still_theirs(work: Work, session: Session, slot: Slot, mine: Booking) -> int | None:
    if mine.status is S.HELD and mine.deadline is not None and work.now < mine.deadline:
        return mine.seat
    if mine.status not in {S.HELD, S.EXPIRED} or not _bookable(work, session, slot):
        return None
    if mine.status is S.HELD and not await rows.count_waiting(work.tx, session.id):
        return mine.seat  # the clock has not let go of it yet, and nobody is before them
    await booking_moves.lapse_of_slot(work, slot.id)
    await offer_freed_seats(work, session.id)
    live = await rows.live_of(work.tx, mine.resident_id)
    if any(other.session_id == session.id and other.id != mine.id for other in live):
        return None
    return await booking_moves.free_seat(work, slot.id, slot.capacity)


async def _confirm(work: Work, mine: Booking, slot: Slot, seat: int, details: Details) -> Booking | HoldLost:
    current = await rows.by_id(work.tx, mine.id) or mine
    changed = await rows.change(
        work.tx,
        current,
        work.now,
        status=S.CONFIRMED,
        slot=slot.id,
        seat=seat,
        remind_at=next_reminder(slot.starts_at, work.now),
        confirmed_at=work.now,
    )
    if not changed:
        return HoldLost()
    describe(work, mine.id, details)
    rows.add_event(work.tx, mine.id, work.now, resident_actor(mine.resident_id), E.CONFIRMED)
    confirmed = await _again(work, mine.id)
    tell_office(work, confirmed, E.CONFIRMED)
    return confirmed


def describe(work: Work, booking: BookingId, details: Details) -> None:
    """Write down what the meeting is about and who comes."""
    rows.describe(
        work.tx,
        booking,
        topic=details.topic,
        words=details.words,
        companions=details.companions,
        needs=json.dumps([need.value for need in details.needs]),
        name=details.name,
        phone=details.phone,
        project=details.project,
        registration=details.registration,
    )
    rows.link_files(work.tx, booking, details.files)


async def _again(work: Work, booking: BookingId) -> Booking:
    found = await rows.by_id(work.tx, booking)
    assert found is not None  # noqa: S101 - rows are never deleted
    return found


# ---------------------------------------------------------------------------- moving and cancelling


async def reschedule(
    work: Work, reference: Reference, resident: Resident, slot: SlotId
) -> Booking | SlotTaken | NotMovable:
    """Another time for the same booking, with the same reference."""
    found = await session_rows.lock_slot(work.tx, slot)
    mine = await own(work, reference, resident)
    if found is None or mine is None or mine.status is not S.CONFIRMED or not _ahead(work, mine):
        return NotMovable()
    session, wanted = found
    if mine.slot_id == wanted.id or session.office != mine.office or not _bookable(work, session, wanted):
        return NotMovable()
    live = await rows.live_of(work.tx, resident.id)
    if any(other.session_id == session.id and other.id != mine.id for other in live):
        return NotMovable()
    await booking_moves.lapse_of_slot(work, slot)
    if await rows.count_waiting(work.tx, session.id):
        await offer_freed_seats(work, session.id)
    seat = await booking_moves.free_seat(work, wanted.id, wanted.capacity)
    if seat is None:
        return SlotTaken(await _alternatives(work, session, wanted.starts_at))
    changed = await rows.change(
        work.tx,
        mine,
        work.now,
        status=S.CONFIRMED,
        session=session.id,
        slot=wanted.id,
        seat=seat,
        remind_at=next_reminder(wanted.starts_at, work.now),
        newer=True,
    )
    if not changed:
        return NotMovable()
    rows.add_event(work.tx, mine.id, work.now, resident_actor(resident.id), E.MOVED, _iso(mine.starts_at))
    outbox.withdraw(work.tx, f"reminder:{mine.id}:")
    await offer_freed_seats(work, mine.session_id)
    moved = await _again(work, mine.id)
    tell_office(work, moved, E.MOVED)
    return moved


def _iso(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat()


def _ahead(work: Work, booking: Booking) -> bool:
    return booking.starts_at is not None and work.now < booking.starts_at


async def cancel(work: Work, reference: Reference, resident: Resident, reason: str = "") -> Booking | NotCancellable:
    """The resident will not come, or no longer waits. The seat goes to whoever waits."""
    mine = await own(work, reference, resident)
    if mine is None or mine.status not in {S.HELD, S.WAITING, S.OFFERED, S.CONFIRMED}:
        return NotCancellable()
    if mine.status is S.CONFIRMED and not _ahead(work, mine):
        return NotCancellable()
    actor = resident_actor(resident.id)
    if not await booking_moves.end(work, mine, S.CANCELLED_BY_RESIDENT, E.CANCELLED, actor, reason=reason):
        return NotCancellable()
    ended = await _again(work, mine.id)
    if mine.status is S.CONFIRMED:
        tell_office(work, ended, E.CANCELLED)
    await offer_freed_seats(work, mine.session_id)
    return ended


async def cancel_by_municipality(work: Work, booking: BookingId, reason: str, actor: str) -> Booking | NotCancellable:
    """The municipality calls a booking off; the resident is told and offered the nearest free times."""
    found = await rows.lock(work.tx, booking)
    if found is None or found.status not in {S.WAITING, S.OFFERED, S.CONFIRMED, S.CHECKED_IN}:
        return NotCancellable()
    if not await booking_moves.end(work, found, S.CANCELLED_BY_MUNICIPALITY, E.CANCELLED, actor, reason=reason):
        return NotCancellable()
    audit.record(work.tx, work.now, actor, "booking.cancel", f"booking:{found.id}")
    await notify_resident(
        work,
        found.resident_id,
        BookingCancelled(booking=found.id),
        key=f"called_off:{found.id}:{found.version}",
        subject=f"booking:{found.id}",
    )
    await offer_freed_seats(work, found.session_id)
    return await _again(work, found.id)


async def confirm_attendance(work: Work, reference: Reference, resident: Resident) -> Booking | NotCancellable:
    """The resident says once more that they will come."""
    mine = await own(work, reference, resident)
    if mine is None or mine.status is not S.CONFIRMED or not _ahead(work, mine):
        return NotCancellable()
    if not any(event.what is E.WILL_COME for event in await rows.history(work.tx, mine.id)):
        rows.add_event(work.tx, mine.id, work.now, resident_actor(resident.id), E.WILL_COME)
    return mine


# ---------------------------------------------------------------------------- looking


async def of_resident(work: Work, resident: Resident) -> tuple[Booking, ...]:
    """A resident's bookings, the newest first; holds are not shown."""
    return tuple(await rows.of_resident(work.tx, resident.id))


async def live_of(work: Work, resident: ResidentId) -> tuple[Booking, ...]:
    """Those still ahead, holds left out."""
    live = await rows.live_of(work.tx, resident)
    return tuple(booking for booking in live if booking.status is not S.HELD)


async def by_reference(work: Work, reference: Reference) -> Booking | None:
    return await rows.by_reference(work.tx, reference)


async def by_id(work: Work, booking: BookingId) -> Booking | None:
    return await rows.by_id(work.tx, booking)


async def own(work: Work, reference: Reference, resident: Resident) -> Booking | None:
    """A resident's own booking. Somebody else's is as unknown to them as one that does not exist."""
    found = await rows.by_reference(work.tx, reference)
    return found if found is not None and found.resident_id == resident.id else None


async def history(work: Work, booking: BookingId) -> tuple[BookingEvent, ...]:
    return tuple(await rows.history(work.tx, booking))


async def files_of(work: Work, booking: BookingId) -> tuple[FileId, ...]:
    return await rows.files_of(work.tx, booking)


# ---------------------------------------------------------------------------- what became of the meeting


async def check_in(work: Work, reference: Reference, actor: str) -> Booking | NotCancellable:
    """The visitor is here."""
    return await _outcome(work, reference, actor, {S.CONFIRMED}, S.CHECKED_IN, E.CHECKED_IN)


async def mark_attended(work: Work, reference: Reference, actor: str) -> Booking | NotCancellable:
    """The meeting took place; the resident is asked how it was two hours later."""
    met = await _outcome(work, reference, actor, {S.CONFIRMED, S.CHECKED_IN}, S.ATTENDED, E.ATTENDED)
    if isinstance(met, Booking):
        await notify_resident(
            work,
            met.resident_id,
            RateMeeting(booking=met.id),
            key=f"rate:{met.id}",
            subject=f"booking:{met.id}",
            not_before=work.now + RATE_AFTER,
        )
    return met


async def mark_no_show(work: Work, reference: Reference, actor: str) -> Booking | NotCancellable:
    """Nobody came. Recorded, without a punishment."""
    return await _outcome(work, reference, actor, {S.CONFIRMED}, S.NO_SHOW, E.NO_SHOW)


async def _outcome(
    work: Work,
    reference: Reference,
    actor: str,
    before: set[BookingStatus],
    after: BookingStatus,
    what: BookingEventKind,
) -> Booking | NotCancellable:
    found = await rows.by_reference(work.tx, reference)
    if found is None or found.status not in before:
        return NotCancellable()
    if not await rows.change(work.tx, found, work.now, status=after, slot=found.slot_id, seat=found.seat):
        return NotCancellable()
    rows.add_event(work.tx, found.id, work.now, actor, what)
    outbox.withdraw(work.tx, f"reminder:{found.id}:")
    audit.record(work.tx, work.now, actor, f"booking.{after.value}", f"booking:{found.id}")
    return await _again(work, found.id)


async def rate_meeting(work: Work, reference: Reference, resident: Resident, stars: int) -> Booking | NotCancellable:
    """Record a tap at once; a second one changes the first. `stars` is 1 to 5."""
    mine = await own(work, reference, resident)
    if mine is None or mine.status is not S.ATTENDED:
        return NotCancellable()
    await ratings.put(work.tx, "booking", mine.id, 0, resident.id, stars, work.now)
    return mine


async def comment_meeting(work: Work, reference: Reference, resident: Resident, words: str) -> Booking | NotCancellable:
    """Words to a rating that was given."""
    mine = await own(work, reference, resident)
    rating = None if mine is None else await ratings.of(work.tx, "booking", mine.id, 0, resident.id)
    if mine is None or rating is None:
        return NotCancellable()
    ratings.comment(work.tx, rating.id, words)
    return mine
