"""The lines of an office on a day, as they stand: who is inside, who is next, where everybody is and until when.

Its order is `due_at`: the time of the appointment, or of the arrival where that was late. Walk-ins come after all who
have an appointment, in the order in which they came; so a gap goes to those who are here, appointments first. A
position counts who is here and ahead, and who has an appointment ahead and may still come: so it does not become worse
because somebody arrives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.bookings.meetings import Meeting, chosen
from services.unit_of_work import Work
from services.visits import estimates
from services.visits.estimates import Met, Range, Turn
from services.visits.grace import GRACE, expected_by
from services.visits.states import undoable
from storage import lines as rows
from storage import sessions as session_rows
from storage.bookings import WALK_IN
from storage.ids import BookingId, OfficeId, SessionId
from storage.lines import Awaited, Held, Line, Place, VisitInLine
from storage.records.sessions import Session, Slot
from storage.visits import Visit, VisitStatus

S = VisitStatus
Key = tuple[datetime, BookingId]  # when somebody is due
NEXT_TO = timedelta.resolution  # in the order of a line
_RECENT = 6  # calls that a screen shows
_USUAL_SLOT = timedelta(minutes=15)
#: For how long a break without an end is thought to go on.
_OPEN_BREAK = timedelta(minutes=15)


# ---------------------------------------------------------------------------- what is read


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is here and was not called. `position` 1 is next."""

    visit: VisitInLine
    position: int
    expected: Range
    place: Place

    @property
    def walk_in(self) -> bool:
        return self.visit.source == WALK_IN

    @property
    def away(self) -> datetime | None:
        """Until when they asked not to be called."""
        return self.place.back_at


@dataclass(frozen=True, slots=True)
class ToCome:
    """Somebody with an appointment who is not here. `missed`: their time and the grace have passed."""

    awaited: Awaited
    by: datetime  # when they were to be here: the appointment, or what they were told since
    missed: bool
    expected: Range | None  # None where it was missed
    place: Place

    @property
    def remote(self) -> bool:
        """They do not come: they are called at their time."""
        return chosen(self.awaited.answers) not in {None, Meeting.IN_PERSON}


@dataclass(frozen=True, slots=True)
class Call:
    """A ticket that was called."""

    ticket: int
    session: SessionId
    at: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """One line as it stands."""

    session: Session
    version: int  # grows with each thing that staff do to it
    inside: tuple[VisitInLine, ...]
    called: tuple[VisitInLine, ...]
    waiting: tuple[Waiting, ...]
    absent: tuple[VisitInLine, ...]
    to_come: tuple[ToCome, ...]
    gone: tuple[VisitInLine, ...]  # who was received, or has left
    undoable: tuple[VisitInLine, ...]  # whose last step can be taken back, the newest first
    held: Held  # a break or a delay; `Held.NO` where it goes on
    held_until: datetime | None
    pace: estimates.Pace
    order: tuple[Key, ...]  # of all who are here or may still come
    places: Mapping[BookingId, Place]  # what each was told, of those who were told something
    met_unseen: int = 0  # who were received, although nobody recorded that they came

    def position_at(self, key: Key) -> int:
        """Which position somebody has, or would have, who is due then."""
        return bisect_left(self.order, key) + 1

    @property
    def next(self) -> VisitInLine | None:
        """Who is called next."""
        return next((one.visit for one in self.waiting if one.away is None), None)

    @property
    def done(self) -> int:
        """How many were received."""
        return sum(one.status is S.DONE for one in self.gone)

    @property
    def left(self) -> int:
        """How many left without having been received."""
        return sum(one.status is S.LEFT for one in self.gone)

    @property
    def late(self) -> timedelta:
        """By how much the next one with an appointment is called later than that."""
        first = next((one for one in self.waiting if not one.walk_in), None)
        return timedelta() if first is None else max(first.expected.low - first.visit.due_at, timedelta())

    @property
    def missed(self) -> tuple[ToCome, ...]:
        """Who has an appointment whose time has passed, and did not come so far."""
        return tuple(one for one in self.to_come if one.missed)


@dataclass(frozen=True, slots=True)
class Hall:
    """An office's day: all its lines, and the last calls, the newest first."""

    office: OfficeId
    day: date
    lanes: tuple[Lane, ...]
    calls: tuple[Call, ...]

    def lane(self, session: SessionId) -> Lane | None:
        return next((one for one in self.lanes if one.session.id == session), None)

    def find(self, booking: BookingId) -> tuple[Lane, Waiting] | None:
        """Where somebody waits; None where they do not."""
        found = ((lane, one) for lane in self.lanes for one in lane.waiting)
        return next((pair for pair in found if pair[1].visit.booking_id == booking), None)


async def positions(work: Work, office: OfficeId, day: date) -> Hall:
    """All lines of an office's day as they stand. What it reads is bounded by the day."""
    sessions = await session_rows.of_day(work.tx, office, day)
    came = await rows.visits_of_day(work.tx, office, day)
    places = await rows.places_of_day(work.tx, office, day, tuple(one.id for one in sessions))
    lanes = [await _lane(work, session, came, places) for session in sessions]
    calls = [Call(one.ticket, one.session_id, one.called_at) for one in came if one.called_at is not None]
    newest = sorted(calls, key=lambda one: one.at, reverse=True)[:_RECENT]
    return Hall(office, day, tuple(lanes), tuple(newest))


async def _lane(work: Work, session: Session, came: Sequence[VisitInLine], places: Mapping[BookingId, Place]) -> Lane:
    line = await rows.of_session(work.tx, session.id) or Line(session_id=session.id)
    awaited = await rows.awaited(work.tx, session.id)
    slots = await session_rows.slots_of(work.tx, session.id)
    here = [one for one in came if one.session_id == session.id]
    lane = lane_of(work.now, line, session, slots, here, awaited, places)
    return replace(lane, met_unseen=await rows.met_unseen(work.tx, session.id))


def lane_of(
    now: datetime,
    line: Line,
    session: Session,
    slots: Sequence[Slot],
    here: Sequence[VisitInLine],
    awaited: Sequence[Awaited],
    places: Mapping[BookingId, Place],
) -> Lane:
    """A line as it stands, from its rows in their order."""
    held, until = _held(line, now)
    pace = estimates.pace(_turn_length(slots), estimates.lengths(_met(here)))
    state = {status: tuple(one for one in here if one.status is status) for status in VisitStatus}
    free = estimates.free_at(
        max(now, session.opens_at),
        pace,
        [one.entered_at for one in state[S.INSIDE] if one.entered_at is not None],
        len(state[S.CALLED]),
        now if held is Held.NO else until or now + _OPEN_BREAK,
    )
    to_come = [_to_come(one, places.get(one.booking_id), now) for one in awaited]
    turns = _turns(state[S.WAITING], to_come, places, now, _lead(here))
    expected = estimates.expect(turns, free, pace)
    ahead = sorted(
        [_key(one) for one in state[S.WAITING]]
        + [(one.awaited.starts_at, one.awaited.booking_id) for one in to_come if not one.missed]
    )
    waiting = [
        Waiting(
            visit=one,
            position=bisect_left(ahead, _key(one)) + 1,
            expected=estimates.rounded(expected[one.booking_id], now),
            place=_still(places.get(one.booking_id), one.booking_id, now),
        )
        for one in state[S.WAITING]
    ]
    return Lane(
        session=session,
        version=line.version,
        inside=state[S.INSIDE],
        called=state[S.CALLED],
        waiting=tuple(waiting),
        absent=state[S.ABSENT],
        to_come=tuple(
            one if one.missed else _expecting(one, estimates.rounded(expected[one.awaited.booking_id], now))
            for one in to_come
        ),
        gone=(*state[S.DONE], *state[S.LEFT]),
        undoable=tuple(sorted((one for one in here if undoable(one, now)), key=_stepped, reverse=True)),
        held=held,
        held_until=until,
        pace=pace,
        order=tuple(ahead),
        places=places,
    )


def _held(line: Line, now: datetime) -> tuple[Held, datetime | None]:
    """Whether a line stands still. What had an end ends by itself."""
    over = line.held_until is not None and line.held_until <= now
    return (Held.NO, None) if over else (line.held, line.held_until)


def _turn_length(slots: Sequence[Slot]) -> timedelta:
    """How long the plan allows from one meeting to the next: a slot's length, less where it has room for several."""
    given = [(one.ends_at - one.starts_at) / one.capacity for one in slots if one.capacity]
    return sum(given, timedelta()) / len(given) if given else _USUAL_SLOT


def _met(here: Sequence[VisitInLine]) -> list[Met]:
    """The meetings that are over; of those who left the room before, none is."""
    over = ((one.called_at or one.entered_at, one.done_at) for one in here if one.status is S.DONE)
    return [Met(min(ready, done), done) for ready, done in over if ready is not None and done is not None]


def _lead(here: Sequence[VisitInLine]) -> timedelta:
    """How long before their appointments people come on this day."""
    booked = (one for one in here if one.source != WALK_IN and one.starts_at is not None)
    return estimates.lead([one.starts_at - one.arrived_at for one in booked if one.starts_at is not None])


def _stepped(visit: Visit) -> datetime:
    assert visit.step_at is not None  # noqa: S101 - only of those that can be taken back
    return visit.step_at


def _key(visit: Visit) -> Key:
    return visit.due_at, visit.booking_id


def _to_come(awaited: Awaited, place: Place | None, now: datetime) -> ToCome:
    place = place or Place(booking_id=awaited.booking_id)
    by = expected_by(awaited.starts_at, place)
    one = ToCome(awaited, by, missed=False, expected=None, place=place)
    return one if one.remote else replace(one, missed=now > by + GRACE)


def _expecting(one: ToCome, expected: Range) -> ToCome:
    return ToCome(one.awaited, one.by, one.missed, expected, one.place)


def _still(place: Place | None, booking: BookingId, now: datetime) -> Place:
    """A place without what is over."""
    place = place or Place(booking_id=booking)
    return place.model_copy(update={"back_at": None}) if place.back_at is not None and place.back_at <= now else place


def _turns(
    waiting: Sequence[VisitInLine],
    to_come: Sequence[ToCome],
    places: Mapping[BookingId, Place],
    now: datetime,
    lead: timedelta,
) -> list[Turn[BookingId]]:
    """Who is to be called, in the order of the line."""
    turns = []
    for visit in waiting:
        place = _still(places.get(visit.booking_id), visit.booking_id, now)
        turns.append((_key(visit), Turn(visit.booking_id, place.back_at or now, here=True)))
    for one in to_come:
        if not one.missed:
            key = (one.awaited.starts_at, one.awaited.booking_id)
            turns.append((key, Turn(one.awaited.booking_id, max(one.awaited.starts_at - lead, now), here=False)))
    return [turn for _, turn in sorted(turns, key=lambda pair: pair[0])]


async def lane_now(work: Work, session: Session) -> Lane:
    """One line as it stands, with nothing read of the others but who came to the office."""
    came = await rows.visits_of_day(work.tx, session.office, session.day)
    places = await rows.places_of_day(work.tx, session.office, session.day, (session.id,))
    return await _lane(work, session, came, places)
