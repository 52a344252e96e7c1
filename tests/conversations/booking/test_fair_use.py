"""Whoever books and cancels again and again is offered near times only, and told until when."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import Person
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
async def town(database: Database) -> ConfiguringTown:
    return await ConfiguringTown(database).planned()


async def cancels_often(town: ConfiguringTown, person: Person) -> None:
    for _ in range(3):
        await town.booked(person)
        await town.rows("UPDATE bookings SET status = 'cancelled_by_resident' WHERE status = 'confirmed' RETURNING id")


async def test_near_times_only_and_from_when_all_again(town: ConfiguringTown) -> None:
    fatima = town.resident()
    await cancels_often(town, fatima)
    await fatima.says("/book")
    await fatima.taps("Capital")
    await fatima.taps(town.day(1))
    await fatima.taps("09:15")
    said = fatima.sees("You have cancelled several appointments.")
    assert "From" in said.text
    near = [label for row in fatima.buttons for label in row if ":" in label]
    assert near
    await fatima.taps(near[0])
    fatima.sees("This time is yours for")


async def test_a_limited_resident_reads_it_in_arabic(town: ConfiguringTown) -> None:
    salma = town.resident("1002", "Salma Ali", "ar")
    await cancels_often(town, salma)
    await salma.says("/book")
    await salma.taps("أمانة العاصمة")
    await salma.taps(salma.buttons[1][0])
    await salma.taps("09:15")
    assert all(in_arabic(shown.text) for shown in salma.messages)


async def test_an_administrator_changes_the_limit(town: ConfiguringTown) -> None:
    boss = town.boss
    await boss.says("/offices")
    for label in ("Capital Municipality", "Repeated changes", "Cancellations from which booking is limited"):
        await boss.taps(label)
    await boss.says("10")
    await boss.taps("Confirm")
    fatima = town.resident()
    await cancels_often(town, fatima)
    await fatima.says("/book")
    await fatima.taps("Capital")
    await fatima.taps(town.day(1))
    await fatima.taps("09:15")
    assert not any("You have cancelled several" in shown.text for shown in fatima.messages)


# ---------------------------------------------------------------------------- one at a time


async def test_a_second_appointment_leads_to_the_first(town: ConfiguringTown) -> None:
    fatima = town.resident()
    await town.booked(fatima)
    (first,) = await town.rows("SELECT reference FROM bookings")
    await fatima.says("/book")
    await fatima.taps("Capital")
    await fatima.taps(town.day(1))
    await fatima.taps("09:15")
    assert str(first["reference"]) in fatima.sees("You already have an appointment at this office").text
    await fatima.taps("I have cancelled it")
    fatima.sees("That appointment is still open.")
    await fatima.taps("View appointment")
    await fatima.taps("Cancel")
    await fatima.taps("Cancel without a reason")
    fatima.sees("Your appointment is cancelled.")


async def test_a_number_that_another_account_uses_names_nobody(town: ConfiguringTown) -> None:
    fatima, salma = town.resident(), town.resident("1002", "Salma Ali", "ar")
    await town.booked(fatima)
    (first,) = await town.rows("SELECT reference, phone FROM bookings")
    await salma.says("/book")
    await salma.taps("أمانة العاصمة")
    await salma.taps(salma.buttons[1][0])
    await salma.taps("09:15")
    await salma.taps("استكمال")
    await salma.says(str(first["phone"]))
    await salma.taps("تأكيد")
    assert all(in_arabic(shown.text) for shown in salma.messages)
    assert not any(str(first["reference"]) in shown.text for shown in salma.messages)
    await salma.taps("إدخال رقم آخر")
    await salma.says("33999888")
    await salma.taps("تأكيد")
    booked = await town.rows("SELECT phone FROM bookings WHERE status = 'confirmed' ORDER BY id")
    assert [row["phone"] for row in booked] == [first["phone"], "+97333999888"]


async def test_who_moves_again_and_again_is_told_until_when(town: ConfiguringTown) -> None:
    fatima = town.resident()
    await town.booked(fatima)
    for time in ("09:15", "09:30", "09:15", "09:30"):
        await fatima.says("/appointments")
        await fatima.taps(town.day())
        await fatima.taps("Reschedule")
        await fatima.taps(town.day())
        await fatima.taps(time)
        await fatima.taps("Confirm")
    await fatima.says("/appointments")
    await fatima.taps(town.day())
    await fatima.taps("Reschedule")
    fatima.sees("You have moved appointments several times.")
    await fatima.taps(town.day(1))
    await fatima.taps("09:15")
    await fatima.taps("Confirm")
    fatima.sees("That time is too far ahead.")
