"""Who comes without an appointment: they wait with a ticket, and take nobody's seat."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.actors import OFFICES_FILE
from services.bookings import bookings, sessions, special_sessions
from services.bookings.schedule import plan_sessions
from services.bookings.special_sessions import Done, Foreseen, Wanted
from services.casework import record_linking
from services.casework.intake import Caller
from services.staff.permissions import Person
from services.visits import line, visits, walk_ins
from services.visits.states import Step
from services.visits.visits import Denied
from services.visits.walk_ins import Added, AlreadyComing, NotReceiving
from storage import visits as visit_rows
from storage.database import Conflict, Database
from storage.ids import LaneId
from storage.records.bookings import BookingStatus
from storage.records.sessions import Session
from storage.records.staff import Role
from storage.translations import Translations
from storage.visits import Visit, VisitStatus
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule
from tests.services.visits.people import hire

NOORA = Person("telegram", "2", "Noora")
ADMIN = Person("telegram", "4", "Admin")
STRANGER = Person("telegram", "3", "Somebody")
PHONE = "+97336000001"
ALI = Caller("Ali Hasan", PHONE)
NOBODY_KNOWN = Caller("Hasan Ali")


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> DeskUnderTest:
    desk = await open_desk(database, offices(tmp_path, rule(), rule(lane="projects")))
    await hire(desk, NOORA, Role.AGENT, CAPITAL)
    await hire(desk, ADMIN, Role.ADMIN, CAPITAL)
    return desk


async def _session(desk: DeskUnderTest, lane: str = "director") -> Session:
    return next(one for one in await desk.days() if one.lane == lane)


async def _add(desk: DeskUnderTest, caller: Caller = NOBODY_KNOWN, lane: str = "director") -> Added:
    added = await desk.do(walk_ins.add, NOORA, (await _session(desk, lane)).id, caller, "other")
    assert isinstance(added, Added), added
    return added


async def test_a_walk_in_waits_with_a_ticket_behind_those_with_an_appointment(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    free = await desk.do(sessions.free_slots, session.id)
    later = await desk.book(free[-1].slot)
    desk.now = desk.at(FIRST_DAY, "09:05")
    added = await _add(desk)
    assert (added.booking.source, added.booking.status, added.visit.ticket) == ("walk_in", BookingStatus.CHECKED_IN, 1)
    assert not added.told
    desk.now = desk.at(FIRST_DAY, "09:20")
    arrived = await desk.do(visits.arrive, later, OFFICES_FILE)
    assert isinstance(arrived, Visit)
    assert [one.ticket for one in await desk.do(lambda work: visit_rows.of_session(work.tx, session.id))] == [
        arrived.ticket,
        added.visit.ticket,
    ]
    called = await desk.do(line.call_next, NOORA, session.id)
    assert isinstance(called, Visit)
    assert called.ticket == arrived.ticket


async def test_only_who_works_at_the_door_adds_somebody(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    desk.now = desk.at(FIRST_DAY, "09:05")
    assert await desk.do(walk_ins.add, STRANGER, session.id, ALI, "other") == Denied()
    assert not await desk.rows("SELECT 1 FROM bookings")


async def test_nobody_is_added_where_nobody_is_received(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    assert await desk.do(walk_ins.add, NOORA, session.id, ALI, "other") == NotReceiving()  # not today
    desk.now = desk.at(FIRST_DAY, "12:01")  # two hours after the end
    assert await desk.do(walk_ins.add, NOORA, session.id, ALI, "other") == NotReceiving()
    desk.now = desk.at(FIRST_DAY, "09:00")
    await desk.do(sessions.close_day, CAPITAL, FIRST_DAY, Translations({"en": "Flood"}), OFFICES_FILE)
    assert await desk.do(walk_ins.add, NOORA, session.id, ALI, "other") == NotReceiving()


async def test_walk_ins_take_no_seat_that_is_given_out(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    desk.now = desk.at(FIRST_DAY, "06:30")  # the slot of 09:00 can still be booked
    before = await desk.do(sessions.free_slots, session.id)
    (state, *_) = [one for one in await desk.do(sessions.upcoming, CAPITAL, 50) if one.session.id == session.id]
    for number in range(12):
        await _add(desk, Caller(f"Visitor {number} of today"))
    assert await desk.do(sessions.free_slots, session.id) == before
    (now, *_) = [one for one in await desk.do(sessions.upcoming, CAPITAL, 50) if one.session.id == session.id]
    assert (now.free, now.total) == (state.free, state.total)
    assert len(await desk.rows("SELECT DISTINCT slot_id FROM bookings")) == 12


async def test_replanning_leaves_walk_ins_and_is_not_hindered_by_them(desk: DeskUnderTest, tmp_path: Path) -> None:
    session = await _session(desk)
    desk.now = desk.at(FIRST_DAY, "09:05")
    await desk.do(plan_sessions)
    added = await _add(desk)
    before = [one for one in await desk.slots(session) if one.capacity]
    assert await desk.do(plan_sessions) == 0
    desk.follow(offices(tmp_path, rule(closes="11:00"), rule(lane="projects")))
    await desk.do(plan_sessions)
    given = [one for one in await desk.slots(session) if one.capacity]
    assert [one.id for one in given[: len(before)]] == [one.id for one in before]
    assert len(given) == 8
    assert (await desk.again(added.booking)).status is BookingStatus.CHECKED_IN


async def test_changing_the_session_by_hand_does_not_send_walk_ins_away(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    desk.now = desk.at(FIRST_DAY, "08:50")
    added = await _add(desk)
    wanted = Wanted(CAPITAL, LaneId("director"), FIRST_DAY, "10:00", "11:00", 20, 1, 0)
    seen = await desk.do(special_sessions.foresee, wanted)
    assert isinstance(seen, Foreseen), seen
    assert seen.effect.affected == ()
    done = await desk.do(special_sessions.put, ADMIN, wanted, seen.seen, Translations({"en": "Later"}))
    assert isinstance(done, Done), done
    assert (await desk.again(added.booking)).status is BookingStatus.CHECKED_IN
    assert [one.ticket for one in await desk.do(lambda work: visit_rows.of_session(work.tx, session.id))] == [1]


async def test_a_number_that_has_an_appointment_today_is_recognised(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    free = await desk.do(sessions.free_slots, session.id)
    owner = await desk.resident(phone=PHONE, phone_own=True)
    booking = await desk.book(free[0].slot, owner)
    desk.now = desk.at(FIRST_DAY, "08:50")
    for lane in ("director", "projects"):
        known = await desk.do(walk_ins.add, NOORA, (await _session(desk, lane)).id, ALI, "other")
        assert known == AlreadyComing(booking, None)
    typed = await desk.do(walk_ins.coming, CAPITAL, booking.phone)  # the number given with the appointment
    assert typed == AlreadyComing(booking, None)
    await desk.do(visits.receive, NOORA, booking.reference)
    known = await desk.do(walk_ins.add, NOORA, session.id, ALI, "other")
    assert isinstance(known, AlreadyComing)
    assert known.visit is not None


async def test_two_who_add_the_same_number_at_once_add_one(desk: DeskUnderTest) -> None:
    lanes = [await _session(desk, lane) for lane in ("director", "projects", "director")]
    desk.now = desk.at(FIRST_DAY, "08:50")
    found = await asyncio.gather(
        *(desk.do(walk_ins.add, NOORA, one.id, ALI, "other") for one in lanes), return_exceptions=True
    )
    assert sum(isinstance(one, Added) for one in found) == 1
    assert all(isinstance(one, Added | AlreadyComing | Conflict) for one in found)


async def test_whose_number_it_is_has_the_ticket_in_their_own_chat(desk: DeskUnderTest) -> None:
    owner = await desk.resident(phone=PHONE, phone_own=True)
    desk.now = desk.at(FIRST_DAY, "08:50")
    added = await _add(desk, ALI)
    assert added.told
    assert added.booking.resident_id == owner.id
    assert await desk.owed("ticket_given") == [f"ticket:{added.booking.id}"]
    assert await desk.do(record_linking.give_back, owner, added.booking.reference)  # somebody else gave it
    assert (await desk.again(added.booking)).phone == ""


async def test_who_stood_on_the_waiting_list_of_that_day_waits_in_the_hall_now(desk: DeskUnderTest) -> None:
    session = await _session(desk)
    owner = await desk.resident(phone=PHONE, phone_own=True)
    await desk.fill(session)
    waiting = await desk.wait(session, owner)
    desk.now = desk.at(FIRST_DAY, "06:30")
    added = await _add(desk, ALI)
    assert added.booking.resident_id == owner.id
    assert (await desk.again(waiting)).status is BookingStatus.EXPIRED


async def test_who_was_received_can_come_again(desk: DeskUnderTest) -> None:
    desk.now = desk.at(FIRST_DAY, "08:50")
    first = await _add(desk, ALI)
    await desk.do(visits.change, first.booking.id, Step.FINISH, OFFICES_FILE)
    again = await _add(desk, ALI)
    assert again.booking.id != first.booking.id
    assert (again.visit.ticket, again.visit.status) == (2, VisitStatus.WAITING)
    now = await desk.do(bookings.by_id, first.booking.id)
    assert now is not None
    assert now.status is BookingStatus.ATTENDED


async def test_a_walk_in_has_a_card_in_the_group(desk: DeskUnderTest) -> None:
    desk.now = desk.at(FIRST_DAY, "08:50")
    added = await _add(desk, ALI)
    assert await desk.rows(
        "SELECT 1 AS n FROM outbox WHERE subject = :about AND chat = 'office:capital'",
        about=f"booking:{added.booking.id}",
    )
