"""What staff do with an appointment on its card. Each asks the right at the appointment's office, and is audited."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import booking_subject
from services.bookings import attendance
from services.bookings.attendance import NotPossible
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import Step
from services.visits.visits import Denied
from storage import audit
from storage.records import Booking
from storage.visits import Visit

__all__ = ["Contact", "Denied", "NotPossible", "came_after_all", "contact", "no_show", "step"]


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever comes."""

    name: str
    phone: str


async def _may(work: Work, person: Person, act: Act, booking: Booking) -> bool:
    return await guard(work, person, act, booking.office, booking_subject(booking.id)) is not None


async def step(
    work: Work, person: Person, booking: Booking, wanted: Step
) -> Visit | Booking | visits.NotPossible | NotPossible | Denied:
    """A step of the visit. Whose arrival was not recorded by a visit is received all the same."""
    if await visits.of(work, booking.id) is not None or wanted is not Step.FINISH:
        return await visits.act(work, person, booking.id, wanted)
    if not await _may(work, person, Act.RECEIVE, booking):
        return Denied()
    return await attendance.mark_attended(work, booking.reference, person.actor)


async def no_show(work: Work, person: Person, booking: Booking) -> Booking | NotPossible | Denied:
    """They did not come; not before the time at which they were to."""
    if not await _may(work, person, Act.RECEIVE, booking):
        return Denied()
    return await attendance.mark_no_show(work, booking.reference, person.actor)


async def came_after_all(work: Work, person: Person, booking: Booking) -> Booking | NotPossible | Denied:
    """They were said not to have come, and were received."""
    if not await _may(work, person, Act.RECEIVE, booking):
        return Denied()
    return await attendance.mark_attended(work, booking.reference, person.actor)


async def contact(work: Work, person: Person, booking: Booking) -> Contact | Denied:
    """Name and phone; that they were looked at is written down."""
    if not await _may(work, person, Act.SEE_CONTACT, booking):
        return Denied()
    audit.record(work.tx, work.now, person.actor, "booking.contact", booking_subject(booking.id))
    return Contact(booking.name, booking.phone)
