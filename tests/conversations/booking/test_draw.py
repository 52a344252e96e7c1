"""A day that is drawn, from the administrator who decides it to the resident who gets a time, in both languages."""

from __future__ import annotations

import hashlib
import re

import pytest

from services.bookings import draws, waiting_list
from services.bookings.bookings import Booking, Details
from services.bookings.special_sessions import UNDO_FOR
from services.unit_of_work import Work
from storage.database import Database, Dialect
from storage.ids import SessionId
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import by_address

pytestmark = pytest.mark.starts_at(SUNDAY)
HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


@pytest.fixture
async def town(database: Database) -> ConfiguringTown:
    """An administrator has the Capital's days drawn two days before."""
    town = ConfiguringTown(database)
    await town.opens()
    boss = town.boss
    await boss.says("/offices")
    for label in ("Capital Municipality", "Weekly Customer Day"):
        await boss.taps(label)
    await boss.taps(boss.buttons[0][0])
    boss.sees("Days before, when times are drawn: first come, first served")
    await boss.taps("Days before, when times are drawn")
    await boss.says("2")
    await boss.taps("Confirm")
    return town


async def draw(town: ConfiguringTown) -> None:
    [row] = await town.rows("SELECT session_id FROM draws ORDER BY draws_at LIMIT 1")
    found = await town.work(lambda work: draws.of(work, SessionId(int(str(row["session_id"])))))
    assert found is not None
    town.now = found.draws_at
    await town.work(lambda work: draws.run_due(work, 1))


async def test_a_resident_applies_and_is_drawn(town: ConfiguringTown) -> None:
    fatima = town.resident()
    await fatima.says("/book")
    await fatima.taps("Capital")
    await fatima.taps("by draw")
    fatima.sees("are given by a draw")
    [code] = HEX.findall(fatima.last.text)
    await fatima.taps("Apply for the draw")
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Apply for the draw")
    assert code in fatima.sees("You have applied for the draw.").text

    await draw(town)
    [key] = HEX.findall(fatima.sees("The draw gave you this appointment.").text)
    assert hashlib.sha256(key.encode()).hexdigest() == code


async def _applies_in_arabic(salma: Person) -> None:
    await salma.says("/book")
    await salma.taps("أمانة العاصمة")
    await salma.taps("بالقرعة")
    await salma.taps("التقدم للقرعة")
    await salma.says("تأخر الترخيص")
    await salma.taps("استكمال")
    await salma.says("33123456")
    await salma.taps("التقدم للقرعة")


async def test_whoever_is_not_drawn_waits_and_reads_it_in_arabic(town: ConfiguringTown) -> None:
    salma = town.resident("1002", "سلمى علي", "ar")
    await _applies_in_arabic(salma)
    salma.sees("تم تسجيلكم في القرعة")
    await town.rows("UPDATE slots SET capacity = 0 WHERE starts_at > (SELECT min(starts_at) FROM slots) RETURNING id")
    await town.rows("UPDATE slots SET released_at = bookable_until RETURNING id")
    await draw(town)
    salma.sees("لم تحصلوا على موعد في القرعة")
    assert all(in_arabic(shown.text) for shown in salma.messages)


async def test_the_draw_of_an_extra_session_is_switched_off_and_that_is_undone(town: ConfiguringTown) -> None:
    boss, day = town.boss, town.weekday_off()
    await boss.says("/offices")
    for label in ("Capital Municipality", "📅 Sessions", "Extra session"):
        await boss.taps(label)
    for said in (f"{day}", "10-11"):
        await boss.says(said)
    await boss.taps("Confirm")
    [row] = await town.rows("SELECT id FROM sessions WHERE by_hand AND day = :day", day=day)
    session = SessionId(int(str(row["id"])))

    async def tap(route: str, *labels: str) -> None:
        await boss.taps_data(f"do:{route}:{session}:0")
        for label in labels:
            await boss.taps(label)

    await tap("session_draw", "1 day")
    salma = town.resident("1002", "سلمى علي", "ar")
    await salma.says("/start")
    await town.work(lambda work: _applies(work, session, salma.address))
    await tap("session_draw_off")
    boss.sees("1 person has applied.")
    await boss.taps("Confirm", repeat=2)
    await boss.taps("Undo, keep the draw")
    boss.sees("The draw is kept.")
    await town.wait(UNDO_FOR)
    assert await town.work(lambda work: draws.run_due(work, 1)) == 0

    await tap("session_draw_off", "Confirm")
    assert await town.work(lambda work: draws.run_due(work, 1)) == 0
    await town.wait(UNDO_FOR)
    assert await town.work(lambda work: draws.run_due(work, 1)) == 1
    await town.by_day()
    told = salma.sees("حصلتم على موعد دون قرعة")
    assert "بأسبقية التقديم" in told.text
    await tap("session_draw_keep")
    boss.sees("it is too late to keep it")


async def _applies(work: Work, session: SessionId, address: str) -> None:
    resident = await by_address(work.tx, "telegram", address)
    assert resident is not None
    details = Details(topic="permits", words="The permit is late", name="Salma", phone="+97333123456")
    applied = await waiting_list.join(work, session, resident, details)
    assert isinstance(applied, Booking)
