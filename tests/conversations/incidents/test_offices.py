"""A municipality is taken out of an incident: its requests are worked one by one again, and the rest goes on."""

from __future__ import annotations

import pytest

from locales import without_marks
from services.incidents import cards, joining
from storage.database import Database
from storage.ids import OfficeId
from tests.conversations.incidents.test_incidents import RainTown
from tests.conversations.town import STAFF_CHATS, Person

MUHARRAQ = OfficeId("muharraq")
WHY = "Muharraq has pumps of its own"

pytestmark = pytest.mark.at_some_instants(2)


@pytest.fixture
async def town(database: Database) -> RainTown:
    """An incident of two municipalities."""
    town = await RainTown(database).begins()
    await town.open_incident()
    await add_muharraq(town)
    return town


@pytest.fixture
async def fatima(town: RainTown) -> Person:
    return await town.living()


@pytest.fixture
async def ali(town: RainTown) -> Person:
    """Of Muharraq, who reads Arabic."""
    return await town.living("1002", "Ali", "ar")


async def changes_area(town: RainTown) -> None:
    await town.amal.says("/incident")
    await town.amal.taps("🔴 1.")
    await town.amal.taps("Change its area")


async def add_muharraq(town: RainTown) -> None:
    await changes_area(town)
    await town.amal.taps("Muharraq")
    await town.amal.taps("Look at the change")
    await town.amal.taps("Change where it is")


async def about_to_take_out(town: RainTown) -> None:
    await changes_area(town)
    await town.amal.taps("Muharraq")
    await town.writes("", WHY)


async def shows(town: RainTown) -> None:
    await town.wait(cards.EVERY)
    await town.work(lambda work: cards.show_due(work, 5))


def group(town: RainTown) -> list[str]:
    return [without_marks(shown.text) for shown in town.chats.get(STAFF_CHATS[MUHARRAQ], [])]


async def states(town: RainTown) -> list[object]:
    return [row["state"] for row in await town.rows("SELECT state FROM incident_cases ORDER BY case_id")]


async def test_its_requests_get_their_cards_and_their_people_are_told_while_the_rest_goes_on(
    town: RainTown, fatima: Person, ali: Person
) -> None:
    hers, his = await town.report(fatima), await town.report(ali, 205, office=MUHARRAQ)
    await shows(town)
    assert any("الواقعة 1" in text for text in group(town))
    assert not any(his.reference in text for text in group(town))

    await about_to_take_out(town)
    asked = without_marks(town.amal.last.text)
    assert "Taken out: Muharraq\n1 request becomes an ordinary one again." in asked
    await town.amal.taps("Take it out")
    assert await states(town) == ["joined", "joined"]  # for a minute it can be undone
    early = await town.report(ali, 206, office=MUHARRAQ)
    assert await states(town) == ["joined", "joined"]  # but nothing joins any more
    await town.told()
    await shows(town)

    assert await states(town) == ["joined", "left"]
    told = without_marks(ali.last.text)
    assert WHY in told
    assert his.reference in told
    assert "المحرق" in told.splitlines()[2]
    assert not any(WHY in shown.text for shown in fatima.messages)
    assert any(his.reference in text for text in group(town))
    assert any(early.reference in text for text in group(town))
    assert sum("الواقعة 1" in text for text in group(town)) == 1  # the card was edited
    assert not any(hers.reference in text for text in town.group())
    await ali.taps_data(f"do:incident_again:{his.reference}:0")
    assert await states(town) == ["joined", "left"]

    await town.amal.says("/incident")
    await town.amal.taps("🔴 1.")
    assert "Joined now: 1" in without_marks(town.amal.last.text)
    assert "Something else" not in town.amal.last.text
    await town.order("Close it for all", "All is dry", send="Close the incident")
    await town.told()
    assert await states(town) == ["closed", "left"]
    assert (await town.again(his)).closed_at is None
    audited = await town.rows("SELECT detail FROM audit WHERE action = 'incident.office_out'")
    assert [row["detail"] for row in audited] == ["incident 1: muharraq"]


async def test_it_can_be_undone_for_a_minute_and_added_again_when_all_were_told(town: RainTown, ali: Person) -> None:
    await town.report(ali, 205, office=MUHARRAQ)
    await about_to_take_out(town)
    await town.amal.taps("Take it out")
    await changes_area(town)
    assert town.amal.last.find("Muharraq") is None  # not before its people were told
    await town.amal.says("/incident")
    await town.amal.taps("🔴 1.")
    await town.amal.taps("Undo the last order")
    await town.told()
    assert not any(WHY in shown.text for shown in ali.messages)
    assert [row["offices"] for row in await town.rows("SELECT offices FROM incidents")] == ['["capital", "muharraq"]']
    await town.report(ali, 206, office=MUHARRAQ)
    assert await states(town) == ["joined", "joined"]

    await about_to_take_out(town)
    await town.amal.taps("Take it out")
    await town.told()
    assert await states(town) == ["left", "left"]
    newcomer = await town.report(ali, 207, office=MUHARRAQ)
    await town.wait(cards.EVERY)
    await add_muharraq(town)
    while await town.work(lambda work: joining.gather_due(work, 5)):
        pass
    assert await states(town) == ["left", "left", "joined"]
    assert newcomer.reference in without_marks(ali.last.text)


async def test_of_two_who_take_out_at_once_one_does_and_one_municipality_remains(town: RainTown) -> None:
    await about_to_take_out(town)
    async with town.database.transaction() as tx:  # another administrator takes the other one out meanwhile
        await tx.run("UPDATE incidents SET offices = '[\"muharraq\"]', version = version + 1")
    await town.amal.taps("Take it out")
    town.amal.sees("Another administrator was first")
    assert await town.rows("SELECT id FROM incident_news") == []
    await changes_area(town)
    assert town.amal.last.find("Take out") is None
