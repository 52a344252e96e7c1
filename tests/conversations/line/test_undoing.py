"""A wrong tap on the panel is taken back; whoever was told something wrong is told so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from locales import without_marks
from services.bookings import bookings
from services.promises import outcomes
from services.promises.outcomes import Outcome, OutcomeKind, Recorded
from services.staff.permissions import Person as Member
from services.visits.states import UNDO_FOR
from storage.database import Database
from storage.records.bookings import BookingStatus
from storage.visits import VisitStatus
from tests.conversations.line_town import LineTown
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import Person

S = VisitStatus


@pytest.fixture
async def town(database: Database) -> LineTown:
    return await LineTown(database).opens_the_day()


def _place(person: Person) -> str:
    """What their living message says."""
    return without_marks([one for one in person.messages if "🎫" in one.text][-1].text)


def _told(person: Person, words: str) -> int:
    return sum(words in without_marks(one.text) for one in person.messages)


async def test_a_call_by_mistake_is_taken_back_and_the_phone_rings_once_for_that(town: LineTown) -> None:
    (resident, booking), _ = await town.booked(2)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 1")
    await town.look()
    assert "Please come in now." in _place(resident)
    undo = town.panel().find("Undo: 1 called")
    assert undo is not None
    await asyncio.gather(*(who.taps_data(undo.data, town.panel().number) for who in (town.huda, town.maryam)))
    toasts = {town.huda.toast, town.maryam.toast}
    assert toasts == {
        "Undone: number 1 is waiting",
        "This can no longer be undone: something has changed since.",
    }
    await town.look()
    assert (await town.visit(booking.id)).status is S.WAITING
    assert _told(resident, "please do not come in yet") == 1
    assert "You are next." in _place(resident)
    assert "showed something wrong before" in _place(resident)
    assert town.panel().find("Undo") is None
    await town.tap(town.huda, "Call next: 1")
    await town.look()
    assert _told(resident, "please come in now") == 2
    assert "showed something wrong" not in _place(resident)


async def test_who_has_not_been_told_of_the_call_hears_nothing_of_its_correction(town: LineTown) -> None:
    ((resident, booking),) = await town.booked(1)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    before = len(resident.messages)
    await town.rows("UPDATE outbox SET status = 'dropped' WHERE key LIKE 'line_called:%' RETURNING id")
    await town.tap(town.huda, "Call next: 1")
    await town.rows("UPDATE outbox SET status = 'dropped' WHERE key LIKE 'line_called:%' RETURNING id")
    await town.tap(town.huda, "Undo: 1 called")
    await town.look()
    assert _told(resident, "please do not come in yet") == 0
    assert "You are next." in _place(resident)
    assert len(resident.messages) >= before


async def test_the_end_of_a_meeting_is_taken_back_and_the_resident_sees_that(town: LineTown) -> None:
    ((resident, booking),) = await town.booked(1)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    for label in ("Call next: 1", "1 In", "1 Done"):
        town.now += timedelta(seconds=30)
        await town.tap(town.huda, label)
        await town.look()
    assert "Your meeting is over." in _place(resident)
    await town.tap(town.maryam, "Undo: 1 Done")
    assert town.maryam.toast == "Undone: number 1 is inside"
    await town.look()
    assert "Your meeting has started." in _place(resident)
    assert "showed something wrong before" in _place(resident)
    now = await town.work(lambda work: bookings.by_id(work, booking.id))
    assert now is not None
    assert now.status is BookingStatus.CHECKED_IN
    await town.tap(town.huda, "1 Done")
    await town.look()
    assert "showed something wrong" not in _place(resident)


async def test_the_step_before_is_taken_back_after_the_last_one_within_its_own_minutes(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    for label in ("Call next: 1", "1 In", "1 Done"):
        await town.tap(town.huda, label)
        await town.look()
        town.now += timedelta(minutes=2)
    await town.tap(town.huda, "Undo: 1 Done")
    await town.look()
    assert (await town.visit(booking.id)).status is S.INSIDE
    await town.tap(town.maryam, "Undo: 1 In")
    await town.look()
    assert (await town.visit(booking.id)).status is S.CALLED
    assert town.panel().find("Undo") is None  # they were called six minutes ago
    await town.tap(town.huda, "1 In")
    assert (await town.visit(booking.id)).status is S.INSIDE


async def test_an_outcome_is_withdrawn_only_when_that_is_agreed_and_the_resident_is_told(town: LineTown) -> None:
    ((resident, booking),) = await town.booked(1)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 1")
    await town.tap(town.huda, "1 In")
    member = Member("telegram", str(town.huda.address), "Huda")
    made = await town.work(
        lambda work: outcomes.record(work, member, booking.id, Outcome(OutcomeKind.SOLVED, "The bin was emptied"))
    )
    assert isinstance(made, Recorded)
    await town.look()
    assert _told(resident, "Outcome of your meeting") == 1
    await town.tap(town.huda, "Undo: 1 Done")
    asked = town.huda.sees("Number 1 has an outcome")
    assert "Solved" in asked.text
    assert (await town.visit(booking.id)).status is S.DONE
    withdraw = asked.find("Undo and withdraw the outcome")
    assert withdraw is not None
    await town.huda.taps_data(withdraw.data, asked.number)
    await town.look()
    assert (await town.visit(booking.id)).status is S.INSIDE
    assert _told(resident, "It was recorded by mistake.") == 1
    assert "Undone: number 1 is inside" in next(one.text for one in town.huda.messages if one.number == asked.number)


async def test_the_button_is_gone_after_a_few_minutes(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 1")
    undo = town.panel().find("Undo: 1 called")
    assert undo is not None
    town.now += UNDO_FOR
    await town.look()
    assert town.panel().find("Undo") is None
    await town.huda.taps_data(undo.data, town.panel().number)
    assert town.huda.toast == "This can no longer be undone: too much time has passed."
    assert (await town.visit(booking.id)).status is S.CALLED


async def test_it_is_said_in_arabic_to_who_reads_arabic(town: LineTown) -> None:
    ((resident, booking),) = await town.booked(1, "ar")
    await town.is_at(-5)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 1")
    await town.look()
    await town.tap(town.huda, "Undo: 1 called")
    await town.look()
    said = [one.text for one in resident.messages if "يُرجى عدم الدخول بعد" in one.text]
    assert len(said) == 1
    assert in_arabic(said[0])
