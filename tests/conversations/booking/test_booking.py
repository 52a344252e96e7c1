"""Booking a Customer Day appointment, by talking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from conversations.engine.messages import Emphasis, FileKind
from locales import Language, without_marks
from services.offices.offices import Ask
from storage.ids import OfficeId
from storage.records.bookings import BookingStatus
from tests.conversations.day_town import Counted, DayTown, at_the_screen, at_the_summary, labels
from tests.conversations.town import CATALOGUES
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


# ---------------------------------------------------------------------------- the usual way


async def test_a_first_appointment_takes_five_taps_and_the_words_and_the_number(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.taps("Book a Customer Day appointment")
    await fatima.taps(town.day())
    await fatima.taps("09:15")
    await fatima.says("The permit for my house is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    assert (fatima.tapped, fatima.typed) == (5, 2)
    (booking,) = await town.bookings()
    assert booking.status is BookingStatus.CONFIRMED
    assert (booking.topic, booking.words) == ("permits", "The permit for my house is late")
    assert (booking.name, booking.phone, booking.companions) == ("Fatima Ali", "+97333123456", 0)


async def test_the_next_appointment_asks_neither_name_nor_phone_again(town: DayTown) -> None:
    fatima = await town.living_in()
    await town.book(fatima)
    await town.run("UPDATE bookings SET status = 'attended', sole = FALSE")
    await fatima.says("/book")
    await fatima.taps(town.day(1))
    await fatima.taps("10:00")

    assert "+973 3312 3456" in fatima.last.text
    await fatima.taps("Confirm")
    assert [one.status for one in await town.bookings()] == [BookingStatus.ATTENDED, BookingStatus.CONFIRMED]


async def who_came_before(town: DayTown, language: str = "en") -> Counted:
    """Somebody of whom all is known, who has chosen a time."""
    fatima = await town.living_in(language=language)
    await town.run("UPDATE residents SET phone = '+97333123456', consented_at = created_at")
    await fatima.says("/book")
    for _ in range(2):
        await fatima.taps(fatima.buttons[0][0])
    return fatima


async def test_of_whom_all_is_known_the_summary_takes_what_may_be_said(town: DayTown) -> None:
    fatima = await who_came_before(town)
    for part in ("Check the details", "Write what the municipality should know", "This time is yours for"):
        assert part in fatima.last.text

    await fatima.says("The permit for my house is late, I come with my wife")

    assert "We have added this to your description." in fatima.last.text
    assert "Write what the municipality should know" not in fatima.last.text
    await fatima.says("no")
    assert "Choose one of the buttons." in fatima.last.text
    await fatima.taps("Confirm")
    [booking] = await town.bookings()
    assert (booking.status, booking.topic, booking.companions) == (BookingStatus.CONFIRMED, "permits", 1)
    assert booking.words == "The permit for my house is late, I come with my wife"


async def test_another_day_typed_at_the_summary_may_be_meant_to_change_it(town: DayTown) -> None:
    fatima = await who_came_before(town)

    await fatima.says(town.day(1))

    assert "Change the day to" in fatima.last.text
    await fatima.taps("Back")
    assert "Check the details" in fatima.last.text
    assert "nothing written" in fatima.last.text


async def test_back_from_the_summary_leads_to_the_last_question_that_was_asked(town: DayTown) -> None:
    fatima = await who_came_before(town)

    await fatima.taps("Back")

    assert "Which day suits you?" in fatima.last.text
    await fatima.taps("Keep as it is")
    assert "Check the details" in fatima.last.text


async def test_the_confirmation_has_everything(town: DayTown) -> None:
    fatima = await town.living_in()
    reference = await town.book(fatima)

    card = fatima.last  # nothing pushes it off the screen
    assert "Your appointment is confirmed." in card.text
    assert reference in card.text
    in_both_calendars = CATALOGUES.localizer(Language.EN).full_date(town.customer_days[0])
    assert in_both_calendars in card.message.text
    assert "09:15" in card.text
    assert "Capital Municipality" in card.text
    assert {"Add to calendar", "📍 Map", "Reschedule", "Cancel", "My appointments", "Main menu"} <= set(labels(card))
    assert known(card.find("Copy the reference")).copies == reference
    assert known(card.find("Cancel")).emphasis is Emphasis.DANGER
    starts_at = known((await town.booking(reference)).starts_at)
    assert f'<time unix="{int(starts_at.timestamp())}">' in card.message.text
    assert [(file.kind, file.mime) for file in card.message.files] == [(FileKind.PHOTO, "image/png")]
    assert fatima.new == [card]  # the summary itself became what was received, without buttons
    received = fatima.sees("Details we sent to")
    assert "The permit is late" in received.text
    assert received.buttons == []


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 22, 6, 0, tzinfo=UTC), "We will remind you"),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), "We will remind you"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "We will remind you"),
    ],
)
async def test_only_reminders_that_are_to_come_are_promised(town: DayTown, now: datetime, said: str) -> None:
    town.now = now
    fatima = await town.living_in()
    await town.book(fatima)
    assert said in fatima.last.text


async def test_the_map_is_one_tap_away(town: DayTown) -> None:
    fatima = await town.living_in()
    await town.book(fatima)
    await fatima.taps("📍 Map")
    assert fatima.last.message.place is not None
    assert fatima.last.message.place_address


@pytest.mark.starts_at(SUNDAY)
async def test_it_is_booked_in_arabic_with_the_grid_mirrored(town: DayTown) -> None:
    fatima = await town.living_in(language="ar", name="فاطمة علي")
    await fatima.taps("حجز موعد في يوم العميل")
    await fatima.taps("25")
    assert fatima.buttons[0] == ["09:45", "09:30", "09:15", "09:00"]
    await fatima.taps("09:15")
    await fatima.says("تأخر إصدار الرخصة")
    await fatima.taps("استكمال")
    await fatima.says("٣٣١٢٣٤٥٦")
    await fatima.taps("تأكيد")

    card = fatima.sees("تم تأكيد موعدكم.")
    assert "الأربعاء 25 نوفمبر 2026" in card.text
    assert "جمادى" in card.text
    (booking,) = await town.bookings()
    assert (booking.name, booking.phone, booking.words) == (
        "فاطمة علي",
        "+97333123456",
        "تأخر إصدار الرخصة",
    )


async def test_staff_are_told_without_name_or_phone(town: DayTown) -> None:
    fatima = await town.living_in()
    reference = await town.book(fatima)

    (card,) = [text for text in town.staff_sees() if reference in text]
    assert "The permit is late" in card
    assert "Fatima" not in card
    assert "3312" not in card


async def test_confirming_is_the_consent(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    assert "/privacy" in fatima.last.text
    assert await town.count("SELECT count(*) FROM residents WHERE consented_at IS NOT NULL OR phone <> ''") == 0

    await fatima.taps("Confirm")

    assert await town.count("SELECT count(*) FROM residents WHERE consented_at IS NOT NULL AND phone <> ''") == 1


async def test_without_a_municipality_it_is_asked_first(town: DayTown) -> None:
    fatima = town.resident()
    await fatima.says("/book")
    await fatima.taps("Muharraq")
    assert "Muharraq Municipality" in fatima.last.text
    assert "Which day suits" in fatima.last.text


async def test_the_community_unit_has_no_customer_day_but_takes_complaints(town: DayTown) -> None:
    fatima = await town.living_in("community")
    await fatima.says("/book")
    fatima.sees("does not have a Customer Day")
    await fatima.taps("Submit a complaint")
    assert "Complaint" in fatima.last.text


async def test_investors_are_asked_for_project_and_registration(town: DayTown) -> None:
    ahmed = await town.living_in("investors", name="Ahmed Hasan")
    await ahmed.says("/book")
    await ahmed.taps(town.day())
    await ahmed.taps("09:15")
    await ahmed.taps("Continue")
    await ahmed.says("Marina Gardens")
    await ahmed.says("none of your business")
    ahmed.sees("digits only")
    await ahmed.says("١٢٣٤٥-١")
    await ahmed.says("33123456")
    await ahmed.taps("Confirm")

    (booking,) = await town.bookings()
    assert (booking.project, booking.registration) == ("Marina Gardens", "12345-1")


async def test_one_screen_shows_what_is_set_and_has_a_button_for_each(town: DayTown) -> None:
    person = await at_the_screen(town)
    assert "Topic: not chosen" in person.last.text
    assert "Companions: None" in person.last.text
    assert "Question 2 of 3" in person.last.text
    await person.taps("📌 Topic")
    await person.taps("Cleanliness and environment")
    await person.taps("Companions and arrangements")
    assert person.last.buttons[-2:][0] == ["Only me, no arrangements"]
    await person.taps("2 companions")
    chosen = person.sees("Chosen: 2 companions")
    assert chosen.buttons[-2:][0] == ["Continue"]
    await person.taps("Continue")
    await person.sends(FileKind.VOICE)
    for part in ("Topic: Cleanliness and environment", "1 file", "Companions: 2 companions", "Question 2 of 3"):
        assert part in without_marks(person.last.text)
    await person.taps("Continue")
    assert "number can the municipality call" in person.last.text
    assert person.sees("Cleanliness and environment").buttons == []


async def test_words_tell_the_topic_and_who_comes_with_them(town: DayTown) -> None:
    person = await at_the_screen(town)
    await person.says("The building licence is late, I come with my wife")
    assert "Topic: Building permits" in without_marks(person.last.text)
    assert "Companions: 1 companion" in person.last.text


@pytest.mark.parametrize("typed", ["no", "لا شكرا"])
async def test_a_typed_no_goes_on_without_it(town: DayTown, typed: str) -> None:
    person = await at_the_screen(town)
    await person.says(typed)
    assert "number can the municipality call" in person.last.text


async def test_a_topic_is_asked_for_only_where_the_office_needs_it(town: DayTown) -> None:
    capital = town.offices.offices_by_id[OfficeId("capital")].model_copy(update={"asks": (Ask.TOPIC,)})
    town.desk.offices = town.offices.model_copy(
        update={"offices_by_id": {**town.offices.offices_by_id, capital.id: capital}}
    )
    person = await at_the_screen(town)
    assert "This office needs a topic." in person.last.text
    await person.taps("Continue")
    assert "What is the meeting about?" in person.last.text
    await person.taps("Building permits")
    assert "number can the municipality call" in person.last.text


# ---------------------------------------------------------------------------- buttons pressed twice or too late


async def test_confirm_tapped_twice_books_once(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    confirm, number = known(fatima.last.find("Confirm")), fatima.last.number
    for _ in range(3):
        await fatima.taps_data(confirm.data, number)
    assert len(await town.bookings()) == 1
    assert sum("is confirmed" in shown.text for shown in fatima.messages) == 1


async def test_a_button_of_an_earlier_question_does_nothing(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    old = fatima.last
    day = known(old.find(town.day(1)))
    await fatima.taps(town.day())
    await fatima.says("hello")
    await fatima.taps_data(day.data, old.number)
    assert fatima.toast == "That step has expired"
    assert "Which time suits" in fatima.last.text


@pytest.mark.parametrize(
    "data",
    [
        "booking:day:d999999:1",
        "booking:time:s1:3",
        "booking:review:confirm:4",
        "do:book_again:B-1111-111.5:0",
        "do:book:nowhere:0",
        "do:line:99999:0",
        "do:line:drop:0",
    ],
)
async def test_made_up_buttons_book_nothing(town: DayTown, data: str) -> None:
    fatima = await town.living_in()
    await fatima.taps_data(data)
    assert await town.bookings() == []
    assert fatima.last.text


# ---------------------------------------------------------------------------- others want the same


async def test_a_time_taken_in_between_is_answered_with_the_nearest(town: DayTown) -> None:
    fatima, ali = await town.living_in(), await town.living_in(address="1002", name="Ali Hasan")
    for person in (fatima, ali):
        await person.says("/book")
        await person.taps(town.day())
    await fatima.taps("09:15")
    await ali.taps("09:15")

    ali.sees("Sorry, someone else has just booked that")
    assert town.day() in ali.buttons[0][0]
    await ali.taps(ali.buttons[0][0])
    assert "This time is yours for" in ali.last.text


async def test_a_hold_that_ended_is_taken_again_where_it_is_free(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await town.wait(timedelta(minutes=40))
    await fatima.taps("Confirm")
    fatima.sees("Your appointment is confirmed.")


async def test_a_hold_that_ended_and_was_taken_leaves_everything_else(town: DayTown) -> None:
    fatima = await at_the_summary(town)
    await town.wait(timedelta(minutes=40))
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await town.book(ali, phone="33123457")
    await fatima.taps("Confirm")
    fatima.sees("Sorry, we are no longer")
    await fatima.taps(fatima.buttons[0][0])
    assert "The permit is late" in fatima.last.text
    await fatima.taps("Confirm")
    fatima.sees("Your appointment is confirmed.")
    confirmed = [one for one in await town.bookings() if one.status is BookingStatus.CONFIRMED]
    assert len({(one.slot_id, one.seat) for one in confirmed}) == 2


async def test_one_appointment_a_day(town: DayTown) -> None:
    fatima = await town.living_in()
    reference = await town.book(fatima)
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.taps("10:00")
    assert reference in fatima.last.text
    await fatima.taps("View appointment")
    assert "Confirmed" in fatima.last.text


async def test_a_full_day_has_a_waiting_list(town: DayTown) -> None:
    await town.fill_day()
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(f"{town.day()} · full")
    fatima.sees("is full")
    assert town.day(1) in fatima.buttons[0][0]
    await fatima.taps("Join the waiting list")
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Join the waiting list")

    fatima.sees("You are on the waiting list")
    fatima.sees("Your position in the waiting list: 1")
    assert (await town.booking(fatima.reference)).status is BookingStatus.WAITING

    ali = await town.living_in(address="1002", name="Ali Hasan")
    await ali.says("/book")
    await ali.taps(f"{town.day()} · full")
    ali.sees("1 person is waiting.")


async def test_the_last_free_time_is_shown_with_its_day(town: DayTown) -> None:
    await town.fill_day(but=1)
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(f"{town.day()} · 1 time available")
    assert town.date() in fatima.last.text
    assert fatima.buttons[0] == ["11:45"]
