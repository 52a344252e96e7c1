"""One's own appointments: seen, moved, cancelled, confirmed, rated; and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from locales import without_marks
from services.actors import staff_actor
from services.bookings import sessions
from services.text.references import new_reference
from storage.database import Dialect
from storage.ids import OfficeId
from storage.records.bookings import BookingStatus
from storage.translations import Translations
from tests.conversations.day_town import Counted, DayTown
from tests.conversations.town import STAFF_CHATS
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


@pytest.fixture
async def fatima(town: DayTown) -> Counted:
    return await town.living_in()


# ---------------------------------------------------------------------------- seeing them


async def test_one_of_a_day_that_is_over_no_longer_stands(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    town.now += timedelta(days=8)
    await fatima.says("/appointments")
    assert "✅" not in fatima.buttons[0][0]
    await fatima.taps(town.day())
    assert "It was on" in fatima.last.text
    assert "Confirmed" not in fatima.last.text
    fatima.sees("The office did not record who came.")


async def test_without_any_the_list_offers_to_book(fatima: Counted) -> None:
    await fatima.says("/appointments")
    fatima.sees("You have no appointments yet.")
    await fatima.taps("Book an appointment")
    assert "Which day suits" in fatima.last.text


async def test_open_ones_come_first_and_the_list_has_pages(town: DayTown, fatima: Counted) -> None:
    for number, day in enumerate([town.day(1), town.day(2), town.day()]):
        await town.book(fatima, day=day, time=f"10:{(number + 1) * 15:02}")
        await town.run("UPDATE bookings SET sole = FALSE")  # as if staff had given it beside another
    await fatima.says("/appointments")
    await fatima.taps(town.day())
    await fatima.taps("Cancel")
    await fatima.taps("Cancel without a reason")
    await fatima.says("/appointments")

    days = [row[0] for row in fatima.buttons[:3]]
    assert [town.day(1) in days[0], town.day(2) in days[1], town.day() in days[2]] == [True] * 3
    assert "You have 2 upcoming appointments" in fatima.last.text


async def test_one_shows_what_was_told_and_what_happened(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.says("/appointments")
    await fatima.taps(town.day())

    for part in (reference, "Confirmed", town.date(), "Building permits", "The permit is late"):
        assert part in fatima.last.text
    assert "Booked" in fatima.last.text  # its history
    await fatima.taps("Back")
    assert "My appointments" in fatima.last.text


@pytest.mark.parametrize(
    "route", ["appointment", "move", "cancel", "attend", "accept", "decline", "ics", "code", "comment"]
)
async def test_anothers_reference_opens_nothing(town: DayTown, fatima: Counted, route: str) -> None:
    reference = await town.book(fatima)
    eve = await town.living_in(address="1002", name="Eve")
    await eve.taps_data(f"do:{route}:{reference}:0")
    eve.sees("Appointment not found")
    eve.does_not_see("The permit is late")
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("argument", ["", "B-0000-000", "drop", "1.5", "B-7K3M-2QX.9"])
async def test_a_made_up_reference_is_not_found(town: DayTown, fatima: Counted, argument: str) -> None:
    for route in ("appointment", "rate_meeting", "cancel"):
        await fatima.taps_data(f"do:{route}:{argument}:0")
        fatima.sees("Appointment not found")


async def test_rating_anothers_meeting_is_not_found(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    eve = await town.living_in(address="1002", name="Eve")
    await eve.taps_data(f"do:rate_meeting:{reference}.5:0")
    eve.sees("Appointment not found")
    assert new_reference("B", town.desk.random) != reference
    assert await town.count("SELECT count(*) FROM ratings") == 0


# ---------------------------------------------------------------------------- moving


@pytest.mark.starts_at(SUNDAY)
async def test_a_moved_appointment_keeps_its_reference_and_counts_its_version(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    before = await town.booking(reference)
    await fatima.taps("Reschedule")
    await fatima.taps(town.day(1))
    await fatima.taps("10:30")
    assert "From: " in fatima.last.text
    await fatima.taps("Confirm")

    assert "Your appointment has been" in fatima.last.text
    assert fatima.sees("From: ").buttons == []
    assert "الموعد السابق: الأربعاء 25 نوفمبر 2026 الساعة 09:15" in without_marks(town.staff_sees()[-1])
    after = await town.booking(reference)
    assert (after.version, after.status) == (before.version + 1, BookingStatus.CONFIRMED)
    assert after.slot_id != before.slot_id
    assert len(await town.bookings()) == 1
    await fatima.taps("Add to calendar")
    (calendar,) = fatima.last.message.files
    (event,) = Calendar.from_ical(known(calendar.content)).walk("VEVENT")
    assert event["SEQUENCE"] == after.version


@pytest.mark.starts_at(SUNDAY)
async def test_moving_to_a_closed_day_says_why_it_is_closed(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    repairs = Translations({"ar": "صيانة", "en": "Repairs"})
    await town.work(
        lambda work: sessions.close_day(work, OfficeId("capital"), date(2026, 12, 2), repairs, staff_actor("1"))
    )
    await fatima.taps("Reschedule")
    await fatima.taps(town.day(1))
    assert f"There is no Customer Day on {town.date(1)}. Reason: Repairs" in without_marks(fatima.last.text)


@pytest.mark.starts_at(SUNDAY)
async def test_moving_to_a_day_under_way_says_so(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima, day=town.day(1))
    town.now = datetime(2026, 11, 25, 8, 50, tzinfo=UTC)  # a Wednesday, when its last time has begun
    await fatima.taps("Reschedule")
    await fatima.taps(f"{town.day()} · under way")
    assert f"The Customer Day on {town.date()} has already started." in without_marks(fatima.last.text)


async def test_moving_can_be_thought_better_of(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    before = await town.booking(reference)
    await fatima.taps("Reschedule")
    await fatima.taps(town.day(1))
    await fatima.taps("10:30")
    await fatima.taps("Keep the current time")
    assert "Confirmed" in fatima.last.text
    assert (await town.booking(reference)).slot_id == before.slot_id


@pytest.mark.starts_at(SUNDAY)
async def test_a_time_taken_while_moving_keeps_the_old_one(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await fatima.taps("Reschedule")
    await fatima.taps(town.day(1))
    await fatima.taps("10:30")
    await town.book(ali, day=town.day(1), time="10:30", phone="33123457")
    await fatima.taps("Confirm")

    fatima.sees("Sorry, someone else has just booked that")
    booking = await town.booking(reference)
    assert booking.starts_at is not None
    assert booking.starts_at.day == 25


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("instead", ["Wed 9 Dec · ", "09:30"])
async def test_after_a_time_was_taken_any_day_or_near_time_still_answers(
    town: DayTown, fatima: Counted, instead: str
) -> None:
    await town.book(fatima)
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await fatima.taps("Reschedule")
    await fatima.taps(town.day(1))
    await fatima.taps("10:30")
    await town.book(ali, day=town.day(1), time="10:30", phone="33123457")
    await fatima.taps("Confirm")

    await fatima.taps(instead)
    assert "Which time suits you?" in fatima.last.text or "Move your appointment?" in fatima.last.text


# ---------------------------------------------------------------------------- cancelling


async def test_cancelling_frees_the_seat_and_keeps_the_row(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.taps("The problem was solved")
    fatima.sees("Your appointment is")
    booking = await town.booking(reference)
    assert (booking.status, booking.reason) == (BookingStatus.CANCELLED_BY_RESIDENT, "solved")
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await town.book(ali, phone="33123457")


async def test_a_reason_may_be_typed_or_left_out(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.says("We are travelling that week")
    assert "“We are travelling that week”" in without_marks(fatima.last.text)
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED
    await fatima.taps("Cancel for this reason")
    assert (await town.booking(reference)).reason == "We are travelling that week"
    other = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.taps("Cancel without a reason")
    assert (await town.booking(other)).reason == ""


async def test_a_second_thought_keeps_the_appointment(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.taps("Keep it")
    assert "Confirmed" in fatima.last.text
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize(
    "words", ["No, keep it please", "no", "لا", "Keep it.", "no, I don't want to cancel", "لا أريد الإلغاء"]
)
async def test_a_typed_no_keeps_the_appointment(town: DayTown, fatima: Counted, words: str) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.says(words)
    assert "Confirmed" in fatima.last.text
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED


async def test_words_of_any_kind_cancel_nothing_by_themselves(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.says("No, I meant Thursday's")
    await fatima.taps("Keep it")
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED


async def test_what_is_cancelled_can_be_taken_out_of_the_calendar(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    await fatima.taps("Cancel")
    await fatima.taps("Cancel without a reason")
    await fatima.taps("Remove from calendar")
    (file,) = fatima.last.message.files
    (event,) = Calendar.from_ical(known(file.content)).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


# ---------------------------------------------------------------------------- calendar, code, coming, rating


async def test_the_calendar_file_comes_whenever_it_is_asked_for(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps("Add to calendar")
    (file,) = fatima.last.message.files
    assert file.name == f"{reference}.ics"
    assert b"METHOD:PUBLISH" in (file.content or b"")


async def test_code_and_map_come_once_more(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    await fatima.taps("My appointments")
    await fatima.taps(town.day())
    await fatima.taps("Show code and map")
    pin, code = fatima.new
    assert pin.message.place is not None
    assert code.message.files


async def test_code_and_map_come_again_at_the_door(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    await fatima.taps("My appointments")
    await fatima.taps(town.day())
    await fatima.taps("Show code and map")
    await fatima.taps("Show code and map")  # a slip of the thumb
    sent = len(fatima.messages)
    await town.wait(timedelta(hours=20))
    await fatima.taps("Show code and map")
    assert len(fatima.messages) == sent + 2
    await fatima.taps("Show code and map", repeat=5)
    assert len(fatima.messages) == sent + 2


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("cancelled_by_municipality", "the municipality has cancelled this appointment"),
        ("cancelled_by_resident", "You have already cancelled this."),
        ("expired", "that offer has ended"),
    ],
)
@pytest.mark.parametrize("button", ["accept", "decline"])
async def test_an_old_offer_says_what_became_of_it(
    town: DayTown, fatima: Counted, status: str, said: str, button: str
) -> None:
    reference = await town.book(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET status = :status", status=status)
    await fatima.taps_data(f"do:{button}:{reference}:0")
    fatima.sees(said)


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("status", "days", "said", "then"),
    [
        ("cancelled_by_resident", 0, "This appointment was cancelled. Its code is no longer valid.", "Book an"),
        ("cancelled_by_municipality", 0, "This appointment was cancelled", "Book an appointment"),
        ("attended", 3, "This appointment is over. Its code is no longer valid.", "Book an appointment"),
        ("no_show", 3, "This appointment is over", "Book an appointment"),
        ("confirmed", 4, "This appointment is over", "Book an appointment"),
        ("checked_in", 3, "We have recorded your arrival. You", "Back"),
    ],
)
async def test_an_old_button_for_the_code_says_why_there_is_none(
    town: DayTown, fatima: Counted, status: str, days: int, said: str, then: str
) -> None:
    reference = await town.book(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET status = :status", status=status)
    town.now += timedelta(days=days)
    await fatima.taps_data(f"do:code:{reference}:0")

    assert said in fatima.last.text
    assert reference in fatima.last.text
    assert any(then in label for label in fatima.labels)
    assert "Cancel" not in fatima.labels


@pytest.mark.starts_at(SUNDAY)
async def test_an_appointment_of_a_day_gone_by_is_not_coming_up(town: DayTown, fatima: Counted) -> None:
    await town.book(fatima)
    town.now += timedelta(days=4)
    await fatima.says("/appointments")
    assert "You have no upcoming appointments." in fatima.last.text


async def test_coming_is_confirmed_by_one_tap(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.taps_data(f"do:attend:{reference}:0")
    fatima.sees("Thank you for confirming.")
    assert (await town.booking(reference)).status is BookingStatus.CONFIRMED


async def test_the_office_is_told_once_that_somebody_will_come(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    for _ in range(2):
        await fatima.taps_data(f"do:attend:{reference}:0")
    card, said = [text for text in town.staff_sees() if "تأكيد الحضور" in text]
    assert reference in card
    assert reference in said


# ---------------------------------------------------------------------------- adding to one by a reply


async def test_a_reply_is_added_for_the_meeting_and_staff_are_told(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    await fatima.says("The plot is number 12 too", reply_to=fatima.messages[-2].number)

    assert f"We have added this to appointment \u2066{reference}" in fatima.last.text
    assert (await town.booking(reference)).words == "The permit is late\nThe plot is number 12 too"
    card = town.staff_sees()[-1]
    assert "The plot is number 12 too" in card
    assert reference in card
    await fatima.taps("View appointment")
    assert "Information added for the meeting" in fatima.last.text


async def test_an_album_in_reply_is_one_addition(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    cards, replied_to = len(town.staff_sees()), fatima.last.number
    for _ in range(3):
        await fatima.sends(album="a1", reply_to=replied_to)
    await town.wait(timedelta(seconds=3))

    assert sum("We have added" in shown.text for shown in fatima.messages) == 1
    assert len(town.staff_sees()) == cards + 1
    assert await town.count("SELECT count(*) FROM booking_files") == 3
    await fatima.taps("View appointment")
    assert fatima.last.text.count("Information added for the") == 1
    assert reference in fatima.last.text


async def test_a_reply_in_the_middle_of_a_complaint_leaves_the_complaint_where_it_is(
    town: DayTown, fatima: Counted
) -> None:
    reference = await town.book(fatima)
    confirmation = fatima.last.number
    await fatima.says("/complain")
    await fatima.taps("Bins")
    await fatima.says("My brother comes too", reply_to=confirmation)
    await fatima.says("The bins overflow")
    fatima.sees("Where is it?")
    assert (await town.booking(reference)).words.endswith("My brother comes too")


async def test_what_has_no_room_is_said_to_have_none(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    for _ in range(6):
        await fatima.says("a" * 3990, reply_to=fatima.last.number)
    fatima.sees("Your text was too long. We kept the first")
    assert len((await town.booking(reference)).words) == 20_000


async def test_a_reply_about_what_is_over_is_asked_about(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    replied_to = fatima.last.number
    await town.wait(timedelta(days=30))
    await fatima.says("Thank you for it", reply_to=replied_to)
    fatima.does_not_see("We have added")
    assert (await town.booking(reference)).words == "The permit is late"


async def test_another_cannot_reply_to_it(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    booking = await town.booking(reference)
    ali = await town.living_in(address="1002", name="Ali Hasan")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE outbox SET subject = :subject WHERE chat = '1002'", subject=f"booking:{booking.id}")
    await ali.says("Mine now", reply_to=ali.last.number)
    assert (await town.booking(reference)).words == "The permit is late"


async def test_stars_are_recorded_by_the_tap_and_words_after_it(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET status = 'attended'")
    await fatima.taps_data(f"do:rate_meeting:{reference}.4:0")
    assert await town.count("SELECT stars FROM ratings") == 4
    await fatima.taps("Add a comment")
    await fatima.says("He listened")
    fatima.sees("Thank you. We have recorded")
    assert "“He listened”" in without_marks(fatima.last.text)
    assert await town.count("SELECT count(*) FROM ratings WHERE comment = 'He listened'") == 1


async def test_words_written_the_next_day_are_no_comment_on_the_meeting(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET status = 'attended'")
    await fatima.taps_data(f"do:rate_meeting:{reference}.4:0")
    await fatima.taps("Add a comment")
    await town.wait(timedelta(hours=20))
    await fatima.says("There is a broken water pipe on Road 12")
    assert await town.count("SELECT count(*) FROM ratings WHERE comment <> ''") == 0


# ---------------------------------------------------------------------------- the waiting list, there and back


async def test_a_freed_seat_goes_round_the_waiting_list(town: DayTown) -> None:
    await town.fill_day()
    holder = town.resident(address="5000", name="Neighbour 0 of the town")
    first, second = await _waits(town, "1001"), await _waits(town, "1002")

    await holder.says("/appointments")
    await holder.taps(town.day())
    await holder.taps("Cancel")
    await holder.taps("Cancel without a reason")
    await town.by_day()
    first.sees("A time has become available for you.")
    await first.taps("Decline")
    assert "else. You are no longer on the waiting list." in first.last.text
    assert "Book another appointment" in first.labels
    second.sees("A time has become available for you.")
    await second.taps("Accept")

    second.sees("Your appointment is confirmed.")
    assert (await town.booking(second.reference)).status is BookingStatus.CONFIRMED


async def test_an_offer_accepted_too_late_is_answered(town: DayTown) -> None:
    await town.fill_day()
    holder = town.resident(address="5000", name="Neighbour 0 of the town")
    fatima = await _waits(town, "1001")
    await holder.says("/appointments")
    await holder.taps(town.day())
    await holder.taps("Cancel")
    await holder.taps("Cancel without a reason")
    await town.by_day()
    offer = fatima.sees("A time has become available for you.")
    await town.wait(timedelta(hours=2))
    accept = offer.find("Accept")
    assert accept is not None
    await fatima.taps_data(accept.data, offer.number)
    fatima.sees("Sorry, that offer has ended.")


async def test_the_waiting_list_can_be_left(town: DayTown) -> None:
    await town.fill_day()
    fatima = await _waits(town, "1001")
    await fatima.taps("Leave the waiting list")
    await fatima.taps("Leave without a reason")

    assert "You have left the waiting" in fatima.last.text
    assert (await town.booking(fatima.reference)).status is BookingStatus.CANCELLED_BY_RESIDENT
    await fatima.taps("My appointments")
    await fatima.taps(town.day())
    assert "Left the waiting list" in fatima.last.text
    assert all("ancelled" not in shown.text for shown in fatima.messages[-2:])
    assert "Remove from calendar" not in fatima.labels


async def test_an_investor_and_staff_see_project_and_registration(town: DayTown) -> None:
    ahmed = await town.living_in("investors", name="Ahmed Hasan")
    await ahmed.says("/book")
    await ahmed.taps(town.day())
    await ahmed.taps("09:15")
    await ahmed.taps("Continue")
    await ahmed.says("Marina Gardens")
    await ahmed.says("12345-1")
    await ahmed.says("33123456")
    await ahmed.taps("Confirm")
    card = town.staff_sees(STAFF_CHATS[OfficeId("investors")])[-1]
    await ahmed.taps("My appointments")
    await ahmed.taps(town.day())

    assert "المشروع: Marina Gardens\nالسجل التجاري: 12345-1" in without_marks(card)
    assert "Project: Marina Gardens\nRegistration: 12345-1" in without_marks(ahmed.last.text)


async def _waits(town: DayTown, address: str) -> Counted:
    person = await town.living_in(address=address, name=f"Waiting {address}")
    await person.says("/book")
    await person.taps(town.day())
    await person.taps("Join the waiting list")
    await person.taps("Continue")
    await person.says(f"3312{address}")
    await person.taps("Join the waiting list")
    return person
