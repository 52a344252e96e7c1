"""A seat from the moment it is chosen: held, confirmed, moved, cancelled, used."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

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
from services.bookings.transitions import in_hand
from services.unit_of_work import Work
from storage import bookings as rows
from storage.database import Conflict, Database, open_database
from storage.ids import BookingId, Reference, SlotId
from storage.records import Resident, Slot
from tests.databases import fresh_postgres
from tests.services.booking_builders import CAPITAL, DETAILS, DeskUnderTest, offices, open_desk, rule


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> DeskUnderTest:
    return await open_desk(database, offices(tmp_path))


async def told(desk: DeskUnderTest, booking: Booking) -> list[str]:
    return [event.what.value for event in await desk.do(bookings.history, booking.id)]


# ---------------------------------------------------------------------------- holding


async def test_a_chosen_seat_is_held_for_ten_minutes(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    held = await desk.do(bookings.reserve_seat, slots[0].id, await desk.resident(), source="poster")
    assert isinstance(held, Booking)
    assert (held.status, held.seat, held.source) == (BookingStatus.HELD, 1, "poster")
    assert held.deadline == desk.now + timedelta(minutes=10)
    assert await desk.again(held) == held


async def test_the_lowest_free_seat_is_given(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    first, second = await desk.book(slots[0]), await desk.book(slots[0])
    assert (first.seat, second.seat) == (1, 2)
    await desk.do(bookings.cancel_by_municipality, first.id, "", "staff:1")
    assert (await desk.book(slots[0])).seat == 1


async def test_choosing_another_time_moves_the_hold(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    first = await desk.hold(slots[0], person)
    second = await desk.hold(slots[1], person)
    assert (second.id, second.slot_id) == (first.id, slots[1].id)
    assert (await desk.do(sessions.free_slots, first.session_id))[0].free == 2


async def test_a_resident_holds_one_seat_at_a_time(desk: DeskUnderTest) -> None:
    person = await desk.resident()
    near, far = [(await desk.slots(session))[0] for session in await desk.days()]
    first = await desk.hold(near, person)
    await desk.hold(far, person)
    assert (await desk.again(first)).status is BookingStatus.EXPIRED
    assert (await told(desk, first))[-1] == BookingEventKind.HOLD_RELEASED


async def test_a_double_tap_holds_one_seat(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    assert (await desk.hold(slots[0], person)).id == (await desk.hold(slots[0], person)).id


async def test_who_holds_the_last_seat_may_choose_it_again(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    await desk.book(slots[0])
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    desk.now += timedelta(minutes=4)
    again = await desk.hold(slots[0], person)
    assert (again.id, again.seat, again.deadline) == (held.id, 2, desk.now + timedelta(minutes=10))


async def test_a_taken_slot_offers_the_nearest_times_then_other_days(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    for _ in range(2):
        await desk.book(slots[2])
    taken = await desk.do(bookings.reserve_seat, slots[2].id, await desk.resident())
    assert isinstance(taken, SlotTaken)
    assert [slot.id for _, slot in taken.alternatives[:3]] == [slots[1].id, slots[3].id, slots[0].id]
    assert {one.id for one, _ in taken.alternatives[3:]} == {(await desk.days())[1].id}


async def test_a_failed_choice_keeps_the_hold_there_was(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    for _ in range(2):
        await desk.book(slots[1])
    assert isinstance(await desk.do(bookings.reserve_seat, slots[1].id, person), SlotTaken)
    assert (await desk.again(held)).status is BookingStatus.HELD


async def test_a_slot_too_near_is_closed(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    desk.now = slots[0].starts_at - timedelta(hours=2)
    closed = await desk.do(bookings.reserve_seat, slots[0].id, await desk.resident())
    assert isinstance(closed, SlotClosed)
    assert closed.alternatives[0][1].id == slots[1].id


async def test_a_slot_not_released_yet_is_closed(database: Database, tmp_path: Path) -> None:
    desk = await open_desk(database, offices(tmp_path, rule(released_late=1.0)))
    _, slots = await desk.first_day()
    assert isinstance(await desk.do(bookings.reserve_seat, slots[0].id, await desk.resident()), SlotClosed)


async def test_an_unknown_slot_is_closed(desk: DeskUnderTest) -> None:
    person = await desk.resident()
    held = await desk.hold((await desk.first_day())[1][0], person)
    assert await desk.do(bookings.reserve_seat, SlotId(10**6), person) == SlotClosed()
    assert await desk.again(held) == held


async def test_one_live_booking_for_each_resident_and_session(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    assert await desk.do(bookings.reserve_seat, slots[1].id, person) == AlreadyBooked(booked)


async def test_a_seat_whose_hold_ran_out_is_given_to_the_next(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    for _ in range(2):
        lapsed = await desk.hold(slots[0], await desk.resident())
    desk.now += timedelta(minutes=10)  # and the clock has not seen it yet
    await desk.hold(slots[0], await desk.resident())
    assert (await told(desk, lapsed))[-1] == BookingEventKind.HOLD_LAPSED


async def test_a_hold_is_lengthened_while_its_resident_answers_thirty_minutes_in_all(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    ends = []
    for _ in range(4):
        desk.now += timedelta(minutes=8)
        longer = await desk.do(bookings.lengthen_hold, held.id, person)
        ends.append(longer.deadline if isinstance(longer, Booking) else longer)
    since = held.created_at
    minutes = [since + timedelta(minutes=each) for each in (18, 26, 30)]
    assert ends == [*minutes, HoldLost()]


async def test_going_from_time_to_time_holds_no_seat_longer_than_that(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person, since = await desk.resident(), desk.now
    ends = []
    for slot in slots:
        ends.append((await desk.hold(slot, person)).deadline)
        desk.now += timedelta(minutes=9)
    assert ends == [since + timedelta(minutes=each) for each in (10, 19, 28, 30)]


async def test_nobody_lengthens_or_releases_anothers_hold(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    held = await desk.hold(slots[0], await desk.resident())
    other = await desk.resident()
    assert await desk.do(bookings.lengthen_hold, held.id, other) == HoldLost()
    await desk.do(bookings.release_hold, held.id, other)
    assert await desk.again(held) == held


async def test_a_released_hold_frees_its_seat(desk: DeskUnderTest) -> None:
    session, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    await desk.do(bookings.release_hold, held.id, person)
    await desk.do(bookings.release_hold, held.id, person)
    assert (await desk.do(sessions.free_slots, session.id))[0].free == 2
    assert await desk.do(bookings.of_resident, person.id) == ()


# ---------------------------------------------------------------------------- racing


async def test_sixty_residents_race_for_eight_seats(database: Database, tmp_path: Path) -> None:
    desk = await open_desk(database, offices(tmp_path, rule(capacity=8)))
    _, slots = await desk.first_day()
    people = await desk.people(60)
    outcomes = await asyncio.gather(*(desk.do(bookings.reserve_seat, slots[0].id, one) for one in people))
    seats = sorted(one.seat or 0 for one in outcomes if isinstance(one, Booking))
    turned_away = [one for one in outcomes if isinstance(one, SlotTaken)]
    assert seats == list(range(1, 9))
    assert len(turned_away) == 52
    assert all(one.alternatives for one in turned_away)


async def test_a_race_needs_no_more_connections_than_there_are(postgres_url: str, tmp_path: Path) -> None:
    database = await open_database(await fresh_postgres(postgres_url), pool=2)
    desk = await open_desk(database, offices(tmp_path))
    slots = [(await desk.slots(session))[0] for session in await desk.days()]
    people = await desk.people(20)

    async def choose_both(number: int, person: Resident) -> object:
        for turn in range(2):
            outcome = await desk.do(bookings.reserve_seat, slots[(number + turn) % 2].id, person)
        return outcome

    await asyncio.gather(*(choose_both(number, person) for number, person in enumerate(people)))
    taken = await desk.rows("SELECT slot_id FROM bookings WHERE status = 'held'")
    await database.close()
    assert 2 <= len(taken) <= 4
    assert max(Counter(row["slot_id"] for row in taken).values()) <= 2


async def test_residents_racing_for_every_slot_of_two_days_never_stand_in_each_others_way(desk: DeskUnderTest) -> None:
    slots = [slot for session in await desk.days() for slot in await desk.slots(session)]
    people = await desk.people(24)

    async def wander(number: int, person: Resident) -> None:
        for step in range(4):
            await desk.do(bookings.reserve_seat, slots[(number + 3 * step) % len(slots)].id, person)

    await asyncio.gather(*(wander(number, person) for number, person in enumerate(people)))
    taken = await desk.rows("SELECT slot_id, seat FROM bookings WHERE status = 'held'")
    counts = Counter(row["slot_id"] for row in taken)
    assert len(taken) == 16
    assert max(counts.values()) == 2


async def test_a_seat_confirmed_twice_at_once_is_confirmed_once(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    outcomes = await asyncio.gather(*(desk.do(bookings.confirm_seat, held.id, person, DETAILS) for _ in range(5)))
    assert Counter(type(one) for one in outcomes) == {Booking: 1, AlreadyConfirmed: 4}
    assert len(await desk.owed("staff_booking")) == 1


async def test_a_change_made_in_between_is_a_conflict(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    await desk.do(bookings.move_by_municipality, booked.id, slots[1].id, "staff:1")
    with pytest.raises(Conflict):
        async with desk.database.transaction() as tx:
            await rows.save(tx, booked, booked)


async def test_who_finds_a_booking_moved_to_another_day_meanwhile_tries_again(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    elsewhere = (await desk.slots((await desk.days())[1]))[0]
    moved = await desk.do(bookings.move_by_municipality, booked.id, elsewhere.id, "staff:1")
    assert isinstance(moved, Booking)
    with pytest.raises(Conflict):
        await desk.do(in_hand, booked)
    _, found = await desk.do(in_hand, moved)
    assert found == moved


@pytest.mark.parametrize("act", ["cancel", "move"])
async def test_a_resident_who_acts_while_staff_move_the_booking_is_heard(
    postgres_url: str, tmp_path: Path, act: str
) -> None:
    database = await open_database(await fresh_postgres(postgres_url))
    desk = await open_desk(database, offices(tmp_path))
    person = await desk.resident()
    near, far = [await desk.slots(session) for session in await desk.days()]
    booked = await desk.book(near[0], person)
    wish = (
        (bookings.cancel, booked.reference, person)
        if act == "cancel"
        else (bookings.reschedule, booked.reference, person, near[1].id)
    )
    async with database.transaction() as tx:
        work = Work(tx, desk.now, desk.offices, desk.calendar, desk.random)
        await bookings.move_by_municipality(work, booked.id, far[0].id, "staff:1")
        acting = asyncio.create_task(desk.do(*wish))
        while not await desk.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert not acting.done()
    with pytest.raises(Conflict):
        await acting
    assert isinstance(await desk.do(*wish), Booking)  # as every update that lost a race is tried again
    await database.close()


# ---------------------------------------------------------------------------- confirming


async def test_confirming_keeps_the_details_and_tells_the_office(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    photo = await desk.photo(person)
    details = Details(
        topic="roads", words="Floods", companions=2, needs=(Need.WHEELCHAIR, Need.SIGN_LANGUAGE), name="Fatima Ali",
        phone="+97333123456", project="Hotel", registration="1234-1", files=(photo,),
    )  # fmt: skip
    booked = await desk.do(bookings.confirm_seat, held.id, person, details)
    assert isinstance(booked, Booking)
    assert booked == await desk.do(bookings.by_reference, held.reference)
    assert (booked.status, booked.deadline, booked.version) == (BookingStatus.CONFIRMED, None, 1)
    assert (booked.companions, booked.needs) == (2, (Need.WHEELCHAIR, Need.SIGN_LANGUAGE))
    assert [file.id for file in await desk.do(bookings.files_of, booked.id)] == [photo]
    assert await told(desk, booked) == ["held", "confirmed"]
    assert await desk.owed("staff_booking", booked)


async def test_confirming_twice_answers_with_the_booking_there_is(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    assert await desk.do(bookings.confirm_seat, booked.id, person, DETAILS) == AlreadyConfirmed(booked)


@pytest.mark.parametrize("seen", [True, False])
async def test_a_lapsed_hold_is_good_while_its_slot_has_a_seat(desk: DeskUnderTest, *, seen: bool) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    desk.now += timedelta(hours=1)
    if seen:
        await desk.tick()
    await desk.book(slots[0])
    booked = await desk.do(bookings.confirm_seat, held.id, person, DETAILS)
    assert isinstance(booked, Booking)
    assert (booked.status, booked.seat, booked.reference) == (BookingStatus.CONFIRMED, 2, held.reference)
    assert await desk.again(booked) == booked


async def test_a_lapsed_hold_is_lost_when_the_seats_are_gone(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    desk.now += timedelta(hours=1)
    for _ in range(2):
        await desk.book(slots[0])
    lost = await desk.do(bookings.confirm_seat, held.id, person, DETAILS)
    assert isinstance(lost, HoldLost)
    assert lost.alternatives[0][1].id == slots[1].id


async def test_a_lapsed_hold_is_not_taken_back_from_those_who_wait(desk: DeskUnderTest) -> None:
    session, slots = await desk.first_day()
    person = await desk.resident()
    held = await desk.hold(slots[0], person)
    await desk.fill(session)
    waiting = await desk.wait(session)
    desk.now += timedelta(minutes=10)  # and the clock has not seen it yet
    lost = await desk.do(bookings.confirm_seat, held.id, person, DETAILS)
    assert isinstance(lost, HoldLost)
    assert lost.alternatives
    assert (await desk.again(waiting)).status is BookingStatus.OFFERED


async def test_the_latest_hold_counts_where_an_earlier_one_lapsed(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    lapsed = await desk.hold(slots[0], person)
    desk.now += timedelta(minutes=10)
    again = await desk.hold(slots[1], person)
    assert again.id != lapsed.id
    assert (await told(desk, lapsed))[-1] == BookingEventKind.HOLD_LAPSED
    assert isinstance(await desk.do(bookings.confirm_seat, lapsed.id, person, DETAILS), HoldLost)
    booked = await desk.do(bookings.confirm_seat, again.id, person, DETAILS)
    assert isinstance(booked, Booking)
    assert await desk.do(bookings.confirm_seat, lapsed.id, person, DETAILS) == AlreadyConfirmed(booked)


async def test_confirming_again_does_not_bring_back_what_was_cancelled(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    cancelled = await desk.do(bookings.cancel, booked.reference, person, "")
    assert isinstance(await desk.do(bookings.confirm_seat, booked.id, person, DETAILS), HoldLost)
    assert await desk.again(booked) == cancelled


async def test_nobody_confirms_anothers_hold(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    held = await desk.hold(slots[0], await desk.resident())
    assert await desk.do(bookings.confirm_seat, held.id, await desk.resident(), DETAILS) == HoldLost()
    assert await desk.do(bookings.confirm_seat, BookingId(10**6), await desk.resident(), DETAILS) == HoldLost()


# ---------------------------------------------------------------------------- moving


async def test_a_moved_appointment_keeps_its_row_and_reference(desk: DeskUnderTest) -> None:
    session, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    moved = await desk.do(bookings.reschedule, booked.reference, person, slots[2].id)
    assert isinstance(moved, Booking)
    assert (moved.id, moved.reference, moved.version) == (booked.id, booked.reference, 2)
    assert (moved.slot_id, moved.starts_at) == (slots[2].id, slots[2].starts_at)
    assert moved == await desk.again(booked)
    assert [one.free for one in await desk.do(sessions.free_slots, session.id)] == [2, 2, 1, 2]
    event = (await desk.do(bookings.history, booked.id))[-1]
    assert (event.what, event.detail) == (BookingEventKind.MOVED, slots[0].starts_at.isoformat())


async def test_an_appointment_moves_to_another_day(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    other = (await desk.days())[1]
    moved = await desk.do(bookings.reschedule, booked.reference, person, (await desk.slots(other))[0].id)
    assert isinstance(moved, Booking)
    assert (moved.session_id, moved.day, moved.reference) == (other.id, other.day, booked.reference)


async def test_moving_twice_to_one_time_moves_once(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    moved = await desk.do(bookings.reschedule, booked.reference, person, slots[1].id)
    assert await desk.do(bookings.reschedule, booked.reference, person, slots[1].id) == moved


async def test_moving_to_a_taken_time_changes_nothing(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    for _ in range(2):
        await desk.book(slots[1])
    assert isinstance(await desk.do(bookings.reschedule, booked.reference, person, slots[1].id), SlotTaken)
    assert await desk.again(booked) == booked


async def test_moving_to_a_day_waited_for_ends_the_waiting(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    other = (await desk.days())[1]
    full = await desk.fill(other)
    waiting = await desk.wait(other, person)
    await desk.do(bookings.cancel_by_municipality, full[0].id, "", "staff:1")
    offered = await desk.again(waiting)
    assert offered.slot_id is not None
    moved = await desk.do(bookings.reschedule, booked.reference, person, offered.slot_id)
    assert isinstance(moved, Booking)
    assert moved.slot_id == offered.slot_id
    assert (await desk.again(waiting)).status is BookingStatus.EXPIRED
    assert (await told(desk, waiting))[-1] == BookingEventKind.OFFER_DECLINED
    assert await desk.owed("seat_offered") == []


async def test_what_cannot_be_moved(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    other = (await desk.days())[1]
    target = (await desk.slots(other))[1]
    stranger = await desk.resident()
    assert await desk.do(bookings.reschedule, booked.reference, stranger, target.id) == NotMovable()
    twin = await desk.book((await desk.slots(other))[0], person)
    assert await desk.do(bookings.reschedule, booked.reference, person, target.id) == NotMovable(twin)
    desk.now = slots[0].starts_at
    assert await desk.do(bookings.reschedule, booked.reference, person, slots[1].id) == NotMovable(booked)


async def test_staff_move_an_appointment_and_the_resident_is_told(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    moved = await desk.do(bookings.move_by_municipality, booked.id, slots[1].id, "staff:1")
    assert isinstance(moved, Booking)
    assert await desk.owed("booking_moved", booked)
    assert [row["action"] for row in await desk.rows("SELECT action FROM audit")] == ["booking.move"]


# ---------------------------------------------------------------------------- cancelling


async def test_cancelling_frees_the_seat_and_keeps_the_row(desk: DeskUnderTest) -> None:
    session, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    cancelled = await desk.do(bookings.cancel, booked.reference, person, "solved")
    assert isinstance(cancelled, Booking)
    assert (cancelled.status, cancelled.reason, cancelled.version) == (
        BookingStatus.CANCELLED_BY_RESIDENT,
        "solved",
        2,
    )
    assert cancelled.starts_at == slots[0].starts_at
    assert (await desk.do(sessions.free_slots, session.id))[0].free == 2
    assert await desk.do(bookings.cancel, booked.reference, person, "") == NotCancellable(cancelled)


async def test_an_appointment_that_has_begun_is_not_cancelled(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    desk.now = slots[0].starts_at
    assert await desk.do(bookings.cancel, booked.reference, person, "") == NotCancellable(booked)


async def test_anothers_reference_is_as_unknown_as_one_that_does_not_exist(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    stranger = await desk.resident()
    for reference in (booked.reference, Reference("B-0000-000")):
        assert await desk.do(bookings.own, reference, stranger) is None
        assert await desk.do(bookings.cancel, reference, stranger, "") == NotCancellable()
        assert await desk.do(bookings.confirm_attendance, reference, stranger) == NotCancellable()
        assert await desk.do(bookings.rate_meeting, reference, stranger, 5) == NotRateable()


async def test_the_municipality_cancels_and_the_resident_is_told(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    cancelled = await desk.do(bookings.cancel_by_municipality, booked.id, "Illness", "staff:1")
    assert isinstance(cancelled, Booking)
    assert (cancelled.status, cancelled.reason) == (BookingStatus.CANCELLED_BY_MUNICIPALITY, "Illness")
    assert await desk.owed("booking_cancelled", booked)
    again = await desk.do(bookings.cancel_by_municipality, booked.id, "", "staff:2")
    assert again == NotCancellable(cancelled)
    assert len(await desk.rows("SELECT 1 FROM audit")) == 1


async def test_saying_twice_that_one_comes_is_kept_once(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    for _ in range(2):
        desk.now += timedelta(minutes=1)
        assert await desk.do(bookings.confirm_attendance, booked.reference, person) == booked
    assert (await told(desk, booked)).count("will_come") == 1


# ---------------------------------------------------------------------------- it is added to


async def test_words_for_the_meeting_are_added_below_and_kept_in_history(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    noted = await desk.do(bookings.add_note, booked.reference, person, "And the wall")
    assert isinstance(noted, Booking)
    assert noted.words == f"{booked.words}\nAnd the wall"
    assert (noted.version, noted.status) == (booked.version, booked.status)
    assert (await told(desk, booked))[-1] == "added"


async def test_what_is_over_is_not_added_to(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    booked = await desk.book(slots[0], person)
    desk.now = slots[0].ends_at
    assert await desk.do(bookings.add_note, booked.reference, person, "Late") == NotPossible(booked)
    stranger = await desk.resident()
    assert await desk.do(bookings.add_note, booked.reference, stranger, "Mine") == NotPossible()


# ---------------------------------------------------------------------------- a resident's list


async def test_a_residents_list_has_what_is_ahead_first_then_the_past(desk: DeskUnderTest) -> None:
    person = await desk.resident()
    near, far = [(await desk.slots(session))[0] for session in await desk.days()]
    later = await desk.book(far, person)
    sooner = await desk.book(near, person)
    cancelled = await desk.book((await desk.slots((await desk.days())[0]))[1])
    assert [one.id for one in await desk.do(bookings.of_resident, person.id)] == [sooner.id, later.id]
    await desk.do(bookings.mark_attended, sooner.reference, "staff:1")
    desk.now = near.ends_at
    assert [one.id for one in await desk.do(bookings.of_resident, person.id)] == [later.id, sooner.id]
    assert cancelled.id not in {one.id for one in await desk.do(bookings.of_resident, person.id)}


# ---------------------------------------------------------------------------- the day


@pytest.fixture
async def on_the_day(desk: DeskUnderTest) -> tuple[DeskUnderTest, Booking, Slot]:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    desk.now = slots[0].starts_at - timedelta(minutes=10)
    return desk, booked, slots[0]


async def test_checking_in_twice_is_checking_in_once(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    desk, booked, _ = on_the_day
    for _ in range(2):
        here = await desk.do(bookings.check_in, booked.reference, "staff:1")
        assert isinstance(here, Booking)
        assert (here.status, here.remind_at) == (BookingStatus.CHECKED_IN, None)
    assert [row["action"] for row in await desk.rows("SELECT action FROM audit")] == ["booking.checked_in"]


async def test_nobody_is_checked_in_on_another_day(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    booked = await desk.book(slots[0])
    assert await desk.do(bookings.check_in, booked.reference, "staff:1") == NotPossible(booked)
    assert await desk.do(bookings.check_in, Reference("B-0000-000"), "staff:1") == NotPossible()


async def test_nobody_is_missed_before_their_time(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    desk, booked, slot = on_the_day
    assert isinstance(await desk.do(bookings.mark_no_show, booked.reference, "staff:1"), NotPossible)
    await desk.wait_until(slot.ends_at + timedelta(hours=3))
    assert (await desk.again(booked)).status is BookingStatus.CONFIRMED  # never by itself
    missed = await desk.do(bookings.mark_no_show, booked.reference, "staff:1")
    assert isinstance(missed, Booking)
    assert missed.status is BookingStatus.NO_SHOW


async def test_a_seat_that_was_used_early_is_not_given_again(desk: DeskUnderTest) -> None:
    session, slots = await desk.first_day()
    booked = await desk.book(slots[3])
    desk.now = slots[3].starts_at - timedelta(hours=3)
    await desk.do(bookings.mark_attended, booked.reference, "staff:1")
    assert (await desk.do(sessions.free_slots, session.id))[-1].free == 1
    assert (await desk.book(slots[3])).seat == 2


async def test_who_was_received_is_asked_two_hours_later(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    desk, booked, _ = on_the_day
    await desk.do(bookings.mark_attended, booked.reference, "staff:1")
    [row] = await desk.rows("SELECT * FROM outbox WHERE key LIKE :key", key=f"rate_meeting:{booked.id}:%")
    assert str(row["not_before"])[:16].replace("T", " ") == f"{desk.now + timedelta(hours=2):%Y-%m-%d %H:%M}"


async def test_a_wrong_attendance_is_corrected_and_nobody_is_asked(
    on_the_day: tuple[DeskUnderTest, Booking, Slot],
) -> None:
    desk, booked, slot = on_the_day
    await desk.do(bookings.mark_attended, booked.reference, "staff:1")
    desk.now = slot.ends_at
    await desk.do(bookings.mark_no_show, booked.reference, "staff:1")
    assert await desk.owed("rate_meeting") == []
    for _ in range(2):
        desk.now += timedelta(minutes=1)
        await desk.do(bookings.mark_attended, booked.reference, "staff:1")
    assert len(await desk.owed("rate_meeting", booked)) == 1  # they came after all


async def test_one_who_did_not_come_takes_nobody_elses_question_away(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    person = await desk.resident()
    missed = await desk.book(slots[0])
    while (came := await desk.book(slots[1], person)).id // 10 != missed.id:  # 10, which begins like 1
        await desk.do(bookings.cancel, came.reference, person, "")
    desk.now = slots[1].ends_at
    await desk.do(bookings.mark_attended, came.reference, "staff:1")
    await desk.do(bookings.mark_no_show, missed.reference, "staff:1")
    assert len(await desk.owed("rate_meeting", came)) == 1


async def test_each_tap_of_a_rating_counts_at_once(on_the_day: tuple[DeskUnderTest, Booking, Slot]) -> None:
    desk, booked, _ = on_the_day
    person = (await desk.rows("SELECT * FROM residents WHERE id = :id", id=booked.resident_id))[0]
    resident = Resident.of(person)
    assert isinstance(await desk.do(bookings.rate_meeting, booked.reference, resident, 4), NotRateable)
    await desk.do(bookings.mark_attended, booked.reference, "staff:1")
    assert isinstance(await desk.do(bookings.comment_meeting, booked.reference, resident, "Kind"), NotRateable)
    first = await desk.do(bookings.rate_meeting, booked.reference, resident, 4)
    second = await desk.do(bookings.rate_meeting, booked.reference, resident, 5)
    assert isinstance(first, Rated)
    assert isinstance(second, Rated)
    assert (first.changed, second.changed) == (False, True)
    await desk.do(bookings.comment_meeting, booked.reference, resident, "Kind and clear")
    kept = await desk.rows("SELECT stars, comment FROM ratings")
    assert [(row["stars"], row["comment"]) for row in kept] == [(5, "Kind and clear")]


async def test_the_office_that_a_seat_is_at_is_the_bookings(desk: DeskUnderTest) -> None:
    _, slots = await desk.first_day()
    assert (await desk.book(slots[0])).office == CAPITAL
