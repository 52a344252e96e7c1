"""An appointment about something the resident has an open request for: answered before the day, the seat released."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.actors import staff_actor
from services.bookings import availability, bookings, linked_cases, releases, schedule, sessions
from services.bookings.bookings import Details
from services.cases.resident_actions import Case
from services.unit_of_work import Work
from storage import personal
from storage.database import Database, Dialect, Value
from storage.records.bookings import Booking, BookingStatus
from tests.conversations.appointments.test_card import card_of
from tests.conversations.staff_town import CAPITAL, DeskTown
from tests.conversations.town import Person
from tests.known import by_address


@pytest.fixture(params=list(Dialect))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Both databases: the links between requests and appointments are tried nowhere else."""
    return Dialect(request.param)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


async def _books(town: DeskTown, person: Person, words: str, topic: str = "bins") -> Booking:
    await town.work(schedule.plan_sessions)

    async def book(work: Work) -> Booking:
        resident = await by_address(work.tx, "telegram", person.address)
        assert resident is not None
        (_, slot), *_ = await sessions.nearest_free(work, CAPITAL)
        held = await bookings.reserve_seat(work, slot.id, resident, "")
        assert isinstance(held, Booking)
        details = Details(topic=topic, words=words, name=person.name, phone="+97333123456")
        booked = await bookings.confirm_seat(work, held.id, resident, details)
        assert isinstance(booked, Booking)
        return booked

    return await town.work(book)


async def _about(town: DeskTown, booking: Booking) -> Case | None:
    return await town.work(lambda work: linked_cases.case_of(work, booking))


async def _now(town: DeskTown, booking: Booking) -> BookingStatus:
    found = await town.work(lambda work: bookings.by_id(work, booking.id))
    assert found is not None
    return found.status


async def _answered(town: DeskTown, case: Case) -> None:
    await town.huda.replies(await town.card(case), "The lorry comes every day from tomorrow")
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")


@pytest.mark.parametrize(
    ("words", "topic", "linked"),
    [
        ("The bins in our road overflow every night", "cleaning", True),  # the same words, whatever the topic
        ("A permit for my new wall", "permits", False),
        ("About {reference}", "permits", True),  # named
    ],
)
async def test_an_appointment_is_linked_to_the_open_request_it_is_about(
    town: DeskTown, words: str, topic: str, linked: bool
) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    booking = await _books(town, fatima, words.format(reference=case.reference), topic)
    found = await _about(town, booking)
    assert (found.id if found else None) == (case.id if linked else None)


async def test_anothers_request_is_never_linked(town: DeskTown) -> None:
    fatima, ali = await town.living(), await town.living("1002", "Ali Hasan")
    case = await town.case_of(fatima, "The bins in our road overflow")
    assert await _about(town, await _books(town, ali, f"The bins in our road overflow {case.reference}")) is None


async def test_a_request_that_has_ended_is_not_linked(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    await fatima.taps_data(f"do:withdraw:{case.reference}:0")
    await fatima.taps("Withdraw it")
    assert await _about(town, await _books(town, fatima, "The bins in our road overflow")) is None


async def _may_release(town: DeskTown) -> tuple[Person, Case, Booking]:
    """Somebody whose request was answered before their appointment about it."""
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    booking = await _books(town, fatima, "The bins in our road overflow")
    await _answered(town, case)
    return fatima, case, booking


async def _minutes_pass(town: DeskTown, minutes: int = 6) -> None:
    await town.wait(timedelta(minutes=minutes))
    await town.work(lambda work: releases.run_due(work, 50))


async def test_an_answer_before_the_day_offers_to_release_the_seat_in_one_tap(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    assert "You have an appointment about this" in fatima.last.text
    await fatima.taps("Release my appointment")
    assert "You have released your appointment" in fatima.last.text
    await _minutes_pass(town)
    assert "released and cancelled" in fatima.last.text
    assert not fatima.last.find("Undo")
    assert await _now(town, booking) is BookingStatus.CANCELLED_BY_RESIDENT
    assert await _reason(town, booking) == "answered"


async def test_the_message_that_offered_the_release_has_the_buttons_that_hold_now(town: DeskTown) -> None:
    fatima, _, _ = await _may_release(town)
    await fatima.taps("Release my appointment")
    offered = fatima.sees("You have an appointment about this")
    assert [label for row in offered.buttons for label in row] == ["View request", "View appointment"]


async def test_a_release_is_undone_while_the_seat_is_kept(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")
    await _minutes_pass(town, minutes=4)
    await fatima.taps("Undo")
    assert "You keep your appointment" in fatima.last.text
    await _minutes_pass(town, minutes=60)
    assert await _now(town, booking) is BookingStatus.CONFIRMED


async def test_the_staff_see_on_the_card_that_a_seat_was_released_and_can_be_kept_after_all(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await town.deliver()
    await fatima.taps("Release my appointment")
    await town.deliver()
    card = await card_of(town, booking)
    assert "تم التنازل عن الموعد من جانب المراجع" in card.text
    await fatima.taps("Undo")
    await town.deliver()
    assert "تم التنازل" not in (await card_of(town, booking)).text


async def test_nobody_is_offered_a_seat_that_can_still_be_taken_back(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")

    async def free(work: Work) -> int:
        board = await availability.look(work, booking.session_id)
        assert board is not None
        slot = board.slot(booking.slot_id)
        assert slot is not None
        return board.free(slot, work.now)

    before = await town.work(free)
    await _minutes_pass(town)
    assert await town.work(free) == before + 1


async def test_an_undo_that_comes_too_late_says_so(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")
    await _minutes_pass(town)
    await fatima.taps_data(f"do:unrelease:{booking.reference}:0")
    assert fatima.sees("the time to undo that is over")
    assert await _now(town, booking) is BookingStatus.CANCELLED_BY_RESIDENT


async def test_releasing_twice_releases_once_and_keeps_the_seat_no_longer(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")
    first = fatima.last.text
    await town.wait(timedelta(minutes=3))
    await fatima.taps_data(f"do:release:{booking.reference}:0")
    assert fatima.last.text == first
    await _minutes_pass(town, minutes=3)
    assert await _now(town, booking) is BookingStatus.CANCELLED_BY_RESIDENT
    await fatima.taps_data(f"do:release:{booking.reference}:0")
    assert fatima.sees("the time to undo that is over")


async def test_what_was_moved_after_its_release_stays(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")

    async def move(work: Work) -> None:
        free = await sessions.nearest_free(work, CAPITAL, limit=3)
        moved = await bookings.move_by_municipality(work, booking.id, free[-1][1].id, staff_actor("9001"))
        assert isinstance(moved, Booking)

    await town.work(move)
    await _minutes_pass(town)
    assert await _now(town, booking) is BookingStatus.CONFIRMED


async def test_an_appointment_shows_that_its_release_can_be_undone(town: DeskTown) -> None:
    fatima, _, booking = await _may_release(town)
    await fatima.taps("Release my appointment")
    await fatima.taps_data(f"do:appointment:{booking.reference}:0")
    assert "You have released your appointment" in fatima.last.text
    await fatima.taps("Undo")
    await fatima.taps_data(f"do:appointment:{booking.reference}:0")
    assert "You have released your appointment" not in fatima.last.text


async def test_a_stranger_releases_nothing(town: DeskTown) -> None:
    fatima, eve = await town.living(), await town.living("1002", "Eve")
    booking = await _books(town, fatima, "The bins in our road overflow")
    for route in ("release", "unrelease", "unlink"):
        await eve.taps_data(f"do:{route}:{booking.reference}:0")
        assert "Appointment not found" in eve.last.text
    assert await _now(town, booking) is BookingStatus.CONFIRMED


async def test_after_not_about_this_an_answer_no_longer_speaks_of_the_appointment(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    booking = await _books(town, fatima, "The bins in our road overflow")
    await fatima.taps_data(f"do:unlink:{booking.reference}:0")
    assert "as a new subject" in fatima.last.text
    await _answered(town, case)
    assert "You have an appointment" not in fatima.last.text
    assert await _about(town, booking) is None


async def _reason(town: DeskTown, booking: Booking) -> Value:
    found = await town.work(lambda work: bookings.by_id(work, booking.id))
    assert found is not None
    return found.reason


async def test_a_request_without_a_name_is_never_linked_to_an_appointment_that_has_one(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    async with town.database.transaction() as tx:
        tx.later("UPDATE cases SET anonymous = TRUE WHERE id = :id", id=case.id)
    assert await _about(town, await _books(town, fatima, "The bins in our road overflow")) is None


async def test_a_case_that_has_become_nobodys_leads_to_no_appointment(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima, "The bins in our road overflow")
    booking = await _books(town, fatima, "The bins in our road overflow")
    async with town.database.transaction() as tx:
        nobody = await personal.add_pseudonym(tx, "telegram", "nobody", town.now)
        personal.unlink_case(tx, case, nobody)
    assert await _about(town, booking) is None
