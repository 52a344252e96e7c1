"""Solve it before they come: an appointment about something the resident has an open request for is linked to it.

Staff then see both together and can answer before the day. The answer offers the resident to release the seat, which
goes to the waiting list. A link is a guess: it changes neither the appointment nor the request, and the resident can
say that it is wrong.
"""

from __future__ import annotations

from services.actors import booking_subject, resident_actor
from services.offices.offices import TopicId
from services.text.normalise import content_words
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit
from storage import bookings as booking_rows
from storage import cases as case_rows
from storage import linked_cases as rows
from storage.ids import CategoryId, Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case, CaseStatus
from storage.records.residents import Resident

#: The part of the shorter description whose words the longer one has too, from which both are about one matter: of the
#: same category, and of whatever category.
_ALIKE, _ALIKE_ELSEWHERE = 0.2, 0.6
_FEWEST_WORDS = 2  # in common: one alone says little
_GENERAL = CategoryId("other")  # about anything


async def link(work: Work, booking: Booking) -> Case | None:
    """Link a confirmed appointment to the resident's open request that it is about, if there is one.

    Never to one in which they wished not to be named: beside the appointment, which has a name, it would be.
    """
    named = parse_reference(booking.words)
    mine = await case_rows.open_of(work.tx, booking.resident_id)
    named_in = [case for case in mine if not case.anonymous]
    here = [case for case in named_in if case.office == booking.office and case.status is not CaseStatus.RESOLVED]
    found = [(match, case.id, case) for case in here if (match := likeness(work, booking, case, named))]
    if not found:
        return None
    *_, case = max(found)
    rows.link(work.tx, booking.id, case.id, work.now)
    return case


def likeness(work: Work, booking: Booking, case: Case, named: Reference | None) -> float:
    """How sure it is that an appointment is about a request, from 0 to 2; 0 where nothing says so."""
    if named == case.reference:
        return 2.0
    topic = work.offices.topic(TopicId(booking.topic))
    same_category = topic is not None and case.category in {topic.category, *topic.also}
    alike = _alike(booking.words, case.words)
    if same_category and case.category != _GENERAL and (alike >= _ALIKE or not booking.words):
        return 1.0 + alike / 2
    return alike if alike >= _ALIKE_ELSEWHERE else 0.0


def _alike(one: str, other: str) -> float:
    words, others = set(content_words(one)), set(content_words(other))
    common = len(words & others)
    return common / min(len(words), len(others)) if common >= _FEWEST_WORDS else 0.0


async def case_of(work: Work, booking: Booking) -> Case | None:
    """The request that an appointment is about."""
    return await rows.case_of(work.tx, booking.id)


async def appointment_about(work: Work, case: Case) -> Booking | None:
    """The next appointment ahead about a request."""
    return await rows.confirmed_about(work.tx, case.id, work.now)


async def unlink(work: Work, reference: Reference, resident: Resident) -> Booking | None:
    """The resident says that the appointment is about something else. None where it is not theirs."""
    booking = await booking_rows.by_reference(work.tx, reference)
    if booking is None or booking.resident_id != resident.id or booking.status is BookingStatus.HELD:
        return None
    if await rows.unlink(work.tx, booking.id):
        actor = resident_actor(resident.id)
        audit.record(work.tx, work.now, actor, "booking.unlink", booking_subject(booking.id))
    return booking
