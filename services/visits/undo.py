"""A wrong tap at the door or in the room is taken back, for a few minutes and while nothing has changed since.

Then the one before it can be, within its own minutes.

With the end of a meeting goes what was recorded of it: whoever takes that back has seen it, and the resident is told
that it was a mistake. Of what has not reached them yet, they hear nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.actors import booking_subject, is_staff
from services.bookings import attendance, bookings
from services.bookings.transitions import lock_sessions
from services.promises import outcomes
from services.promises.outcomes import OutcomeKind, OutcomeRow
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import UNDO_FOR, Step, undoable
from services.visits.visits import Denied
from storage import bookings as booking_rows
from storage import lines
from storage import visits as rows
from storage.ids import BookingId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.visits import TakenStep, Visit, VisitStatus

__all__ = ["NotUndone", "TakenStep", "Undone", "Why", "can_undo_no_show", "no_show", "standing", "undo", "undoable"]


class Why(StrEnum):
    """Why nothing was taken back."""

    CHANGED = "changed"  # something else has happened since
    TOO_LATE = "too_late"
    OUTCOME = "outcome_stands"  # something is recorded of the meeting that the member has not agreed to withdraw


@dataclass(frozen=True, slots=True)
class Undone:
    """The visit as it stands now, the step that was taken back, and what was withdrawn with it."""

    visit: Visit
    step: TakenStep
    withdrawn: OutcomeRow | None = None


@dataclass(frozen=True, slots=True)
class NotUndone:
    why: Why
    visit: Visit | None = None
    outcome: OutcomeRow | None = None  # with `Why.OUTCOME`: what is recorded


async def standing(work: Work, booking: BookingId) -> OutcomeRow | None:
    """What is recorded of a meeting and would be withdrawn with its end."""
    newest = await outcomes.newest(work, booking)
    return None if newest is None or newest.kind is OutcomeKind.TAKEN_BACK else newest


async def undo(
    work: Work, person: Person, booking_id: BookingId, version: int, agreed: int = 0
) -> Undone | NotUndone | Denied:
    """Take back the last step of a visit that is still as the member saw it.

    `agreed` is the version of the outcome that they agree to withdraw; 0 where they saw none.
    """
    booking = await booking_rows.by_id(work.tx, booking_id)
    visit = await rows.of(work.tx, booking_id)
    if booking is None or visit is None:
        return NotUndone(Why.CHANGED)
    if await guard(work, person, Act.RECEIVE, visit.office, booking_subject(booking_id)) is None:
        return Denied()
    await lock_sessions(work, visit.session_id, booking.session_id)
    visit = await rows.of(work.tx, booking_id)
    if visit is None or visit.version != version or visit.step is None:
        return NotUndone(Why.CHANGED, visit)
    if undoable(visit, work.now) is None or visit.day != work.today:
        return NotUndone(Why.TOO_LATE, visit)
    withdrawn = None
    if visit.step is TakenStep.FINISH:
        ended = await _not_met(work, person, booking, visit, agreed)
        if isinstance(ended, NotUndone | Denied):
            return ended
        withdrawn = ended
    after = await visits.change(work, booking_id, Step.UNDO, person.actor, await _place(work, visit), version=version)
    if not isinstance(after, Visit):
        return NotUndone(Why.CHANGED, after.visit)
    return Undone(after, visit.step, withdrawn)


async def _not_met(
    work: Work, person: Person, booking: Booking, visit: Visit, agreed: int
) -> OutcomeRow | NotUndone | Denied | None:
    """The meeting is not over: what was recorded of it is withdrawn, and the appointment waits again."""
    outcome = await standing(work, booking.id)
    if outcome is not None and outcome.version != agreed:
        return NotUndone(Why.OUTCOME, visit, outcome)
    if outcome is not None:
        taken = await outcomes.take_back(work, person, booking.id, agreed)
        if isinstance(taken, Denied):
            return taken
        if isinstance(taken, outcomes.NotPossible):  # the resident has answered whether it was kept
            return NotUndone(Why.TOO_LATE, visit)
    if booking.status is BookingStatus.ATTENDED:
        back = await attendance.take_back(work, booking.reference, person.actor)
        if not isinstance(back, Booking):
            return NotUndone(Why.CHANGED, visit)
    return outcome


async def _place(work: Work, visit: Visit) -> Mapping[str, object]:
    """Who would be called again while somebody else is on the way in waits instead, and is next."""
    if visit.was is not VisitStatus.CALLED:
        return {}
    line = await rows.of_session(work.tx, visit.session_id)
    taken = any(one.status is VisitStatus.CALLED and one.booking_id != visit.booking_id for one in line)
    return {"status": VisitStatus.WAITING, **rows.NOTHING_TAKEN} if taken else {}


# ---------------------------------------------------------------------------- who was said not to have come


async def can_undo_no_show(work: Work, booking: Booking) -> bool:
    """Whether staff said a moment ago that somebody did not come, who may still do."""
    if booking.status is not BookingStatus.NO_SHOW or booking.day != work.today:
        return False
    if await rows.of(work.tx, booking.id) is not None:
        return False
    last = (await bookings.history(work, booking.id))[-1]
    recent = work.now - last.at < UNDO_FOR
    return last.what is BookingEventKind.NO_SHOW and is_staff(last.actor) and recent


async def no_show(work: Work, person: Person, booking: Booking) -> Booking | NotUndone | Denied:
    """They were said not to have come, and are expected after all."""
    if await guard(work, person, Act.RECEIVE, booking.office, booking_subject(booking.id)) is None:
        return Denied()
    if booking.status is not BookingStatus.NO_SHOW:
        return NotUndone(Why.CHANGED)
    if not await can_undo_no_show(work, booking):
        return NotUndone(Why.TOO_LATE)
    expected = await attendance.expect_again(work, booking.reference, person.actor)
    if not isinstance(expected, Booking):
        return NotUndone(Why.CHANGED)
    lines.touch(work.tx, booking.session_id, work.now, by_staff=True)
    return expected
