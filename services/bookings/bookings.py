"""A resident's appointment on Customer Day: held, confirmed, cancelled. `attendance` is about the day itself.

What can be expected to happen is returned: the booking, or an outcome that says why not and what else there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from services.actors import Actor, booking_subject, resident_actor
from services.bookings import one_at_a_time, priority, transitions
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
from services.bookings.event_details import Added
from services.bookings.lookup import (
    by_id,
    by_reference,
    files_of,
    has_passed,
    history,
    is_ahead,
    of_resident,
    open_of,
    own,
)
from services.bookings.moving import move_by_municipality, reschedule
from services.bookings.one_at_a_time import OneAlready
from services.bookings.outcomes import (
    AlreadyBooked,
    AlreadyConfirmed,
    HoldLost,
    NotCancellable,
    NotMovable,
    SlotClosed,
    SlotTaken,
)
from services.bookings.sessions import alternatives
from services.bookings.states import EXPECTED, KEPT, Transition, can
from services.bookings.transitions import (
    Changes,
    held,
    lock_sessions,
    locked,
    process_expiries,
    seated,
)
from services.files.attachments import TOGETHER
from services.text.normalise import MAX_TOLD
from services.unit_of_work import Work
from storage import audit, booking_questions
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import BookingId, FileId, Reference, SlotId
from storage.records.bookings import Booking, BookingEvent, BookingEventKind, BookingStatus, Need
from storage.records.residents import Resident

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
    "has_passed",
    "history",
    "lengthen_hold",
    "mark_attended",
    "mark_no_show",
    "move_by_municipality",
    "of_resident",
    "open_of",
    "own",
    "rate_meeting",
    "release_hold",
    "reschedule",
    "reserve_seat",
]


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
    """Release a resident's hold, so that others may have the seat. Anything but a hold of their own stays as it is."""
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
    await one_at_a_time.lock_person(work, resident.id)
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
    if other is None:
        other = await one_at_a_time.elsewhere(work, before.office, resident.id, before.starts_at, before.ends_at)
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
    seat = None if slot is None else board.seat_in(slot, before.resident_id, work.now)
    if lapsed is None or lapsed.status is not BookingStatus.EXPIRED or held or slot is None or seat is None:
        return HoldLost(await alternatives(work, board, slot))
    return lapsed, seated(slot, seat)


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
    begun = booking.status is BookingStatus.CONFIRMED and not is_ahead(booking, now)
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
