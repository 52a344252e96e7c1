"""A promise in time: its owner is reminded, the resident is asked, and what they say counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.actors import resident_actor
from services.cases import resident_actions, staff_actions
from services.cases.actions import Action
from services.promises import outcomes, promises
from services.promises.outcomes import Denied, Outcome, OutcomeKind
from services.promises.promises import Answered, NotAsked
from services.staff.permissions import TELEGRAM
from storage import residents
from storage.promises import Promise, PromiseStatus
from storage.records.bookings import Booking
from storage.records.cases import Case, CaseStatus
from storage.records.residents import Resident
from storage.residents import WALK_IN
from tests.services.promises.conftest import DIRECTOR, DUE, NOORA, STRANGER, Meetings

S = PromiseStatus
_THURSDAY_BEFORE = DUE - timedelta(days=6)  # the office works on Sundays, Wednesdays and Thursdays


async def _now(desk: Meetings, kept: Promise) -> Promise:
    found = await desk.do(promises.by_id, kept.id)
    assert found is not None
    return found


async def _case(desk: Meetings, kept: Promise) -> Case:
    return Case.of((await desk.rows("SELECT * FROM cases WHERE id = :id", id=kept.case_id))[0])


async def _until(desk: Meetings, day: date, clock: str) -> None:
    desk.now = desk.at(day, clock)
    await desk.look()


async def _asked(desk: Meetings) -> tuple[Promise, Booking, Resident]:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    await _until(desk, DUE, "09:00")
    return kept, booking, person


async def test_the_owner_is_reminded_two_working_days_before(desk: Meetings) -> None:
    booking, _ = await desk.met()
    await desk.promised(booking)
    await desk.look()
    await _until(desk, _THURSDAY_BEFORE, "08:59")
    assert not await desk.owed("promise_due")
    await _until(desk, _THURSDAY_BEFORE, "09:00")
    assert len(await desk.owed("promise_due")) == 1
    await _until(desk, DUE, "08:59")
    assert len(await desk.owed("promise_due")) == 1
    assert not await desk.owed("was_it_done")


async def test_a_director_whom_the_bot_cannot_reach_is_owed_nothing(desk: Meetings) -> None:
    async with desk.database.transaction() as tx:
        director = await residents.id_of(tx, TELEGRAM, DIRECTOR.address)
        assert director is not None
        residents.unreachable(tx, director)
    kept, _, person = await _asked(desk)
    assert isinstance(await desk.do(promises.answer, kept.id, person, kept=False), Answered)
    assert await desk.owed("promise_broken") == [f"promise broken:{kept.id}"]  # to the team alone


async def test_the_resident_is_asked_on_the_morning_of_the_day(desk: Meetings) -> None:
    kept, _, _ = await _asked(desk)
    assert len(await desk.owed("was_it_done")) == 1
    assert (await _now(desk, kept)).asked_at == desk.now
    await desk.look()
    assert len(await desk.owed("was_it_done")) == 1


async def test_a_promise_for_a_day_off_is_asked_about_on_the_next_working_day(desk: Meetings) -> None:
    booking, _ = await desk.met()
    friday = DUE + timedelta(days=2)
    await desk.promised(booking, until=friday)
    await _until(desk, friday + timedelta(days=1), "23:00")
    assert not await desk.owed("was_it_done")
    await _until(desk, friday + timedelta(days=2), "09:00")
    assert len(await desk.owed("was_it_done")) == 1


async def test_yes_keeps_the_promise_and_closes_the_case(desk: Meetings) -> None:
    kept, _, person = await _asked(desk)
    said = await desk.do(promises.answer, kept.id, person, kept=True)
    assert isinstance(said, Answered)
    assert ((await _now(desk, kept)).status, (await _case(desk, kept)).status) == (S.KEPT, CaseStatus.CLOSED)
    assert await desk.do(promises.answer, kept.id, person, kept=False) is NotAsked.ANSWERED


async def test_no_makes_the_case_urgent_and_tells_the_director(desk: Meetings) -> None:
    kept, _, person = await _asked(desk)
    assert isinstance(await desk.do(promises.answer, kept.id, person, kept=False), Answered)
    case = await _case(desk, kept)
    assert (case.status, case.priority) == (CaseStatus.RECEIVED, 2)
    assert (await _now(desk, kept)).status is S.NOT_KEPT
    chats = await desk.rows("SELECT chat FROM outbox WHERE payload LIKE '%promise_broken%' ORDER BY id")
    assert [str(row["chat"]) for row in chats] == ["office:capital", "3"]
    assert await desk.do(promises.has_priority, person)


async def test_no_opens_a_case_again_that_staff_called_solved(desk: Meetings) -> None:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    await desk.do(staff_actions.apply, kept.case_id, Action.RESOLVE, NOORA.actor)
    await desk.look()
    assert (await _now(desk, kept)).status is S.DONE_SAID
    await _until(desk, DUE, "09:00")
    await desk.do(promises.answer, kept.id, person, kept=False)
    assert (await _case(desk, kept)).status is CaseStatus.REOPENED
    (owed,) = await desk.do(promises.open_of, person)
    assert owed.broken


async def test_who_confirmed_in_the_case_is_not_asked_again(desk: Meetings) -> None:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    await desk.do(staff_actions.apply, kept.case_id, Action.RESOLVE, NOORA.actor)
    case = await _case(desk, kept)
    await desk.do(resident_actions.confirm_fixed, case.reference, person, True)
    await desk.look()
    after = await _now(desk, kept)
    assert (after.status, after.settled_by) == (S.KEPT, resident_actor(person.id))
    await _until(desk, DUE + timedelta(days=30), "10:00")
    assert not await desk.owed("was_it_done")


async def test_silence_is_asked_about_once_more_and_then_left(desk: Meetings) -> None:
    kept, _, person = await _asked(desk)
    third = DUE + timedelta(days=11)  # Thursday, Sunday, and after the National Day's holidays another Sunday
    await _until(desk, third, "08:59")
    assert len(await desk.owed("was_it_done")) == 1
    await _until(desk, third, "09:00")
    assert len(await desk.owed("was_it_done")) == 2
    await _until(desk, third + timedelta(days=7), "09:00")
    assert (await _now(desk, kept)).status is S.UNCONFIRMED
    await _until(desk, third + timedelta(days=60), "09:00")
    assert len(await desk.owed("was_it_done")) == 2
    assert isinstance(await desk.do(promises.answer, kept.id, person, kept=True), Answered)  # better late


async def test_another_says_nothing_of_it_and_nobody_before_they_are_asked(desk: Meetings) -> None:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    assert await desk.do(promises.answer, kept.id, person, kept=False) is NotAsked.ANSWERED
    await _until(desk, DUE, "09:00")
    stranger = await desk.resident()
    assert await desk.do(promises.answer, kept.id, stranger, kept=False) is NotAsked.UNKNOWN
    assert await desk.do(promises.answer, 999, person, kept=False) is NotAsked.UNKNOWN


async def test_staff_ask_a_visitor_without_telegram_by_phone(desk: Meetings) -> None:
    booking, person = await desk.met()
    async with desk.database.transaction() as tx:
        tx.later("UPDATE residents SET channel = :desk WHERE id = :id", desk=WALK_IN, id=person.id)
    kept = await desk.promised(booking)
    await _until(desk, DUE, "09:00")
    assert not await desk.owed("was_it_done")
    assert len(await desk.owed("promise_to_confirm")) == 1
    assert await desk.do(promises.answer_by_phone, STRANGER, kept.id, kept=True) == Denied()
    assert isinstance(await desk.do(promises.answer_by_phone, NOORA, kept.id, kept=True), Answered)
    after = await _now(desk, kept)
    assert (after.status, after.settled_by) == (S.KEPT, NOORA.actor)


async def test_the_office_does_not_answer_for_whom_the_bot_reaches(desk: Meetings) -> None:
    kept, _, _ = await _asked(desk)
    for said in (True, False, None):
        assert await desk.do(promises.answer_by_phone, NOORA, kept.id, kept=said) is NotAsked.UNKNOWN
    assert (await _now(desk, kept)).status is S.OPEN


async def test_who_stopped_the_bot_is_asked_by_phone_as_well(desk: Meetings) -> None:
    booking, person = await desk.met()
    await desk.promised(booking)
    async with desk.database.transaction() as tx:
        residents.save(tx, person.model_copy(update={"reachable": False}))
    await _until(desk, DUE, "09:00")
    assert len(await desk.owed("promise_to_confirm")) == 1


@pytest.mark.parametrize("clock", ["09:00", "23:30"])
async def test_a_question_that_comes_late_waits_for_the_morning(desk: Meetings, clock: str) -> None:
    booking, _ = await desk.met()
    await desk.promised(booking)
    await _until(desk, DUE, clock)
    [row] = await desk.rows("SELECT not_before FROM outbox WHERE payload LIKE '%was_it_done%'")
    at = str(row["not_before"])
    morning = desk.at(DUE + timedelta(days=1), "08:00") if clock == "23:30" else desk.now
    assert at.replace(" ", "T")[:16] == f"{morning:%Y-%m-%dT%H:%M}"


async def test_another_day_is_asked_about_anew(desk: Meetings) -> None:
    booking, _ = await desk.met()
    first = await desk.promised(booking)
    await _until(desk, DUE, "09:00")
    later = DUE + timedelta(days=14)
    again = await desk.promised(booking, until=later)
    assert (again.id, again.asked_at) == (first.id, None)
    await _until(desk, later, "09:00")
    assert len(await desk.owed("was_it_done")) == 2


async def test_a_promise_that_was_settled_stays_as_it_is(desk: Meetings) -> None:
    kept, booking, person = await _asked(desk)
    await desk.do(promises.answer, kept.id, person, kept=False)
    wrong = await desk.do(outcomes.record, NOORA, booking.id, Outcome(OutcomeKind.SOLVED))
    assert isinstance(wrong, outcomes.NotPossible)
    assert wrong.why is outcomes.Why.SETTLED
