"""What a team's members say to each other in their group is kept nowhere, whatever the bot is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN, BotStatus
from bot.sandbox.acts import Place
from locales import Language
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident

pytestmark = pytest.mark.at_some_instants(0)  # what the group talks of is kept at no hour

SECRET = "the salary of Layla"
NOBODY = {"id": 0}  # where nobody is known to have sent it, an update cannot be read


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, hired=True) as started:
        yield started


async def _everything(town: Municipality) -> str:
    """All that the bot wrote down: its tables, its files, its log."""
    tables = await town.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    found = [str(await town.rows(f'SELECT * FROM "{table["name"]}"')) for table in tables]  # noqa: S608 - our own names
    data = town.settings.data_dir
    found += [path.read_bytes().decode(errors="replace") for path in data.rglob("*") if path.is_file()]
    return "\n".join((*found, town.process.log))


async def _talks(town: Municipality, member: Member) -> None:
    place = Place(member.person.id, member.person.chat_id)
    said = await member.says(f"Did you hear about {SECRET}?")
    await member.says(f"{SECRET}: no!", reply_to=said)
    await member.person.edits(said, f"Did you really hear about {SECRET}?")
    await member.person.sends_photo(caption=SECRET)
    await member.person.sends_document(f"{SECRET}.pdf", caption=SECRET)
    town.sandbox.acts.forward(place, SECRET)
    town.sandbox.acts.post(place, {"contact": {"phone_number": "+97300000000", "first_name": SECRET}})
    town.sandbox.acts.post(place, {"poll": {"question": SECRET, "options": []}})
    town.sandbox.acts.post(place, {"poll": {"question": SECRET}})


@pytest.mark.parametrize("status", [BotStatus.ADMINISTRATOR, BotStatus.MEMBER])
async def test_talk_of_the_group_is_kept_nowhere(town: Municipality, status: BotStatus) -> None:
    maryam, ahmed = Member(town, STAFF_AR), Member(town, STAFF_EN)
    town.sandbox.bot_in_group(maryam.person.chat_id, status, by=ADMIN)
    await Resident.of(town, Language.EN).complains(photos=0)
    await town.all_sent()
    before = len(maryam.person.messages)
    for member in (maryam, ahmed):
        await _talks(town, member)
    place = Place(STAFF_AR, maryam.person.chat_id)
    town.sandbox.acts.post(place, {"text": SECRET, "from": NOBODY})
    await town.all_sent()
    assert len(maryam.person.messages) == before, "and it is not answered"
    failed = await town.count("SELECT count(*) AS n FROM dead_letters")
    assert bool(failed) is (status is BotStatus.ADMINISTRATOR), "what could not be read was set aside"
    assert SECRET not in await _everything(town)


async def test_an_ordinary_member_with_privacy_mode_does_all_the_work(town: Municipality) -> None:
    """A team works a request from its card to its end in a group where the bot hears only what is meant for it."""
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    town.sandbox.bot_in_group(maryam.person.chat_id, BotStatus.MEMBER, by=ADMIN)
    reference = await resident.complains(photos=0)
    await maryam.presses(reference, "✋ Claim")
    card = await maryam.card(reference)
    await maryam.asks("Which bin is it?", card.id)
    question = await resident.person.sees("Which bin is it?")
    await resident.says("The green one", reply_to=question.id)
    await maryam.person.sees("The green one")
    await maryam.replies("It is emptied today", (await maryam.card(reference)).id)
    await resident.person.sees("It is emptied today")
