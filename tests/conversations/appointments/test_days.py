"""The appointments of a day, a week, and those found by a reference, a number or a day."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.database import Database
from storage.records.bookings import Booking
from tests.conversations.appointments.test_card import PHONE, books, card_of
from tests.conversations.staff_town import DeskTown
from tests.known import known

BAHRAIN = ZoneInfo("Asia/Bahrain")


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def booked(town: DeskTown) -> Booking:
    return await books(town, await town.living())


async def test_a_day_lists_its_appointments_and_each_opens_by_a_button(town: DeskTown, booked: Booking) -> None:
    await town.maryam.says(f"/session {booked.day:%d/%m}")
    assert booked.reference in town.maryam.last.text
    assert "Fatima" not in town.maryam.last.text
    await town.maryam.taps_data(f"desk:bk_open:{booked.id}:0:", town.maryam.last.number)
    await town.deliver()
    assert (await card_of(town, booked)).number == town.maryam.last.number  # the living one, below


async def test_what_is_no_day_is_answered_with_an_example(town: DeskTown) -> None:
    await town.huda.says("/session someday")
    assert "This is not a day" in town.huda.last.text
    tomorrow = (town.now + timedelta(days=1)).astimezone(BAHRAIN)
    assert f"/session {tomorrow:%d/%m}" in town.huda.last.text


async def test_a_week_says_how_many_come_on_each_day(town: DeskTown, booked: Booking) -> None:
    await town.wait(max(known(booked.starts_at) - timedelta(days=5) - town.now, timedelta()))
    await town.huda.says("/week")
    assert "1 appointment" in town.huda.last.text
    await town.huda.taps_data(f"desk:bk_day:0:0:{booked.day}", town.huda.last.number)
    assert booked.reference in town.huda.last.text


@pytest.mark.parametrize("argument", ["", "2026-13-01", "x" * 24])
async def test_a_made_up_day_of_a_button_is_refused(town: DeskTown, argument: str) -> None:
    await town.huda.taps_data(f"desk:bk_day:0:0:{argument}", town.huda.wrote)
    assert "permission" in town.huda.toast


async def test_an_appointment_is_found_by_its_reference_its_number_and_its_day(town: DeskTown, booked: Booking) -> None:
    await town.huda.says(f"/case {booked.reference.lower()}")
    assert (await card_of(town, booked)).number == town.huda.last.number
    for words in (booked.reference, PHONE, f"{booked.day:%d/%m}"):
        await town.huda.says(f"/find {words}")
        assert town.huda.last.find(booked.reference) is not None


async def test_an_appointment_of_another_office_is_not_found(town: DeskTown, booked: Booking) -> None:
    await town.stranger.says(f"/case {booked.reference}")
    assert booked.reference not in town.stranger.last.text
