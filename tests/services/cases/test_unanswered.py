"""A question that a resident leaves unanswered: recalled once, then told to the team, in working days."""

from __future__ import annotations

import pytest

from services.cases import due as case_due
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseEventKind
from storage import residents
from storage.database import Database
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.case_builders import Casework, at

E = CaseEventKind
THURSDAY = (2026, 11, 26)


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


@pytest.fixture
async def case(casework: Casework, fatima: Resident) -> Case:
    """A question about it was asked on Thursday at 10:00."""
    filed = await casework.case(fatima)
    casework.now = at(*THURSDAY, 10, 0)
    await casework.do(by_staff.ask, filed.id, "noora", "Where?")
    return filed


async def _pass(casework: Casework, *moment: int) -> None:
    """Let time pass up to a moment, the clock looking every half hour."""
    until = at(*moment)
    while casework.now < until:
        casework.wait(minutes=30)
        casework.now = min(casework.now, until)
        await casework.do(case_due.run_due)


async def test_it_is_recalled_after_three_days_on_which_the_office_works(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    await _pass(casework, 2026, 12, 1, 9, 30)
    assert E.REMINDED not in await casework.told(fatima)
    await _pass(casework, 2026, 12, 1, 10, 0)  # Friday and Saturday do not count
    assert (await casework.told(fatima))[-1] is E.REMINDED


async def test_a_day_on_which_the_office_is_closed_does_not_count(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    filed = await casework.case(fatima, words="Another", category="parks")
    async with casework.work() as work:
        await work.tx.run(
            "INSERT INTO closures (office, day, reason, actor, created_at)"
            " VALUES ('capital', :day, '{}', 'staff:1', :at)",
            day=at(2026, 11, 30).date(),
            at=casework.now,
        )
    await casework.do(by_staff.ask, filed.id, "noora", "Which tree?")
    await _pass(casework, 2026, 12, 1, 12, 0)
    assert (await casework.told(fatima)).count(E.REMINDED) == 0
    await _pass(casework, 2026, 12, 2, 10, 0)
    assert (await casework.told(fatima)).count(E.REMINDED) == 2


async def test_the_team_is_told_once_after_three_more_working_days(casework: Casework, case: Case) -> None:
    await _pass(casework, 2026, 12, 6, 9, 30)
    assert E.UNANSWERED not in await casework.told_staff()
    await _pass(casework, 2026, 12, 6, 10, 0)
    assert (await casework.told_staff()).count(E.UNANSWERED) == 1
    await _pass(casework, 2026, 12, 22, 10, 0)
    assert (await casework.told_staff()).count(E.UNANSWERED) == 1


async def test_the_team_is_told_in_its_hours(casework: Casework, fatima: Resident) -> None:
    filed = await casework.case(fatima)
    casework.now = at(*THURSDAY, 20, 0)
    await casework.do(by_staff.ask, filed.id, "noora", "Where?")
    await _pass(casework, 2026, 12, 6, 23, 0)
    assert E.UNANSWERED not in await casework.told_staff()
    await _pass(casework, 2026, 12, 7, 8, 0)
    assert E.UNANSWERED in await casework.told_staff()


async def test_of_who_cannot_be_reminded_the_team_hears_at_once(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    async with casework.work() as work:
        residents.unreachable(work.tx, fatima.id)
    await _pass(casework, 2026, 12, 1, 10, 0)
    assert E.UNANSWERED in await casework.told_staff()
    assert E.REMINDED not in await casework.told(fatima)


async def test_nobody_is_told_of_what_was_answered(casework: Casework, case: Case, fatima: Resident) -> None:
    await _pass(casework, 2026, 12, 2, 10, 0)
    await casework.do(resident_actions.add_information, case.reference, fatima, "Here")
    await _pass(casework, 2026, 12, 22, 10, 0)
    assert E.UNANSWERED not in await casework.told_staff()


async def test_a_question_that_is_asked_again_begins_anew(casework: Casework, case: Case) -> None:
    await _pass(casework, 2026, 12, 6, 10, 0)
    await casework.do(by_staff.ask, case.id, "noora", "At least the road?")
    await _pass(casework, 2026, 12, 22, 10, 0)
    assert (await casework.told_staff()).count(E.UNANSWERED) == 2
