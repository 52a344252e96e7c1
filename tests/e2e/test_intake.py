"""What staff file for a caller, with the real process: it is the caller's once Telegram vouches for their number."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox import FATIMA, JOHN, MOHAMMED, STAFF_EN
from locales import Language
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident, words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(2, together=True)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("intake"), hired=True) as started:
        yield started


async def takes_call(town: Municipality, member: Member, who: str, said: str, block: str) -> str:
    """Follow the link in the group to the private chat, and file a complaint for a caller; its reference."""
    await member.says("/intake")
    offered = await member.sees("Use the private chat with the bot to record what a caller or")
    assert len(offered.keys) == 1  # the group of one office
    ahmed = Resident(town, town.person(member.person.id), Language.EN)
    await ahmed.says("/start intake_capital")
    await ahmed.sees("How did they contact you?")
    await ahmed.taps("☎️ By phone")
    await ahmed.sees("Who is it for? Type the full name and the phone number, such")
    await ahmed.says(who)
    await ahmed.sees("What do you want to record?")
    await ahmed.taps("Complaint")
    await ahmed.sees("What is it about? Choose")
    await ahmed.taps_first()
    await ahmed.sees("Describe the problem in your own words. A photo")
    await ahmed.sends_photos(1, said)
    await ahmed.sees("Where is it? Share the location or type")
    await ahmed.says(block)
    await ahmed.sees("Read this out to the")
    await ahmed.taps("✅ Submit")
    await ahmed.sees("✅ <b>Recorded: {kind}</b>")
    await town.all_sent()
    return ahmed.reference("C")


async def test_a_caller_finds_what_was_filed_once_their_own_number_is_shared(town: Municipality) -> None:
    ahmed, fatima = Member(town, STAFF_EN), Resident.of(town, Language.AR, FATIMA)
    number = fatima.person.account.phone
    reference = await takes_call(town, ahmed, f"Fatima Ali {number}", "The bins overflow", "Block 338 Road 12")
    card = await ahmed.card(reference)
    assert words(ahmed.office_t, "☎️ Recorded by the hotline") in card.text
    assert ahmed.office_t.plain_plural("📎 {n} attachment", "📎 {n} attachments", 1)[2:] in card.text
    assert "Fatima" not in card.text

    await fatima.says("/my")
    await fatima.sees("You have no requests yet.")
    await fatima.taps("☎️ See requests made by phone or in person")
    await fatima.sees("To see what the municipality recorded for you by phone or at the counter, share")
    await fatima.says(number)  # a number that is typed claims nothing
    await fatima.sees("This does not prove that the number is yours. Use")
    await fatima.person.shares_contact()
    told = await fatima.sees("You can now follow a request the municipality recorded for you.")
    assert reference in told.text

    await fatima.says("/my")
    listed = await fatima.is_answered()
    assert reference in listed.text + str(listed.buttons)
    await ahmed.asks("Since when", card.id)
    asked = await fatima.sees("❓ The municipality asks:")
    await fatima.says("منذ الأحد", reply_to=asked.id)
    await ahmed.person.sees("منذ الأحد")
    await town.all_sent()
    assert town.sandbox.violations == []


async def test_a_number_out_of_the_address_book_claims_nothing(town: Municipality) -> None:
    ahmed, john = Member(town, STAFF_EN), Resident.of(town, Language.EN, JOHN)
    number = town.person(MOHAMMED).account.phone
    reference = await takes_call(town, ahmed, f"Mohammed Hasan {number}", "A lamp is dark", "Block 330 Road 5")

    await john.says("/my")
    await john.sees("You have no requests yet.")
    await john.taps("☎️ See requests made by phone or in person")
    await john.sees("To see what the municipality recorded for you by phone or at the counter, share")
    await john.person.shares_contact(number, own=False)
    await john.sees("This does not prove that the number is yours. Use")
    await town.all_sent()

    assert not any(reference in message.text for message in john.person.messages)
    assert await town.rows(
        "SELECT r.channel FROM cases c JOIN residents r ON r.id = c.resident_id WHERE c.reference = :ref", ref=reference
    ) == [{"channel": "desk"}]
    assert town.sandbox.violations == []
