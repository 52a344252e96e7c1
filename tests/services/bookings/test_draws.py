"""A day that is drawn: nobody comes first, everybody can check it, and it is drawn once."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.actors import staff_actor
from services.bookings import bookings, draws, sessions, special_sessions, waiting_list
from services.bookings.bookings import SlotClosed
from services.bookings.draws import commitment, drawn_order
from services.offices.offices import OfficesFileError
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage.database import Database
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session
from storage.records.staff import Role
from storage.translations import Translations
from tests.roles import give_role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, DeskUnderTest, offices, open_desk, rule

S = BookingStatus
SEATS = 8
REFERENCES = st.lists(st.text("ABCDEFGH0123456789-", min_size=1, max_size=12).map(Reference), unique=True)


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    """The first day is drawn on Monday."""
    return await open_desk(database, offices(tmp_path, rule(draw_days=2)))


@pytest.fixture
async def applied(casework: DeskUnderTest) -> tuple[Session, list[Booking]]:
    """The first day, with three more who apply than it has seats."""
    session, _ = await casework.first_day()
    return session, [await casework.wait(session) for _ in range(SEATS + 3)]


Applied = tuple[Session, list[Booking]]


async def draw(casework: DeskUnderTest) -> int:
    return await casework.do(draws.run_due, 1)


async def draw_in_time(casework: DeskUnderTest) -> int:
    casework.now = casework.at(FIRST_DAY - timedelta(days=2), "10:00")
    return await draw(casework)


# ---------------------------------------------------------------------------- the order


@given(st.text(max_size=70), REFERENCES)
def test_the_order_depends_on_seed_and_references_alone(seed: str, references: list[Reference]) -> None:
    order = drawn_order(seed, references)
    assert sorted(order) == sorted(references)
    assert drawn_order(seed, reversed(references)) == order
    marks = [hashlib.sha256(f"{seed}:{one}".encode()).hexdigest() for one in order]
    assert marks == sorted(marks)


@given(st.text(max_size=70), REFERENCES.filter(bool))
def test_withdrawing_changes_nothing_among_the_others(seed: str, references: list[Reference]) -> None:
    gone, *others = references
    assert drawn_order(seed, others) == [one for one in drawn_order(seed, references) if one != gone]


# ---------------------------------------------------------------------------- before the draw


async def test_nobody_books_or_is_offered_a_time_before_the_draw(casework: DeskUnderTest, applied: Applied) -> None:
    session, line = applied
    await casework.pass_time(hours=12)
    for slot in await casework.slots(session):
        assert isinstance(await casework.do(bookings.reserve_seat, slot.id, await casework.resident()), SlotClosed)
    assert {(await casework.again(one)).status for one in line} == {S.WAITING}
    assert await draw(casework) == 0
    assert await casework.do(sessions.free_slots, session.id, early=True) == ()
    near = await casework.do(sessions.nearest_free, CAPITAL, limit=50)
    assert session.id not in {one.id for one, _ in near}
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.state, state.free, state.waiting) == ("draw", 0, len(line))


async def test_the_seed_is_fixed_when_the_day_is_planned(casework: DeskUnderTest, applied: Applied) -> None:
    planned = await casework.do(draws.of, applied[0].id)
    assert planned is not None
    assert planned.draws_at == casework.at(date(2026, 11, 23), "10:00")
    await casework.do(sessions.plan_sessions)
    await draw_in_time(casework)
    drawn = await casework.do(draws.of, applied[0].id)
    assert drawn is not None
    assert (drawn.seed, drawn.drawn_at) == (planned.seed, casework.now)
    assert commitment(drawn.seed) == hashlib.sha256(planned.seed.encode()).hexdigest()


async def test_a_day_that_is_closed_before_the_draw_tells_who_applied(
    casework: DeskUnderTest, applied: Applied
) -> None:
    session, line = applied
    await casework.do(sessions.close_day, CAPITAL, session.day, Translations({"en": "Maintenance"}), staff_actor("1"))
    assert len(await casework.owed("waiting_ended")) == len(line)
    assert await draw_in_time(casework) == 1
    assert await casework.owed("drawn") == []


# ---------------------------------------------------------------------------- the draw


async def test_the_first_have_the_times_and_the_others_wait_in_order(casework: DeskUnderTest, applied: Applied) -> None:
    session, line = applied
    assert await draw_in_time(casework) == 1
    found = await casework.do(draws.of, session.id)
    assert found is not None
    by_reference = {one.reference: await casework.again(one) for one in line}
    order = [by_reference[one] for one in drawn_order(found.seed, by_reference)]
    assert [one.status for one in order] == [S.CONFIRMED] * SEATS + [S.WAITING] * 3
    starts = [one.starts_at for one in order[:SEATS]]
    assert starts == [slot.starts_at for slot in await casework.slots(session) for _ in range(2)]
    assert [await casework.do(waiting_list.place_in_line, one) for one in order[SEATS:]] == [1, 2, 3]
    assert sorted(await casework.owed("drawn")) == sorted(f"drawn:{one.id}" for one in line)
    assert await casework.do(waiting_list.place_in_line, await casework.wait(session)) == 4  # who comes now is last


async def test_where_the_draw_is_off_the_first_to_apply_have_the_times(
    casework: DeskUnderTest, applied: Applied
) -> None:
    session, line = applied
    await casework.rows("UPDATE sessions SET by_hand = TRUE WHERE id = :id RETURNING id", id=session.id)
    boss = Person("telegram", "9", "Boss")
    async with casework.database.transaction() as tx:
        await give_role(tx, boss, CAPITAL, casework.now, Role.ADMIN)
    off_at = await casework.do(special_sessions.stop_draw, boss, session.id)
    assert off_at == casework.now + special_sessions.UNDO_FOR
    assert await casework.do(special_sessions.stop_draw, boss, session.id) is special_sessions.Why.OVERTAKEN
    casework.now += special_sessions.UNDO_FOR
    assert sorted(await asyncio.gather(draw(casework), draw(casework))) == [0, 1]
    found = [await casework.again(one) for one in line]
    assert [one.status for one in found] == [S.CONFIRMED] * SEATS + [S.WAITING] * 3
    assert len(await casework.owed("draw_called_off")) == len(line)
    assert await casework.do(draws.of, session.id) is None
    assert await casework.do(special_sessions.keep_draw, boss, session.id) is special_sessions.Why.OVERTAKEN


async def test_two_workers_draw_once(casework: DeskUnderTest, applied: Applied) -> None:
    casework.now = casework.at(FIRST_DAY - timedelta(days=2), "10:00")
    assert sorted(await asyncio.gather(draw(casework), draw(casework))) == [0, 1]
    found = [await casework.again(one) for one in applied[1]]
    seats = [(one.slot_id, one.seat) for one in found if one.status is S.CONFIRMED]
    assert len(seats) == len(set(seats)) == SEATS
    assert len(await casework.owed("drawn")) == len(found)
    assert await draw(casework) == 0


async def test_a_draw_that_fails_is_made_again_as_it_would_have_been(casework: DeskUnderTest, applied: Applied) -> None:
    casework.now = casework.at(FIRST_DAY - timedelta(days=2), "10:00")

    async def fails(work: Work) -> None:
        await draws.run_due(work, 1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await casework.do(fails)
    assert {(await casework.again(one)).status for one in applied[1]} == {S.WAITING}
    assert await draw(casework) == 1


async def test_afterwards_the_day_is_like_any_other(casework: DeskUnderTest, applied: Applied) -> None:
    line = applied[1]
    await draw_in_time(casework)
    found = [await casework.again(one) for one in line]
    [seated, *_] = [one for one in found if one.status is S.CONFIRMED]
    waiting = sorted((one for one in found if one.status is S.WAITING), key=lambda one: str(one.waiting_since))
    await casework.do(bookings.cancel_by_municipality, seated.id, "", staff_actor("1"))
    assert (await casework.again(waiting[0])).status is S.OFFERED


async def test_seats_nobody_applied_for_can_be_booked_after_the_draw(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    await casework.wait(session)
    await draw_in_time(casework)
    free = await casework.do(sessions.free_slots, session.id)
    assert sum(one.free for one in free) == SEATS - 1
    assert (await casework.book(slots[-1])).status is S.CONFIRMED


# ---------------------------------------------------------------------------- the rule


async def test_a_day_planned_after_its_draw_is_first_come(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(draw_days=5)))
    first, second = await casework.days()
    assert await casework.do(draws.of, first.id) is None
    assert await casework.do(draws.of, second.id) is not None
    assert await casework.do(sessions.free_slots, first.id)


async def test_days_that_are_planned_stay_first_come(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path))
    casework.follow(offices(tmp_path, rule(draw_days=2)))
    await casework.tick()
    assert await casework.rows("SELECT * FROM draws") == []


@pytest.mark.parametrize(("days", "lead"), [(14, 2), (1, 24), (-1, 2), (61, 2)])
def test_a_draw_must_be_while_people_can_apply(tmp_path: Path, days: int, lead: int) -> None:
    with pytest.raises(OfficesFileError):
        offices(tmp_path, rule(draw_days=days, lead_hours=lead))
