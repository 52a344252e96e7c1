"""A staff action by the name of its transition, as it is typed at the console: whoever may log in there may do it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.actors import Actor
from services.cases import staff_actions
from services.cases.actions import ACTIONS, Action, Inputs, Takes
from services.cases.staff_actions import Result
from services.cases.workflow import NotAllowed, Transition
from services.unit_of_work import Work
from storage import cases as rows
from storage.ids import Reference

#: Barring somebody is done where their case is in view: by its card.
_NOT_HERE = frozenset({Action.ABUSE})
BY_NAME: Mapping[Transition, Action] = MappingProxyType(
    {spec.transition: action for action, spec in ACTIONS.items() if action not in _NOT_HERE}
)
#: Those whose words are read by somebody.
NEED_WORDS = frozenset({Transition.ASK, Transition.REPLY, Transition.NOTE, Transition.REJECT})


async def apply_by_name(work: Work, reference: Reference, name: str, words: str, actor: Actor) -> Result:
    """Apply an action. For those that are told a body, an office, a category, an owner, a priority or a case, the
    first of the words is that. Raises ValueError for an unknown name of any of these, saying which there are.
    """
    action = BY_NAME.get(Transition(name)) if name in set(Transition) else None
    if action is None:
        raise ValueError(f"no move {name!r}; there are: {', '.join(BY_NAME)}")
    case = await rows.by_reference(work.tx, reference)
    if case is None:
        return NotAllowed(None)
    takes = ACTIONS[action].takes
    if takes is None:
        return await staff_actions.apply(work, case.id, action, actor, Inputs(words=words))
    to, _, rest = words.partition(" ")
    _check(work, takes, name, to)
    return await staff_actions.apply(work, case.id, action, actor, Inputs(words=rest.strip(), to=to))


def _check(work: Work, takes: Takes, name: str, to: str) -> None:
    known: Mapping[Takes, set[str]] = {
        Takes.BODY: set(work.offices.other_bodies),
        Takes.OFFICE: {office.id for office in work.offices.all},
        Takes.CATEGORY: {category.id for category in work.offices.categories},
    }
    if takes in known and to not in known[takes]:
        raise ValueError(f"no {to!r} to {name} to; there are: {', '.join(sorted(known[takes]))}")
    if takes is Takes.PRIORITY and not to.isdecimal():
        raise ValueError(f"a priority is a number, not {to!r}")
