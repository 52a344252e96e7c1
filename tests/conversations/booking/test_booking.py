"""Booking a Customer Day appointment, by talking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from conversations.booking import start as booking_start
from conversations.engine.messages import Emphasis, FileKind
from locales import Language, clean, without_marks
from locales.html import to_plain
from services.offices.offices import Ask
from storage.database import Database, Dialect
from storage.ids import MessageId, OfficeId
from storage.records.bookings import BookingStatus, Need
from tests.conversations.day_town import Counted, DayTown, labels
from tests.conversations.town import CATALOGUES
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


@pytest.fixture
def dialect() -> Dialect:
    """One kind of database is enough to talk over: the services are tried on both."""
    return Dialect.SQLITE


@pytest.fixture
async def town(database: Database) -> DayTown:
    return await DayTown.open(database)


async def at_the_screen(town: DayTown, **who: str) -> Counted:
    person = await town.living_in(**who)
    await person.says("/book")
    await person.taps(town.day())
    await person.taps("09:15")
    return person


async def at_the_summary(town: DayTown, **who: str) -> Counted:
    person = await at_the_screen(town, **who)
    await person.says("The permit is late")
    await person.taps("Continue")
    await person.says("33123456")
    return person


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
    await fatima.taps("Continue")

    assert "+973 3312 3456" in fatima.last.text
    await fatima.taps("Confirm")
    assert [one.status for one in await town.bookings()] == [BookingStatus.ATTENDED, BookingStatus.CONFIRMED]


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


# ---------------------------------------------------------------------------- answers of every kind


@pytest.mark.starts_at(SUNDAY)
async def test_days_and_times_may_be_typed(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("٢٥/١١")
    assert "Which time suits" in fatima.last.text
    await fatima.says("9.15")
    assert "We will hold your time on" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed",
    [
        "25",
        "25-11-2026",
        "25 Nov",
        "Nov 25th",
        "Wed 25 Nov",
        "on Wednesday",
        "next wednesday",
        "25 November 2026",
        "الأربعاء القادم",
        "يوم الاربعاء",
        "٢٥ نوفمبر",
        "day after tomorrow",
        "بعد غد",
    ],
)
async def test_a_day_may_be_typed_as_it_is_called(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    town.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday
    await fatima.says("/book")
    await fatima.says(typed)
    assert town.date() in fatima.last.text
    assert "Which time suits" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["tomorrow", "غداً", "بكرة"])
async def test_tomorrow_is_a_day(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    town.now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # a Tuesday
    await fatima.says("/book")
    await fatima.says(typed)
    assert town.date() in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed", ["9:15 am", "9.15am", "at 9:15", "الساعة 9:15", "الساعة ٩:١٥ صباحاً", "9:15 ص", "في الساعة 9:15"]
)
async def test_a_time_may_be_typed_as_it_is_said(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.says(typed)
    assert "We will hold your time on" in fatima.last.text
    (booking,) = await town.bookings()
    assert known(booking.starts_at) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)


@pytest.mark.starts_at(SUNDAY)
async def test_a_short_answer_that_is_no_day_or_time_is_asked_again(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    for typed in ("tomorrow", "Friday", "25 Dec 2031", "الجمعة"):
        await fatima.says(typed)
        assert "Choose one of the days." in fatima.last.text + fatima.new[0].text
    await fatima.taps(town.day())
    for typed in ("9:17 am", "9:15 pm", "later", "بعد الظهر"):
        await fatima.says(typed)
        assert "Choose one of the available times." in fatima.last.text + fatima.new[0].text
    fatima.does_not_see("We have added this to your")
    await fatima.says("The permit for my house is late")
    fatima.sees("We have added this to your")


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["2 December", "Wednesday 2 December", "2/12", "يوم الأربعاء 2 ديسمبر"])
async def test_another_day_typed_where_the_matter_is_asked_changes_the_day_and_is_no_part_of_it(
    town: DayTown, typed: str
) -> None:
    fatima = await at_the_screen(town)
    await fatima.says(typed)
    assert "Change the day to “" in fatima.last.text
    await fatima.taps("Change the day")
    assert town.date(1) in fatima.last.text
    await fatima.taps("10:30")
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    booking = await town.booking(fatima.reference)
    assert booking.words == "The permit is late"
    assert known(booking.starts_at) == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert await town.count("SELECT count(*) FROM bookings WHERE status IN ('held', 'confirmed')") == 1


@pytest.mark.starts_at(SUNDAY)
async def test_a_full_day_typed_where_the_matter_is_asked_is_no_part_of_it(town: DayTown) -> None:
    await town.fill_day(town.day(1))
    fatima = await at_the_screen(town)
    await fatima.says("2 December")
    await fatima.taps("Change the day")
    assert f"{town.date(1)} is full." in without_marks(fatima.last.text)
    await fatima.says("9 December")
    assert "Which time suits you?" in fatima.last.text
    await fatima.says("2 December")
    await fatima.says("next month")
    assert "Choose one of the buttons." in fatima.last.text
    await fatima.taps("Join the waiting list")
    assert "Now:" not in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("answer", ["Add to description", "no"])
async def test_a_day_that_belongs_to_the_matter_is_kept_there(town: DayTown, answer: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("2 December")
    await (fatima.says(answer) if answer == "no" else fatima.taps(answer))
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    booking = await town.booking(fatima.reference)
    assert booking.words == "2 December"
    assert known(booking.starts_at) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["2", "25 November", "The permit of 2 December is late"])
async def test_a_number_the_day_itself_and_a_sentence_are_the_matter(town: DayTown, typed: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says(typed)
    assert "Change the day to “" not in fatima.last.text
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert typed in without_marks(fatima.last.text)


@pytest.mark.starts_at(SUNDAY)
async def test_another_day_may_be_typed_where_a_time_is_asked(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.says("2 December")
    assert town.date(1) in fatima.last.text
    assert "Which time suits you?" in fatima.last.text


async def test_companions_and_needs_are_chosen_on_one_page(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")
    await fatima.taps("2 companions")
    await fatima.taps("Wheelchair access")
    await fatima.taps("Sign language")
    await fatima.taps("✓ Sign language")
    assert "✓ 2 companions" in fatima.labels
    await fatima.taps("Continue")
    assert "Companions: 2 companions" in fatima.last.text
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    (booking,) = await town.bookings()
    assert (booking.companions, booking.needs) == (2, (Need.WHEELCHAIR,))


async def test_what_else_is_needed_may_be_written(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("The permit is late")
    await fatima.taps("Companions and arrangements")
    await fatima.taps("Something else")
    assert "You can write any other" in fatima.last.text
    await fatima.says("A chair with a high back")
    await fatima.says("And parking near the door")
    assert "A chair with a high back\nAnd parking near the door" in clean(fatima.last.text)
    await fatima.taps("Continue")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "Arrangements: A chair with a high back\nAnd parking near the door" in clean(to_plain(fatima.last.text))
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert (booking.words, booking.needs) == ("The permit is late", (Need.OTHER,))
    assert booking.answers == {"arrangements": "A chair with a high back\nAnd parking near the door"}


async def test_arrangements_that_are_no_longer_wanted_go_with_their_words(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Companions and arrangements")
    await fatima.says("A guide dog 🐕")
    await fatima.taps("Something else")
    assert "guide dog" not in fatima.last.text
    await fatima.taps("Only me, no arrangements")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert (booking.needs, booking.answers) == ((), {})


async def test_the_phone_is_shared_by_one_tap(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Continue")
    await fatima.shares_phone("+97333123456")
    noted, summary = fatima.new
    assert noted.text == "📱 Phone: \u2066+973 3312 3456\u2069"
    assert noted.message.drop_keyboard
    assert summary is fatima.last
    await fatima.taps("Confirm")
    assert await town.count("SELECT count(*) FROM residents WHERE phone = '+97333123456' AND phone_own") == 1


async def test_someone_elses_contact_is_taken_for_what_it_is(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.taps("Continue")
    await fatima.shares_phone("+97333123456", own=False)
    fatima.sees("This number belongs to")
    await fatima.taps("Confirm")

    (booking,) = await town.bookings()
    assert booking.phone == "+97333123456"
    assert await town.count("SELECT count(*) FROM residents WHERE phone <> ''") == 0


@pytest.mark.parametrize("typed", ["1234", "hello", "+9733312345", "🌷🌷🌷", "3" * 200])
async def test_a_wrong_phone_is_asked_again_and_nothing_is_lost(town: DayTown, typed: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says(typed)
    fatima.sees("phone number is not valid")
    await fatima.says("33123456")
    assert "The permit is late" in fatima.last.text


async def test_a_name_of_emoji_is_asked_for_in_letters(town: DayTown) -> None:
    flower = await at_the_screen(town, name="🌸🌸")
    await flower.taps("Continue")
    assert "Whose name should the" in flower.last.text
    await flower.says("🌺")
    flower.sees("Enter the full name in")
    await flower.says("Noora 🌺")
    await flower.says("33123456")
    await flower.taps("Confirm")
    (booking,) = await town.bookings()
    assert booking.name == "Noora 🌺"


async def test_an_album_about_the_matter_is_one_answer(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    for number in range(3):
        await fatima.sends(album="a1", caption="Our street" if number == 0 else "")
    await town.wait(timedelta(seconds=5))
    assert "3 files attached so far" in fatima.last.text
    assert (
        sum(
            "files attached so far." in shown.text or "file attached so far." in shown.text for shown in fatima.messages
        )
        == 1
    )
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "3 files" in fatima.last.text
    await fatima.taps("Confirm")

    assert await town.count("SELECT count(*) FROM booking_files") == 3
    (booking,) = await town.bookings()
    assert booking.words == "Our street"


async def test_what_comes_at_another_question_is_kept(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.sends(caption="The wall behind our house")
    assert "Which day suits" in fatima.last.text
    await fatima.taps(town.day())
    await fatima.sends(FileKind.VOICE)
    await fatima.taps("09:15")
    assert "The wall behind our house" in fatima.last.text
    await fatima.taps("Companions and arrangements")
    await fatima.says("And please, parking near the door")
    await fatima.taps("Continue")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.says("Yes, please")

    (booking,) = await town.bookings()
    assert booking.words == "The wall behind our house"
    assert booking.answers["arrangements"] == "And please, parking near the door"
    assert await town.count("SELECT count(*) FROM booking_files") == 2


async def test_more_than_twenty_thousand_characters_are_cut_and_said_so(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("ص" * 25_000)
    fatima.sees("Your description is too long. We kept")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    (booking,) = await town.bookings()
    assert 19_900 <= len(booking.words) <= 20_000


async def test_an_edited_message_corrects_the_matter(town: DayTown) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("Block 338", message=MessageId("777"))
    await fatima.edits(MessageId("777"), "Block 339")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert "Block 339" in fatima.last.text
    assert "Block 338" not in fatima.last.text


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
        "We will hold your time on",
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
    assert "We will hold your time on" in ali.last.text


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
