"""What a resident, or a group, does not let the bot send: it goes in another way, or somebody is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import ADMIN, STAFF_AR, BotStatus, samples
from locales import Language
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, errors_in, municipality
from tests.e2e.talking import BOTH, SECONDS, Resident, words

pytestmark = pytest.mark.at_some_instants(1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, hired=True) as started:
        yield started


async def _answers_aloud(town: Municipality, resident: Resident, maryam: Member) -> None:
    """An official reply that is a voice note."""
    reference = await resident.complains(photos=0)
    card = await maryam.card(reference)
    await maryam.person.sends_voice(reply_to=card.id)
    await maryam.sees("What type of message is this for {reference}?")
    await maryam.taps("✉️ Official reply")
    await town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'", 0)
    await maryam.sends()
    await town.all_sent()


@pytest.mark.parametrize("language", BOTH)
async def test_who_refuses_voice_notes_gets_them_as_documents(town: Municipality, language: Language) -> None:
    resident, maryam = Resident.of(town, language), Member(town, STAFF_AR)
    await resident.person.refuses_voice_notes()
    await _answers_aloud(town, resident, maryam)
    (sent,) = [one for one in resident.person.messages if one.document is not None]
    assert sent.document == samples.voice()
    assert town.sandbox.violations == []
    assert await town.count("SELECT count(*) AS n FROM outbox WHERE status = 'failed'") == 0
    assert errors_in(town.process.log) == []


async def test_the_team_is_told_of_a_part_that_failed(town: Municipality) -> None:
    """The file's bytes are gone from the disk by the time it is sent."""
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    reference = await resident.complains(photos=0)
    card = await maryam.card(reference)
    await maryam.person.sends_document(reply_to=card.id)
    await maryam.sees("What type of message is this for {reference}?")
    await maryam.taps("✉️ Official reply")
    await maryam.person.sees("👁", SECONDS)  # the preview
    await town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'", 0)
    for kept in (town.settings.data_dir / "files").rglob("*"):
        if kept.is_file():
            kept.unlink()
    await maryam.taps("✅ Send")
    told = await maryam.person.sees(words(maryam.office_t, "A document to the applicant was not delivered."), SECONDS)
    assert reference in told.text
    assert told.reply_to == card.id


async def test_a_group_that_forbids_photos_is_no_defect_and_administrators_are_told(town: Municipality) -> None:
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    admin = Resident.of(town, Language.AR, ADMIN)
    await admin.says("/start")
    await town.all_sent()
    chat = maryam.person.chat_id
    town.sandbox.bot_in_group(chat, BotStatus.MEMBER, by=ADMIN)
    town.sandbox.acts.forbid(chat, "photos")
    reference = await resident.complains()
    card = await maryam.card(reference)
    assert reference in card.text, "words arrive"
    told = await admin.person.sees(words(admin.t, "A group does not let the bot send everything"), SECONDS)
    assert "ot enough rights to send photos" in told.text
    assert errors_in(town.process.log) == []
    checked = await town.command("check")
    assert "WRONG  messages refused" not in checked
    assert "messages not allowed" in checked
