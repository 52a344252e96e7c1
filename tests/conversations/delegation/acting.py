"""What people do where one acts for another: they ask, agree, complain and book for somebody."""

from __future__ import annotations

import re

from locales import without_marks
from storage.ids import ChatId, OfficeId
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person, Shown
from tests.conversations.whole_town import WholeTown
from tests.known import known

CAPITAL = OfficeId("capital")
GROUP = ChatId("-1001")
CASE = re.compile(r"C-\w{4}-\w{3}")


def sees(person: Person, part: str) -> Shown:
    for shown in reversed(person.messages):
        if part in without_marks(shown.text):
            return shown
    raise AssertionError(f"{part!r} is nowhere in {[without_marks(one.text) for one in person.messages[-4:]]}")


async def asks(sara: Person, name: str = "My mother") -> str:
    """Ask through a link; what it says to the bot."""
    await sara.says("/menu")
    await sara.taps("More")
    await sara.taps("Act for someone else")
    await sara.taps("Ask someone")
    await sara.says(name)
    await sara.taps("send a link")
    return known(re.search(r"start=(for_[a-z0-9]+)", sees(sara, "asks to act for you").text))[1]


async def agreed(sara: Person, noor: Person) -> str:
    link = await asks(sara)
    await noor.says(f"/start {link}")
    await noor.taps("أوافق")
    return link


async def rows(town: WholeTown, sql: str) -> list[dict[str, object]]:
    return await town.rows(sql)


async def complains_for_her(sara: Person) -> str:
    await sara.taps("👤 For")
    await sara.taps("Submit a complaint")
    await sara.taps("Capital")
    await complain(sara)
    return known(CASE.search(without_marks(sees(sara, "We have received your complaint").text)))[0]


async def complain(sara: Person, named: str = "With my name") -> None:
    await sara.taps("Bins")
    await sara.says("The bins overflow")
    await sara.says("Block 338 Road 12")
    await sara.taps(named)
    assert "For My" in without_marks(sara.last.text)
    await sara.taps("Submit")


async def book(sara: Person, time: str, phone: str = "33998877") -> None:
    await sara.taps("👤 For")
    await sara.taps("Book an appointment")
    await sara.taps("Capital")
    await sara.taps(sara.town.day())
    await sara.taps(time)
    await sara.says("The permit is late")
    await sara.taps("Continue")
    await sara.says(phone)
    await sara.taps("Confirm")


async def asks_by_phone(sara: Person, phone: str = "33445566") -> None:
    await sara.says("/menu")
    await sara.taps("More")
    await sara.taps("Act for someone else")
    await sara.taps("Ask someone")
    await sara.says("My father")
    await sara.taps("They have no Telegram")
    await sara.taps("Capital")
    await sara.says(phone)
    sees(sara, "We have asked the office to call")


async def taps_verb(person: Colleague, verb: str) -> None:
    """Whatever the button says in the office's language."""
    for shown in reversed(person.messages):
        for one in (choice for row in shown.message.rows for choice in row):
            if one.data.startswith(f"desk:{verb}:"):
                await person.taps_data(one.data, shown.number)
                return
    raise AssertionError(f"no button {verb}")


async def is_asked(town: WholeTown, huda: Colleague, reference: str, words: str) -> None:
    """Huda asks below the card, and both hear it."""
    card = next(shown for shown in reversed(town.chats[GROUP]) if reference in shown.text and shown.buttons)
    ask = next(one for row in card.message.rows for one in row if one.data.startswith("desk:ask:"))
    await huda.taps_data(ask.data, card.number)
    await huda.says(words, reply_to=huda.last.number)
    await huda.taps("Send")


async def answers(town: WholeTown) -> list[str]:
    found = await rows(town, "SELECT words FROM case_events WHERE what = 'information' ORDER BY id")
    return [str(one["words"]) for one in found]
