"""A change of the offices with all that follows from it for the sessions: shown first, then carried out."""

from __future__ import annotations

from dataclasses import dataclass

from services.bookings import replanning
from services.bookings.replanning import Effect
from services.offices import changes
from services.offices.changes import Changed, Denied, Overtaken, Present, Proposal, Refused, as_of
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage.translations import Translations

__all__ = ["Done", "Effect", "Foreseen", "Translations", "carry_out", "foresee"]

#: Places that decide which sessions there are.
_PLANNING = frozenset({"customer_day", "closures", "retired"})


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be configured, and what that does to the sessions."""

    present: Present
    effect: Effect


@dataclass(frozen=True, slots=True)
class Done:
    """It is changed, and those it concerns are told."""

    changed: Changed
    effect: Effect


async def foresee(work: Work, proposal: Proposal) -> Foreseen | Refused | Overtaken:
    """What a change would do. Nothing is changed."""
    now = await changes.present(work)
    found = changes.examine(now, proposal)
    if not isinstance(found, Present):
        return found
    return Foreseen(found, await _effect(work, now, found, proposal))


async def _effect(work: Work, now: Present, then: Present, proposal: Proposal) -> Effect:
    if not _PLANNING.intersection(proposal.path):
        return Effect()
    return await replanning.foresee(as_of(work, now), as_of(work, then))


async def carry_out(
    work: Work, person: Person, proposal: Proposal, reason: Translations
) -> Done | Refused | Overtaken | Denied:
    """Change it, bring the sessions in step, and tell whoever has to come at another time or not at all."""
    now = await changes.present(work)
    changed = await changes.make(work, person, proposal)
    if not isinstance(changed, Changed):
        return changed
    if not _PLANNING.intersection(proposal.path):
        return Done(changed, Effect())
    then = as_of(work, changed.present)
    return Done(changed, await replanning.carry_out(as_of(work, now), then, person.actor, reason))
