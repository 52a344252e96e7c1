"""Sessions that staff open, change and move themselves, and what becomes of whoever has an appointment there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.bookings import closed_days, draws, moved_days, schedule, sessions, special_sessions
from services.bookings.bookings import BookingStatus
from services.bookings.moved_days import Moved
from services.bookings.special_sessions import Done, Foreseen, Wanted, Why
from storage.database import Database
from storage.ids import LaneId, SessionId
from storage.records.sessions import Session, SessionStatus
from tests.services.booking_builders import CAPITAL, FIRST_DAY, offices, rule
from tests.services.configuring_builders import HUDA, NEW_HOURS, STRANGER, ConfiguringDesk

THURSDAY = date(2026, 11, 26)
EXTRA = Wanted(CAPITAL, LaneId("director"), THURSDAY, "10:00", "11:00", 30, 1, 2)
CHANGED = replace(EXTRA, day=FIRST_DAY, opens="09:30", closes="10:30", slot_minutes=15, capacity=2)


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> ConfiguringDesk:
    desk = ConfiguringDesk(database, offices(tmp_path))
    await desk.tick()
    return desk


async def put(casework: ConfiguringDesk, wanted: Wanted) -> SessionId:
    seen = await casework.do(special_sessions.foresee, wanted)
    assert isinstance(seen, Foreseen), seen
    done = await casework.do(special_sessions.put, HUDA, wanted, seen.seen, NEW_HOURS)
    assert isinstance(done, Done), done
    return done.session


async def on(casework: ConfiguringDesk, day: date) -> Session:
    return next(one for one in await casework.days() if one.day == day)


async def test_an_extra_session_can_be_booked(casework: ConfiguringDesk) -> None:
    await put(casework, EXTRA)
    session = await on(casework, THURSDAY)
    first, _ = await casework.slots(session)
    booked = await casework.book(first)
    assert booked.starts_at == casework.at(THURSDAY, "10:00")


async def test_the_weekly_rules_leave_it_as_it_is(casework: ConfiguringDesk) -> None:
    await put(casework, EXTRA)
    await put(casework, CHANGED)
    assert await casework.do(schedule.plan_sessions) == 0
    await casework.pass_time(days=1)
    assert [one.capacity for one in await casework.slots(await on(casework, THURSDAY))] == [1, 1]
    given = [one for one in await casework.slots(await on(casework, FIRST_DAY)) if one.capacity]
    assert given[0].starts_at == casework.at(FIRST_DAY, "09:30")


async def test_a_session_that_is_as_the_rules_want_it_again_follows_them(casework: ConfiguringDesk) -> None:
    was = await casework.do(special_sessions.standing, (await casework.first_day())[0])
    assert was is not None
    await put(casework, CHANGED)
    assert (await on(casework, FIRST_DAY)).by_hand
    await put(casework, was)
    assert not (await on(casework, FIRST_DAY)).by_hand


async def test_a_session_far_ahead_does_not_make_the_rules_reach_so_far(casework: ConfiguringDesk) -> None:
    far = FIRST_DAY + timedelta(weeks=40, days=1)
    await put(casework, replace(EXTRA, day=far))
    assert await casework.do(schedule.plan_sessions) == 0
    assert [one.day for one in await casework.days()] == [FIRST_DAY, FIRST_DAY + timedelta(days=7), far]


async def test_a_closed_day_closes_it_all_the_same_and_opens_it_again(casework: ConfiguringDesk) -> None:
    await put(casework, EXTRA)
    booked = await casework.book((await casework.slots(await on(casework, THURSDAY)))[0])

    await casework.do(sessions.close_day, CAPITAL, THURSDAY, NEW_HOURS, HUDA.actor)
    assert (await casework.again(booked)).status is BookingStatus.CANCELLED_BY_MUNICIPALITY

    await casework.do(sessions.reopen_day, CAPITAL, THURSDAY, HUDA.actor)
    assert await casework.do(sessions.free_slots, (await on(casework, THURSDAY)).id)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"day": date(2026, 11, 20)}, Why.PAST),
        ({"day": date(2028, 11, 20)}, Why.TOO_FAR),
        ({"lane": LaneId("nobody")}, Why.NO_LANE),
        ({"day": date(2026, 12, 16)}, Why.CLOSED),
        ({"closes": "09:00"}, "a time after 10:00"),
        ({"opens": "25:00"}, "a time such as 09:00"),
        ({"slot_minutes": 25}, "slots of 25 minutes to fill 10:00–11:00 exactly"),
        ({"capacity": 0}, "at least 1"),
        ({"lead_hours": 9999}, "at most 336"),
    ],
)
async def test_what_cannot_be_is_refused(casework: ConfiguringDesk, changed: dict[str, object], why: object) -> None:
    refused = await casework.do(special_sessions.foresee, replace(EXTRA, **changed))  # type: ignore[arg-type]
    assert (refused[0].expected if isinstance(refused, tuple) else refused) == why


async def test_who_loses_their_time_is_shown_before_and_moved(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)

    seen = await casework.do(special_sessions.foresee, CHANGED)
    assert isinstance(seen, Foreseen)
    assert [one.reference for one in seen.effect.affected] == [booked.reference]

    await put(casework, CHANGED)
    assert (await casework.again(booked)).starts_at == casework.at(FIRST_DAY, "09:30")
    assert len(await casework.owed("booking_moved", booked)) == 1


async def test_a_session_is_asked_for_as_it_is(database: Database, tmp_path: Path) -> None:
    with_break = rule(closes="10:30", breaks="[09:30-09:45]", released_late=0.25)
    desk = ConfiguringDesk(database, offices(tmp_path, with_break))
    await desk.tick()
    session, slots = await desk.first_day()

    wanted = await desk.do(special_sessions.standing, session)

    assert wanted == Wanted(CAPITAL, LaneId("director"), FIRST_DAY, "09:00", "10:30", 15, 2, 2, ("09:30–09:45",))
    await put(desk, wanted)
    assert [slot.starts_at for slot in await desk.slots(session)] == [slot.starts_at for slot in slots]


async def test_a_change_that_somebody_else_overtook_is_not_made(casework: ConfiguringDesk) -> None:
    seen = await casework.do(special_sessions.foresee, CHANGED)
    assert isinstance(seen, Foreseen)
    await put(casework, replace(CHANGED, capacity=5))
    assert await casework.do(special_sessions.put, HUDA, CHANGED, seen.seen, NEW_HOURS) is Why.OVERTAKEN


async def test_only_administrators_may(casework: ConfiguringDesk) -> None:
    assert await casework.do(special_sessions.put, STRANGER, EXTRA, "", NEW_HOURS) is Why.DENIED
    moved = await casework.do(moved_days.move_day, STRANGER, CAPITAL, FIRST_DAY, THURSDAY, NEW_HOURS)
    assert moved is Why.DENIED


async def test_an_extra_session_that_nobody_booked_is_taken_back(casework: ConfiguringDesk) -> None:
    session = await put(casework, EXTRA)
    assert isinstance(await casework.do(special_sessions.withdraw, HUDA, session), Session)
    assert [one.day for one in await casework.days()] == [FIRST_DAY, FIRST_DAY + timedelta(days=7)]
    assert await put(casework, EXTRA) == session


async def test_an_extra_session_taken_back_on_a_closed_day_is_gone_and_does_not_come_back(
    casework: ConfiguringDesk,
) -> None:
    session = await put(casework, EXTRA)
    await casework.do(sessions.close_day, CAPITAL, THURSDAY, NEW_HOURS, HUDA.actor)
    assert [one.id for one in await casework.do(special_sessions.coming_back, CAPITAL, THURSDAY)] == [session]
    assert isinstance(await casework.do(special_sessions.withdraw, HUDA, session), Session)
    assert session not in {one.session.id for one in await casework.do(sessions.upcoming, CAPITAL)}
    assert await casework.do(special_sessions.coming_back, CAPITAL, THURSDAY) == ()


async def test_a_weekly_session_comes_back_when_its_day_is_opened_again(casework: ConfiguringDesk) -> None:
    weekly = await on(casework, FIRST_DAY)
    await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, NEW_HOURS, HUDA.actor)
    assert [one.id for one in await casework.do(special_sessions.coming_back, CAPITAL, FIRST_DAY)] == [weekly.id]


async def test_an_extra_session_with_appointments_stays(casework: ConfiguringDesk) -> None:
    session = await put(casework, EXTRA)
    await casework.book((await casework.slots(await on(casework, THURSDAY)))[0])
    assert await casework.do(special_sessions.withdraw, HUDA, session) is Why.BOOKED


# ---------------------------------------------------------------------------- a day is moved


async def test_a_day_is_moved_with_everybody_at_their_hour(casework: ConfiguringDesk) -> None:
    session, [first, _, third, _] = await casework.first_day()
    booked = [await casework.book(first), await casework.book(third)]

    moved = await casework.do(moved_days.move_day, HUDA, CAPITAL, FIRST_DAY, THURSDAY, NEW_HOURS)

    assert isinstance(moved, Moved)
    assert (len(moved.moved), len(moved.cancelled), moved.fresh) == (2, 0, True)
    now = [await casework.again(one) for one in booked]
    assert [one.starts_at for one in now] == [casework.at(THURSDAY, "09:00"), casework.at(THURSDAY, "09:30")]
    assert [len(await casework.owed("booking_moved", one)) for one in booked] == [1, 1]
    assert await casework.do(sessions.free_slots, session.id) == ()


async def test_a_moved_day_is_moved_back(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)
    await casework.do(moved_days.move_day, HUDA, CAPITAL, FIRST_DAY, THURSDAY, NEW_HOURS)

    await casework.do(moved_days.move_back, HUDA, CAPITAL, THURSDAY, FIRST_DAY, NEW_HOURS)

    assert (await casework.again(booked)).starts_at == casework.at(FIRST_DAY, "09:00")
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].state == "free"


async def test_who_finds_no_room_on_the_new_day_is_told_that_it_is_off(casework: ConfiguringDesk) -> None:
    await casework.fill((await casework.days())[1])
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)

    moved = await casework.do(moved_days.move_day, HUDA, CAPITAL, FIRST_DAY, FIRST_DAY + timedelta(days=7), NEW_HOURS)

    assert isinstance(moved, Moved)
    assert not moved.fresh
    assert [one.reference for one in moved.cancelled] == [booked.reference]


async def test_a_day_is_not_moved_to_where_nobody_can_come(casework: ConfiguringDesk) -> None:
    for to, why in ((FIRST_DAY, Why.SAME_DAY), (date(2026, 12, 16), Why.CLOSED), (date(2026, 11, 2), Why.PAST)):
        assert await casework.do(moved_days.foresee_move, CAPITAL, FIRST_DAY, to) is why
    assert await casework.do(moved_days.foresee_move, CAPITAL, THURSDAY, FIRST_DAY) is Why.NOT_THERE


async def test_two_lanes_of_a_day_are_moved_together(database: Database, tmp_path: Path) -> None:
    desk = ConfiguringDesk(database, offices(tmp_path, rule(), rule("deputy")))
    await desk.tick()
    moved = await desk.do(moved_days.move_day, HUDA, CAPITAL, FIRST_DAY, THURSDAY, NEW_HOURS)
    assert isinstance(moved, Moved)
    assert [one.lane for one in await desk.days() if one.day == THURSDAY] == ["director", "deputy"]


async def test_a_day_is_closed_and_opened_only_by_who_may(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)
    assert await casework.do(closed_days.close_day, STRANGER, CAPITAL, FIRST_DAY, NEW_HOURS) is Why.DENIED
    closed = await casework.do(closed_days.close_day, HUDA, CAPITAL, FIRST_DAY, NEW_HOURS)
    assert not isinstance(closed, Why)
    assert [one.id for one in closed] == [booked.id]
    assert await casework.do(closed_days.reopen_day, STRANGER, CAPITAL, FIRST_DAY) is Why.DENIED
    assert (await on(casework, FIRST_DAY)).status is SessionStatus.CLOSED
    assert await casework.do(closed_days.reopen_day, HUDA, CAPITAL, FIRST_DAY) is True
    denied = await casework.rows("SELECT actor FROM audit WHERE action = 'denied.sessions' ORDER BY id")
    assert [row["actor"] for row in denied] == [STRANGER.actor] * 2


# ---------------------------------------------------------------------------- by a draw


async def test_an_extra_session_is_drawn_as_a_weekly_one(casework: ConfiguringDesk) -> None:
    session = await put(casework, replace(EXTRA, day=THURSDAY + timedelta(weeks=1)))
    assert await casework.do(special_sessions.draw_by_lot, STRANGER, session, 2) is Why.DENIED
    at = await casework.do(special_sessions.draw_by_lot, HUDA, session, 2)
    assert not isinstance(at, Why)
    assert at == casework.at(THURSDAY + timedelta(days=5), "10:00")
    assert await casework.do(sessions.free_slots, session) == ()
    drawn = next(one for one in await casework.days() if one.id == session)
    applied = await casework.wait(drawn)
    assert await casework.do(special_sessions.draw_by_lot, HUDA, session, 1) is Why.BOOKED
    casework.now = at
    assert await casework.do(draws.run_due, 5) == 1
    assert (await casework.again(applied)).status is BookingStatus.CONFIRMED


async def test_a_session_in_which_somebody_has_a_time_is_not_drawn(casework: ConfiguringDesk) -> None:
    session = await put(casework, EXTRA)
    await casework.book((await casework.slots(await on(casework, THURSDAY)))[0])
    assert await casework.do(special_sessions.draw_by_lot, HUDA, session, 1) is Why.BOOKED
