"""The door: whose code staff scan, and the code at the entrance by which residents say that they are here."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.bookings import bookings, sessions
from services.bookings.bookings import Booking
from services.staff.permissions import Person
from services.visits import door, visits
from services.visits.door import AtDoor, Elsewhere, Mine, Refused, Seen, When
from services.visits.visits import Denied
from storage import residents
from storage.database import Conflict, Database
from storage.ids import BookingId, OfficeId, Reference
from storage.records.residents import Resident
from storage.records.sessions import Session
from storage.records.staff import Role
from storage.visits import Visit
from tests.services.booking_builders import CAPITAL, FIRST_DAY, NORTHERN, DeskUnderTest, offices, open_desk, rule
from tests.services.visits.people import hire

NOORA = Person("telegram", "2", "Noora")
SALMAN = Person("telegram", "3", "Salman")
COUNCIL = Person("telegram", "4", "Councillor")
STRANGER = Person("telegram", "5", "Somebody")


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> DeskUnderTest:
    desk = await open_desk(database, offices(tmp_path, rule(), rule(lane="projects"), northern=rule()))
    await hire(desk, NOORA, Role.AGENT, CAPITAL)
    await hire(desk, SALMAN, Role.AGENT, NORTHERN)
    await hire(desk, COUNCIL, Role.COUNCIL, CAPITAL)
    return desk


async def _session(desk: DeskUnderTest, lane: str = "director", office: OfficeId = CAPITAL) -> Session:
    return next(one for one in await desk.days(office) if one.lane == lane)


async def _booked(desk: DeskUnderTest, lane: str = "director", nth: int = 0) -> tuple[Booking, Resident]:
    session = await _session(desk, lane)
    free = await desk.do(sessions.free_slots, session.id)
    booking = await desk.book(free[nth].slot)
    async with desk.database.transaction() as tx:
        resident = await residents.by_id(tx, booking.resident_id)
    assert resident is not None
    return booking, resident


async def _code(desk: DeskUnderTest, lane: str = "director") -> str:
    return door.code_of(await _session(desk, lane))


async def test_staff_who_scan_a_code_see_whose_it_is_and_that_is_written_down(desk: DeskUnderTest) -> None:
    booking, _ = await _booked(desk)
    seen = await desk.do(door.look, NOORA, booking.reference)
    assert isinstance(seen, Seen)
    assert (seen.booking, seen.lanes, seen.visit) == (booking, 2, None)
    looked = await desk.rows("SELECT actor, subject FROM audit WHERE action = 'booking.contact'")
    assert looked == [{"actor": "staff:2", "subject": f"booking:{booking.id}"}]
    assert await desk.again(booking) == booking  # looking changes nothing


async def test_others_see_nothing_of_a_code_and_staff_of_another_office_only_which_office_it_is(
    desk: DeskUnderTest,
) -> None:
    booking, _ = await _booked(desk)
    assert await desk.do(door.look, STRANGER, booking.reference) is None
    assert await desk.do(door.look, NOORA, Reference("B-2222-222")) is None
    assert isinstance(await desk.do(door.look, SALMAN, booking.reference), Elsewhere)
    assert isinstance(await desk.do(door.look, COUNCIL, booking.reference), Denied)
    refused = await desk.rows("SELECT actor FROM audit WHERE action = 'denied.receive' ORDER BY id")
    assert [row["actor"] for row in refused] == ["staff:3", "staff:4"]
    assert not await desk.rows("SELECT 1 FROM audit WHERE action = 'booking.contact'")


@pytest.mark.parametrize(
    ("clock", "when"),
    [("08:14", When.EARLY), ("08:15", When.NOW), ("09:20", When.NOW), ("09:21", When.LATE)],
)
async def test_residents_say_that_they_are_here_around_their_time(desk: DeskUnderTest, clock: str, when: When) -> None:
    booking, resident = await _booked(desk)  # at 09:00
    desk.now = desk.at(FIRST_DAY, clock)
    found = await desk.do(door.at_door, await _code(desk), resident)
    assert isinstance(found, AtDoor)
    assert [(one.when, one.since) for one in found.mine] == [(when, desk.at(FIRST_DAY, "08:15"))]
    said = await desk.do(door.say_here, await _code(desk), resident, booking.id)
    assert isinstance(said, Mine)
    assert (said.visit is not None) == (when is When.NOW)


async def test_the_code_of_any_lane_of_the_office_serves(desk: DeskUnderTest) -> None:
    booking, resident = await _booked(desk, "projects")
    desk.now = desk.at(FIRST_DAY, "08:50")
    said = await desk.do(door.say_here, await _code(desk, "director"), resident, booking.id)
    assert isinstance(said, Mine)
    assert said.visit is not None
    assert said.visit.session_id == booking.session_id


async def test_saying_it_twice_at_once_is_saying_it_once(desk: DeskUnderTest) -> None:
    booking, resident = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "08:50")
    code = await _code(desk)
    # Whoever loses a race is heard once more by the inbox.
    said = await asyncio.gather(
        *(desk.do(door.say_here, code, resident, booking.id) for _ in range(3)), return_exceptions=True
    )
    assert {one.visit.ticket for one in said if isinstance(one, Mine) and one.visit} == {1}
    assert all(isinstance(one, Mine | Conflict) for one in said)
    assert len(await desk.rows("SELECT 1 FROM session_visits")) == 1


async def test_a_code_that_was_photographed_opens_nothing_on_another_day(desk: DeskUnderTest) -> None:
    _, resident = await _booked(desk)
    code = await _code(desk)
    for days in (-1, 7):
        desk.now = desk.at(FIRST_DAY + timedelta(days=days), "09:00")
        assert await desk.do(door.at_door, code, resident) is Refused.ANOTHER_DAY


async def test_a_forged_code_opens_nothing(desk: DeskUnderTest) -> None:
    booking, resident = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "09:00")
    number, _, proof = (await _code(desk)).partition("-")
    other = (await _code(desk, "projects")).partition("-")[2]
    for forged in ("", "1", f"{number}-", f"{number}-{other}", f"{number}-{proof.upper()}", f"99-{proof}", "é-٣٣٣"):
        assert await desk.do(door.at_door, forged, resident) is Refused.UNKNOWN
        assert await desk.do(door.say_here, forged, resident, booking.id) is Refused.UNKNOWN
    assert not await desk.rows("SELECT 1 FROM session_visits")


async def test_after_a_new_code_was_made_the_old_one_opens_nothing(desk: DeskUnderTest) -> None:
    _, resident = await _booked(desk)
    old, session = await _code(desk), await _session(desk)
    assert isinstance(await desk.do(door.renew, STRANGER, session.id), Denied)
    assert await _code(desk) == old
    renewed = await desk.do(door.renew, NOORA, session.id)
    assert isinstance(renewed, Session)
    desk.now = desk.at(FIRST_DAY, "09:00")
    assert await desk.do(door.at_door, old, resident) is Refused.UNKNOWN
    assert isinstance(await desk.do(door.at_door, door.code_of(renewed), resident), AtDoor)


async def test_nobody_says_it_for_another(desk: DeskUnderTest) -> None:
    booking, _ = await _booked(desk)
    stranger = await desk.resident()
    desk.now = desk.at(FIRST_DAY, "08:50")
    assert await desk.do(door.say_here, await _code(desk), stranger, booking.id) == AtDoor(CAPITAL, ())
    assert await desk.do(door.say_here, await _code(desk), stranger, BookingId(10**9)) == AtDoor(CAPITAL, ())
    assert not await desk.rows("SELECT 1 FROM session_visits")


async def test_who_has_no_appointment_today_is_told_of_their_next(desk: DeskUnderTest) -> None:
    later = (await desk.days())[-1]
    free = await desk.do(sessions.free_slots, later.id)
    resident = await desk.resident()
    booking = await desk.book(free[0].slot, resident)
    desk.now = desk.at(FIRST_DAY, "08:50")
    assert await desk.do(door.at_door, await _code(desk), resident) == AtDoor(CAPITAL, (), booking)


async def test_staff_and_the_visitor_at_once_draw_one_ticket(desk: DeskUnderTest) -> None:
    booking, resident = await _booked(desk)
    desk.now = desk.at(FIRST_DAY, "08:50")
    code = await _code(desk)
    said = await asyncio.gather(
        desk.do(visits.receive, NOORA, booking.reference),
        desk.do(door.say_here, code, resident, booking.id),
        return_exceptions=True,
    )
    assert all(isinstance(one, Visit | Mine | Conflict) for one in said)
    assert len(await desk.rows("SELECT 1 FROM session_visits")) == 1
    now = await desk.do(door.at_door, code, resident)
    assert isinstance(now, AtDoor)
    assert [one.when for one in now.mine] == [When.HERE]


async def test_a_cancelled_appointment_is_none_at_the_door(desk: DeskUnderTest) -> None:
    booking, resident = await _booked(desk)
    await desk.do(bookings.cancel, booking.reference, resident)
    desk.now = desk.at(FIRST_DAY, "08:50")
    assert await desk.do(door.at_door, await _code(desk), resident) == AtDoor(CAPITAL, ())
