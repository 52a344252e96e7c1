"""What staff take for people who call the hotline or come to the counter.

The caller is a resident whose channel is the desk: one for each number, so that whoever calls again is the same
person; a visitor without a number is a person of their own. Nobody can be told anything there, and no limit of a
resident's stops staff. Where it is known whose number it is, because a messenger vouched for that, what was taken is
theirs at once, and they hear of it (`services.casework.record_linking` says why that is right).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from services.actors import booking_subject, case_subject, resident_subject
from services.bookings import bookings, draws, waiting_list
from services.bookings.bookings import (
    AlreadyBooked,
    AlreadyConfirmed,
    Details,
    HoldLost,
    OneAlready,
    SlotClosed,
    SlotTaken,
)
from services.cases import duplicates, resident_actions
from services.cases.duplicates import Gone
from services.cases.resident_actions import Case, NewCase
from services.casework import record_linking
from services.staff.permissions import Act, Member, Person, guard
from services.unit_of_work import Work
from storage import audit, residents
from storage import record_linking as link_rows
from storage.ids import BookingId, CaseId, FileId, OfficeId, ResidentId, SessionId, SlotId
from storage.records.bookings import Booking
from storage.records.residents import Resident
from storage.residents import WALK_IN

__all__ = [
    "WALK_IN",
    "Caller",
    "Source",
    "apply_for",
    "book_for",
    "confirm_for",
    "file_case_for",
    "join_for",
    "receive",
]


class Source(StrEnum):
    """How a caller reached the desk: what their cases and bookings keep as their source.

    "hotline" is another source: a resident's own, who followed the link that the hotline gave them.
    """

    HOTLINE = "call"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom staff act. `phone` is in E.164; "" only of a visitor. `record` is what `receive` gave."""

    name: str
    phone: str = ""
    record: ResidentId | None = None


async def receive(
    work: Work, person: Person, office: OfficeId, caller: Caller, right: Act = Act.INTAKE
) -> Resident | None:
    """The resident under whom is kept what a caller asks for. None where the person may not take anything there.

    One of whom nothing was filed is let go of after a day (`services.privacy.retention`).
    """
    member = await guard(work, person, right, office)
    return None if member is None else await _record(work, member, caller)


async def _record(work: Work, member: Member, caller: Caller) -> Resident:
    known = None if caller.record is None else await residents.by_id(work.tx, caller.record)
    if known is not None and known.channel == WALK_IN and known.forgotten_at is None and known.phone == caller.phone:
        found = known
    else:
        address = caller.phone or f"visit:{work.random.getrandbits(96):024x}"
        found = await residents.add(work.tx, WALK_IN, address, caller.name, "ar", work.now)
        audit.record(work.tx, work.now, member.actor, "intake.receive", resident_subject(found.id))
    if (found.name, found.phone) != (caller.name, caller.phone):
        found = found.model_copy(update={"name": caller.name, "phone": caller.phone, "seen_at": work.now})
        residents.save(work.tx, found)
    return found


async def file_case_for(
    work: Work, person: Person, office: OfficeId, caller: Caller, new: NewCase, source: Source
) -> Case | None:
    """File a case for a caller, at whichever office `new` says. None where the person may not, at their `office`."""
    member = await guard(work, person, Act.INTAKE, office)
    if member is None:
        return None
    record = await _record(work, member, caller)
    name, phone = ("", "") if new.anonymous else (caller.name, caller.phone)
    filed = replace(new, name=name, phone=phone, source=source.value)
    link_rows.adopt_files(work.tx, new.files, record.id)
    case = await resident_actions.file(work, record, filed, member.actor)
    audit.record(work.tx, work.now, member.actor, "intake.case", case_subject(case.id), source.value)
    await record_linking.hand_to_owner(work, record)
    return await resident_actions.by_id(work, case.id)


async def join_for(
    work: Work,
    person: Person,
    office: OfficeId,
    caller: Caller,
    case_id: CaseId,
    words: str = "",
    files: tuple[FileId, ...] = (),
) -> Case | Gone | None:
    """Have a caller join another's case, with what they told. None where the person may not."""
    member = await guard(work, person, Act.INTAKE, office)
    if member is None:
        return None
    record = await _record(work, member, caller)
    joined = await duplicates.join(work, case_id, record)
    if isinstance(joined, Gone):
        return joined
    case = joined.case if isinstance(joined, duplicates.AlreadyJoined) else joined
    if words or files:
        link_rows.adopt_files(work.tx, files, record.id)
        await resident_actions.add_information(work, case.reference, record, words, files)
    audit.record(work.tx, work.now, member.actor, "intake.join", case_subject(case.id))
    await record_linking.hand_to_owner(work, record)
    return case


async def book_for(
    work: Work, person: Person, office: OfficeId, caller: Caller, slot: SlotId, details: Details, source: Source
) -> Booking | SlotTaken | SlotClosed | AlreadyBooked | OneAlready | None:
    """Give a caller a seat at once. None where the person may not, at their `office`."""
    record = await receive(work, person, office, caller)
    if record is None:
        return None
    held = await bookings.reserve_seat(work, slot, record, source.value)
    if not isinstance(held, Booking):
        return held
    booked = await confirm_for(work, person, office, replace(caller, record=record.id), held.id, details)
    return booked if isinstance(booked, Booking | OneAlready) or booked is None else SlotTaken()


async def apply_for(
    work: Work,
    person: Person,
    office: OfficeId,
    caller: Caller,
    session: SessionId,
    details: Details,
    source: Source,
) -> Booking | AlreadyBooked | SlotClosed | OneAlready | None:
    """Apply for a caller to a draw that is still to come. None where the person may not."""
    member = await guard(work, person, Act.INTAKE, office)
    if member is None:
        return None
    if await draws.to_come(work, session) is None:
        return SlotClosed()
    record = await _record(work, member, caller)
    whose = replace(details, name=caller.name, phone=caller.phone)
    link_rows.adopt_files(work.tx, details.files, record.id)
    applied = await waiting_list.join(work, session, record, whose, member.actor, source.value)
    if not isinstance(applied, Booking):
        return applied
    audit.record(work.tx, work.now, member.actor, "intake.draw", booking_subject(applied.id), source.value)
    await record_linking.hand_to_owner(work, record)
    return await bookings.by_id(work, applied.id)


async def confirm_for(
    work: Work,
    person: Person,
    office: OfficeId,
    caller: Caller,
    booking: BookingId,
    details: Details,
    beside: str = "",
) -> Booking | HoldLost | AlreadyConfirmed | OneAlready | None:
    """Make the seat that is held for a caller (`bookings.reserve_seat`) their appointment.

    Who comes along, or has others call for them, may have one beside another: `beside` is why.
    """
    member = await guard(work, person, Act.INTAKE, office)
    if member is None:
        return None
    record = await _record(work, member, caller)
    whose = replace(details, name=caller.name, phone=caller.phone)
    link_rows.adopt_files(work.tx, details.files, record.id)
    booked = await bookings.confirm_seat(work, booking, record, whose, member.actor, beside=beside)
    if not isinstance(booked, Booking):
        return booked
    audit.record(work.tx, work.now, member.actor, "intake.booking", booking_subject(booked.id), booked.source)
    await record_linking.hand_to_owner(work, record)
    return await bookings.by_id(work, booked.id)
