"""The brief: who may read what, what it knows, and whom it does not name."""

from __future__ import annotations

from datetime import timedelta

from services.briefs import briefs
from services.briefs.briefs import Preparation
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseKind, NewCase
from services.promises import outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from storage import linked_cases as link_rows
from storage.ids import CategoryId
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.booking_builders import CAPITAL, DETAILS, FIRST_DAY
from tests.services.briefs.conftest import DIRECTOR, ELSEWHERE, NOORA, Eve


async def _case(desk: Eve, person: Resident, **changes: object) -> Case:
    new = NewCase(kind=CaseKind.COMPLAINT, category=CategoryId("other"), office=CAPITAL, words="It floods", **changes)  # type: ignore[arg-type]
    filed = await desk.do(resident_actions.submit, person, new)
    assert isinstance(filed, Case), filed
    return filed


async def test_a_director_reads_the_name_and_no_number_an_agent_both(desk: Eve) -> None:
    booking, _ = await desk.booked()
    seen = await desk.do(briefs.of_booking, DIRECTOR, booking.id)
    assert seen is not None
    assert (seen.name, seen.phone) == (DETAILS.name, None)
    by_agent = await desk.do(briefs.of_booking, NOORA, booking.id)
    assert by_agent is not None
    assert by_agent.phone == booking.phone


async def test_each_look_is_written_down_once_in_ten_minutes(desk: Eve) -> None:
    booking, _ = await desk.booked()
    session = (await desk.days())[0]
    for _ in range(3):
        await desk.do(briefs.of_booking, DIRECTOR, booking.id)
        await desk.do(briefs.of_session, NOORA, session.id)
    looked = ("staff:3", "brief.visitor")
    assert [one for one in await desk.audited(f"booking:{booking.id}") if "brief" in one[1]] == [looked]
    assert [one for one in await desk.audited(f"session:{session.id}") if "brief" in one[1]] == [
        ("staff:2", "brief.session")
    ]
    desk.now += timedelta(minutes=11)
    await desk.do(briefs.of_booking, DIRECTOR, booking.id)
    assert [one for one in await desk.audited(f"booking:{booking.id}") if "brief" in one[1]] == [looked, looked]


async def test_whoever_may_not_is_refused_and_written_down(desk: Eve) -> None:
    booking, _ = await desk.booked()
    assert await desk.do(briefs.of_booking, ELSEWHERE, booking.id) is None
    assert await desk.do(briefs.of_session, ELSEWHERE, booking.session_id) is None
    assert ("staff:4", "denied.brief") in await desk.audited(f"booking:{booking.id}")
    assert ("staff:4", "denied.brief") in await desk.audited(f"session:{booking.session_id}")


async def test_a_session_names_its_visitors_by_their_times(desk: Eve) -> None:
    late, _ = await desk.booked(2)
    early, _ = await desk.booked(0)
    found = await desk.do(briefs.of_session, DIRECTOR, early.session_id)
    assert found is not None
    assert [one.booking.id for one in found.visitors] == [early.id, late.id]


async def test_who_was_forgotten_is_in_no_brief(desk: Eve) -> None:
    booking, person = await desk.booked()
    async with desk.database.transaction() as tx:
        await tx.run("UPDATE residents SET forgotten_at = :now WHERE id = :id", now=desk.now, id=person.id)
    assert await desk.do(briefs.of_booking, DIRECTOR, booking.id) is None
    found = await desk.do(briefs.of_session, DIRECTOR, booking.session_id)
    assert found is not None
    assert found.visitors == ()


async def test_earlier_requests_are_shown_but_none_that_was_to_be_anonymous(desk: Eve) -> None:
    person = await desk.resident()
    named = await _case(desk, person)
    hidden = await _case(desk, person, anonymous=True)
    free = (await desk.first_day())[1]
    booking = await desk.book(free[0], person)
    async with desk.database.transaction() as tx:
        link_rows.link(tx, booking.id, hidden.id, desk.now)
    seen = await desk.do(briefs.of_booking, NOORA, booking.id)
    assert seen is not None
    assert [one.reference for one in seen.cases] == [named.reference]
    assert seen.linked is None


async def test_the_same_places_earlier_reports_come_with_the_linked_request(desk: Eve) -> None:
    person, neighbour = await desk.people(2)
    mine = await _case(desk, person, block=338, road="3802")
    same = [await _case(desk, neighbour, block=338, road="3802") for _ in range(2)]
    await _case(desk, neighbour, block=338, road="1")
    booking = await desk.book((await desk.first_day())[1][0], person)
    async with desk.database.transaction() as tx:
        link_rows.link(tx, booking.id, mine.id, desk.now)
    seen = await desk.do(briefs.of_booking, DIRECTOR, booking.id)
    assert seen is not None
    assert seen.linked is not None
    assert {one.reference for one in seen.spot} == {one.reference for one in same}
    assert set(seen.preparations) >= {Preparation.LINKED_CASE, Preparation.MANY_AT_SPOT}


async def test_what_comes_back_after_it_was_closed_is_said_apart(desk: Eve) -> None:
    person, neighbour = await desk.people(2)
    before = await _case(desk, neighbour, block=338, road="3802")
    await desk.do(by_staff.reject, before.id, "staff:1", "Done")
    mine = await _case(desk, person, block=338, road="3802")
    booking = await desk.book((await desk.first_day())[1][0], person)
    async with desk.database.transaction() as tx:
        link_rows.link(tx, booking.id, mine.id, desk.now)
    seen = await desk.do(briefs.of_booking, DIRECTOR, booking.id)
    assert seen is not None
    assert [one.reference for one in seen.recurring] == [before.reference]


async def test_a_promise_not_kept_comes_with_its_age_and_the_meeting_in_which_it_was_made(desk: Eve) -> None:
    first, person = await desk.booked()
    desk.now = desk.at(FIRST_DAY, "09:10")
    promise = NewPromise(what="We will mend the drain", party=Party("lane:director"), due=FIRST_DAY + timedelta(days=1))
    made = await desk.do(outcomes.record, NOORA, first.id, Outcome(OutcomeKind.PROMISED, promise=promise), None)
    assert isinstance(made, Recorded), made
    desk.now += timedelta(days=6)
    await desk.tick()
    next_day = (await desk.days())[0]
    booking = await desk.book((await desk.slots(next_day))[0], person)
    seen = await desk.do(briefs.of_booking, DIRECTOR, booking.id)
    assert seen is not None
    (owed,) = seen.promises
    assert owed.age == timedelta(days=6)
    assert owed.overdue
    assert Preparation.BROKEN_PROMISE in seen.preparations
    (met,) = seen.meetings
    assert met.booking.id == first.id
    assert met.outcome is not None
    assert met.outcome.kind is OutcomeKind.PROMISED


async def test_briefs_of_today_and_the_next_day_are_offered_to_whom_they_are_for(desk: Eve) -> None:
    ahead = (await desk.days())[0]
    assert [one.id for one in await desk.do(briefs.sessions_of, DIRECTOR, (CAPITAL,))] == [ahead.id]
    assert await desk.do(briefs.sessions_of, ELSEWHERE, (CAPITAL,)) == ()
