"""What no bot may take back from a staff chat any more is replaced, or its people delete it and that is followed up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN, BotMessage, BotStatus
from locales import Language
from locales.html import to_plain
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, SECONDS, Resident, words

THREE_DAYS, MINUTE = timedelta(days=3), timedelta(minutes=1)
ASKED = "Please delete by hand"
_ONE = "From what we know now, this will be {n} message."
ONLY_THE_TEAM = (_ONE, _ONE.replace("message", "messages"))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, in_process=True, hired=True) as started:
        yield started


async def complains_aloud(resident: Resident, maryam: Member) -> tuple[str, list[BotMessage]]:
    """A complaint with a photo, and a voice note added later: what is below its card in the group."""
    reference = await resident.complains("Zahra's bin overflows")
    card = await maryam.card(reference)
    await maryam.asks("What do you hear?", card.id)
    question = await resident.person.sees("What do you hear?", SECONDS)
    await resident.person.sends_voice(reply_to=question.id)
    await resident.town.all_sent()
    await resident.town.eventually("SELECT count(*) AS n FROM files WHERE status = 'wanted'", 0)
    await resident.town.all_sent()
    return reference, maryam.below(await maryam.card(reference))


async def erases(resident: Resident) -> BotMessage:
    await resident.says("/forget")
    await resident.sees("Erase all the data we keep about you?")
    await resident.taps("Yes, erase everything")
    farewell = await resident.sees("We have erased your data.")
    await resident.town.task.advance(MINUTE)
    await resident.town.all_sent()
    await resident.town.task.advance(MINUTE)
    await resident.town.all_sent()
    return farewell


def voices(member: Member) -> list[BotMessage]:
    return [one for one in member.person.messages if "voice" in one.wire]


def asked(member: Member) -> list[BotMessage]:
    return [one for one in member.person.messages if words(member.office_t, ASKED) in one.text]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("status", [BotStatus.ADMINISTRATOR, BotStatus.MEMBER])
async def test_old_files_are_replaced_and_old_voice_notes_deleted_by_people(
    town: Municipality, language: Language, status: BotStatus
) -> None:
    resident, maryam, ahmed = Resident.of(town, language), Member(town, STAFF_AR), Member(town, STAFF_EN)
    await complains_aloud(resident, maryam)
    town.sandbox.bot_in_group(maryam.person.chat_id, status, by=ADMIN)
    (photo,) = [one for one in maryam.person.messages if one.photo]
    (voice,) = voices(maryam)
    await town.task.advance(THREE_DAYS)
    await town.all_sent()

    farewell = await erases(resident)

    assert to_plain(resident.t.plural(*ONLY_THE_TEAM, 1)) in farewell.text
    shown = next(one for one in maryam.person.messages if one.id == photo.id)
    assert (shown.photo != photo.photo, shown.edited) == (True, True)
    assert shown.text.endswith(words(maryam.office_t, "🗑 Erased at the applicant's request."))
    (request,) = await town.rows("SELECT * FROM privacy_requests")
    assert (request["left_over"], request["done_at"]) == (1, None)
    (told,) = asked(maryam)
    assert f'<a href="https://t.me/c/{str(maryam.person.chat_id)[4:]}/{voice.id}">' in told.html

    await ahmed.person.taps(maryam.office_t.plain("✅ All are deleted"), on=told.id)  # which is not so
    await ahmed.hears("Thank you. We check that they are gone.")
    await town.all_sent()
    await town.task.advance(MINUTE)
    await town.all_sent()
    (again,) = [one for one in maryam.person.messages if words(maryam.office_t, "Still to be deleted") in one.text]
    (request,) = await town.rows("SELECT * FROM privacy_requests")
    assert request["done_at"] is None

    await town.person(ADMIN).in_group(maryam.person.chat_id).deletes(voice.id)  # as a group's administrators may
    await maryam.person.taps(maryam.office_t.plain("✅ All are deleted"), on=again.id)
    await maryam.hears("Thank you. We check that they are gone.")
    await town.all_sent()
    await town.task.advance(MINUTE)
    (request,) = await town.rows("SELECT * FROM privacy_requests")
    assert request["done_at"] is not None
    lines = await town.rows("SELECT actor, action FROM audit WHERE action LIKE 'privacy.%' ORDER BY id")
    assert [(one["actor"], one["action"]) for one in lines[1:]] == [
        ("clock", "privacy.by_hand"),
        (f"staff:{STAFF_EN}", "privacy.deleted_by_hand"),
        ("clock", "privacy.still_there"),
        ("clock", "privacy.by_hand"),
        (f"staff:{STAFF_AR}", "privacy.deleted_by_hand"),
    ]
    assert town.sandbox.violations == []


async def test_what_is_new_is_said_to_be_removed_now(town: Municipality) -> None:
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    await complains_aloud(resident, maryam)
    farewell = await erases(resident)
    assert resident.words("We are removing what the offices’ chats show about you.") in farewell.text
    assert voices(maryam) == []
    assert asked(maryam) == []
    (request,) = await town.rows("SELECT * FROM privacy_requests")
    assert request["done_at"] is not None


async def test_a_contact_that_outlived_an_outage_is_removed(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.EN), Member(town, STAFF_EN)
    reference = await resident.complains(photos=0)
    await ahmed.presses(reference, "⋯ More", "👤 Show contact")
    shown = await ahmed.sees("We have recorded that you viewed this. This message will be deleted in {minutes}.")
    await town.all_sent()
    await town.task.stop()
    town.clock.advance(THREE_DAYS)
    await town.task.start()
    await town.all_sent()
    await ahmed.person.misses(shown.id)  # only he saw it, and such a message can be deleted at any age
    assert town.sandbox.violations == []


async def test_what_a_member_typed_and_names_somebody_is_taken_back(town: Municipality) -> None:
    """The bot, an administrator of the group, deletes it while it is new; later the team does."""
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    reference = await resident.complains(photos=0)
    card = await maryam.card(reference)
    await town.rows("SELECT 1")
    old = await maryam.says("#John Peter called, 33123456", reply_to=card.id)
    await town.all_sent()
    await town.task.advance(THREE_DAYS)
    new = await maryam.says("#33123456 called again", reply_to=card.id)
    await town.all_sent()
    farewell = await erases(resident)
    assert to_plain(resident.t.plural(*ONLY_THE_TEAM, 1)) in farewell.text
    await maryam.person.misses(new)
    (told,) = asked(maryam)
    assert f'/{old}"' in told.html
    assert f'/{new}"' not in told.html
