"""What staff do with an appointment on its card. Each asks the right at the appointment's office, and is audited."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import booking_subject
from services.bookings import answers, attendance, bookings, cards, questions
from services.bookings.attendance import NotPossible
from services.delegations import acting
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import BookingAnswered
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import UNDO_FOR, Step
from services.visits.visits import Denied
from storage import audit
from storage import bookings as rows
from storage import sessions as session_rows
from storage.ids import OfficeId, SlotId
from storage.records.bookings import Booking, BookingEventKind
from storage.records.residents import Resident
from storage.visits import Visit

__all__ = ["Contact", "Denied", "NotPossible", "came_after_all", "contact", "no_show", "step"]


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever comes."""

    name: str
    phone: str
    delegate: Resident | None = None  # who acts for them


async def may(work: Work, person: Person, act: Act, booking: Booking) -> bool:
    """Whether a member may; where not, it is written down that they tried."""
    return await guard(work, person, act, booking.office, booking_subject(booking.id)) is not None


async def step(
    work: Work, person: Person, booking: Booking, wanted: Step
) -> Visit | Booking | visits.NotPossible | NotPossible | Denied:
    """A step of the visit. Whose arrival was not recorded by a visit is received all the same."""
    if await visits.of(work, booking.id) is not None or wanted is not Step.FINISH:
        return await visits.act(work, person, booking.id, wanted)
    if not await may(work, person, Act.RECEIVE, booking):
        return Denied()
    return await attendance.mark_attended(work, booking.reference, person.actor)


async def begin_call(work: Work, person: Person, booking: Booking) -> Visit | visits.NotPossible | Denied:
    """A meeting by phone or video begins. Nobody arrives: they are received at once."""
    return await visits.begin_call(work, person, booking.reference)


async def no_show(work: Work, person: Person, booking: Booking) -> Booking | NotPossible | Denied:
    """They did not come; not before the time at which they were to."""
    if not await may(work, person, Act.RECEIVE, booking):
        return Denied()
    marked = await attendance.mark_no_show(work, booking.reference, person.actor)
    if isinstance(marked, Booking):
        cards.owe_card_again(work, marked, work.now + UNDO_FOR)
    return marked


async def came_after_all(work: Work, person: Person, booking: Booking) -> Booking | NotPossible | Denied:
    """They were said not to have come, and were received."""
    if not await may(work, person, Act.RECEIVE, booking):
        return Denied()
    return await attendance.mark_attended(work, booking.reference, person.actor)


async def move(
    work: Work, person: Person, booking: Booking, slot: SlotId
) -> Booking | bookings.SlotTaken | bookings.NotMovable | Denied:
    """Give it another time at its own office; the visitor is told."""
    if not await may(work, person, Act.INTAKE, booking):
        return Denied()
    if not await _is_at(work, booking.office, slot):
        return bookings.SlotTaken()
    return await bookings.move_by_municipality(work, booking.id, slot, person.actor)


async def _is_at(work: Work, office: OfficeId, slot: SlotId) -> bool:
    found = await session_rows.slot(work.tx, slot)
    session = None if found is None else await session_rows.by_id(work.tx, found.session_id)
    return session is not None and session.office == office


async def cancel(
    work: Work, person: Person, booking: Booking, reason: str
) -> Booking | bookings.NotCancellable | Denied:
    """Call it off; the visitor is told why, and offered other times."""
    if not await may(work, person, Act.INTAKE, booking):
        return Denied()
    return await bookings.cancel_by_municipality(work, booking.id, reason, person.actor)


async def note(work: Work, person: Person, booking: Booking, words: str) -> Booking | Denied:
    """Words among staff."""
    if not await may(work, person, Act.NOTE, booking):
        return Denied()
    _said(work, person, booking, BookingEventKind.NOTED, words)
    return booking


async def answer(work: Work, person: Person, booking: Booking, words: str) -> Booking | Denied:
    """Answer before the day what the meeting is about; the visitor may then release the seat."""
    if not await may(work, person, Act.REPLY, booking):
        return Denied()
    _said(work, person, booking, BookingEventKind.ANSWERED, words)
    await notify_resident(
        work,
        booking.resident_id,
        BookingAnswered(booking=booking.id, at=work.now),
        key=answers.key_of(booking.id, work.now),
        subject=booking_subject(booking.id),
    )
    return booking


async def ask(work: Work, person: Person, booking: Booking, words: str) -> Booking | NotPossible | Denied:
    """Ask the visitor something; what they write next is the answer."""
    if not await may(work, person, Act.ASK, booking):
        return Denied()
    if not questions.is_open(work, booking):
        return NotPossible(booking)
    _said(work, person, booking, BookingEventKind.ASKED, words)
    await questions.ask(work, booking)
    return booking


def _said(work: Work, person: Person, booking: Booking, what: BookingEventKind, words: str) -> None:
    rows.add_event(work.tx, booking.id, work.now, person.actor, what, words)
    audit.record(work.tx, work.now, person.actor, f"booking.{what}", booking_subject(booking.id))
    cards.owe_card(work, booking)


async def contact(work: Work, person: Person, booking: Booking) -> Contact | Denied:
    """Name and phone; that they were looked at is written down."""
    if not await may(work, person, Act.SEE_CONTACT, booking):
        return Denied()
    audit.record(work.tx, work.now, person.actor, "booking.contact", booking_subject(booking.id))
    return Contact(booking.name, booking.phone, await acting.delegate_of(work, booking_subject(booking.id)))
