"""The brief: who comes to a session, with what, and what happened before.

Names are for those who may read briefs at the office, numbers only for those who may see contacts. Each look is
written to the audit, on the visitor or the session. Whoever was forgotten is in none, and no request is shown in which
its applicant wished not to be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto

from services.actors import booking_subject, session_subject
from services.bookings import linked_cases
from services.bookings.meetings import video_link
from services.cases import spots
from services.delegations import acting
from services.promises import promises
from services.promises.promises import OpenPromise
from services.staff import permissions
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from storage import audit, outcomes, residents
from storage import bookings as booking_rows
from storage import briefs as rows
from storage import cases as case_rows
from storage import sessions as session_rows
from storage import visits as visit_rows
from storage.ids import Actor, BookingId, OfficeId, SessionId, Subject
from storage.outcomes import OutcomeRow
from storage.records.bookings import Booking, BookingEvent, BookingEventKind, BookingStatus, Need
from storage.records.cases import Case, CaseEvent, CaseEventKind
from storage.records.sessions import Session
from storage.spots import CaseLine
from storage.visits import Visit

__all__ = ["CaseLine", "EarlierMeeting", "Preparation", "SessionBrief", "VisitorBrief", "of_booking", "of_session"]

_MOST = 5  # of earlier cases, meetings and reports
_SPOT_REACH = timedelta(days=365)
#: A page that asks again and again leaves one line of the audit in so long.
_SAME_LOOK = timedelta(minutes=10)


_TO_THE_RESIDENT = frozenset(
    {CaseEventKind.ASKED, CaseEventKind.REPLIED, CaseEventKind.RESOLVED, CaseEventKind.REJECTED}
)


class Preparation(Enum):
    """What is to be seen to before somebody comes."""

    WHEELCHAIR = auto()
    SIGN_LANGUAGE = auto()
    INTERPRETER = auto()
    ARRANGEMENTS = auto()
    CHAIRS = auto()
    FILES = auto()
    BROKEN_PROMISE = auto()
    OPEN_PROMISE = auto()
    LINKED_CASE = auto()
    MANY_AT_SPOT = auto()
    MISSED_BEFORE = auto()


_NEEDS = {
    Need.WHEELCHAIR: Preparation.WHEELCHAIR,
    Need.SIGN_LANGUAGE: Preparation.SIGN_LANGUAGE,
    Need.INTERPRETER: Preparation.INTERPRETER,
    Need.OTHER: Preparation.ARRANGEMENTS,
}


@dataclass(frozen=True, slots=True)
class EarlierMeeting:
    """A meeting before, with what came of it."""

    booking: Booking
    outcome: OutcomeRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorBrief:
    """One visitor. `phone` is None for readers who may not see contacts."""

    booking: Booking
    name: str
    phone: str | None
    files: int
    visit: Visit | None  # None before they came
    answered: BookingEvent | None  # what staff wrote to them before they came, the newest
    linked: Case | None  # the request that the appointment is about
    linked_said: CaseEvent | None  # what was last said of it to the resident
    cases: tuple[CaseLine, ...]
    meetings: tuple[EarlierMeeting, ...]
    promises: tuple[OpenPromise, ...]
    delegate: str  # who booked it for them; "" where they did
    spot: tuple[CaseLine, ...]  # reported before where the linked request is
    recurring: tuple[CaseLine, ...]  # of these, what comes back each time it was closed
    video_link: str | None = None  # where they are met by video
    preparations: tuple[Preparation, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SessionBrief:
    """One session with its visitors, by their times."""

    session: Session
    visitors: tuple[VisitorBrief, ...]


# ---------------------------------------------------------------------------- looking


async def of_booking(work: Work, person: Person, booking_id: BookingId) -> VisitorBrief | None:
    """One visitor, for whoever may; None where they may not, or there is nobody (any more) to tell of."""
    booking = await booking_rows.by_id(work.tx, booking_id)
    if booking is None:
        return None
    subject = booking_subject(booking.id)
    member = await guard(work, person, Act.BRIEF, booking.office, subject)
    resident = await residents.by_id(work.tx, booking.resident_id)
    if member is None or resident is None or resident.forgotten_at is not None:
        return None
    await _note(work, person.actor, "brief.visitor", subject)
    return await _visitor(work, booking, phone=member.may(Act.SEE_CONTACT, booking.office))


async def of_session(work: Work, person: Person, session_id: SessionId) -> SessionBrief | None:
    """All visitors of a session, for whoever may. It is read outside the transaction."""
    session = await session_rows.by_id(work.tx, session_id)
    if session is None:
        return None
    member = await guard(work, person, Act.BRIEF, session.office, session_subject(session.id))
    if member is None:
        return None
    await _note(work, person.actor, "brief.session", session_subject(session.id))
    phone = member.may(Act.SEE_CONTACT, session.office)
    return await work.look_up(("brief", session_id, phone), lambda reading: _session(reading, session, phone=phone))


async def told(work: Work, session: Session) -> SessionBrief:
    """The same for what comes by itself: times and subjects are told of it, so nobody has looked yet."""
    return await work.look_up(("brief", session.id, False), lambda reading: _session(reading, session, phone=False))


async def sessions_of(work: Work, person: Person, offices: tuple[OfficeId, ...]) -> tuple[Session, ...]:
    """Today's sessions and the next day's that has any, of the offices whose briefs somebody may read."""
    member = await permissions.member(work, person)
    found: list[Session] = []
    for office in member.offices(Act.BRIEF, offices) if member is not None else ():
        found += await rows.today_and_next(work.tx, office, work.today)
    return tuple(sorted(found, key=lambda one: (one.opens_at, one.id)))


async def _note(work: Work, actor: Actor, action: str, subject: Subject) -> None:
    if not await rows.looked_since(work.tx, actor, action, subject, work.now - _SAME_LOOK):
        audit.record(work.tx, work.now, actor, action, subject)


# ---------------------------------------------------------------------------- reading


async def _session(work: Work, session: Session, *, phone: bool) -> SessionBrief:
    booked = await rows.visitors(work.tx, session.id)
    return SessionBrief(session, tuple([await _visitor(work, one, phone=phone) for one in booked]))


async def _visitor(work: Work, booking: Booking, *, phone: bool) -> VisitorBrief:
    tx = work.tx
    resident = await residents.by_id(tx, booking.resident_id)
    linked = await linked_cases.case_of(work, booking)
    linked = None if linked is None or linked.anonymous else linked
    delegate = await acting.delegate_of(work, booking_subject(booking.id))
    before = await rows.met_before(tx, booking.resident_id, booking.id, booking.day, _MOST)
    brief = VisitorBrief(
        booking=booking,
        name=booking.name or ("" if resident is None else resident.name),
        phone=booking.phone if phone else None,
        files=len(await booking_rows.files(tx, booking.id)),
        visit=await visit_rows.of(tx, booking.id),
        answered=await _answered(work, booking),
        linked=linked,
        linked_said=None if linked is None else await _said_last(work, linked),
        cases=await rows.cases_before(tx, booking.resident_id, _MOST),
        meetings=tuple([EarlierMeeting(one, await outcomes.newest(tx, one.id)) for one in before]),
        promises=() if resident is None else await promises.open_of(work, resident),
        delegate="" if delegate is None else delegate.name,
        video_link=await video_link(work, booking),
        spot=() if linked is None else await spots.at_spot(work, linked, work.now - _SPOT_REACH, _MOST),
        recurring=() if linked is None else await spots.recurring(work, linked),
    )
    return replace(brief, preparations=tuple(_preparations(brief)))


async def _answered(work: Work, booking: Booking) -> BookingEvent | None:
    history = await booking_rows.events(work.tx, booking.id)
    said = [one for one in history if one.what is BookingEventKind.ANSWERED and one.detail]
    return said[-1] if said else None


async def _said_last(work: Work, case: Case) -> CaseEvent | None:
    said = [one for one in await case_rows.events(work.tx, case.id) if one.what in _TO_THE_RESIDENT and one.words]
    return said[-1] if said else None


async def mark(work: Work, booking: BookingId) -> str:
    """Changes with what a brief says of one visitor. It tells nothing of them, so no look is noted."""
    return await rows.mark(work.tx, booking)


def _preparations(brief: VisitorBrief) -> Iterator[Preparation]:
    booking = brief.booking
    for need in booking.needs:
        yield _NEEDS[need]
    if booking.companions:
        yield Preparation.CHAIRS
    if any(one.broken or one.overdue for one in brief.promises):
        yield Preparation.BROKEN_PROMISE
    elif brief.promises:
        yield Preparation.OPEN_PROMISE
    if brief.linked is not None:
        yield Preparation.LINKED_CASE
    if brief.files:
        yield Preparation.FILES
    if len(brief.spot) > 1:
        yield Preparation.MANY_AT_SPOT
    if any(one.booking.status is BookingStatus.NO_SHOW for one in brief.meetings):
        yield Preparation.MISSED_BEFORE
