"""Reminders: three days, one day and two hours before; each once, none too late, none of what no longer is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings
from services.bookings import due as booking_due
from services.bookings.bookings import Booking
from storage.database import Database
from storage.open import open_database
from storage.records.sessions import Slot
from tests.databases import fresh_sqlite
from tests.services.booking_builders import DeskUnderTest, offices, open_desk

NEXT_WEEK = date(2026, 12, 2)


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path))


async def slot_of(casework: DeskUnderTest, number: int = 0) -> Slot:
    """A slot ten days ahead: all reminders are still to come."""
    session = next(one for one in await casework.days() if one.day == NEXT_WEEK)
    return (await casework.slots(session))[number]


async def deliver(casework: DeskUnderTest) -> list[str]:
    """The stages of the reminders owed, which are then marked as sent."""
    keys = await casework.owed("booking_reminder")
    async with casework.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'sent' WHERE status = 'pending'")
    return [key.rpartition(":")[2] for key in keys]


async def live_through(casework: DeskUnderTest, until: datetime) -> list[tuple[datetime, str]]:
    """Let time pass, a quarter of an hour at a step; which reminder came when."""
    came = []
    while casework.now < until:
        await casework.pass_time(minutes=15)
        came += [(casework.now, stage) for stage in await deliver(casework)]
    return came


async def test_each_reminder_comes_once_and_in_time(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    await casework.book(slot)
    casework.now = slot.starts_at - timedelta(days=3, hours=1)
    assert await live_through(casework, slot.starts_at + timedelta(hours=1)) == [
        (slot.starts_at - timedelta(days=3), "3d"),
        (slot.starts_at - timedelta(days=1), "1d"),
        (slot.starts_at - timedelta(hours=2), "2h"),
    ]


async def test_those_already_past_when_it_was_booked_are_skipped(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    casework.now = slot.starts_at - timedelta(hours=30)
    await casework.book(slot)
    assert [stage for _, stage in await live_through(casework, slot.starts_at)] == ["1d", "2h"]


async def test_who_books_within_the_last_hours_is_not_reminded(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path))
    slot = await slot_of(casework, 3)
    casework.now = slot.starts_at - timedelta(hours=2, minutes=1)
    booked = await casework.book(slot)
    assert booked.remind_at == slot.starts_at - timedelta(hours=2)
    casework.now = slot.starts_at
    await casework.tick()
    assert await deliver(casework) == []


async def test_a_reminder_lasts_until_the_next_one(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    booked = await casework.book(slot)
    await casework.wait_until(slot.starts_at - timedelta(days=3))
    row = (await casework.rows("SELECT expires_at FROM outbox WHERE key = :key", key=f"reminder:{booked.id}:1:3d"))[0]
    assert str(row["expires_at"])[:16].replace("T", " ") == f"{slot.starts_at - timedelta(days=1):%Y-%m-%d %H:%M}"


async def test_after_an_outage_only_the_latest_is_sent(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    await casework.book(slot)
    await casework.wait_until(slot.starts_at - timedelta(hours=5))
    assert await deliver(casework) == ["1d"]
    assert [stage for _, stage in await live_through(casework, slot.starts_at)] == ["2h"]


async def test_an_outage_until_after_the_meeting_reminds_of_nothing(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    await casework.book(slot)
    await casework.wait_until(slot.starts_at)
    assert await deliver(casework) == []
    assert await casework.tick() == 0


async def test_a_cancelled_appointment_is_not_recalled(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    person = await casework.resident()
    booked = await casework.book(slot, person)
    await casework.wait_until(slot.starts_at - timedelta(days=3))
    assert await casework.owed("booking_reminder") == [f"reminder:{booked.id}:1:3d"]
    await casework.do(bookings.cancel, booked.reference, person, "")
    assert await casework.owed("booking_reminder") == []  # owed, and withdrawn before it was sent
    assert await live_through(casework, slot.starts_at) == []


async def test_a_moved_appointment_is_recalled_at_its_new_time(casework: DeskUnderTest) -> None:
    slot, later = await slot_of(casework), await slot_of(casework, 3)
    person = await casework.resident()
    booked = await casework.book(slot, person)
    await casework.wait_until(slot.starts_at - timedelta(days=3))
    moved = await casework.do(bookings.reschedule, booked.reference, person, later.id)
    assert isinstance(moved, Booking)
    assert await casework.owed("booking_reminder") == []
    assert await live_through(casework, later.starts_at) == [
        (later.starts_at - timedelta(days=3), "3d"),
        (later.starts_at - timedelta(days=1), "1d"),
        (later.starts_at - timedelta(hours=2), "2h"),
    ]


async def test_moving_nearer_skips_what_is_past_for_the_new_time(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()  # in three days
    person = await casework.resident()
    booked = await casework.book(await slot_of(casework), person)
    casework.now += timedelta(hours=12)
    await casework.do(bookings.reschedule, booked.reference, person, slots[0].id)
    assert [stage for _, stage in await live_through(casework, slots[0].starts_at)] == ["1d", "2h"]


async def test_who_wants_no_reminders_gets_none(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    await casework.book(slot, await casework.resident(wants_reminders=False))
    casework.now = slot.starts_at - timedelta(days=3, hours=1)
    assert await live_through(casework, slot.starts_at) == []


async def test_who_has_arrived_is_not_reminded(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    booked = await casework.book(slot)
    await casework.wait_until(slot.starts_at - timedelta(days=1))
    await deliver(casework)
    casework.now = slot.starts_at - timedelta(hours=3)
    await casework.do(bookings.check_in, booked.reference, staff_actor("1"))
    assert await live_through(casework, slot.starts_at) == []


async def test_saying_that_one_comes_changes_no_reminder(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    person = await casework.resident()
    booked = await casework.book(slot, person)
    await casework.wait_until(slot.starts_at - timedelta(days=1))
    await deliver(casework)
    await casework.do(bookings.confirm_attendance, booked.reference, person)
    assert [stage for _, stage in await live_through(casework, slot.starts_at)] == ["2h"]


async def test_nothing_is_sent_twice_or_lost_over_a_restart(tmp_path: Path) -> None:
    url = await fresh_sqlite(tmp_path / "restarted.db")
    database = await open_database(url)
    casework = await open_desk(database, offices(tmp_path))
    slot = await slot_of(casework)
    await casework.book(slot)
    came = []
    for before in (timedelta(days=3), timedelta(days=2), timedelta(days=1), timedelta(hours=2), timedelta(hours=1)):
        await casework.wait_until(slot.starts_at - before)
        await casework.database.close()
        casework.database = await open_database(url)
        await casework.tick()
        came += await deliver(casework)
    await casework.database.close()
    assert came == ["3d", "1d", "2h"]


async def test_many_reminders_are_seen_to_a_part_at_a_time(casework: DeskUnderTest) -> None:
    slot = await slot_of(casework)
    for number in (0, 0, 1, 1):
        await casework.book(await slot_of(casework, number))
    casework.now = slot.starts_at - timedelta(days=2)
    assert [await casework.do(booking_due.run_due, 3) for _ in range(3)][1:] == [1, 0]
    assert await deliver(casework) == ["3d"] * 4
