"""All flows together: which steps there are, which routes lead where, which commands open them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter

from conversations.engine.form import AnyForm, FormStep
from conversations.engine.step import Next, Route, Step, Turn


@dataclass(frozen=True, slots=True)
class Flow:
    """What one file of the dialogue brings."""

    steps: tuple[type[Step], ...] = ()  # besides the questions of its form
    form: AnyForm | None = None
    routes: Mapping[str, Route] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)  # command → route

    @property
    def all_steps(self) -> tuple[type[Step], ...]:
        return self.steps if self.form is None else (*self.form.steps, *self.steps)


async def _nothing(_turn: Turn) -> None:
    """For scripts in which nobody waits for it."""


async def _stays(_turn: Turn) -> None:
    """For scripts in which what was received stays as it was."""


async def _no_aside(_turn: Turn, _step: FormStep) -> None:
    """For scripts whose forms take every word as an answer."""


@dataclass(frozen=True, slots=True)
class FlowRegistry:
    """The whole dialogue, as the engine plays it."""

    steps: TypeAdapter[Step]
    forms: Mapping[str, AnyForm]  # by the name of their flow
    routes: Mapping[str, Route]
    commands: Mapping[str, str]
    home: Callable[[], Step]  # the main menu
    anything: Callable[[Turn], Awaitable[Next]]  # what to ask when something arrives that no step awaits
    replied: Callable[[Turn], Awaitable[Next]]  # an answer to a message of ours about a case or a booking
    courtesy: Callable[[Turn], Next | None] = lambda _: None  # the answer to words that are only polite
    aside: Callable[[Turn, FormStep], Awaitable[Next | None]] = _no_aside  # to words in a form that are not its answer
    edited: Callable[[Turn], Awaitable[Next | None]] = _stays  # an edited message is of nothing that is being written
    welcome: Callable[[Turn], None] = lambda _: None  # said before all else on the first contact
    first_thing: Callable[[Turn], Awaitable[None]] = _nothing  # said before whatever they do is answered
    number_verified: Callable[[Turn], Awaitable[None]] = (
        _nothing  # the channel has vouched that a number is the person's own
    )


def assemble(
    flows: Iterable[Flow],
    *,
    home: Callable[[], Step],
    anything: Callable[[Turn], Awaitable[Next]],
    replied: Callable[[Turn], Awaitable[Next]],
    courtesy: Callable[[Turn], Next | None] = lambda _: None,
    aside: Callable[[Turn, FormStep], Awaitable[Next | None]] = _no_aside,
    edited: Callable[[Turn], Awaitable[Next | None]] = _stays,
    welcome: Callable[[Turn], None] = lambda _: None,
    first_thing: Callable[[Turn], Awaitable[None]] = _nothing,
    number_verified: Callable[[Turn], Awaitable[None]] = _nothing,
) -> FlowRegistry:
    """Put flows together. Two steps, routes or commands of one name are a defect, and said so."""
    flows = tuple(flows)
    steps: list[type[Step]] = []
    routes: dict[str, Route] = {}
    commands: dict[str, str] = {}
    for flow in flows:
        steps.extend(flow.all_steps)
        if twice := (routes.keys() & flow.routes.keys()) | (commands.keys() & flow.commands.keys()):
            raise ValueError(f"defined twice: {', '.join(sorted(twice))}")
        routes.update(flow.routes)
        commands.update(flow.commands)
    if unknown := set(commands.values()) - routes.keys():
        raise ValueError(f"commands that open no route: {', '.join(sorted(unknown))}")
    return FlowRegistry(
        steps=union_of(steps),
        forms=forms_of(flows),
        routes=routes,
        commands=commands,
        home=home,
        anything=anything,
        replied=replied,
        courtesy=courtesy,
        aside=aside,
        edited=edited,
        welcome=welcome,
        first_thing=first_thing,
        number_verified=number_verified,
    )


def forms_of(flows: Iterable[Flow]) -> dict[str, AnyForm]:
    """The forms of these flows, by their names."""
    return {flow.form.name: flow.form for flow in flows if flow.form is not None}


def union_of(steps: Iterable[type[Step]]) -> TypeAdapter[Step]:
    """What reads any of these steps."""
    return TypeAdapter(Annotated[functools.reduce(operator.or_, steps), Field(discriminator="step")])
