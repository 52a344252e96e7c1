"""Which Customer Days there are, how full they are, and what becomes of a day that is closed."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.actors import Actor, staff_actor
from services.bookings import bookings, sessions, waiting_list
from services.bookings.bookings import BookingStatus, SlotClosed
from storage import sessions as session_rows
from storage.database import Database
from storage.ids import OfficeId
from storage.open import open_database
from storage.translations import Translations
from tests.databases import fresh_postgres
from tests.known import known
from tests.services.booking_builders import (
    CAPITAL,
    DETAILS,
    FIRST_DAY,
    NORTHERN,
    START,
    DeskUnderTest,
    details,
    offices,
    open_desk,
    rule,
)

STORM = Translations({"ar": "عاصفة", "en": "A storm"})


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path))


async def days(casework: DeskUnderTest, office: OfficeId = CAPITAL) -> list[date]:
    return [session.day for session in await casework.days(office)]


async def times(casework: DeskUnderTest) -> list[str]:
    """When the first day's slots begin that can be had."""
    _, slots = await casework.first_day()
    return [f"{slot.starts_at.astimezone(casework.offices.zone):%H:%M}" for slot in slots if slot.capacity]


# ---------------------------------------------------------------------------- planning


async def test_each_rule_gives_its_weekdays_up_to_its_horizon(casework: DeskUnderTest) -> None:
    assert await days(casework) == [date(2026, 11, 25), date(2026, 12, 2)]
    assert await times(casework) == ["09:00", "09:15", "09:30", "09:45"]


async def test_planning_again_changes_nothing(casework: DeskUnderTest) -> None:
    assert await casework.do(sessions.plan_sessions) == 0


async def test_of_two_processes_one_carries_a_plan_out(casework: DeskUnderTest) -> None:
    async def is_new(plan: str) -> bool:
        async with casework.database.transaction() as tx:
            return await session_rows.plan_is_new(tx, plan, START)

    assert sorted(await asyncio.gather(is_new("rules"), is_new("rules"))) == [False, True]
    assert await is_new("other rules")


async def test_a_new_day_brings_the_days_that_came_into_reach(casework: DeskUnderTest) -> None:
    await casework.pass_time(days=3)
    assert (await days(casework))[-1] == date(2026, 12, 9)


async def test_sitting_at_two_times_of_a_day_is_one_session(database: Database, tmp_path: Path) -> None:
    afternoon = rule(opens="12:00", closes="12:30")
    casework = await open_desk(database, offices(tmp_path, rule(), afternoon))
    assert await times(casework) == ["09:00", "09:15", "09:30", "09:45", "12:00", "12:15"]
    assert len(await casework.days()) == 2


async def test_lanes_sit_beside_each_other(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(), rule("roads")))
    assert [session.lane for session in await casework.days()] == ["director", "roads"] * 2


async def test_breaks_are_left_out(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(breaks="[09:15-09:30]")))
    assert await times(casework) == ["09:00", "09:30", "09:45"]


async def test_a_rule_holds_only_while_it_is_active(database: Database, tmp_path: Path) -> None:
    rules = rule(active_from="2026-12-01", active_until="2026-12-03", weeks_ahead=5)
    assert await days(await open_desk(database, offices(tmp_path, rules))) == [date(2026, 12, 2)]


async def test_holidays_and_closures_have_no_customer_day(database: Database, tmp_path: Path) -> None:
    closed = "{date: 2026-12-02, reason: {ar: صيانة, en: Repairs}}"
    casework = await open_desk(database, offices(tmp_path, rule(weeks_ahead=4), closures=closed))
    # 2 December is closed by the file, 16 December is the National Day.
    assert await days(casework) == [date(2026, 11, 25), date(2026, 12, 9)]


async def test_a_share_of_the_seats_is_released_the_day_before(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(released_late=0.5)))
    session, slots = await casework.first_day()
    assert [slot.released_at for slot in slots] == [
        START,
        slots[1].starts_at - timedelta(hours=24),
        START,
        slots[3].starts_at - timedelta(hours=24),
    ]
    assert [one.slot for one in await casework.do(sessions.free_slots, session.id)] == [slots[0], slots[2]]
    await casework.wait_until(slots[1].starts_at - timedelta(hours=24))
    assert [one.slot for one in await casework.do(sessions.free_slots, session.id)] == slots[:3]


# ---------------------------------------------------------------------------- rules that change


async def test_other_rules_are_followed_at_once(casework: DeskUnderTest, tmp_path: Path) -> None:
    casework.follow(offices(tmp_path, rule(closes="09:30", capacity=3)))
    await casework.tick()
    _, slots = await casework.first_day()
    assert [slot.capacity for slot in slots] == [3, 3, 0, 0]


async def test_fewer_seats_leave_everybody_theirs(casework: DeskUnderTest, tmp_path: Path) -> None:
    session, slots = await casework.first_day()
    booked = [await casework.book(slots[0]), await casework.book(slots[0])]
    casework.follow(offices(tmp_path, rule(capacity=1)))
    await casework.tick()
    assert [(await casework.again(one)).status for one in booked] == [BookingStatus.CONFIRMED] * 2
    await casework.do(bookings.cancel_by_municipality, booked[0].id, "", staff_actor("1"))
    free = await casework.do(sessions.free_slots, session.id)
    assert [one.slot.id for one in free] == [slot.id for slot in slots[1:]]


async def test_a_dropped_rule_gives_no_more_seats_and_takes_none_away(casework: DeskUnderTest, tmp_path: Path) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    casework.follow(offices(tmp_path, rule(weekday="sunday")))
    await casework.tick()
    assert FIRST_DAY not in await days(casework)
    assert (await casework.again(booked)).status is BookingStatus.CONFIRMED
    assert not isinstance(
        await casework.do(bookings.reserve_seat, slots[1].id, await casework.resident()), bookings.Booking
    )
    assert await casework.do(sessions.free_slots, booked.session_id) == ()


async def test_other_slot_lengths_put_nobody_into_a_booked_time(casework: DeskUnderTest, tmp_path: Path) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[1])  # 09:15 to 09:30
    casework.follow(offices(tmp_path, rule(slot_minutes=30)))
    await casework.tick()
    assert await times(casework) == ["09:30"]
    assert (await casework.again(booked)).ends_at == slots[1].ends_at


async def test_more_seats_go_to_those_who_wait(casework: DeskUnderTest, tmp_path: Path) -> None:
    session, _ = await casework.first_day()
    await casework.fill(session)
    waiting = await casework.wait(session)
    casework.follow(offices(tmp_path, rule(capacity=3)))
    await casework.tick()
    assert (await casework.again(waiting)).status is BookingStatus.OFFERED


async def test_who_waits_for_a_dropped_day_is_told_at_once(casework: DeskUnderTest, tmp_path: Path) -> None:
    session, _ = await casework.first_day()
    await casework.fill(session)
    waiting = await casework.wait(session)
    casework.follow(offices(tmp_path, rule(weekday="sunday")))
    await casework.tick()
    assert (await casework.again(waiting)).status is BookingStatus.EXPIRED
    assert await casework.owed("waiting_ended", waiting)
    assert isinstance(await casework.do(waiting_list.join, session.id, await casework.resident(), DETAILS), SlotClosed)
    assert await casework.tick() == 0


# ---------------------------------------------------------------------------- days that turn out closed

FEAST = "{date: 2026-11-25, reason: {ar: عيد, en: The feast}}"


async def test_a_planned_day_that_the_file_closes_is_called_off_and_everybody_told(
    casework: DeskUnderTest, tmp_path: Path
) -> None:
    session, _ = await casework.first_day()
    booked, waiting = await casework.fill(session), await casework.wait(session)
    casework.follow(offices(tmp_path, closures=FEAST))
    assert await casework.tick()
    now = await casework.again(booked[0])
    assert (now.status, now.reason, now.remind_at) == (BookingStatus.CANCELLED_BY_MUNICIPALITY, "The feast", None)
    assert len(await casework.owed("booking_cancelled")) == 8
    assert (await casework.again(waiting)).status is BookingStatus.EXPIRED
    assert await casework.owed("waiting_ended", waiting)
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.state, state.session.closed_reason.get("ar")) == ("closed", "عيد")
    audit = [(row["actor"], row["action"], row["detail"]) for row in await casework.rows("SELECT * FROM audit")]
    assert audit == [("offices file", "day.close", "2026-11-25 director: 8 cancelled")]
    assert await casework.do(sessions.plan_sessions) == 0


async def test_of_two_workers_one_calls_a_day_off(casework: DeskUnderTest, tmp_path: Path) -> None:
    session, _ = await casework.first_day()
    await casework.fill(session)
    casework.follow(offices(tmp_path, closures=FEAST))
    await asyncio.gather(casework.do(sessions.plan_sessions), casework.do(sessions.plan_sessions), casework.tick())
    assert len(await casework.owed("booking_cancelled")) == 8
    assert len(await casework.rows("SELECT id FROM audit")) == 1


async def test_a_day_that_the_file_opens_again_can_be_booked_again(casework: DeskUnderTest, tmp_path: Path) -> None:
    casework.follow(offices(tmp_path, closures=FEAST))
    await casework.tick()
    casework.follow(offices(tmp_path))
    await casework.tick()
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.session.day, state.state, state.free) == (FIRST_DAY, "free", 8)


async def test_what_an_administrator_decided_is_stronger_than_the_file(casework: DeskUnderTest, tmp_path: Path) -> None:
    session, slots = await casework.first_day()
    casework.follow(offices(tmp_path, closures=FEAST))
    await casework.tick()
    assert await casework.do(sessions.reopen_day, CAPITAL, FIRST_DAY, Actor("admin:1"))  # they work all the same
    booked = await casework.book(slots[0])
    await casework.pass_time(days=1)
    casework.follow(offices(tmp_path, rule(capacity=3), closures=FEAST))
    await casework.tick()
    assert (await casework.again(booked)).status is BookingStatus.CONFIRMED
    await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor("admin:1"))
    casework.follow(offices(tmp_path))
    await casework.tick()
    assert known(await casework.do(sessions.session, session.id)).closed_reason == STORM


async def test_nobody_is_woken_by_a_day_called_off_at_night(casework: DeskUnderTest, tmp_path: Path) -> None:
    _, slots = await casework.first_day()
    await casework.book(slots[0])
    casework.follow(offices(tmp_path, closures=FEAST))
    await casework.wait_until(casework.at(date(2026, 11, 24), "00:00"))
    told = await casework.rows("SELECT not_before FROM outbox WHERE payload LIKE '%booking_cancelled%'")
    assert [str(row["not_before"])[11:16] for row in told] == ["05:00"]  # eight in Bahrain


async def test_a_holiday_that_moved_calls_the_day_off_by_its_name(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(weeks_ahead=4)))
    national_day = date(2026, 12, 16)
    await casework.do(sessions.reopen_day, CAPITAL, national_day, Actor("admin:1"))
    session = next(one for one in await casework.days() if one.day == national_day)
    booked = await casework.book((await casework.slots(session))[0])
    async with casework.database.transaction() as tx:  # as it was before the holiday was known
        session_rows.drop_closures(tx, national_day)
    assert await casework.do(sessions.plan_sessions)
    now = await casework.again(booked)
    assert now.status is BookingStatus.CANCELLED_BY_MUNICIPALITY
    assert now.reason == "National Day"


# ---------------------------------------------------------------------------- how full a day is


async def test_a_held_seat_is_taken_until_the_hold_runs_out(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    await casework.hold(slots[0], await casework.resident())
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].free == 7
    casework.now += timedelta(minutes=10)  # and the clock has not seen it yet
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].free == 8
    assert (await casework.do(sessions.free_slots, session.id))[0].free == 2


async def test_a_full_day_says_so_and_how_many_wait(casework: DeskUnderTest) -> None:
    session, _ = await casework.first_day()
    await casework.fill(session)
    await casework.wait(session)
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.state, state.free, state.total, state.waiting) == ("full", 0, 8, 1)


async def test_seats_are_given_out_until_the_lead_time_of_their_slot(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    casework.now = slots[0].starts_at - timedelta(hours=2)
    assert [one.slot for one in await casework.do(sessions.free_slots, session.id)] == slots[1:]
    casework.now = slots[3].starts_at - timedelta(hours=2)
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].state == "started"


async def test_a_seat_that_came_free_while_people_wait_is_not_shown_to_others(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    await casework.hold(slots[0], await casework.resident())
    await casework.fill(session)
    await casework.wait(session)
    casework.now += timedelta(minutes=10)
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].free == 0
    assert await casework.do(sessions.free_slots, session.id) == ()
    assert [one.id for one, _ in await casework.do(sessions.nearest_free, CAPITAL, limit=1)] != [session.id]


async def test_pages_of_days_follow_each_other(casework: DeskUnderTest) -> None:
    first, second = await casework.do(sessions.upcoming, CAPITAL)
    assert await casework.do(sessions.upcoming, CAPITAL, limit=1) == (first,)
    assert await casework.do(sessions.upcoming, CAPITAL, limit=1, offset=1) == (second,)


async def test_the_nearest_free_slots_start_after_a_time_and_leave_a_session_out(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    nearest = await casework.do(sessions.nearest_free, CAPITAL, after=slots[2].starts_at)
    assert [slot.id for _, slot in nearest][:2] == [slots[2].id, slots[3].id]
    elsewhere = await casework.do(sessions.nearest_free, CAPITAL, besides=session.id)
    assert {one.id for one, _ in elsewhere} == {(await casework.days())[1].id}


# ---------------------------------------------------------------------------- closing days


async def test_closing_shows_who_is_affected_and_changes_nothing_yet(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    affected = await casework.do(sessions.affected_by_closing, CAPITAL, FIRST_DAY)
    assert [one.id for one in affected] == [booked.id]
    assert known(await casework.do(sessions.session, session.id)).status == "open"


async def test_closing_a_day_cancels_and_tells_everyone(casework: DeskUnderTest) -> None:
    session, _ = await casework.first_day()
    booked = await casework.fill(session)
    waiting = await casework.wait(session)
    cancelled = await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor("admin:1"))
    assert {one.id for one in cancelled} == {one.id for one in booked}
    now = await casework.again(booked[0])
    assert (now.status, now.reason, now.version) == (BookingStatus.CANCELLED_BY_MUNICIPALITY, "A storm", 2)
    assert len(await casework.owed("booking_cancelled")) == 8
    assert (await casework.again(waiting)).status is BookingStatus.EXPIRED
    assert await casework.owed("waiting_ended", waiting)
    assert await casework.owed("seat_offered") == []
    assert (await casework.do(sessions.upcoming, CAPITAL))[0].state == "closed"
    assert [row["action"] for row in await casework.rows("SELECT action FROM audit")] == ["day.close"]


async def test_a_day_closed_in_the_midst_of_everything_tells_each_once(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    people = await casework.people(12)
    held = [await casework.hold(slot, person) for slot, person in zip(slots, people[:4], strict=True)]
    standing = [await casework.book(slot) for slot in slots]
    await asyncio.gather(
        *(
            casework.do(bookings.confirm_seat, one.id, person, details(person))
            for one, person in zip(held, people, strict=False)
        ),
        *(casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor(f"admin:{number}")) for number in range(2)),
        *(casework.do(bookings.reserve_seat, slots[0].id, person) for person in people[4:8]),
        *(casework.do(waiting_list.join, session.id, person, details(person)) for person in people[8:]),
    )
    assert await casework.do(sessions.affected_by_closing, CAPITAL, FIRST_DAY) == ()
    cancelled = await casework.rows("SELECT id FROM bookings WHERE status = 'cancelled_by_municipality'")
    assert {row["id"] for row in cancelled} >= {one.id for one in standing}
    told = await casework.owed("booking_cancelled")
    assert sorted(told) == sorted(f"booking_cancelled:{row['id']}:2" for row in cancelled)


async def test_closing_a_day_that_has_begun_leaves_what_is_over(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    over, ahead = await casework.book(slots[0]), await casework.book(slots[3])
    casework.now = slots[0].ends_at
    cancelled = await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor("admin:1"))
    assert [one.id for one in cancelled] == [ahead.id]
    assert (await casework.again(over)).status is BookingStatus.CONFIRMED


async def test_a_closed_day_is_not_bookable(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor("admin:1"))
    assert isinstance(await casework.do(bookings.reserve_seat, slots[1].id, person), SlotClosed)
    lost = await casework.do(bookings.confirm_seat, held.id, person, bookings.Details(topic="other"))
    assert isinstance(lost, bookings.HoldLost)
    assert {one.day for one, _ in lost.alternatives} == {date(2026, 12, 2)}


async def test_a_day_closed_before_it_was_planned_has_no_session(casework: DeskUnderTest) -> None:
    await casework.do(sessions.close_day, CAPITAL, date(2026, 12, 9), STORM, Actor("admin:1"))
    await casework.pass_time(days=3)
    assert date(2026, 12, 9) not in await days(casework)


async def test_a_reopened_day_can_be_booked_again(casework: DeskUnderTest) -> None:
    await casework.do(sessions.close_day, CAPITAL, FIRST_DAY, STORM, Actor("admin:1"))
    assert await casework.do(sessions.reopen_day, CAPITAL, FIRST_DAY, Actor("admin:1"))
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.state, state.free, bool(state.session.closed_reason)) == ("free", 8, False)
    assert not await casework.do(sessions.reopen_day, CAPITAL, FIRST_DAY, Actor("admin:1"))


async def test_a_day_is_reopened_in_the_order_in_which_all_take_sessions(postgres_url: str, tmp_path: Path) -> None:
    database = await open_database(await fresh_postgres(postgres_url))
    casework = await open_desk(database, offices(tmp_path))
    near, far = await casework.days()
    await casework.do(sessions.close_day, CAPITAL, far.day, STORM, Actor("admin:1"))
    async with database.transaction() as tx:  # somebody moves from the one day to the other
        await session_rows.lock(tx, near.id)
        reopening = asyncio.create_task(casework.do(sessions.reopen_day, CAPITAL, far.day, Actor("admin:1")))
        while not await casework.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert not reopening.done()
        await session_rows.lock(tx, far.id)
    assert await reopening
    await database.close()


async def test_an_office_may_work_on_a_holiday(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(weeks_ahead=4)))
    assert await casework.do(sessions.reopen_day, CAPITAL, date(2026, 12, 16), Actor("admin:1"))
    assert date(2026, 12, 16) in await days(casework)


async def test_closing_for_all_offices_closes_each(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, northern=rule()))
    await casework.do(sessions.close_day, OfficeId(""), FIRST_DAY, STORM, Actor("admin:1"))
    for office in (CAPITAL, NORTHERN):
        assert (await casework.do(sessions.upcoming, office))[0].state == "closed"
    assert await casework.do(sessions.reopen_day, NORTHERN, FIRST_DAY, Actor("admin:1"))
    assert [(await casework.do(sessions.upcoming, one))[0].state for one in (CAPITAL, NORTHERN)] == ["closed", "free"]


async def test_closing_for_all_is_stronger_than_what_was_said_of_one(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, northern=rule()))
    holiday = date(2026, 12, 16)
    assert await casework.do(sessions.reopen_day, NORTHERN, holiday, Actor("admin:1"))
    await casework.do(sessions.close_day, OfficeId(""), holiday, STORM, Actor("admin:1"))
    await casework.pass_time(days=12)
    assert (await days(casework, NORTHERN))[-1] == date(2026, 12, 9)
