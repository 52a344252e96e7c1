"""What a change of the offices does to the sessions there are, and to whoever has an appointment in them.

What is shown before is found by the same function that is asked when it is done. People keep their appointment where
their time is still held; else they are moved to the nearest free time of the same session, and where there is none
their appointment is cancelled and the nearest times are offered. Either way they are told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.actors import Actor
from services.bookings import bookings, transitions
from services.bookings.schedule import Key, Plan, by_rule, closures_between, key_of, last_day, plan_sessions, wanted
from services.bookings.sessions import free_slots
from services.bookings.states import LIVE, Transition, can
from services.notify.quiet_hours import by_day
from services.offices.offices import Offices
from services.unit_of_work import Work
from storage import bookings as booking_rows
from storage import residents
from storage import sessions as rows
from storage.bookings import WALK_IN
from storage.ids import OfficeId, SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session, SessionStatus
from storage.translations import Translations

_ROUNDS = 2  # where somebody moved away, a time may be held after all that others can have


@dataclass(frozen=True, slots=True)
class Effect:
    """How many sessions a change opens, changes and ends, and whose appointments it touches."""

    opened: int = 0
    changed: int = 0
    ended: int = 0
    affected: tuple[Booking, ...] = ()  # an appointment or an offer whose time is held no longer
    waiting: int = 0  # people in line for a session that is held no longer

    @property
    def sessions(self) -> int:
        return self.opened + self.changed + self.ended


async def foresee(before: Work, after: Work) -> Effect:
    """What becomes of the sessions where `after` has other offices than `before`. Nothing is changed."""
    among = _changed_offices(before.offices, after.offices)
    found = await rows.on_or_after(before.tx, before.today)
    existing = {key_of(one): one for one in found if one.office in among}
    then, now = await _called_for(before, existing, among), await _called_for(after, existing, among)
    ended = {key: one for key, one in existing.items() if await _is_held(before, one, then)}
    ended = {key: one for key, one in ended.items() if not await _is_held(after, one, now)}
    changed = {key for key in then.keys() & now.keys() & existing.keys() if then[key] != now[key]}
    changed -= {key for key in changed if existing[key].by_hand}
    affected, waiting = await _whose_time_is_gone(before, ended.values(), frozenset())
    for key in sorted(changed, key=lambda one: existing[one].id):
        more, _ = await _whose_time_is_gone(before, [existing[key]], _times(now[key]))
        affected += more
    new = {key for key in now.keys() - then.keys() if now[key].slots[-1].bookable_until > after.now}
    opened = [key for key in new if not await _stands(after, existing.get(key), now)]
    return Effect(len(opened), len(changed), len(ended), tuple(affected), waiting)


async def _stands(work: Work, session: Session | None, plans: Mapping[Key, Plan]) -> bool:
    return session is not None and session.status is SessionStatus.OPEN and await _is_held(work, session, plans)


async def carry_out(before: Work, after: Work, actor: Actor, reason: Translations) -> Effect:
    """Bring the sessions in step with `after`; `reason` is told to those whose appointment is cancelled for it."""
    effect = await foresee(before, after)
    await plan_sessions(after, actor)
    await resettle(after, effect.affected, actor, reason)
    await plan_sessions(after, actor)  # times that were not given out as long as somebody had one beside them
    return effect


async def resettle(work: Work, affected: Collection[Booking], actor: Actor, reason: Translations) -> None:
    """Find another time in their session for those whose own is held no longer, or call it off."""
    left = list(affected)
    for _ in range(_ROUNDS):
        left = [one for one in left if not await _move_within(work, one, actor)]
    for one in left:
        await _call_off(work, one, actor, reason)


async def _move_within(work: Work, booking: Booking, actor: Actor) -> bool:
    """Whether nothing more is to be done for a booking."""
    now = await booking_rows.by_id(work.tx, booking.id)
    if now is None or now.status not in LIVE or now.starts_at is None:
        return True
    if now.version != booking.version or now.status is not BookingStatus.CONFIRMED:
        return now.status is BookingStatus.CONFIRMED
    near = sorted(await free_slots(work, now.session_id), key=lambda one: _distance(one.slot.starts_at, now.starts_at))
    for one in near:
        when = not_before(work, now)
        moved = await bookings.move_by_municipality(work, now.id, one.slot.id, actor, not_before=when)
        if isinstance(moved, Booking):
            return True
    return False


def not_before(work: Work, booking: Booking) -> datetime | None:
    """Nobody is woken for it, except where the appointment is on the same day."""
    return None if booking.day == work.today else by_day(work, work.now)


def _distance(one: datetime, other: datetime | None) -> tuple[float, datetime]:
    return (abs((one - other).total_seconds()) if other else 0.0, one)


async def _call_off(work: Work, booking: Booking, actor: Actor, reason: Translations) -> None:
    board, current = await transitions.locked(work, booking)
    if current is None:
        return
    if current.status is BookingStatus.HELD:
        await transitions.apply(work, board, current, Transition.RELEASE_HOLD, actor)
    elif can(current, Transition.CALL_OFF):
        person = await residents.by_id(work.tx, current.resident_id)
        why = reason.get(person.language if person else "ar")
        when = not_before(work, current)
        await transitions.cancel(work, board, current, Transition.CALL_OFF, actor, why, not_before=when)
    await transitions.process_expiries(work, board)


# ---------------------------------------------------------------------------- what is held


def _changed_offices(before: Offices, after: Offices) -> frozenset[OfficeId]:
    """The offices whose sessions may be others."""
    ids = before.offices_by_id.keys() | after.offices_by_id.keys()
    every = before.closures != after.closures
    return frozenset(
        OfficeId(one) for one in ids if every or before.offices_by_id.get(one) != after.offices_by_id.get(one)
    )


async def _called_for(work: Work, existing: Mapping[Key, Session], among: Collection[OfficeId]) -> dict[Key, Plan]:
    made = by_rule(existing)
    closures = await closures_between(work, work.today, last_day(work, made))
    return wanted(work, made, closures, among)


async def _is_held(work: Work, session: Session, plans: Mapping[Key, Plan]) -> bool:
    """Whether a session that is there takes place: the rules or staff want it, and nothing closes its day."""
    if session.status is not SessionStatus.OPEN or session.closes_at <= work.now:
        return False
    if not session.by_hand:
        return key_of(session) in plans
    closures = await closures_between(work, session.day, session.day)
    return work.calendar.why_closed(session.office, session.day, closures) is None


def _times(plan: Plan) -> frozenset[tuple[datetime, datetime]]:
    return frozenset((slot.starts_at, slot.ends_at) for slot in plan.slots)


async def _whose_time_is_gone(
    work: Work, sessions: Collection[Session], held: frozenset[tuple[datetime, datetime]]
) -> tuple[list[Booking], int]:
    """Whoever has a seat at a time that is not `held`, and how many wait in sessions where none is."""
    found: list[Booking] = []
    waiting = 0
    for session in sessions:
        for one in await live_in(work, session.id):
            if one.starts_at is None or one.ends_at is None:
                waiting += not held
            elif one.source != WALK_IN and one.starts_at > work.now and (one.starts_at, one.ends_at) not in held:
                found.append(one)
    return sorted(found, key=lambda one: (one.starts_at or work.now, one.id)), waiting


async def live_in(work: Work, session: SessionId) -> list[Booking]:
    """Who has a seat in a session, is offered one or waits for one."""
    return [one for one in await booking_rows.seated_or_waiting(work.tx, session) if one.status in LIVE]
