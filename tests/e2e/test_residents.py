"""What a resident may count on: the right door by a link, peace when wanted, a look at what is kept, and its end."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox import ADMIN, JOHN, MOHAMMED, STAFF_AR, STAFF_EN
from conversations.engine.command_list import COMMANDS
from locales import Language, clean
from tests.e2e.process import TOKEN, Municipality
from tests.e2e.talking import BOTH, STREETS, TONGUES, Resident

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(2, together=True)]
both = pytest.mark.parametrize("language", BOTH)


@both
async def test_commands_are_shown_in_the_language_of_the_app(town: Municipality, language: Language) -> None:
    t, named = TONGUES[language], {"name": TONGUES[language].plain("Customer Day")}
    await town.process.logged("commands and descriptions published")
    assert await _asked(town, "getMyName", language_code=language.value) == named
    shown = await _asked(town, "getMyCommands", scope='{"type":"all_private_chats"}', language_code=language.value)

    named_here = {"languages": "العربية / English"}
    described = [(name, clean(t.plain(text, **named_here))) for name, text in COMMANDS.items()]
    assert [(one["command"], one["description"]) for one in shown] == described
    assert (await _asked(town, "getMyDescription", language_code=language.value))["description"]


@both
async def test_deep_links_show_what_they_would_open(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language)
    of_another = await Resident.of(town, Language.AR, MOHAMMED).complains(
        language.value, photos=0, at=STREETS[language]
    )
    for payload, shown in {
        "book_capital": "people face to face. Which day suits you?",
        "complain_northern-poster": "When you submit a complaint, we",
        "suggest_southern": "When you make a suggestion, we",
        "book_community": "This office does not have a Customer",
        "nonsense": "This link is not valid or",
        f"track_{of_another}": "We could not find that request. A reference looks",
        f"checkin_{of_another}": "We could not find that request. A reference looks",
    }.items():
        await resident.says(f"/start {payload}")
        await resident.sees(shown)
    await town.moves(of_another, "resolve")
    assert await town.count("SELECT count(*) AS n FROM bookings") == 0


@both
async def test_whoever_blocks_the_bot_is_left_in_peace_until_they_come_back(
    town: Municipality, language: Language
) -> None:
    resident = Resident.of(town, language)
    reference = await resident.complains("Dogs at night", at=STREETS[language])
    await resident.person.blocks()
    await town.sandbox.drained()
    refused = len(town.sandbox.refusals)

    await town.moves(reference, "reply", "A first word")
    await town.all_sent()

    assert await _reachable(town, resident) is False
    await resident.person.unblocks()
    await resident.says("/menu")
    await resident.sees("<b>Main menu</b>")
    assert await _reachable(town, resident) is True
    await town.moves(reference, "reply", "A second word")
    await resident.person.sees("A second word")
    assert len(town.sandbox.refusals) - refused <= 1
    await town.moves(reference, "resolve", "Done")


@both
async def test_all_that_is_kept_is_shown_and_then_erased(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language, {Language.AR: MOHAMMED, Language.EN: JOHN}[language])
    reference = await resident.complains("The tree fell down", photos=0, at=STREETS[language])
    await town.moves(reference, "reject", "It is a neighbour's")
    await resident.person.sees("It is a neighbour's")

    await resident.says("/mydata")
    file = await resident.sees("This file (JSON) has all the data we keep")
    data = json.loads(file.document or b"")
    assert "The tree fell down" in json.dumps(data, ensure_ascii=False)

    await resident.says("/forget")
    await resident.sees("Erase all the data we keep about")
    await resident.taps("Yes, erase everything")
    await resident.sees("We have erased your data")
    await town.all_sent()
    rows = await town.rows("SELECT name, phone FROM residents WHERE address = :id", id=str(resident.person.id))
    assert all(row == {"name": "", "phone": ""} for row in rows)
    assert await town.rows("SELECT words, name, phone FROM cases WHERE reference = :ref", ref=reference) == [
        {"words": "", "name": "", "phone": ""}
    ]


async def test_nothing_comes_of_what_is_forged_in_a_group(town: Municipality) -> None:
    resident = Resident.of(town, Language.EN)
    reference = await resident.complains("Cars on the pavement", photos=0, at=STREETS[Language.AR])
    outsider = town.staff(STAFF_EN)
    card = await town.staff(STAFF_AR).sees(reference)
    # What anybody could do to a case; the search index and the clock write beside it when they come to it.
    done = "SELECT c.id, c.status, c.version, c.owner, c.words, e.* FROM cases c JOIN case_events e ON e.case_id = c.id"
    before = await town.rows(f"{done} ORDER BY e.id")

    for data in (
        "do:fixed:" + reference + ":0",
        "do:withdraw:" + reference + ":0",
        "case:claim:1:0",
        "x",
        "do:forget::0",
    ):
        await outsider.taps_data(data, card.id)
        await outsider.hears()
    await outsider.says("/help")
    await outsider.sees("private")
    await town.staff(ADMIN).says("An ordinary word among colleagues")
    await town.all_sent()

    assert await town.rows(f"{done} ORDER BY e.id") == before
    assert town.sandbox.violations == []


async def _reachable(town: Municipality, resident: Resident) -> bool:
    await town.sandbox.drained()
    (row,) = await town.rows("SELECT reachable FROM residents WHERE address = :id", id=str(resident.person.id))
    return bool(row["reachable"])


async def _asked(town: Municipality, method: str, **parameters: str) -> Any:
    url = f"{town.sandbox.url}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, data=parameters) as answer:
        return (await answer.json())["result"]
