"""The director before, on and after Customer Day, on the running bot: the brief, what changed, the summary.

The bot is started again at each hour, so all of it also survives that.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from bot.app import offices_of, open_context
from bot.sandbox import ADMIN, FATIMA, JOHN, STAFF_AR, BotMessage
from locales import Language
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Person
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.e2e.customer_day import VARIABLE
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import SECONDS, TONGUES, Resident, words
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.starts_at(SUNDAY)
T = TONGUES[Language.AR]


async def _moves_to(town: Municipality, moment: datetime) -> None:
    """Stop the bot, and start it again at that moment."""
    await town.process.stop()
    town.clock.advance(moment - town.clock())
    town.process.environment[VARIABLE] = str(town.clock)
    await town.process.start()


async def _promote(work: Work) -> None:
    """Maryam is the capital's director."""
    admin, member = Person(TELEGRAM, str(ADMIN)), Person(TELEGRAM, str(STAFF_AR))
    invited = known(await permissions.invite(work, admin, OfficeId("capital"), Role.DIRECTOR))
    await permissions.accept(work, member, invited.code)


async def _cancels(resident: Resident) -> None:
    await resident.says("/start")
    await resident.says("/appointments")
    await resident.taps("Cancel")
    await resident.sees("Cancel the appointment? You can give a")
    await resident.taps("The problem was solved")
    await resident.sees("✖️ <b>Your appointment is cancelled.</b>")


def _pdf(shown: BotMessage) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(shown.document or b""))


async def test_the_director_has_the_brief_its_changes_and_the_summary(tmp_path: Path) -> None:
    async with municipality(tmp_path, hired=True) as town:
        async with open_context(town.settings, clock=town.clock) as desk:
            await desk.attempt(_promote)
        director = town.person(STAFF_AR)
        await director.says("/start")
        fatima, john = Resident.of(town, Language.AR, FATIMA), Resident.of(town, Language.EN, JOHN)
        first = await fatima.books("The lamp is broken", phone="33123456")
        await john.books("The permit is late", phone="33123457")
        (row,) = await town.rows(
            "SELECT s.opens_at, s.closes_at FROM bookings b JOIN sessions s ON s.id = b.session_id "
            "WHERE b.reference = :ref",
            ref=first,
        )
        zone = offices_of(town.settings).zone
        opens, closes = (datetime.fromisoformat(str(row[name])).astimezone(zone) for name in ("opens_at", "closes_at"))

        await _moves_to(town, opens.replace(hour=17, minute=0) - timedelta(days=1))
        brief = await director.sees(words(T, "📋 <b>Brief: {session}</b>"), SECONDS)
        assert fatima.person.account.first_name not in brief.text
        await director.taps("📄 ملف PDF", brief.id)
        file = await director.sees(words(T, "This message will be deleted in {hours}."), SECONDS)
        assert len(_pdf(file)) == 1
        assert first in _pdf(file)[0].get_textpage().get_text_range()

        cancelled = await town.rows("SELECT count(*) AS n FROM outbox WHERE key LIKE 'brief:%:again:%'")
        assert cancelled == [{"n": 0}]
        await _cancels(john)
        await _moves_to(town, opens - timedelta(hours=1))
        again = await director.sees(words(T, "<b>Changed since the last brief</b>"), SECONDS)
        assert again.id > brief.id

        await _moves_to(town, closes + timedelta(minutes=31))
        summary = await director.sees(words(T, "📊 <b>Summary: {session}</b>"), SECONDS)
        await town.all_sent()
        assert summary.id > again.id
        assert any(message.photo for message in director.messages if message.id >= summary.id)
        assert town.sandbox.violations == []
