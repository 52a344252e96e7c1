"""Sessions that staff open or change themselves: on a day of their own, at other hours, with other seats, moved.

From then on the weekly rules leave such a session as it is. A day that is closed closes it all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from itertools import pairwise

from services.actors import office_subject
from services.bookings import replanning
from services.bookings.replanning import Effect, live_in
from services.bookings.schedule import Plan, adjust, closures_between, draws_at, plans_of_day, slots_of_rule
from services.offices.configuration import Fields
from services.offices.offices import Problem
from services.offices.schema import LaneRule
from services.offices.yaml_file import Document, check
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from storage import audit, draws
from storage import sessions as rows
from storage.bookings import WALK_IN
from storage.ids import LaneId, OfficeId, SessionId
from storage.records.bookings import Booking
from storage.records.sessions import Session, SessionStatus
from storage.sessions import NewSession, NewSlot, PlannedSlot
from storage.translations import Translations

#: Nobody plans further ahead than a year.
FURTHEST = timedelta(days=366)
#: A draw that was switched off can be switched on again for so long; until then nobody is told.
UNDO_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session as staff want it, as it was typed: it is held to the rules for weekly sittings."""

    office: OfficeId
    lane: LaneId
    day: date
    opens: str
    closes: str
    slot_minutes: int
    capacity: int
    lead_hours: int
    breaks: tuple[str, ...] = ()  # as the offices file writes them


class Why(Enum):
    """What speaks against it."""

    DENIED = auto()
    PAST = auto()
    TOO_FAR = auto()
    NO_LANE = auto()  # the office has no such sitting
    CLOSED = auto()  # the day is: it has to be opened first
    NOT_THERE = auto()
    BOOKED = auto()  # people have appointments in it
    OVERTAKEN = auto()  # somebody else changed it meanwhile
    SAME_DAY = auto()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What it would do; `seen` tells later whether all still stands as it was shown."""

    effect: Effect
    slots: int
    seats: int
    seen: str


Refusal = Why | tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A session was opened or changed, and those it concerns are told."""

    session: SessionId
    effect: Effect


# ---------------------------------------------------------------------------- opened, or changed


async def foresee(work: Work, wanted: Wanted) -> Foreseen | Refusal:
    """What opening or changing a session would do. Nothing is changed."""
    plan = await _plan(work, wanted)
    if not isinstance(plan, Plan):
        return plan
    present = await rows.of_lane(work.tx, wanted.office, wanted.lane, wanted.day)
    slots = [] if present is None else await rows.planned_slots_of(work.tx, present.id)
    held = {(slot.starts_at, slot.ends_at) for slot in plan.slots}
    live = [] if present is None else await live_in(work, present.id)
    timed = [
        one for one in live if one.starts_at is not None and one.source != WALK_IN
    ]  # walk-ins have no time to lose
    affected = tuple(one for one in timed if (one.starts_at, one.ends_at) not in held)
    there = present is not None and is_given(present, slots)
    effect = Effect(opened=not there, changed=there, affected=affected)
    return Foreseen(effect, len(plan.slots), sum(slot.capacity for slot in plan.slots), _seen(present, slots, affected))


async def put(work: Work, person: Person, wanted: Wanted, seen: str, reason: Translations) -> Done | Refusal:
    """Open a session, or give one other hours and seats. Whoever has another time by it, or none, is told."""
    if await guard(work, person, Act.SESSIONS, wanted.office) is None:
        return Why.DENIED
    await rows.lock_from(work.tx, wanted.day)
    found = await foresee(work, wanted)
    plan = await _plan(work, wanted)
    if not isinstance(found, Foreseen):
        return found
    if found.seen != seen or not isinstance(plan, Plan):
        return Why.OVERTAKEN
    session = await give(work, plan)
    await replanning.resettle(work, found.effect.affected, person.actor, reason)
    await give(work, plan)  # times that were not given out as long as somebody had one beside them
    what = "session.open" if found.effect.opened else "session.change"
    detail = f"{wanted.day} {wanted.lane} {wanted.opens}-{wanted.closes}: {len(found.effect.affected)} affected"
    audit.record(work.tx, work.now, person.actor, what, office_subject(wanted.office), detail)
    return Done(session, found.effect)


async def withdraw(work: Work, person: Person, session_id: SessionId) -> Session | Why:
    """Take back an extra session that nobody has booked."""
    session = await rows.lock(work.tx, session_id)
    if session is None or not session.by_hand:
        return Why.NOT_THERE
    if await guard(work, person, Act.SESSIONS, session.office) is None:
        return Why.DENIED
    if await live_in(work, session.id):
        return Why.BOOKED
    for slot in await rows.planned_slots_of(work.tx, session.id):
        rows.change_slot(work.tx, slot.id, _without_seats(slot))
    audit.record(
        work.tx,
        work.now,
        person.actor,
        "session.withdraw",
        office_subject(session.office),
        f"{session.day} {session.lane}",
    )
    return session


async def draw_by_lot(work: Work, person: Person, session_id: SessionId, days: int) -> datetime | Why:
    """Give an extra session's times by a draw, so many days before; when that is. Only while nobody has one."""
    session = await rows.lock(work.tx, session_id)
    if session is None or not session.by_hand or session.status is not SessionStatus.OPEN:
        return Why.NOT_THERE
    if await guard(work, person, Act.SESSIONS, session.office) is None:
        return Why.DENIED
    if await draws.of(work.tx, session_id) is not None or await live_in(work, session_id):
        return Why.BOOKED
    at = draws_at(work, session.day, days)
    until = min((slot.bookable_until for slot in await rows.planned_slots_of(work.tx, session_id)), default=None)
    if at is None or until is None or at >= until:
        return Why.PAST
    draws.add(work.tx, session_id, f"{work.random.getrandbits(256):064x}", at)
    where, what = office_subject(session.office), f"{session.day} {session.lane}: {at.isoformat()}"
    audit.record(work.tx, work.now, person.actor, "session.draw", where, what)
    return at


async def stop_draw(work: Work, person: Person, session_id: SessionId) -> datetime | Why:
    """Switch off the draw of an extra session, unless that is taken back until then; from when on."""
    off_at = work.now + UNDO_FOR
    return await _set_draw(work, person, session_id, off_at) or off_at


async def keep_draw(work: Work, person: Person, session_id: SessionId) -> Why | None:
    """The draw is held after all; why not, where it is off by now."""
    return await _set_draw(work, person, session_id, None)


async def _set_draw(work: Work, person: Person, session_id: SessionId, off_at: datetime | None) -> Why | None:
    session = await rows.lock(work.tx, session_id)
    if session is None or not session.by_hand or session.status is not SessionStatus.OPEN:
        return Why.NOT_THERE
    if await guard(work, person, Act.SESSIONS, session.office) is None:
        return Why.DENIED
    if not await draws.set_off(work.tx, session_id, off_at):
        return Why.OVERTAKEN
    what = "session.draw_kept" if off_at is None else "session.draw_off"
    audit.record(work.tx, work.now, person.actor, what, office_subject(session.office), f"{session.day} {session.lane}")
    return None


async def coming_back(work: Work, office: OfficeId, day: date) -> tuple[Session, ...]:
    """The sessions that people can book again once a closed day is opened: not those that were taken back."""
    found = []
    for one in await rows.of_day(work.tx, office, day):
        slots = await rows.planned_slots_of(work.tx, one.id)
        held = any(slot.capacity for slot in slots) if one.by_hand else is_ruled(work, one)
        if held and one.closes_at > work.now:
            found.append(one)
    return tuple(found)


def _without_seats(slot: PlannedSlot) -> NewSlot:
    return NewSlot.model_validate({**slot.model_dump(include=set(NewSlot.model_fields)), "capacity": 0})


async def give(work: Work, plan: Plan) -> SessionId:
    new = plan.session
    session = await rows.add(work.tx, new, f"{work.random.getrandbits(48):012x}", work.now)
    present = await rows.of_lane(work.tx, new.office, new.lane, new.day)
    assert present is not None  # noqa: S101 - it was there or has just been added
    rows.mark_by_hand(work.tx, present.id, by_hand=not _is_as_ruled(work, plan))
    if present.status is SessionStatus.CLOSED:
        rows.reopen(work.tx, present.id)
    adjust(work, present, plan, await rows.planned_slots_of(work.tx, present.id))
    return session or present.id


def is_ruled(work: Work, session: NewSession | Session) -> bool:
    """Whether the weekly rules have a session there, whatever its hours."""
    return _ruled(work, session) is not None


def _ruled(work: Work, session: NewSession | Session) -> Plan | None:
    office = work.offices.get(session.office)
    key = session.office, session.lane, session.day
    plans = () if office is None else plans_of_day(work, office, session.day, {key})
    return next((plan for plan in plans if plan.session.lane == session.lane), None)


def _is_as_ruled(work: Work, plan: Plan) -> bool:
    """Whether a session is what the rules want: then they go on looking after it."""
    ruled = _ruled(work, plan.session)
    return ruled is not None and [*map(_held, ruled.slots)] == [*map(_held, plan.slots)]


def _held(slot: NewSlot) -> tuple[datetime, datetime, int, datetime]:
    return slot.starts_at, slot.ends_at, slot.capacity, slot.bookable_until


async def _plan(work: Work, wanted: Wanted) -> Plan | Refusal:
    rule = _rule(work, wanted)
    if not isinstance(rule, LaneRule):
        return rule
    if (why := await why_not_on(work, wanted.office, wanted.day)) is not None:
        return why
    slots = tuple(slots_of_rule(work, rule, wanted.day))
    if slots[0].bookable_until <= work.now and slots[-1].ends_at <= work.now:
        return Why.PAST
    return Plan(_session(wanted, slots, rule.lead_hours), slots)


def _session(wanted: Wanted, slots: tuple[NewSlot, ...], lead_hours: int) -> NewSession:
    return NewSession(
        office=wanted.office,
        lane=wanted.lane,
        day=wanted.day,
        opens_at=slots[0].starts_at,
        closes_at=slots[-1].ends_at,
        lead_hours=lead_hours,
    )


def _rule(work: Work, wanted: Wanted) -> LaneRule | Refusal:
    """The sitting, held to the rules of the offices file."""
    office = work.offices.get(wanted.office)
    usual = next((rule for rule in office.customer_day if rule.lane == wanted.lane), None) if office else None
    if usual is None:
        return Why.NO_LANE
    document = Document("session")
    said: Fields = {
        "lane": wanted.lane,
        "name": dict(usual.name.by_language.items()),
        "weekday": usual.weekday.name.lower(),
        "opens": wanted.opens,
        "closes": wanted.closes,
        "slot_minutes": wanted.slot_minutes,
        "capacity": wanted.capacity,
        "lead_hours": wanted.lead_hours,
        "breaks": list(wanted.breaks),
    }
    rule = check(document, LaneRule, said)
    return rule or tuple(document.problems)


async def why_not_on(work: Work, office: OfficeId, day: date) -> Why | None:
    """What speaks against a day, whatever the hours."""
    if day < work.today:
        return Why.PAST
    if day > work.today + FURTHEST:
        return Why.TOO_FAR
    closures = await closures_between(work, day, day)
    return None if work.calendar.why_closed(office, day, closures) is None else Why.CLOSED


async def standing(work: Work, session: Session) -> Wanted | None:
    """A session as it is, as staff would ask for it; None where nobody can come to it."""
    slots = [slot for slot in await rows.planned_slots_of(work.tx, session.id) if slot.capacity]
    if not slots or session.status is not SessionStatus.OPEN:
        return None
    ends = [
        (slot.starts_at.astimezone(work.offices.zone), slot.ends_at.astimezone(work.offices.zone)) for slot in slots
    ]
    gaps = [(closes, opens) for (_, closes), (opens, _) in pairwise(ends) if closes < opens]
    return Wanted(
        office=session.office,
        lane=session.lane,
        day=session.day,
        opens=f"{ends[0][0]:%H:%M}",
        closes=f"{ends[-1][1]:%H:%M}",
        slot_minutes=int((slots[0].ends_at - slots[0].starts_at).total_seconds()) // 60,
        capacity=max(slot.capacity for slot in slots),
        lead_hours=session.lead_hours,
        breaks=tuple(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in gaps),
    )


def is_given(session: Session, slots: list[PlannedSlot]) -> bool:
    """Whether anybody can come to it."""
    return session.status is SessionStatus.OPEN and any(slot.capacity for slot in slots)


def _seen(session: Session | None, slots: list[PlannedSlot], affected: tuple[Booking, ...]) -> str:
    """What was shown of a session and whom it concerns: when either changes meanwhile, this is another."""
    if session is None:
        return ""
    given = [f"{slot.starts_at:%H%M}x{slot.capacity}" for slot in slots if slot.capacity]
    told = [one.reference for one in affected]
    hours = f"{session.status}{session.opens_at:%H%M}{session.closes_at:%H%M}{session.lead_hours}"
    return ",".join((hours, *given, *told))
