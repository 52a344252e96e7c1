"""The morning's digest, and one message instead of a flood of alarms."""

from __future__ import annotations

from typing import TypeVar

import pytest

from services.actors import Actor
from services.bookings import sessions
from services.cases import due as case_due
from services.cases.resident_actions import CaseEventKind
from services.casework import daily_digest
from services.notify.notices.cases import StaffAlarms
from services.notify.notices.kinds import ANY_NOTICE
from services.notify.notices.reports import MorningDigest
from services.staff import permissions
from services.staff.permissions import Person
from storage.database import Database
from storage.ids import ChatId, OfficeId
from storage.records.staff import Role
from storage.translations import Translations
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, NORTHERN, OFFICES, Casework, at

N = TypeVar("N", MorningDigest, StaffAlarms)
ADMIN = Person("telegram", "1", "Amal")


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database, admins=frozenset({ADMIN.address}))


async def _owed(casework: Casework, kind: type[N]) -> list[N]:
    async with casework.work() as work:
        rows = await work.tx.all("SELECT payload FROM outbox WHERE kind = 'notice' ORDER BY id")
    notices = [ANY_NOTICE.validate_json(str(row["payload"])) for row in rows]
    return [notice for notice in notices if isinstance(notice, kind)]


async def _days(casework: Casework, office: OfficeId = CAPITAL) -> list[int]:
    return [notice.day.day for notice in await _owed(casework, MorningDigest) if notice.office == office]


async def _run(casework: Casework, *moment: int) -> int:
    casework.now = at(*moment)
    return await casework.do(daily_digest.run_due)


# ---------------------------------------------------------------------------- when


async def test_each_office_with_a_chat_hears_once_in_the_morning(casework: Casework) -> None:
    assert await _run(casework, 2026, 11, 23, 7, 29) == 0
    assert await _run(casework, 2026, 11, 23, 7, 30) == 2
    assert await _run(casework, 2026, 11, 23, 7, 31) == 0
    assert {notice.office for notice in await _owed(casework, MorningDigest)} == {CAPITAL, NORTHERN}
    assert await _run(casework, 2026, 11, 24, 7, 30) == 2
    assert await _days(casework) == [23, 24]


async def test_a_day_off_begins_without_one(casework: Casework) -> None:
    assert await _run(casework, 2026, 11, 27, 8, 0) == 0  # a Friday
    assert await _run(casework, 2026, 12, 16, 8, 0) == 0  # the National Day
    async with casework.work() as work:
        await sessions.close_day(
            work, NORTHERN, at(2026, 11, 30).date(), Translations({"ar": "صيانة", "en": "Repairs"}), Actor("test")
        )
    assert await _run(casework, 2026, 11, 30, 8, 0) == 1
    assert await _days(casework, NORTHERN) == []


async def test_after_an_outage_it_comes_late_but_not_after_hours(casework: Casework) -> None:
    assert await _run(casework, 2026, 11, 23, 14, 15) == 0
    assert await _run(casework, 2026, 11, 24, 14, 14) == 2


async def test_in_ramadan_it_comes_when_the_office_opens(casework: Casework) -> None:
    assert await _run(casework, 2027, 2, 15, 7, 45) == 0
    assert await _run(casework, 2027, 2, 15, 8, 0) == 2


async def test_a_chat_that_was_linked_gets_one_too(casework: Casework) -> None:
    await casework.do(permissions.link, ADMIN, OfficeId("muharraq"), ChatId("-88"), None)
    assert await _run(casework, 2026, 11, 23, 7, 30) == 3


# ---------------------------------------------------------------------------- what it says


async def test_it_says_how_the_cases_stand(casework: Casework) -> None:
    casework.now = at(2026, 11, 22, 7, 0)
    fatima = await casework.resident()
    owned = await casework.case(fatima)
    made = await casework.do(permissions.invite, ADMIN, CAPITAL, Role.AGENT)
    assert made is not None
    await casework.do(permissions.accept, Person("telegram", "2", "Noora"), made.code)
    await casework.do(by_staff.claim, Person("telegram", "2", "Noora"), owned.id)
    casework.now = at(2026, 11, 22, 9, 0)
    await casework.case(fatima)
    await casework.case(fatima, office=NORTHERN)
    casework.now = at(2026, 11, 23, 7, 30)
    day = await casework.do(daily_digest.morning, CAPITAL)
    counts = day.counts
    assert (counts.new, counts.open, counts.unowned, counts.due, counts.overdue) == (1, 2, 1, 1, 0)
    assert day.since == at(2026, 11, 22, 7, 30)


async def test_what_is_new_counts_from_the_last_working_days_morning(casework: Casework) -> None:
    casework.now = at(2026, 11, 29, 7, 30)  # a Sunday
    day = await casework.do(daily_digest.morning, CAPITAL)
    assert day.since == at(2026, 11, 26, 7, 30)
    assert day.is_empty


# ---------------------------------------------------------------------------- alarms


@pytest.mark.parametrize(("many", "one_by_one"), [(3, True), (4, False)])
async def test_of_many_alarms_at_once_there_is_one_message(casework: Casework, many: int, one_by_one: bool) -> None:
    cases = [await casework.case(await casework.resident()) for _ in range(many)]
    await casework.case(await casework.resident(), office=NORTHERN)
    casework.now = at(2026, 11, 24, 7, 0)
    await casework.do(case_due.run_due)
    digests_ = await _owed(casework, StaffAlarms)
    assert await casework.told_staff() == ([CaseEventKind.OVERDUE] * many if one_by_one else [])
    assert [(one.office, len(one.events)) for one in digests_] == ([] if one_by_one else [(CAPITAL, many)])
    assert await casework.told_staff("northern") == [CaseEventKind.OVERDUE]
    assert {(await casework.again(case)).priority for case in cases} == {1}


async def test_alarms_raise_the_priority_up_to_the_highest(casework: Casework) -> None:
    case = await casework.case(await casework.resident())
    priorities = []
    for day in (24, 30, 37, 40):
        casework.now = at(2026, 11 if day <= 30 else 12, day if day <= 30 else day - 30, 8, 0)
        await casework.do(case_due.run_due)
        priorities.append((await casework.again(case)).priority)
    assert priorities == [1, 2, 3, 3]
    assert OFFICES.get(CAPITAL) is not None
