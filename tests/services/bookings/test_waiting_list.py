"""The line for a full day: first in, first offered, and never two offers for one seat."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, sessions, waiting_list
from services.bookings.bookings import AlreadyBooked, Booking, BookingStatus, SlotClosed, SlotTaken
from services.bookings.waiting_list import OfferGone
from storage.database import Database
from storage.ids import SessionId, SlotId
from storage.records.sessions import Session
from tests.services.booking_builders import CAPITAL, DETAILS, DeskUnderTest, details, offices, open_desk, rule

S = BookingStatus


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path))


@pytest.fixture
async def full(casework: DeskUnderTest) -> tuple[Session, list[Booking]]:
    """The first day, fully booked."""
    session, _ = await casework.first_day()
    return session, await casework.fill(session)


async def free_one(casework: DeskUnderTest, booking: Booking) -> None:
    cancelled = await casework.do(bookings.cancel_by_municipality, booking.id, "", staff_actor("1"))
    assert isinstance(cancelled, Booking)


async def statuses(casework: DeskUnderTest, *booked: Booking) -> list[BookingStatus]:
    return [(await casework.again(one)).status for one in booked]


Full = tuple[Session, list[Booking]]


# ---------------------------------------------------------------------------- standing in line


async def test_who_waits_has_a_place_in_the_line(casework: DeskUnderTest, full: Full) -> None:
    line = [await casework.wait(full[0]) for _ in range(3)]
    assert [await casework.do(waiting_list.place_in_line, one) for one in line] == [1, 2, 3]
    person = await casework.resident()
    last = await casework.wait(full[0], person)
    assert (last.topic, last.name, last.starts_at) == (DETAILS.topic, DETAILS.name, None)
    left = await casework.do(waiting_list.leave, last.reference, person)
    assert isinstance(left, Booking)
    assert await casework.do(waiting_list.place_in_line, left) == 0


async def test_what_is_sent_on_joining_stays_with_the_booking(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    photo = await casework.photo(person)
    joined = await casework.do(waiting_list.join, full[0].id, person, replace(DETAILS, files=(photo,)))
    assert isinstance(joined, Booking)
    assert [file.id for file in await casework.do(bookings.files_of, joined.id)] == [photo]


async def test_nobody_stands_in_line_twice_nor_with_a_seat(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    waiting = await casework.wait(full[0], person)
    assert await casework.do(waiting_list.join, full[0].id, person, details(person)) == AlreadyBooked(waiting)


async def test_joining_a_day_with_a_free_seat_is_offered_it_at_once(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    joined = await casework.wait(session)
    assert (joined.status, joined.slot_id) == (S.OFFERED, slots[0].id)


async def test_nobody_joins_what_cannot_come(casework: DeskUnderTest, full: Full) -> None:
    casework.now = full[0].closes_at - timedelta(hours=1)
    assert isinstance(await casework.do(waiting_list.join, full[0].id, await casework.resident(), DETAILS), SlotClosed)
    assert isinstance(
        await casework.do(waiting_list.join, SessionId(999), await casework.resident(), DETAILS), SlotClosed
    )


# ---------------------------------------------------------------------------- offers


async def test_a_freed_seat_is_offered_to_the_first_for_an_hour(casework: DeskUnderTest, full: Full) -> None:
    first, second = await casework.wait(full[0]), await casework.wait(full[0])
    await free_one(casework, full[1][3])
    offered = await casework.again(first)
    assert (offered.status, offered.slot_id, offered.seat) == (S.OFFERED, full[1][3].slot_id, full[1][3].seat)
    assert offered.deadline == casework.now + timedelta(hours=1)
    assert (await casework.again(second)).status is S.WAITING
    row = (await casework.rows("SELECT expires_at FROM outbox WHERE key = :key", key=f"seat_offered:{first.id}:2"))[0]
    assert str(row["expires_at"])[:16].replace("T", " ") == f"{offered.deadline:%Y-%m-%d %H:%M}"


async def test_several_freed_seats_go_to_several_people(casework: DeskUnderTest, full: Full) -> None:
    line = [await casework.wait(full[0]) for _ in range(3)]
    await free_one(casework, full[1][0])
    await free_one(casework, full[1][5])
    assert await statuses(casework, *line) == [S.OFFERED, S.OFFERED, S.WAITING]
    seats = {((await casework.again(one)).slot_id, (await casework.again(one)).seat) for one in line[:2]}
    assert seats == {(full[1][0].slot_id, full[1][0].seat), (full[1][5].slot_id, full[1][5].seat)}


async def test_seats_freed_at_once_go_to_different_people(casework: DeskUnderTest, full: Full) -> None:
    line = [await casework.wait(full[0]) for _ in range(4)]
    await asyncio.gather(*(free_one(casework, one) for one in full[1][:4]))
    assert await statuses(casework, *line) == [S.OFFERED] * 4
    rows = await casework.rows("SELECT DISTINCT slot_id, seat FROM bookings WHERE status = 'offered'")
    assert len(rows) == 4


async def test_on_the_day_an_offer_stands_for_a_quarter_of_an_hour(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(opens="13:00", closes="14:00")))
    session, _ = await casework.first_day()
    booked = await casework.fill(session)
    waiting = await casework.wait(session)
    casework.now = session.opens_at - timedelta(hours=4)
    await free_one(casework, booked[0])
    assert (await casework.again(waiting)).deadline == casework.now + timedelta(minutes=15)


async def test_no_offer_stands_past_the_lead_time_of_its_slot(casework: DeskUnderTest, full: Full) -> None:
    waiting = await casework.wait(full[0])
    casework.now = full[0].opens_at - timedelta(hours=2, minutes=5)
    await free_one(casework, full[1][0])
    assert (await casework.again(waiting)).deadline == full[0].opens_at - timedelta(hours=2)


async def test_a_seat_freed_too_late_is_not_offered(casework: DeskUnderTest, full: Full) -> None:
    waiting = await casework.wait(full[0])
    casework.now = full[0].opens_at - timedelta(hours=2)
    await free_one(casework, full[1][0])
    assert (await casework.again(waiting)).status is S.WAITING


async def test_an_accepted_offer_is_an_appointment(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    waiting = await casework.wait(full[0], person)
    await free_one(casework, full[1][0])
    booked = await casework.do(waiting_list.accept_offer, waiting.reference, person)
    assert isinstance(booked, Booking)
    assert (booked.status, booked.reference, booked.deadline) == (S.CONFIRMED, waiting.reference, None)
    assert await casework.owed("staff_booking", booked)
    assert await casework.owed("seat_offered") == []
    assert await casework.do(waiting_list.accept_offer, waiting.reference, person) == booked


async def test_an_offer_that_lapsed_goes_to_the_next(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    first, second = await casework.wait(full[0], person), await casework.wait(full[0])
    await free_one(casework, full[1][0])
    await casework.pass_time(hours=1)
    assert await statuses(casework, first, second) == [S.EXPIRED, S.OFFERED]
    assert await casework.owed("offer_lapsed", first)
    assert await casework.owed("seat_offered") == [f"seat_offered:{second.id}:2"]
    gone = await casework.do(waiting_list.accept_offer, first.reference, person)
    assert isinstance(gone, OfferGone)
    assert gone.booking is not None
    assert gone.booking.status is S.EXPIRED
    assert gone.alternatives


async def test_an_offer_that_ran_out_is_gone_before_the_clock_has_seen_it(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    waiting = await casework.wait(full[0], person)
    await free_one(casework, full[1][0])
    casework.now += timedelta(hours=1)
    assert isinstance(await casework.do(waiting_list.accept_offer, waiting.reference, person), OfferGone)


async def test_a_declined_offer_goes_to_the_next(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    first, second = await casework.wait(full[0], person), await casework.wait(full[0])
    await free_one(casework, full[1][0])
    declined = await casework.do(waiting_list.decline_offer, first.reference, person)
    assert isinstance(declined, Booking)
    assert await statuses(casework, first, second) == [S.CANCELLED_BY_RESIDENT, S.OFFERED]
    assert isinstance(await casework.do(waiting_list.decline_offer, first.reference, person), OfferGone)


async def test_nobody_accepts_anothers_offer(casework: DeskUnderTest, full: Full) -> None:
    waiting = await casework.wait(full[0])
    await free_one(casework, full[1][0])
    assert await casework.do(waiting_list.accept_offer, waiting.reference, await casework.resident()) == OfferGone()
    assert (await casework.again(waiting)).status is S.OFFERED


@pytest.mark.parametrize("how", ["cancel", "move", "lapse", "release"])
async def test_every_way_a_seat_comes_free_leads_to_an_offer(casework: DeskUnderTest, how: str) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    if how in {"cancel", "move"}:
        await casework.do(bookings.confirm_seat, held.id, person, details(person))
    await casework.fill(session)
    waiting = await casework.wait(session)
    match how:
        case "cancel":
            await casework.do(bookings.cancel, held.reference, person, "")
        case "move":
            other = (await casework.slots((await casework.days())[1]))[0]
            await casework.do(bookings.reschedule, held.reference, person, other.id)
        case "lapse":
            await casework.pass_time(minutes=10)
        case _:
            await casework.do(bookings.release_hold, held.id, person)
    offered = await casework.again(waiting)
    assert (offered.status, offered.slot_id) == (S.OFFERED, slots[0].id)


async def test_whoever_comes_now_does_not_pass_those_who_wait(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    await casework.hold(slots[0], await casework.resident())
    await casework.fill(session)
    waiting = await casework.wait(session)
    casework.now += timedelta(minutes=10)  # the hold ran out, and the clock has not seen it yet
    assert isinstance(await casework.do(bookings.reserve_seat, slots[0].id, await casework.resident()), SlotTaken)
    assert (await casework.again(waiting)).status is S.OFFERED


async def test_who_was_offered_a_seat_may_choose_another_free_one(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    offered = await casework.wait(session, person)
    assert offered.slot_id == slots[0].id
    held = await casework.hold(slots[1], person)
    assert (held.status, held.slot_id) == (S.HELD, slots[1].id)
    assert await casework.again(offered) == offered
    booked = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(booked, Booking)
    assert (booked.reference, booked.slot_id) == (offered.reference, slots[1].id)
    assert (await casework.again(held)).status is S.EXPIRED
    again = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert again == bookings.AlreadyConfirmed(await casework.again(booked))


async def test_looking_at_another_time_leaves_an_offer_as_it_is(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    offered = await casework.wait(session, person)
    held = await casework.hold(slots[1], person)
    assert await casework.do(bookings.reserve_seat, slots[0].id, person) == AlreadyBooked(offered)
    await casework.pass_time(minutes=11)
    assert (await casework.again(held)).status is S.EXPIRED
    assert await casework.again(offered) == offered
    looked = await casework.hold(slots[2], person)
    await casework.do(bookings.release_hold, looked.id, person)
    assert await casework.again(offered) == offered
    looked = await casework.hold(slots[3], person)
    accepted = await casework.do(waiting_list.accept_offer, offered.reference, person)
    assert isinstance(accepted, Booking)
    assert (accepted.id, accepted.status, accepted.slot_id) == (offered.id, S.CONFIRMED, slots[0].id)
    assert (await casework.again(looked)).status is S.EXPIRED


async def test_what_was_offered_goes_to_the_next_when_another_time_is_confirmed(
    casework: DeskUnderTest, full: Full
) -> None:
    person = await casework.resident()
    first, second = await casework.wait(full[0], person), await casework.wait(full[0])
    await free_one(casework, full[1][0])
    await free_one(casework, full[1][3])
    assert await statuses(casework, first, second) == [S.OFFERED, S.OFFERED]
    await free_one(casework, full[1][5])
    third = (await casework.do(sessions.free_slots, full[0].id))[0].slot
    held = await casework.hold(third, person)
    next_one = await casework.wait(full[0])
    assert next_one.status is S.WAITING
    booked = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(booked, Booking)
    assert (booked.reference, booked.slot_id) == (first.reference, third.id)
    offered = await casework.again(next_one)
    assert (offered.status, offered.slot_id) == (S.OFFERED, full[1][0].slot_id)
    assert await casework.owed("seat_offered", first) == []


async def test_a_lapsed_hold_is_confirmed_with_the_seat_that_was_offered_to_them_for_it(
    casework: DeskUnderTest, full: Full
) -> None:
    person = await casework.resident()
    waiting = await casework.wait(full[0], person)
    casework.now = casework.at(date(2026, 11, 24), "07:45")
    await free_one(casework, full[1][0])
    held = await casework.hold(await casework.slot(full[1][0].slot_id or SlotId(0)), person)
    assert await casework.again(waiting) == waiting
    await casework.wait_until(casework.at(date(2026, 11, 24), "08:00"))
    assert (await casework.again(waiting)).status is S.OFFERED
    booked = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(booked, Booking)
    assert (booked.id, booked.status, booked.slot_id) == (waiting.id, S.CONFIRMED, held.slot_id)


async def test_moving_to_a_day_gives_up_the_hold_and_the_offer_there(casework: DeskUnderTest) -> None:
    (_, slots), later = await casework.first_day(), (await casework.days())[1]
    person, there = await casework.resident(), await casework.slots(later)
    booked, offered = await casework.book(slots[0], person), await casework.wait(later, person)
    held = await casework.hold(there[2], person)
    moved = await casework.do(bookings.reschedule, booked.reference, person, there[2].id)
    assert isinstance(moved, Booking)
    assert (moved.slot_id, moved.seat) == (held.slot_id, held.seat)
    assert await statuses(casework, offered, held) == [S.EXPIRED, S.EXPIRED]


async def test_seats_released_late_go_to_those_who_wait_first(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(released_late=0.5)))
    session, slots = await casework.first_day()
    await casework.fill(session)
    waiting = await casework.wait(session)
    assert waiting.status is S.WAITING
    await casework.wait_until(slots[1].starts_at - timedelta(hours=24))
    offered = await casework.again(waiting)
    assert (offered.status, offered.slot_id) == (S.OFFERED, slots[1].id)


# ---------------------------------------------------------------------------- at night


async def test_nobody_is_woken_by_an_offer_and_the_line_is_whole_in_the_morning(
    casework: DeskUnderTest, full: Full
) -> None:
    line = [await casework.wait(full[0]) for _ in range(3)]
    casework.now = casework.at(date(2026, 11, 24), "00:20")
    await free_one(casework, full[1][0])
    while casework.now < casework.at(date(2026, 11, 24), "07:50"):
        await casework.pass_time(minutes=30)
    assert await statuses(casework, *line) == [S.WAITING] * 3
    assert await casework.owed("seat_offered") == []
    await casework.wait_until(casework.at(date(2026, 11, 24), "08:00"))
    assert await statuses(casework, *line) == [S.OFFERED, S.WAITING, S.WAITING]
    assert (await casework.again(line[0])).deadline == casework.now + timedelta(hours=1)


async def test_from_nine_in_the_evening_offers_wait_for_the_morning(casework: DeskUnderTest, full: Full) -> None:
    first, second = await casework.wait(full[0]), await casework.wait(full[0])
    casework.now = casework.at(date(2026, 11, 23), "20:59")
    await free_one(casework, full[1][0])
    casework.now = casework.at(date(2026, 11, 23), "21:00")
    await free_one(casework, full[1][1])
    assert await statuses(casework, first, second) == [S.OFFERED, S.WAITING]


async def test_at_night_nobody_passes_those_who_wait(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    waiting = await casework.wait(full[0], person)
    casework.now = casework.at(date(2026, 11, 23), "23:00")
    await free_one(casework, full[1][0])
    slot, last = full[1][0].slot_id, full[1][-1]
    assert slot is not None
    assert isinstance(await casework.do(bookings.reserve_seat, slot, await casework.resident()), SlotTaken)
    assert isinstance(await casework.do(bookings.move_by_municipality, last.id, slot, staff_actor("1")), SlotTaken)
    assert await casework.do(sessions.free_slots, full[0].id) == ()
    held = await casework.do(bookings.reserve_seat, slot, person)  # who waits first and is awake may have it
    assert isinstance(held, Booking)
    assert held.status is S.HELD
    await casework.pass_time(minutes=11)
    assert await casework.again(waiting) == waiting
    assert await casework.do(waiting_list.place_in_line, waiting) == 1
    held = await casework.hold(await casework.slot(slot), person)
    booked = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(booked, Booking)
    assert (booked.id, booked.status, booked.slot_id) == (waiting.id, S.CONFIRMED, slot)


async def test_what_is_too_near_for_the_morning_is_offered_for_the_whole_night(
    casework: DeskUnderTest, full: Full
) -> None:
    first, second = await casework.wait(full[0]), await casework.wait(full[0])
    casework.now = casework.at(full[0].day - timedelta(days=1), "22:00")
    await free_one(casework, full[1][0])  # at nine; it can be booked until seven
    offered = await casework.again(first)
    assert (offered.status, offered.deadline) == (S.OFFERED, casework.at(full[0].day, "07:00"))
    assert (await casework.again(second)).status is S.WAITING


async def test_who_sleeps_through_an_offer_keeps_their_place(casework: DeskUnderTest, full: Full) -> None:
    first, second = await casework.wait(full[0]), await casework.wait(full[0])
    casework.now = casework.at(full[0].day - timedelta(days=1), "22:00")
    await free_one(casework, full[1][0])
    await casework.wait_until(casework.at(full[0].day, "07:00"))
    assert await statuses(casework, first, second) == [S.WAITING, S.WAITING]
    assert (await casework.again(first)).slot_id is None
    assert await casework.do(waiting_list.place_in_line, first) == 1
    owed = await casework.rows("SELECT not_before FROM outbox WHERE payload LIKE '%offer_lapsed%'")
    assert [str(row["not_before"])[11:16] for row in owed] == ["05:00"]  # eight in Bahrain
    assert await casework.tick() == 0


# ---------------------------------------------------------------------------- the end of waiting


async def test_waiting_ends_when_no_seat_can_come_free_in_time(casework: DeskUnderTest, full: Full) -> None:
    waiting = await casework.wait(full[0])
    last = (await casework.slots(full[0]))[-1]
    await casework.wait_until(last.bookable_until - timedelta(minutes=1))
    assert (await casework.again(waiting)).status is S.WAITING
    await casework.wait_until(last.bookable_until)
    assert (await casework.again(waiting)).status is S.EXPIRED
    assert await casework.owed("waiting_ended", waiting)


async def test_leaving_the_line_moves_up_the_others(casework: DeskUnderTest, full: Full) -> None:
    person = await casework.resident()
    first, second = await casework.wait(full[0], person), await casework.wait(full[0])
    await casework.do(waiting_list.leave, first.reference, person)
    assert await casework.do(waiting_list.place_in_line, second) == 1
    await free_one(casework, full[1][0])
    assert await statuses(casework, first, second) == [S.CANCELLED_BY_RESIDENT, S.OFFERED]


async def test_a_day_shows_offered_seats_as_taken(casework: DeskUnderTest, full: Full) -> None:
    await casework.wait(full[0])
    await free_one(casework, full[1][0])
    state = (await casework.do(sessions.upcoming, CAPITAL))[0]
    assert (state.state, state.free, state.waiting) == ("full", 0, 0)
