"""A wrong tap is taken back: for a few minutes, once, while nothing has changed since, and with what came of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.actors import CLOCK
from services.bookings import attendance, bookings, desk_actions, sessions
from services.bookings.bookings import Booking
from services.promises import outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from services.staff.permissions import Person
from services.visits import line, undo, visits
from services.visits.states import UNDO_FOR, Step
from services.visits.undo import NotUndone, Undone, Why
from services.visits.visits import Denied
from storage.database import Database
from storage.records.bookings import BookingStatus
from storage.records.cases import CaseStatus
from storage.visits import TakenStep, Visit, VisitStatus
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule

S, T = VisitStatus, TakenStep
NOORA = Person("telegram", "2", "Noora")
HUDA = Person("telegram", "4", "Huda")
STRANGER = Person("telegram", "3", "Somebody")


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> DeskUnderTest:
    desk = await open_desk(database, offices(tmp_path, rule()))
    async with database.transaction() as tx:
        for person in (NOORA, HUDA):
            await give_role(tx, person, CAPITAL, desk.now)
    return desk


async def _booked(desk: DeskUnderTest, count: int) -> list[Booking]:
    session = (await desk.days())[0]
    free = await desk.do(sessions.free_slots, session.id)
    seats = [one.slot for one in free for _ in range(one.free)]
    booked = [await desk.book(slot) for slot in seats[:count]]
    desk.now = desk.at(FIRST_DAY, "09:00")
    return booked


async def _come(desk: DeskUnderTest, count: int = 1) -> list[Booking]:
    booked = await _booked(desk, count)
    for booking in booked:
        assert isinstance(await desk.do(visits.arrive, booking, NOORA.actor), Visit)
    return booked


async def _step(desk: DeskUnderTest, booking: Booking, *steps: Step) -> Visit:
    after: object = None
    for step in steps:
        desk.now += timedelta(seconds=20)
        after = await desk.do(visits.act, NOORA, booking.id, step)
    assert isinstance(after, Visit), after
    return after


async def _undone(desk: DeskUnderTest, visit: Visit, agreed: int = 0) -> Visit:
    done = await desk.do(undo.undo, HUDA, visit.booking_id, visit.version, agreed)
    assert isinstance(done, Undone), done
    return done.visit


@pytest.mark.parametrize(
    ("before", "step", "back"),
    [
        ((), Step.CALL, S.WAITING),
        ((), Step.ENTER, S.WAITING),
        ((Step.CALL,), Step.ENTER, S.CALLED),
        ((Step.CALL,), Step.NOT_HERE, S.CALLED),
        ((Step.CALL, Step.NOT_HERE), Step.CALL, S.ABSENT),
        ((Step.CALL, Step.ENTER), Step.FINISH, S.INSIDE),
        ((), Step.FINISH, S.WAITING),
    ],
)
async def test_it_stands_again_as_it_stood_before(
    desk: DeskUnderTest, before: tuple[Step, ...], step: Step, back: VisitStatus
) -> None:
    (booking,) = await _come(desk)
    if before:
        await _step(desk, booking, *before)
    stood = await desk.do(visits.of, booking.id)
    assert stood is not None
    after = await _undone(desk, await _step(desk, booking, step))
    assert after.status is back
    assert (after.due_at, after.called_at, after.entered_at) == (stood.due_at, stood.called_at, stood.entered_at)
    assert after.done_at is None
    now = await desk.do(bookings.by_id, booking.id)
    assert now is not None
    assert now.status is BookingStatus.CHECKED_IN
    assert not await desk.owed("rate_meeting", booking)
    (line_of_audit,) = await desk.rows("SELECT actor, detail FROM audit WHERE action = 'visit.undone'")
    assert line_of_audit["actor"] == HUDA.actor


async def test_what_was_taken_back_is_not_taken_back_twice(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    visit = await _step(desk, booking, Step.CALL, Step.ENTER)
    await _undone(desk, visit)
    again = await desk.do(undo.undo, NOORA, booking.id, visit.version)
    assert isinstance(again, NotUndone)
    assert again.why is Why.CHANGED


async def test_after_the_last_step_those_before_it_are_taken_back_one_by_one(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    visit = await _step(desk, booking, Step.CALL, Step.ENTER, Step.FINISH)
    for back in (S.INSIDE, S.CALLED, S.WAITING):
        visit = await _undone(desk, visit)
        assert visit.status is back
    nothing_left = await desk.do(undo.undo, NOORA, booking.id, visit.version)
    assert isinstance(nothing_left, NotUndone)


async def test_what_others_did_in_between_ends_the_chain(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    await _step(desk, booking, Step.CALL, Step.NOT_HERE, Step.RETURN)
    visit = await _step(desk, booking, Step.CALL)
    after = await _undone(desk, visit)
    assert isinstance(await desk.do(undo.undo, NOORA, booking.id, after.version), NotUndone)


async def test_reopening_a_visit_owes_its_card_once(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    visit = await _step(desk, booking, Step.CALL, Step.ENTER, Step.FINISH)
    now = "SELECT id FROM outbox WHERE supersedes = :group AND not_before <= created_at"
    before = await desk.rows(now, group=f"booking_card_notice:{booking.id}")
    await _undone(desk, visit)
    assert len(await desk.rows(now, group=f"booking_card_notice:{booking.id}")) == len(before) + 1


async def test_of_two_who_take_it_back_at_once_one_does(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    visit = await _step(desk, booking, Step.CALL)
    tries = (desk.do(undo.undo, who, booking.id, visit.version) for who in (NOORA, HUDA))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Undone) for one in done) == 1
    events = await desk.rows("SELECT id FROM booking_events WHERE what = 'undone'")
    assert len(events) == 1


async def test_after_a_few_minutes_or_by_a_stranger_nothing_is_taken_back(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    visit = await _step(desk, booking, Step.CALL)
    assert await desk.do(undo.undo, STRANGER, booking.id, visit.version) == Denied()
    desk.now += UNDO_FOR
    late = await desk.do(undo.undo, NOORA, booking.id, visit.version)
    assert isinstance(late, NotUndone)
    assert late.why is Why.TOO_LATE
    denied = await desk.rows("SELECT id FROM audit WHERE action = 'denied.receive'")
    assert len(denied) == 1


async def test_who_would_be_called_again_waits_while_another_is_on_the_way(desk: DeskUnderTest) -> None:
    first, second = await _come(desk, 2)
    absent = await _step(desk, first, Step.CALL, Step.NOT_HERE)
    assert isinstance(await desk.do(line.call, NOORA, second.id), Visit)
    after = await _undone(desk, absent)
    assert after.status is S.WAITING
    called = await desk.do(line.call, NOORA, first.id)
    assert isinstance(called, line.NotCalled)


async def test_a_call_that_was_undone_rings_anew_when_it_is_made_again(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    await _undone(desk, await _step(desk, booking, Step.CALL))
    assert (await _step(desk, booking, Step.CALL)).calls == 2
    assert len(await desk.owed("line_called", booking)) == 2


async def test_what_came_of_a_meeting_is_withdrawn_with_its_end_by_who_has_seen_it(desk: DeskUnderTest) -> None:
    (booking,) = await _come(desk)
    await _step(desk, booking, Step.ENTER)
    promise = NewPromise(what="Mend it", party=Party("lane:director"), due=FIRST_DAY + timedelta(days=9))
    made = await desk.do(outcomes.record, NOORA, booking.id, Outcome(OutcomeKind.PROMISED, promise=promise))
    assert isinstance(made, Recorded)
    assert made.promise is not None
    visit = await desk.do(visits.of, booking.id)
    assert visit is not None
    asked = await desk.do(undo.undo, NOORA, booking.id, visit.version)
    assert isinstance(asked, NotUndone)
    assert (asked.why, asked.outcome) == (Why.OUTCOME, made.outcome)
    assert (await _undone(desk, visit, made.outcome.version)).status is S.INSIDE
    newest = await desk.do(outcomes.newest, booking.id)
    assert newest is not None
    assert newest.kind is OutcomeKind.TAKEN_BACK
    (case,) = await desk.rows("SELECT status FROM cases WHERE id = :id", id=made.promise.case_id)
    assert case["status"] == CaseStatus.WITHDRAWN
    assert not await desk.owed("rate_meeting", booking)
    again = await desk.do(outcomes.record, NOORA, booking.id, Outcome(OutcomeKind.SOLVED))
    assert isinstance(again, Recorded)
    assert again.outcome.version == 3


async def test_who_was_said_not_to_have_come_is_expected_again(desk: DeskUnderTest) -> None:
    booking, other = await _booked(desk, 2)
    desk.now = desk.at(FIRST_DAY, "09:40")
    for one in (booking, other):
        assert isinstance(await desk.do(desk_actions.no_show, NOORA, one), Booking)
    gone = await desk.do(bookings.by_id, booking.id)
    assert gone is not None
    assert await desk.do(undo.no_show, STRANGER, gone) == Denied()
    back = await desk.do(undo.no_show, HUDA, gone)
    assert isinstance(back, Booking)
    assert back.status is BookingStatus.CONFIRMED
    assert await desk.do(undo.no_show, NOORA, back) == NotUndone(Why.CHANGED)
    assert isinstance(await desk.do(visits.arrive, back, NOORA.actor), Visit)
    desk.now += UNDO_FOR
    late = await desk.do(bookings.by_id, other.id)
    assert late is not None
    assert await desk.do(undo.no_show, NOORA, late) == NotUndone(Why.TOO_LATE)
    (written,) = await desk.rows("SELECT actor FROM audit WHERE action = 'booking.undone'")
    assert written["actor"] == HUDA.actor


async def test_what_the_clock_said_is_not_taken_back_by_a_tap(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk, 1)
    desk.now = desk.at(FIRST_DAY, "09:40")
    gone = await desk.do(attendance.mark_no_show, booking.reference, CLOCK)
    assert isinstance(gone, Booking)
    assert await desk.do(undo.no_show, NOORA, gone) == NotUndone(Why.TOO_LATE)
