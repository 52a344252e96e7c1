"""What people see of the line on their own phones.

Each who waits has one message, which is edited. Their phone rings when they are fifth, when they are second, and when
they are called. Those who are still at home are told when they are expected later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import ValidationError

from services.actors import booking_subject
from services.notify.enqueue import keys_of, notify_resident
from services.notify.notices.line import Changed, LinePlace, LinePush, LineShifted
from services.unit_of_work import Work
from services.visits.hall import Lane, ToCome, Waiting
from services.visits.places import call_key
from storage import lines as rows
from storage import outbox
from storage.ids import BookingId, MessageId
from storage.lines import Held, Place, VisitInLine, Why
from storage.records.outbox import OutboxStatus

#: The positions at which a phone rings.
RINGS = (5, 2)
#: How long a message stays as it is, at least, while nothing but numbers change.
REST = timedelta(seconds=20)
#: Who is expected later, or earlier again, by so much is told.
SHIFT = timedelta(minutes=10)
#: How long before their time people are told of what they may still be spared; while a line stands still, all are.
_AHEAD, _AHEAD_WHILE_HELD = timedelta(minutes=90), timedelta(hours=5)
_ON_THE_WAY = timedelta(minutes=10)
_NOTICE = timedelta(minutes=20)  # who is to come earlier again has so long at least
_STALE = timedelta(minutes=10)  # a position is no news any more

_OTHERS = {
    Why.LATE: Changed.LATE,
    Why.RETURNED: Changed.RETURNED,
    Why.TRANSFERRED: Changed.TRANSFERRED,
    Why.PUT_BACK: Changed.PUT_BACK,
}
_OWN = {Why.TRANSFERRED: Changed.MOVED, Why.PUT_BACK: Changed.LET_GO, Why.RETURNED: Changed.CAME_BACK}


def group(booking: BookingId) -> str:
    """What the messages that show somebody's place supersede each other by."""
    return rows.group(booking)


async def message_of(work: Work, booking: BookingId) -> MessageId | None:
    """Which message shows somebody's place; None until it was sent."""
    return (await rows.place_of(work.tx, booking)).message


async def is_on_its_way(work: Work, booking: BookingId) -> bool:
    """Whether a message that shows somebody's place waits to be sent."""
    return await outbox.is_under_way(work.tx, group(booking))


async def heard_call(work: Work, booking: BookingId, call: int) -> bool:
    """Whether the message of a call has reached somebody's phone, or that of whoever booked for them."""
    keys = await keys_of(work, call_key(booking, call), booking_subject(booking))
    return OutboxStatus.SENT in [await outbox.status_of(work.tx, key) for key in keys]


# ---------------------------------------------------------------------------- those who are here


async def tell(work: Work, lane: Lane, most: int) -> int:
    """Owe what has changed for people of a line, `most` of them; how many that were."""
    told = 0
    for visit, place, view in _views(lane, work.now):
        if visit.remote:
            continue  # they speak with the municipality, and see nothing of the hall
        before = _shown(place)
        if before == view:
            continue
        ring = _ring(place, view)
        if not (ring or _is_news(before, view) or _has_rested(work, place)):
            continue
        if told == most:
            return told
        told += 1
        await _show(work, visit, place, view)
        if ring and before is not None:
            await _push(work, visit, view, ring)
    return told


def _views(lane: Lane, now: datetime) -> Iterator[tuple[VisitInLine, Place, LinePlace]]:
    """What everybody who came is to see now."""
    for one in lane.waiting:
        yield one.visit, one.place, _waiting(lane, one, now)
    for visit in (*lane.called, *lane.inside, *lane.absent, *lane.gone):
        place = lane.places.get(visit.booking_id) or Place(booking_id=visit.booking_id)
        state = visit.status.value
        changed = Changed.UNDONE if _undone(place, state) else Changed.NO
        yield visit, place, LinePlace(booking=visit.booking_id, session=lane.session.id, state=state, changed=changed)


def _waiting(lane: Lane, one: Waiting, now: datetime) -> LinePlace:
    return LinePlace(
        booking=one.visit.booking_id,
        session=lane.session.id,
        state=one.visit.status.value,
        position=one.position,
        low=one.expected.low,
        high=one.expected.high,
        inside=tuple(visit.ticket for visit in lane.inside if not visit.remote),
        held=lane.held.value,
        held_until=lane.held_until,
        away_until=one.away,
        more=one.place.more,
        changed=_why_worse(lane, one, now),
    )


def _undone(place: Place, state: str) -> bool:
    """Whether their message shows what staff have taken back since; and after that, that it did."""
    before = _shown(place)
    if before is None or place.undone_at is None:
        return False
    return before.state != state or before.changed is Changed.UNDONE


def _why_worse(lane: Lane, one: Waiting, now: datetime) -> Changed:
    """Why they are further back than they were told; nothing where they are not."""
    if _undone(one.place, one.visit.status.value):
        return Changed.UNDONE
    before, known, since = _shown(one.place), one.place.position, one.place.shown_at
    if before is None or known is None or since is None:
        return Changed.NO
    if one.position <= known:  # what was said a moment ago may have been overtaken on its way
        return before.changed if one.position == known or now - since < REST else Changed.NO
    if one.place.placed_at is not None and one.place.placed_at >= since and one.place.placed_why in _OWN:
        return _OWN[one.place.placed_why]
    ahead = (other.place for other in lane.waiting if other.position < one.position)
    moved = [(place.placed_at, place.placed_why) for place in ahead if place.placed_at and place.placed_at >= since]
    return _OTHERS[max(moved)[1]] if moved else Changed.OTHERS


def _shown(place: Place) -> LinePlace | None:
    """What their message was last made to show."""
    try:
        return LinePlace.model_validate_json(place.shown) if place.shown else None
    except ValidationError:
        return None  # an earlier release's


def _ring(place: Place, view: LinePlace) -> int | None:
    """The position for which a phone has to ring that has not rung for it."""
    if view.position is None or view.away_until is not None:
        return None
    reached = [at for at in RINGS if view.position <= at]
    nearest = min(reached, default=None)
    if nearest is None or (place.pushed is not None and place.pushed <= nearest):
        return None
    return nearest


def _is_news(before: LinePlace | None, view: LinePlace) -> bool:
    """What nobody should wait for: anything but numbers that moved a little."""
    if before is None or before.state != view.state or before.session != view.session:
        return True
    return (before.held, before.away_until, before.changed) != (view.held, view.away_until, view.changed)


def _has_rested(work: Work, place: Place) -> bool:
    return place.shown_at is None or work.now - place.shown_at >= REST


async def _show(work: Work, visit: VisitInLine, place: Place, view: LinePlace) -> None:
    ring = _ring(place, view)
    rows.change_place(
        work.tx,
        visit.booking_id,
        shown=view.model_dump_json(),
        shown_at=work.now,
        position=view.position or place.position or 1,
        pushed=ring if ring is not None else place.pushed,
    )
    await notify_resident(
        work,
        visit.resident_id,
        view,
        key=None,
        subject=booking_subject(visit.booking_id),
        supersedes=group(visit.booking_id),
    )


async def _push(work: Work, visit: VisitInLine, view: LinePlace, ring: int) -> None:
    """Let their phone ring, once for each of the positions."""
    await notify_resident(
        work,
        visit.resident_id,
        LinePush(booking=visit.booking_id, at=ring, position=view.position or ring, low=view.low, high=view.high),
        key=f"line_push:{visit.booking_id}:{ring}",
        subject=booking_subject(visit.booking_id),
        expires_at=work.now + _STALE,
    )


# ---------------------------------------------------------------------------- those at home


async def tell_at_home(work: Work, lane: Lane) -> int:
    """Tell those who are still to come when they are expected later than they know, or earlier again."""
    ahead = _AHEAD if lane.held is Held.NO else _AHEAD_WHILE_HELD
    told = 0
    for one in lane.to_come:
        at = _expected_at(work, one)
        if one.remote and at is not None and one.awaited.starts_at <= work.now + _AHEAD:
            told += await _say_when_called(work, lane, one, at)
            continue
        on_the_way = one.by - work.now < _ON_THE_WAY  # or late: then they are waited for, and not told to come later
        if at is None or on_the_way or abs(at - one.by) < SHIFT or one.awaited.starts_at > work.now + ahead:
            continue
        told += 1
        await _shift(work, lane, one, at)
    return told


async def _say_when_called(work: Work, lane: Lane, one: ToCome, at: datetime) -> int:
    """Tell who is met by phone or video between which times that will be: once, and where it becomes another time."""
    if one.place.told_at is not None and abs(at - one.by) < SHIFT:
        return 0
    await _shift(work, lane, one, at)
    return 1


def _expected_at(work: Work, one: ToCome) -> datetime | None:
    """When somebody is to be here, by how the line goes now: never before their appointment, nor too soon to come."""
    if one.expected is None:
        return None
    at = max(one.expected.low, one.awaited.starts_at)
    return at if at >= one.by else max(at, work.now + _NOTICE)


async def _shift(work: Work, lane: Lane, one: ToCome, at: datetime) -> None:
    booking = one.awaited.booking_id
    high = one.expected.high if one.expected is not None else at
    notice = LineShifted(
        booking=booking,
        session=lane.session.id,
        low=at,
        high=max(high, at),
        later=at > one.by,
        held=lane.held.value,
        held_until=lane.held_until,
    )
    rows.change_place(work.tx, booking, told_for=at, told_at=work.now)
    await notify_resident(
        work,
        one.awaited.resident_id,
        notice,
        key=f"line_shifted:{booking}:{at.isoformat()}:{work.now.isoformat()}",
        subject=booking_subject(booking),
        supersedes=f"line_shifted:{booking}",
        expires_at=at + SHIFT,
    )
