"""What time does: reminders, offers that lapse, what was left open. The clock is moved, so the bot is a task here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import offices_of
from bot.sandbox import JOHN, Account
from locales import Language
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident
from tests.few_seats import few_seats
from tests.instants import SUNDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING, EVENING = 8, 21
SECOND, THIRD = (Account(one, name, "Inline", "", "en") for one, name in ((1101, "Second"), (1102, "Third")))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    offices = few_seats(tmp_path, weeks=2)
    async with municipality(tmp_path, in_process=True, offices=offices, people=(SECOND, THIRD)) as started:
        yield started


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("language", BOTH)
async def test_reminders_come_three_days_a_day_and_two_hours_before(town: Municipality, language: Language) -> None:
    resident = Resident.of(town, language)
    await town.task.advance(3 * DAY + HOUR)  # Wednesday is full by then: the next is six days off
    await resident.books()

    for span, heading in (
        (4 * DAY - HOUR / 2, "🗓 <b>Your appointment is in {span}.</b>"),
        (2 * DAY, "Your appointment is tomorrow at {time}."),
        (DAY - 2 * HOUR, "⏰ <b>Your appointment is in {span}.</b>"),
    ):
        await town.task.advance(span)
        await resident.sees(heading)
        if "tomorrow" in heading:
            await resident.taps("I will come")
            await resident.sees("Thank you for confirming. See")
    await town.all_sent()
    assert town.sandbox.violations == []


async def test_a_cancelled_appointment_is_not_reminded_of(town: Municipality) -> None:
    resident = Resident.of(town, Language.EN)
    await town.task.advance(3 * DAY + HOUR)
    await resident.books()
    await resident.taps("Cancel")
    await resident.sees("Cancel the appointment? You can give a")
    await resident.taps("Cancel without a reason")
    await resident.sees("Your appointment is cancelled.")

    for _ in range(6):
        await town.task.advance(DAY)

    await resident.person.quiet()


async def test_an_offer_not_taken_goes_to_the_next_in_line(town: Municipality) -> None:
    first, second, third = (Resident.of(town, Language.EN, one) for one in (JOHN, SECOND.id, THIRD.id))
    await first.books()
    for one in (second, third):
        await one.waits_in_line()
    await first.taps("Cancel")
    await first.sees("Cancel the appointment? You can give a")
    await first.taps("Cancel without a reason")
    await first.is_answered()  # Telegram keeps a tap for 150 seconds
    await _by_day(town)
    await second.sees("A time has become available for you.")

    await town.task.advance(HOUR + timedelta(minutes=1))
    await _by_day(town)

    await second.sees("before the deadline. You are no longer on the waiting list.")
    await third.sees("A time has become available for you.")
    await third.taps("Accept")
    await third.sees("Your appointment is confirmed.")
    await second.taps("Accept")
    await second.sees("Sorry, that offer has ended.")


async def test_a_solved_request_nobody_answers_for_closes_by_itself(town: Municipality) -> None:
    resident = Resident.of(town, Language.EN)
    reference = await resident.complains(photos=0)
    await town.moves(reference, "resolve", "Emptied")
    await resident.sees("The municipality says this is solved.")

    await town.task.advance(8 * DAY)
    await _by_day(town)

    await resident.person.sees(reference)
    assert await town.rows("SELECT status, outcome FROM cases") == [{"status": "closed", "outcome": "unconfirmed"}]


async def _by_day(town: Municipality) -> None:
    """Let the night pass, in which no phone rings unasked; nothing where it is day."""
    now = town.clock().astimezone(offices_of(town.settings).zone)
    if now.hour < MORNING or now.hour >= EVENING:
        morning = now.replace(hour=MORNING, minute=0) + (DAY if now.hour >= EVENING else timedelta())
        await town.task.advance(morning - now)
