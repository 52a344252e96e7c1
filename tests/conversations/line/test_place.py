"""What those who wait see on their own phones: one message that is edited, and few that ring."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from locales import without_marks
from services.bookings.bookings import Booking
from services.staff.permissions import TELEGRAM
from services.staff.permissions import Person as StaffPerson
from services.visits import line, visits
from services.visits.states import Step
from storage.database import Database
from storage.records.bookings import BookingStatus
from storage.visits import Visit, VisitStatus
from tests.conversations.line_town import DOOR, LineTown
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import Person

S = VisitStatus


@pytest.fixture
async def town(database: Database) -> LineTown:
    return await LineTown(database).opens_the_day()


def _place(person: Person) -> str:
    """What their living message says."""
    return without_marks([one for one in person.messages if "🎫" in one.text][-1].text)


def _rings(person: Person) -> list[str]:
    return [without_marks(one.text) for one in person.messages if one.text.lstrip("\u200f")[:1] in {"🔔", "📣"}]


async def _step(town: LineTown, booking: Booking, *steps: Step) -> None:
    for step in steps:
        after = await town.work(partial(visits.change, booking=booking.id, step=step, actor=DOOR))
        assert isinstance(after, Visit), after
        await town.look()


async def _all_come(town: LineTown, count: int, minutes: float = -10) -> list[tuple[Person, Booking]]:
    people = await town.booked(count)
    await town.is_at(minutes)
    for _, booking in people:
        await town.comes(booking)
    return people


async def test_who_comes_sees_number_position_and_expected_time(town: LineTown) -> None:
    people = await _all_come(town, 3)
    last = people[-1][0]
    assert "Your number: 3" in _place(last)
    assert "Your position: 3" in _place(last)
    assert "Expected time: 09:" in _place(last)
    assert "You are next." in _place(people[0][0])


async def test_it_is_one_message_and_the_phone_rings_at_five_at_two_and_when_called(town: LineTown) -> None:
    people = await _all_come(town, 7)
    last = people[-1][0]
    for _, booking in people:
        town.now += timedelta(minutes=5)
        await _step(town, booking, Step.CALL, Step.ENTER)
        town.now += timedelta(minutes=9)
        await _step(town, booking, Step.FINISH)
    assert sum("🎫" in one.text for one in last.messages) == 1
    rings = _rings(last)
    assert ["position is 5" in one for one in rings] == [True, False, False]
    assert "position is 2" in rings[1]
    assert "Number 7: please come in now." in rings[2]
    assert "Your meeting is over." in _place(last)


async def test_a_phone_rings_once_for_a_position_whatever_happens(town: LineTown) -> None:
    people = await _all_come(town, 4)
    third = people[2][0]
    await _step(town, people[0][1], Step.CALL)
    await _step(town, people[0][1], Step.UNDO)
    town.now += timedelta(minutes=1)
    await town.look()
    await _step(town, people[0][1], Step.CALL, Step.ENTER)
    assert sum("position is 2" in one for one in _rings(third)) == 1


async def test_a_worse_position_says_why(town: LineTown) -> None:
    people = await town.booked(3)
    await town.is_at(-5)
    early = people[2]
    await town.comes(early[1])
    await town.is_at(26)  # the first two, of 09:00 and 09:15, did not come in time
    assert "You are next." in _place(early[0])
    await town.comes(people[0][1])
    await town.is_at(27)
    assert "Your position: 2" in _place(early[0])
    assert "someone with an earlier appointment came late" in _place(early[0])
    await town.is_at(28)
    assert "someone with an earlier appointment came late" in _place(early[0])


async def test_small_changes_wait_and_a_call_does_not(town: LineTown) -> None:
    people = await _all_come(town, 4)
    last = people[-1][0]
    town.now += timedelta(seconds=5)
    await _step(town, people[0][1], Step.CALL, Step.ENTER)
    assert "Your position: 4" in _place(last)
    town.now += timedelta(seconds=25)
    await town.look()
    assert "Your position: 3" in _place(last)
    await _step(town, people[1][1], Step.CALL)
    assert "Please come in now." in _place(people[1][0])


async def test_ten_more_minutes_let_others_go_first_and_keep_a_place(town: LineTown) -> None:
    people = await _all_come(town, 3)
    first, booking = people[0]
    await first.taps("Let others go first for 10 minutes")
    told = without_marks(first.last.text)
    assert "We will not call you before 09:00" in told
    assert "You stay in the queue with number 1." in told
    assert "You can do this 1 more time." in told
    town.now += timedelta(seconds=30)
    await town.look()
    assert "Your position: 2" in _place(first)
    assert "You let others go first." in _place(first)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 2")
    assert (await town.visit(booking.id)).status is S.WAITING


async def test_more_time_is_given_twice(town: LineTown) -> None:
    (first, booking), *_ = await _all_come(town, 4)
    for _ in range(3):
        await first.taps_data(f"do:line_more:{booking.reference}:0")
        await town.look()
    assert "You keep your place" in first.toast
    assert (await town.rows("SELECT more FROM line_places WHERE more > 0")) == [{"more": 2}]


async def test_who_cannot_stay_frees_the_place_and_may_come_back(town: LineTown) -> None:
    (first, booking), (second, _) = await _all_come(town, 2)
    await first.taps("I have to leave")
    assert (await town.visit(booking.id)).status is S.WAITING
    await first.taps("Yes, I have to leave")
    await town.look()
    assert (await town.visit(booking.id)).status is S.LEFT
    town.now += timedelta(seconds=30)
    await town.look()
    assert "You are next." in _place(second)
    await first.taps("I am back")
    assert (await town.visit(booking.id)).status is S.WAITING


async def test_the_team_hears_who_had_to_leave(town: LineTown) -> None:
    (first, booking), _ = await _all_come(town, 2)
    await first.taps("I have to leave")
    await first.taps("Yes, I have to leave")
    assert "The visitor had to leave" in town.huda.last.text
    assert booking.reference in town.huda.last.text


async def test_who_was_asked_at_home_and_has_come_since_is_asked_about_their_place(town: LineTown) -> None:
    ((person, booking),) = await town.booked(1)
    await town.is_at(-10)
    await person.taps_data(f"do:line_leave:{booking.reference}:0")
    await town.comes(booking)
    await person.taps("Yes, I cannot come")
    assert "Leave the queue?" in person.last.text
    assert (await town.visit(booking.id)).status is S.WAITING
    await person.taps("No, keep my place")
    assert "You keep your place." in person.last.text


async def test_nobody_is_asked_to_leave_once_they_are_inside(town: LineTown) -> None:
    ((person, booking),) = await _all_come(town, 1)
    await _step(town, booking, Step.CALL, Step.ENTER)
    await person.taps_data(f"do:line_leave:{booking.reference}:0")
    assert "no longer possible" in person.sees("no longer possible").text


async def test_who_cannot_come_and_is_not_here_gives_up_the_appointment(town: LineTown) -> None:
    ((person, booking),) = await town.booked(1)
    await town.is_at(5)
    await person.taps_data(f"do:line_leave:{booking.reference}:0")
    await person.taps("Yes, I cannot come")
    assert "We have cancelled the appointment." in person.last.text
    (row,) = await town.rows("SELECT status FROM bookings WHERE id = :id", id=booking.id)
    assert row["status"] == BookingStatus.CANCELLED_BY_RESIDENT


async def test_who_was_not_there_when_called_says_that_they_are(town: LineTown) -> None:
    (first, booking), _ = await _all_come(town, 2)
    await _step(town, booking, Step.CALL, Step.NOT_HERE)
    assert "We called your number and you were not there." in _place(first)
    await first.taps("I am here")
    await town.look()
    assert (await town.visit(booking.id)).status is S.WAITING


async def test_another_person_moves_nobody(town: LineTown) -> None:
    (_, booking), (other, _) = await _all_come(town, 2)
    before = await town.visit(booking.id)
    for route in ("line_more", "line_leave", "line_left", "line_stay", "line_here"):
        await other.taps_data(f"do:{route}:{booking.reference}:0")
        await other.taps_data(f"do:{route}:B-1:0")
    assert await town.visit(booking.id) == before


async def test_a_delay_is_told_to_those_at_home_once_and_their_place_is_kept(town: LineTown) -> None:
    people = await town.booked(4)
    await town.is_at(-30)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Delay")
    await town.huda.taps("25 minutes")
    await town.look()
    first, booking = people[0]
    assert "Sorry, we are running late." in first.last.text
    assert "Please be here at 09:25" in without_marks(first.last.text)
    told = len(first.messages)
    for minutes in (-20, -10, 0, 5):
        await town.is_at(minutes)
    assert len(first.messages) == told
    await town.is_at(26)
    assert (await town.comes(booking)).due_at == booking.starts_at


async def test_those_at_home_hear_when_it_goes_on_earlier(town: LineTown) -> None:
    people = await town.booked(1)
    await town.is_at(-30)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Delay")
    await town.huda.taps("1 hour")
    await town.look()
    await town.is_at(0)
    await town.tap(town.huda, "Back on")
    await town.look()
    assert "The queue is moving faster again." in people[0][0].last.text
    assert "Please be here at 09:20" in without_marks(people[0][0].last.text)


async def test_who_never_came_is_a_no_show_after_the_end_and_who_left_is_not(town: LineTown) -> None:
    people = await town.booked(3)
    await town.is_at(0)
    for _, booking in people[:2]:
        await town.comes(booking)
    await _step(town, people[0][1], Step.CALL, Step.ENTER, Step.FINISH)
    await _step(town, people[1][1], Step.LEAVE)
    await town.is_at(180)
    rows = await town.rows("SELECT status FROM bookings ORDER BY id")
    assert rows[2]["status"] == BookingStatus.CONFIRMED
    await town.is_at(211)
    rows = await town.rows("SELECT status FROM bookings ORDER BY id")
    assert [row["status"] for row in rows] == [
        BookingStatus.ATTENDED,
        BookingStatus.CHECKED_IN,
        BookingStatus.NO_SHOW,
    ]
    await town.is_at(212)
    assert not await town.rows("SELECT 1 FROM lines WHERE look_at IS NOT NULL")


async def test_where_nobody_worked_at_the_door_nobody_is_a_no_show(town: LineTown) -> None:
    await town.booked(2)
    await town.is_at(-5)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Delay")
    await town.huda.taps("10 minutes")
    await town.is_at(300)
    assert not await town.rows("SELECT 1 FROM bookings WHERE status = 'no_show'")


async def test_it_is_said_in_arabic_to_who_reads_arabic(town: LineTown) -> None:
    ((person, booking),) = await town.booked(1, "ar")
    await town.is_at(0)
    await town.comes(booking)
    assert in_arabic(_place(person))
    await _step(town, booking, Step.CALL)
    assert in_arabic(_rings(person)[0])


# ---------------------------------------------------------------------------- by phone


async def _by_phone(town: LineTown, booking: Booking) -> None:
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET answers = :said WHERE id = :id", said='{"meeting": "phone"}', id=booking.id)


@pytest.mark.parametrize(("language", "says"), [("en", "We will call you: 09:"), ("ar", "سنتصل بكم: ")])
async def test_who_is_called_by_phone_gets_times_and_no_number(town: LineTown, language: str, says: str) -> None:
    (caller, by_phone), (_, here) = await town.booked(2, language)
    await _by_phone(town, by_phone)
    await town.is_at(-30)
    await town.huda.says("/hall")
    await town.comes(here)
    told = [without_marks(one.text) for one in caller.messages if "📞" in one.text]
    assert [says in one for one in told] == [True]
    assert f"To call: 09:00 {by_phone.reference}" in town.says()

    await town.is_at(0)
    begun = await town.work(
        lambda work: visits.begin_call(work, StaffPerson(TELEGRAM, town.huda.address), by_phone.reference)
    )
    assert isinstance(begun, Visit)
    await town.look()
    hall = await town.work(lambda work: line.positions(work, by_phone.office, by_phone.day))
    assert hall.calls == ()
    assert [one.remote for lane in hall.lanes for one in lane.inside] == [True]
    assert not any("🎫" in one.text or "📣" in one.text for one in caller.messages)
    assert "📞" in town.says()


async def test_whom_nobody_called_is_no_no_show(town: LineTown) -> None:
    (_, by_phone), (_, here) = await town.booked(2)
    await _by_phone(town, by_phone)
    await town.is_at(-10)
    await town.comes(here)
    await _step(town, here, Step.CALL, Step.ENTER, Step.FINISH)
    await town.is_at(211)
    await town.is_at(212)
    rows = await town.rows("SELECT status FROM bookings ORDER BY id")
    assert [row["status"] for row in rows] == [BookingStatus.CONFIRMED, BookingStatus.ATTENDED]
    assert not await town.rows("SELECT 1 FROM lines WHERE look_at IS NOT NULL")
