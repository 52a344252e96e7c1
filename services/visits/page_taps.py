"""What is tapped on the director's page: somebody goes in, a meeting is over, what came of it.

A tap has a key of its own. One that is sent again, because its answer was lost, has had its effect already and gets the
same answer. One that comes too late, because somebody else was quicker, changes nothing and is told what is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services.promises import outcomes
from services.promises.outcomes import Outcome
from services.staff.permissions import Person
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import Step
from services.visits.visits import Denied
from storage import page_taps as rows
from storage.ids import BookingId
from storage.page_taps import PageTap
from storage.visits import Visit

#: For how long a tap is known: longer than any page keeps it before it gives up.
KNOWN_FOR = timedelta(days=2)


class Act(StrEnum):
    IN = "in"
    DONE = "done"
    OUTCOME = "outcome"


class Result(StrEnum):
    DONE = "done"
    CHANGED = "changed"  # it was not as the page showed it
    INCOMPLETE = "incomplete"  # a promise without what, who or until when
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Tap:
    """`version` is what the page showed: the visit's, or with an outcome the newest outcome's."""

    key: str
    booking: BookingId
    act: Act
    version: int
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Tapped:
    result: Result
    visit: Visit | None  # as it is now


async def tap(work: Work, person: Person, tap: Tap) -> Tapped:
    """Carry out a tap, once. What may not be done is written to the audit by what would do it."""
    known = await rows.of(work.tx, person.actor, tap.key)
    if known is not None:
        return Tapped(Result(known.result), await visits.of(work, known.booking_id))
    result = await _perform(work, person, tap)
    if result in {Result.DONE, Result.CHANGED} and (visit := await visits.of(work, tap.booking)) is not None:
        rows.forget(work.tx, work.now - KNOWN_FOR)
        await rows.add(
            work.tx,
            PageTap(actor=person.actor, key=tap.key, booking_id=tap.booking, act=tap.act, result=result, at=work.now),
        )
        return Tapped(result, visit)
    return Tapped(result, None)


async def _perform(work: Work, person: Person, tap: Tap) -> Result:
    if tap.act is not Act.OUTCOME:
        step = Step.ENTER if tap.act is Act.IN else Step.FINISH
        did = await visits.act(work, person, tap.booking, step, tap.version)
        return Result.DENIED if isinstance(did, Denied) else Result.DONE if isinstance(did, Visit) else Result.CHANGED
    if tap.outcome is None:
        return Result.INCOMPLETE
    recorded = await outcomes.record(work, person, tap.booking, tap.outcome, tap.version)
    match recorded:
        case outcomes.Recorded():
            return Result.DONE
        case Denied():
            return Result.DENIED
        case outcomes.NotPossible(why=outcomes.Why.INCOMPLETE):
            return Result.INCOMPLETE
        case _:
            return Result.CHANGED
