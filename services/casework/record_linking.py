"""What staff took for somebody becomes theirs once it is known whose number it was taken under.

Only a messenger's word counts: a number that was typed links nothing, or anybody could have another's records by
typing their number. Once a messenger has vouched for a number, everything staff take under it afterwards goes to its
owner directly and they are told. That shows them no more than linking them later would, it is what the caller is told
will happen, and it is how the owner of a number learns that somebody else gave it; `give_back` is then one tap away.
A number has one owner at most, the one of whom it was vouched for last: numbers change hands. What was taken under it
long ago may therefore be a former owner's, and is handed to nobody (`RESTS`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.actors import SYSTEM, Subject, booking_subject, case_subject, resident_actor
from services.bookings import bookings, transitions
from services.bookings.states import LIVE
from services.cases.updates import tell_resident, tell_staff
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import TakenForYou
from services.unit_of_work import Work
from storage import audit, cases, delegations, personal, record_linking, residents
from storage import bookings as booking_rows
from storage.ids import BookingId, CaseId, Reference, ResidentId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.records.cases import Case, CaseEventKind, CaseStatus
from storage.records.residents import Resident
from storage.residents import WALK_IN

__all__ = ["RESTS", "Linked", "give_back", "hand_to_owner", "keep_other", "link_all", "link_records", "take_instead"]

#: How long after its caller was last heard of it a record is handed to whoever has the number. Operators let a number
#: that was given up rest for some months before they give it out again, so that within this span it is still theirs.
RESTS = timedelta(days=180)

#: The sources of what staff took (`services.casework.intake.Source`).
TAKEN = ("call", "visit", booking_rows.WALK_IN)
#: With whom a case waits: staff asked, or propose that it is done, and there was nobody to tell.
_UNHEARD = {CaseStatus.AWAITING_RESIDENT: CaseEventKind.ASKED, CaseStatus.RESOLVED: CaseEventKind.RESOLVED}
#: Bookings of which their owner has to know.
_LIVE = LIVE - {BookingStatus.HELD}


@dataclass(frozen=True, slots=True)
class Linked:
    """What became somebody's; `clashes` are bookings that did not: they have one of their own on that day.

    `older` is whether there is more under the number, too old to be known to be theirs.
    """

    cases: tuple[CaseId, ...] = ()
    bookings: tuple[BookingId, ...] = ()
    clashes: tuple[BookingId, ...] = ()
    older: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is something of theirs."""
        return bool(self.cases or self.bookings or self.clashes)


async def link_records(work: Work, resident: Resident, phone: str) -> Linked:
    """What staff took under a number is the resident's, of whom their channel has just vouched that it is theirs.

    Except for what is older than `RESTS`. They are told of each, once. Linking again links what came in between.
    """
    await residents.lock_phone(work.tx, phone)
    residents.disown(work.tx, phone, but=resident.id)
    linked = Linked()
    for record in await record_linking.desk_residents(work.tx, phone):
        linked = _both(linked, await _hand_over(work, record, resident.id))
    return linked


async def link_all(
    work: Work, resident: Resident, cancel: Callable[[Work, Reference, Resident], Awaitable[object]]
) -> int:
    """The same of somebody whose number is known, and what clashes with their own is cancelled; how many that were."""
    if resident.channel == WALK_IN or not (resident.phone and resident.phone_own):
        return 0
    await residents.lock_phone(work.tx, resident.phone)
    ended = 0
    for record in await record_linking.desk_residents(work.tx, resident.phone):
        caller = await residents.by_id(work.tx, record)
        assert caller is not None  # noqa: S101 - it was just found
        for booking in await record_linking.live_bookings(work.tx, record, _since(work)):
            await cancel(work, booking.reference, caller)
            ended += 1
    await link_records(work, resident, resident.phone)
    return ended


def _since(work: Work) -> datetime:
    return work.now - RESTS


async def hand_to_owner(work: Work, record: Resident) -> Linked:
    """What staff have just taken for a caller is the owner's of the number they gave, where that is known."""
    if not record.phone:
        return Linked()
    await residents.lock_phone(work.tx, record.phone)
    owner = await residents.owner_of(work.tx, record.phone)
    return Linked() if owner is None else await _hand_over(work, record.id, owner.id)


async def _hand_over(work: Work, record: ResidentId, owner: ResidentId) -> Linked:
    since = _since(work)
    older = await record_linking.has_older(work.tx, record, since)
    joined = await record_linking.hand_over_followed(work.tx, record, owner, since)
    taken = await record_linking.hand_over_cases(work.tx, record, owner, since)
    moved = await record_linking.hand_over_bookings(work.tx, record, owner, since)
    record_linking.hand_over_files(work.tx, record, owner)
    await delegations.hand_over(work.tx, record, owner)
    for case in taken:
        await _tell_of_case(work, case, owner)
    for case_id in joined:
        key, about = f"joined:case:{case_id}:{owner}", case_subject(case_id)
        await _tell(work, owner, TakenForYou(case=case_id), key, about)
    for booking in moved:
        await _tell_of_booking(work, booking, owner)
    left = await record_linking.live_bookings(work.tx, record, since)
    for clash in left:
        await _tell(
            work,
            owner,
            TakenForYou(booking=clash.id, clashes=True),
            f"clash:{clash.id}:{owner}",
            booking_subject(clash.id),
        )
    await _close(work, record)
    return Linked(tuple(case.id for case in taken), tuple(moved), tuple(one.id for one in left), older)


async def _tell_of_case(work: Work, case: Case, owner: ResidentId) -> None:
    audit.record(work.tx, work.now, resident_actor(owner), "claim.case", case_subject(case.id))
    await _tell(work, owner, TakenForYou(case=case.id), f"taken:case:{case.id}:{owner}", case_subject(case.id))
    if (kind := _UNHEARD.get(case.status)) and (event := await cases.last_event(work.tx, case.id, kind)):
        await tell_resident(work, owner, event)


async def _tell_of_booking(work: Work, booking_id: BookingId, owner: ResidentId) -> None:
    booking = await booking_rows.by_id(work.tx, booking_id)
    about = booking_subject(booking_id)
    audit.record(work.tx, work.now, resident_actor(owner), "claim.booking", about)
    if booking is not None and booking.status in _LIVE:
        await _tell(work, owner, TakenForYou(booking=booking_id), f"taken:booking:{booking_id}:{owner}", about)


async def _tell(work: Work, owner: ResidentId, notice: TakenForYou, key: str, about: Subject) -> None:
    await notify_resident(work, owner, notice, key=key, subject=about)


async def _close(work: Work, record: ResidentId) -> None:
    """Nothing is kept of a caller whose records are all somebody's."""
    if not await record_linking.has_anything(work.tx, record):
        await personal.erase_resident(work.tx, record, f"claimed:{record}", work.now)


def _both(one: Linked, other: Linked) -> Linked:
    return Linked(
        one.cases + other.cases,
        one.bookings + other.bookings,
        one.clashes + other.clashes,
        one.older or other.older,
    )


# ---------------------------------------------------------------------------- two appointments on one day


async def take_instead(work: Work, resident: Resident, reference: Reference) -> Booking | None:
    """Of two appointments on one day keep the one that staff booked: the resident's own is given up.

    None where there is no such one (any more).
    """
    clash = await _clash(work, resident, reference)
    if clash is None:
        return None
    for own in await booking_rows.of_resident(work.tx, resident.id):
        if own.session_id == clash.session_id:
            await bookings.cancel(work, own.reference, resident)
    await _hand_over(work, clash.resident_id, resident.id)
    now = await booking_rows.by_id(work.tx, clash.id)
    return now if now is not None and now.resident_id == resident.id else None


async def keep_other(work: Work, resident: Resident, reference: Reference) -> Booking | None:
    """Keep the resident's own: the one that staff booked is cancelled, and its seat is free. None as above."""
    clash = await _clash(work, resident, reference)
    record = None if clash is None else await residents.by_id(work.tx, clash.resident_id)
    if clash is None or record is None:
        return None
    ended = await bookings.cancel(work, clash.reference, record)
    await _hand_over(work, record.id, resident.id)
    return ended if isinstance(ended, Booking) else None


async def _clash(work: Work, resident: Resident, reference: Reference) -> Booking | None:
    """A live booking that staff made under the resident's own number, and that is still the desk's."""
    if not (resident.phone and resident.phone_own):
        return None
    await residents.lock_phone(work.tx, resident.phone)
    found = await booking_rows.by_reference(work.tx, reference)
    if found is None or found.resident_id not in await record_linking.desk_residents(work.tx, resident.phone):
        return None
    clashing = await record_linking.live_bookings(work.tx, found.resident_id, _since(work))
    return next((one for one in clashing if one.id == found.id), None)


# ---------------------------------------------------------------------------- it is not theirs


async def give_back(work: Work, resident: Resident, reference: Reference) -> bool:
    """Somebody else gave the resident's number: what was taken under it is the desk's again, and nobody's to link.

    The number is taken off it, and staff are told: it is for them to find out whom it is about. A request of another's
    that they were joined to they leave. False where it is not the resident's, or was not taken by staff.
    """
    case = await cases.by_reference(work.tx, reference)
    booking = await booking_rows.by_reference(work.tx, reference)
    actor = resident_actor(resident.id)
    if case is not None and _was_taken_for(case, resident):
        stranger = await _stranger(work)
        record_linking.give_back_case(work.tx, case.id, resident.id, stranger)
        event = await cases.add_event(work.tx, case.id, work.now, SYSTEM, CaseEventKind.DISOWNED, public=False)
        audit.record(work.tx, work.now, actor, "claim.give_back", case_subject(case.id))
        tell_staff(work, case, event)
        return True
    if booking is not None and _was_taken_for(booking, resident):
        stranger = await _stranger(work)
        record_linking.give_back_booking(work.tx, booking.id, resident.id, stranger)
        booking_rows.add_event(work.tx, booking.id, work.now, SYSTEM, BookingEventKind.DISOWNED)
        audit.record(work.tx, work.now, actor, "claim.give_back", booking_subject(booking.id))
        transitions.tell_office_besides(work, booking, BookingEventKind.DISOWNED)
        return True
    if case is not None and await record_linking.unfollow(work.tx, case.id, resident.id):
        audit.record(work.tx, work.now, actor, "claim.give_back", case_subject(case.id))
        return True
    return False


def _was_taken_for(record: Case | Booking, resident: Resident) -> bool:
    return record.resident_id == resident.id and record.source in set(TAKEN)


async def _stranger(work: Work) -> ResidentId:
    """A caller of whom no number is known."""
    added = await residents.add(work.tx, WALK_IN, f"unknown:{work.random.getrandbits(96):024x}", "", "ar", work.now)
    return added.id
