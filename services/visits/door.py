"""The door on Customer Day: whose code this is, and residents who say themselves that they are here.

Staff scan a visitor's code and see whom they have before them. At the entrance hangs a code of the session's: who
scans it is there, and can say so around the time of their appointment. It carries what only the session's row can
make (HMAC over its day, with its nonce as the key), so it opens nothing on another day, nor after a new one was made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from services.actors import booking_subject, resident_actor, session_subject
from services.staff import permissions
from services.staff.permissions import Act, Member, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.grace import expected_by
from services.visits.visits import Denied
from storage import audit, lines
from storage import bookings as booking_rows
from storage import sessions as session_rows
from storage import visits as rows
from storage.ids import BookingId, OfficeId, Reference, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.files import FileRow
from storage.records.residents import Resident
from storage.records.sessions import Session, SessionStatus
from storage.visits import Visit, VisitStatus

__all__ = [
    "AFTER",
    "BEFORE",
    "AtDoor",
    "Elsewhere",
    "Mine",
    "Refused",
    "Seen",
    "Visit",
    "VisitStatus",
    "When",
    "at_door",
    "code_of",
    "look",
    "renew",
    "say_here",
    "seen",
    "session_of_code",
    "to_print",
    "upcoming",
]

#: From how long before their time to how long after it residents can say themselves that they are here.
BEFORE, AFTER = timedelta(minutes=45), timedelta(minutes=20)

_CODE_BYTES = 6  # 48 bits, which nobody guesses at the pace at which the bot listens
_CODE = re.compile(r"(\d{1,9})-([a-z2-7]{10})", re.ASCII)
_NONCE_LENGTH = 24
_S = BookingStatus
_HAD_A_TIME = frozenset({_S.CONFIRMED, _S.CHECKED_IN, _S.ATTENDED, _S.NO_SHOW})


# ---------------------------------------------------------------------------- staff scan a visitor's code


@dataclass(frozen=True, slots=True)
class Seen:
    """A visitor as the door sees them. `lanes` is how many sessions the office has on that day."""

    booking: Booking
    session: Session
    lanes: int
    visit: Visit | None
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The appointment is at an office at whose door the person does not work."""

    booking: Booking


async def look(
    work: Work, person: Person, reference: Reference, here: Collection[OfficeId] | None = None
) -> Seen | Elsewhere | Denied | None:
    """Whose code this is, for whoever works at that office's door. It shows a name, so it is written down.

    `here`: the offices whose group asks. It is shown no name, and nothing of another office's appointments.
    None where there is no such appointment, and to whoever is no member of staff: to them it must not exist.
    """
    booking = await booking_rows.by_reference(work.tx, reference)
    member = await permissions.member(work, person)
    if booking is None or booking.status is BookingStatus.HELD or member is None:
        return None
    if not member.may(Act.RECEIVE, booking.office):
        permissions.deny(work, person, Act.RECEIVE, booking_subject(booking.id))
        return Elsewhere(booking) if _works_at_a_door(work, member) else Denied()
    if here is not None and booking.office not in here:
        return Elsewhere(booking)
    if here is None:
        audit.record(work.tx, work.now, member.actor, "booking.contact", booking_subject(booking.id), "door")
    return await seen(work, booking)


async def seen(work: Work, booking: Booking) -> Seen:
    """A booking with what the door says of it. Rights were asked for."""
    session = await session_rows.by_id(work.tx, booking.session_id)
    assert session is not None  # noqa: S101 - a booking refers to it
    visit = await rows.of(work.tx, booking.id)
    if visit is not None and visit.session_id != session.id:  # they wait in another line by now
        session = await session_rows.by_id(work.tx, visit.session_id) or session
    same_day = await session_rows.of_day(work.tx, booking.office, booking.day)
    files = await booking_rows.files(work.tx, booking.id)
    return Seen(booking, session, len(same_day), visit, files)


def _works_at_a_door(work: Work, member: Member) -> bool:
    return bool(member.offices(Act.RECEIVE, (office.id for office in work.offices.all)))


# ---------------------------------------------------------------------------- the code at the entrance


def code_of(session: Session) -> str:
    """What the link at the entrance carries: which session it is, and what proves that it comes from there."""
    return f"{session.id}-{_proof(session)}"


def _proof(session: Session) -> str:
    mac = hmac.new(session.nonce.encode(), f"door:{session.id}:{session.day}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:_CODE_BYTES]).decode().rstrip("=").lower()


async def session_of_code(work: Work, code: str) -> Session | None:
    """The session at whose entrance a code hangs; None for any that `code_of` does not make (any more)."""
    read = _CODE.fullmatch(code)
    session = None if read is None else await session_rows.by_id(work.tx, SessionId(int(read[1])))
    return session if read and session and hmac.compare_digest(read[2], _proof(session)) else None


async def upcoming(work: Work, office: OfficeId, limit: int) -> tuple[Session, ...]:
    """An office's next sessions that take place, today's first: for these a page can be printed."""
    found = await session_rows.upcoming(work.tx, office, work.now, limit, 0)
    return tuple(session for session, _ in found if session.status is SessionStatus.OPEN)


async def to_print(work: Work, person: Person, session: SessionId) -> Session | Denied | None:
    """The session whose page somebody wants to print; None where there is none that takes place."""
    found = await session_rows.by_id(work.tx, session)
    if found is None:
        return None
    if await guard(work, person, Act.RECEIVE, found.office, session_subject(session)) is None:
        return Denied()
    return found if found.status is SessionStatus.OPEN and found.day >= work.today else None


async def renew(work: Work, person: Person, session: SessionId) -> Session | Denied | None:
    """Make another code, because the old one got about: what was printed opens nothing from now on."""
    found = await to_print(work, person, session)
    if not isinstance(found, Session):
        return found
    # It follows from the old one, which nobody has seen: a transaction that is begun again makes the same.
    nonce = hashlib.sha256(f"{found.nonce}:renewed".encode()).hexdigest()[:_NONCE_LENGTH]
    await session_rows.renew_nonce(work.tx, session, nonce)
    audit.record(work.tx, work.now, person.actor, "door.renew", session_subject(session))
    return await session_rows.by_id(work.tx, session)


# ---------------------------------------------------------------------------- residents scan it


class Refused(Enum):
    """Why the code at an entrance opens nothing."""

    UNKNOWN = auto()  # forged, mistyped, or a newer one was made
    ANOTHER_DAY = auto()


class When(Enum):
    """How somebody stands at the door."""

    EARLY = auto()
    NOW = auto()
    LATE = auto()
    HERE = auto()  # they have a ticket
    OVER = auto()  # received, or marked as absent


@dataclass(frozen=True, slots=True)
class Mine:
    """A resident's appointment at this door today. `since` is from when on they can say that they are here."""

    booking: Booking
    session: Session
    when: When
    since: datetime
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Somebody who is at an office's entrance. Without an appointment there today, `next` is their next one."""

    office: OfficeId
    mine: tuple[Mine, ...]
    next: Booking | None = None


async def at_door(work: Work, code: str, resident: Resident) -> AtDoor | Refused:
    """What a resident finds who scans the code at an entrance. Nothing changes.

    The code says that they are at the office; which of its lines they have come to, their appointment says.
    """
    session = await session_of_code(work, code)
    if session is None:
        return Refused.UNKNOWN
    if session.day != work.today:
        return Refused.ANOTHER_DAY
    every = await booking_rows.of_resident(work.tx, resident.id)
    today = [one for one in every if (one.office, one.day) == (session.office, work.today)]
    mine = [await _mine(work, one) for one in today if one.status in _HAD_A_TIME]
    ahead = [one for one in every if one.status is _S.CONFIRMED and one.day >= work.today]
    following = min(ahead, key=lambda one: one.starts_at or one.created_at, default=None)
    return AtDoor(session.office, tuple(mine), None if mine else following)


async def _mine(work: Work, booking: Booking) -> Mine:
    found = await seen(work, booking)
    starts_at = booking.starts_at or work.now
    by = expected_by(starts_at, await lines.place_of(work.tx, booking.id))
    return Mine(booking, found.session, _when(work, booking, by), starts_at - BEFORE, found.visit)


def _when(work: Work, booking: Booking, by: datetime) -> When:
    """`by`: when they are to be here, which is later than the appointment where they were told so."""
    if booking.status is BookingStatus.CHECKED_IN:
        return When.HERE
    if booking.status is not BookingStatus.CONFIRMED:
        return When.OVER
    if booking.starts_at is not None and work.now < booking.starts_at - BEFORE:
        return When.EARLY
    return When.NOW if work.now <= by + AFTER else When.LATE


async def say_here(work: Work, code: str, resident: Resident, booking: BookingId) -> Mine | AtDoor | Refused:
    """A resident who stands at the entrance says that they are here. Saying it twice is saying it once.

    `AtDoor`, as it stands, where it is not an appointment of theirs at this door today.
    """
    found = await at_door(work, code, resident)
    if isinstance(found, Refused):
        return found
    mine = next((one for one in found.mine if one.booking.id == booking), None)
    if mine is None:
        return found
    if mine.when is not When.NOW:
        return mine
    visit = await visits.arrive(work, mine.booking, resident_actor(resident.id))
    now = await booking_rows.by_id(work.tx, booking)
    return await _mine(work, now) if isinstance(visit, Visit) and now is not None else found
