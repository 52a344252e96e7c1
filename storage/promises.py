"""Promises: what an office said in a meeting that it would do, by when, and whether it did."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from storage.columns import assigned, columns_of, insert_into
from storage.database import Conflict, Dialect, Transaction
from storage.ids import BookingId, CaseId, OfficeId, Reference, ResidentId
from storage.records import Instant, Record


class PromiseStatus(StrEnum):
    OPEN = "open"
    DONE_SAID = "done_said"  # the office says that it was done; the resident has not said so yet
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    UNCONFIRMED = "unconfirmed"  # the resident was asked twice and did not say
    WITHDRAWN = "withdrawn"  # what came of the meeting was corrected


#: Whether it was kept is not known yet.
STANDING = frozenset({PromiseStatus.OPEN, PromiseStatus.DONE_SAID})


class Promise(Record):
    """One promise. `party` is who keeps it, by its id in the offices file; where that was typed, `party_words`."""

    id: int
    booking_id: BookingId
    case_id: CaseId
    office: OfficeId
    party: str
    party_words: str
    what: str
    due: date
    status: PromiseStatus
    version: int
    made_on: date
    reminded_at: Instant | None = None
    asked_at: Instant | None = None
    asked_again_at: Instant | None = None
    settled_on: date | None = None
    settled_by: str = ""
    look_at: Instant | None = None
    priority_used_at: Instant | None = None

    @property
    def stands(self) -> bool:
        """Whether it is still to be seen if it is kept."""
        return self.status in STANDING


_NEW = columns_of(Promise, without={"id"})
_CHANGED = columns_of(Promise, without={"id", "booking_id", "case_id", "office", "made_on"})
_ADD = f"{insert_into('promises', _NEW)} RETURNING id"
_SAVE = f"UPDATE promises SET {assigned(_CHANGED)} WHERE id = :id AND version = :was"


# ---------------------------------------------------------------------------- one promise


async def by_id(tx: Transaction, promise: int) -> Promise | None:
    return Promise.maybe(await tx.one("SELECT * FROM promises WHERE id = :id", id=promise))


async def of_booking(tx: Transaction, booking: BookingId) -> Promise | None:
    """What was promised in a meeting, unless it was withdrawn."""
    sql = "SELECT * FROM promises WHERE booking_id = :booking AND status <> 'withdrawn'"
    return Promise.maybe(await tx.one(sql, booking=booking))


async def of_case(tx: Transaction, case: CaseId) -> Promise | None:
    """The promise that a case was opened for."""
    return Promise.maybe(await tx.one("SELECT * FROM promises WHERE case_id = :case", case=case))


async def add(tx: Transaction, promise: Promise) -> Promise:
    """A new promise; its id is given here."""
    row = await tx.one(_ADD, **{name: getattr(promise, name) for name in _NEW})
    assert row is not None  # noqa: S101 - an insert that is refused raises
    return promise.model_copy(update={"id": int(str(row["id"]))})


async def save(tx: Transaction, before: Promise, **changes: object) -> Promise:
    """Write what changed, if nobody else changed it in between. Raises Conflict where somebody did."""
    after = before.model_copy(update={**changes, "version": before.version + 1})
    values = {name: getattr(after, name) for name in _CHANGED}
    if await tx.run(_SAVE, id=before.id, was=before.version, **values) != 1:
        raise Conflict(f"promise {before.id} was changed by another at the same time")
    return after


def case_moved(tx: Transaction, case: CaseId, at: datetime) -> None:
    """The case of a promise has another state: the clock is to see what that means for the promise."""
    tx.later(
        "UPDATE promises SET look_at = :at WHERE case_id = :case AND settled_on IS NULL",
        case=case,
        at=at,
    )


# ---------------------------------------------------------------------------- many


_TO_LOOK_AT = "SELECT * FROM promises WHERE look_at <= :now ORDER BY look_at, id LIMIT :limit"


async def to_look_at(tx: Transaction, now: datetime, limit: int) -> tuple[Promise, ...]:
    """Promises with something to see to; those that another process is seeing to are left to it."""
    locking = " FOR NO KEY UPDATE SKIP LOCKED" if tx.dialect is Dialect.POSTGRES else ""
    return tuple(Promise.of(row) for row in await tx.all(_TO_LOOK_AT + locking, now=now, limit=limit))


async def of_resident(tx: Transaction, resident: ResidentId) -> tuple[Promise, ...]:
    """What was ever promised to a resident, the first first."""
    rows = await tx.all(
        """
        SELECT p.* FROM bookings b JOIN promises p ON p.booking_id = b.id
        WHERE b.resident_id = :resident ORDER BY p.id
        """,
        resident=resident,
    )
    return tuple(Promise.of(row) for row in rows)


class Owed(Record):
    """A promise as a brief shows it: with the references of its meeting and its case."""

    promise: Promise
    booking: Reference
    case: Reference


async def owed_to(tx: Transaction, resident: ResidentId) -> tuple[Owed, ...]:
    """What was promised to a resident and is not known to be kept, the oldest first."""
    rows = await tx.all(
        """
        SELECT p.*, b.reference AS booking, c.reference AS case_reference
        FROM bookings b JOIN promises p ON p.booking_id = b.id JOIN cases c ON c.id = p.case_id
        WHERE b.resident_id = :resident AND p.status IN ('open', 'done_said', 'not_kept', 'unconfirmed')
        ORDER BY p.id
        """,
        resident=resident,
    )
    return tuple(
        Owed(
            promise=Promise.of(row),
            booking=Reference(str(row["booking"])),
            case=Reference(str(row["case_reference"])),
        )
        for row in rows
    )


async def with_priority(tx: Transaction, resident: ResidentId) -> Promise | None:
    """A promise to a resident that was not kept and has not given them a seat ahead of others yet."""
    return Promise.maybe(
        await tx.one(
            """
            SELECT p.* FROM bookings b JOIN promises p ON p.booking_id = b.id
            WHERE b.resident_id = :resident AND p.status = 'not_kept' AND p.priority_used_at IS NULL
            ORDER BY p.id LIMIT 1
            """,
            resident=resident,
        )
    )


def use_priority(tx: Transaction, promise: int, at: datetime) -> None:
    """It has given them a seat ahead of others: that is once."""
    tx.later(
        "UPDATE promises SET priority_used_at = :at WHERE id = :id AND priority_used_at IS NULL", id=promise, at=at
    )


class Standing(Record):
    """How many promises of an office that were made on a day are not settled yet."""

    office: OfficeId
    made_on: date
    late: bool  # the day that was promised has passed
    n: int


class Settled(Record):
    """How many promises of an office ended so."""

    office: OfficeId
    status: PromiseStatus
    n: int


async def standing(tx: Transaction, today: date) -> tuple[Standing, ...]:
    """What is promised and not settled yet: only sums, from an index that holds nothing else."""
    rows = await tx.all(
        """
        SELECT office, made_on, due < :today AS late, count(*) AS n FROM promises
        WHERE settled_on IS NULL GROUP BY office, made_on, due < :today
        """,
        today=today,
    )
    return tuple(Standing.of(row) for row in rows)


async def settled_since(tx: Transaction, first: date) -> tuple[Settled, ...]:
    """How promises have ended since a day."""
    rows = await tx.all(
        """
        SELECT office, status, count(*) AS n FROM promises
        WHERE settled_on IS NOT NULL AND settled_on >= :first GROUP BY office, status
        """,
        first=first,
    )
    return tuple(Settled.of(row) for row in rows)


class DueCount(Record):
    """How many promises of an office that were due in a period stand so."""

    office: OfficeId
    status: PromiseStatus
    late: bool
    n: int


async def due_between(tx: Transaction, first: date, last: date, today: date) -> tuple[DueCount, ...]:
    """The promises that were due from the first day to the last, but for those that were withdrawn."""
    rows = await tx.all(
        """
        SELECT office, status, due < :today AS late, count(*) AS n FROM promises
        WHERE due BETWEEN :first AND :last AND status <> 'withdrawn' GROUP BY office, status, due < :today
        """,
        first=first,
        last=last,
        today=today,
    )
    return tuple(DueCount.of(row) for row in rows)
