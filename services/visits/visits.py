"""Somebody comes, is called, goes in, is done: each step is written, kept in the booking's history and told.

A visit is changed with its sessions in hand (`lock_sessions`), as seats are, so a line has one order for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.actors import Actor, booking_subject
from services.bookings import attendance, cards
from services.bookings.transitions import lock_sessions
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import places
from services.visits.states import RULES, UNDO_FOR, UNDOABLE, Step, can
from storage import audit
from storage import bookings as booking_rows
from storage import visits as rows
from storage.ids import BookingId, Reference, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.visits import Taken, Visit, VisitStatus, chained

_NO_CHANGES: Mapping[str, object] = MappingProxyType({})
#: These change the booking too, which stays in its own session when its visit goes over to another line.
_MARK_BOOKING = frozenset({Step.FINISH, Step.UNDO})


@dataclass(frozen=True, slots=True)
class NotPossible:
    """Its state, the day or another's tap do not allow it. `visit` as it stands; None where nobody has come."""

    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not, at that office; the audit has it."""


async def of(work: Work, booking: BookingId) -> Visit | None:
    """A booking's visit; None where nobody has come yet."""
    return await rows.of(work.tx, booking)


# ---------------------------------------------------------------------------- by staff


async def receive(work: Work, person: Person, reference: Reference) -> Visit | NotPossible | Denied:
    """Staff say that somebody has come. Saying it twice is saying it once."""
    booking = await booking_rows.by_reference(work.tx, reference)
    if booking is None:
        return NotPossible()
    if await guard(work, person, Act.RECEIVE, booking.office, booking_subject(booking.id)) is None:
        return Denied()
    return await arrive(work, booking, person.actor)


async def begin_call(work: Work, person: Person, reference: Reference) -> Visit | NotPossible | Denied:
    """A meeting by phone or video begins. Nobody arrives: they are met at once."""
    booking = await booking_rows.by_reference(work.tx, reference)
    if booking is None:
        return NotPossible()
    if await guard(work, person, Act.RECEIVE, booking.office, booking_subject(booking.id)) is None:
        return Denied()
    here = await arrive(work, booking, person.actor, remote=True)
    return await act(work, person, booking.id, Step.ENTER) if isinstance(here, Visit) else here


async def act(
    work: Work, person: Person, booking: BookingId, step: Step, version: int | None = None
) -> Visit | NotPossible | Denied:
    """A step that staff take. With `version`, only if the visit is still as they saw it."""
    visit = await rows.of(work.tx, booking)
    if visit is None:
        return NotPossible()
    if await guard(work, person, Act.RECEIVE, visit.office, booking_subject(booking)) is None:
        return Denied()
    return await change(work, booking, step, person.actor, version=version)


# ---------------------------------------------------------------------------- whoever says it


async def arrive(work: Work, booking: Booking, actor: Actor, *, remote: bool = False) -> Visit | NotPossible:
    """Somebody has come, on the day of their appointment. Coming twice is coming once."""
    known = await rows.of(work.tx, booking.id)
    if known is not None:
        return known
    came = await attendance.check_in(work, booking.reference, actor)
    if not isinstance(came, Booking) or came.status is not BookingStatus.CHECKED_IN or came.starts_at is None:
        return NotPossible()
    due_at = await places.arrived(work, came, came.starts_at)
    return await rows.add(
        work.tx,
        Visit(
            booking_id=came.id,
            session_id=came.session_id,
            office=came.office,
            day=came.day,
            ticket=0,
            status=VisitStatus.WAITING,
            version=1,
            due_at=due_at,
            arrived_at=work.now,
            remote=remote,
        ),
    )


async def change(
    work: Work,
    booking: BookingId,
    step: Step,
    actor: Actor,
    changes: Mapping[str, object] = _NO_CHANGES,
    *,
    version: int | None = None,
) -> Visit | NotPossible:
    """Apply a step to a visit, with its line in hand. `changes` are fields that it sets beside the state."""
    seen = await rows.of(work.tx, booking)
    if seen is None:
        return NotPossible()
    await lock_sessions(work, seen.session_id, *_other_line(changes), *await _own_session(work, seen, step))
    visit = await rows.of(work.tx, booking)
    if visit is None or not can(visit, step) or version not in {None, visit.version}:
        return NotPossible(visit)
    due = {} if "due_at" in changes else await places.due_after(work, visit, step)
    after = visit.model_copy(update={**_follows(work, visit, step), **due, **changes})
    await rows.save(work.tx, visit, after)
    what = (visit.step or "") if step is Step.UNDO else ""
    await places.changed(work, visit, after, step, await _keep_in_step(work, after, step, actor, what))
    return after


def _other_line(changes: Mapping[str, object]) -> tuple[SessionId, ...]:
    other = changes.get("session_id")
    return (SessionId(other),) if isinstance(other, int) else ()


async def _own_session(work: Work, visit: Visit, step: Step) -> tuple[SessionId, ...]:
    """The booking's, where a step changes that as well: taken later, it would be out of the order of the ids."""
    booking = await booking_rows.by_id(work.tx, visit.booking_id) if step in _MARK_BOOKING else None
    return () if booking is None else (booking.session_id,)


def _follows(work: Work, visit: Visit, step: Step) -> dict[str, object]:
    """What follows from a step: the state, and when it was."""
    follows: dict[str, object] = {
        "status": RULES[step].to,
        "version": visit.version + 1,
        **_to_take_back(work, visit, step),
    }
    match step:
        case Step.CALL:
            follows |= {"called_at": work.now, "calls": visit.calls + 1}
        case Step.ENTER:
            follows |= {"entered_at": work.now}
        case Step.FINISH:
            follows |= {"entered_at": visit.entered_at or work.now, "done_at": work.now}
        case Step.UNDO:
            # The count of calls stays: a message of each was owed.
            before = {"status": visit.was, "called_at": visit.was_called_at, "entered_at": visit.was_entered_at}
            follows |= {**before, "done_at": None}
        case _:
            pass
    return follows


def _to_take_back(work: Work, visit: Visit, step: Step) -> dict[str, object]:
    """What can be taken back now: this step, then those before it; after an undo, what could be before the wrong step.

    A step that cannot be taken back ends the chain.
    """
    kept = UNDOABLE.get(step)
    before = () if visit.taken is None else (visit.taken, *visit.chain)
    chain = visit.chain if step is Step.UNDO else before if kept else ()
    chain = tuple(one for one in chain if work.now - one.step_at < UNDO_FOR)
    if kept is not None:
        taken: Taken | None = Taken(
            step=kept,
            step_at=work.now,
            was=visit.status,
            was_called_at=visit.called_at,
            was_entered_at=visit.entered_at,
        )
    else:
        taken, chain = (chain[0], chain[1:]) if chain else (None, ())
    shown = dict.fromkeys(Taken.model_fields) if taken is None else taken.model_dump()
    return {**shown, "earlier": chained(chain)}


async def _keep_in_step(work: Work, visit: Visit, step: Step, actor: Actor, what: str) -> Booking:
    """The booking says whether they were received; its history has each step. `what` more the audit says."""
    booking = await booking_rows.by_id(work.tx, visit.booking_id)
    assert booking is not None  # noqa: S101 - a visit refers to it
    if visit.step_at is not None:
        cards.owe_card_again(work, booking, visit.step_at + UNDO_FOR)
    if step is Step.FINISH:
        await attendance.mark_attended(work, booking.reference, actor)
        return booking
    event = RULES[step].event
    booking_rows.add_event(work.tx, booking.id, work.now, actor, event)
    audit.record(work.tx, work.now, actor, f"visit.{event}", booking_subject(booking.id), what)
    cards.owe_card(work, booking)
    return booking
