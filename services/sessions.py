"""Customer Day's sessions: which there are, what is free, and days that are closed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services import booking_moves
from services.notices import BookingCancelled, WaitingEnded, notify_resident
from services.offices import LaneRule, Office
from services.work import Work
from services.working_days import Closed
from storage import audit, bookings
from storage import sessions as rows
from storage.ids import LaneId, OfficeId, SessionId
from storage.records import Booking, BookingEventKind, BookingStatus, Session, SessionStatus, Slot

__all__ = [
    "DayState",
    "FreeSlot",
    "Session",
    "Slot",
    "affected_by_closing",
    "close_day",
    "free_slots",
    "nearest_free",
    "plan_sessions",
    "reopen_day",
    "session",
    "upcoming",
]

#: The seats kept back at first are given out so long before the meeting.
LATE_RELEASE = timedelta(hours=24)
CLOSURE_REASON = "closure"


@dataclass(frozen=True, slots=True)
class DayState:
    """A session and how full it is. `started`: nothing of it can be booked any more."""

    session: Session
    free: int
    total: int
    waiting: int
    state: Literal["free", "full", "closed", "started"]


@dataclass(frozen=True, slots=True)
class FreeSlot:
    slot: Slot
    free: int


# ---------------------------------------------------------------------------- planning


async def plan_sessions(work: Work) -> int:
    """Make the sessions and slots that the offices' rules call for within their horizon; how many slots changed.

    Done again, it does nothing. A changed rule changes the seats nobody has; those who have one keep it.
    """
    existing: dict[tuple[OfficeId, LaneId, date], dict[datetime, rows.PlannedSlot]] = defaultdict(dict)
    for slot in await rows.planned(work.tx, work.today + timedelta(days=1)):
        existing[slot.office, slot.lane, slot.day][slot.starts_at] = slot
    closures = [Closed(row.office or None, row.day) for row in await rows.closures(work.tx, work.today)]
    changed = 0
    wanted: dict[tuple[OfficeId, LaneId, date], list[LaneRule]] = defaultdict(list)
    for office in work.offices.with_customer_day:
        for rule, day in _days(work, office, closures):
            wanted[office.id, rule.lane, day].append(rule)
    for (office_id, _, day), rules in wanted.items():
        changed += await _plan(work, office_id, rules, day, existing.pop((office_id, rules[0].lane, day), {}))
    for slots in existing.values():  # the rule is gone or the day became a holiday: nobody new gets these
        for slot in slots.values():
            if slot.capacity:
                rows.withdraw_slot(work.tx, slot.session_id, slot.starts_at)
                changed += 1
    return changed


def _days(work: Work, office: Office, closures: list[Closed]) -> Iterator[tuple[LaneRule, date]]:
    for rule in office.customer_day:
        for ahead in range(1, rule.weeks_ahead * 7 + 1):
            day = work.today + timedelta(days=ahead)
            if rule.holds_on(day) and work.calendar.is_working_day(office.id, day, closures):
                yield rule, day


async def _plan(
    work: Work, office: OfficeId, rules: list[LaneRule], day: date, existing: dict[datetime, rows.PlannedSlot]
) -> int:
    planned = [slot for rule in rules for slot in _slots(work, rule, day)]
    same = {slot.starts_at: (slot.ends_at, slot.capacity) for slot in existing.values()} == {
        slot.starts_at: (slot.ends_at, slot.capacity) for slot in planned
    }
    if same:
        return 0
    session_id = await rows.add_session(
        work.tx,
        office=office,
        lane=rules[0].lane,
        day=day,
        opens_at=min(slot.starts_at for slot in planned),
        closes_at=max(slot.ends_at for slot in planned),
        lead_hours=rules[0].lead_hours,
        nonce=f"{work.random.getrandbits(64):016x}",
        at=work.now,
    )
    for slot in planned:
        rows.put_slot(
            work.tx,
            session_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            capacity=slot.capacity,
            released_at=slot.released_at,
            bookable_until=slot.bookable_until,
        )
    kept = {slot.starts_at for slot in planned}
    for former in existing.values():
        if former.starts_at not in kept and former.capacity:
            rows.withdraw_slot(work.tx, former.session_id, former.starts_at)
    return len(planned)


@dataclass(frozen=True, slots=True)
class _Planned:
    starts_at: datetime
    ends_at: datetime
    capacity: int
    released_at: datetime
    bookable_until: datetime


def _slots(work: Work, rule: LaneRule, day: date) -> Iterator[_Planned]:
    """The rule's slots on a day. The share released late is spread over the sitting, not left to its end."""
    starts = [datetime.combine(day, clock, work.offices.zone) for clock in rule.slot_starts()]
    late = math.floor(len(starts) * rule.released_late)
    held_back = {math.floor((number + 0.5) * len(starts) / late) for number in range(late)} if late else set()
    for number, start in enumerate(starts):
        yield _Planned(
            starts_at=start,
            ends_at=start + timedelta(minutes=rule.slot_minutes),
            capacity=rule.capacity,
            released_at=start - LATE_RELEASE if number in held_back else work.now,
            bookable_until=start - timedelta(hours=rule.lead_hours),
        )


# ---------------------------------------------------------------------------- looking


async def session(work: Work, session_id: SessionId) -> Session | None:
    return await rows.by_id(work.tx, session_id)


async def upcoming(work: Work, office: OfficeId, limit: int = 6, offset: int = 0) -> tuple[DayState, ...]:
    """An office's sessions that are not over, the next first; also those that are full or closed."""
    found = await rows.upcoming(work.tx, office, work.now, limit, offset)
    return tuple(DayState(one, load.free, load.total, load.waiting, _state(one, load)) for one, load in found)


def _state(one: Session, load: rows.SessionLoad) -> Literal["free", "full", "closed", "started"]:
    if one.status is SessionStatus.CLOSED:
        return "closed"
    if load.free:
        return "free"
    return "full" if load.total else "started"


async def free_slots(work: Work, session_id: SessionId) -> tuple[FreeSlot, ...]:
    """The slots of a session with a seat that can be booked now, in order of time."""
    return tuple(
        FreeSlot(Slot.of(row.model_dump()), row.free) for row in await rows.free_slots(work.tx, session_id, work.now)
    )


async def nearest_free(
    work: Work, office: OfficeId, after: datetime | None = None, limit: int = 3, besides: SessionId | None = None
) -> tuple[tuple[Session, Slot], ...]:
    """The nearest free slots of an office."""
    found = await rows.nearest_free(work.tx, office, work.now, after=after or work.now, besides=besides, limit=limit)
    return tuple(found)


# ---------------------------------------------------------------------------- closing a day


async def affected_by_closing(work: Work, office: OfficeId, day: date) -> tuple[Booking, ...]:
    """Who has a seat or waits for one on that day: shown before the day is closed."""
    found = [
        booking
        for one in await rows.on_day(work.tx, office, day)
        for booking in await bookings.live_in_session(work.tx, one.id)
    ]
    return tuple(found)


async def close_day(
    work: Work, office: OfficeId, day: date, reason_ar: str, reason_en: str, actor: str
) -> tuple[Booking, ...]:
    """No Customer Day on that day. Whoever had a seat is told and offered the nearest free ones."""
    rows.add_closure(work.tx, office, day, reason_ar, reason_en, actor, work.now)
    told = []
    for one in await rows.on_day(work.tx, office, day):
        rows.set_status(work.tx, one.id, SessionStatus.CLOSED, reason_ar, reason_en)
        for booking in await bookings.live_in_session(work.tx, one.id):
            told.append(booking)
            await _call_off(work, booking, actor)
    audit.record(work.tx, work.now, actor, "day.close", f"office:{office}", day.isoformat())
    return tuple(told)


async def _call_off(work: Work, booking: Booking, actor: str) -> None:
    held = booking.status is BookingStatus.HELD  # nobody was promised anything: the next step of the talk says so
    status = BookingStatus.EXPIRED if held else BookingStatus.CANCELLED_BY_MUNICIPALITY
    await booking_moves.end(work, booking, status, BookingEventKind.CANCELLED, actor, reason=CLOSURE_REASON)
    if held:
        return
    waiting = booking.status is BookingStatus.WAITING
    await notify_resident(
        work,
        booking.resident_id,
        WaitingEnded(booking=booking.id) if waiting else BookingCancelled(booking=booking.id),
        key=f"called_off:{booking.id}:{booking.version}",
        subject=f"booking:{booking.id}",
    )


async def reopen_day(work: Work, office: OfficeId, day: date, actor: str) -> bool:
    """The day takes place after all; False where it was not closed by hand. Bookings called off stay so."""
    if not await rows.remove_closure(work.tx, office, day):
        return False
    for one in await rows.on_day(work.tx, office, day):
        rows.set_status(work.tx, one.id, SessionStatus.OPEN)
    audit.record(work.tx, work.now, actor, "day.reopen", f"office:{office}", day.isoformat())
    return True
