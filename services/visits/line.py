"""Calling people in from the line of a session; `hall` reads how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.actors import booking_subject, session_subject
from services.bookings.transitions import lock_sessions
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import holds, visits
from services.visits.hall import Call, Hall, Lane, ToCome, Waiting, lane_now, positions
from services.visits.states import Step
from services.visits.visits import Denied
from storage import sessions as session_rows
from storage.ids import BookingId, SessionId
from storage.lines import Held, VisitInLine
from storage.visits import Visit, VisitStatus

__all__ = [
    "Call",
    "Hall",
    "Held",
    "Lane",
    "NotCalled",
    "ToCome",
    "Visit",
    "VisitInLine",
    "VisitStatus",
    "Waiting",
    "Why",
    "call",
    "call_next",
    "positions",
]


class Why(StrEnum):
    """Why nobody was called."""

    NOBODY = "nobody"  # is here, or all asked for more time
    HELD = "held"  # the line has a break or is delayed
    ON_THE_WAY = "on_the_way"  # somebody was called and has not gone in
    CHANGED = "changed"  # another was quicker
    NOT_NEXT = "not_next"  # another is next by now
    UNKNOWN = "unknown"  # there is no such line today


@dataclass(frozen=True, slots=True)
class NotCalled:
    why: Why
    lane: Lane | None = None


async def call_next(
    work: Work, person: Person, session: SessionId, version: int | None = None
) -> Visit | NotCalled | Denied:
    """Call whoever is next. With `version`, only if the line is still as they saw it."""
    found = await session_rows.by_id(work.tx, session)
    if found is None or found.day != work.today:
        return NotCalled(Why.UNKNOWN)
    if await guard(work, person, Act.RECEIVE, found.office, session_subject(session)) is None:
        return Denied()
    await lock_sessions(work, session)
    lane = await lane_now(work, found)
    why = _why_not(lane, version)
    if why is not None or lane.next is None:
        return NotCalled(why or Why.NOBODY, lane)
    called = await visits.change(work, lane.next.booking_id, Step.CALL, person.actor)
    return called if isinstance(called, Visit) else NotCalled(Why.CHANGED, lane)


def _why_not(lane: Lane, version: int | None) -> Why | None:
    if version not in {None, lane.version}:
        return Why.CHANGED
    if lane.held is not Held.NO:
        return Why.HELD
    return Why.ON_THE_WAY if lane.called else None


async def call(
    work: Work,
    person: Person,
    booking: BookingId,
    version: int | None = None,
    *,
    only_next: bool = False,
    resumes: bool = False,
) -> Visit | NotCalled | Denied:
    """Call one who waits, or was not there before, although others are before them; or `only_next` if nobody is.

    `resumes`: a line that stands still goes on with it.
    """
    visit = await visits.of(work, booking)
    found = None if visit is None else await session_rows.by_id(work.tx, visit.session_id)
    if visit is None or found is None or found.day != work.today:
        return NotCalled(Why.UNKNOWN)
    if await guard(work, person, Act.RECEIVE, found.office, booking_subject(booking)) is None:
        return Denied()
    await lock_sessions(work, found.id)
    lane = await lane_now(work, found)
    why = _why_not(lane, None)
    if why is not None and not (resumes and why is Why.HELD and not lane.called):
        return NotCalled(why, lane)
    if only_next and (lane.next is None or lane.next.booking_id != booking):
        return NotCalled(Why.NOT_NEXT, lane)
    called = await visits.change(work, booking, Step.CALL, person.actor, version=version)
    if not isinstance(called, Visit):
        return NotCalled(Why.CHANGED, lane)
    if lane.held is not Held.NO:
        await holds.hold(work, person, found.id, Held.NO, None)
    return called
