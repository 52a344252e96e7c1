"""Nobody is given appointments at two offices at the same hour."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, NotMovable, OneAlready
from storage.database import Conflict, Database
from storage.ids import OfficeId
from storage.records.sessions import Slot
from tests.services.booking_builders import CAPITAL, NORTHERN, DeskUnderTest, details, offices, open_desk, rule


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path, northern=rule()))


async def slots_of(casework: DeskUnderTest, office: OfficeId) -> list[Slot]:
    day = (await casework.do(sessions.upcoming, office))[0]
    return [one.slot for one in await casework.do(sessions.free_slots, day.session.id)]


async def test_the_same_hour_elsewhere_is_refused_and_another_is_given(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    here, there = await slots_of(casework, CAPITAL), await slots_of(casework, NORTHERN)
    first = await casework.book(here[0], fatima)

    held = await casework.hold(there[0], fatima)
    refused = await casework.do(bookings.confirm_seat, held.id, fatima, details(fatima))
    assert isinstance(refused, OneAlready)
    assert refused.booking.id == first.id

    other = await casework.book(there[1], fatima)
    assert isinstance(await casework.do(bookings.reschedule, other.reference, fatima, there[0].id), NotMovable)
    assert isinstance(await casework.do(bookings.reschedule, first.reference, fatima, here[2].id), Booking)
    assert isinstance(await casework.do(bookings.reschedule, other.reference, fatima, there[0].id), Booking)


async def test_of_two_confirmed_at_once_one_is_an_appointment(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    holds = [await casework.hold((await slots_of(casework, office))[0], fatima) for office in (CAPITAL, NORTHERN)]

    async def confirm(held: Booking) -> object:
        while True:
            try:
                return await casework.do(bookings.confirm_seat, held.id, fatima, details(fatima))
            except Conflict:
                continue

    outcomes = await asyncio.gather(*map(confirm, holds))
    assert {type(one) for one in outcomes} == {Booking, OneAlready}
