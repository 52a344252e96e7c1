"""What people put into a message beside its text arrives; so does what is for a team whose group the bot lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.sandbox import ADMIN, JOHN, STAFF_EN, BotStatus, samples
from bot.sandbox.events import AccountChanged
from locales import Language, clean
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(1, together=True)]
HERE = (26.2330, 50.5760)
AWAY = (26.2410, 50.5760)
LINK = {"type": "text_link", "offset": 4, "length": 4, "url": "https://example.bh/form"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("meaning"), hired=True) as started:
        yield started


async def _words(town: Municipality, reference: str) -> list[str]:
    """What was told of a case after it was filed."""
    found = await town.rows(
        """SELECT words FROM case_events WHERE what = 'information'
           AND case_id = (SELECT id FROM cases WHERE reference = :ref) ORDER BY id""",
        ref=reference,
    )
    return [str(row["words"]) for row in found]


async def test_all_that_a_resident_puts_into_a_message_reaches_the_team(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.EN, JOHN), Member(town, STAFF_EN)
    reference = await resident.complains(at=HERE)
    card = await ahmed.card(reference)
    await ahmed.asks("Which lamp?", card.id)
    asked = await resident.sees("❓ The municipality asks:")
    poll = {
        "id": "7",
        "question": "Which side?",
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "options": [{"text": "North", "voter_count": 0}],
    }
    person = resident.person
    await person.posts({"text": "See here", "entities": [LINK]}, asked.id)
    await person.posts({"text": "This", "quote": {"text": "Which lamp?", "position": 0, "is_manual": True}}, asked.id)
    await person.posts({"poll": poll}, asked.id)
    await person.posts({"contact": {"phone_number": "97333123457", "first_name": "The guard"}}, asked.id)
    place = {"latitude": HERE[0], "longitude": HERE[1]}
    await person.posts(
        {"location": place, "venue": {"location": place, "title": "Gate 3", "address": "Road 5"}}, asked.id
    )
    await town.all_sent()

    assert await _words(town, reference) == [
        "See here (https://example.bh/form)",
        "> Which lamp?\nThis",
        "📊 Which side?\n• North",
        "The guard +97333123457",
        f"Gate 3\nRoad 5\n{HERE[0]:.5f}, {HERE[1]:.5f}",
    ]
    below = " ".join(clean(one.text) for one in ahmed.person.messages)
    assert all(part in below for part in ("https://example.bh/form", "Which side?", "The guard +97333123457", "Gate 3"))


async def test_a_staff_album_with_two_captions_and_a_link_reaches_the_resident_whole(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.EN, JOHN), Member(town, STAFF_EN)
    reference = await resident.complains("The bench is broken", at=AWAY)
    card = await ahmed.card(reference)
    await ahmed.person.sends_photo(samples.photo(number=1), "Before the work", "77", reply_to=card.id)
    await ahmed.person.sends_photo(samples.photo(number=2), "After the work", "77", reply_to=card.id)
    await ahmed.sees("What type of message is this for {reference}?")
    await ahmed.taps("✉️ Official reply")
    await ahmed.sends()
    await town.all_sent()
    told = clean(resident.person.last.text)
    assert "Before the work" in told
    assert "After the work" in told


async def test_who_is_called_differently_by_now_is_offered_the_new_name(town: Municipality) -> None:
    resident = Resident.of(town, Language.EN, JOHN)
    world = town.sandbox.world
    world.commit(AccountChanged(replace(world.people[JOHN], first_name="Johnny", last_name="\u3164")))
    await resident.says("/start complain_capital")
    await town.all_sent()
    assert [row["name"] for row in await town.rows("SELECT name FROM residents WHERE address = :id", id=str(JOHN))] == [
        "Johnny"
    ]
    await resident.says("/cancel")
    await resident.says("/menu")
    await town.all_sent()


async def test_a_team_that_lost_the_bot_gets_what_was_filed_meanwhile(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.AR), Member(town, STAFF_EN)
    admin = town.person(ADMIN)
    await admin.says("/start")
    await town.all_sent()
    group = ahmed.person.chat_id
    town.sandbox.bot_in_group(group, BotStatus.KICKED, by=ADMIN)
    reference = await resident.complains("العمود مائل", at=(26.2290, 50.5830))
    await admin.sees("⚠️")
    with pytest.raises(AssertionError, match="the bot cannot write in the group of capital since"):
        await town.command("check")  # which ends with 1

    town.sandbox.bot_in_group(group, BotStatus.MEMBER, by=ADMIN)
    card = await ahmed.card(reference)
    assert "العمود مائل" in card.text
    assert not any("/link" in one.text for one in ahmed.person.messages)
    assert "cannot write in the group" not in await town.command("check")
