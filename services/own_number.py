"""A resident's number changes: what is still to be dealt with follows it, so that the office calls the right one.

Only what has the former number follows. A number given for somebody else stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import resident_actor, resident_subject
from services.bookings import lookup, one_at_a_time, transitions
from services.bookings.states import OPEN
from services.unit_of_work import Work
from storage import audit, cases
from storage import own_number as rows
from storage.ids import Reference
from storage.records.bookings import Booking
from storage.records.cases import Case, CaseEventKind
from storage.records.residents import Resident


@dataclass(frozen=True, slots=True)
class Open:
    """The open requests and the appointments to come that have a resident's number."""

    cases: tuple[Reference, ...] = ()
    bookings: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What has the new number. `taken` are appointments at offices where it already stands for somebody else's."""

    followed: Open
    taken: tuple[Reference, ...] = ()


async def open_with_number(work: Work, resident: Resident) -> Open:
    """What would follow a new number."""
    filed = await _cases(work, resident)
    booked = await _bookings(work, resident)
    return Open(tuple(one.reference for one in filed), tuple(one.reference for one in booked))


async def use_instead(work: Work, resident: Resident, phone: str) -> Changed:
    """Give the new number to what has the former one. Of two with one number at an office, the first keeps it."""
    await one_at_a_time.lock_phone(work, phone)
    booked, taken = [], []
    for one in await _bookings(work, resident):
        _, current = await transitions.locked(work, one)
        if current is None or current.status not in OPEN:
            continue
        if await rows.is_anothers(work.tx, one.office, phone, resident.id):
            taken.append(one.reference)
            continue
        rows.of_booking(work.tx, one.id, phone)
        booked.append(one.reference)
    filed = await _cases(work, resident)
    actor = resident_actor(resident.id)
    for case in filed:
        rows.of_case(work.tx, case.id, phone)
        await cases.add_event(work.tx, case.id, work.now, actor, CaseEventKind.NUMBER, public=False)
    _record(work, resident, "resident.number")
    return Changed(Open(tuple(case.reference for case in filed), tuple(booked)), tuple(taken))


async def remove(work: Work, resident: Resident) -> None:
    """Take the number off open requests. An appointment to come keeps it: the office must be able to call."""
    for case in await _cases(work, resident):
        rows.of_case(work.tx, case.id, "")
    _record(work, resident, "resident.number_removed")


def _record(work: Work, resident: Resident, action: str) -> None:
    audit.record(work.tx, work.now, resident_actor(resident.id), action, resident_subject(resident.id))


async def _cases(work: Work, resident: Resident) -> list[Case]:
    return [one for one in await cases.open_of(work.tx, resident.id) if _has(one.phone, resident)]


async def _bookings(work: Work, resident: Resident) -> list[Booking]:
    """By session, so that two who lock several do so in one order."""
    found = [one for one in await lookup.open_of(work, resident.id) if _has(one.phone, resident)]
    return sorted(found, key=lambda one: (one.session_id, one.id))


def _has(phone: str, resident: Resident) -> bool:
    """Whether it is the resident's number; while none is kept of them, the one they gave."""
    return phone != "" and resident.phone in {"", phone}
