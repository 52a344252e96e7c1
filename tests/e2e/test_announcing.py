"""Announcements on the real process: an administrator writes in the chat, residents read, tap and are counted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app import open_context
from bot.sandbox import ADMIN, STAFF_EN
from locales import Language, without_marks
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, OF, TONGUES, Resident
from tests.instants import SUNDAY

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.starts_at(SUNDAY)]

WRITER = {Language.AR: ADMIN, Language.EN: STAFF_EN}
SEND = "✅ Send to {n} person", "✅ Send to {n} people"
TEXTS = {Language.AR: "تفتح الحديقة أبوابها يوم الأحد.", Language.EN: "The park opens on Sunday."}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Municipality]:
    """By day, with an administrator for each language and two residents of the capital."""
    folder = tmp_path_factory.mktemp("announcing")
    async with municipality(folder, hired=True, at=SUNDAY, ADMINS=f"{ADMIN},{STAFF_EN}") as started:
        for person in (*OF.values(), *WRITER.values()):
            await started.person(person).says("/start")
        await started.all_sent()
        async with open_context(started.settings, clock=started.clock) as desk, desk.begin() as work:
            for person in OF.values():
                sql = "UPDATE residents SET office = 'capital' WHERE address = :address"
                await work.tx.run(sql, address=str(person))
        yield started


async def writer(town: Municipality, language: Language) -> Resident:
    """An administrator in their private chat."""
    found = Resident(town, town.person(WRITER[language]), language)
    await found.says("/announce")
    await found.sees("📣 <b>Announcements</b>")
    return found


async def sends(amal: Resident, people: int) -> None:
    """To the second tap, which says to how many."""
    await amal.taps("✅ Send …")
    await amal.sees("<b>Send this announcement?</b>")
    amal.tapped += 1
    await amal.person.taps(amal.t.plain_plural(*SEND, people))
    await amal.sees("✅ Confirmed.")


async def readers_see(town: Municipality, text: str) -> None:
    for language in BOTH:
        await Resident.of(town, language).sees(text)


@pytest.mark.parametrize("language", BOTH)
async def test_a_session_is_announced_with_four_taps(town: Municipality, language: Language) -> None:
    amal = await writer(town, language)
    await amal.taps("📅 Announce a session")
    await amal.sees("Which Customer Day do you want to announce? Choose one, or type a day or an office.")
    await amal.taps_first()
    await amal.sees("To: {audience}")
    await sends(amal, len(OF))
    assert amal.tapped == 4
    await readers_see(town, "📅 <b>Customer Day: {office}</b>")
    await amal.sees("✅ Sent: {n} of {total}")
    await town.all_sent()
    assert town.sandbox.violations == []


@pytest.mark.parametrize("language", BOTH)
async def test_a_photo_with_a_text_for_each_language_is_sent_and_recalled_over_a_restart(
    town: Municipality, language: Language
) -> None:
    amal = await writer(town, language)
    await amal.taps("➕ New announcement")
    await amal.sees("Which office is the announcement from?")
    await amal.taps_first()
    await amal.sees("Send the text in Arabic. You can send it with a photo, an album or a document.")
    await amal.sends_photos(1, TEXTS[Language.AR])
    await amal.sees("{n} of {limit} characters, {left} left")
    await town.all_sent()
    await town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'")
    await town.process.kill()
    await town.process.start()
    await amal.taps("Continue")
    await amal.sees("Send the text in English. You can send it with a photo, an album or a document.")
    await amal.says(TEXTS[Language.EN])
    await amal.sees("{n} of {limit} characters, {left} left")
    await amal.taps("Continue")
    await amal.sees("To: {audience}")
    await amal.taps("🔘 Buttons")
    await amal.sees("Which buttons should it have?")
    await amal.person.taps(f"⬜️ {amal.t.plain('📢 Submit a complaint')}")
    await amal.sees("Which buttons should it have?")
    await amal.taps("Done")
    await amal.sees("To: {audience}")
    await sends(amal, len(OF))
    await town.all_sent()
    for reader in BOTH:
        person = Resident.of(town, reader)
        shown = await person.person.sees(TEXTS[reader])
        assert without_marks(TONGUES[reader].plain("📢 Submit a complaint")) in {
            without_marks(label) for row in shown.buttons for label in row
        }
    await amal.sees("✅ Sent: {n} of {total}")

    await amal.taps("🗑 Recall …")
    await amal.sees("You cannot undo this.")
    people = amal.t.plain_plural("🗑 Delete it for {n} person", "🗑 Delete it for {n} people", len(OF))
    await amal.person.taps(people)
    await town.eventually(
        """
        SELECT count(*) AS n FROM announcements
        WHERE status = 'recalled' AND id = (SELECT max(id) FROM announcements)
        """,
        1,
    )
    await town.all_sent()
    for reader in BOTH:
        assert all(TEXTS[reader] not in one.text for one in Resident.of(town, reader).person.messages)
    assert town.sandbox.violations == []
