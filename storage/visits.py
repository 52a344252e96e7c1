"""Visits: who came to a session, with which ticket, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from pydantic import AwareDatetime, TypeAdapter

from storage.columns import assigned, columns_of, insert_into
from storage.database import Conflict, Transaction
from storage.ids import BookingId, OfficeId, SessionId
from storage.records import Instant, Record


class VisitStatus(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    INSIDE = "inside"
    DONE = "done"
    ABSENT = "absent"  # called, and not there
    LEFT = "left"  # said that they cannot stay


class TakenStep(StrEnum):
    """A step that can be taken back."""

    CALL = "call"
    ENTER = "enter"
    NOT_HERE = "not_here"
    FINISH = "finish"


class Taken(Record):
    """A step that can be taken back, and how the visit stood before it."""

    step: TakenStep
    step_at: AwareDatetime
    was: VisitStatus
    was_called_at: AwareDatetime | None
    was_entered_at: AwareDatetime | None


#: The changes of a visit of which nothing can be taken back.
NOTHING_TAKEN: Mapping[str, object] = MappingProxyType(dict.fromkeys(Taken.model_fields) | {"earlier": "[]"})
_CHAIN: TypeAdapter[tuple[Taken, ...]] = TypeAdapter(tuple[Taken, ...])


class Visit(Record):
    """Somebody who came. Its number in the hall is `ticket`, one of the office's on that day."""

    booking_id: BookingId
    session_id: SessionId  # the line in which they wait
    office: OfficeId
    day: date
    ticket: int
    status: VisitStatus
    version: int  # grows with each change
    due_at: Instant  # the order of the line: the time of the appointment, or of the arrival where that was late
    arrived_at: Instant
    called_at: Instant | None = None
    entered_at: Instant | None = None
    done_at: Instant | None = None
    calls: int = 0
    remote: bool = False  # by phone or video: nobody is in the hall, and their number is shown nowhere
    step: TakenStep | None = None  # what the last change was, where it can be taken back
    step_at: Instant | None = None
    was: VisitStatus | None = None  # how it stood before that step
    was_called_at: Instant | None = None
    was_entered_at: Instant | None = None
    earlier: str = "[]"  # the steps before that one, the newest first: `chain`

    @property
    def taken(self) -> Taken | None:
        """The last step, where it can be taken back."""
        if self.step is None or self.step_at is None or self.was is None:
            return None
        return Taken(
            step=self.step,
            step_at=self.step_at,
            was=self.was,
            was_called_at=self.was_called_at,
            was_entered_at=self.was_entered_at,
        )

    @property
    def chain(self) -> tuple[Taken, ...]:
        """The steps before the last one."""
        return _CHAIN.validate_json(self.earlier)


def chained(steps: Iterable[Taken]) -> str:
    """Steps as `Visit.earlier` keeps them."""
    return _CHAIN.dump_json(tuple(steps)).decode()


_COLUMNS = columns_of(Visit)
_CHANGED = columns_of(Visit, without={"booking_id", "office", "day", "ticket", "arrived_at"})
# The number is drawn by the statement that takes it; of two at the same time one finds it taken.
_INSERT = f"""
{insert_into("session_visits", _COLUMNS).split(" VALUES ")[0]}
SELECT {", ".join("coalesce(max(v.ticket), 0) + 1" if name == "ticket" else f":{name}" for name in _COLUMNS)}
FROM session_visits v WHERE v.office = :office AND v.day = :day
ON CONFLICT DO NOTHING RETURNING ticket
"""
_SAVE = f"UPDATE session_visits SET {assigned(_CHANGED)} WHERE booking_id = :booking_id AND version = :seen"


async def of(tx: Transaction, booking: BookingId) -> Visit | None:
    """A booking's visit; None where nobody has come yet."""
    return Visit.maybe(await tx.one("SELECT * FROM session_visits WHERE booking_id = :booking", booking=booking))


async def of_session(tx: Transaction, session: SessionId) -> tuple[Visit, ...]:
    """Everybody who came to a line, in its order, also those who are done."""
    rows = await tx.all(
        "SELECT * FROM session_visits WHERE session_id = :session ORDER BY due_at, booking_id", session=session
    )
    return tuple(Visit.of(row) for row in rows)


async def add(tx: Transaction, visit: Visit) -> Visit:
    """Somebody has come; their ticket is drawn here. Raises Conflict where it was drawn at the same time."""
    row = await tx.one(_INSERT, **{name: getattr(visit, name) for name in _COLUMNS if name != "ticket"})
    if row is None:
        raise Conflict(f"the ticket for booking {visit.booking_id} was drawn by another at the same time")
    return visit.model_copy(update={"ticket": int(str(row["ticket"]))})


async def save(tx: Transaction, before: Visit, after: Visit) -> None:
    """Write what changed, if nobody else changed it in between. Raises Conflict where somebody did."""
    values = {name: getattr(after, name) for name in _CHANGED}
    if await tx.run(_SAVE, booking_id=before.booking_id, seen=before.version, **values) != 1:
        raise Conflict(f"the visit of booking {before.booking_id} was changed by another at the same time")
