"""A resident's appointment on Customer Day: held, confirmed, moved, cancelled. `attendance` is about the day itself.

What can be expected to happen is returned: the booking, or an outcome that says why not and what else there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from services.actors import Actor, booking_subject, resident_actor
from services.bookings import fair_use, one_at_a_time, priority, transitions
from services.bookings.attendance import (
    NotPossible,
    NotRateable,
    Rated,
    check_in,
    comment_meeting,
    mark_attended,
    mark_no_show,
    rate_meeting,
)
from services.bookings.availability import HOLD, HOLD_AT_MOST, SessionAvailability
from services.bookings.event_details import NO_DETAIL, Added, FromTime
from services.bookings.fair_use import Slowed
from services.bookings.one_at_a_time import OneAlready
from services.bookings.reminders import next_reminder
from services.bookings.sessions import Free, alternatives
from services.bookings.states import EXPECTED, KEPT, LIVE, Transition, can
from services.bookings.transitions import (
    Changes,
    held,
    lock_sessions,
    locked,
    process_expiries,
    refuse_moved,
    seated,
)
from services.files.attachments import TOGETHER
from services.notify.notices import BookingMoved, notify_resident
from services.streets import appointments
from services.text.normalise import MAX_TOLD
from services.unit_of_work import Work
from storage import audit, booking_questions
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import BookingId, FileId, Reference, ResidentId, SlotId
from storage.records import Booking, BookingEvent, BookingEventKind, BookingStatus, FileRow, Need, Resident, Slot

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
    "NotPossible",
    "NotRateable",
    "OneAlready",
    "Rated",
    "SlotClosed",
    "SlotTaken",
    "add_note",
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
    "mark_attended",
    "mark_no_show",
    "move_by_municipality",
    "of_resident",
    "own",
    "rate_meeting",
    "release_hold",
    "reschedule",
    "reserve_seat",
]

#: What becomes of a resident's hold, offer or place in the line of a day to which they move their appointment.
_GIVEN_UP = {
    BookingStatus.HELD: Transition.RELEASE_HOLD,
    BookingStatus.OFFERED: Transition.GIVE_UP_OFFER,
    BookingStatus.WAITING: Transition.END_WAITING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a resident says about the visit. `companions` is 0 to 3; `phone` is in E.164."""

    topic: str = ""
    words: str = ""
    companions: int = 0
    needs: tuple[Need, ...] = ()
    name: str = ""
    phone: str = ""
    project: str = ""
    registration: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # to further questions, by the name of the field
    files: tuple[FileId, ...] = ()

    def fields(self) -> dict[str, object]:
        """As fields of a `Booking`."""
        return {name: value for name, value in asdict(self).items() if name != "files"}


# ---------------------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody was quicker. `alternatives` are the nearest of the same session, then the first of others."""

    alternatives: Free = ()


@dataclass(frozen=True, slots=True)
class SlotClosed:
    """It is no longer, or not yet, given: too near, closed, not released."""

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


# ---------------------------------------------------------------------------- a seat is held


async def reserve_seat(
    work: Work, slot: SlotId, resident: Resident, source: str = ""
) -> Booking | SlotTaken | SlotClosed | AlreadyBooked:
    """Hold a seat for ten minutes. A resident's hold elsewhere is given up for it, but not for nothing.

    An offer to them, or their place in the line, stays as it is until the hold is confirmed.
    """
    boards = await lock_sessions(work, *await session_rows.to_hold(work.tx, slot, resident.id))
    found = [(board, wanted) for board in boards.values() if (wanted := board.slot(slot))]
    if not found:
        return SlotClosed()
    [(board, wanted)] = found
    mine, before = board.of(resident.id), board.hold_of(resident.id)
    if mine is not None and (mine.status in EXPECTED or mine.slot_id == slot):
        return AlreadyBooked(mine)
    kept = before is not None and before.slot_id == slot
    early = board.early_seat(wanted, work.now) if await priority.has(work, resident) else None
    if not kept and early is None and not board.bookable(wanted, work.now):
        return SlotClosed(await alternatives(work, board, wanted))
    seat = before.seat if before is not None and kept else early or board.seat_for(resident.id, wanted, work.now)
    if seat is None:
        return SlotTaken(await alternatives(work, board, wanted))
    booking = await _hold(work, board, before, resident, held(work, wanted, seat, before), source)
    if booking is None:
        return SlotTaken(await alternatives(work, board, wanted))
    for other in boards.values():
        await _release_others(work, other, booking)
    return booking


async def _hold(
    work: Work,
    board: SessionAvailability,
    before: Booking | None,
    resident: Resident,
    changes: dict[str, object],
    source: str,
) -> Booking | None:
    if before is None:
        return await transitions.begin(work, board, resident, Transition.HOLD, {**changes, "source": source})
    actor = resident_actor(resident.id)
    return await transitions.apply(work, board, before, Transition.HOLD, actor, changes)


async def _release_others(work: Work, board: SessionAvailability, but: Booking) -> None:
    """One hold at a time. Also gives a seat that was exchanged in the same session to those who wait."""
    for hold in [one for one in board.bookings.values() if one.status is BookingStatus.HELD]:
        if hold.resident_id == but.resident_id and hold.id != but.id:
            actor = resident_actor(but.resident_id)
            await transitions.apply(work, board, hold, Transition.RELEASE_HOLD, actor)
    await process_expiries(work, board)


async def lengthen_hold(work: Work, booking: BookingId, resident: Resident) -> Booking | HoldLost:
    """Ten minutes more for a resident who is still answering, thirty in all."""
    hold = await rows.by_id(work.tx, booking)
    if hold is None or hold.resident_id != resident.id or hold.held_since is None:
        return HoldLost()
    deadline = min(work.now + HOLD, hold.held_since + HOLD_AT_MOST)
    if not await rows.lengthen(work.tx, hold, deadline, work.now):
        return HoldLost()
    return hold.model_copy(update={"deadline": deadline})


async def release_hold(work: Work, booking: BookingId, resident: Resident) -> None:
    """The resident went elsewhere: others may have the seat. Whatever is no hold of theirs stays as it is."""
    hold = await rows.by_id(work.tx, booking)
    if hold is None or hold.resident_id != resident.id or not can(hold, Transition.RELEASE_HOLD):
        return
    board, current = await locked(work, hold)
    if current is not None and can(current, Transition.RELEASE_HOLD):
        actor = resident_actor(resident.id)
        await transitions.apply(work, board, current, Transition.RELEASE_HOLD, actor)
        await process_expiries(work, board)


# ---------------------------------------------------------------------------- it is confirmed


async def confirm_seat(
    work: Work,
    booking: BookingId,
    resident: Resident,
    details: Details,
    actor: Actor | None = None,
    *,
    beside: str = "",
) -> Booking | HoldLost | AlreadyConfirmed | OneAlready:
    """Make a hold an appointment. One that ran out is as good as long as its slot has a free seat.

    Who was offered another seat, or waited, has their appointment under that reference; what was offered goes on.
    `actor` is who confirms it for the resident, where they do not do so themselves. `beside` is why it is given beside
    another one to come at the office.
    """
    before = await rows.by_id(work.tx, booking)
    if before is None or before.resident_id != resident.id:
        return HoldLost()
    await one_at_a_time.lock_phone(work, details.phone)
    board, current = await locked(work, before)
    if current is not None and current.status not in KEPT:
        waits = current.status is BookingStatus.WAITING
        return HoldLost(await alternatives(work, board)) if waits else AlreadyConfirmed(current)
    changes: Changes = details.fields()
    if current is None:
        again = await _seat_again(work, board, before)
        if isinstance(again, HoldLost | AlreadyConfirmed):
            return again
        current, seat = again
        changes = {**changes, **seat}
    other = await one_at_a_time.standing(work, before.office, resident.id, details.phone, before.id)
    if other is not None and not beside:
        return OneAlready(other)
    actor, place = actor or resident_actor(resident.id), board.of(resident.id)
    if place is not None and place.id != current.id:
        changes = {**_seat_of(current), **changes}
        if current.status is BookingStatus.HELD:
            await transitions.apply(work, board, current, Transition.RELEASE_HOLD, actor)
        current = place
    confirmed = await transitions.confirm(work, board, current, actor, changes)
    if other is not None:
        rows.add_event(work.tx, confirmed.id, work.now, actor, BookingEventKind.BESIDE, beside)
        audit.record(work.tx, work.now, actor, "booking.beside", booking_subject(confirmed.id), other.reference)
    await priority.use(work, confirmed, board.slot(confirmed.slot_id))
    rows.link_files(work.tx, confirmed.id, details.files, work.now)
    await process_expiries(work, board)
    return confirmed


def _seat_of(booking: Booking) -> dict[str, object]:
    return {name: getattr(booking, name) for name in ("slot_id", "seat", "starts_at", "ends_at")}


async def _seat_again(
    work: Work, board: SessionAvailability, before: Booking
) -> tuple[Booking, dict[str, object]] | HoldLost | AlreadyConfirmed:
    """A lapsed hold, and the seat it may have now."""
    lapsed = await rows.by_id(work.tx, before.id)
    other, held = board.of(before.resident_id), board.hold_of(before.resident_id)
    if other is not None and other.status in EXPECTED:
        return AlreadyConfirmed(other)
    slot = board.slot(before.slot_id)
    seat = None if slot is None else _seat_in(work, board, slot, before.resident_id)
    if lapsed is None or lapsed.status is not BookingStatus.EXPIRED or held or slot is None or seat is None:
        return HoldLost(await alternatives(work, board, slot))
    return lapsed, seated(slot, seat)


def _seat_in(work: Work, board: SessionAvailability, slot: Slot, resident: ResidentId) -> int | None:
    """The seat that a resident may have: what is held for or offered to them there is theirs."""
    own = (board.hold_of(resident), board.of(resident))
    seats = (one.seat for one in own if one is not None and one.slot_id == slot.id)
    return next(seats, None) or board.seat_for(resident, slot, work.now)


# ---------------------------------------------------------------------------- it is moved


async def reschedule(
    work: Work, reference: Reference, resident: Resident, slot: SlotId
) -> Booking | SlotTaken | NotMovable | Slowed:
    """Move an appointment to another slot. It keeps its reference; moving it to where it is changes nothing.

    Whoever moves and cancels again and again can move it to near times only, for a while.
    """
    booking = await own(work, reference, resident)
    if booking is None:
        return NotMovable()
    wanted = await session_rows.slot(work.tx, slot)
    limit = await fair_use.slowed(work, resident, booking.office)
    if limit is not None and wanted is not None and slot != booking.slot_id and wanted.starts_at >= limit.before:
        return limit
    return await _move(work, booking, slot, resident_actor(resident.id))


async def move_by_municipality(
    work: Work, booking: BookingId, slot: SlotId, actor: Actor, *, not_before: datetime | None = None
) -> Booking | SlotTaken | NotMovable:
    """The same by staff. The resident is told, and not earlier than `not_before`."""
    before = await rows.by_id(work.tx, booking)
    if before is None:
        return NotMovable()
    moved = await _move(work, before, slot, actor)
    if isinstance(moved, Booking) and moved.version != before.version:
        audit.record(work.tx, work.now, actor, "booking.move", booking_subject(booking))
        await notify_resident(
            work,
            moved.resident_id,
            BookingMoved(booking=moved.id, version=moved.version),
            key=f"booking_moved:{moved.id}:{moved.version}",
            subject=booking_subject(moved.id),
            not_before=not_before,
        )
    return moved


async def _move(work: Work, before: Booking, to: SlotId, actor: Actor) -> Booking | SlotTaken | NotMovable:
    slot = await session_rows.slot(work.tx, to)
    if slot is None:
        return SlotTaken()
    boards = await lock_sessions(work, before.session_id, slot.session_id)
    here, there = boards[before.session_id], boards[slot.session_id]
    booking = here.bookings.get(before.id)
    if booking is None:
        await refuse_moved(work, before)
    if booking is None or not _is_ahead(booking, work.now) or not can(booking, Transition.MOVE):
        return NotMovable(booking or await rows.by_id(work.tx, before.id))
    if booking.slot_id == to:
        return booking
    other = None if there is here else there.of(booking.resident_id)
    if other is not None and other.status in EXPECTED:
        return NotMovable(other)
    elsewhere = await _one_there(work, booking, there)
    if elsewhere is not None:
        return NotMovable(elsewhere)
    seat = _seat_in(work, there, slot, booking.resident_id)
    if seat is None:
        return SlotTaken(await alternatives(work, there, slot))
    for one in (other, there.hold_of(booking.resident_id)):
        if one is not None:
            await transitions.apply(work, there, one, _GIVEN_UP[one.status], actor)
    return await _seat_there(work, here, there, booking, slot, seat, actor)


async def _one_there(work: Work, booking: Booking, there: SessionAvailability) -> Booking | None:
    """The appointment that they have at another office already, where it is moved there."""
    office = there.session.office
    if office == booking.office or not booking.sole:
        return None
    return await one_at_a_time.standing(work, office, booking.resident_id, booking.phone, booking.id)


async def _seat_there(
    work: Work,
    here: SessionAvailability,
    there: SessionAvailability,
    booking: Booking,
    slot: Slot,
    seat: int,
    actor: Actor,
) -> Booking:
    former = FromTime(booking.starts_at) if booking.starts_at else NO_DETAIL
    changes = {
        **seated(slot, seat),
        "office": there.session.office,
        "session_id": there.session.id,
        "day": there.session.day,
        "confirmed_at": work.now,
        "remind_at": next_reminder(slot.starts_at, work.now),
    }
    here.bookings.pop(booking.id)
    moved = await transitions.apply(work, there, booking, Transition.MOVE, actor, changes, former)
    transitions.tell_office(work, moved, BookingEventKind.MOVED)
    await appointments.changed(work, moved)
    for board in {here.session.id: here, there.session.id: there}.values():
        await process_expiries(work, board)
    return moved


def _is_ahead(booking: Booking, now: datetime) -> bool:
    return booking.starts_at is not None and booking.starts_at > now


# ---------------------------------------------------------------------------- it is cancelled


async def cancel(work: Work, reference: Reference, resident: Resident, reason: str = "") -> Booking | NotCancellable:
    """Give up an appointment, an offer or a place in the line (a hold is released). A reason is optional."""
    booking = await own(work, reference, resident)
    if booking is None:
        return NotCancellable()
    board, current = await locked(work, booking)
    actor = resident_actor(resident.id)
    if current is not None and can(current, Transition.RELEASE_HOLD):
        ended = await transitions.apply(work, board, current, Transition.RELEASE_HOLD, actor)
    elif current is not None and _is_cancellable(current, work.now):
        ended = await transitions.cancel(work, board, current, Transition.CANCEL, actor, reason)
    else:
        return NotCancellable(current or await rows.by_id(work.tx, booking.id))
    await process_expiries(work, board)
    return ended


def _is_cancellable(booking: Booking, now: datetime) -> bool:
    begun = booking.status is BookingStatus.CONFIRMED and not _is_ahead(booking, now)
    return can(booking, Transition.CANCEL) and not begun


async def cancel_by_municipality(work: Work, booking: BookingId, reason: str, actor: Actor) -> Booking | NotCancellable:
    """The same by staff, of whatever has not taken place. The resident is told, and offered the nearest free slots."""
    before = await rows.by_id(work.tx, booking)
    if before is None:
        return NotCancellable()
    board, current = await locked(work, before)
    if current is None or not can(current, Transition.CALL_OFF):
        return NotCancellable(current or await rows.by_id(work.tx, booking))
    ended = await transitions.cancel(work, board, current, Transition.CALL_OFF, actor, reason)
    audit.record(work.tx, work.now, actor, "booking.cancel", booking_subject(booking))
    await process_expiries(work, board)
    return ended


async def confirm_attendance(work: Work, reference: Reference, resident: Resident) -> Booking | NotCancellable:
    """They say they will come: kept in the history once for each time agreed on."""
    booking = await own(work, reference, resident)
    if booking is None or booking.status not in EXPECTED:
        return NotCancellable(booking)
    said = [event for event in await rows.events(work.tx, booking.id) if event.what is BookingEventKind.WILL_COME]
    if booking.confirmed_at is None or all(event.at < booking.confirmed_at for event in said):
        actor = resident_actor(resident.id)
        rows.add_event(work.tx, booking.id, work.now, actor, BookingEventKind.WILL_COME)
        transitions.tell_office_besides(work, booking, BookingEventKind.WILL_COME)
    return booking


# ---------------------------------------------------------------------------- it is added to


async def add_note(
    work: Work,
    reference: Reference,
    resident: Resident,
    words: str,
    files: tuple[FileId, ...] = (),
    *,
    held: timedelta | None = None,
) -> Booking | NotPossible:
    """Add words (as many as there is room for) and files for the meeting, until it is over; it answers what was asked.

    Files that follow within a minute, as those of an album do, belong to what was added before. The office is told,
    of what is `held` that much later.
    """
    before = await own(work, reference, resident)
    if before is None:
        return NotPossible()
    board, booking = await locked(work, before)
    if booking is None or not can(booking, Transition.ADD) or has_passed(work, booking):
        return NotPossible(booking or await rows.by_id(work.tx, before.id))
    rows.link_files(work.tx, booking.id, files, work.now)
    actor = resident_actor(resident.id)
    if not words and await _just_added(work, booking, actor):
        return booking
    everything = "\n".join(filter(None, (booking.words, words)))[:MAX_TOLD].rstrip()
    changes = {"words": everything}
    changed = await transitions.apply(work, board, booking, Transition.ADD, actor, changes, Added(words))
    booking_questions.answered(work.tx, changed.id, work.now)
    not_before = None if held is None else work.now + held
    transitions.tell_office_besides(work, changed, BookingEventKind.ADDED, not_before=not_before)
    return changed


async def _just_added(work: Work, booking: Booking, actor: Actor) -> bool:
    *_, last = await rows.events(work.tx, booking.id)
    return last.what is BookingEventKind.ADDED and last.actor == actor and work.now - last.at <= TOGETHER


# ---------------------------------------------------------------------------- looking them up


async def of_resident(work: Work, resident: ResidentId) -> tuple[Booking, ...]:
    """A resident's appointments and places in lines: what is ahead by time, then the past, the latest first.

    Holds that never became an appointment are left out.
    """
    found = [one for one in await rows.of_resident(work.tx, resident) if not _came_to_nothing(one, work.now)]
    ahead = [one for one in found if one.status in LIVE and not has_passed(work, one)]
    past = [one for one in found if one not in ahead]
    return (*sorted(ahead, key=_time), *sorted(past, key=_time, reverse=True))


def _came_to_nothing(booking: Booking, now: datetime) -> bool:
    if booking.confirmed_at is not None or booking.waiting_since is not None:
        return False
    lapsed = booking.status is BookingStatus.HELD and booking.deadline is not None and booking.deadline <= now
    return lapsed or booking.status is BookingStatus.EXPIRED


def has_passed(work: Work, booking: Booking) -> bool:
    """Whether its time, or the day of a place in a line, is behind us."""
    return booking.ends_at <= work.now if booking.ends_at else booking.day < work.today


def _time(booking: Booking) -> tuple[str, str, int]:
    return booking.day.isoformat(), booking.starts_at.isoformat() if booking.starts_at else "", booking.id


async def by_reference(work: Work, reference: Reference) -> Booking | None:
    return await rows.by_reference(work.tx, reference)


async def by_id(work: Work, booking: BookingId) -> Booking | None:
    return await rows.by_id(work.tx, booking)


async def own(work: Work, reference: Reference, resident: Resident) -> Booking | None:
    """A resident's own booking. Another's is as unknown as one that does not exist."""
    booking = await rows.by_reference(work.tx, reference)
    return booking if booking is not None and booking.resident_id == resident.id else None


async def history(work: Work, booking: BookingId) -> tuple[BookingEvent, ...]:
    return await rows.events(work.tx, booking)


async def files_of(work: Work, booking: BookingId) -> tuple[FileRow, ...]:
    return await rows.files(work.tx, booking)
