"""A town whose desk takes requests, and people at work on them."""

from __future__ import annotations

import functools
import re
from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow, FlowRegistry, assemble
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.home import municipality
from conversations.requests import my_requests
from conversations.requests import start as request_start
from services.cases import resident_actions
from services.cases.resident_actions import Case
from storage.database import Database
from storage.ids import OfficeId, Reference
from tests.conversations.town import Person, Town
from tests.roles import give_role, on_telegram
from tests.services import by_staff

REFERENCE = re.compile(r"C-\w{4}-\w{3}")
MANAMA = (26.228, 50.585)
MUHARRAQ_TOWN = (26.257, 50.615)
RIYADH = (24.71, 46.67)


class Home(Step):
    """A main menu with no more than these tests need."""

    step: Literal["home:menu"] = "home:menu"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        routes = {
            "Submit a complaint": "complain",
            "Make a suggestion": "suggest",
            "Share an observation": "observe",
            "Request a service": "request",
            "Ask a question": "inquire",
            "My requests": "requests",
        }
        rows = [[Button(label=label, route=route)] for label, route in routes.items()]
        return Prompt(Markup("Main menu"), [*rows, *my_requests.resume_rows(turn)], back=False, menu=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


async def _home(_turn: Turn, _: str) -> Next:
    return Home()


async def _what_about(_: Turn) -> Next:
    return Reask(Markup("What is this about?"), Home())


async def _anything(_turn: Turn, _: str) -> Next:
    return Reask(Markup("What is this about?"), Home())


HOME = Flow(steps=(Home,), routes={"menu": _home, "anything": _anything}, commands={"start": "menu"})


@functools.cache
def registry() -> FlowRegistry:
    """The flows that a request meets."""
    return assemble(
        (HOME, municipality.FLOW, request_start.FLOW, my_requests.FLOW),
        home=Home,
        anything=_what_about,
        replied=my_requests.replied,
    )


class CaseTown(Town):
    def __init__(self, database: Database) -> None:
        super().__init__(database, registry())

    async def living_in(self, office: str, *, language: str = "en", address: str = "1001", **more: str) -> Person:
        """Someone who has chosen their municipality."""
        person = self.resident(address=address, language=language, **more)
        await person.says("/start")
        await self.settles(person, office)
        return person

    async def case(self, reference: str) -> Case:
        found = await self.work(lambda work: resident_actions.by_reference(work, Reference(reference)))
        assert found is not None
        return found

    async def cases(self) -> list[Case]:
        async with self.database.transaction() as tx:
            rows = await tx.all("SELECT * FROM cases ORDER BY id")
        return [Case.of(row) for row in rows]

    # ---- what staff do

    async def asks(self, reference: str, words: str) -> None:
        case = await self.case(reference)
        await self.work(lambda work: by_staff.ask(work, case.id, "staff:1", words))

    async def resolves(self, reference: str, words: str = "Emptied today") -> None:
        case = await self.case(reference)
        await self.work(lambda work: by_staff.resolve(work, case.id, "staff:1", words))

    async def takes_up(self, reference: str) -> None:
        """Claimed by a member of the team, who has the right to."""
        case = await self.case(reference)
        async with self.database.transaction() as tx:
            await give_role(tx, on_telegram("1", "Maryam"), case.office, self.now)
        await self.work(lambda work: by_staff.take_up(work, case.id, "staff:1"))

    async def rejects(self, reference: str, reason: str) -> None:
        case = await self.case(reference)
        await self.work(lambda work: by_staff.reject(work, case.id, "staff:1", reason))

    async def transfers(self, reference: str, office: str, reason: str = "Its road is yours") -> None:
        case = await self.case(reference)
        await self.work(lambda work: by_staff.transfer(work, case.id, "staff:1", OfficeId(office), reason))

    def staff_sees(self, office_chat: str) -> list[str]:
        return [shown.text for shown in self.chats.get(office_chat, [])]


async def complain(person: Person, words: str = "The bins overflow", block: str = "Block 338 Road 12") -> str:
    """Submit a complaint about bins; its reference."""
    await person.says("/complain")
    await person.taps("Bins")
    await person.says(words)
    await person.says(block)
    await person.taps("With my name")
    await person.taps("Submit")
    found = REFERENCE.search(person.sees("We have received").text)
    assert found
    return found[0]


async def reviewing(town: CaseTown) -> Person:
    """Somebody who has only to submit a complaint."""
    fatima = await town.living_in("capital")
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("Full bins")
    await fatima.says("Block 338 Road 12")
    await fatima.taps("With my name")
    return fatima
