"""What time does to cases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.cases import due as case_due
from services.cases import duplicates, resident_actions
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus, Outcome
from storage.database import Database
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.case_builders import SEWERAGE, Casework, at

E, S = CaseEventKind, CaseStatus


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


@pytest.fixture
async def case(casework: Casework, fatima: Resident) -> Case:
    return await casework.case(fatima)


async def _pass(casework: Casework, *moment: int) -> None:
    """Let time pass up to a moment, the clock looking every half hour as the bot's does every few seconds."""
    until = at(*moment)
    while casework.now < until:
        casework.wait(minutes=30)
        casework.now = min(casework.now, until)
        await casework.do(case_due.run_due)


# ---------------------------------------------------------------------------- the date that was given


async def test_whoever_was_given_a_date_hears_once_that_it_has_passed(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    await _pass(casework, 2026, 11, 22, 20, 0)
    assert await casework.told(fatima) == []
    await _pass(casework, 2026, 12, 20, 12, 0)  # by then every date has passed
    assert await casework.told(fatima) == [E.OVERDUE]


async def test_whoever_was_answered_in_time_hears_of_no_delay(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await _pass(casework, 2026, 11, 28, 9, 0)
    assert await casework.told(fatima) == [E.RESOLVED]


# ---------------------------------------------------------------------------- silence


async def test_a_week_of_silence_closes_as_unconfirmed(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await _pass(casework, 2026, 11, 29, 8, 59)
    assert (await casework.again(case)).status is S.RESOLVED
    await _pass(casework, 2026, 11, 29, 9, 0)
    closed = await casework.again(case)
    assert (closed.status, closed.outcome, closed.look_at) == (S.CLOSED, Outcome.UNCONFIRMED, None)
    assert await casework.told(fatima) == [E.RESOLVED, E.CLOSED]
    assert await casework.do(case_due.run_due) == 0


async def test_who_adds_something_is_not_silent(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await _pass(casework, 2026, 11, 28, 9, 0)
    await casework.do(resident_actions.add_information, case.reference, fatima, "Still full")
    await _pass(casework, 2026, 12, 5, 8, 59)
    assert (await casework.again(case)).status is S.RESOLVED
    await _pass(casework, 2026, 12, 5, 9, 0)
    assert (await casework.again(case)).status is S.CLOSED


async def test_nobody_hears_of_a_closing_at_night(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima)
    casework.now = at(2026, 11, 22, 23, 0)
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    casework.now = at(2026, 11, 29, 23, 0)
    await casework.do(case_due.run_due)
    assert (await casework.again(case)).status is S.CLOSED
    assert (await casework.due_times(fatima))[-1] == at(2026, 11, 30, 8, 0)


async def test_what_the_resident_confirmed_is_left_alone(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=True)
    casework.wait(days=8)
    assert await casework.do(case_due.run_due) == 0


# ---------------------------------------------------------------------------- questions


async def test_an_open_question_is_recalled_once_to_whose_case_it_is(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    ali = await casework.resident("Ali")
    await casework.do(duplicates.join, case.id, ali)
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await _pass(casework, 2026, 11, 25, 8, 30)
    assert await casework.told(fatima) == [E.ASKED]
    await _pass(casework, 2026, 12, 5, 12, 0)
    assert await casework.told(fatima) == [E.ASKED, E.REMINDED]
    assert await casework.told(ali) == [E.ASKED]


async def test_a_new_question_is_recalled_anew(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await _pass(casework, 2026, 11, 26, 12, 0)
    await casework.do(by_staff.ask, case.id, "noora", "At least which road?")
    await _pass(casework, 2026, 12, 5, 12, 0)
    assert await casework.told(fatima) == [E.ASKED, E.REMINDED, E.ASKED, E.REMINDED]


async def test_an_answered_question_is_not_recalled(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await casework.do(resident_actions.add_information, case.reference, fatima, "Here")
    await _pass(casework, 2026, 11, 26, 12, 0)
    assert E.REMINDED not in await casework.told(fatima)


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ((2026, 11, 22, 7, 59), (2026, 11, 25, 8, 0)),
        ((2026, 11, 22, 20, 59), (2026, 11, 25, 20, 59)),
        ((2026, 11, 22, 21, 0), (2026, 11, 26, 8, 0)),
    ],
)
async def test_a_reminder_waits_for_the_day(
    casework: Casework, case: Case, fatima: Resident, asked: tuple[int, ...], heard: tuple[int, ...]
) -> None:
    casework.now = at(*asked)
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    casework.wait(days=3)
    await casework.do(case_due.run_due)
    assert (await casework.due_times(fatima))[-1] == at(*heard)


# ---------------------------------------------------------------------------- targets


async def _alarms(casework: Casework, case: Case) -> list[tuple[str, str, str]]:
    async with casework.work() as work:
        history = await resident_actions.history(work, case)
    zone = at(2026, 1, 1).tzinfo
    return [
        (event.what.value, event.detail, event.at.astimezone(zone).strftime("%d %H:%M"))
        for event in history
        if event.what in {E.WARNED, E.OVERDUE}
    ]


async def test_targets_warn_and_alarm_once_in_working_hours(casework: Casework, case: Case) -> None:
    await _pass(casework, 2026, 12, 20, 12, 0)
    assert await _alarms(casework, case) == [
        ("warned", "triage", "23 12:00"),
        ("overdue", "triage", "24 07:00"),  # it ran out as the office shut
        ("warned", "update", "26 13:00"),
        ("overdue", "update", "30 07:00"),
        ("warned", "close", "02 13:30"),
        ("overdue", "close", "07 07:00"),
        ("overdue", "hard_limit", "13 07:00"),  # four working days after the promised one
    ]
    assert (await casework.told_staff()).count(E.OVERDUE) == 4
    assert (await casework.again(case)).look_at is None


async def test_a_target_that_was_met_alarms_nobody(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.reply, case.id, "noora", "On Monday")
    await _pass(casework, 2026, 12, 2, 10, 0)
    assert await _alarms(casework, case) == []
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=True)
    await _pass(casework, 2026, 12, 10, 10, 0)
    assert await _alarms(casework, case) == []


async def test_while_others_are_to_act_the_clock_stands_still(casework: Casework, fatima: Resident) -> None:
    referred = await casework.case(fatima, category=SEWERAGE)
    await _pass(casework, 2026, 12, 20, 12, 0)
    assert await _alarms(casework, referred) == []


async def test_after_an_outage_only_the_alarm_is_raised_not_the_warning_too(casework: Casework, case: Case) -> None:
    casework.now = at(2026, 12, 8, 10, 0)
    await casework.do(case_due.run_due)
    assert [(what, target) for what, target, _ in await _alarms(casework, case)] == [
        ("overdue", "triage"),
        ("overdue", "update"),
        ("overdue", "close"),
    ]
    assert (await casework.told_staff()).count(E.OVERDUE) == 1  # all three are in the history
    assert await casework.do(case_due.run_due) == 0


async def test_of_targets_that_pass_close_together_staff_are_told_once(casework: Casework, case: Case) -> None:
    await casework.do(by_staff.take_up, case.id, "noora")
    promised = at(2026, 12, 2, 10, 0)
    await _promised(casework, case, answer=promised, closure=promised + timedelta(minutes=30))
    await _pass(casework, 2026, 12, 2, 12, 0)
    assert [(what, target) for what, target, _ in await _alarms(casework, case)][-2:] == [
        ("overdue", "update"),
        ("overdue", "close"),
    ]
    assert (await casework.told_staff()).count(E.OVERDUE) == 1


async def test_a_graver_alarm_is_told_right_after_a_warning(casework: Casework, case: Case) -> None:
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.reply, case.id, "noora", "On Monday")
    casework.now = at(2026, 12, 6, 13, 45)
    await casework.do(case_due.run_due)
    await _promised(casework, case, answer=casework.now, closure=casework.now + timedelta(minutes=10))
    casework.wait(minutes=10)
    await casework.do(case_due.run_due)
    assert (await casework.told_staff())[-2:] == [E.WARNED, E.OVERDUE]


async def _promised(casework: Casework, case: Case, *, answer: datetime, closure: datetime) -> None:
    """Have the answer and the closure promised for these moments."""
    async with casework.work() as work:
        sql = "UPDATE cases SET update_due = :answer, close_due = :closure, look_at = :now WHERE id = :id"
        work.tx.later(sql, answer=answer, closure=closure, now=casework.now, id=case.id)


async def test_a_reopened_case_has_targets_of_its_own(casework: Casework, case: Case, fatima: Resident) -> None:
    await _pass(casework, 2026, 12, 7, 10, 0)
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=False)
    before = len(await _alarms(casework, case))
    await _pass(casework, 2026, 12, 9, 10, 0)
    assert [(what, target) for what, target, _ in (await _alarms(casework, case))[before:]] == [
        ("warned", "triage"),
        ("overdue", "triage"),
    ]


async def test_no_more_than_the_limit_are_seen_to_at_a_time(casework: Casework, fatima: Resident) -> None:
    for _ in range(3):
        await casework.case(fatima)
    casework.now = at(2026, 12, 8, 10, 0)
    assert [await casework.do(case_due.run_due, limit=2) for _ in range(3)] == [2, 1, 0]
