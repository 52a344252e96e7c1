"""Transfer somebody to another queue of the same office and day, no further back than they were."""

from __future__ import annotations

from datetime import datetime

from services.actors import booking_subject
from services.bookings.transitions import lock_sessions
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.hall import NEXT_TO, Lane, positions
from services.visits.states import Step
from services.visits.visits import Denied, NotPossible
from storage import sessions as session_rows
from storage.ids import BookingId, SessionId
from storage.visits import Visit


async def transfer(
    work: Work, person: Person, booking: BookingId, to: SessionId, version: int | None = None
) -> Visit | NotPossible | Denied:
    """Send somebody who waits, was called or was not there to another line."""
    visit = await visits.of(work, booking)
    if visit is None:
        return NotPossible()
    if await guard(work, person, Act.RECEIVE, visit.office, booking_subject(booking)) is None:
        return Denied()
    target = await session_rows.by_id(work.tx, to)
    if target is None or (target.office, target.day) != (visit.office, visit.day) or to == visit.session_id:
        return NotPossible(visit)
    await lock_sessions(work, visit.session_id, to)
    hall = await positions(work, visit.office, visit.day)
    before, lane = hall.find(booking), hall.lane(to)
    if lane is None:
        return NotPossible(visit)
    due_at = _due_at(lane, visit, before[1].position if before is not None else 1)
    changes = {"session_id": to, "due_at": due_at}
    return await visits.change(work, booking, Step.TRANSFER, person.actor, changes, version=version)


def _due_at(lane: Lane, visit: Visit, position: int) -> datetime:
    """When they are due in the other line: as they were, or earlier where that would put them further back."""
    if lane.position_at((visit.due_at, visit.booking_id)) <= position:
        return visit.due_at
    due_at, _ = lane.order[position - 1]
    return due_at - NEXT_TO
