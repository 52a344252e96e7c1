"""Who at an office may do something with announcements, as the bot can reach them: in their own private chat."""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import is_staff, staff_actor, staff_address
from services.staff import permissions
from services.staff.permissions import MAY, TELEGRAM, Act
from services.unit_of_work import Work
from storage import residents
from storage.ids import Actor, OfficeId
from storage.records.residents import Resident


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, and their own chat with the bot."""

    actor: Actor
    name: str
    resident: Resident


async def who_may(work: Work, office: OfficeId, act: Act | None = None) -> tuple[Colleague, ...]:
    """Everybody at an office who may do something (all of its staff where nothing is named) and has begun a chat."""
    held = await permissions.staff_of(work, office)
    names = {one.address: one.name for one in held if act is None or act in MAY[one.role]}
    names |= {address: names.get(address, "") for address in sorted(work.admins)}
    found = []
    for address, name in names.items():
        resident = await residents.at(work.tx, TELEGRAM, address)
        if resident is not None and resident.forgotten_at is None:
            found.append(Colleague(staff_actor(address), name or resident.name, resident))
    return tuple(found)


async def resident_of(work: Work, actor: Actor) -> Resident | None:
    """A member of staff in their own chat; None for who is none, or has never written."""
    return await residents.at(work.tx, TELEGRAM, staff_address(actor)) if is_staff(actor) else None
