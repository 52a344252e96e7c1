"""What the running process refuses and shows to nobody, and how soon it listens again: the module's tests share one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox import ADMIN, JOHN, MOHAMMED, STAFF_EN, Account, Trouble
from locales import Language
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import STREETS, Resident

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(0)]

STREET = STREETS[Language.EN]
ZAHRA = Account(1301, "Zahra", "Hassan", "zahra_h", "en", "+97333445566")
TOLD = "Zahra Hassan of house 1216 says that bins overflow, call 33445566 or zahra@example.bh"
WORDS = ("Zahra", "Hassan", "1216", "overflow", "33445566", "3344 5566", "example.bh", "zahra_h")

#: What acts of staff would change.
TABLES = (
    "cases",
    "case_events",
    "case_files",
    "bookings",
    "sessions",
    "staff_roles",
    "staff_invites",
    "staff_chats",
    "promises",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("bounds"), hired=True, people=(ZAHRA,)) as started:
        yield started


async def _stands(town: Municipality) -> dict[str, list[dict[str, object]]]:
    return {table: await town.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}  # noqa: S608 - our names


async def test_neighbours_who_said_nothing_read_no_words_of_others(town: Municipality) -> None:
    """They see category, place, age and how many photos, and can join; the words stay with who wrote them."""
    reference = await Resident.of(town, Language.EN, ZAHRA.id).complains(TOLD, at=STREET)
    neighbour = Resident.of(town, Language.EN)
    await neighbour.says("/start complain_capital")
    await neighbour.sees("When you submit a complaint, we")
    await neighbour.taps("📢 Submit a complaint")
    await neighbour.sees("What is it about? Choose")
    await neighbour.taps_first()
    await neighbour.sees("Describe the problem in your own words. A photo")
    await neighbour.says("Full bins here")
    await neighbour.sees("Where is it? Share the location or type")
    await neighbour.person.shares_location(*STREET)
    shown = await neighbour.sees("Someone has already reported something like this here.")
    assert shown.buttons
    await neighbour.says(f"/track {reference}")
    await neighbour.sees("We could not find that request. A reference looks")
    told = "\n".join(f"{one.text} {one.buttons}" for one in neighbour.person.messages)
    assert [word for word in WORDS if word in told] == []


async def test_who_may_not_changes_and_learns_nothing_by_forged_buttons_or_commands(town: Municipality) -> None:
    """A resident, a member of the group without a role, and an agent where only a manager may: one of each."""
    reference = await Resident.of(town, Language.EN, ZAHRA.id).complains(TOLD, at=STREETS[Language.AR])
    ahmed = Member(town, STAFF_EN)
    card = await ahmed.card(reference)
    ((case,)) = await town.rows("SELECT id, version FROM cases WHERE reference = :ref", ref=reference)
    resident, guest = town.person(JOHN), town.person(MOHAMMED).in_group(ahmed.person.chat_id)
    town.sandbox.acts.add(ADMIN, ahmed.person.chat_id, [MOHAMMED])
    await town.all_sent()
    before = await _stands(town)

    def forged(verb: str, argument: str = "") -> str:
        return f"desk:{verb}:{case['id']}:{case['version']}:{argument}"

    await resident.taps_data(forged("contact"), card.id)
    await resident.in_group(ahmed.person.chat_id).taps_data(forged("claim"), card.id)
    await guest.taps_data(forged("resolve"), card.id)
    await ahmed.person.taps_data(forged("transfer", "northern"), card.id)
    await resident.says(f"/case {reference}")
    await guest.says(f"/queue {reference}")
    await guest.says("#a note of nobody's", reply_to=card.id)
    await ahmed.says("/invite")
    await town.all_sent()

    assert await _stands(town) == before
    told = "\n".join(one.text for one in resident.messages)
    assert [word for word in (*WORDS, reference) if word in told] == []
    denied = await town.rows("SELECT DISTINCT actor FROM audit WHERE action LIKE 'denied.%' ORDER BY actor")
    assert [row["actor"] for row in denied] == [f"staff:{one}" for one in (JOHN, MOHAMMED, STAFF_EN)]


async def test_an_hour_that_telegram_asks_for_does_not_silence_the_bot_for_an_hour(town: Municipality) -> None:
    one = Resident.of(town, Language.EN)
    town.sandbox.trouble("getUpdates", Trouble.FLOOD)
    await one.says("/start")
    await one.is_answered()  # by the question that was open
    await town.process.logged("polling failed, trying again")
    await one.says("/help")
    assert (await one.is_answered()).text
    await town.all_sent()
    assert town.sandbox.violations == []
