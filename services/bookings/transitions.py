"""How bookings change hands: held, confirmed, offered, ended. Each change is written, kept in history and told.

Every change to a session's seats is made with that session in hand (`lock_sessions`): alone with it until the
commit, what has run out cleared away and freed seats offered to those who wait. Hence the rule for all callers:
take every session that will be needed in one call, change, and `process_expiries` where a seat was freed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from services.actors import CLOCK, Actor, booking_subject, resident_actor
from services.bookings import linked_cases, one_at_a_time
from services.bookings.availability import HOLD, HOLD_AT_MOST, SessionAvailability, load, may_be_offered, offer_deadline
from services.bookings.event_details import NO_DETAIL, Because, BookingDetail
from services.bookings.reminders import next_reminder
from services.bookings.states import EXPECTED, KEPT, LIVE, RULES, SEATED, Transition, can
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.bookings import BookingCancelled, OfferLapsed, SeatOffered, StaffBooking, WaitingEnded
from services.notify.quiet_hours import by_day, is_quiet
from services.streets import appointments
from services.text.references import new_reference
from services.unit_of_work import Work
from storage import bookings as rows
from storage import outbox, sessions
from storage.database import Conflict
from storage.ids import BookingId, SessionId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.records.residents import Resident
from storage.records.sessions import Slot

Changes = Mapping[str, object]

_TRIES = 3  # references drawn before a taken one is taken for a taken seat
_NO_CHANGES: Changes = MappingProxyType({})
_NO_SEAT: Changes = MappingProxyType({"slot_id": None, "seat": None, "starts_at": None, "ends_at": None})
_ON_THE_BOARD = SEATED | LIVE


# ---------------------------------------------------------------------------- sessions in hand


async def lock_sessions(work: Work, *wanted: SessionId) -> dict[SessionId, SessionAvailability]:
    """Be alone with these sessions until the commit, and have them in order.

    Always in the order of their ids, so that no two wait for each other. LookupError where one does not exist.
    """
    boards = {}
    for session_id in sorted(set(wanted)):
        session = await sessions.lock(work.tx, session_id)
        if session is None:
            raise LookupError(f"there is no session {session_id}")
        boards[session_id] = await load(work, session)
    for board in boards.values():
        await process_expiries(work, board)
    return boards


async def locked(work: Work, booking: Booking) -> tuple[SessionAvailability, Booking | None]:
    """A booking's session in hand, and the booking as it stands then, if it has a seat there or waits for one."""
    board = (await lock_sessions(work, booking.session_id))[booking.session_id]
    current = board.bookings.get(booking.id)
    if current is None:
        await refuse_moved(work, booking)
    return board, current


async def refuse_moved(work: Work, booking: Booking) -> None:
    """Raises Conflict where a booking has another session by now: whoever tries again finds it there."""
    now = await rows.by_id(work.tx, booking.id)
    if now is not None and now.session_id != booking.session_id:
        raise Conflict(f"booking {booking.reference} was moved to another day at the same time")


async def process_expiries(work: Work, board: SessionAvailability) -> None:
    """End what has run out, offer free seats to those who wait, and let nobody wait for what cannot come."""
    for booking in board.overdue(work.now):
        await _lapse(work, board, booking)
    await _offer_free_seats(work, board)
    if not board.anything_ahead(work.now):
        for booking in board.waiting():
            await end_waiting(work, board, booking, CLOCK)


async def _offer_free_seats(work: Work, board: SessionAvailability) -> None:
    """First in, first offered; the earliest seat first. A seat that is offered is taken, so nobody else is.

    At night people sleep: what can wait for the morning is offered then, by the clock.
    """
    queue = iter(board.waiting())
    for slot in board.slots:
        while may_be_offered(work, slot) and (seat := board.free_seat(slot, work.now)) is not None:
            first = next(queue, None)
            if first is None:
                return
            await _offer(work, board, first, slot, seat)


async def _offer(work: Work, board: SessionAvailability, booking: Booking, slot: Slot, seat: int) -> None:
    deadline = offer_deadline(work, board.session, slot)
    changes = {**seated(slot, seat), "deadline": deadline}
    offered = await apply(work, board, booking, Transition.OFFER, CLOCK, changes)
    await notify_resident(
        work,
        offered.resident_id,
        SeatOffered(booking=offered.id, version=offered.version),
        key=f"seat_offered:{offered.id}:{offered.version}",
        subject=booking_subject(offered.id),
        expires_at=deadline,
    )


async def _lapse(work: Work, board: SessionAvailability, booking: Booking) -> None:
    if booking.status is BookingStatus.HELD:
        await apply(work, board, booking, Transition.LAPSE_HOLD, CLOCK)
        return
    if is_quiet(work, booking.updated_at):  # offered at night: silence is no refusal, so they keep their position
        await apply(work, board, booking, Transition.WAIT_AGAIN, CLOCK, _NO_SEAT)
    else:
        await apply(work, board, booking, Transition.LAPSE_OFFER, CLOCK)
    await notify_resident(
        work,
        booking.resident_id,
        OfferLapsed(booking=booking.id),
        key=f"offer_lapsed:{booking.id}:{booking.version}",
        subject=booking_subject(booking.id),
        not_before=by_day(work, work.now),
    )


# ---------------------------------------------------------------------------- one booking


async def apply(
    work: Work,
    board: SessionAvailability,
    before: Booking,
    transition: Transition,
    actor: Actor,
    changes: Changes = _NO_CHANGES,
    detail: BookingDetail = NO_DETAIL,
) -> Booking:
    """Apply a transition to a booking of a locked session. Whoever frees a seat then calls `process_expiries`.

    `changes` are fields of `Booking` that it sets beside the state. Raises ValueError where the table does not have
    the transition for the booking's state: a defect.
    """
    if not can(before, transition):
        raise ValueError(f"booking {before.reference} is {before.status}, which has no {transition.name}")
    after = _foreseen(work, before, transition, changes)
    await rows.save(work.tx, before, after)
    words_before = len(before.words) if transition is Transition.ADD else None
    rows.add_event(work.tx, before.id, work.now, actor, RULES[transition].event, detail.stored, words_before)
    _withdraw_what_is_no_longer_true(work, before, after)
    board.changes += 1
    if after.session_id == board.session.id and after.status in _ON_THE_BOARD:
        board.bookings[after.id] = after
    else:
        board.bookings.pop(after.id, None)
    return after


def _foreseen(work: Work, before: Booking, transition: Transition, changes: Changes) -> Booking:
    """The booking as a transition leaves it: its state, and all that follows from the state."""
    rule = RULES[transition]
    status = rule.to or before.status
    follows: dict[str, object] = {"status": status, "version": before.version + rule.versioned, "updated_at": work.now}
    if status not in KEPT:
        follows["deadline"] = None
    if status is not BookingStatus.CONFIRMED:
        follows["remind_at"] = None
    if status not in EXPECTED:
        follows["sole"] = False
    return before.model_copy(update={**changes, **follows})


def _withdraw_what_is_no_longer_true(work: Work, before: Booking, after: Booking) -> None:
    """Messages owed about an offer that was answered or ran out, or about a time that was given up."""
    if before.status is BookingStatus.OFFERED:
        outbox.withdraw(work.tx, f"seat_offered:{before.id}:")
    stays = after.status is BookingStatus.CONFIRMED and after.slot_id == before.slot_id
    if before.status is BookingStatus.CONFIRMED and not stays:
        outbox.withdraw(work.tx, f"reminder:{before.id}:")


async def begin(
    work: Work,
    board: SessionAvailability,
    resident: Resident,
    transition: Transition,
    changes: Changes,
    actor: Actor | None = None,
) -> Booking | None:
    """A new booking in a session in hand; None where its seat or its resident's place is taken after all.

    `actor` is who begins it for the resident, where they do not do so themselves.
    Raises ValueError for a transition with which no booking begins: a defect.
    """
    rule = RULES[transition]
    if not rule.begins or rule.to is None:
        raise ValueError(f"no booking begins with {transition.name}")
    blank = Booking(
        id=BookingId(0),
        reference=new_reference("B", work.random),
        office=board.session.office,
        session_id=board.session.id,
        slot_id=None,
        seat=None,
        resident_id=resident.id,
        status=rule.to,
        version=1,
        topic="",
        words="",
        companions=0,
        needs="[]",
        name="",
        phone="",
        project="",
        registration="",
        answers="{}",
        reason="",
        source="",
        sole=False,
        deadline=None,
        held_since=None,
        waiting_since=None,
        remind_at=None,
        created_at=work.now,
        updated_at=work.now,
        confirmed_at=None,
        day=board.session.day,
        starts_at=None,
        ends_at=None,
    )
    for _ in range(_TRIES):
        new = blank.model_copy(update={**changes, "reference": new_reference("B", work.random)})
        added = await rows.insert(work.tx, new)
        if added is not None:
            rows.add_event(work.tx, added.id, work.now, actor or resident_actor(resident.id), rule.event)
            board.bookings[added.id] = added
            board.changes += 1
            return added
    return None


def seated(slot: Slot, seat: int) -> dict[str, object]:
    """The changes that give a booking a seat."""
    return {"slot_id": slot.id, "seat": seat, "starts_at": slot.starts_at, "ends_at": slot.ends_at}


def held(work: Work, slot: Slot, seat: int, before: Booking | None = None) -> dict[str, object]:
    """The changes that hold a seat. Going from slot to slot keeps no seat longer than `HOLD_AT_MOST` from others."""
    since = work.now
    if before is not None and before.status is BookingStatus.HELD and before.held_since is not None:
        since = before.held_since
    return {
        **seated(slot, seat),
        "held_since": since,
        "deadline": min(work.now + HOLD, since + HOLD_AT_MOST),
    }


async def confirm(
    work: Work, board: SessionAvailability, booking: Booking, actor: Actor, changes: Changes = _NO_CHANGES
) -> Booking:
    """The seat is theirs: reminders are set, the office is told. `changes` may give details or another seat.

    Whoever confirms it asks before whether they may have it beside another (`one_at_a_time`).
    """
    merged = booking.model_copy(update=dict(changes))
    if merged.starts_at is None:
        raise ValueError(f"booking {booking.reference} cannot be confirmed without a seat")
    other = await one_at_a_time.standing(work, merged.office, merged.resident_id, merged.phone, merged.id)
    follows = {
        "confirmed_at": work.now,
        "remind_at": next_reminder(merged.starts_at, work.now),
        "sole": other is None,
    }
    confirmed = await apply(work, board, booking, Transition.CONFIRM, actor, {**changes, **follows})
    await linked_cases.link(work, confirmed)
    await appointments.booked(work, confirmed)
    tell_office(work, confirmed, BookingEventKind.CONFIRMED)
    return confirmed


async def end_waiting(
    work: Work, board: SessionAvailability, booking: Booking, actor: Actor, *, not_before: datetime | None = None
) -> Booking:
    """Nothing is left to wait for."""
    ended = await apply(work, board, booking, Transition.END_WAITING, actor)
    await notify_resident(
        work,
        booking.resident_id,
        WaitingEnded(booking=booking.id),
        key=f"waiting_ended:{booking.id}:{booking.version}",
        subject=booking_subject(booking.id),
        not_before=not_before,
    )
    return ended


async def cancel(
    work: Work,
    board: SessionAvailability,
    booking: Booking,
    transition: Transition,
    actor: Actor,
    reason: str = "",
    *,
    not_before: datetime | None = None,
) -> Booking:
    """End a booking by a transition to one of the cancelled states.

    The office is told of an appointment, and the resident of what the municipality called off.
    """
    ended = await apply(work, board, booking, transition, actor, {"reason": reason}, Because(reason))
    if booking.status is BookingStatus.CONFIRMED:
        tell_office(work, ended, RULES[transition].event)
        await appointments.changed(work, ended)
    if ended.status is BookingStatus.CANCELLED_BY_MUNICIPALITY:
        await notify_resident(
            work,
            ended.resident_id,
            BookingCancelled(booking=ended.id),
            key=f"booking_cancelled:{ended.id}:{ended.version}",
            subject=booking_subject(ended.id),
            not_before=not_before,
        )
    return ended


def added_key(booking: Booking, at: datetime) -> str:
    """By what an office is told no more than once that something was added."""
    return _besides(booking, BookingEventKind.ADDED, at)


def _besides(booking: Booking, what: BookingEventKind, at: datetime) -> str:
    return f"staff_booking:{booking.id}:{booking.version}:{what.value}:{at.isoformat()}"


def tell_office_besides(
    work: Work, booking: Booking, what: BookingEventKind, *, not_before: datetime | None = None
) -> None:
    """Owe the office's staff a card about what was said of a booking that stays as it is; other cards go out too."""
    notify_office(
        work,
        booking.office,
        StaffBooking(booking=booking.id, what=what.value),
        key=_besides(booking, what, work.now),
        subject=booking_subject(booking.id),
        not_before=not_before,
    )


def tell_office(work: Work, booking: Booking, what: BookingEventKind) -> None:
    """Owe the office's staff a card; one that was not sent yet gives way to it."""
    notify_office(
        work,
        booking.office,
        StaffBooking(booking=booking.id, what=what.value),
        key=f"staff_booking:{booking.id}:{booking.version}:{what.value}",
        subject=booking_subject(booking.id),
        supersedes=f"staff_booking:{booking.id}",
    )
