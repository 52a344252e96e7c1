"""A conversation that an earlier release stored goes on from where it stood.

`stored_steps.json` holds steps as release 0.1 stored them, with the answer that was given there and the step that
followed. Steps that are stored in future may hold more, but what these hold must still be read. Where three questions
followed one another then, one screen now asks for all that is open of them, and Back from the topic leads to it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, Details
from services.unit_of_work import Work
from storage.ids import OfficeId
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, booked, submitted, whole_town
from tests.instants import SUNDAY
from tests.roles import give_role, on_telegram

pytestmark = pytest.mark.starts_at(SUNDAY)  # the records name days

PHOTO = "(photo)"
#: What is another in each run.
VARIES = frozenset({"reference", "message"})
SCREEN = "booking:about"
THREE_QUESTIONS = frozenset({"booking:topic", "booking:matter", "booking:visit"})


class Stored(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid")

    step: dict[str, JsonValue]
    turn: int
    keyboard: bool
    offered: list[dict[str, str]]
    answer: str
    next: dict[str, JsonValue]


CONVERSATIONS = TypeAdapter(dict[str, list[Stored]]).validate_json(
    Path(__file__).with_name("stored_steps.json").read_text(encoding="utf-8")
)


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        await open_town.work(sessions.plan_sessions)
        yield open_town


# ---------------------------------------------------------------------------- what was there before


async def lives_in(town: WholeTown, person: Person, office: str) -> None:
    await person.says("/start")
    await town.settles(person, office)


async def in_capital(town: WholeTown) -> Person:
    fatima = town.resident()
    await lives_in(town, fatima, "capital")
    return fatima


async def investor(town: WholeTown) -> Person:
    fatima = town.resident()
    await lives_in(town, fatima, "investors")
    return fatima


async def nameless_investor(town: WholeTown) -> Person:
    person = town.resident(name="9")
    await lives_in(town, person, "investors")
    return person


async def newcomer(town: WholeTown) -> Person:
    fatima = town.resident()
    await fatima.says("/start")
    return fatima


async def on_a_full_day(town: WholeTown) -> Person:
    fatima = await in_capital(town)
    for number in range(12):
        neighbour = town.resident(address=str(5000 + number), name=f"Neighbour {number} of the town")
        await neighbour.says("/start")
        await booked(town, neighbour, f"+9733312{neighbour.address}")
    return fatima


async def with_an_appointment(town: WholeTown) -> Person:
    fatima = await in_capital(town)
    [moving, *_] = CONVERSATIONS["moving"]
    resident = await town.row(fatima)

    async def book(work: Work) -> Booking:
        _, (_, slot), *_ = await sessions.nearest_free(work, OfficeId("capital"), limit=2)
        held = await bookings.reserve_seat(work, slot.id, resident)
        assert isinstance(held, Booking)
        confirmed = await bookings.confirm_seat(work, held.id, resident, Details(topic="other", name="Fatima Ali"))
        assert isinstance(confirmed, Booking)
        await work.tx.run("UPDATE bookings SET reference = :it", it=str(moving.step["reference"]))
        return confirmed

    await town.work(book)
    return fatima


async def beside_a_neighbours_case(town: WholeTown) -> Person:
    neighbour = town.resident(address="44", name="Neighbour Two")
    await neighbour.says("/start")
    fatima = await in_capital(town)
    await submitted(town, neighbour)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE cases SET block = 338, road = '12'")
    return fatima


async def at_the_desk(town: WholeTown) -> Person:
    huda = town.resident(address="77", name="Huda")
    await huda.says("/start")
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram(huda.address, huda.name), OfficeId("capital"), town.now)
    return huda


BEFORE: dict[str, Callable[[WholeTown], Awaitable[Person]]] = {
    "booking": in_capital,
    "booking_with_investors": nameless_investor,
    "booking_on_a_full_day": on_a_full_day,
    "booking_without_a_municipality": newcomer,
    "moving": with_an_appointment,
    "request": beside_a_neighbours_case,
    "request_to_investors": investor,
    "request_without_a_municipality": newcomer,
    "case_for_a_caller": at_the_desk,
    "booking_for_a_visitor": at_the_desk,
}

# ---------------------------------------------------------------------------- going on


@dataclass(frozen=True)
class Conversation:
    town: WholeTown
    person: Person

    async def stands_at(self, stored: Stored) -> None:
        resident = await self.town.row(self.person)
        async with self.town.database.transaction() as tx:
            await tx.run(
                """
                UPDATE conversations SET step = :step, turn = :turn, offered = :offered, keyboard = :keyboard
                WHERE resident_id = :resident
                """,
                step=json.dumps(stored.step),
                turn=stored.turn,
                offered=json.dumps(stored.offered),
                keyboard=stored.keyboard,
                resident=resident.id,
            )

    async def answers(self, answer: str) -> None:
        if answer == PHOTO:
            await self.person.sends()
        else:
            await self.person.says(answer)

    async def step(self) -> JsonValue:
        resident = await self.town.row(self.person)
        [row] = await self.town.rows("SELECT step FROM conversations WHERE resident_id = :id", id=resident.id)
        return TypeAdapter[JsonValue](JsonValue).validate_json(str(row["step"]))


def within(part: JsonValue, whole: JsonValue) -> JsonValue:
    """`whole`, without what `part` has no word of."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return {
            key: part[key] if key in VARIES else within(part[key], value) for key, value in whole.items() if key in part
        }
    if isinstance(part, list) and isinstance(whole, list) and len(part) == len(whole):
        return [within(one, other) for one, other in zip(part, whole, strict=True)]
    return whole


def on_one_screen(step: JsonValue) -> JsonValue:
    """A step that followed, with the screen in the place of the three questions."""
    if isinstance(step, dict):
        return {key: on_one_screen(value) for key, value in step.items()}
    return SCREEN if isinstance(step, str) and step in THREE_QUESTIONS else step


def followed(stored: Stored) -> tuple[JsonValue, ...]:
    """The steps that may follow now."""
    if stored.step["step"] == "booking:topic" and stored.answer == "Back":
        return ({"step": SCREEN, "draft": stored.next["draft"]},)
    return stored.next, on_one_screen(stored.next)


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_a_conversation_stored_by_an_earlier_release_goes_on(town, name):
    conversation = Conversation(town, await BEFORE[name](town))
    for stored in CONVERSATIONS[name]:
        await conversation.stands_at(stored)
        await conversation.answers(stored.answer)
        reached = await conversation.step()
        expected = followed(stored)
        assert any(within(one, reached) == one for one in expected), f"{stored.answer!r} at {stored.step['step']}"


def test_every_step_of_both_flows_is_among_them():
    at = {str(stored.step["step"]) for steps in CONVERSATIONS.values() for stored in steps}
    booking = "office day time topic matter meant visit project registration name phone instead already none review"
    request = "category office words project registration place whose similar identity phone review unfinished"
    assert at >= {f"booking:{name}" for name in booking.split()} | {f"request:{name}" for name in request.split()}
    assert at >= {"moving:day", "moving:time", "moving:confirm"}
    assert at >= {f"intake:{name}" for name in ("how", "who", "what", "asking", "correct")}
