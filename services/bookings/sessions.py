"""Customer Day's sessions: which there are, how full they are, which days are closed.

`services.bookings.schedule` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.actors import Actor, office_subject
from services.bookings.availability import FreeSlot, SessionAvailability, look
from services.bookings.closures import close_session, is_over
from services.bookings.schedule import closures_between, plan_sessions
from services.bookings.transitions import lock_sessions
from services.unit_of_work import Work
from storage import audit
from storage import bookings as booking_rows
from storage import sessions as rows
from storage.ids import OfficeId, SessionId, SlotId
from storage.records.bookings import Booking
from storage.records.sessions import Session, SessionStatus, Slot
from storage.sessions import ClosureRow, Standing
from storage.translations import Translations

__all__ = [
    "DayState",
    "Free",
    "FreeSlot",
    "Session",
    "SessionStatus",
    "Slot",
    "affected_by_closing",
    "alternatives",
    "close_day",
    "free_slots",
    "nearest_free",
    "plan_sessions",
    "reopen_day",
    "session",
    "upcoming",
]

State = Literal["free", "full", "closed", "started", "draw"]
Free = tuple[tuple[Session, Slot], ...]

_NONE = SessionId(0)
_SAME_DAY, _ALTERNATIVES = 3, 5  # how many alternatives are of the same session, and how many there are in all


@dataclass(frozen=True, slots=True)
class DayState:
    """A session and how full it is. `free` counts what whoever comes now may have, `waiting` who waits in line."""

    session: Session
    free: int
    total: int
    waiting: int
    state: State
    draws_at: datetime | None = None  # of one whose draw is still to come


# ---------------------------------------------------------------------------- looking


async def upcoming(
    work: Work, office: OfficeId, limit: int = 6, offset: int = 0, *, early: bool = False
) -> tuple[DayState, ...]:
    """An office's sessions that are not over, the next one first; with `early` counting seats not released yet."""
    found = await rows.upcoming(work.tx, office, work.now, limit, offset, early=early)
    return tuple(_day_state(one, standing) for one, standing in found)


def _day_state(session: Session, standing: Standing) -> DayState:
    # Seats that came free while people wait are offered to them first.
    free = max(0, standing.free - standing.waiting) if session.status is SessionStatus.OPEN else 0
    state: State = "full"
    if session.status is SessionStatus.CLOSED:
        state = "closed"
    elif free:
        state = "free"
    elif not standing.ahead:
        state = "started"
    elif standing.draws_at is not None:
        state = "draw"
    return DayState(session, free, standing.total, standing.waiting, state, standing.draws_at)


async def session(work: Work, session: SessionId) -> Session | None:
    return await rows.by_id(work.tx, session)


async def slot(work: Work, slot: SlotId) -> Slot | None:
    """A time, whoever has it."""
    return await rows.slot(work.tx, slot)


async def free_slots(work: Work, session: SessionId, *, early: bool = False) -> tuple[FreeSlot, ...]:
    """The slots of a session that can be booked now, the earliest first; with `early` those not released yet, too."""
    board = await look(work, session)
    return () if board is None else board.free_slots(work.now, early=early)


async def nearest_free(
    work: Work, office: OfficeId, after: datetime | None = None, limit: int = 3, besides: SessionId | None = None
) -> Free:
    """An office's first free slots from `after` (or now) on, those of one session left out if it is named."""
    return await rows.nearest_free(work.tx, office, work.now, after or work.now, limit, besides or _NONE)


async def alternatives(work: Work, board: SessionAvailability, near: Slot | None = None) -> Free:
    """What to offer instead of a slot that is taken: the nearest of the same session, then the first of others."""
    free = [(board.session, one.slot) for one in board.free_slots(work.now)]
    if near is not None:
        free.sort(key=lambda pair: (abs(pair[1].starts_at - near.starts_at), pair[1].starts_at))
    same = free[:_SAME_DAY]
    others = await nearest_free(work, board.session.office, limit=_ALTERNATIVES - len(same), besides=board.session.id)
    return (*same, *others)


# ---------------------------------------------------------------------------- closing days


async def affected_by_closing(work: Work, office: OfficeId, day: date) -> tuple[Booking, ...]:
    """Whom closing a day of an office (of all where it is "") would concern: who comes, holds a seat or waits."""
    return tuple(one for one in await booking_rows.of_day(work.tx, office, day) if not is_over(one, work.now))


async def close_day(work: Work, office: OfficeId, day: date, reason: Translations, actor: Actor) -> tuple[Booking, ...]:
    """Close a day of an office (of all where it is ""). Returns the appointments that were cancelled for it.

    Those who were to come are told, and so are those who waited; closing a closed day changes its reason only.
    """
    if not office:
        rows.drop_closures(work.tx, day)  # an office's own would be stronger
    rows.put_closure(
        work.tx,
        ClosureRow(office=office, day=day, reason=reason, works=False),
        actor,
        work.now,
    )
    found = await rows.of_day(work.tx, office, day)
    boards = await lock_sessions(work, *(one.id for one in found))
    cancelled: list[Booking] = []
    for board in boards.values():
        cancelled += await close_session(work, board, reason, actor)
    audit.record(work.tx, work.now, actor, "day.close", office_subject(office), f"{day}: {len(cancelled)} cancelled")
    return tuple(cancelled)


async def reopen_day(work: Work, office: OfficeId, day: date, actor: Actor) -> bool:
    """Take back a closing; on a public holiday, work all the same. Whether the day was closed.

    Appointments that were cancelled stay so: their people have been told, and can book again.
    """
    if await _why_closed(work, office, day) is None:
        return False
    rows.drop_closure(work.tx, office, day)
    if await _why_closed(work, office, day) is not None:  # by the calendar, the offices file or a closing of all
        works = ClosureRow(office=office, day=day, reason=Translations({}), works=True)
        rows.put_closure(work.tx, works, actor, work.now)
    await rows.lock_from(work.tx, work.today)  # in the order in which everybody takes sessions: planning needs them all
    for one in await rows.of_day(work.tx, office, day):
        if office or await _why_closed(work, one.office, day) is None:
            rows.reopen(work.tx, one.id)
    await plan_sessions(work)
    audit.record(work.tx, work.now, actor, "day.reopen", office_subject(office), str(day))
    return True


async def _why_closed(work: Work, office: OfficeId, day: date) -> Translations | None:
    closures = await closures_between(work, day, day)
    return work.calendar.why_closed(office, day, closures)
