"""What a change of the offices does to the sessions: shown before, done with it, told after."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from services.bookings import reconfiguring, schedule
from services.bookings.bookings import BookingStatus
from services.bookings.reconfiguring import Foreseen
from services.offices import changes
from services.offices.changes import Overtaken
from services.offices.yaml_file import Data
from storage.database import Database
from tests.services.booking_builders import FIRST_DAY, offices
from tests.services.configuring_builders import HUDA, NEW_HOURS, YUSUF, ConfiguringDesk

RULES = ("offices", "capital", "customer_day")
CLOSURES = ("offices", "capital", "closures")
STORM: Data = {"date": str(FIRST_DAY), "reason": {"ar": "عاصفة", "en": "A storm"}}


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> ConfiguringDesk:
    desk = ConfiguringDesk(database, offices(tmp_path))
    await desk.tick()
    return desk


def rules(**changed: str | int) -> Data:
    """The capital's rule, with some of its keys changed."""
    rule: dict[str | int, Data] = {
        "lane": "director",
        "name": {"ar": "المدير العام", "en": "Director General"},
        "weekday": "wednesday",
        "opens": "09:00",
        "closes": "10:00",
        "slot_minutes": 15,
        "capacity": 2,
        "weeks_ahead": 2,
        "lead_hours": 2,
    }
    other: dict[str | int, Data] = {key: value for key, value in changed.items()}  # noqa: C416 - keys of another type
    return [rule | other]


async def times(casework: ConfiguringDesk) -> list[str]:
    _, slots = await casework.first_day()
    return [f"{one.starts_at.astimezone(casework.offices.zone):%H:%M}" for one in slots if one.capacity]


async def test_what_a_change_does_is_shown_and_nothing_is_done(casework: ConfiguringDesk) -> None:
    _, [first, *_, last] = await casework.first_day()
    early, _ = await casework.book(first), await casework.book(last)

    seen = await casework.do(
        reconfiguring.foresee, await casework.proposal(*RULES, after=rules(opens="09:30", closes="10:30"))
    )

    assert isinstance(seen, Foreseen)
    assert (seen.effect.opened, seen.effect.changed, seen.effect.ended) == (0, 2, 0)
    assert [one.reference for one in seen.effect.affected] == [early.reference]
    assert (await casework.again(early)).status is BookingStatus.CONFIRMED
    assert await times(casework) == ["09:00", "09:15", "09:30", "09:45"]


async def test_who_loses_their_time_is_moved_to_the_nearest_and_told(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    early = await casework.book(first)

    await casework.changes(*RULES, after=rules(opens="09:30", closes="10:30"))

    moved = await casework.again(early)
    assert moved.starts_at == casework.at(FIRST_DAY, "09:30")
    assert len(await casework.owed("booking_moved", early)) == 1
    assert await times(casework) == ["09:30", "09:45", "10:00", "10:15"]


async def test_nobody_is_woken_for_it(casework: ConfiguringDesk) -> None:
    _, [first, *_, last] = await casework.first_day()
    await casework.book(first)
    await casework.book(last)
    casework.now = casework.at(FIRST_DAY - timedelta(days=2), "23:00")

    await casework.changes(*RULES, after=rules(opens="09:30", closes="09:45"))

    rows = await casework.rows(
        "SELECT not_before FROM outbox WHERE key LIKE 'booking_moved:%' OR key LIKE 'booking_can%'"
    )
    assert len(rows) == 2
    assert {str(row["not_before"])[:16].replace("T", " ") for row in rows} == {"2026-11-24 05:00"}


async def test_who_finds_no_other_time_is_told_that_it_is_off(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)

    done = await casework.changes(*RULES, after=rules(weekday="sunday"))

    assert (done.effect.ended, done.effect.opened) == (2, 2)
    ended = await casework.again(booked)
    assert (ended.status, ended.reason) == (BookingStatus.CANCELLED_BY_MUNICIPALITY, "The hours have changed")
    assert len(await casework.owed("booking_cancelled", booked)) == 1
    assert {session.day.weekday() for session in await casework.days()} == {6}


async def test_times_are_given_out_where_nobody_is_in_their_way_any_more(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    await casework.book(first)
    await casework.changes(*RULES, after=rules(slot_minutes=30))
    assert await times(casework) == ["09:00", "09:30"]
    assert await casework.do(schedule.plan_sessions) == 0


async def test_a_closure_closes_its_days_and_tells(casework: ConfiguringDesk) -> None:
    session, [first, *_] = await casework.first_day()
    booked, waiting = await casework.book(first), await casework.wait(session)

    seen = await casework.do(reconfiguring.foresee, await casework.proposal(*CLOSURES, after=[STORM]))
    await casework.changes(*CLOSURES, after=[STORM])

    assert isinstance(seen, Foreseen)
    assert (seen.effect.ended, len(seen.effect.affected)) == (1, 2)  # whoever waits is offered a free seat at once
    assert (await casework.again(booked)).reason == "A storm"
    assert (await casework.again(waiting)).status is BookingStatus.EXPIRED


async def test_undoing_a_closure_opens_the_day_again(casework: ConfiguringDesk) -> None:
    done = await casework.changes(*CLOSURES, after=[STORM])
    back = await casework.do(changes.to_undo, done.changed.version)
    assert back is not None
    await casework.do(reconfiguring.carry_out, HUDA, back, NEW_HOURS)
    assert [one.day for one in await casework.days()] == [FIRST_DAY, date(2026, 12, 2)]
    assert await times(casework) == ["09:00", "09:15", "09:30", "09:45"]


async def test_the_second_of_two_changes_nothing_and_tells_nobody(casework: ConfiguringDesk) -> None:
    _, [first, *_] = await casework.first_day()
    booked = await casework.book(first)
    mine = await casework.proposal(*RULES, after=rules(weekday="sunday"))
    await casework.changes(*RULES, after=rules(capacity=3), by=YUSUF)

    assert isinstance(await casework.do(reconfiguring.carry_out, HUDA, mine, NEW_HOURS), Overtaken)

    assert (await casework.again(booked)).status is BookingStatus.CONFIRMED


async def test_a_worker_that_has_not_heard_of_a_change_does_not_plan_it_away(casework: ConfiguringDesk) -> None:
    late = ConfiguringDesk(casework.database, casework.offices)
    late.random.seed(99)
    await casework.changes(*RULES, after=rules(opens="09:30", closes="10:30"))

    await late.tick()
    assert await times(casework) == ["09:30", "09:45", "10:00", "10:15"]

    await late.follow_changes()
    assert await late.do(schedule.plan_sessions) == 0


async def test_what_concerns_no_session_touches_none(casework: ConfiguringDesk) -> None:
    done = await casework.changes("offices", "capital", "contacts", "phone", after="17681234")
    assert done.effect.sessions == 0
