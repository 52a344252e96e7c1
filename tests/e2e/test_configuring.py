"""An administrator changes an office on the running process, which is killed in the middle and after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app import open_context
from bot.sandbox import ADMIN
from locales import Language
from services.offices import changes
from services.offices.changes import Changed, Proposal
from services.offices.configuration import as_json, value_at
from services.offices.yaml_file import Data
from services.staff.permissions import TELEGRAM
from services.staff.permissions import Person as StaffPerson
from services.unit_of_work import Work
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import SECONDS, Resident

NOORA = StaffPerson(TELEGRAM, str(ADMIN))
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.at_some_instants(1, together=True)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("configuring"), hired=True) as started:
        yield started


async def killed(town: Municipality) -> None:
    await town.all_sent()
    await town.process.kill()
    await town.process.start()


async def test_a_change_survives_kill_9_while_it_is_made_and_after(town: Municipality) -> None:
    boss, fatima = Resident(town, town.person(ADMIN), Language.AR), Resident.of(town, Language.AR)
    await boss.says("/offices")
    await boss.sees("Which office do you want to change?")
    await boss.person.taps("أمانة العاصمة")
    await boss.sees("What do you want to change?")
    await boss.taps("☎️ Contact details")
    await boss.person.sees("الخط الساخن")
    await killed(town)

    await boss.person.taps("واتساب")
    await boss.sees("Send the phone number, such as")
    await boss.says("33123456")
    await boss.sees("<b>Check the change</b>")
    await killed(town)

    await boss.taps("✅ Confirm")
    await boss.sees("✅ <b>Changed.</b>")
    await killed(town)

    await fatima.says("/start")
    await fatima.says("/contact")
    shown = await fatima.sees("WhatsApp: {phone}")
    assert "+973 3312 3456" in shown.text
    assert await town.rows("SELECT version, office FROM configuration_changes") == [{"version": 1, "office": "capital"}]
    assert town.sandbox.violations == []


async def test_a_change_by_another_worker_is_seen_without_a_restart(town: Municipality) -> None:
    fatima = Resident.of(town, Language.EN)
    starts = town.process.starts
    async with open_context(town.settings, clock=town.clock) as other:
        await other.attempt(_close_on_sundays)

    await fatima.says("/start")
    async with asyncio.timeout(SECONDS):
        while True:
            await fatima.says("/contact")
            shown = await fatima.sees("<b>Working hours</b>")
            if "Sunday" not in shown.text:
                break
            await asyncio.sleep(0.1)

    assert town.process.starts == starts


async def _close_on_sundays(work: Work) -> None:
    now = await changes.present(work)
    path = ("hours",)
    hours = now.configuration.data["hours"]
    assert isinstance(hours, dict)
    without: Data = {day: span for day, span in hours.items() if day != "sunday"}
    before = value_at(now.configuration.data, path)
    done = await changes.make(work, NOORA, Proposal(path=path, before=before, after=as_json(without)))
    assert isinstance(done, Changed)
