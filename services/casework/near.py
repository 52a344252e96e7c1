"""What is near a member in the field: open cases around a place that they share, the nearest first.

Only the newest place of a member is kept, and for a day at most. It is shown to nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from services.actors import offices_subject
from services.points import box_around, distance
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import audit
from storage import crews as rows
from storage.crews import Box
from storage.ids import OfficeId
from storage.records.cases import Case

#: How long a member who was asked is waited for, and how long what they shared can be used again.
WAITS, FRESH = timedelta(minutes=10), timedelta(minutes=10)
#: How long the place that a member shared is kept.
KEPT = timedelta(days=1)
#: Cases that one answer shows, and of a block without a point on the map.
SHOWN, IN_BLOCK = 8, 4
_REACHES = (500, 2500)  # metres: further only where there is little near
_MOST = 300  # looked at
_SAME_BLOCK = 150  # metres from a case whose block is known, within which that is the block here


@dataclass(frozen=True, slots=True)
class Nearby:
    case: Case
    metres: int


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a place: cases with a point on the map, and others of the block that it is in."""

    near: tuple[Nearby, ...]
    block: int | None
    in_block: tuple[Case, ...]


def ask(work: Work, person: Person) -> None:
    """Their place is waited for."""
    rows.ask_place(work.tx, person.channel, person.address, work.now)


async def is_asked(work: Work, person: Person) -> bool:
    """Whether a place that they share now is the answer."""
    found = await rows.place_of(work.tx, person.channel, person.address)
    return found is not None and found.asked_at is not None and work.now - found.asked_at <= WAITS


def share(work: Work, person: Person, latitude: float, longitude: float) -> None:
    rows.keep_place(work.tx, person.channel, person.address, latitude, longitude, work.now)


async def known(work: Work, person: Person) -> tuple[float, float] | None:
    """Where they said a moment ago that they are."""
    found = await rows.place_of(work.tx, person.channel, person.address)
    if found is None or found.shared_at is None or work.now - found.shared_at > FRESH:
        return None
    return None if found.latitude is None or found.longitude is None else (found.latitude, found.longitude)


async def around(
    work: Work, person: Person, here: Collection[OfficeId], latitude: float, longitude: float
) -> Around | None:
    """The open cases around a place, at those of the offices `here` where they may; None where they may at none."""
    member = await permissions.member(work, person)
    offices = () if member is None else member.offices(Act.READ, here)
    if member is None or not offices:
        permissions.deny(work, person, Act.READ, offices_subject(here))
        return None
    audit.record(work.tx, work.now, member.actor, "near.look", offices_subject(offices))
    near: list[Nearby] = []
    for metres in _REACHES:
        near = await _within(work, offices, latitude, longitude, metres)
        if len(near) >= SHOWN:
            break
    block = next((one.case.block for one in near if one.case.block is not None and one.metres <= _SAME_BLOCK), None)
    others = () if block is None else tuple(await rows.in_block(work.tx, offices, block, IN_BLOCK))
    return Around(tuple(near[:SHOWN]), block, others)


async def _within(
    work: Work, offices: tuple[OfficeId, ...], latitude: float, longitude: float, metres: int
) -> list[Nearby]:
    south, north, west, east = box_around(latitude, longitude, metres)
    found: list[Nearby] = []
    box = Box(south=south, north=north, west=west, east=east)
    for case in await rows.around(work.tx, offices, box, _MOST):
        if case.latitude is not None and case.longitude is not None:
            away = round(distance(latitude, longitude, case.latitude, case.longitude))
            if away <= metres:
                found.append(Nearby(case, away))
    return sorted(found, key=lambda one: (one.metres, one.case.id))


async def forget_due(work: Work, limit: int) -> int:
    """Let go of where members were; how many places those were."""
    return await rows.forget_places(work.tx, work.now - KEPT, limit)
