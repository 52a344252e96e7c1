"""Who comes on Customer Day without an appointment: staff add them, and they wait for a gap with a ticket.

A walk-in is a booking as well, so that card, brief, outcome and search work for them. It has a slot of its own without
capacity that begins when they came: it takes none of the seats that are given out, and a session can be changed as if
it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from services.actors import Actor, booking_subject
from services.bookings import cards, linked_cases, transitions
from services.bookings.availability import SessionAvailability
from services.bookings.states import EXPECTED, Transition
from services.bookings.transitions import lock_sessions
from services.casework import intake, record_linking
from services.casework.intake import Caller
from services.notify.enqueue import notify_resident
from services.notify.notices.line import TicketGiven
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.visits import Denied
from storage import audit, residents
from storage import bookings as booking_rows
from storage import sessions as session_rows
from storage import visits as rows
from storage.bookings import WALK_IN
from storage.database import Conflict
from storage.ids import OfficeId, ResidentId, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident
from storage.records.sessions import Session, SessionStatus, Slot
from storage.visits import Visit

__all__ = ["WALK_IN", "Added", "AlreadyComing", "NotReceiving", "add", "coming", "receiving", "session_of"]

#: After the last slot people are still received for so long.
STILL_RECEIVED = timedelta(hours=2)
_USUAL = timedelta(minutes=15)
_GIVEN_UP = {
    BookingStatus.HELD: Transition.RELEASE_HOLD,
    BookingStatus.OFFERED: Transition.GIVE_UP_OFFER,
    BookingStatus.WAITING: Transition.END_WAITING,
}


@dataclass(frozen=True, slots=True)
class Added:
    """They wait. `told`: the ticket goes to their own chat as well."""

    booking: Booking
    visit: Visit
    told: bool


@dataclass(frozen=True, slots=True)
class AlreadyComing:
    """The number has an appointment at the office today, or waits there. `visit` is None where they were not seen."""

    booking: Booking
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class NotReceiving:
    """Nobody is received there today, or not any more."""


async def receiving(work: Work, office: OfficeId) -> tuple[Session, ...]:
    """The sessions of an office to which somebody can still be added today."""
    today = await session_rows.of_day(work.tx, office, work.today)
    return tuple(one for one in today if one.status is SessionStatus.OPEN and work.now < one.closes_at + STILL_RECEIVED)


async def session_of(work: Work, visit: Visit) -> Session | None:
    """The line in which somebody waits."""
    return await session_rows.by_id(work.tx, visit.session_id)


async def coming(work: Work, office: OfficeId, phone: str) -> AlreadyComing | None:
    """Whoever is expected at an office today, or waits there, under a phone number; None where nobody is."""
    if not phone:
        return None
    owner = await residents.owner_of(work.tx, phone)
    for one in await booking_rows.of_day(work.tx, office, work.today):
        if one.status in EXPECTED and (one.phone == phone or (owner is not None and one.resident_id == owner.id)):
            return AlreadyComing(one, await rows.of(work.tx, one.id))
    return None


async def add(
    work: Work, person: Person, session: SessionId, caller: Caller, topic: str, words: str = ""
) -> Added | AlreadyComing | NotReceiving | Denied:
    """Add somebody who came without an appointment, and give them a ticket. `words` are what they came to say."""
    line = await session_rows.by_id(work.tx, session)
    if line is None:
        return NotReceiving()
    if await guard(work, person, Act.RECEIVE, line.office) is None:
        return Denied()
    if line.id not in {one.id for one in await receiving(work, line.office)}:
        return NotReceiving()
    if caller.phone:  # of two members of staff who add the same number at once, one finds it added
        await residents.lock_phone(work.tx, caller.phone)
    board = (await lock_sessions(work, session))[session]
    if (known := await coming(work, line.office, caller.phone)) is not None:
        return known
    record = await intake.receive(work, person, line.office, caller, Act.RECEIVE)
    if record is None:
        return Denied()
    said = {"topic": topic, "words": words}
    return await _begin(work, board, record, replace(caller, record=record.id), said, person.actor)


async def _begin(
    work: Work,
    board: SessionAvailability,
    record: Resident,
    caller: Caller,
    said: Mapping[str, str],
    actor: Actor,
) -> Added:
    owner = await residents.owner_of(work.tx, caller.phone)
    await _stop_waiting(work, board, [record.id, *([] if owner is None else [owner.id])], actor)
    slot = await _slot(work, board)
    changes = {
        **transitions.seated(slot, 1),
        **said,
        "name": caller.name,
        "phone": caller.phone,
        "source": WALK_IN,
        "confirmed_at": work.now,
    }
    begun = await transitions.begin(work, board, record, Transition.WALK_IN, changes, actor)
    if begun is None:
        raise Conflict(f"a walk-in of session {board.session.id} was added by another at the same time")
    audit.record(work.tx, work.now, actor, "visit.walk_in", booking_subject(begun.id))
    await record_linking.hand_to_owner(work, record)
    booking = await booking_rows.by_id(work.tx, begun.id)
    assert booking is not None  # noqa: S101 - it has just begun
    await linked_cases.link(work, booking)
    visit = await visits.arrive(work, booking, actor)
    if not isinstance(visit, Visit):
        raise Conflict(f"walk-in {booking.reference} was changed by another at the same time")
    cards.owe_card(work, booking)
    if told := booking.resident_id != record.id:
        key, about = f"ticket:{booking.id}", booking_subject(booking.id)
        await notify_resident(work, booking.resident_id, TicketGiven(booking=booking.id), key=key, subject=about)
    return Added(booking, visit, told)


async def _stop_waiting(work: Work, board: SessionAvailability, people: Iterable[ResidentId], actor: Actor) -> None:
    """They come to this session after all: a place on its waiting list, or a seat kept for them there, is given up."""
    for resident in people:
        for one in (board.of(resident), board.hold_of(resident)):
            if one is not None and one.status in _GIVEN_UP:
                await transitions.apply(work, board, one, _GIVEN_UP[one.status], actor)
    await transitions.process_expiries(work, board)


async def _slot(work: Work, board: SessionAvailability) -> Slot:
    """The slot of a walk-in who comes now. Planned slots begin on the minute, so no walk-in does."""
    taken = {one.starts_at for one in board.slots}
    at = work.now if work.now.microsecond else work.now + timedelta.resolution
    while at in taken:
        at += timedelta.resolution
    return await session_rows.add_walk_in_slot(work.tx, board.session.id, at, at + _length(board.slots))


def _length(slots: Iterable[Slot]) -> timedelta:
    """As long as the session's slots are."""
    return next((one.ends_at - one.starts_at for one in slots if one.capacity), _USUAL)
