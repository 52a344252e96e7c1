"""Whoever was promised something that was not done books ahead of others, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.bookings import bookings, priority, sessions
from services.bookings.bookings import Booking, SlotClosed
from services.promises import promises
from storage.database import Database
from storage.records.residents import Resident
from tests.services.booking_builders import details, offices, open_desk, rule
from tests.services.promises.conftest import DUE, Meetings, hire


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Meetings:
    """Half of the seats are released only a day before."""
    opened = await open_desk(database, offices(tmp_path, rule(released_late="0.5", weeks_ahead="4")))
    return await hire(Meetings(database, opened.offices))


async def _disappointed(desk: Meetings) -> Resident:
    booking, person = await desk.met()
    kept = await desk.promised(booking)
    desk.now = desk.at(DUE, "09:00")
    await desk.look()
    await desk.do(promises.answer, kept.id, person, kept=False)
    await desk.tick()  # plans further days
    return person


async def test_they_see_and_take_a_seat_that_is_not_released_yet(desk: Meetings) -> None:
    person = await _disappointed(desk)
    session = (await desk.days())[-1]
    usual = {one.slot.id for one in await desk.do(sessions.free_slots, session.id)}
    seen = {one.slot.id for one in await desk.do(sessions.free_slots, session.id, early=True)}
    late = min(seen - usual)
    other = await desk.resident()
    assert isinstance(await desk.do(bookings.reserve_seat, late, other), SlotClosed)
    held = await desk.do(bookings.reserve_seat, late, person)
    assert isinstance(held, Booking)
    assert isinstance(await desk.do(bookings.confirm_seat, held.id, person, details(person)), Booking)
    assert not await desk.do(priority.has, person)  # once


async def test_a_seat_that_everybody_may_have_uses_nothing_up(desk: Meetings) -> None:
    person = await _disappointed(desk)
    session = (await desk.days())[-1]
    free = await desk.do(sessions.free_slots, session.id)
    await desk.book(free[0].slot, person)
    assert await desk.do(priority.has, person)


async def test_a_day_with_nothing_but_unreleased_seats_is_open_to_them(desk: Meetings) -> None:
    await _disappointed(desk)
    session = (await desk.days())[-1]
    await desk.fill(session)
    states = {one.session.id: one.state for one in await desk.do(sessions.upcoming, session.office, 50)}
    early = {one.session.id: one.state for one in await desk.do(sessions.upcoming, session.office, 50, early=True)}
    assert (states[session.id], early[session.id]) == ("full", "free")
