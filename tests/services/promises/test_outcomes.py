"""What came of a meeting is recorded once, corrected with its history kept, and told."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from services.actors import staff_actor
from services.promises import outcomes, promises
from services.promises.outcomes import (
    Denied,
    NewPromise,
    NotPossible,
    Outcome,
    OutcomeKind,
    Party,
    Recorded,
    Why,
)
from services.unit_of_work import Work
from services.visits import visits
from storage import cases as case_rows
from storage.database import Conflict
from storage.ids import BookingId
from storage.promises import PromiseStatus
from storage.records.bookings import BookingStatus
from storage.records.cases import Case, CaseStatus
from storage.visits import VisitStatus
from tests.services.booking_builders import CAPITAL, DeskUnderTest
from tests.services.promises.conftest import DIRECTOR, DUE, NOORA, SECTION, STRANGER, Meetings, promise

K = OutcomeKind


async def _case(desk: DeskUnderTest, case: int) -> Case:
    return Case.of((await desk.rows("SELECT * FROM cases WHERE id = :id", id=case))[0])


async def test_an_outcome_ends_the_meeting_and_is_told_in_writing(desk: Meetings) -> None:
    booking, _ = await desk.met()
    recorded = await desk.record(booking, Outcome(K.SOLVED, "The bin was emptied"), 0)
    assert (recorded.outcome.kind, recorded.outcome.words, recorded.outcome.version) == (
        K.SOLVED,
        "The bin was emptied",
        1,
    )
    assert (await desk.again(booking)).status is BookingStatus.ATTENDED
    assert len(await desk.owed("meeting_outcome", booking)) == 1
    assert len(await desk.owed("rate_meeting", booking)) == 1


async def test_an_outcome_ends_the_visit_of_who_came_through_the_door(desk: Meetings) -> None:
    booking, _ = await desk.met()
    await desk.do(visits.arrive, booking, NOORA.actor)
    await desk.record(booking, Outcome(K.EXPLAINED))
    visit = await desk.do(visits.of, booking.id)
    assert visit is not None
    assert visit.status is VisitStatus.DONE


async def test_the_director_may_record_and_a_stranger_may_not(desk: Meetings) -> None:
    booking, _ = await desk.met()
    assert await desk.do(outcomes.record, STRANGER, booking.id, Outcome(K.SOLVED)) == Denied()
    assert isinstance(await desk.do(outcomes.record, DIRECTOR, booking.id, Outcome(K.SOLVED)), Recorded)
    denied = await desk.rows("SELECT * FROM audit WHERE action = 'denied.receive'")
    assert len(denied) == 1


async def test_nothing_came_of_a_meeting_that_is_ahead_or_of_none(desk: Meetings) -> None:
    booking, _ = await desk.met()
    desk.now -= timedelta(days=1)
    nothing = await desk.do(outcomes.record, NOORA, booking.id, Outcome(K.SOLVED))
    assert isinstance(nothing, NotPossible)
    assert nothing.why is Why.NO_MEETING
    assert await desk.do(outcomes.record, NOORA, BookingId(999), Outcome(K.SOLVED)) == NotPossible(Why.NO_MEETING)


async def test_a_promise_opens_a_case_that_is_due_when_the_promise_is(desk: Meetings) -> None:
    booking, resident = await desk.met()
    kept = await desk.promised(booking)
    case = await _case(desk, kept.case_id)
    assert (case.words, case.office, case.source, case.status) == (
        "We will mend the drain",
        CAPITAL,
        "promise",
        CaseStatus.RECEIVED,
    )
    assert (case.resident_id, case.name) == (resident.id, booking.name)
    assert case.close_due.astimezone(desk.offices.zone).date() == DUE
    assert case.triage_due == case.update_due == case.close_due, "nothing is late before the promised day"
    (owed,) = await desk.do(promises.open_of, resident)
    assert (owed.case, owed.booking, owed.age, owed.overdue) == (case.reference, booking.reference, timedelta(), False)


async def test_a_promise_of_a_member_is_their_case(desk: Meetings) -> None:
    booking, _ = await desk.met()
    kept = await desk.promised(booking, party=Party(f"staff:{NOORA.address}"))
    assert (await _case(desk, kept.case_id)).owner == staff_actor(NOORA.address)


@pytest.mark.parametrize(
    "wrong",
    [
        Outcome(K.PROMISED),
        Outcome(K.SOLVED, promise=NewPromise(what="It", party=SECTION, due=DUE)),
        promise(what="  "),
        promise(party=Party()),
        promise(party=Party("lane:nobody")),
        promise(party=Party("staff:4")),
        promise(until=DUE - timedelta(days=60)),
        promise(until=DUE + timedelta(days=600)),
        Outcome(K.REFERRED),
        Outcome(K.REFERRED, party=Party("body:nowhere")),
    ],
)
async def test_what_is_incomplete_is_not_recorded(desk: Meetings, wrong: Outcome) -> None:
    booking, _ = await desk.met()
    assert await desk.do(outcomes.record, NOORA, booking.id, wrong) == NotPossible(Why.INCOMPLETE)
    assert (await desk.again(booking)).status is BookingStatus.CONFIRMED


async def test_of_two_who_record_at_once_one_does(desk: Meetings) -> None:
    booking, _ = await desk.met()

    async def record(kind: OutcomeKind) -> object:
        async with desk.database.transaction() as tx:
            work = Work(tx, desk.now, desk.offices, desk.calendar, random.Random(kind))
            return await outcomes.record(work, NOORA, booking.id, Outcome(kind), 0)

    said = await asyncio.gather(record(K.SOLVED), record(K.EXPLAINED), return_exceptions=True)
    assert sum(isinstance(one, Recorded) for one in said) == 1
    assert all(isinstance(one, Recorded | NotPossible | Conflict) for one in said)
    assert len(await desk.do(outcomes.history, booking.id)) == 1


async def test_a_correction_keeps_what_was_recorded_before_and_is_told(desk: Meetings) -> None:
    booking, _ = await desk.met()
    await desk.record(booking, Outcome(K.SOLVED), 0)
    late = await desk.do(outcomes.record, NOORA, booking.id, Outcome(K.EXPLAINED), 0)
    assert isinstance(late, NotPossible)
    assert late.why is Why.CHANGED
    await desk.record(booking, Outcome(K.EXPLAINED), 1)
    assert [one.kind for one in await desk.do(outcomes.history, booking.id)] == [K.SOLVED, K.EXPLAINED]
    assert len(await desk.owed("meeting_outcome", booking)) == 2


async def test_a_corrected_promise_keeps_its_case(desk: Meetings) -> None:
    booking, _ = await desk.met()
    first = await desk.promised(booking)
    second = await desk.promised(booking, until=DUE + timedelta(days=1))
    assert (second.id, second.case_id, second.due) == (first.id, first.case_id, DUE + timedelta(days=1))
    case = await _case(desk, first.case_id)
    assert case.close_due.astimezone(desk.offices.zone).date() == DUE + timedelta(days=1)


@pytest.mark.parametrize("instead", [Outcome(K.SOLVED), Outcome(K.TAKEN_BACK)])
async def test_what_was_not_promised_after_all_is_withdrawn_with_its_case(desk: Meetings, instead: Outcome) -> None:
    booking, resident = await desk.met()
    kept = await desk.promised(booking)
    await desk.record(booking, instead)
    after = await desk.do(promises.by_id, kept.id)
    assert after is not None
    assert after.status is PromiseStatus.WITHDRAWN
    assert (await _case(desk, kept.case_id)).status is CaseStatus.WITHDRAWN
    assert await desk.do(promises.open_of, resident) == ()
    assert not await desk.owed("case_update")  # the correction says it
    again = await desk.promised(booking)
    assert again.case_id != kept.case_id


async def test_there_is_nothing_to_take_back_twice(desk: Meetings) -> None:
    booking, _ = await desk.met()
    assert await desk.do(outcomes.take_back, NOORA, booking.id) == NotPossible(Why.NOTHING)
    await desk.record(booking, Outcome(K.SOLVED))
    assert isinstance(await desk.do(outcomes.take_back, NOORA, booking.id, 1), Recorded)
    again = await desk.do(outcomes.take_back, NOORA, booking.id)
    assert isinstance(again, NotPossible)
    assert again.why is Why.NOTHING


async def test_each_act_is_in_the_audit(desk: Meetings) -> None:
    booking, _ = await desk.met()
    await desk.promised(booking)
    await desk.do(outcomes.take_back, NOORA, booking.id)
    rows = await desk.rows("SELECT action FROM audit WHERE actor = :who ORDER BY id", who=NOORA.actor)
    said = [str(row["action"]) for row in rows]
    for act in ("case.submit", "promise.make", "outcome.record", "promise.withdrawn"):
        assert act in said


async def test_a_case_keeps_its_promise_in_the_clocks_sight(desk: Meetings) -> None:
    booking, _ = await desk.met()
    kept = await desk.promised(booking)
    await desk.look()
    async with desk.database.transaction() as tx:
        case = await case_rows.by_id(tx, kept.case_id)
    assert case is not None
    looked = await desk.do(promises.by_id, kept.id)
    assert looked is not None
    assert looked.look_at is not None
    assert looked.look_at > desk.now
