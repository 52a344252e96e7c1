"""What the clock tells an office's chat: the morning's digest, alarms one by one or together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.cases import due as case_due
from services.casework import daily_digest
from tests.conversations.staff_town import DeskTown, in_arabic
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.services import by_staff

MONDAY = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 07:30 in Bahrain


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


async def _cases(town: DeskTown, count: int) -> None:
    for n in range(count):
        await town.case_of(await town.living(str(3000 + n), f"R{n}"))


# ---------------------------------------------------------------------------- the digest


@pytest.mark.starts_at(SUNDAY)
async def test_the_morning_says_how_the_day_begins_in_the_offices_language(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    town.now = MONDAY
    assert await town.work(daily_digest.run_due) > 0
    digest = town.huda.last
    assert digest.text.lstrip("\u200f").startswith("☀️")
    assert in_arabic(digest.text)
    assert "Fatima" not in digest.text
    await town.huda.taps("⏳")
    assert case.reference in town.huda.last.text  # as a message of its own: the digest stays
    assert town.huda.last.number != digest.number
    assert "Due today" in town.huda.last.text


async def test_an_office_with_nothing_to_do_hears_nothing(town: DeskTown) -> None:
    count = len(town.huda.messages)
    town.now = MONDAY
    await town.work(daily_digest.run_due)
    assert len(town.huda.messages) == count


async def test_a_digest_of_yesterday_is_not_told_today(town: DeskTown, fatima: Person) -> None:
    await town.case_of(fatima)
    count = len(town.huda.messages)
    town.now = MONDAY
    async with town.database.transaction() as tx:
        await daily_digest.run_due(town.desk.work(tx))
    town.now += timedelta(days=1)  # it could not be sent until now
    await town.deliver()
    assert len(town.huda.messages) == count


# ---------------------------------------------------------------------------- alarms


@pytest.mark.starts_at(SUNDAY)
async def test_an_alarm_calls_the_managers_by_name(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    town.now = MONDAY + timedelta(days=1)
    await town.work(case_due.run_due)
    alarm = next(shown for shown in reversed(town.huda.messages) if "Maryam" in shown.text)
    assert case.reference in alarm.text
    assert 'href="tg://user?id=9003"' in alarm.message.text
    assert "9001" not in alarm.message.text


@pytest.mark.starts_at(SUNDAY)
async def test_many_alarms_are_one_message_with_the_worst_first(town: DeskTown) -> None:
    await _cases(town, 7)
    count = len(town.huda.messages)
    town.now = MONDAY + timedelta(days=1)
    await town.work(case_due.run_due)
    (alarm,) = town.huda.messages[count:]
    assert "7" in alarm.text
    assert "tg://user?id=9003" in alarm.message.text
    assert [label for row in alarm.buttons for label in row][:5] == ["4", "3", "2", "1", "5"]
    await town.huda.taps("⏰")
    assert "Overdue (7)" in town.huda.last.text


async def test_what_was_seen_to_meanwhile_is_not_in_the_alarm(town: DeskTown) -> None:
    await _cases(town, 4)
    count = len(town.huda.messages)
    town.now = MONDAY + timedelta(days=1)
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await case_due.run_due(work)
        for case in range(1, 5):
            await by_staff.claim(work, town.huda.person, case)  # type: ignore[arg-type]
    await town.deliver()
    assert all("⏰" not in shown.text for shown in town.huda.messages[count:])


async def test_over_a_weekend_and_a_holiday_the_alarm_waits_for_the_next_working_hour(
    town: DeskTown, fatima: Person
) -> None:
    town.now = datetime(2026, 12, 14, 6, 0, tzinfo=UTC)  # Monday; Wednesday and Thursday are the National Day
    case = await town.case_of(fatima)  # to be looked at by Tuesday's end
    on_answer = []
    while town.now < datetime(2026, 12, 21, 0, 0, tzinfo=UTC):
        town.now += timedelta(minutes=30)
        before = len(town.huda.messages)
        await town.work(case_due.run_due)
        if len(town.huda.messages) > before:
            on_answer.append(town.now.astimezone(town.offices.zone).strftime("%a %d %H:%M"))
    assert on_answer[:2] == ["Tue 15 12:00", "Sun 20 07:00"]
    assert case.reference in town.huda.sees("Maryam").text
