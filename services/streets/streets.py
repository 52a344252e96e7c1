"""Neighbours who reported the same choose one of them, who books one appointment for all.

Whoever has the request or joined it may offer. They speak for all once one of the others agrees, and no longer once
half of the others object. Nobody is told who the others are. All who have not left hear of the appointment and of what
came of the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

from services.actors import case_subject, resident_actor
from services.cases.workflow import OPEN
from services.notify.enqueue import notify_resident
from services.notify.notices.cases import StreetNews
from services.streets.appointments import Standing, standing_of, tell_booking
from services.unit_of_work import Work
from storage import asked, audit, bookings, cases, linked_cases
from storage import streets as rows
from storage.ids import CaseId, ResidentId
from storage.records.cases import Case
from storage.records.residents import Resident
from storage.streets import Street, Voice

__all__ = ["Standing", "Street", "Voice", "Why"]


class Why(Enum):
    """Why nothing was done."""

    NOT_THEIRS = auto()  # no such request of theirs, or it has ended
    ALONE = auto()  # nobody else joined it
    TAKEN = auto()  # somebody offers or speaks already
    GONE = auto()  # that offer is no more
    AGAIN = auto()  # they offered a short while ago: the others are not asked again and again


#: How long after an offer the same person may offer again for the same request.
NEXT_OFFER = timedelta(days=1)


async def standing(work: Work, case_id: CaseId, resident: ResidentId) -> Standing | Why:
    """For one who has the request or joined it."""
    case = await cases.by_id(work.tx, case_id)
    people = [one.id for one in await cases.audience(work.tx, case_id)]
    if case is None or case.status not in OPEN or resident not in people:
        return Why.NOT_THEIRS
    return await standing_of(work, case, people)


async def offer(work: Work, case_id: CaseId, resident: Resident) -> Street | Why:
    """Offer to speak for all; the others are asked."""
    await cases.lock(work.tx, case_id)
    found = await standing(work, case_id, resident.id)
    if isinstance(found, Why):
        return found
    if found.people < 2:
        return Why.ALONE
    if found.street is not None:
        return Why.TAKEN
    what = f"street_offer:{case_id}"
    last = await asked.last_asked(work.tx, resident.id, what)
    if last is not None and work.now - last < NEXT_OFFER:
        return Why.AGAIN
    offered = await rows.offer(work.tx, case_id, resident.id, work.random.getrandbits(40) + 1, work.now)
    if offered is None:
        return Why.TAKEN
    asked.note(work.tx, resident.id, what, work.now)
    _note(work, resident.id, "street.offer", case_id)
    await _tell(work, offered, (one for one in found.others if one != resident.id), "offered")
    return offered


async def say(work: Work, case_id: CaseId, resident: Resident, number: int, voice: Voice) -> Standing | Why:
    """One of the others agrees, objects or leaves."""
    await cases.lock(work.tx, case_id)
    found = await standing(work, case_id, resident.id)
    if isinstance(found, Why):
        return found
    street = found.street
    if street is None or street.offer != number or street.resident_id == resident.id:
        return Why.GONE
    rows.say(work.tx, case_id, resident.id, voice, work.now)
    _note(work, resident.id, f"street.{voice}", case_id)
    people = {*found.others, resident.id, street.resident_id}  # who had left may come back
    after = await standing_of(work, found.case, sorted(people))
    if after.is_refused:
        await _end(work, after, street)
    elif after.agree and await rows.choose(work.tx, case_id, work.now):
        await _tell(work, street, (*after.others, street.resident_id), "chosen")
    return after


async def give_up(work: Work, case_id: CaseId, resident: Resident, number: int) -> bool:
    """Whoever speaks does so no longer."""
    await cases.lock(work.tx, case_id)
    found = await standing(work, case_id, resident.id)
    street = None if isinstance(found, Why) else found.street
    if isinstance(found, Why) or street is None or (street.resident_id, street.offer) != (resident.id, number):
        return False
    _note(work, resident.id, "street.end", case_id)
    await _end(work, found, street)
    return True


async def _end(work: Work, found: Standing, street: Street) -> None:
    if await rows.end(work.tx, street.case_id):
        await _tell(work, street, (*found.others, street.resident_id), "ended")


async def follow_main(work: Work, case: Case, main: Case) -> None:
    """A case is a duplicate of `main`: one offer is kept, for all who have `main` now, and they hear of it.

    That is the one that has come further; of two alike it is `main`'s. Call it once the followers are moved.
    """
    theirs, kept = await rows.of_case(work.tx, case.id), await rows.of_case(work.tx, main.id)
    if theirs is None:
        return
    if kept is not None and _progress(kept) >= _progress(theirs):
        await rows.end(work.tx, case.id)
    else:
        await rows.end(work.tx, main.id)
        await rows.follow_main(work.tx, case.id, main.id)
        kept = theirs.model_copy(update={"case_id": main.id})
    found = await standing_of(work, main, [one.id for one in await cases.audience(work.tx, main.id)])
    await _tell(work, kept, found.others, "offered" if kept.chosen_at is None else "chosen")
    booking = None if kept.booking_id is None else await bookings.by_id(work.tx, kept.booking_id)
    if booking is not None:
        if not main.anonymous:
            linked_cases.link(work.tx, booking.id, main.id, work.now)
        await tell_booking(work, booking, "booked")


def _progress(street: Street) -> int:
    """How far one has come: offered, chosen, booked."""
    return (street.chosen_at is not None) + (street.booking_id is not None)


async def forget(work: Work, resident: Resident) -> None:
    """Whoever is erased speaks for nobody; those they spoke for hear that nobody does.

    Where they were one of the others, those who remain decide: half of fewer may object.
    """
    for street in await rows.shared_by(work.tx, resident.id):
        case = await cases.lock(work.tx, street.case_id)
        if case is not None:
            people = [one.id for one in await cases.audience(work.tx, case.id) if one.id != resident.id]
            left = await standing_of(work, case, people)
            if left.is_refused:
                await _end(work, left, street)
    for street in await rows.spoken_for_by(work.tx, resident.id):
        found = await standing(work, street.case_id, resident.id)
        if not isinstance(found, Why):
            await _tell(work, street, found.others, "ended")
    rows.forget(work.tx, resident.id)


async def _tell(work: Work, street: Street, people: Iterable[ResidentId], what: str) -> None:
    for one in people:
        notice = StreetNews(case=street.case_id, offer=street.offer, what=what)
        key = f"street:{street.offer}:{what}:{one}"
        await notify_resident(work, one, notice, key=key, subject=case_subject(street.case_id))


def _note(work: Work, resident: ResidentId, action: str, case: CaseId) -> None:
    audit.record(work.tx, work.now, resident_actor(resident), action, case_subject(case))
