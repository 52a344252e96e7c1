"""The link of a confirmation, opened on the bot's own web server as a phone would behind the public address."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from locales import Language
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident

PUBLIC = "https://bot.example.org"


@pytest.mark.at_some_instants(2, together=True)
async def test_add_to_calendar_opens_the_appointment_and_still_does_after_a_restart(tmp_path: Path) -> None:
    async with municipality(tmp_path, PUBLIC_URL=PUBLIC) as town:
        resident = Resident.of(town, Language.AR)
        reference = await resident.books()
        label = resident.t.plain("Add to calendar")
        (link,) = [key.url for row in resident.person.last.keys for key in row if label in key.label]
        assert link.startswith(f"{PUBLIC}/calendar/{reference}.")

        assert await _summary(town, link) == "يوم العميل – أمانة العاصمة"
        await town.process.kill()
        await town.process.start()
        assert await _summary(town, link) == "يوم العميل – أمانة العاصمة"


async def _summary(town: Municipality, link: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(link.replace(PUBLIC, town.bot.url)) as answer:
        assert answer.status == 200
        (event,) = Calendar.from_ical(await answer.read()).walk("VEVENT")
    return str(event["SUMMARY"])
