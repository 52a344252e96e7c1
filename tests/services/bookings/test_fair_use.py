"""A seat stays with one name and number; booking and cancelling again and again is slowed down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.bookings import bookings, fair_use
from services.bookings.bookings import Booking
from services.bookings.fair_use import Slowed
from storage.database import Database
from storage.records import Resident
from tests.services.booking_builders import CAPITAL, DETAILS, NORTHERN, DeskUnderTest, offices, open_desk, rule


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path, rule(weeks_ahead=4)))


async def books(casework: DeskUnderTest, resident: Resident, slot: int = 0) -> Booking:
    _, slots = await casework.first_day()
    held = await casework.do(bookings.reserve_seat, slots[slot].id, resident)
    assert isinstance(held, Booking)
    confirmed = await casework.do(bookings.confirm_seat, held.id, resident, DETAILS)
    assert isinstance(confirmed, Booking)
    return confirmed


async def cancels(casework: DeskUnderTest, resident: Resident) -> None:
    booking = await books(casework, resident)
    assert isinstance(await casework.do(bookings.cancel, booking.reference, resident), Booking)


async def test_a_move_keeps_the_name_and_the_number(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    booking = await books(casework, fatima)
    _, slots = await casework.first_day()
    moved = await casework.do(bookings.reschedule, booking.reference, fatima, slots[1].id)
    assert isinstance(moved, Booking)
    assert (moved.resident_id, moved.name, moved.phone) == (fatima.id, DETAILS.name, DETAILS.phone)


async def test_the_third_cancellation_within_a_month_limits_what_can_be_booked(casework: DeskUnderTest) -> None:
    fatima, first = await casework.resident(), casework.now
    for _ in range(2):
        await cancels(casework, fatima)
    assert await casework.do(fair_use.slowed, fatima, CAPITAL) is None
    await cancels(casework, fatima)
    found = await casework.do(fair_use.slowed, fatima, CAPITAL)
    assert found == Slowed(casework.now + timedelta(days=7), first + timedelta(days=30))
    assert await casework.do(fair_use.slowed, fatima, NORTHERN) is None

    casework.now = first + timedelta(days=30)
    assert await casework.do(fair_use.slowed, fatima, CAPITAL) is None


async def test_a_late_cancellation_counts_twice(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    session, _ = await casework.first_day()
    casework.now = session.opens_at - timedelta(hours=20)
    await cancels(casework, fatima)
    assert await casework.do(fair_use.slowed, fatima, CAPITAL) is None
    await cancels(casework, fatima)
    assert isinstance(await casework.do(fair_use.slowed, fatima, CAPITAL), Slowed)
