"""Where somebody stands in a line, and what follows for the line where that changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import booking_subject
from services.notify.enqueue import notify_resident
from services.notify.notices.line import CallUndone, LineCalled
from services.unit_of_work import Work
from services.visits.grace import GRACE, expected_by
from services.visits.states import Step
from storage import lines, sessions
from storage import visits as rows
from storage.bookings import WALK_IN
from storage.ids import BookingId
from storage.lines import Why
from storage.records.bookings import Booking
from storage.visits import TakenStep, Visit, VisitStatus

__all__ = ["HERE", "WALK_IN", "arrived", "behind", "call_key", "changed", "due_after"]

#: Who waits, or was called and is on the way.
HERE = frozenset({VisitStatus.WAITING, VisitStatus.CALLED})
_ASIDE = timedelta(minutes=5)
_CALL_LASTS = timedelta(minutes=15)
_NEXT_TO = timedelta.resolution

_WHY = {
    Step.RETURN: Why.RETURNED,
    Step.UNDO: Why.RETURNED,
    Step.TRANSFER: Why.TRANSFERRED,
    Step.PUT_BACK: Why.PUT_BACK,
}
#: What people do themselves, or what comes of it, does not make a button of the staff's out of date.
_BY_RESIDENTS = frozenset({Step.RETURN, Step.LEAVE})


async def arrived(work: Work, booking: Booking, starts_at: datetime) -> datetime:
    """Somebody has come: from when on they are due.

    A walk-in is after all who have an appointment that day, in the order in which they came.
    """
    session = await sessions.by_id(work.tx, booking.session_id)
    assert session is not None  # noqa: S101 - a booking refers to it
    lines.touch(work.tx, session.id, work.now, by_staff=False)
    if booking.source == WALK_IN:
        return max(session.closes_at, work.now) + max(work.now - session.opens_at, timedelta())
    place = await lines.place_of(work.tx, booking.id)
    if work.now <= expected_by(starts_at, place) + GRACE:
        return starts_at
    lines.change_place(work.tx, booking.id, placed_at=work.now, placed_why=Why.LATE.value)
    return work.now


async def due_after(work: Work, visit: Visit, step: Step) -> dict[str, object]:
    """When a visit is due after a step: what has to be changed of it."""
    if step is Step.PUT_BACK:
        due_at = await behind(work, visit, 1)
        if due_at == visit.due_at:  # nobody is to go before them in the order: whoever else is here goes meanwhile
            lines.change_place(work.tx, visit.booking_id, back_at=work.now + _ASIDE)
        return {"due_at": due_at}
    if step is Step.RETURN and visit.status is VisitStatus.LEFT:  # they had given up their place
        return {"due_at": max(visit.due_at, work.now)}
    return {}


async def behind(work: Work, visit: Visit, others: int) -> datetime:
    """When somebody is due who lets so many of those who wait behind them go first; fewer where there are fewer.

    Who has an appointment does not go behind a walk-in: they would be behind all appointments of the day.
    """
    session = await sessions.by_id(work.tx, visit.session_id)
    assert session is not None  # noqa: S101 - a visit refers to it
    line = await rows.of_session(work.tx, visit.session_id)
    me = (visit.due_at, visit.booking_id)
    waiting = [one for one in line if one.status is VisitStatus.WAITING and (one.due_at, one.booking_id) > me]
    after = [one.due_at for one in waiting if one.due_at < session.closes_at or visit.due_at >= session.closes_at]
    return after[min(others, len(after)) - 1] + _NEXT_TO if after else visit.due_at


async def changed(work: Work, before: Visit, after: Visit, step: Step, booking: Booking) -> None:
    """What follows for the lines where a visit was changed. Whoever is called hears of it at once."""
    for session in {before.session_id, after.session_id}:
        lines.touch(work.tx, session, work.now, by_staff=step not in _BY_RESIDENTS)
    if (why := _WHY.get(step)) is not None:
        lines.change_place(work.tx, after.booking_id, placed_at=work.now, placed_why=why.value)
    if before.status is VisitStatus.WAITING and after.status is not VisitStatus.WAITING:
        lines.change_place(work.tx, after.booking_id, back_at=None)
    if step is Step.UNDO:
        await _tell_undone(work, before, booking)
    else:  # a step before it may have been taken back
        lines.change_place(work.tx, after.booking_id, undone_at=None)
    if step is Step.CALL:
        await notify_resident(
            work,
            booking.resident_id,
            LineCalled(booking=booking.id, call=after.calls),
            key=call_key(booking.id, after.calls),
            subject=booking_subject(booking.id),
            expires_at=work.now + _CALL_LASTS,
        )


def call_key(booking: BookingId, call: int) -> str:
    """What the message of somebody's call is known by."""
    return f"line_called:{booking}:{call}"


async def _tell_undone(work: Work, before: Visit, booking: Booking) -> None:
    """Their one message says that it was wrong. For a call their phone rang, and so it does for its correction."""
    lines.change_place(work.tx, booking.id, undone_at=work.now)
    if before.step is TakenStep.CALL:
        await notify_resident(
            work,
            booking.resident_id,
            CallUndone(booking=booking.id, call=before.calls),
            key=f"call_undone:{booking.id}:{before.calls}",
            subject=booking_subject(booking.id),
            expires_at=work.now + _CALL_LASTS,
        )
