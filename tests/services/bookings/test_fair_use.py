"""A seat stays with one name and number; booking and cancelling again and again is slowed down."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, fair_use, waiting_list
from services.bookings.bookings import Booking, OneAlready
from services.bookings.fair_use import Cause, Slowed
from storage.database import Conflict, Database
from storage.records.residents import Resident
from storage.records.sessions import Slot
from tests.services.booking_builders import CAPITAL, NORTHERN, DeskUnderTest, details, offices, open_desk, rule


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path, rule(weeks_ahead=4)))


async def books(casework: DeskUnderTest, resident: Resident, slot: int = 0) -> Booking:
    _, slots = await casework.first_day()
    held = await casework.do(bookings.reserve_seat, slots[slot].id, resident)
    assert isinstance(held, Booking)
    confirmed = await casework.do(bookings.confirm_seat, held.id, resident, details(resident))
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
    assert (moved.resident_id, moved.name, moved.phone) == (fatima.id, booking.name, booking.phone)


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


# ---------------------------------------------------------------------------- one at a time


async def _day(casework: DeskUnderTest, number: int) -> list[Slot]:
    return await casework.slots((await casework.days())[number])


async def _hold(casework: DeskUnderTest, resident: Resident, slot: Slot) -> Booking:
    held = await casework.do(bookings.reserve_seat, slot.id, resident)
    assert isinstance(held, Booking), held
    return held


async def test_a_resident_has_one_appointment_to_come_at_an_office(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    first = await books(casework, fatima)
    held = await _hold(casework, fatima, (await _day(casework, 1))[0])
    refused = await casework.do(bookings.confirm_seat, held.id, fatima, details(fatima))
    assert isinstance(refused, OneAlready)
    assert refused.booking.id == first.id
    await casework.do(bookings.cancel, first.reference, fatima)
    assert isinstance(await casework.do(bookings.confirm_seat, held.id, fatima, details(fatima)), Booking)


async def test_a_number_has_one_appointment_to_come_whoever_gives_it(casework: DeskUnderTest) -> None:
    fatima, layla = await casework.resident(), await casework.resident()
    first = await books(casework, fatima)
    held = await _hold(casework, layla, (await _day(casework, 1))[0])
    said = details(fatima)
    refused = await casework.do(bookings.confirm_seat, held.id, layla, said)
    assert isinstance(refused, OneAlready)
    assert refused.booking.id == first.id
    assert isinstance(await casework.do(bookings.confirm_seat, held.id, layla, details(layla)), Booking)


async def test_of_two_who_book_under_one_number_at_once_one_has_it(casework: DeskUnderTest) -> None:
    people = [await casework.resident() for _ in range(2)]
    holds = [await _hold(casework, one, (await _day(casework, at))[0]) for at, one in enumerate(people)]
    said = details(people[0])

    async def confirm(at: int) -> object:
        while True:
            try:
                return await casework.do(bookings.confirm_seat, holds[at].id, people[at], said)
            except Conflict:
                continue

    outcomes = await asyncio.gather(*map(confirm, range(2)))
    assert {type(one) for one in outcomes} == {Booking, OneAlready}


async def test_the_schema_refuses_a_second_one(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    await books(casework, fatima)
    second = await casework.book((await _day(casework, 1))[0], fatima, beside="For her mother")
    with pytest.raises(Conflict):
        await casework.rows("UPDATE bookings SET sole = TRUE WHERE id = :id RETURNING id", id=second.id)


async def test_what_is_over_is_in_nobodys_way(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    first = await books(casework, fatima)
    assert first.ends_at is not None
    casework.now = first.ends_at
    assert isinstance(await casework.book((await _day(casework, 1))[0], fatima), Booking)


async def test_who_applied_twice_under_one_number_is_refused(casework: DeskUnderTest) -> None:
    session, _ = await casework.first_day()
    await casework.fill(session)
    fatima, layla = await casework.resident(), await casework.resident()
    assert isinstance(await casework.do(waiting_list.join, session.id, fatima, details(fatima)), Booking)
    again = await casework.do(waiting_list.join, session.id, layla, details(fatima))
    assert isinstance(again, OneAlready)


async def test_an_offer_is_taken_after_the_other_appointment_is_given_up(casework: DeskUnderTest) -> None:
    session, _ = await casework.first_day()
    taken = await casework.fill(session)
    fatima = await casework.resident()
    later = await casework.book((await _day(casework, 1))[0], fatima)
    waits = await casework.wait(session, fatima)
    await casework.do(bookings.cancel_by_municipality, taken[0].id, "", staff_actor("1"))
    refused = await casework.do(waiting_list.accept_offer, waits.reference, fatima)
    assert isinstance(refused, OneAlready)
    assert refused.booking.id == later.id
    await casework.do(bookings.cancel, later.reference, fatima)
    assert isinstance(await casework.do(waiting_list.accept_offer, waits.reference, fatima), Booking)


# ---------------------------------------------------------------------------- moving


async def test_who_moves_again_and_again_can_move_to_near_times_only(casework: DeskUnderTest) -> None:
    fatima, first = await casework.resident(), casework.now
    booking = await books(casework, fatima)
    _, slots = await casework.first_day()
    far = (await _day(casework, 2))[0]
    for at in (1, 2, 1, 2):
        assert isinstance(await casework.do(bookings.reschedule, booking.reference, fatima, slots[at].id), Booking)
    found = await casework.do(bookings.reschedule, booking.reference, fatima, far.id)
    assert found == Slowed(casework.now + timedelta(days=7), first + timedelta(days=30), Cause.MOVED)
    assert isinstance(await casework.do(bookings.reschedule, booking.reference, fatima, slots[1].id), Booking)


async def test_what_staff_move_is_not_counted(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    booking = await books(casework, fatima)
    _, slots = await casework.first_day()
    for at in (1, 2, 1, 2):
        await casework.do(bookings.move_by_municipality, booking.id, slots[at].id, staff_actor("1"))
    assert await casework.do(fair_use.slowed, fatima, CAPITAL) is None


async def test_a_late_move_counts_twice(casework: DeskUnderTest) -> None:
    fatima = await casework.resident()
    booking = await books(casework, fatima)
    session, slots = await casework.first_day()
    casework.now = session.opens_at - timedelta(hours=20)
    for at in (1, 2):
        assert isinstance(await casework.do(bookings.reschedule, booking.reference, fatima, slots[at].id), Booking)
    assert isinstance(await casework.do(fair_use.slowed, fatima, CAPITAL), Slowed)
