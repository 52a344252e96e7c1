"""The ways in: whom one acts for, one of them, and what is begun for them."""

from __future__ import annotations

from typing import Literal

from conversations.delegation import for_another, words
from conversations.delegation.asking import Calling, ChoosingHow, ChoosingOffice, Naming, say_call, say_link
from conversations.delegation.consent import Consenting
from conversations.delegation.people import Ending, People, Person
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from services.delegations import acting, delegations
from services.delegations.delegations import Asked, Unusable
from storage.ids import DelegationId, OfficeId


class ChoosingOfficeForIt(Step):
    """At which office it is begun."""

    step: Literal["others:begin"] = "others:begin"
    accepts = frozenset({Kind.CHOICE})
    delegation: DelegationId
    what: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await acting.active(turn.work, turn.resident.id, self.delegation)
        if found is None:
            return Prompt(words.over(turn).why)
        offices = words.dealing_with(turn, self.what)
        rows = [[Button(label=t.pick_plain(one.short_name)[:64], value=one.id)] for one in offices]
        return Prompt(t.join_lines(words.whose(t, found.delegation.name), t("Which office is it for?")), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = turn.work.offices.get(OfficeId(answer.choice))
        if office is None or office.retired:
            return self
        return Redirect(words.AT, f"{self.delegation}.{self.what}.{office.id}")

    async def back(self, turn: Turn) -> Step | None:
        return Person(delegation=self.delegation)


async def people(_turn: Turn, _: str) -> Next:
    return People()


async def person(turn: Turn, argument: str) -> Next:
    found = await _named(turn, argument)
    return words.over(turn) if found is None else Person(delegation=found.delegation.id)


async def begin(turn: Turn, argument: str) -> Next:
    """`<delegation>.<what>`"""
    number, _, what = argument.partition(".")
    found = await _named(turn, number)
    if found is None or what not in words.BEGINNINGS:
        return words.over(turn)
    return ChoosingOfficeForIt(delegation=found.delegation.id, what=what)


async def end(turn: Turn, argument: str) -> Next:
    number = _number(argument)
    mine = await delegations.live_of(turn.work, turn.resident.id)
    theirs = await delegations.acting_for(turn.work, turn.resident.id)
    if number is None or all(one.id != number for one in (*mine, *theirs)):
        return Reask(turn.t("This has already ended."), People())
    return Ending(delegation=number)


async def ask(_turn: Turn, _: str) -> Next:
    return Naming()


async def again(turn: Turn, argument: str) -> Next:
    """Nobody answered in time: a new link, or another call, for the same person."""
    number = _number(argument)
    asked = Unusable.ALREADY if number is None else await delegations.ask_again(turn.work, turn.resident, number)
    match asked:
        case Unusable():
            return Reask(words.useless(turn, asked), People())
        case Asked():
            say_link(turn, asked)
        case _:
            say_call(turn, asked)
    return People()


async def take_back(turn: Turn, argument: str) -> Next:
    number = _number(argument)
    taken = None if number is None else await delegations.take_back(turn.work, turn.resident, number)
    if taken is None:
        return Reask(turn.t("This has been asked or agreed already."), People())
    return Reask(turn.t("OK. Nobody is asked any more, and the link no longer works."), People())


async def _named(turn: Turn, argument: str) -> acting.Acting | None:
    number = _number(argument)
    return None if number is None else await acting.active(turn.work, turn.resident.id, number)


def _number(argument: str) -> DelegationId | None:
    if not (argument.isascii() and argument.isdecimal()) or len(argument) > 15:
        return None
    return DelegationId(int(argument))


FLOW = Flow(
    steps=(
        People,
        Person,
        Ending,
        Naming,
        ChoosingHow,
        ChoosingOffice,
        Calling,
        Consenting,
        ChoosingOfficeForIt,
        for_another.ActingFor,
    ),
    routes={
        words.PEOPLE: people,
        words.PERSON: person,
        words.BEGIN: begin,
        words.END: end,
        words.ASK: ask,
        words.TAKE_BACK: take_back,
        words.AGAIN: again,
        words.AT: for_another.at,
        words.GIVEN: for_another.given,
    },
)
