"""Changing how a confirmed appointment takes place: in person, by phone or by video. Its time and seat stay."""

from __future__ import annotations

from enum import Enum, auto

from services.actors import Actor, booking_subject, resident_actor
from services.bookings import bookings, cards, transitions
from services.bookings.meetings import ANSWER, LINK, Meeting, is_link, meeting_of, offered
from services.bookings.states import Transition, can
from services.bookings.transitions import locked
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import MeetingChanged
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits.visits import Denied
from storage import audit, sessions
from storage.ids import Reference
from storage.records.bookings import Booking, BookingEventKind
from storage.records.residents import Resident


class NotChanged(Enum):
    """Why an appointment takes place as before."""

    TOO_LATE = auto()  # or it is no appointment to come
    NOT_OFFERED = auto()
    NO_PHONE = auto()  # there is no number to call
    NOT_BY_VIDEO = auto()
    NO_LINK = auto()  # what was said is none


def others(work: Work, booking: Booking) -> tuple[Meeting, ...]:
    """What an appointment can be changed to."""
    office = work.offices.get(booking.office)
    ways = () if office is None else offered(office, booking.day)
    return tuple(way for way in ways if way is not meeting_of(booking))


async def for_resident(work: Work, booking: Booking) -> tuple[Meeting, ...]:
    """What a resident can still change it to: nothing once its time is no longer given to anybody."""
    slot = None if booking.slot_id is None else await sessions.slot(work.tx, booking.slot_id)
    if slot is None or work.now >= slot.bookable_until or not can(booking, Transition.CHANGE_MEETING):
        return ()
    return others(work, booking)


async def change(work: Work, reference: Reference, resident: Resident, wanted: Meeting) -> Booking | NotChanged:
    """Change it for its resident, until the lead time of its slot. The office is told."""
    booking = await bookings.own(work, reference, resident)
    if booking is None:
        return NotChanged.TOO_LATE
    changed = await _change(work, booking, wanted, resident_actor(resident.id), in_lead_time=False)
    if isinstance(changed, Booking) and changed.version != booking.version:
        transitions.tell_office(work, changed, BookingEventKind.MEETING_CHANGED)
    return changed


async def change_by_municipality(
    work: Work, person: Person, booking: Booking, wanted: Meeting
) -> Booking | NotChanged | Denied:
    """The same by staff, until the appointment begins. The resident is told."""
    subject = booking_subject(booking.id)
    if await guard(work, person, Act.INTAKE, booking.office, subject) is None:
        return Denied()
    changed = await _change(work, booking, wanted, person.actor, in_lead_time=True)
    if isinstance(changed, Booking) and changed.version != booking.version:
        audit.record(work.tx, work.now, person.actor, "booking.meeting_changed", subject, wanted.value)
        await _tell(work, changed, link=False)
    return changed


async def give_link(work: Work, person: Person, booking: Booking, link: str) -> Booking | NotChanged | Denied:
    """Give a meeting by video a link of its own, before its session's and the office's; without one those hold again.

    The resident is told.
    """
    subject = booking_subject(booking.id)
    if await guard(work, person, Act.INTAKE, booking.office, subject) is None:
        return Denied()
    if link and not is_link(link):
        return NotChanged.NO_LINK
    board, current = await locked(work, booking)
    if current is None or not can(current, Transition.CHANGE_MEETING) or bookings.has_passed(work, current):
        return NotChanged.TOO_LATE
    if meeting_of(current) is not Meeting.VIDEO:
        return NotChanged.NOT_BY_VIDEO
    if current.answers.get(LINK, "") == link:
        return current
    kept = {name: said for name, said in current.answers.items() if name != LINK}
    changes = {"answers": {**kept, LINK: link} if link else kept}
    changed = await transitions.apply(work, board, current, Transition.CHANGE_MEETING, person.actor, changes)
    audit.record(work.tx, work.now, person.actor, "booking.video_link", subject)
    cards.owe_card(work, changed)
    await _tell(work, changed, link=True)
    return changed


async def _tell(work: Work, booking: Booking, *, link: bool) -> None:
    await notify_resident(
        work,
        booking.resident_id,
        MeetingChanged(booking=booking.id, version=booking.version, link=link),
        key=f"meeting_changed:{booking.id}:{booking.version}",
        subject=booking_subject(booking.id),
    )


async def _change(
    work: Work, before: Booking, wanted: Meeting, actor: Actor, *, in_lead_time: bool
) -> Booking | NotChanged:
    board, booking = await locked(work, before)
    slot = None if booking is None else board.slot(booking.slot_id)
    if booking is None or slot is None or not can(booking, Transition.CHANGE_MEETING):
        return NotChanged.TOO_LATE
    if work.now >= (slot.starts_at if in_lead_time else slot.bookable_until):
        return NotChanged.TOO_LATE
    if meeting_of(booking) is wanted:
        return booking
    if wanted not in others(work, booking):
        return NotChanged.NOT_OFFERED
    if wanted is Meeting.PHONE and not booking.phone:
        return NotChanged.NO_PHONE
    changes = {"answers": {**booking.answers, ANSWER: wanted.value}}
    return await transitions.apply(work, board, booking, Transition.CHANGE_MEETING, actor, changes)
