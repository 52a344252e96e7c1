"""Promises: made in a meeting, reminded of, asked about when they are due, kept or not.

The resident has the word on it; of a visitor whom the bot cannot reach, staff ask by phone and record the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from services.actors import Actor, booking_subject, resident_actor
from services.cases.updates import show_card
from services.notify.enqueue import notify_office
from services.notify.notices.promises import PromiseBroken
from services.promises import follow_up, telling
from services.promises.follow_up import NewPromise
from services.promises.parties import Party
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits.visits import Denied
from storage import audit, residents
from storage import bookings as booking_rows
from storage import promises as rows
from storage.ids import CaseId, Reference
from storage.promises import Owed, Promise, PromiseStatus
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.residents import Resident

__all__ = [
    "Answered",
    "NotAsked",
    "OpenPromise",
    "Promise",
    "PromiseStatus",
    "answer",
    "answer_by_phone",
    "by_id",
    "change",
    "has_priority",
    "is_asked_by_phone",
    "make",
    "of_booking",
    "of_case",
    "open_of",
    "party_of",
    "settle",
    "withdraw",
]

_S = PromiseStatus


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """A promise to a resident that is not known to be kept, as those read it who meet them again."""

    promise: Promise
    booking: Reference  # of the meeting in which it was made
    case: Reference
    age: timedelta  # since it was made
    overdue: bool

    @property
    def is_asked(self) -> bool:
        """The resident was asked whether it was done, and has not said."""
        return self.promise.asked_at is not None and self.promise.stands

    @property
    def broken(self) -> bool:
        """The resident said that it was not done."""
        return self.promise.status is _S.NOT_KEPT


class NotAsked(Enum):
    """Why an answer changes nothing."""

    UNKNOWN = auto()  # there is no such promise, or it is another's
    ANSWERED = auto()  # already, or it was withdrawn


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said, and the case that it is about."""

    promise: Promise
    kept: bool


# ---------------------------------------------------------------------------- looking


async def by_id(work: Work, promise: int) -> Promise | None:
    return await rows.by_id(work.tx, promise)


async def of_booking(work: Work, booking: Booking) -> Promise | None:
    """What was promised in a meeting, unless it was withdrawn."""
    return await rows.of_booking(work.tx, booking.id)


async def of_case(work: Work, case: CaseId) -> Promise | None:
    """The promise that a case was opened for."""
    return await rows.of_case(work.tx, case)


async def open_of(work: Work, resident: Resident) -> tuple[OpenPromise, ...]:
    """What was promised to a resident and is not known to be kept, the oldest first."""
    return tuple(_seen(work, one) for one in await rows.owed_to(work.tx, resident.id))


def _seen(work: Work, owed: Owed) -> OpenPromise:
    promise = owed.promise
    return OpenPromise(
        promise,
        owed.booking,
        owed.case,
        age=work.today - promise.made_on,
        overdue=promise.stands and promise.due < work.today,
    )


async def has_priority(work: Work, resident: Resident) -> bool:
    """Whether they may take a seat ahead of its release: a promise to them was not kept."""
    return await rows.with_priority(work.tx, resident.id) is not None


def party_of(promise: Promise) -> Party:
    """Who keeps it."""
    return Party(promise.party, promise.party_words)


# ---------------------------------------------------------------------------- made, changed, withdrawn


async def make(work: Work, booking: Booking, case: Case, wanted: NewPromise, actor: Actor) -> Promise:
    """Keep what was promised in a meeting, with the case that it is kept by."""
    promise = Promise(
        id=0,
        booking_id=booking.id,
        case_id=case.id,
        office=booking.office,
        party=wanted.party.key,
        party_words="" if wanted.party.key else wanted.party.words,
        what=wanted.what,
        due=wanted.due,
        status=_S.OPEN,
        version=1,
        made_on=work.today,
        look_at=work.now,
    )
    audit.record(work.tx, work.now, actor, "promise.make", booking_subject(booking.id), f"until {wanted.due}")
    return await rows.add(work.tx, promise)


async def change(work: Work, promise: Promise, wanted: NewPromise, actor: Actor) -> Promise:
    """It was written down wrongly. Another day means that nobody was reminded of it or asked yet."""
    await follow_up.change(work, promise.case_id, wanted, actor)
    audit.record(work.tx, work.now, actor, "promise.change", booking_subject(promise.booking_id), f"until {wanted.due}")
    anew = {} if wanted.due == promise.due else {"reminded_at": None, "asked_at": None, "asked_again_at": None}
    return await rows.save(
        work.tx,
        promise,
        what=wanted.what,
        party=wanted.party.key,
        party_words="" if wanted.party.key else wanted.party.words,
        due=wanted.due,
        look_at=work.now,
        **anew,
    )


async def withdraw(work: Work, promise: Promise, actor: Actor) -> Promise:
    """Nothing was promised after all."""
    await follow_up.call_off(work, promise.case_id, actor)
    return await settle(work, promise, _S.WITHDRAWN, actor)


# ---------------------------------------------------------------------------- was it done?


def is_asked_by_phone(resident: Resident) -> bool:
    """Whether the bot cannot reach them."""
    return resident.channel == residents.WALK_IN or not resident.reachable


async def answer(work: Work, promise_id: int, resident: Resident, *, kept: bool) -> Answered | NotAsked:
    """The resident says whether it was done. Once: who changes their mind speaks to the office in the case."""
    promise = await rows.by_id(work.tx, promise_id)
    booking = None if promise is None else await booking_rows.by_id(work.tx, promise.booking_id)
    if promise is None or booking is None or booking.resident_id != resident.id:
        return NotAsked.UNKNOWN
    return await _answered(work, promise, resident_actor(resident.id), kept=kept)


async def answer_by_phone(
    work: Work, person: Person, promise_id: int, *, kept: bool | None
) -> Answered | NotAsked | Denied:
    """Staff record what somebody whom the bot cannot reach says; None where they were not reached either."""
    promise = await rows.by_id(work.tx, promise_id)
    if promise is None:
        return NotAsked.UNKNOWN
    if await guard(work, person, Act.RECEIVE, promise.office, booking_subject(promise.booking_id)) is None:
        return Denied()
    if not await _is_asked_by_phone(work, promise):
        return NotAsked.UNKNOWN
    if kept is not None:
        return await _answered(work, promise, person.actor, kept=kept)
    if promise.status not in {_S.OPEN, _S.DONE_SAID}:
        return NotAsked.ANSWERED
    return Answered(await settle(work, promise, _S.UNCONFIRMED, person.actor), kept=False)


async def _is_asked_by_phone(work: Work, promise: Promise) -> bool:
    """Whoever the bot reaches answers for themselves: the office does not say that it kept its own promise."""
    booking = await booking_rows.by_id(work.tx, promise.booking_id)
    resident = None if booking is None else await residents.by_id(work.tx, booking.resident_id)
    return resident is not None and is_asked_by_phone(resident)


async def _answered(work: Work, promise: Promise, actor: Actor, *, kept: bool) -> Answered | NotAsked:
    if promise.asked_at is None or promise.status not in {_S.OPEN, _S.DONE_SAID, _S.UNCONFIRMED}:
        return NotAsked.ANSWERED
    after = await settle(work, promise, _S.KEPT if kept else _S.NOT_KEPT, actor)
    if kept:
        await follow_up.close_as_done(work, promise.case_id, actor)
        return Answered(after, kept=True)
    await follow_up.open_again(work, promise.case_id, actor)
    broken = PromiseBroken(promise=promise.id)
    notify_office(
        work,
        promise.office,
        broken,
        key=f"promise broken:{promise.id}",
        subject=booking_subject(promise.booking_id),
    )
    await telling.directors(work, promise, broken)
    return Answered(after, kept=False)


async def settle(work: Work, promise: Promise, status: PromiseStatus, actor: Actor) -> Promise:
    """How it ended: nothing of it is due any more."""
    audit.record(work.tx, work.now, actor, f"promise.{status}", booking_subject(promise.booking_id))
    show_card(work, promise.case_id, promise.office)
    return await rows.save(work.tx, promise, status=status, settled_on=work.today, settled_by=str(actor), look_at=None)
