"""A manager reads a report on the running bot: the figures, the charts, the spreadsheet, the open data."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from bot.app import open_context
from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN
from locales import Language
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Person
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.e2e.desk import Member, many_cases
from tests.e2e.process import municipality
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.starts_at(SUNDAY)
CASES = 6  # fewer than would be a flood


async def reads(member: Member, language: Language) -> None:
    """The report of the month with all that it opens."""
    t = member.t
    assert t.language is language
    await member.says("/report capital")
    shown = await member.sees("Report: {office}")
    assert str(CASES) in shown.text
    await member.taps("📈 Charts", shown.id)
    await member.sees("📈 {about}")
    await member.town.all_sent()
    pictures = [message.photo for message in member.person.messages if message.id > shown.id and message.photo]
    assert len(pictures) == 2  # nothing has been rated, and none has a block
    assert all(Image.open(io.BytesIO(picture)).width == 900 for picture in pictures)
    await member.taps("📗 Excel", shown.id)
    book = openpyxl.load_workbook(io.BytesIO((await member.sees("📗 {about}")).document or b""))
    assert {page.sheet_view.rightToLeft or False for page in book.worksheets} == {t.rtl}
    assert [row[1] for row in book.worksheets[0].iter_rows(values_only=True)].count(CASES) == 2  # received, and open
    await member.taps("Open data (JSON)", shown.id)
    file = await member.sees("This file names nobody. Numbers below {n} are hidden, so it can be published.")
    assert {"measure": "received", "count": CASES} in json.loads(file.document or b"")["tables"]["summary"]


async def test_the_report_is_read_in_both_languages(tmp_path: Path) -> None:
    async with municipality(tmp_path, hired=True) as town:
        await many_cases(town, CASES)
        async with open_context(town.settings, clock=town.clock) as desk:
            await desk.attempt(_promote)
        for person, language in ((STAFF_EN, Language.EN), (STAFF_AR, Language.AR)):
            await town.all_sent()
            await reads(Member(town, person), language)


async def _promote(work: Work) -> None:
    """The member who reads English leads the capital's team too."""
    admin, member = (Person(TELEGRAM, str(one)) for one in (ADMIN, STAFF_EN))
    invited = known(await permissions.invite(work, admin, OfficeId("capital"), Role.MANAGER))
    await permissions.accept(work, member, invited.code)


async def test_the_weeks_report_comes_once_whenever_the_bot_is_started_again(tmp_path: Path) -> None:
    async with municipality(tmp_path, hired=True, in_process=True) as town:
        await many_cases(town, CASES)
        await town.all_sent()
        team = Member(town, STAFF_AR)
        await town.task.advance(timedelta(days=7))
        await team.sees_posted("🗓 Weekly report")
        await town.task.stop()
        await town.task.start()
        await town.task.advance(timedelta(hours=1))
        await town.all_sent()
        told = [message for message in team.person.messages if "🗓" in message.text]
        assert len(told) == 1
        assert str(CASES) in told[0].text
