"""A seat from the moment it is chosen: held, confirmed, moved, cancelled, used."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, sessions
from services.bookings.bookings import (
    AlreadyBooked,
    AlreadyConfirmed,
    Booking,
    BookingEventKind,
    BookingStatus,
    Details,
    HoldLost,
    Need,
    NotCancellable,
    NotMovable,
    NotPossible,
    NotRateable,
    Rated,
    SlotClosed,
    SlotTaken,
)
from services.bookings.transitions import locked
from services.unit_of_work import Work
from storage import bookings as rows
from storage.database import Conflict, Database
from storage.ids import BookingId, Reference, SlotId
from storage.open import open_database
from storage.records.residents import Resident
from storage.records.sessions import Slot
from tests.databases import fresh_postgres
from tests.services.booking_builders import CAPITAL, DETAILS, DeskUnderTest, details, offices, open_desk, rule


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path))


async def told(casework: DeskUnderTest, booking: Booking) -> list[str]:
    return [event.what.value for event in await casework.do(bookings.history, booking.id)]


# ---------------------------------------------------------------------------- holding


async def test_a_chosen_seat_is_held_for_ten_minutes(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    held = await casework.do(bookings.reserve_seat, slots[0].id, await casework.resident(), source="poster")
    assert isinstance(held, Booking)
    assert (held.status, held.seat, held.source) == (BookingStatus.HELD, 1, "poster")
    assert held.deadline == casework.now + timedelta(minutes=10)
    assert await casework.again(held) == held


async def test_the_lowest_free_seat_is_given(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    first, second = await casework.book(slots[0]), await casework.book(slots[0])
    assert (first.seat, second.seat) == (1, 2)
    await casework.do(bookings.cancel_by_municipality, first.id, "", staff_actor("1"))
    assert (await casework.book(slots[0])).seat == 1


async def test_choosing_another_time_moves_the_hold(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    first = await casework.hold(slots[0], person)
    second = await casework.hold(slots[1], person)
    assert (second.id, second.slot_id) == (first.id, slots[1].id)
    assert (await casework.do(sessions.free_slots, first.session_id))[0].free == 2


async def test_a_resident_holds_one_seat_at_a_time(casework: DeskUnderTest) -> None:
    person = await casework.resident()
    near, far = [(await casework.slots(session))[0] for session in await casework.days()]
    first = await casework.hold(near, person)
    await casework.hold(far, person)
    assert (await casework.again(first)).status is BookingStatus.EXPIRED
    assert (await told(casework, first))[-1] == BookingEventKind.HOLD_RELEASED


async def test_a_double_tap_holds_one_seat(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    assert (await casework.hold(slots[0], person)).id == (await casework.hold(slots[0], person)).id


async def test_who_holds_the_last_seat_may_choose_it_again(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    await casework.book(slots[0])
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    casework.now += timedelta(minutes=4)
    again = await casework.hold(slots[0], person)
    assert (again.id, again.seat, again.deadline) == (held.id, 2, casework.now + timedelta(minutes=10))


async def test_a_taken_slot_offers_the_nearest_times_then_other_days(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    for _ in range(2):
        await casework.book(slots[2])
    taken = await casework.do(bookings.reserve_seat, slots[2].id, await casework.resident())
    assert isinstance(taken, SlotTaken)
    assert [slot.id for _, slot in taken.alternatives[:3]] == [slots[1].id, slots[3].id, slots[0].id]
    assert {one.id for one, _ in taken.alternatives[3:]} == {(await casework.days())[1].id}


async def test_a_failed_choice_keeps_the_hold_there_was(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    for _ in range(2):
        await casework.book(slots[1])
    assert isinstance(await casework.do(bookings.reserve_seat, slots[1].id, person), SlotTaken)
    assert (await casework.again(held)).status is BookingStatus.HELD


async def test_a_slot_too_near_is_closed(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    casework.now = slots[0].starts_at - timedelta(hours=2)
    closed = await casework.do(bookings.reserve_seat, slots[0].id, await casework.resident())
    assert isinstance(closed, SlotClosed)
    assert closed.alternatives[0][1].id == slots[1].id


async def test_a_slot_not_released_yet_is_closed(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(released_late=1.0)))
    _, slots = await casework.first_day()
    assert isinstance(await casework.do(bookings.reserve_seat, slots[0].id, await casework.resident()), SlotClosed)


async def test_an_unknown_slot_is_closed(casework: DeskUnderTest) -> None:
    person = await casework.resident()
    held = await casework.hold((await casework.first_day())[1][0], person)
    assert await casework.do(bookings.reserve_seat, SlotId(10**6), person) == SlotClosed()
    assert await casework.again(held) == held


async def test_one_live_booking_for_each_resident_and_session(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    assert await casework.do(bookings.reserve_seat, slots[1].id, person) == AlreadyBooked(booked)


async def test_a_seat_whose_hold_ran_out_is_given_to_the_next(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    for _ in range(2):
        lapsed = await casework.hold(slots[0], await casework.resident())
    casework.now += timedelta(minutes=10)  # and the clock has not seen it yet
    await casework.hold(slots[0], await casework.resident())
    assert (await told(casework, lapsed))[-1] == BookingEventKind.HOLD_LAPSED


async def test_a_hold_is_lengthened_while_its_resident_answers_thirty_minutes_in_all(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    ends = []
    for _ in range(4):
        casework.now += timedelta(minutes=8)
        longer = await casework.do(bookings.lengthen_hold, held.id, person)
        ends.append(longer.deadline if isinstance(longer, Booking) else longer)
    since = held.created_at
    minutes = [since + timedelta(minutes=each) for each in (18, 26, 30)]
    assert ends == [*minutes, HoldLost()]


async def test_going_from_time_to_time_holds_no_seat_longer_than_that(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person, since = await casework.resident(), casework.now
    ends = []
    for slot in slots:
        ends.append((await casework.hold(slot, person)).deadline)
        casework.now += timedelta(minutes=9)
    assert ends == [since + timedelta(minutes=each) for each in (10, 19, 28, 30)]


async def test_nobody_lengthens_or_releases_anothers_hold(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    held = await casework.hold(slots[0], await casework.resident())
    other = await casework.resident()
    assert await casework.do(bookings.lengthen_hold, held.id, other) == HoldLost()
    await casework.do(bookings.release_hold, held.id, other)
    assert await casework.again(held) == held


async def test_a_released_hold_frees_its_seat(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    await casework.do(bookings.release_hold, held.id, person)
    await casework.do(bookings.release_hold, held.id, person)
    assert (await casework.do(sessions.free_slots, session.id))[0].free == 2
    assert await casework.do(bookings.of_resident, person.id) == ()


# ---------------------------------------------------------------------------- racing


async def test_sixty_residents_race_for_eight_seats(database: Database, tmp_path: Path) -> None:
    casework = await open_desk(database, offices(tmp_path, rule(capacity=8)))
    _, slots = await casework.first_day()
    people = await casework.people(60)
    outcomes = await asyncio.gather(*(casework.do(bookings.reserve_seat, slots[0].id, one) for one in people))
    seats = sorted(one.seat or 0 for one in outcomes if isinstance(one, Booking))
    turned_away = [one for one in outcomes if isinstance(one, SlotTaken)]
    assert seats == list(range(1, 9))
    assert len(turned_away) == 52
    assert all(one.alternatives for one in turned_away)


async def test_a_race_needs_no_more_connections_than_there_are(postgres_url: str, tmp_path: Path) -> None:
    database = await open_database(await fresh_postgres(postgres_url), pool=2)
    casework = await open_desk(database, offices(tmp_path))
    slots = [(await casework.slots(session))[0] for session in await casework.days()]
    people = await casework.people(20)

    async def choose_both(number: int, person: Resident) -> object:
        for turn in range(2):
            outcome = await casework.do(bookings.reserve_seat, slots[(number + turn) % 2].id, person)
        return outcome

    await asyncio.gather(*(choose_both(number, person) for number, person in enumerate(people)))
    taken = await casework.rows("SELECT slot_id FROM bookings WHERE status = 'held'")
    await database.close()
    assert 2 <= len(taken) <= 4
    assert max(Counter(row["slot_id"] for row in taken).values()) <= 2


async def test_residents_racing_for_every_slot_of_two_days_never_stand_in_each_others_way(
    casework: DeskUnderTest,
) -> None:
    slots = [slot for session in await casework.days() for slot in await casework.slots(session)]
    people = await casework.people(24)

    async def wander(number: int, person: Resident) -> None:
        for step in range(4):
            await casework.do(bookings.reserve_seat, slots[(number + 3 * step) % len(slots)].id, person)

    await asyncio.gather(*(wander(number, person) for number, person in enumerate(people)))
    taken = await casework.rows("SELECT slot_id, seat FROM bookings WHERE status = 'held'")
    counts = Counter(row["slot_id"] for row in taken)
    assert len(taken) == 16
    assert max(counts.values()) == 2


async def test_a_seat_confirmed_twice_at_once_is_confirmed_once(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    outcomes = await asyncio.gather(
        *(casework.do(bookings.confirm_seat, held.id, person, details(person)) for _ in range(5))
    )
    assert Counter(type(one) for one in outcomes) == {Booking: 1, AlreadyConfirmed: 4}
    assert len(await casework.owed("staff_booking")) == 1


async def test_a_change_made_in_between_is_a_conflict(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    await casework.do(bookings.move_by_municipality, booked.id, slots[1].id, staff_actor("1"))
    with pytest.raises(Conflict):
        async with casework.database.transaction() as tx:
            await rows.save(tx, booked, booked)


async def test_who_finds_a_booking_moved_to_another_day_meanwhile_tries_again(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    elsewhere = (await casework.slots((await casework.days())[1]))[0]
    moved = await casework.do(bookings.move_by_municipality, booked.id, elsewhere.id, staff_actor("1"))
    assert isinstance(moved, Booking)
    with pytest.raises(Conflict):
        await casework.do(locked, booked)
    _, found = await casework.do(locked, moved)
    assert found == moved


@pytest.mark.parametrize("act", ["cancel", "move"])
async def test_a_resident_who_acts_while_staff_move_the_booking_is_heard(
    postgres_url: str, tmp_path: Path, act: str
) -> None:
    database = await open_database(await fresh_postgres(postgres_url))
    casework = await open_desk(database, offices(tmp_path))
    person = await casework.resident()
    near, far = [await casework.slots(session) for session in await casework.days()]
    booked = await casework.book(near[0], person)
    wish = (
        (bookings.cancel, booked.reference, person)
        if act == "cancel"
        else (bookings.reschedule, booked.reference, person, near[1].id)
    )
    async with database.transaction() as tx:
        work = Work(tx, casework.now, casework.offices, casework.calendar, casework.random)
        await bookings.move_by_municipality(work, booked.id, far[0].id, staff_actor("1"))
        acting = asyncio.create_task(casework.do(*wish))
        while not await casework.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert not acting.done()
    with pytest.raises(Conflict):
        await acting
    assert isinstance(await casework.do(*wish), Booking)  # as every update that lost a race is tried again
    await database.close()


# ---------------------------------------------------------------------------- confirming


async def test_confirming_keeps_the_details_and_tells_the_office(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    photo = await casework.photo(person)
    details = Details(
        topic="roads",
        words="Floods",
        companions=2,
        needs=(Need.WHEELCHAIR, Need.SIGN_LANGUAGE),
        name="Fatima Ali",
        phone="+97333123456",
        project="Hotel",
        registration="1234-1",
        answers={"colour": "أخضر"},
        files=(photo,),
    )
    booked = await casework.do(bookings.confirm_seat, held.id, person, details)
    assert isinstance(booked, Booking)
    assert booked == await casework.do(bookings.by_reference, held.reference)
    assert (booked.status, booked.deadline, booked.version) == (BookingStatus.CONFIRMED, None, 1)
    assert (booked.companions, booked.needs) == (2, (Need.WHEELCHAIR, Need.SIGN_LANGUAGE))
    assert booked.answers == {"colour": "أخضر"}
    assert [file.id for file in await casework.do(bookings.files_of, booked.id)] == [photo]
    assert await told(casework, booked) == ["held", "confirmed"]
    assert await casework.owed("staff_booking", booked)


async def test_confirming_twice_answers_with_the_booking_there_is(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    assert await casework.do(bookings.confirm_seat, booked.id, person, details(person)) == AlreadyConfirmed(booked)


@pytest.mark.parametrize("seen", [True, False])
async def test_a_lapsed_hold_is_good_while_its_slot_has_a_seat(casework: DeskUnderTest, *, seen: bool) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    casework.now += timedelta(hours=1)
    if seen:
        await casework.tick()
    await casework.book(slots[0])
    booked = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(booked, Booking)
    assert (booked.status, booked.seat, booked.reference) == (BookingStatus.CONFIRMED, 2, held.reference)
    assert await casework.again(booked) == booked


async def test_a_lapsed_hold_is_lost_when_the_seats_are_gone(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    casework.now += timedelta(hours=1)
    for _ in range(2):
        await casework.book(slots[0])
    lost = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(lost, HoldLost)
    assert lost.alternatives[0][1].id == slots[1].id


async def test_a_lapsed_hold_is_not_taken_back_from_those_who_wait(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    held = await casework.hold(slots[0], person)
    await casework.fill(session)
    waiting = await casework.wait(session)
    casework.now += timedelta(minutes=10)  # and the clock has not seen it yet
    lost = await casework.do(bookings.confirm_seat, held.id, person, details(person))
    assert isinstance(lost, HoldLost)
    assert lost.alternatives
    assert (await casework.again(waiting)).status is BookingStatus.OFFERED


async def test_the_latest_hold_counts_where_an_earlier_one_lapsed(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    lapsed = await casework.hold(slots[0], person)
    casework.now += timedelta(minutes=10)
    again = await casework.hold(slots[1], person)
    assert again.id != lapsed.id
    assert (await told(casework, lapsed))[-1] == BookingEventKind.HOLD_LAPSED
    assert isinstance(await casework.do(bookings.confirm_seat, lapsed.id, person, details(person)), HoldLost)
    booked = await casework.do(bookings.confirm_seat, again.id, person, details(person))
    assert isinstance(booked, Booking)
    assert await casework.do(bookings.confirm_seat, lapsed.id, person, details(person)) == AlreadyConfirmed(booked)


async def test_confirming_again_does_not_bring_back_what_was_cancelled(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    cancelled = await casework.do(bookings.cancel, booked.reference, person, "")
    assert isinstance(await casework.do(bookings.confirm_seat, booked.id, person, details(person)), HoldLost)
    assert await casework.again(booked) == cancelled


async def test_nobody_confirms_anothers_hold(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    held = await casework.hold(slots[0], await casework.resident())
    assert await casework.do(bookings.confirm_seat, held.id, await casework.resident(), DETAILS) == HoldLost()
    assert await casework.do(bookings.confirm_seat, BookingId(10**6), await casework.resident(), DETAILS) == HoldLost()


# ---------------------------------------------------------------------------- moving


async def test_a_moved_appointment_keeps_its_row_and_reference(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    moved = await casework.do(bookings.reschedule, booked.reference, person, slots[2].id)
    assert isinstance(moved, Booking)
    assert (moved.id, moved.reference, moved.version) == (booked.id, booked.reference, 2)
    assert (moved.slot_id, moved.starts_at) == (slots[2].id, slots[2].starts_at)
    assert moved == await casework.again(booked)
    assert [one.free for one in await casework.do(sessions.free_slots, session.id)] == [2, 2, 1, 2]
    event = (await casework.do(bookings.history, booked.id))[-1]
    assert (event.what, event.detail) == (BookingEventKind.MOVED, slots[0].starts_at.isoformat())


async def test_an_appointment_moves_to_another_day(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    other = (await casework.days())[1]
    moved = await casework.do(bookings.reschedule, booked.reference, person, (await casework.slots(other))[0].id)
    assert isinstance(moved, Booking)
    assert (moved.session_id, moved.day, moved.reference) == (other.id, other.day, booked.reference)


async def test_moving_twice_to_one_time_moves_once(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    moved = await casework.do(bookings.reschedule, booked.reference, person, slots[1].id)
    assert await casework.do(bookings.reschedule, booked.reference, person, slots[1].id) == moved


async def test_moving_to_a_taken_time_changes_nothing(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    for _ in range(2):
        await casework.book(slots[1])
    assert isinstance(await casework.do(bookings.reschedule, booked.reference, person, slots[1].id), SlotTaken)
    assert await casework.again(booked) == booked


async def test_moving_to_a_day_waited_for_ends_the_waiting(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    other = (await casework.days())[1]
    full = await casework.fill(other)
    waiting = await casework.wait(other, person)
    await casework.do(bookings.cancel_by_municipality, full[0].id, "", staff_actor("1"))
    offered = await casework.again(waiting)
    assert offered.slot_id is not None
    moved = await casework.do(bookings.reschedule, booked.reference, person, offered.slot_id)
    assert isinstance(moved, Booking)
    assert moved.slot_id == offered.slot_id
    assert (await casework.again(waiting)).status is BookingStatus.EXPIRED
    assert (await told(casework, waiting))[-1] == BookingEventKind.OFFER_DECLINED
    assert await casework.owed("seat_offered") == []


async def test_what_cannot_be_moved(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    other = (await casework.days())[1]
    target = (await casework.slots(other))[1]
    stranger = await casework.resident()
    assert await casework.do(bookings.reschedule, booked.reference, stranger, target.id) == NotMovable()
    twin = await casework.book((await casework.slots(other))[0], person, beside="For her mother")
    assert await casework.do(bookings.reschedule, booked.reference, person, target.id) == NotMovable(twin)
    casework.now = slots[0].starts_at
    assert await casework.do(bookings.reschedule, booked.reference, person, slots[1].id) == NotMovable(booked)


async def test_staff_move_an_appointment_and_the_resident_is_told(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    moved = await casework.do(bookings.move_by_municipality, booked.id, slots[1].id, staff_actor("1"))
    assert isinstance(moved, Booking)
    assert await casework.owed("booking_moved", booked)
    assert [row["action"] for row in await casework.rows("SELECT action FROM audit")] == ["booking.move"]


# ---------------------------------------------------------------------------- cancelling


async def test_cancelling_frees_the_seat_and_keeps_the_row(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    cancelled = await casework.do(bookings.cancel, booked.reference, person, "solved")
    assert isinstance(cancelled, Booking)
    assert (cancelled.status, cancelled.reason, cancelled.version) == (
        BookingStatus.CANCELLED_BY_RESIDENT,
        "solved",
        2,
    )
    assert cancelled.starts_at == slots[0].starts_at
    assert (await casework.do(sessions.free_slots, session.id))[0].free == 2
    assert await casework.do(bookings.cancel, booked.reference, person, "") == NotCancellable(cancelled)


async def test_an_appointment_that_has_begun_is_not_cancelled(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    casework.now = slots[0].starts_at
    assert await casework.do(bookings.cancel, booked.reference, person, "") == NotCancellable(booked)


async def test_anothers_reference_is_as_unknown_as_one_that_does_not_exist(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    stranger = await casework.resident()
    for reference in (booked.reference, Reference("B-0000-000")):
        assert await casework.do(bookings.own, reference, stranger) is None
        assert await casework.do(bookings.cancel, reference, stranger, "") == NotCancellable()
        assert await casework.do(bookings.confirm_attendance, reference, stranger) == NotCancellable()
        assert await casework.do(bookings.rate_meeting, reference, stranger, 5) == NotRateable()


async def test_the_municipality_cancels_and_the_resident_is_told(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    cancelled = await casework.do(bookings.cancel_by_municipality, booked.id, "Illness", staff_actor("1"))
    assert isinstance(cancelled, Booking)
    assert (cancelled.status, cancelled.reason) == (BookingStatus.CANCELLED_BY_MUNICIPALITY, "Illness")
    assert await casework.owed("booking_cancelled", booked)
    again = await casework.do(bookings.cancel_by_municipality, booked.id, "", staff_actor("2"))
    assert again == NotCancellable(cancelled)
    assert len(await casework.rows("SELECT 1 FROM audit")) == 1


async def test_saying_twice_that_one_comes_is_kept_once(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    for _ in range(2):
        casework.now += timedelta(minutes=1)
        assert await casework.do(bookings.confirm_attendance, booked.reference, person) == booked
    assert (await told(casework, booked)).count("will_come") == 1


# ---------------------------------------------------------------------------- it is added to


async def test_words_for_the_meeting_are_added_below_and_kept_in_history(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    noted = await casework.do(bookings.add_note, booked.reference, person, "And the wall")
    assert isinstance(noted, Booking)
    assert noted.words == f"{booked.words}\nAnd the wall"
    assert (noted.version, noted.status) == (booked.version, booked.status)
    assert (await told(casework, booked))[-1] == "added"


async def test_what_is_over_is_not_added_to(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    booked = await casework.book(slots[0], person)
    casework.now = slots[0].ends_at
    assert await casework.do(bookings.add_note, booked.reference, person, "Late") == NotPossible(booked)
    stranger = await casework.resident()
    assert await casework.do(bookings.add_note, booked.reference, stranger, "Mine") == NotPossible()


# ---------------------------------------------------------------------------- a resident's list


async def test_a_residents_list_has_what_is_ahead_first_then_the_past(casework: DeskUnderTest) -> None:
    person = await casework.resident()
    near, far = [(await casework.slots(session))[0] for session in await casework.days()]
    later = await casework.book(far, person)
    sooner = await casework.book(near, person, beside="For her mother")
    cancelled = await casework.book((await casework.slots((await casework.days())[0]))[1])
    assert [one.id for one in await casework.do(bookings.of_resident, person.id)] == [sooner.id, later.id]
    await casework.do(bookings.mark_attended, sooner.reference, staff_actor("1"))
    casework.now = near.ends_at
    assert [one.id for one in await casework.do(bookings.of_resident, person.id)] == [later.id, sooner.id]
    assert cancelled.id not in {one.id for one in await casework.do(bookings.of_resident, person.id)}


# ---------------------------------------------------------------------------- the day


@pytest.fixture
async def on_the_day(casework: DeskUnderTest) -> tuple[DeskUnderTest, Booking, Slot]:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    casework.now = slots[0].starts_at - timedelta(minutes=10)
    return casework, booked, slots[0]


async def test_checking_in_twice_is_checking_in_once(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    casework, booked, _ = on_the_day
    for _ in range(2):
        here = await casework.do(bookings.check_in, booked.reference, staff_actor("1"))
        assert isinstance(here, Booking)
        assert (here.status, here.remind_at) == (BookingStatus.CHECKED_IN, None)
    assert [row["action"] for row in await casework.rows("SELECT action FROM audit")] == ["booking.checked_in"]


async def test_nobody_is_checked_in_on_another_day(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    booked = await casework.book(slots[0])
    assert await casework.do(bookings.check_in, booked.reference, staff_actor("1")) == NotPossible(booked)
    assert await casework.do(bookings.check_in, Reference("B-0000-000"), staff_actor("1")) == NotPossible()


async def test_nobody_is_missed_before_their_time(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    casework, booked, slot = on_the_day
    assert isinstance(await casework.do(bookings.mark_no_show, booked.reference, staff_actor("1")), NotPossible)
    await casework.wait_until(slot.ends_at + timedelta(hours=3))
    assert (await casework.again(booked)).status is BookingStatus.CONFIRMED  # never by itself
    missed = await casework.do(bookings.mark_no_show, booked.reference, staff_actor("1"))
    assert isinstance(missed, Booking)
    assert missed.status is BookingStatus.NO_SHOW


async def test_a_seat_that_was_used_early_is_not_given_again(casework: DeskUnderTest) -> None:
    session, slots = await casework.first_day()
    booked = await casework.book(slots[3])
    casework.now = slots[3].starts_at - timedelta(hours=3)
    await casework.do(bookings.mark_attended, booked.reference, staff_actor("1"))
    assert (await casework.do(sessions.free_slots, session.id))[-1].free == 1
    assert (await casework.book(slots[3])).seat == 2


async def _asked_at(casework: DeskUnderTest, key: str) -> str:
    """When a question goes out, on Bahrain's clocks."""
    [row] = await casework.rows("SELECT not_before FROM outbox WHERE key LIKE :key", key=key)
    at = datetime.fromisoformat(str(row["not_before"])).astimezone(casework.offices.zone)
    return f"{at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("said_at", "asked"), [("09:10", "18:00"), ("18:20", "18:50"), ("22:00", "08:00")])
async def test_who_was_received_is_asked_that_evening_and_never_at_night(
    on_the_day: tuple[DeskUnderTest, Booking, Slot], said_at: str, asked: str
) -> None:
    casework, booked, _ = on_the_day
    casework.now = casework.at(booked.day, said_at)
    await casework.do(bookings.mark_attended, booked.reference, staff_actor("1"))
    day = booked.day + timedelta(days=asked < said_at)
    assert await _asked_at(casework, f"rate_meeting:{booked.id}:%") == f"{day} {asked}"


async def test_who_did_not_come_is_asked_why_once_on_the_next_morning(
    on_the_day: tuple[DeskUnderTest, Booking, Slot],
) -> None:
    casework, booked, slot = on_the_day
    casework.now = slot.ends_at
    for mark in (bookings.mark_no_show, bookings.mark_attended, bookings.mark_no_show):
        await casework.do(mark, booked.reference, staff_actor("1"))
    assert await _asked_at(casework, f"why_not_come:{booked.id}") == f"{booked.day + timedelta(days=1)} 09:00"


async def test_a_wrong_attendance_is_corrected_and_nobody_is_asked(
    on_the_day: tuple[DeskUnderTest, Booking, Slot],
) -> None:
    casework, booked, slot = on_the_day
    await casework.do(bookings.mark_attended, booked.reference, staff_actor("1"))
    casework.now = slot.ends_at
    await casework.do(bookings.mark_no_show, booked.reference, staff_actor("1"))
    assert await casework.owed("rate_meeting") == []
    for _ in range(2):
        casework.now += timedelta(minutes=1)
        await casework.do(bookings.mark_attended, booked.reference, staff_actor("1"))
    assert len(await casework.owed("rate_meeting", booked)) == 1  # they came after all


async def test_one_who_did_not_come_takes_nobody_elses_question_away(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    person = await casework.resident()
    missed = await casework.book(slots[0])
    while (came := await casework.book(slots[1], person)).id // 10 != missed.id:  # 10, which begins like 1
        await casework.do(bookings.cancel, came.reference, person, "")
    casework.now = slots[1].ends_at
    await casework.do(bookings.mark_attended, came.reference, staff_actor("1"))
    await casework.do(bookings.mark_no_show, missed.reference, staff_actor("1"))
    assert len(await casework.owed("rate_meeting", came)) == 1


async def test_each_tap_of_a_rating_counts_at_once(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    casework, booked, _ = on_the_day
    person = (await casework.rows("SELECT * FROM residents WHERE id = :id", id=booked.resident_id))[0]
    resident = Resident.of(person)
    assert isinstance(await casework.do(bookings.rate_meeting, booked.reference, resident, 4), NotRateable)
    await casework.do(bookings.mark_attended, booked.reference, staff_actor("1"))
    assert isinstance(await casework.do(bookings.comment_meeting, booked.reference, resident, "Kind"), NotRateable)
    first = await casework.do(bookings.rate_meeting, booked.reference, resident, 4)
    second = await casework.do(bookings.rate_meeting, booked.reference, resident, 5)
    assert isinstance(first, Rated)
    assert isinstance(second, Rated)
    assert (first.changed, second.changed) == (False, True)
    await casework.do(bookings.comment_meeting, booked.reference, resident, "Kind and clear")
    kept = await casework.rows("SELECT stars, comment FROM ratings")
    assert [(row["stars"], row["comment"]) for row in kept] == [(5, "Kind and clear")]


async def test_the_office_that_a_seat_is_at_is_the_bookings(casework: DeskUnderTest) -> None:
    _, slots = await casework.first_day()
    assert (await casework.book(slots[0])).office == CAPITAL
