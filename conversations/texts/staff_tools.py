"""The button that leads people who work here to what their rights allow; residents are never shown it."""

from __future__ import annotations

from conversations.engine.step import Button, Turn
from services.staff import permissions
from services.staff.permissions import Person

#: The route that opens the menu of the staff.
ROUTE = "staff_tools"


async def staff_tools_row(turn: Turn) -> list[Button]:
    """One button for who has a right anywhere, in their own chat; none for anyone else."""
    if turn.on_behalf:
        return []
    person = Person(turn.said.channel, turn.said.sender.address, turn.said.sender.name)
    if await permissions.member(turn.work, person) is None:
        return []
    return [Button(label=turn.t.plain("🧰 Staff tools"), route=ROUTE)]
