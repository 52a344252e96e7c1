"""What came of a meeting: recorded once by those who may, corrected with its history kept, told to the resident.

Each version is compare-and-set: of two who record at once, one does, and the other sees what was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto

from services.actors import Actor, booking_subject
from services.bookings import attendance, cards
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import MeetingOutcome
from services.notify.quiet_hours import by_day
from services.promises import follow_up, promises
from services.promises.follow_up import NewPromise
from services.promises.parties import LONGEST_NAME, NOBODY, Party, is_known
from services.staff.permissions import Act, Person, guard
from services.streets import appointments
from services.text.normalise import clean
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import Step, can
from services.visits.visits import Denied
from storage import audit, outbox, residents
from storage import bookings as booking_rows
from storage import outcomes as rows
from storage import promises as promise_rows
from storage.ids import BookingId
from storage.outcomes import OutcomeKind, OutcomeRow
from storage.promises import Promise
from storage.records.bookings import Booking, BookingStatus
from storage.records.outbox import OutboxStatus
from storage.visits import Visit, VisitStatus

__all__ = [
    "FURTHEST",
    "LONGEST",
    "Denied",
    "Foreseen",
    "NewPromise",
    "NotPossible",
    "Outcome",
    "OutcomeKind",
    "OutcomeRow",
    "Party",
    "Recorded",
    "Why",
    "foresee",
    "history",
    "newest",
    "record",
    "take_back",
    "told_before",
]

#: As long as the words of an outcome get, and as far ahead as a promise reaches.
LONGEST = 1000
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a meeting. `promise` goes with a promise, `party` with who has the matter now that was referred."""

    kind: OutcomeKind
    words: str = ""
    promise: NewPromise | None = None
    party: Party = field(default=NOBODY)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded now, with the promise that goes with it."""

    booking: Booking
    outcome: OutcomeRow
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be recorded, and what is now."""

    booking: Booking
    outcome: OutcomeRow
    before: OutcomeRow | None


class Why(Enum):
    """Why an outcome cannot be recorded."""

    NO_MEETING = auto()  # there is no such one, nobody came, or it is ahead
    CHANGED = auto()  # somebody else recorded something meanwhile
    SETTLED = auto()  # the resident has said already whether the promise was kept
    INCOMPLETE = auto()  # a promise without what, who or until when
    NOTHING = auto()  # there is nothing to take back


@dataclass(frozen=True, slots=True)
class NotPossible:
    """Nothing was recorded; `current` is what is."""

    why: Why
    current: OutcomeRow | None = None


async def newest(work: Work, booking: BookingId) -> OutcomeRow | None:
    """What is recorded of a meeting; None where nothing is. One that was taken back says so."""
    return await rows.newest(work.tx, booking)


async def history(work: Work, booking: BookingId) -> tuple[OutcomeRow, ...]:
    """All that was ever recorded of a meeting, the first first."""
    return await rows.versions(work.tx, booking)


async def told_before(work: Work, outcome: OutcomeRow) -> OutcomeRow | None:
    """What the resident was told last before this version; None where nothing of it has reached them."""
    for earlier in reversed(await rows.versions(work.tx, outcome.booking_id)):
        if earlier.version < outcome.version and await _was_told(work, earlier):
            return earlier
    return None


async def _was_told(work: Work, outcome: OutcomeRow) -> bool:
    """Of what is so old that nobody knows any more, it is thought that it was."""
    status = await outbox.status_of(work.tx, _told_key(outcome))
    return status in {None, OutboxStatus.SENT}


def _told_key(outcome: OutcomeRow) -> str:
    return f"outcome:{outcome.booking_id}:{outcome.version}"


# ---------------------------------------------------------------------------- recording


async def record(
    work: Work, person: Person, booking_id: BookingId, outcome: Outcome, version: int | None = None
) -> Recorded | NotPossible | Denied:
    """Record what came of a meeting, which ends with it, and have the resident told in writing.

    `version` is that of the outcome which the member saw, 0 where there was none; None where it does not matter.
    """
    possible = await _possible(work, person, booking_id, outcome, version)
    if isinstance(possible, NotPossible | Denied):
        return possible
    booking, outcome, before = possible
    if not await _finish(work, booking, person.actor):
        return NotPossible(Why.NO_MEETING, before)
    return await _write(work, booking, outcome, before, person.actor)


async def foresee(
    work: Work, person: Person, booking_id: BookingId, outcome: Outcome, version: int
) -> Foreseen | NotPossible | Denied:
    """What would be recorded, for whoever wants to read it first. Nothing is changed."""
    possible = await _possible(work, person, booking_id, outcome, version)
    if isinstance(possible, NotPossible | Denied):
        return possible
    booking, outcome, before = possible
    return Foreseen(booking, _row(work, booking, outcome, before, person.actor), before)


async def _possible(
    work: Work, person: Person, booking_id: BookingId, outcome: Outcome, version: int | None
) -> tuple[Booking, Outcome, OutcomeRow | None] | NotPossible | Denied:
    """A meeting with its outcome as it would be recorded, and what is recorded of it so far."""
    booking = await booking_rows.by_id(work.tx, booking_id)
    if booking is None:
        return NotPossible(Why.NO_MEETING)
    if await guard(work, person, Act.RECEIVE, booking.office, booking_subject(booking.id)) is None:
        return Denied()
    before = await rows.newest(work.tx, booking.id)
    if version is not None and version != (before.version if before else 0):
        return NotPossible(Why.CHANGED, before)
    outcome = _cleaned(outcome)
    why = await _fault(work, booking, outcome, before)
    return (booking, outcome, before) if why is None else NotPossible(why, before)


async def take_back(
    work: Work, person: Person, booking_id: BookingId, version: int | None = None
) -> Recorded | NotPossible | Denied:
    """What was recorded was a mistake: the resident is told so, and what was promised by it is withdrawn."""
    return await record(work, person, booking_id, Outcome(OutcomeKind.TAKEN_BACK), version)


def _cleaned(outcome: Outcome) -> Outcome:
    promise = outcome.promise
    if promise is not None:
        party = Party(promise.party.key, clean(promise.party.words, LONGEST_NAME))
        promise = NewPromise(what=clean(promise.what, LONGEST), party=party, due=promise.due)
    party = Party(outcome.party.key, clean(outcome.party.words, LONGEST_NAME))
    return Outcome(outcome.kind, clean(outcome.words, LONGEST), promise, party)


async def _fault(work: Work, booking: Booking, outcome: Outcome, before: OutcomeRow | None) -> Why | None:
    kind, promise = outcome.kind, outcome.promise
    if kind is OutcomeKind.TAKEN_BACK and (before is None or before.kind is kind):
        return Why.NOTHING
    if (kind is OutcomeKind.PROMISED) != (promise is not None):
        return Why.INCOMPLETE
    if promise is not None and not (promise.what and await is_known(work, booking.office, promise.party)):
        return Why.INCOMPLETE
    if promise is not None and not work.today <= promise.due <= work.today + FURTHEST:
        return Why.INCOMPLETE
    if kind is OutcomeKind.REFERRED and not await is_known(work, booking.office, outcome.party):
        return Why.INCOMPLETE
    standing = await promise_rows.of_booking(work.tx, booking.id)
    return Why.SETTLED if standing is not None and not standing.stands else None


async def _finish(work: Work, booking: Booking, actor: Actor) -> bool:
    """Whether the meeting has been held: with its outcome it is over, at the door and in the line as well."""
    visit = await visits.of(work, booking.id)
    if visit is None or visit.status is VisitStatus.DONE:
        if booking.status is BookingStatus.ATTENDED:
            return True
        attended = await attendance.mark_attended(work, booking.reference, actor)
        return isinstance(attended, Booking) and attended.status is BookingStatus.ATTENDED
    if not can(visit, Step.FINISH):
        return False
    return isinstance(await visits.change(work, booking.id, Step.FINISH, actor), Visit)


async def _write(
    work: Work, booking: Booking, outcome: Outcome, before: OutcomeRow | None, actor: Actor
) -> Recorded | NotPossible:
    promise, row = outcome.promise, _row(work, booking, outcome, before, actor)
    if not await rows.add(work.tx, row):
        return NotPossible(Why.CHANGED, await rows.newest(work.tx, booking.id))
    kept = await _promise(work, booking, promise, actor)
    cards.owe_card(work, booking)
    detail = f"version {row.version}: {row.kind}"
    audit.record(work.tx, work.now, actor, "outcome.record", booking_subject(booking.id), detail)
    await notify_resident(
        work,
        booking.resident_id,
        MeetingOutcome(booking=booking.id, version=row.version),
        key=_told_key(row),
        subject=booking_subject(booking.id),
        not_before=by_day(work, work.now),
    )
    await appointments.tell_outcome(work, booking, row.version)
    return Recorded(booking, row, kept)


def _row(work: Work, booking: Booking, outcome: Outcome, before: OutcomeRow | None, actor: Actor) -> OutcomeRow:
    promise = outcome.promise
    party = promise.party if promise else outcome.party if outcome.kind is OutcomeKind.REFERRED else NOBODY
    return OutcomeRow(
        booking_id=booking.id,
        version=before.version + 1 if before else 1,
        kind=outcome.kind,
        words=promise.what if promise else outcome.words,
        party=party.key,
        party_words="" if party.key else party.words,
        due=promise.due if promise else None,
        actor=actor,
        at=work.now,
    )


async def _promise(work: Work, booking: Booking, wanted: NewPromise | None, actor: Actor) -> Promise | None:
    """Bring the promise of a meeting in step with what came of it."""
    standing = await promise_rows.of_booking(work.tx, booking.id)
    if standing is not None and wanted is None:
        await promises.withdraw(work, standing, actor)
        return None
    if standing is not None and wanted is not None:
        return await promises.change(work, standing, wanted, actor)
    if wanted is None:
        return None
    resident = await residents.by_id(work.tx, booking.resident_id)
    assert resident is not None  # noqa: S101 - the booking refers to them
    case = await follow_up.open_case(work, booking, resident, wanted, actor)
    return await promises.make(work, booking, case, wanted, actor)
