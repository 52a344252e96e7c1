"""A line on its day: who is next, where everybody stands, and what never happens whatever people do."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, sessions
from services.bookings.bookings import Booking
from services.staff.permissions import Person
from services.visits import line, panels, visits
from services.visits.line import Hall, Lane, NotCalled
from services.visits.states import Step
from services.visits.visits import Denied
from storage.bookings import WALK_IN
from storage.database import Conflict, Database
from storage.ids import BookingId, ChatId
from storage.records.sessions import Session
from storage.visits import Visit, VisitStatus
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule

DOOR = staff_actor("1")
NOORA = Person("telegram", "2", "Noora")
STRANGER = Person("telegram", "3", "Somebody")


class LineUnderTest:
    """An office's morning: eight appointments from 09:00, two at a time, and a second lane."""

    def __init__(self, desk: DeskUnderTest, director: Session, projects: Session) -> None:
        self.desk, self.director, self.projects = desk, director, projects

    def is_at(self, clock: str) -> None:
        self.desk.now = self.desk.at(FIRST_DAY, clock)

    async def booked(self, count: int) -> list[Booking]:
        free = await self.desk.do(sessions.free_slots, self.director.id)
        seats = [one.slot for one in free for _ in range(one.free)]
        return [await self.desk.book(slot) for slot in seats[:count]]

    async def comes(self, booking: Booking) -> Visit:
        came = await self.desk.do(visits.arrive, booking, DOOR)
        assert isinstance(came, Visit), came
        return came

    async def walks_in(self) -> Visit:
        """Somebody without an appointment: a booking in a slot of its own, as the door makes it."""
        person = await self.desk.resident()
        row = await self.desk.rows(
            "INSERT INTO slots (session_id, starts_at, ends_at, capacity, released_at, bookable_until)"
            " VALUES (:session, :at, :end, 0, :at, :at) RETURNING id",
            session=self.director.id,
            at=self.desk.now,
            end=self.desk.now + timedelta(minutes=15),
        )
        (made,) = await self.desk.rows(
            "INSERT INTO bookings (reference, office, session_id, slot_id, seat, resident_id, status, topic, source,"
            " created_at, updated_at, confirmed_at)"
            " VALUES (:ref, 'capital', :session, :slot, 1, :who, 'confirmed', 'roads', :source, :at, :at, :at)"
            " RETURNING reference, id",
            ref=f"B-WALK-{person.id}",
            session=self.director.id,
            slot=row[0]["id"],
            who=person.id,
            source=WALK_IN,
            at=self.desk.now,
        )
        booking = await self.desk.do(bookings.by_id, BookingId(int(str(made["id"]))))
        assert booking is not None
        return await self.comes(booking)

    async def hall(self) -> Hall:
        return await self.desk.do(line.positions, CAPITAL, FIRST_DAY)

    async def lane(self) -> Lane:
        found = (await self.hall()).lane(self.director.id)
        assert found is not None
        return found

    async def positions(self) -> dict[BookingId, int]:
        return {one.visit.booking_id: one.position for one in (await self.lane()).waiting}

    async def calls(self, version: int | None = None) -> Visit | NotCalled | Denied:
        return await self.desk.do(line.call_next, NOORA, self.director.id, version)

    async def steps(self, booking: BookingId, *steps: Step) -> Visit:
        for step in steps:
            after = await self.desk.do(visits.change, booking, step, DOOR)
            assert isinstance(after, Visit), after
        (row,) = await self.desk.rows("SELECT * FROM session_visits WHERE booking_id = :id", id=booking)
        return Visit.of(row)


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> LineUnderTest:
    desk = await open_desk(database, offices(tmp_path, rule(), rule(lane="projects")))
    async with database.transaction() as tx:
        await give_role(tx, NOORA, CAPITAL, desk.now)
    days = {one.lane: one for one in await desk.days() if one.day == FIRST_DAY}
    return LineUnderTest(desk, *(days[name] for name in sorted(days)))


async def test_a_position_counts_who_is_ahead_and_may_still_come(town: LineUnderTest) -> None:
    first, second, third = await town.booked(3)
    town.is_at("08:50")
    await town.comes(third)
    assert await town.positions() == {third.id: 3}
    await town.comes(first)
    assert await town.positions() == {first.id: 1, third.id: 3}
    town.is_at("09:11")  # the second was at nine, and has not come
    assert await town.positions() == {first.id: 1, third.id: 2}
    assert [one.awaited.booking_id for one in (await town.lane()).missed] == [second.id]


async def test_a_gap_goes_to_appointments_that_are_here_and_then_to_walk_ins(town: LineUnderTest) -> None:
    booked = await town.booked(4)
    town.is_at("08:45")
    walk_in = await town.walks_in()
    town.is_at("08:50")
    early = await town.comes(booked[3])
    assert (await town.lane()).next == (await town.lane()).waiting[0].visit
    called = await town.calls()
    assert isinstance(called, Visit)
    assert called.booking_id == early.booking_id
    await town.steps(early.booking_id, Step.ENTER)
    called = await town.calls()
    assert isinstance(called, Visit)
    assert called.booking_id == walk_in.booking_id


async def test_walk_ins_go_in_the_order_in_which_they_came(town: LineUnderTest) -> None:
    came = []
    for clock in ("08:45", "09:20", "09:40"):
        town.is_at(clock)
        came.append((await town.walks_in()).booking_id)
    assert [one.visit.booking_id for one in (await town.lane()).waiting] == came


async def test_who_is_called_next_goes_in_and_is_done_and_the_hall_shows_it(town: LineUnderTest) -> None:
    first, second = await town.booked(2)
    town.is_at("09:00")
    for one in (first, second):
        await town.comes(one)
    called = await town.calls()
    assert isinstance(called, Visit)
    hall = await town.hall()
    assert [(call.ticket, call.session) for call in hall.calls] == [(called.ticket, town.director.id)]
    await town.steps(first.id, Step.ENTER)
    lane = await town.lane()
    assert [one.booking_id for one in lane.inside] == [first.id]
    assert await town.positions() == {second.id: 1}
    town.is_at("09:12")
    await town.steps(first.id, Step.FINISH)
    assert (await town.lane()).done == 1


async def test_nobody_is_called_while_somebody_is_on_the_way_or_nobody_is_here(town: LineUnderTest) -> None:
    first, second = await town.booked(2)
    town.is_at("09:00")
    nobody = await town.calls()
    assert isinstance(nobody, NotCalled)
    assert nobody.why is line.Why.NOBODY
    for one in (first, second):
        await town.comes(one)
    await town.calls()
    again = await town.calls()
    assert isinstance(again, NotCalled)
    assert again.why is line.Why.ON_THE_WAY


async def test_two_who_call_at_once_call_one(town: LineUnderTest) -> None:
    for one in await town.booked(4):
        town.is_at("09:00")
        await town.comes(one)
    seen = (await town.lane()).version
    tapped = await asyncio.gather(*(town.calls(seen) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Visit) for one in tapped) == 1
    assert all(isinstance(one, Visit | NotCalled | Conflict) for one in tapped)


async def test_a_call_from_a_list_that_is_out_of_date_calls_nobody(town: LineUnderTest) -> None:
    first, second = await town.booked(2)
    town.is_at("09:00")
    for one in (first, second):
        await town.comes(one)
    seen = (await town.lane()).version
    await town.steps(first.id, Step.CALL, Step.ENTER)
    late = await town.calls(seen)
    assert isinstance(late, NotCalled)
    assert late.why is line.Why.CHANGED
    assert isinstance(await town.calls((await town.lane()).version), Visit)


async def test_somebody_who_arrives_makes_no_button_out_of_date(town: LineUnderTest) -> None:
    first, second = await town.booked(2)
    town.is_at("09:00")
    await town.comes(first)
    seen = (await town.lane()).version
    await town.comes(second)
    assert isinstance(await town.calls(seen), Visit)


async def test_only_who_works_at_the_door_calls(town: LineUnderTest) -> None:
    (first,) = await town.booked(1)
    town.is_at("09:00")
    await town.comes(first)
    assert await town.desk.do(line.call_next, STRANGER, town.director.id) == Denied()
    refused = await town.desk.rows("SELECT actor FROM audit WHERE action = 'denied.receive'")
    assert [row["actor"] for row in refused] == ["staff:3"]


async def test_only_who_works_at_the_door_has_the_panel(town: LineUnderTest) -> None:
    session, chat = town.director.id, ChatId("-1001")
    assert await town.desk.do(panels.ask, session, STRANGER, chat, private=False) == Denied()
    assert await town.desk.do(panels.of, session, STRANGER.channel, chat) is None
    assert await town.desk.do(panels.ask, session, NOORA, chat, private=False) is None
    assert await town.desk.do(panels.of, session, NOORA.channel, chat) is not None


async def test_a_line_of_another_day_calls_nobody(town: LineUnderTest) -> None:
    outcome = await town.calls()
    assert isinstance(outcome, NotCalled)
    assert outcome.why is line.Why.UNKNOWN


async def test_who_is_put_back_lets_the_next_one_go_first(town: LineUnderTest) -> None:
    first, second, third = await town.booked(3)
    town.is_at("09:00")
    for one in (first, second, third):
        await town.comes(one)
    await town.calls()
    await town.steps(first.id, Step.PUT_BACK)
    assert await town.positions() == {second.id: 1, first.id: 2, third.id: 3}


async def test_the_expected_time_follows_what_the_meetings_of_the_day_take(town: LineUnderTest) -> None:
    booked = await town.booked(6)
    town.is_at("09:00")
    for one in booked:
        await town.comes(one)
    before = (await town.lane()).waiting[-1].expected
    for one in booked[:2]:
        await town.steps(one.id, Step.CALL, Step.ENTER)
        town.desk.now += timedelta(minutes=30)
        await town.steps(one.id, Step.FINISH)
    assert (await town.lane()).waiting[-1].expected.low > before.high


# ---------------------------------------------------------------------------- whatever people do


@pytest.mark.parametrize("seed", range(6))
async def test_nobody_is_called_twice_or_forgotten_and_no_position_is_worse_without_a_reason(
    town: LineUnderTest, seed: int
) -> None:
    chance = random.Random(seed)
    to_come = await town.booked(8)
    town.is_at("08:50")
    inside: list[BookingId] = []
    stays_away = {one.id for one in chance.sample(to_come, 2)}
    known: dict[BookingId, tuple[int, datetime]] = {}
    for _ in range(90):
        town.desk.now += timedelta(seconds=chance.randrange(0, 150))
        await _something_happens(town, chance, to_come, stays_away, inside)
        known = await _worse_only_with_a_reason(town, known)
    for one in (await town.lane()).called:
        await town.steps(one.booking_id, Step.ENTER)
    town.desk.now += timedelta(minutes=6)  # who was put back although nobody else waited is called again
    while isinstance(called := await town.calls(), Visit):
        await town.steps(called.booking_id, Step.ENTER, Step.FINISH)
        town.desk.now += timedelta(minutes=5)
    for lane in (await town.hall()).lanes:
        assert not lane.waiting
    rows = await town.desk.rows("SELECT booking_id, what FROM booking_events ORDER BY id")
    for booking in {row["booking_id"] for row in rows}:
        said = [row["what"] for row in rows if row["booking_id"] == booking]
        between = [what for what in said if what in {"called", "not_here", "put_back", "returned"}]
        assert ("called", "called") not in pairwise(between)


async def _something_happens(
    town: LineUnderTest, chance: random.Random, to_come: list[Booking], away: set[BookingId], inside: list[BookingId]
) -> None:
    lane = await town.lane()
    match chance.choice(("come", "come", "call", "call", "walk in", "absent", "return", "leave", "put back", "done")):
        case "come":
            ready = [one for one in to_come if one.id not in away and one.starts_at is not None]
            if ready and chance.random() < 0.6:
                booking = ready[chance.randrange(min(3, len(ready)))]
                to_come.remove(booking)
                await town.comes(booking)
        case "call":
            for one in lane.called:
                await town.steps(one.booking_id, Step.ENTER)
                inside.append(one.booking_id)
            await town.calls(lane.version if not lane.called else None)
        case "walk in" if chance.random() < 0.3:
            await town.walks_in()
        case "absent" if lane.called:
            await town.steps(lane.called[0].booking_id, Step.NOT_HERE)
        case "return" if lane.absent:
            await town.steps(lane.absent[0].booking_id, Step.RETURN)
        case "leave" if lane.waiting and chance.random() < 0.3:
            await town.steps(chance.choice(lane.waiting).visit.booking_id, Step.LEAVE)
        case "put back" if lane.called:
            await town.steps(lane.called[0].booking_id, Step.PUT_BACK)
        case "done" if inside:
            await town.steps(inside.pop(), Step.FINISH)
        case _:
            pass


async def _worse_only_with_a_reason(
    town: LineUnderTest, known: dict[BookingId, tuple[int, datetime]]
) -> dict[BookingId, tuple[int, datetime]]:
    lane = await town.lane()
    now = {one.visit.booking_id: (one.position, town.desk.now) for one in lane.waiting}
    for one in lane.waiting:
        before = known.get(one.visit.booking_id)
        if before is None or one.position <= before[0]:
            continue
        ahead = [other for other in lane.waiting if other.position <= one.position]
        placed = [other.place.placed_at for other in ahead if other.place.placed_at is not None]
        assert max(placed, default=None) is not None
        assert max(placed) >= before[1]
    return now


async def test_the_state_of_every_visit_is_in_one_place_of_its_line(town: LineUnderTest) -> None:
    booked = await town.booked(5)
    town.is_at("09:00")
    for one in booked:
        await town.comes(one)
    await town.steps(booked[0].id, Step.CALL, Step.ENTER)
    await town.steps(booked[1].id, Step.CALL, Step.NOT_HERE)
    await town.steps(booked[2].id, Step.LEAVE)
    lane = await town.lane()
    states = [VisitStatus.INSIDE, VisitStatus.ABSENT, VisitStatus.WAITING, VisitStatus.WAITING]
    assert [one.status for one in (*lane.inside, *lane.absent, *(w.visit for w in lane.waiting))] == states
    assert lane.left == 1
