"""All flows together: which steps there are, which doors lead where, which commands open them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter

from conversations.engine.step import Door, Next, Step, Talk


@dataclass(frozen=True, slots=True)
class Flow:
    """What one file of the dialogue brings."""

    steps: tuple[type[Step], ...] = ()
    doors: Mapping[str, Door] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)  # command → door


async def _nothing(_talk: Talk) -> None:
    """For scripts in which nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Script:
    """The whole dialogue, as the engine plays it."""

    steps: TypeAdapter[Step]
    doors: Mapping[str, Door]
    commands: Mapping[str, str]
    home: Callable[[], Step]  # the main menu
    anything: Callable[[Talk], Next]  # what to ask when something arrives that no step awaits
    replied: Callable[[Talk], Awaitable[Next]]  # an answer to a message of ours about a case or a booking
    welcome: Callable[[Talk], None] = lambda _: None  # said before all else on the first contact
    vouched: Callable[[Talk], Awaitable[None]] = _nothing  # the channel has vouched that a number is the person's own


def assemble(
    flows: Iterable[Flow],
    *,
    home: Callable[[], Step],
    anything: Callable[[Talk], Next],
    replied: Callable[[Talk], Awaitable[Next]],
    welcome: Callable[[Talk], None] = lambda _: None,
    vouched: Callable[[Talk], Awaitable[None]] = _nothing,
) -> Script:
    """Put flows together. Two steps, doors or commands of one name are a defect, and said so."""
    steps: list[type[Step]] = []
    doors: dict[str, Door] = {}
    commands: dict[str, str] = {}
    for flow in flows:
        steps.extend(flow.steps)
        if twice := (doors.keys() & flow.doors.keys()) | (commands.keys() & flow.commands.keys()):
            raise ValueError(f"defined twice: {', '.join(sorted(twice))}")
        doors.update(flow.doors)
        commands.update(flow.commands)
    if unknown := set(commands.values()) - doors.keys():
        raise ValueError(f"commands that open no door: {', '.join(sorted(unknown))}")
    return Script(union_of(steps), doors, commands, home, anything, replied, welcome, vouched)


def union_of(steps: Iterable[type[Step]]) -> TypeAdapter[Step]:
    """What reads any of these steps."""
    return TypeAdapter(Annotated[functools.reduce(operator.or_, steps), Field(discriminator="step")])
