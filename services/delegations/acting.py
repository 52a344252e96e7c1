"""What a delegate does for the other: it is the other's, and known to have come through the delegate.

A delegate reaches what they filed, joined or booked themselves (`delegated_cases`, `delegated_bookings`), while the
other has not ended it. Limits of seats count the person acted for, since the appointment is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import Subject, booking_in, booking_subject, case_in, case_subject, resident_actor
from services.delegations import notices
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit, bookings, cases, outbox, residents, visits
from storage import delegations as rows
from storage.delegations import Delegation, State
from storage.ids import BookingId, DelegationId, MessageId, ResidentId
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.residents import Resident

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Acting:
    """A delegation that holds, and the person acted for."""

    delegation: Delegation
    principal: Resident


async def active(work: Work, delegate: ResidentId, delegation: DelegationId) -> Acting | None:
    """None where it is another's, was ended, or the other is known no more."""
    found = await rows.by_id(work.tx, delegation)
    if found is None or found.delegate_id != delegate or found.state is not State.ACTIVE:
        return None
    principal = None if found.principal_id is None else await residents.by_id(work.tx, found.principal_id)
    if principal is None or principal.forgotten_at is not None:
        return None
    return Acting(found, principal)


async def things(work: Work, delegation: DelegationId) -> tuple[tuple[Case, ...], tuple[Booking, ...]]:
    """What was filed and booked through one."""
    return (
        tuple(await rows.cases(work.tx, delegation, _LISTED)),
        tuple(await rows.bookings(work.tx, delegation, _LISTED)),
    )


async def subject_of(work: Work, delegation: DelegationId, typed: str) -> Subject | None:
    """What a reference names, if it came through this delegation; another's and an unknown one are the same None."""
    reference = parse_reference(typed)
    if reference is None:
        return None
    if (case := await cases.by_reference(work.tx, reference)) is not None:
        through = await rows.of_case(work.tx, case.id)
        return case_subject(case.id) if through is not None and through.id == delegation else None
    if (booking := await bookings.by_reference(work.tx, reference)) is not None:
        through = await rows.of_booking(work.tx, booking.id)
        return booking_subject(booking.id) if through is not None and through.id == delegation else None
    return None


async def through(work: Work, subject: str) -> Delegation | None:
    """Through whom what a message is about was filed or booked, while that holds."""
    found = await came_through(work, subject)
    return found if found is not None and found.state is State.ACTIVE else None


async def came_through(work: Work, subject: str) -> Delegation | None:
    """The same, also where it was ended since."""
    if (case := case_in(subject)) is not None:
        return await rows.of_case(work.tx, case)
    if (booking := booking_in(subject)) is not None:
        return await rows.of_booking(work.tx, booking)
    return None


async def is_through(work: Work, delegation: DelegationId, subject: str) -> bool:
    """Whether something came through this delegation, and that still holds."""
    found = await through(work, subject)
    return found is not None and found.id == delegation


async def delegate_of(work: Work, subject: str) -> Resident | None:
    """Who filed or booked it for whose it is. Whoever joined it for somebody does not act for them."""
    found = await came_through(work, subject)
    if found is None or found.principal_id != await _whose(work, subject):
        return None
    return await residents.by_id(work.tx, found.delegate_id)


async def _whose(work: Work, subject: str) -> ResidentId | None:
    if (case_id := case_in(subject)) is not None:
        case = await cases.by_id(work.tx, case_id)
        return None if case is None else case.resident_id
    if (booking_id := booking_in(subject)) is not None:
        booking = await bookings.by_id(work.tx, booking_id)
        return None if booking is None else booking.resident_id
    return None


async def filed(work: Work, delegation: DelegationId | None, subject: Subject, *, had_it_before: bool = False) -> None:
    """Something was filed, joined or booked by whoever acts for another; nothing where nobody does.

    What the other `had_it_before` the delegate came does not open to the delegate: it holds what they said themselves.
    """
    found = None if delegation is None else await rows.by_id(work.tx, delegation)
    if found is None:
        return
    if had_it_before:
        await _note(work, found, subject, "filed")
        return
    if (case := case_in(subject)) is not None:
        rows.note_case(work.tx, found.id, case, work.now)
    elif (booking := booking_in(subject)) is not None:
        rows.note_booking(work.tx, found.id, booking, work.now)
    await _note(work, found, subject, "filed")


async def line_message(work: Work, delegation: DelegationId, booking: BookingId) -> tuple[MessageId | None, bool]:
    """Which message shows the delegate the other's place in the queue, and whether one is on its way."""
    shown = await rows.line_message(work.tx, booking)
    return shown, await outbox.is_under_way(work.tx, rows.line_group(delegation, booking))


def line_group(delegation: DelegationId, booking: BookingId) -> str:
    """What the messages that show it supersede each other by."""
    return rows.line_group(delegation, booking)


async def status_of(work: Work, subject: str) -> str:
    """How it stands, to see whether a deed has changed it."""
    if (case_id := case_in(subject)) is not None:
        case = await cases.by_id(work.tx, case_id)
        return "" if case is None else case.status.value
    if (booking_id := booking_in(subject)) is not None:
        booking = await bookings.by_id(work.tx, booking_id)
        visit = await visits.of(work.tx, booking_id)
        in_queue = "" if visit is None else f".{visit.version}"
        return "" if booking is None else f"{booking.status.value}.{booking.version}{in_queue}"
    return ""


async def changed(work: Work, acting: Acting, subject: Subject, status: str) -> None:
    """The delegate has changed how something stands: it is written down, and the other hears of it."""
    await _note(work, acting.delegation, subject, status)


async def _note(work: Work, delegation: Delegation, subject: Subject, what: str) -> None:
    audit.record(work.tx, work.now, resident_actor(delegation.delegate_id), "delegation.act", subject, what)
    await notices.tell_of_deed(work, delegation, subject, what)
