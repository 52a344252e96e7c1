"""Rain mode on the real process: an incident is opened in chat, and each who reports has their own word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN, Account
from locales import Language
from tests.e2e.customer_day import SharedClock
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident
from tests.instants import SUNDAY
from tests.shipped import OFFICES

pytestmark = pytest.mark.starts_at(SUNDAY)

OPENER = {Language.AR: ADMIN, Language.EN: STAFF_EN}
#: Two readers of the language that is tested, and one who finds that theirs is something else.
NAMES = ("Ali", "Sara", "Zainab")
WELCOME, UPDATE, DONE = (
    {Language.AR: arabic, Language.EN: english}
    for arabic, english in (
        ("فرق الشفط في الطريق.", "Pumps are on their way."),
        ("انخفض منسوب المياه.", "The water is going down."),
        ("تم سحب المياه من جميع الطرق.", "All roads are dry again."),
    )
)
FLOODED = {
    Language.AR: "مياه الأمطار متجمعة في مجمع {block} طريق {road}",
    Language.EN: "Rain water is standing in block {block} road {road}",
}


@pytest.fixture
async def town(tmp_path: Path, language: Language) -> AsyncIterator[Municipality]:
    people = [Account(7000 + n, name, "Resident", "", language.value) for n, name in enumerate(NAMES)]
    clock = SharedClock(SUNDAY, tmp_path / "clock")
    async with municipality(
        tmp_path / "town", hired=True, clock=clock, people=people, ADMINS=f"{ADMIN},{STAFF_EN}"
    ) as started:
        yield started


@pytest.mark.parametrize("language", BOTH)
async def test_an_incident_from_its_opening_to_what_is_still_there(town: Municipality, language: Language) -> None:
    amal = Resident(town, town.person(OPENER[language]), language)
    ali, sara, zainab = (Resident.of(town, language, 7000 + number) for number in range(3))
    await _opens(amal)

    # Reports join by themselves, their residents read so at once, and the group has one card for all.
    references = [await _reports(one, 317 + n, 1200 + n) for n, one in enumerate((ali, sara, zainab))]
    for one in (ali, sara, zainab):
        shown = await one.sees("🌧 Many people are reporting the same, so your request was added to this incident:")
        assert WELCOME[language] in shown.text
        assert one.words("Next: {office} will review it by {date}.") not in shown.text
    await town.eventually("SELECT count(*) AS n FROM incident_cases WHERE state = 'joined'", 3)
    assert await town.count("SELECT count(*) AS n FROM cards") == 0

    await zainab.taps("No, mine is something else")
    await zainab.sees("🔀 Request {reference} is looked at on its own now.")
    await Member(town, STAFF_AR).card(references[2])

    # One update reaches all who joined, also where the bot is killed while it waits to go out.
    await _orders(amal, "📣 Tell everybody who joined", UPDATE, "📣 Send it")
    await town.process.kill()
    await town.process.start()
    town.clock.advance(timedelta(minutes=1))
    for one in (ali, sara):
        await one.person.sees(UPDATE[language])

    # Closing it closes all; one says that it is still there, and comes first.
    await _orders(amal, "✅ Close it for all", DONE, "✅ Close the incident")
    town.clock.advance(timedelta(minutes=1))
    for one in (ali, sara):
        await one.sees("✅ <b>What you and others reported is dealt with</b>")
    await sara.taps("🔄 Still here")
    await sara.sees("🔄 Request {reference} is open again, ahead of ordinary requests.")
    await town.all_sent()

    sql = "SELECT reference, status, priority FROM cases ORDER BY id"
    assert [(row["reference"], row["status"], row["priority"]) for row in await town.rows(sql)] == [
        (references[0], "closed", 0),
        (references[1], "reopened", 1),
        (references[2], "received", 0),
    ]
    assert not any(UPDATE[language] in one.text or DONE[language] in one.text for one in zainab.person.messages)
    assert town.sandbox.violations == []


async def _opens(amal: Resident) -> None:
    """Open one everywhere in the capital, from now on."""
    t = amal.t
    await amal.says("/incident")
    await amal.sees("🌧 <b>Incidents</b>")
    await amal.taps("➕ Open a new incident")
    await amal.sees("What do people report? Choose up to {n} categories.")
    await amal.person.taps(next(t.pick_plain(one.name) for one in OFFICES.categories if one.id == "rainwater"))
    await amal.is_answered()
    await amal.taps("Continue")
    await amal.sees("Which municipalities are affected?")
    await amal.taps_first()
    await amal.is_answered()
    await amal.taps("Continue")
    await amal.sees("Where exactly? Type block numbers, for example: {example}")
    await amal.taps("Everywhere in these municipalities")
    await amal.sees("From when on do reports join, and for how long?")
    await amal.taps("Continue")
    await _writes(amal, WELCOME)
    await amal.sees("🌧 <b>Check it before you open it</b>")
    await amal.taps("🔴 Open the incident now")
    await amal.sees("🔴 Incident {n} is open. Its card is in the group.")
    await amal.town.all_sent()


async def _writes(amal: Resident, texts: dict[Language, str]) -> None:
    for language, asks in (
        (Language.AR, "Write it in Arabic, up to {n} characters."),
        (Language.EN, "Write it in English, up to {n} characters."),
    ):
        await amal.sees(asks)
        await amal.says(texts[language])


async def _orders(amal: Resident, what: str, texts: dict[Language, str], go: str) -> None:
    await amal.says("/incident")
    shown = await amal.sees("🌧 <b>Incidents</b>")
    await amal.person.taps(next(label for row in shown.buttons for label in row if "🔴 1" in label))
    await amal.sees("Matching reports join until {moment}.")
    await amal.town.all_sent()
    await amal.taps(what)
    await _writes(amal, texts)
    await amal.sees("You can undo this for {span}.")
    await amal.taps(go)
    await amal.sees("It goes out in {span}. You can undo it before that.")
    await amal.town.all_sent()


async def _reports(resident: Resident, block: int, road: int) -> str:
    """Say it in one sentence, and submit what was understood."""
    await resident.says(FLOODED[resident.t.language].format(block=block, road=road))
    await resident.sees("Check your {kind}")
    await resident.taps("Without my name")
    await resident.sees("By submitting, you agree that the municipality can use")
    await resident.taps("✅ Submit")
    await resident.sees("We have received your complaint.")
    return resident.reference("C")
