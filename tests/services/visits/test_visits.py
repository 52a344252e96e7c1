"""Somebody comes, is called, goes in, is done; and what does not happen."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, sessions
from services.bookings.bookings import Booking
from services.staff.permissions import Person
from services.visits import transfers, visits
from services.visits.states import RULES, Step, can
from services.visits.visits import Denied, NotPossible
from storage import sessions as session_rows
from storage import visits as visit_rows
from storage.database import Conflict, Database
from storage.records.bookings import BookingEventKind, BookingStatus
from storage.records.sessions import Session
from storage.visits import Visit, VisitStatus
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule

S = VisitStatus
DOOR = staff_actor("1")
NOORA = Person("telegram", "2", "Noora")
STRANGER = Person("telegram", "3", "Somebody")


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> DeskUnderTest:
    desk = await open_desk(database, offices(tmp_path, rule(), rule(lane="projects")))
    async with database.transaction() as tx:
        await give_role(tx, NOORA, CAPITAL, desk.now)
    return desk


async def _booked(desk: DeskUnderTest, count: int = 1) -> list[Booking]:
    """Appointments of the first session, in the order of their times."""
    session = await _session(desk)
    free = await desk.do(sessions.free_slots, session.id)
    seats = [one.slot for one in free for _ in range(one.free)]
    return [await desk.book(slot) for slot in seats[:count]]


async def _session(desk: DeskUnderTest, lane: str = "director") -> Session:
    return next(one for one in await desk.days() if one.lane == lane)


async def _arrive(desk: DeskUnderTest, booking: Booking) -> Visit:
    visit = await desk.do(visits.arrive, booking, DOOR)
    assert isinstance(visit, Visit), visit
    return visit


async def test_who_comes_gets_a_ticket_and_waits_in_the_order_of_the_appointments(desk: DeskUnderTest) -> None:
    first, second, third = await _booked(desk, 3)
    desk.now = desk.at(FIRST_DAY, "08:50")
    tickets = [(await _arrive(desk, one)).ticket for one in (third, first, second)]
    assert tickets == [1, 2, 3]
    line = await desk.do(lambda work: visit_rows.of_session(work.tx, first.session_id))
    assert [one.booking_id for one in line] == [first.id, second.id, third.id]


async def test_coming_twice_is_coming_once(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "08:50")
    assert await _arrive(desk, booking) == await _arrive(desk, booking)


async def test_nobody_comes_on_another_day(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    assert await desk.do(visits.arrive, booking, DOOR) == NotPossible()


async def test_who_comes_late_waits_behind_those_who_were_there(desk: DeskUnderTest) -> None:
    late, later = await _booked(desk, 2)
    desk.now = desk.at(FIRST_DAY, "09:05")
    assert (await _arrive(desk, later)).due_at == later.starts_at
    desk.now = desk.at(FIRST_DAY, "09:20")
    assert (await _arrive(desk, late)).due_at == desk.now


async def test_the_two_lines_of_an_office_share_their_tickets(desk: DeskUnderTest) -> None:
    (one,) = await _booked(desk)
    other_line = await _session(desk, "projects")
    free = await desk.do(sessions.free_slots, other_line.id)
    other = await desk.book(free[0].slot)
    desk.now = desk.at(FIRST_DAY, "08:50")
    assert {(await _arrive(desk, one)).ticket, (await _arrive(desk, other)).ticket} == {1, 2}


async def test_a_visit_goes_from_the_line_into_the_room_and_is_done(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "09:00")
    await _arrive(desk, booking)
    for step in (Step.CALL, Step.ENTER, Step.FINISH):
        desk.now += timedelta(minutes=5)
        assert isinstance(await desk.do(visits.change, booking.id, step, DOOR), Visit)
    visit = await desk.do(visits.of, booking.id)
    assert visit is not None
    assert (visit.status, visit.calls, visit.done_at) == (S.DONE, 1, desk.now)
    now = await desk.do(bookings.by_id, booking.id)
    assert now is not None
    assert now.status is BookingStatus.ATTENDED
    said = [
        BookingEventKind(str(row["what"])) for row in await desk.rows("SELECT what FROM booking_events ORDER BY id")
    ]
    assert said[-4:] == [
        BookingEventKind.CHECKED_IN,
        BookingEventKind.CALLED,
        BookingEventKind.ENTERED,
        BookingEventKind.ATTENDED,
    ]


async def test_a_tap_on_what_has_changed_since_changes_nothing(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "09:00")
    seen = await _arrive(desk, booking)
    called = await desk.do(visits.act, NOORA, booking.id, Step.CALL, seen.version)
    assert isinstance(called, Visit)
    assert await desk.do(visits.act, NOORA, booking.id, Step.CALL, seen.version) == NotPossible(called)


async def test_two_who_tap_at_once_call_once(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "09:00")
    await _arrive(desk, booking)
    tapped = await asyncio.gather(
        *(desk.do(visits.act, NOORA, booking.id, Step.CALL) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, Visit) for one in tapped) == 1
    assert all(isinstance(one, Visit | NotPossible | Conflict) for one in tapped)
    visit = await desk.do(visits.of, booking.id)
    assert visit is not None
    assert visit.calls == 1


async def test_lines_are_taken_in_one_order_also_when_a_meeting_ends_in_another_line(desk: DeskUnderTest) -> None:
    first, other = sorted([await _session(desk), await _session(desk, "projects")], key=lambda one: one.id)
    free = await desk.do(sessions.free_slots, first.id)
    booking = await desk.book(free[0].slot)
    desk.now = desk.at(FIRST_DAY, "09:00")
    await _arrive(desk, booking)
    assert isinstance(await desk.do(transfers.transfer, NOORA, booking.id, other.id), Visit)
    async with desk.database.transaction() as tx:
        await session_rows.lock(tx, first.id)
        ends = asyncio.create_task(desk.do(visits.act, NOORA, booking.id, Step.FINISH))
        await asyncio.sleep(0.5)  # on PostgreSQL it waits for the first line, and must not hold the other
        await session_rows.lock(tx, other.id)
    assert isinstance(await ends, Visit)


async def test_only_who_works_at_the_door_may_and_a_refusal_is_written_down(desk: DeskUnderTest) -> None:
    (booking,) = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "09:00")
    assert await desk.do(visits.receive, STRANGER, booking.reference) == Denied()
    assert isinstance(await desk.do(visits.receive, NOORA, booking.reference), Visit)
    assert await desk.do(visits.act, STRANGER, booking.id, Step.CALL) == Denied()
    refused = await desk.rows("SELECT actor FROM audit WHERE action = 'denied.receive'")
    assert [row["actor"] for row in refused] == ["staff:3", "staff:3"]


async def test_what_the_table_does_not_have_does_not_happen(desk: DeskUnderTest) -> None:
    chance = random.Random(7)
    booked = await _booked(desk, 8)
    desk.now = desk.at(FIRST_DAY, "09:00")
    for booking in booked:
        visit = await _arrive(desk, booking)
        for step in chance.choices(list(Step), k=12):
            after = await desk.do(visits.change, booking.id, step, DOOR)
            assert isinstance(after, Visit) == can(visit, step)
            if isinstance(after, Visit):
                assert (after.status, after.version) == (RULES[step].to or visit.was, visit.version + 1)
                visit = after
