"""How it stands with one who speaks for all that have a request, and what the others hear of the appointment."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import booking_subject, case_subject, resident_actor
from services.notify.enqueue import notify_resident
from services.notify.notices.cases import StreetNews
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit, cases, linked_cases
from storage import streets as rows
from storage.booking_states import EXPECTED
from storage.ids import BookingId, ResidentId
from storage.records.bookings import Booking
from storage.records.cases import Case, CaseStatus
from storage.streets import Street, Voice


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with all who have a request: `others` are those without whoever speaks, and who have not left."""

    case: Case
    street: Street | None
    people: int
    others: tuple[ResidentId, ...]
    voices: dict[ResidentId, Voice]

    @property
    def agree(self) -> int:
        return sum(self.voices.get(one) is Voice.AGREES for one in self.others)

    @property
    def object(self) -> int:
        return sum(self.voices.get(one) is Voice.OBJECTS for one in self.others)

    @property
    def is_refused(self) -> bool:
        return bool(self.others) and 2 * self.object >= len(self.others)


async def standing_of(work: Work, case: Case, people: list[ResidentId]) -> Standing:
    """For whom a case is, and what they say."""
    street = await rows.of_case(work.tx, case.id)
    voices = await rows.voices(work.tx, case.id)
    speaks = None if street is None else street.resident_id
    others = tuple(one for one in people if one != speaks and voices.get(one) is not Voice.LEFT)
    return Standing(case, street, len(people), others, voices)


async def booked(work: Work, booking: Booking) -> None:
    """A confirmed appointment names a request for which its resident speaks: the first such one is for all.

    However it came to be: chosen, from the waiting list or by a draw.
    """
    reference = parse_reference(booking.words)
    case = None if reference is None else await cases.by_reference(work.tx, reference)
    if case is not None and case.duplicate_of is not None:
        case = await cases.by_id(work.tx, case.duplicate_of)
    street = None if case is None else await rows.of_case(work.tx, case.id)
    if case is None or street is None or street.resident_id != booking.resident_id or case.office != booking.office:
        return
    is_open = case.closed_at is None and case.status is not CaseStatus.RESOLVED
    if is_open and await rows.book(work.tx, case.id, booking.id):
        if not case.anonymous:
            linked_cases.link(work.tx, booking.id, case.id, work.now)
        actor = resident_actor(booking.resident_id)
        audit.record(work.tx, work.now, actor, "street.book", booking_subject(booking.id))
        await tell_booking(work, booking, "booked")


async def changed(work: Work, booking: Booking) -> None:
    """An appointment was moved, or will not take place."""
    if await rows.of_booking(work.tx, booking.id) is None:
        return
    if booking.status in EXPECTED:
        await tell_booking(work, booking, "moved")
        return
    await tell_booking(work, booking, "called_off")
    rows.release(work.tx, booking.id)


async def tell_outcome(work: Work, booking: Booking, version: int) -> None:
    """All hear what came of the meeting, in writing."""
    await tell_booking(work, booking, "outcome", version)


async def tell_booking(work: Work, booking: Booking, what: str, version: int = 0) -> None:
    """Owe the others what became of it."""
    street = await rows.of_booking(work.tx, booking.id)
    case = None if street is None else await cases.by_id(work.tx, street.case_id)
    if street is None or case is None:
        return
    found = await standing_of(work, case, [one.id for one in await cases.audience(work.tx, case.id)])
    for one in found.others:
        notice = StreetNews(
            case=case.id, offer=street.offer, what=what, booking=booking.id, version=version or booking.version
        )
        key = f"street:{street.offer}:{booking.id}:{what}:{notice.version}:{one}"
        await notify_resident(work, one, notice, key=key, subject=case_subject(case.id))


async def people_of(work: Work, booking: BookingId) -> int:
    """For how many an appointment is; 0 where it is one's own."""
    street = await rows.of_booking(work.tx, booking)
    if street is None:
        return 0
    return len(await cases.audience(work.tx, street.case_id))
