"""A day's sessions are held on another day, at the same hours. Everybody who has to come then is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.actors import office_subject
from services.bookings import bookings, replanning, session_links, sessions, special_sessions
from services.bookings.bookings import SlotTaken
from services.bookings.replanning import live_in
from services.bookings.schedule import Plan
from services.bookings.special_sessions import Why, is_given, why_not_on
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from storage import audit
from storage import sessions as rows
from storage.ids import OfficeId, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session, SessionStatus
from storage.sessions import NewSession, NewSlot
from storage.translations import Translations


@dataclass(frozen=True, slots=True)
class Moved:
    """A day was moved: whose appointment is on the new day, and whose was cancelled for want of a time there."""

    moved: tuple[Booking, ...]
    cancelled: tuple[Booking, ...]
    fresh: bool  # there was no session on the new day before


async def foresee_move(work: Work, office: OfficeId, day: date, to: date) -> tuple[Booking, ...] | Why:
    """Whom moving a day would concern."""
    if day == to:
        return Why.SAME_DAY
    if (why := await why_not_on(work, office, to)) is not None:
        return why
    if not await _given_on(work, office, day):
        return Why.NOT_THERE
    return await sessions.affected_by_closing(work, office, day)


async def move_day(
    work: Work, person: Person, office: OfficeId, day: date, to: date, reason: Translations
) -> Moved | Why:
    """Hold a day's sessions on another day, at the same hours. Everybody who has to come then is told.

    Whoever has no time on the new day, and whoever waited, is told that it is off, with the nearest times.
    """
    if await guard(work, person, Act.SESSIONS, office) is None:
        return Why.DENIED
    await rows.lock_from(work.tx, min(day, to))
    affected = await foresee_move(work, office, day, to)
    if isinstance(affected, Why):
        return affected
    moved: list[Booking] = []
    fresh = not await _given_on(work, office, to)
    for session in await _given_on(work, office, day):
        there = await _same_on(work, session, to)
        await session_links.carry(work, session.id, there, person.actor)
        moved += await _move_people(work, person, session, there)
    cancelled = await sessions.close_day(work, office, day, reason, person.actor)
    detail = f"{day} to {to}: {len(moved)} moved, {len(cancelled)} cancelled"
    audit.record(work.tx, work.now, person.actor, "day.move", office_subject(office), detail)
    return Moved(tuple(moved), cancelled, fresh)


async def move_back(
    work: Work, person: Person, office: OfficeId, day: date, to: date, reason: Translations
) -> Moved | Why:
    """Take back that a day was moved, from `day` to where it was, which is opened again."""
    if await guard(work, person, Act.SESSIONS, office) is None:
        return Why.DENIED
    await sessions.reopen_day(work, office, to, person.actor)
    return await move_day(work, person, office, day, to, reason)


async def _given_on(work: Work, office: OfficeId, day: date) -> list[Session]:
    """The sessions of a day to which somebody comes or can come."""
    found = []
    for one in await rows.of_day(work.tx, office, day):
        slots = await rows.planned_slots_of(work.tx, one.id)
        if one.status is SessionStatus.OPEN and any(slot.capacity or slot.seated for slot in slots):
            found.append(one)
    return found


async def _same_on(work: Work, session: Session, to: date) -> SessionId:
    """The session that takes its place on another day: the one that is there, or one like it."""
    slots = [slot for slot in await rows.planned_slots_of(work.tx, session.id) if slot.capacity or slot.seated]
    present = await rows.of_lane(work.tx, session.office, session.lane, to)
    if present is not None and is_given(present, await rows.planned_slots_of(work.tx, present.id)):
        return present.id
    shift = timedelta(days=(to - session.day).days)
    moved = tuple(
        NewSlot(
            starts_at=slot.starts_at + shift,
            ends_at=slot.ends_at + shift,
            capacity=max(slot.capacity, slot.seated),
            released_at=min(slot.released_at, work.now),
            bookable_until=slot.bookable_until + shift,
        )
        for slot in slots
    )
    new = NewSession(
        office=session.office,
        lane=session.lane,
        day=to,
        opens_at=session.opens_at + shift,
        closes_at=session.closes_at + shift,
        lead_hours=session.lead_hours,
    )
    return await special_sessions.give(work, Plan(new, moved))


async def _move_people(work: Work, person: Person, session: Session, there: SessionId) -> list[Booking]:
    moved = []
    for booking in await live_in(work, session.id):
        if booking.status is not BookingStatus.CONFIRMED or booking.starts_at is None:
            continue
        clock = _clock(work, booking.starts_at)
        free = await sessions.free_slots(work, there)
        for one in sorted(free, key=lambda it: _minutes_apart(_clock(work, it.slot.starts_at), clock)):
            when = replanning.not_before(work, booking)
            result = await bookings.move_by_municipality(work, booking.id, one.slot.id, person.actor, not_before=when)
            if isinstance(result, Booking):
                moved.append(result)
            if not isinstance(result, SlotTaken):
                break
    return moved


def _clock(work: Work, instant: datetime) -> int:
    local = instant.astimezone(work.offices.zone)
    return local.hour * 60 + local.minute


def _minutes_apart(one: int, other: int) -> tuple[int, int]:
    return abs(one - other), one
