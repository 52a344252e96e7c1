"""What is tapped on the director's page: somebody is called, goes in, is not here, is done; what came of the meeting.

A tap has a key of its own. One that is sent again, because its answer was lost, has had its effect already and gets the
same answer. One that comes too late, because somebody else was quicker, changes nothing and is told what is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.actors import session_subject
from services.bookings.transitions import lock_sessions
from services.promises import outcomes
from services.promises.outcomes import Outcome
from services.staff import permissions
from services.staff.permissions import Person, guard
from services.unit_of_work import Work
from services.visits import holds, line, panels, undo, visits
from services.visits.hall import lane_now
from services.visits.holds import NotHeld
from services.visits.line import NotCalled, Why
from services.visits.states import Step
from services.visits.visits import Denied
from storage import page_taps as rows
from storage import sessions as session_rows
from storage.ids import BookingId, SessionId
from storage.lines import Held
from storage.page_taps import PageTap
from storage.visits import Visit

#: For how long a tap is known: longer than any page keeps it before it gives up.
KNOWN_FOR = timedelta(days=2)


class Act(StrEnum):
    CALL = "call"  # whoever the page showed as next
    IN = "in"
    NOT_HERE = "not_here"
    DONE = "done"
    OUTCOME = "outcome"
    UNDO = "undo"  # the last step of a visit


class LaneAct(StrEnum):
    HOLD = "hold"  # a break, or whoever receives comes later
    GO_ON = "go_on"


class Result(StrEnum):
    DONE = "done"
    CHANGED = "changed"  # it was not as the page showed it
    NOT_NEXT = "not_next"  # another is to be called first by now
    ON_THE_WAY = "on_the_way"  # somebody was called and has not gone in
    HELD = "held"  # the line has a break or is delayed
    TOO_LATE = "too_late"  # to undo it
    OUTCOME_STANDS = "outcome_stands"  # that the member has not agreed to withdraw
    INCOMPLETE = "incomplete"  # a promise without what, who or until when
    DENIED = "denied"


#: Answers of a tap that changed nothing and may be sent again: it is looked at anew.
_FORGOTTEN = frozenset({Result.INCOMPLETE, Result.DENIED})
_STEPS = MappingProxyType({Act.IN: Step.ENTER, Act.NOT_HERE: Step.NOT_HERE, Act.DONE: Step.FINISH})
_NOT_UNDONE = MappingProxyType({undo.Why.TOO_LATE: Result.TOO_LATE, undo.Why.OUTCOME: Result.OUTCOME_STANDS})
_NOT_CALLED = MappingProxyType(
    {Why.NOT_NEXT: Result.NOT_NEXT, Why.ON_THE_WAY: Result.ON_THE_WAY, Why.HELD: Result.HELD}
)


@dataclass(frozen=True, slots=True)
class Tap:
    """`version` is what the page showed: the visit's, or with an outcome the newest outcome's.

    `withdraws` is the version of the outcome that an undo withdraws as well.
    """

    key: str
    booking: BookingId
    act: Act
    version: int
    outcome: Outcome | None = None
    withdraws: int = 0
    resumes: bool = False  # with a call: the line goes on, should it stand still


@dataclass(frozen=True, slots=True)
class LaneTap:
    """`seen` is how the line stood on the page: `stands` of it. `minutes` 0 is a break without an end.

    `held` is why it is to stand still.
    """

    key: str
    session: SessionId
    act: LaneAct
    seen: str
    minutes: int = 0
    held: Held = Held.BREAK


@dataclass(frozen=True, slots=True)
class Tapped:
    result: Result
    visit: Visit | None = None  # as it is now


async def tap(work: Work, person: Person, tap: Tap) -> Tapped:
    """Carry out a tap, once. What may not be done is written to the audit by what would do it."""
    known = await rows.of(work.tx, person.actor, tap.key)
    if known is not None:
        return Tapped(Result(known.result), await visits.of(work, known.booking_id or tap.booking))
    result = await _perform(work, person, tap)
    if result not in _FORGOTTEN and (visit := await visits.of(work, tap.booking)) is not None:
        rows.forget(work.tx, work.now - KNOWN_FOR)
        await rows.add(
            work.tx,
            PageTap(actor=person.actor, key=tap.key, booking_id=tap.booking, act=tap.act, result=result, at=work.now),
        )
        return Tapped(result, visit)
    return Tapped(result, None)


async def tap_lane(work: Work, person: Person, tap: LaneTap) -> Tapped:
    """Let a whole line stand still or go on, once."""
    known = await rows.of(work.tx, person.actor, tap.key)
    if known is not None:
        return Tapped(Result(known.result))
    result = await _hold(work, person, tap)
    if result not in _FORGOTTEN and (session := await session_rows.by_id(work.tx, tap.session)) is not None:
        rows.forget(work.tx, work.now - KNOWN_FOR)
        await rows.add(
            work.tx,
            PageTap(actor=person.actor, key=tap.key, session_id=session.id, act=tap.act, result=result, at=work.now),
        )
        await panels.owe(work, session.id)
    return Tapped(result)


def stands(held: Held, until: datetime | None) -> str:
    """Whether a line stands still and until when, to compare what a page showed with what is."""
    return "" if held is Held.NO else f"{held} {until or ''}"


async def _hold(work: Work, person: Person, tap: LaneTap) -> Result:
    session = await session_rows.by_id(work.tx, tap.session)
    if session is None:
        return Result.CHANGED
    if await guard(work, person, permissions.Act.RECEIVE, session.office, session_subject(session.id)) is None:
        return Result.DENIED
    await lock_sessions(work, session.id)
    lane = await lane_now(work, session)
    going_on = tap.act is LaneAct.GO_ON
    if stands(lane.held, lane.held_until) != tap.seen:
        as_wanted = going_on and lane.held is Held.NO  # the break has ended by itself
        return Result.DONE if as_wanted else Result.CHANGED
    span = timedelta(minutes=tap.minutes) if tap.minutes and not going_on else None
    held = await holds.hold(work, person, session.id, Held.NO if going_on else tap.held, span)
    return Result.DENIED if isinstance(held, Denied) else Result.CHANGED if isinstance(held, NotHeld) else Result.DONE


async def _perform(work: Work, person: Person, tap: Tap) -> Result:
    if tap.act is Act.CALL:
        return await _call(work, person, tap)
    if tap.act is Act.OUTCOME:
        return await _record(work, person, tap)
    if tap.act is Act.UNDO:
        return await _undo(work, person, tap)
    did = await visits.act(work, person, tap.booking, _STEPS[tap.act], tap.version)
    return Result.DENIED if isinstance(did, Denied) else Result.DONE if isinstance(did, Visit) else Result.CHANGED


async def _call(work: Work, person: Person, tap: Tap) -> Result:
    called = await line.call(work, person, tap.booking, tap.version, only_next=True, resumes=tap.resumes)
    match called:
        case Visit():
            return Result.DONE
        case Denied():
            return Result.DENIED
        case NotCalled(why=why):
            visit = await visits.of(work, tap.booking)
            as_shown = visit is not None and visit.version == tap.version
            return _NOT_CALLED.get(why, Result.CHANGED) if as_shown else Result.CHANGED


async def _undo(work: Work, person: Person, tap: Tap) -> Result:
    undone = await undo.undo(work, person, tap.booking, tap.version, tap.withdraws)
    match undone:
        case undo.Undone():
            return Result.DONE
        case Denied():
            return Result.DENIED
        case undo.NotUndone(why=why):
            return _NOT_UNDONE.get(why, Result.CHANGED)


async def _record(work: Work, person: Person, tap: Tap) -> Result:
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
