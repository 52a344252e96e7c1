"""Whoever leaves a desk leaves nothing behind: the open cases they had are nobody's again, and wait for an owner.

Of a danger for which they answered the team is alerted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.actors import CLOCK, Actor
from services.cases import staff_actions
from services.cases.actions import Action, Inputs
from services.cases.workflow import Applied
from services.casework.queries import midnight
from services.dangers import alerts
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import queues
from storage.ids import ChatId, OfficeId
from storage.queues import Which
from storage.records.cases import Case
from storage.records.staff import StaffRole

#: Nobody has more open cases than this at one office; what is beyond keeps its owner.
_MOST = 500
_NOBODY = Inputs(to="")


@dataclass(frozen=True, slots=True)
class Gone:
    """The rights that ended, how many open cases became nobody's, and of how many dangers the team is alerted again."""

    rights: tuple[StaffRole, ...]
    cases: int
    dangers: int


async def left(work: Work, chat: ChatId, person: Person) -> Gone:
    """Somebody left the group of an office, or was removed from it."""
    rights = await permissions.left(work, person.channel, chat, person.address)
    return await _gone(work, person, rights, CLOCK)


async def revoke(work: Work, by: Person, address: str, office: OfficeId) -> Gone | None:
    """Their rights at an office are taken from them. None where `by` may not."""
    rights = await permissions.revoke(work, by, address, office)
    return None if rights is None else await _gone(work, Person(by.channel, address), rights, by.actor)


async def _gone(work: Work, person: Person, rights: tuple[StaffRole, ...], actor: Actor) -> Gone:
    ended = {right.office for right in rights}
    every = tuple(office.id for office in work.offices.offices_by_id.values())
    touched = every if permissions.EVERY_OFFICE in ended else tuple(ended)
    still = await permissions.member(work, person)
    orphaned = [office for office in touched if still is None or not still.may(Act.CLAIM, office)]
    count = 0
    for case in await _owned(work, person, orphaned) if orphaned else ():
        count += isinstance(await staff_actions.apply(work, case.id, Action.ASSIGN, actor, _NOBODY), Applied)
    dangers = await alerts.left_by(work, person.actor, orphaned, _MOST) if orphaned else 0
    return Gone(rights, count, dangers)


async def _owned(work: Work, person: Person, offices: list[OfficeId]) -> list[Case]:
    tonight = midnight(work, work.today + timedelta(days=1))
    found, _ = await queues.page(
        work.tx, Which.MINE, offices, actor=person.actor, now=work.now, tonight=tonight, limit=_MOST, offset=0
    )
    return found
