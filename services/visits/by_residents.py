"""What somebody who waits says themselves: more time, that they cannot come, that they are here after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from services.actors import resident_actor
from services.bookings import bookings, transitions
from services.bookings.states import Transition, can
from services.bookings.transitions import lock_sessions, locked, process_expiries
from services.unit_of_work import Work
from services.visits import places, visits
from services.visits.hall import lane_now
from services.visits.states import Step
from services.visits.states import can as can_step
from services.visits.visits import NotPossible
from storage import lines as rows
from storage import sessions as session_rows
from storage.ids import Reference
from storage.records.bookings import Booking, BookingEventKind
from storage.records.residents import Resident
from storage.visits import Visit

#: For so long others go first, and so often somebody may ask for it.
MORE = timedelta(minutes=10)
MOST = 2


@dataclass(frozen=True, slots=True)
class LetGo:
    """Others go first until then."""

    visit: Visit
    until: datetime
    left: int  # how often they may ask again


class AskedOften:
    """They have asked for more time as often as they may."""


async def more_time(work: Work, reference: Reference, resident: Resident) -> LetGo | AskedOften | NotPossible:
    """Let those go first who can in the time, and call nobody before it is over."""
    visit = await _visit(work, reference, resident)
    if visit is None or not can_step(visit, Step.PUT_BACK):
        return NotPossible(visit)
    session = await session_rows.by_id(work.tx, visit.session_id)
    place = await rows.place_of(work.tx, visit.booking_id)
    if session is None or session.day != work.today:
        return NotPossible(visit)
    if place.more >= MOST:
        return AskedOften()
    await lock_sessions(work, session.id)
    lane = await lane_now(work, session)
    due_at = await places.behind(work, visit, ceil(MORE / lane.pace.mean))
    actor = resident_actor(resident.id)
    after = await visits.change(work, visit.booking_id, Step.PUT_BACK, actor, {"due_at": due_at}, version=visit.version)
    if isinstance(after, NotPossible):
        return after
    until = work.now + MORE
    rows.change_place(work.tx, visit.booking_id, back_at=until, more=place.more + 1)
    return LetGo(after, until, MOST - place.more - 1)


async def come_back(work: Work, reference: Reference, resident: Resident) -> Visit | NotPossible:
    """They are here: after a call that they missed, or although they had left."""
    visit = await _visit(work, reference, resident)
    if visit is None or visit.day != work.today:
        return NotPossible(visit)
    if visit.status in places.HERE:  # they wait already: others need not go first any more
        rows.change_place(work.tx, visit.booking_id, back_at=None)
        rows.touch(work.tx, visit.session_id, work.now, by_staff=False)
        return visit
    return await visits.change(work, visit.booking_id, Step.RETURN, resident_actor(resident.id))


async def leave(work: Work, reference: Reference, resident: Resident) -> Visit | Booking | NotPossible:
    """They cannot come, or cannot stay: who is here leaves the line, who is not gives up the appointment."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return NotPossible()
    if await visits.of(work, booking.id) is not None:
        return await _leave_the_line(work, booking, resident)
    board, current = await locked(work, booking)
    if current is None or current.day < work.today or not can(current, Transition.CANCEL):
        return NotPossible()
    # Also when the appointment has begun: whoever says so is no longer waited for.
    ended = await transitions.cancel(work, board, current, Transition.CANCEL, resident_actor(resident.id), "unable")
    rows.touch(work.tx, booking.session_id, work.now, by_staff=False)
    await process_expiries(work, board)
    return ended


async def _leave_the_line(work: Work, booking: Booking, resident: Resident) -> Visit | NotPossible:
    """Who is here has to leave; the office is told, as of those who cannot come."""
    after = await visits.change(work, booking.id, Step.LEAVE, resident_actor(resident.id))
    if isinstance(after, Visit):
        transitions.tell_office_besides(work, booking, BookingEventKind.LEFT)
    return after


async def _visit(work: Work, reference: Reference, resident: Resident) -> Visit | None:
    booking = await bookings.own(work, reference, resident)
    return None if booking is None else await visits.of(work, booking.id)
