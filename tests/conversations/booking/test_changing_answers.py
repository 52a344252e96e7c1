"""Correcting a booking in its summary, going back, leaving it and coming back to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conversations.booking import start as booking_start
from storage.database import Database
from storage.records.bookings import BookingStatus
from tests.conversations.day_town import DayTown, at_the_screen, at_the_summary
from tests.instants import SUNDAY

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


# ---------------------------------------------------------------------------- correcting, going back


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("line", "answers", "shown"),
    [
        ("Topic", ["tap:Cleanliness"], "Cleanliness and environment"),
        ("Description", ["say:The neighbour's wall"], "The neighbour's wall"),
        ("Companions", ["tap:1 companion", "tap:Continue"], "1 companion"),
        ("Full name", ["say:Fatima Ali Hasan"], "Fatima Ali Hasan"),
        ("Phone", ["say:36001234"], "+973 3600 1234"),
        ("Time", ["tap:2 Dec", "tap:10:30"], "10:30"),
    ],
)
async def test_each_line_of_the_summary_is_edited_by_itself(
    town: DayTown, line: str, answers: list[str], shown: str
) -> None:
    fatima = await at_the_summary(town)
    await fatima.taps(f"✏️ {line}")
    for answer in answers:
        act, _, text = answer.partition(":")
        await (fatima.taps(text) if act == "tap" else fatima.says(text))

    assert "Check the details" in fatima.last.text
    assert shown in fatima.last.text
    await fatima.taps("Confirm")
    assert [one.status for one in await town.bookings()].count(BookingStatus.CONFIRMED) == 1


async def test_an_edit_left_by_back_changes_nothing(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    before = fatima.last.text
    await fatima.taps("✏️ Topic")
    assert "Now: " in fatima.last.text
    await fatima.taps("Back")
    assert fatima.last.text == before
    await fatima.taps("✏️ Phone")
    await fatima.taps("Keep as it is")
    assert fatima.last.text == before


async def test_back_goes_through_every_question_with_the_answers_kept(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    for question in (
        "What number can the municipality call about",
        "This time is yours for",
        "Which time suits",
        "Which day suits",
    ):
        await fatima.taps("Back")
        assert question in fatima.last.text
    await fatima.taps("Keep as it is")
    assert "Check the details" in fatima.last.text
    assert "The permit is late" in fatima.last.text


async def test_a_time_chosen_instead_frees_the_first(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Back")
    await fatima.taps("10:00")
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await ali.says("/book")
    await ali.taps(town.day())
    times = ali.labels
    assert "09:15" in times
    assert "10:00" not in times


# ---------------------------------------------------------------------------- leaving and coming back


async def test_a_booking_left_for_the_menu_is_taken_up_again(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await fatima.taps("Main menu")
    await fatima.taps(f"Appointment: {town.day()}")
    assert "The permit is late" in fatima.last.text
    await fatima.taps("Confirm")
    await fatima.taps("Main menu")
    assert all("Continue" not in label for label in fatima.labels)


@pytest.mark.starts_at(SUNDAY)
async def test_cancelling_frees_the_time_at_once_and_undo_takes_it_again(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await fatima.says("/cancel")
    fatima.sees("We are no longer holding that time for you.")
    assert await town.count("SELECT count(*) FROM bookings WHERE status = 'held'") == 0

    await fatima.taps("Undo")

    assert "The permit is late" in fatima.last.text
    [held] = [one for one in await town.bookings() if one.status is BookingStatus.HELD]
    assert held.starts_at == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)
    await fatima.taps("Confirm")
    fatima.sees("Your appointment is confirmed.")


async def test_what_was_cancelled_goes_into_no_later_booking(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await fatima.says("/cancel")

    await fatima.says("/book")

    async with town.database.transaction() as tx:
        [stands] = await tx.all("SELECT step, saved FROM conversations")
    assert "The permit is late" not in str(dict(stands))


async def test_who_has_an_appointment_that_day_is_told_so_before_telling_it_all_again(town: DayTown) -> None:
    await town.fill_day(but=1)
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.taps("11:45")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    reference = fatima.reference

    await fatima.says("/book")
    await fatima.taps(f"{town.day()} · full")
    await fatima.taps("Join the waiting list")

    assert "You already have an appointment on that day:" in fatima.last.text
    assert reference in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
async def test_a_cancelled_booking_goes_to_the_next_in_line(town: DayTown) -> None:
    await town.fill_day(but=1)
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.taps("11:45")
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await ali.says("/book")
    await ali.taps(f"{town.day()} · full")
    await ali.taps("Join the waiting list")
    await ali.taps("Continue")
    await ali.says("33123457")
    await ali.taps("Join the waiting list")

    await fatima.says("/cancel")

    ali.sees("A time has become available for you.")
    await fatima.taps("Undo")
    fatima.sees("Sorry, someone else has just booked that time.")


async def test_starting_again_keeps_what_was_told(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.taps("09:15")
    assert "The permit is late" in fatima.last.text


async def test_a_restart_in_the_middle_loses_nothing(town: DayTown, database: Database) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("The permit is late")

    again = DayTown(database)
    again.chats, again.numbers, again.updates, again.now = town.chats, town.numbers, town.updates, town.now
    fatima = again.resident()
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    fatima.sees("Your appointment is confirmed.")


def test_what_is_stored_of_unfinished_bookings_stays_readable() -> None:
    """These names are in the database: renaming one would throw its draft away."""
    assert {str(step.model_fields["step"].default) for step in booking_start.FLOW.all_steps} == {
        f"booking:{name}"
        for name in (
            *(
                "office",
                "day",
                "time",
                "meant",
                "instead",
                "already",
                "one",
                "meeting",
                "about",
                "topic",
                "matter",
                "visit",
                "project",
                "registration",
            ),
            *("name", "phone", "review", "none"),
        )
    }


@pytest.mark.parametrize("typed", ["الموعد باسم أمي مريم أحمد", "put it in my mother's name please"])
async def test_words_about_the_name_open_its_question_and_describe_nothing(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    for _ in range(2):
        await fatima.taps(fatima.buttons[0][0])
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    fatima.sees("Check the details")
    await fatima.says(typed)
    assert "full name" in fatima.last.text
    await fatima.says("Maryam Ahmed")
    assert "Check the details" in fatima.last.text
    assert "Maryam Ahmed" in fatima.last.text
    assert typed not in fatima.last.text
