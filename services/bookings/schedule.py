"""The sessions and slots that the offices' weekly rules call for, made ahead and kept in step with the rules.

A rule may change while people have seats: theirs stay as they are, whatever becomes of the rule; only what nobody
has is given out anew or no longer. Rows are never deleted: a slot that is no longer given has no capacity.

A planned day that the offices file or the calendar of holidays closes later is closed as an administrator would close
it: whoever has a seat or waits is told why. Where neither closes it any more, it can be booked again; what an
administrator closed or opened stays so, since their closures are the stronger ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from services.actors import OFFICES_FILE, Actor, office_subject
from services.bookings.availability import load
from services.bookings.closures import close_session
from services.notify.quiet_hours import by_day
from services.offices.offices import LaneRule, Office
from services.offices.schema import DRAW_AT
from services.offices.working_days import Closed
from services.unit_of_work import Work
from storage import audit, configuration, draws
from storage import sessions as rows
from storage.ids import LaneId, OfficeId, SessionId
from storage.records.sessions import Session, SessionStatus
from storage.sessions import NewSession, NewSlot, PlannedSlot
from storage.translations import Translations

LATE_RELEASE = timedelta(hours=24)

Key = tuple[OfficeId, LaneId, date]


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as the rules want it."""

    session: NewSession
    slots: tuple[NewSlot, ...]
    draws_at: datetime | None = field(default=None, compare=False)  # of a new one: those that are there keep theirs


# ---------------------------------------------------------------------------- carrying it out


async def plan_if_new(work: Work) -> int:
    """Plan once a day, and at once when the rules are other ones. How many sessions and slots changed.

    A worker that has not yet heard of a change leaves it to one that has: it would take the change back.
    """
    if work.configuration.version != await configuration.version(work.tx):
        return 0
    tomorrow = datetime.combine(work.today + timedelta(days=1), time(), tzinfo=work.offices.zone)
    if not await rows.plan_is_new(work.tx, f"{work.today} {_fingerprint(work)}", tomorrow):
        return 0
    return await plan_sessions(work)


def _fingerprint(work: Work) -> str:
    """What the plan depends on in the offices file and the calendar of holidays, in short."""
    said = [closure.model_dump_json() for closure in work.offices.closures]
    said += [f"{day} {work.calendar.holiday_name(day)}" for day in _days(work.today, last_day(work))]
    for office in work.offices.with_customer_day:
        parts = (*office.customer_day, *office.closures)
        said += [office.id, *(part.model_dump_json() for part in parts)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


async def plan_sessions(work: Work, actor: Actor = OFFICES_FILE) -> int:
    """Make what the rules call for and is not there yet. Doing it again changes nothing. How much changed.

    `actor` is whose word it is where a day is closed.
    """
    existing = {key_of(one): one for one in await rows.lock_from(work.tx, work.today)}
    closures = await closures_between(work, work.today, last_day(work, existing))
    slots: dict[SessionId, list[PlannedSlot]] = {one.id: [] for one in existing.values()}
    for slot in await rows.planned_slots(work.tx, work.today):
        slots.setdefault(slot.session_id, []).append(slot)
    called_for = wanted(work, by_rule(existing), closures)
    changed = 0
    for key, plan in called_for.items():
        present = existing.get(key)
        if present is None:
            changed += await _add(work, plan)
            continue
        if present.status is SessionStatus.CLOSED:
            rows.reopen(work.tx, present.id)
            changed += 1
        if not present.by_hand:
            changed += adjust(work, present, plan, slots[present.id])
    for key, present in existing.items():
        if key in called_for:
            continue
        reason = work.calendar.why_closed(present.office, present.day, closures)
        if present.status is not SessionStatus.OPEN:
            if present.by_hand and reason is None:
                rows.reopen(work.tx, present.id)
                changed += 1
        elif reason is None:
            changed += 0 if present.by_hand else sum(_withdraw(work, slot) for slot in slots[present.id])
        elif present.closes_at > work.now:
            await _close(work, present, reason, actor)
            changed += 1
    return changed


async def _close(work: Work, session: Session, reason: Translations, actor: Actor) -> None:
    """Close a day that was planned. Nobody is woken for it, except where the appointment is on the same day."""
    not_before = None if session.day == work.today else by_day(work, work.now)
    cancelled = await close_session(work, await load(work, session), reason, actor, not_before=not_before)
    detail = f"{session.day} {session.lane}: {len(cancelled)} cancelled"
    audit.record(work.tx, work.now, actor, "day.close", office_subject(session.office), detail)


async def _add(work: Work, plan: Plan) -> int:
    nonce = f"{work.random.getrandbits(48):012x}"
    session = await rows.add(work.tx, plan.session, nonce, work.now)
    if session is None:
        return 0
    for slot in plan.slots:
        rows.add_slot(work.tx, session, slot)
    if plan.draws_at is not None:
        draws.add(work.tx, session, f"{work.random.getrandbits(256):064x}", plan.draws_at)
    return 1 + len(plan.slots)


def adjust(work: Work, present: Session, plan: Plan, slots: Collection[PlannedSlot]) -> int:
    """Bring a session in step with its rules."""
    new, changed = plan.session, 0
    if (present.opens_at, present.closes_at, present.lead_hours) != (new.opens_at, new.closes_at, new.lead_hours):
        rows.change(work.tx, present.id, new)
        changed += 1
    called = {slot.starts_at: slot for slot in plan.slots}
    # Seats somebody has at a time that the rules no longer know: nobody else is put into that time.
    kept = [slot for slot in slots if slot.seated and _is_off(slot, called.get(slot.starts_at))]
    called = {at: slot for at, slot in called.items() if not any(_overlap(slot, other) for other in kept)}
    for slot in slots:
        call = called.pop(slot.starts_at, None)
        changed += _withdraw(work, slot) if call is None else _follow(work, slot, call)
    for missing in called.values():
        rows.add_slot(work.tx, present.id, missing)
    return changed + len(called)


def _is_off(slot: PlannedSlot, call: NewSlot | None) -> bool:
    return call is None or call.ends_at != slot.ends_at


def _overlap(slot: NewSlot, other: PlannedSlot) -> bool:
    return slot.starts_at < other.ends_at and other.starts_at < slot.ends_at


def _follow(work: Work, slot: PlannedSlot, call: NewSlot) -> int:
    """Change a slot to what is called for. What was released once stays released."""
    released = min(slot.released_at, call.released_at)
    after = NewSlot(
        starts_at=slot.starts_at,
        ends_at=call.ends_at,
        capacity=call.capacity,
        released_at=released,
        bookable_until=call.bookable_until,
    )
    return _change(work, slot, after)


def _withdraw(work: Work, slot: PlannedSlot) -> int:
    after = NewSlot(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        capacity=0,
        released_at=slot.released_at,
        bookable_until=slot.bookable_until,
    )
    return _change(work, slot, after)


def _change(work: Work, slot: PlannedSlot, after: NewSlot) -> int:
    before = (slot.ends_at, slot.capacity, slot.released_at, slot.bookable_until)
    if before == (after.ends_at, after.capacity, after.released_at, after.bookable_until):
        return 0
    rows.change_slot(work.tx, slot.id, after)
    return 1


# ---------------------------------------------------------------------------- what the rules call for


async def closures_between(work: Work, first: date, last: date) -> list[Closed]:
    """The administrators' closures, as the calendar takes them."""
    return [
        Closed(
            one.office or None,
            one.day,
            None if one.works else one.reason,
            works=one.works,
        )
        for one in await rows.closures(work.tx, first, last)
    ]


def last_day(work: Work, existing: Collection[Key] = ()) -> date:
    """The last day that some rule reaches, or that has a session already."""
    rules = (rule for office in work.offices.with_customer_day for rule in office.customer_day)
    weeks = max((rule.weeks_ahead for rule in rules), default=0)
    return max([work.today + timedelta(weeks=weeks), *(day for _, _, day in existing)])


def by_rule(existing: Mapping[Key, Session]) -> set[Key]:
    """The sessions that the rules made. One that staff opened far ahead does not make the rules reach so far."""
    return {key for key, session in existing.items() if not session.by_hand}


def wanted(
    work: Work, existing: Collection[Key], closures: Collection[Closed], only: Collection[OfficeId] | None = None
) -> dict[Key, Plan]:
    """What is to be there: on the days within each rule's horizon, and wherever there is a session already.

    Of all offices, or `only` of some.
    """
    plans: dict[Key, Plan] = {}
    for office in work.offices.with_customer_day:
        if only is not None and office.id not in only:
            continue
        for day in _days(work.today, last_day(work, existing)):
            if work.calendar.why_closed(office.id, day, closures) is None:
                plans |= {
                    (office.id, plan.session.lane, day): plan for plan in plans_of_day(work, office, day, existing)
                }
    return plans


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def plans_of_day(work: Work, office: Office, day: date, existing: Collection[Key]) -> Iterator[Plan]:
    sittings: dict[LaneId, list[LaneRule]] = {}
    for rule in office.customer_day:
        ahead = day <= work.today + timedelta(weeks=rule.weeks_ahead) or (office.id, rule.lane, day) in existing
        if rule.holds_on(day) and ahead:
            sittings.setdefault(rule.lane, []).append(rule)
    for lane, rules in sittings.items():
        slots = tuple(
            sorted((slot for rule in rules for slot in slots_of_rule(work, rule, day)), key=lambda s: s.starts_at)
        )
        if not slots:  # breaks from beginning to end
            continue
        session = NewSession(
            office=office.id,
            lane=lane,
            day=day,
            opens_at=slots[0].starts_at,
            closes_at=slots[-1].ends_at,
            lead_hours=max(rule.lead_hours for rule in rules),
        )
        yield Plan(session, slots, draws_at(work, day, max(rule.draw_days for rule in rules)))


def draws_at(work: Work, day: date, days: int) -> datetime | None:
    """When a day is drawn; None for one that is first come, or planned too late for people to apply."""
    at = datetime.combine(day - timedelta(days=days), DRAW_AT, tzinfo=work.offices.zone)
    return at if days and at > work.now else None


def slots_of_rule(work: Work, rule: LaneRule, day: date) -> Iterator[NewSlot]:
    for number, clock in enumerate(rule.slot_starts()):
        starts_at = datetime.combine(day, clock, tzinfo=work.offices.zone)
        yield NewSlot(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=rule.slot_minutes),
            capacity=rule.capacity,
            released_at=starts_at - LATE_RELEASE if _is_late(rule, number) else work.now,
            bookable_until=starts_at - timedelta(hours=rule.lead_hours),
        )


def _is_late(rule: LaneRule, number: int) -> bool:
    """Whether a slot is of the share released late. That share is spread evenly over the sitting."""
    share = round(rule.released_late * 1000)
    return (number + 1) * share // 1000 > number * share // 1000


def key_of(session: Session) -> Key:
    return session.office, session.lane, session.day
