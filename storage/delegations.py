"""Who acts for whom, with whose word, and what they filed and booked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.database import Dialect, Row, Transaction
from storage.ids import Actor, BookingId, CaseId, DelegationId, MessageId, OfficeId, ResidentId
from storage.records import Instant, Record
from storage.records.bookings import Booking
from storage.records.cases import Case

NO_OFFICE = OfficeId("")


class State(StrEnum):
    ASKED = "asked"
    ACTIVE = "active"
    REFUSED = "refused"  # or taken back before it was answered
    ENDED = "ended"


class Delegation(Record):
    """`name` is what the delegate calls the other; `phone` and `office` are where staff call, "" of a link."""

    id: DelegationId
    delegate_id: ResidentId
    principal_id: ResidentId | None
    name: str
    phone: str
    office: OfficeId
    state: State
    asked_at: Instant
    expires_at: Instant
    decided_at: Instant | None
    decided_by: str | None
    ended_at: Instant | None
    ended_by: str | None
    told_at: Instant | None  # when whoever asked heard that nobody answered


async def ask(
    tx: Transaction,
    delegate: ResidentId,
    name: str,
    *,
    at: datetime,
    expires_at: datetime,
    code: str | None = None,
    phone: str = "",
    office: OfficeId = NO_OFFICE,
) -> Delegation:
    row = await tx.one(
        """
        INSERT INTO delegations (delegate_id, name, phone, office, code, state, asked_at, expires_at)
        VALUES (:delegate, :name, :phone, :office, :code, 'asked', :at, :expires_at) RETURNING *
        """,
        delegate=delegate,
        name=name,
        phone=phone,
        office=office,
        code=code,
        at=at,
        expires_at=expires_at,
    )
    assert row is not None  # noqa: S101 - RETURNING after an insert
    return Delegation.of(row)


async def by_id(tx: Transaction, delegation: DelegationId) -> Delegation | None:
    return Delegation.maybe(await tx.one("SELECT * FROM delegations WHERE id = :id", id=delegation))


async def lock(tx: Transaction, delegation: DelegationId) -> Delegation | None:
    """Keep others from deciding about it until the commit."""
    sql = "SELECT * FROM delegations WHERE id = :id"
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        sql += " FOR UPDATE"
    return Delegation.maybe(await tx.one(sql, id=delegation))


async def by_code(tx: Transaction, code: str) -> Delegation | None:
    """The question that a link asks, if nobody has answered it."""
    return Delegation.maybe(await tx.one("SELECT * FROM delegations WHERE code = :code", code=code))


async def of_delegate(tx: Transaction, delegate: ResidentId) -> list[Delegation]:
    """Whom somebody acts for or asked to, the newest first; what is over left out."""
    rows = await tx.all(
        """
        SELECT * FROM delegations WHERE delegate_id = :delegate AND state IN ('asked', 'active')
        ORDER BY asked_at DESC, id DESC
        """,
        delegate=delegate,
    )
    return [Delegation.of(row) for row in rows]


async def of_principal(tx: Transaction, principal: ResidentId) -> list[Delegation]:
    """Who acts for somebody now."""
    rows = await tx.all(
        "SELECT * FROM delegations WHERE principal_id = :principal AND state = 'active' ORDER BY id",
        principal=principal,
    )
    return [Delegation.of(row) for row in rows]


async def touching(tx: Transaction, resident: ResidentId) -> list[Delegation]:
    """All that ever were of somebody, on either side."""
    rows = await tx.all(
        """
        SELECT * FROM delegations WHERE delegate_id = :resident
        UNION SELECT * FROM delegations WHERE principal_id = :resident
        ORDER BY id
        """,
        resident=resident,
    )
    return [Delegation.of(row) for row in rows]


async def asked_since(tx: Transaction, delegate: ResidentId, since: datetime) -> int:
    """How often somebody has asked, whatever was answered."""
    row = await tx.one(
        "SELECT count(*) AS n FROM delegations WHERE delegate_id = :delegate AND asked_at > :since",
        delegate=delegate,
        since=since,
    )
    return _number(row, "n")


async def agree(
    tx: Transaction, delegation: DelegationId, principal: ResidentId, by: Actor, at: datetime
) -> Delegation | None:
    """The other has agreed. None for the second of two who answer at once, and where the same two agreed before."""
    row = await tx.one(
        """
        UPDATE delegations SET state = 'active', principal_id = :principal, code = NULL,
            decided_at = :at, decided_by = :by
        WHERE id = :id AND state = 'asked' AND expires_at > :at AND delegate_id <> :principal AND NOT EXISTS (
            SELECT 1 FROM delegations other WHERE other.delegate_id = delegations.delegate_id
                AND other.principal_id = :principal AND other.state = 'active'
        ) RETURNING *
        """,
        id=delegation,
        principal=principal,
        by=by,
        at=at,
    )
    return Delegation.maybe(row)


async def refuse(tx: Transaction, delegation: DelegationId, by: Actor, at: datetime) -> Delegation | None:
    """Nothing comes of the question: it was answered with no, or taken back."""
    row = await tx.one(
        """
        UPDATE delegations SET state = 'refused', code = NULL, decided_at = :at, decided_by = :by
        WHERE id = :id AND state = 'asked' RETURNING *
        """,
        id=delegation,
        by=by,
        at=at,
    )
    return Delegation.maybe(row)


async def end(tx: Transaction, delegation: DelegationId, by: Actor, at: datetime) -> Delegation | None:
    row = await tx.one(
        """
        UPDATE delegations SET state = 'ended', ended_at = :at, ended_by = :by
        WHERE id = :id AND state = 'active' RETURNING *
        """,
        id=delegation,
        by=by,
        at=at,
    )
    return Delegation.maybe(row)


async def unanswered(tx: Transaction, now: datetime, limit: int) -> list[Delegation]:
    """Questions whose time is over, of which nobody has been told, the oldest first."""
    sql = """
        SELECT * FROM delegations WHERE state = 'asked' AND told_at IS NULL AND expires_at <= :now
        ORDER BY expires_at LIMIT :limit
    """
    return [Delegation.of(row) for row in await tx.all(sql, now=now, limit=limit)]


def told(tx: Transaction, delegation: DelegationId, at: datetime) -> None:
    tx.later("UPDATE delegations SET told_at = :at WHERE id = :id", at=at, id=delegation)


async def asked_at(tx: Transaction, phone: str) -> list[Delegation]:
    """Where staff were to call this number, and nobody has agreed."""
    sql = "SELECT * FROM delegations WHERE phone = :phone AND phone <> '' AND principal_id IS NULL ORDER BY id"
    return [Delegation.of(row) for row in await tx.all(sql, phone=phone)]


def drop(tx: Transaction, delegation: DelegationId) -> None:
    tx.later("DELETE FROM delegations WHERE id = :id", id=delegation)


def forget(tx: Transaction, resident: ResidentId) -> None:
    """Nothing is kept of who acted for somebody, or for whom they did."""
    tx.later("DELETE FROM delegations WHERE delegate_id = :id OR principal_id = :id", id=resident)


async def hand_over(tx: Transaction, source: ResidentId, target: ResidentId) -> None:
    """What one record agreed to is another's now, where the same delegate does not act for both."""
    await tx.run(
        """
        UPDATE delegations SET principal_id = :target WHERE principal_id = :source AND delegate_id <> :target
            AND NOT (state = 'active' AND EXISTS (
                SELECT 1 FROM delegations own WHERE own.delegate_id = delegations.delegate_id
                    AND own.principal_id = :target AND own.state = 'active'
            ))
        """,
        source=source,
        target=target,
    )


async def drop_old(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of what is long over, the oldest first; how many those were."""
    return await tx.run(
        """
        DELETE FROM delegations WHERE id IN (
            SELECT id FROM delegations WHERE asked_at < :before AND state <> 'active'
                AND coalesce(ended_at, decided_at, expires_at) < :before
            ORDER BY asked_at LIMIT :limit
        )
        """,
        before=before,
        limit=limit,
    )


# ---------------------------------------------------------------------------- the queue of whom they booked for

_LINE = "line_place_for:"


def line_group(delegation: DelegationId, booking: BookingId) -> str:
    """What the messages that show a delegate somebody's place supersede each other by."""
    return f"{_LINE}{delegation}:{booking}"


def of_line_group(supersedes: str) -> BookingId | None:
    """Whose place a message shows to a delegate; None where it shows none."""
    return BookingId(int(supersedes.rpartition(":")[2])) if supersedes.startswith(_LINE) else None


async def line_message(tx: Transaction, booking: BookingId) -> MessageId | None:
    """Which message shows the delegate somebody's place; None until it was sent."""
    row = await tx.one("SELECT line_message FROM delegated_bookings WHERE booking_id = :booking", booking=booking)
    return None if row is None or row["line_message"] is None else MessageId(str(row["line_message"]))


def line_shown(tx: Transaction, booking: BookingId, message: MessageId) -> None:
    sql = "UPDATE delegated_bookings SET line_message = :message WHERE booking_id = :booking"
    tx.later(sql, message=message, booking=booking)


# ---------------------------------------------------------------------------- what was filed and booked


def note_case(tx: Transaction, delegation: DelegationId, case: CaseId, at: datetime) -> None:
    tx.later(
        """
        INSERT INTO delegated_cases (case_id, delegation_id, at) VALUES (:case_id, :delegation, :at)
        ON CONFLICT (case_id) DO NOTHING
        """,
        case_id=case,
        delegation=delegation,
        at=at,
    )


def note_booking(tx: Transaction, delegation: DelegationId, booking: BookingId, at: datetime) -> None:
    tx.later(
        """
        INSERT INTO delegated_bookings (booking_id, delegation_id, at) VALUES (:booking, :delegation, :at)
        ON CONFLICT (booking_id) DO NOTHING
        """,
        booking=booking,
        delegation=delegation,
        at=at,
    )


async def follow_main(tx: Transaction, case: Case, main: Case, at: datetime) -> None:
    """A case that came through a delegate duplicates `main`: that comes through them too from now on.

    Not where the other has or had joined it before, since that holds what they said themselves. Call it before the
    followers are moved.
    """
    await tx.run(
        """
        INSERT INTO delegated_cases (case_id, delegation_id, at)
        SELECT :main, c.delegation_id, :at FROM delegated_cases c JOIN delegations d ON d.id = c.delegation_id
        WHERE c.case_id = :case_id AND d.principal_id <> :owner AND NOT EXISTS (
            SELECT 1 FROM case_followers f WHERE f.case_id = :main AND f.resident_id = d.principal_id
        )
        ON CONFLICT (case_id) DO NOTHING
        """,
        main=main.id,
        case_id=case.id,
        owner=main.resident_id,
        at=at,
    )


async def leave_main(tx: Transaction, case: CaseId, main: CaseId, since: datetime) -> None:
    """A case is no duplicate of `main` after all: what came through its delegate since then no longer does."""
    await tx.run(
        """
        DELETE FROM delegated_cases WHERE case_id = :main AND at >= :since
        AND delegation_id IN (SELECT delegation_id FROM delegated_cases WHERE case_id = :case_id)
        """,
        main=main,
        case_id=case,
        since=since,
    )


async def of_case(tx: Transaction, case: CaseId) -> Delegation | None:
    """Through whom a case was filed."""
    return Delegation.maybe(
        await tx.one(
            """
            SELECT d.* FROM delegated_cases c JOIN delegations d ON d.id = c.delegation_id WHERE c.case_id = :case_id
            """,
            case_id=case,
        )
    )


async def of_booking(tx: Transaction, booking: BookingId) -> Delegation | None:
    """Through whom an appointment was booked."""
    return Delegation.maybe(
        await tx.one(
            """
            SELECT d.* FROM delegated_bookings b JOIN delegations d ON d.id = b.delegation_id
            WHERE b.booking_id = :booking
            """,
            booking=booking,
        )
    )


async def cases(tx: Transaction, delegation: DelegationId, limit: int) -> list[Case]:
    """What was filed through one, the newest first."""
    rows = await tx.all(
        """
        SELECT c.* FROM delegated_cases d JOIN cases c ON c.id = d.case_id WHERE d.delegation_id = :id
        ORDER BY c.id DESC LIMIT :limit
        """,
        id=delegation,
        limit=limit,
    )
    return [Case.of(row) for row in rows]


async def bookings(tx: Transaction, delegation: DelegationId, limit: int) -> list[Booking]:
    """What was booked through one, the latest day first."""
    rows = await tx.all(
        """
        SELECT b.*, s.day, t.starts_at, t.ends_at
        FROM delegated_bookings d JOIN bookings b ON b.id = d.booking_id JOIN sessions s ON s.id = b.session_id
            LEFT JOIN slots t ON t.id = b.slot_id
        WHERE d.delegation_id = :id ORDER BY s.day DESC, b.id DESC LIMIT :limit
        """,
        id=delegation,
        limit=limit,
    )
    return [Booking.of(row) for row in rows]


def _number(row: Row | None, column: str) -> int:
    return 0 if row is None else int(str(row[column]))
