"""What residents do with cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import residents
from services.actors import Actor, resident_actor
from services.cases import answers, resident_actions
from services.cases.resident_actions import (
    CASES_A_DAY,
    Case,
    CaseEventKind,
    CaseKind,
    CaseStatus,
    Closed,
    NewCase,
    Outcome,
    TooMany,
)
from services.cases.workflow import NotAllowed
from services.files import attachments
from services.files.attachments import Sent
from services.open_questions import Nothing
from storage import cases as rows
from storage.database import Database
from storage.ids import Reference
from storage.records.cases import CaseEvent
from tests.services import by_staff
from tests.services.case_builders import BINS, CAPITAL, SEWERAGE, Casework, at

E, S = CaseEventKind, CaseStatus


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


def _new(**more: object) -> NewCase:
    return NewCase(**{"kind": CaseKind.COMPLAINT, "category": BINS, "office": CAPITAL, "words": "x", **more})  # type: ignore[arg-type]


# ---------------------------------------------------------------------------- filing


async def test_a_case_has_a_reference_targets_in_working_days_and_a_card_for_the_staff(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    assert case.reference.startswith("C-")
    assert case.status is S.RECEIVED
    assert case.triage_due == at(2026, 11, 23, 14, 15)
    assert case.update_due == at(2026, 11, 29, 14, 15)  # Friday and Saturday don't count
    assert case.close_due == at(2026, 12, 6, 14, 15)
    assert await casework.events(case) == [E.RECEIVED]
    assert await casework.has_card(case)
    assert await casework.told(fatima) == []  # the conversation says it
    assert await casework.audited(f"case:{case.id}") == [(f"resident:{fatima.id}", "case.submit")]


async def test_the_administrators_closures_move_targets(casework: Casework) -> None:
    async with casework.work() as work:
        await work.tx.run(
            "INSERT INTO closures (office, day, reason, actor, created_at)"
            " VALUES ('', :day, '{\"en\": \"Rain\"}', 'a', :now)",
            day=at(2026, 11, 23, 0).date(),
            now=casework.now,
        )
    case = await casework.case(await casework.resident())
    assert case.triage_due == at(2026, 11, 24, 14, 15)


async def test_what_another_body_deals_with_is_referred_to_it_and_its_clock_stands_still(casework: Casework) -> None:
    case = await casework.case(await casework.resident(), category=SEWERAGE)
    assert (case.status, case.referred_to, case.paused_at) == (S.REFERRED, "works", casework.now)
    assert await casework.events(case) == [E.RECEIVED, E.REFERRED]
    assert await casework.again(case) == case


async def test_ten_cases_a_day_and_again_the_next_day_in_bahrain(casework: Casework) -> None:
    fatima, ali = await casework.resident(), await casework.resident("Ali")
    for _ in range(CASES_A_DAY):
        await casework.case(fatima)
    assert await casework.do(resident_actions.submit, fatima, _new()) == TooMany(CASES_A_DAY, at(2026, 11, 23, 0))
    assert isinstance(await casework.do(resident_actions.submit, ali, _new()), Case)
    casework.now = at(2026, 11, 23, 0, 1)
    assert isinstance(await casework.do(resident_actions.submit, fatima, _new()), Case)


async def test_a_blocked_resident_may_not_submit_until_the_bar_ends(casework: Casework) -> None:
    fatima = await casework.resident()
    until = casework.now + timedelta(days=2)
    blocked = await casework.do(residents.bar, fatima.id, until, "abuse", Actor("admin"))
    assert blocked is not None
    assert await casework.do(resident_actions.submit, blocked, _new()) == TooMany(0, until)
    casework.wait(days=2)
    assert isinstance(await casework.do(resident_actions.submit, blocked, _new()), Case)
    assert await casework.audited(f"resident:{fatima.id}") == [("admin", "resident.bar")]


# ---------------------------------------------------------------------------- looking


async def test_a_foreign_reference_is_as_unknown_as_one_that_never_was(casework: Casework) -> None:
    case = await casework.case(await casework.resident())
    stranger = await casework.resident("Ali")
    assert await casework.do(resident_actions.own, case.reference, stranger) is None
    assert await casework.do(resident_actions.own, Reference("C-0000-000"), stranger) is None
    assert await casework.do(resident_actions.add_information, case.reference, stranger, "x") == Closed(None)
    assert await casework.do(resident_actions.withdraw, case.reference, stranger) == NotAllowed(None)
    assert await casework.do(resident_actions.reopen, case.reference, stranger, "x") == NotAllowed(None)
    assert await casework.do(resident_actions.confirm_fixed, case.reference, stranger, fixed=True) == NotAllowed(None)


async def test_open_cases_come_first_then_the_newest(casework: Casework) -> None:
    fatima = await casework.resident()
    filed = []
    for _ in range(3):
        filed.append(await casework.case(fatima))
        casework.wait(minutes=1)
    await casework.do(resident_actions.withdraw, filed[2].reference, fatima)
    listed = await casework.do(resident_actions.of_resident, fatima.id)
    assert [line.case.id for line in listed] == [filed[1].id, filed[0].id, filed[2].id]
    assert [case.id for case in await casework.do(resident_actions.open_of, fatima.id)] == [filed[1].id, filed[0].id]


async def test_internal_events_never_show_and_residents_words_show_only_to_themselves(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima, words="mine")
    await casework.do(by_staff.note, case.id, "staff", "secret")
    await casework.do(by_staff.reply, case.id, "staff", "official")
    mine = await casework.do(resident_actions.timeline, case, fatima.id)
    assert [(event.what, event.words) for event in mine] == [(E.RECEIVED, "mine"), (E.REPLIED, "official")]
    others = await casework.do(resident_actions.timeline, case)
    assert [(event.what, event.words) for event in others] == [(E.RECEIVED, ""), (E.REPLIED, "official")]


# ---------------------------------------------------------------------------- answering


async def test_an_answer_brings_the_case_back_to_where_it_was_and_the_clock_on(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    await casework.do(by_staff.start_work, case.id, "staff")
    await casework.do(by_staff.ask, case.id, "staff", "Which gate?")
    asked = await casework.again(case)
    assert (asked.status, asked.before_question) == (S.AWAITING_RESIDENT, S.IN_PROGRESS)
    question = await casework.do(resident_actions.open_question, case.id)
    assert question is not None
    assert question.words == "Which gate?"
    casework.wait(days=2)  # two whole working days
    answer = await casework.do(resident_actions.add_information, case.reference, fatima, "The north one")
    assert isinstance(answer, CaseEvent)
    assert answer.detail == str(question.id)
    back = await casework.again(case)
    assert (back.status, back.before_question, back.paused_at) == (S.IN_PROGRESS, None, None)
    assert back.close_due == at(2026, 12, 8, 14, 15)
    assert back.update_due == at(2026, 12, 1, 14, 15)
    assert await casework.do(resident_actions.open_question, case.id) is None
    assert await casework.told_staff() == [E.INFORMATION]
    assert await casework.told(fatima) == [E.WORK_STARTED, E.ASKED]


async def test_a_photo_alone_is_information(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    files = await casework.do(attachments.keep, fatima, [Sent("photo", "r", "u")])
    assert isinstance(files, tuple)
    event = await casework.do(resident_actions.add_information, case.reference, fatima, "", files)
    assert isinstance(event, CaseEvent)
    kept = await casework.do(resident_actions.files_of, case.id)
    assert [(file.id, event_id) for file, event_id in kept] == [(files[0], event.id)]
    assert (await casework.again(case)).version == 1  # staff's buttons stay good


async def test_nothing_is_added_to_what_has_ended(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    await casework.do(resident_actions.withdraw, case.reference, fatima, "moved away")
    closed = await casework.do(resident_actions.add_information, case.reference, fatima, "x")
    assert isinstance(closed, Closed)
    assert closed.case is not None
    assert closed.case.status is S.WITHDRAWN


# ---------------------------------------------------------------------------- ending and opening again


async def test_fixed_closes_and_not_fixed_goes_back_to_the_same_owner_with_new_targets(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    casework.wait(days=1)
    reopened = await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=False, why="Still full")
    assert isinstance(reopened, Case)
    assert (reopened.status, reopened.owner, reopened.outcome) == (S.REOPENED, "noora", Outcome.NOT_FIXED)
    assert (reopened.round, reopened.resolved_at, reopened.answered_at) == (1, None, None)
    assert reopened.close_due == at(2026, 12, 7, 14, 15)
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied, really")
    closed = await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=True)
    assert isinstance(closed, Case)
    assert (closed.status, closed.outcome, closed.round, closed.closed_at) == (S.CLOSED, Outcome.FIXED, 2, casework.now)
    assert await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=True) == NotAllowed(S.CLOSED)
    assert await casework.told_staff() == [E.REOPENED, E.CLOSED]
    assert await casework.told(fatima) == [E.TAKEN_UP, E.RESOLVED, E.RESOLVED]  # not what they did themselves


@pytest.mark.parametrize(("days", "opens"), [(30, True), (31, False)])
async def test_an_ended_case_can_be_opened_again_for_thirty_days(casework: Casework, days: int, opens: bool) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.reject, case.id, "noora", "No such bin")
    casework.wait(days=days)
    again = await casework.do(resident_actions.reopen, case.reference, fatima, "There is")
    if opens:
        assert isinstance(again, Case)
        assert (again.status, again.reference, again.owner) == (S.REOPENED, case.reference, "noora")
        assert again.closed_at is None
    else:
        assert again == NotAllowed(S.REJECTED)


async def test_an_open_case_is_not_opened_again(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    assert await casework.do(resident_actions.reopen, case.reference, fatima, "x") == NotAllowed(S.RECEIVED)
    assert await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=False) == NotAllowed(
        S.RECEIVED
    )


async def test_a_button_that_names_a_reaction_takes_nothing_back(database: Database) -> None:
    desk = Casework(database)
    resident = await desk.resident()
    case = await desk.case(resident)
    async with desk.work() as work:
        actor = resident_actor(resident.id)
        seen = await rows.add_event(work.tx, case.id, work.now, actor, CaseEventKind.SEEN, public=False, words="👍")
    assert await desk.do(answers.take_back, resident, seen.id) == Nothing()
