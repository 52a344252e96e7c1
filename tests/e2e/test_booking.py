"""Booking an appointment, from the poster's link to the chair, with the real process, in both languages."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from PIL import Image, ImageChops, ImageStat

from bot.sandbox import STAFF_AR, Account, BotMessage
from locales import Language
from services.bookings.qr import qr_png
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident
from tests.few_seats import few_seats
from tests.instants import SUNDAY

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("language", BOTH)]


async def test_a_first_timer_books_in_four_taps_moves_and_cancels(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language)

    reference = await resident.books()

    assert (resident.tapped, resident.typed) == (4, 2)  # the words and the number are typed
    confirmed = resident.person.last
    assert reference in confirmed.text
    assert shows_code(confirmed, f"https://t.me/customer_day_bot?start=checkin_{reference}")
    event = event_of(
        await resident.fetches("Add to calendar", "Open this file to add the appointment to your calendar.")
    )
    assert str(event["UID"]).startswith(reference)
    assert event["STATUS"] == "CONFIRMED"
    assert event.end - event.start == timedelta(minutes=15)
    pin = await resident.fetches("📍 Map")
    assert pin.location is not None
    assert pin.location.title

    await resident.taps("Reschedule")
    await resident.sees("Which day suits you instead?")
    await resident.person.taps(resident.person.last.buttons[1][0])
    await resident.sees("Which time suits you?")
    await resident.taps_first()
    await resident.sees("<b>Move your appointment?</b>")
    await resident.taps("Confirm")
    moved = await resident.sees("Your appointment has been")
    await town.all_sent()
    assert reference in moved.text
    later = event_of(
        await resident.fetches("Add to calendar", "Open this file to add the appointment to your calendar.")
    )
    assert later.uid == event.uid
    assert later.sequence > event.sequence
    assert later.start > event.start

    await resident.taps("Cancel")
    await resident.sees("Cancel the appointment? You can give a")
    await resident.taps("The problem was solved")
    await resident.sees("Your appointment is cancelled.")
    await resident.taps("Remove from calendar")
    await resident.sees("Open this file to remove the appointment from")
    assert event_of(resident.person.last)["STATUS"] == "CANCELLED"
    kept = await town.rows("SELECT status, version FROM bookings WHERE reference = :ref", ref=reference)
    assert kept == [{"status": "cancelled_by_resident", "version": 3}]
    assert town.sandbox.violations == []


async def test_staff_get_a_card_without_name_or_number(town: Municipality, language: Language) -> None:
    resident, desk = Resident.of(town, language), town.staff(STAFF_AR)

    reference = await resident.books("The permit is late")

    card = desk.last.text
    assert reference in card
    assert "The permit is late" in card
    account = resident.person.account
    numbers = (f"3312{account.id:04}", f"3312 {account.id:04}", account.phone)
    for secret in (account.first_name, account.last_name, account.username, *numbers):
        assert secret not in card


@pytest.mark.starts_at(SUNDAY)
async def test_a_seat_given_back_is_offered_to_the_first_in_line(tmp_path: Path, language: Language) -> None:
    second, third = Account(1101, "Second", "Inline", "", language), Account(1102, "Third", "Inline", "", language)
    async with municipality(tmp_path, offices=few_seats(tmp_path, weeks=1), people=(second, third)) as town:
        first = Resident.of(town, language)
        await first.books()
        waiting = [Resident.of(town, language, one.id) for one in (second, third)]
        for one in waiting:
            await one.waits_in_line()

        await first.taps("Cancel")
        await first.sees("Cancel the appointment? You can give a")
        await first.taps("Cancel without a reason")
        await first.sees("Your appointment is cancelled.")

        offered, other = waiting
        await offered.sees("A time has become available for you.")
        await other.person.quiet()
        await offered.taps("Accept")
        await offered.sees("Your appointment is confirmed.")
        await town.all_sent()
        held = await town.rows("SELECT status FROM bookings ORDER BY id")
        assert [row["status"] for row in held] == ["cancelled_by_resident", "confirmed", "waiting"]
        assert town.sandbox.violations == []


def shows_code(message: BotMessage, link: str) -> bool:
    """Whether its picture is the code of `link`, as far as Telegram's JPEG leaves it."""
    assert message.photo is not None, f"no photo: {message}"
    shown, expected = (Image.open(io.BytesIO(content)).convert("L") for content in (message.photo, qr_png(link)))
    difference = ImageChops.difference(shown, expected.resize(shown.size))
    return ImageStat.Stat(difference).mean[0] < 8


def event_of(message: BotMessage) -> Event:
    """The one event of a calendar file, which must be one that calendars read."""
    assert message.document is not None, f"no file: {message}"
    assert message.document_name.endswith(".ics")
    (event,) = Calendar.from_ical(message.document).walk("VEVENT")
    assert isinstance(event, Event)
    return event
