"""The door in words: staff scan a code, residents scan the entrance, walk-ins get a number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.door.entrance import PAYLOAD
from locales import without_marks
from services.actors import resident_actor
from services.bookings import bookings
from services.bookings.bookings import Booking
from services.unit_of_work import Work
from services.visits import door
from storage import bookings as booking_rows
from storage import files
from storage import sessions as session_rows
from storage.database import Database
from storage.records.bookings import BookingStatus
from storage.records.sessions import Session
from tests.conversations.line_town import LineTown
from tests.conversations.staff_town import in_arabic, is_refusal
from tests.conversations.town import Person


@pytest.fixture
async def town(database: Database) -> LineTown:
    return await LineTown(database).opens_the_day()


def _private(town: LineTown, who: Person) -> Person:
    """A member of staff in their own chat with the bot."""
    return Person(town, who.address, who.name, who.language)


def _text(person: Person) -> str:
    return without_marks(person.last.text)


def _labels(person: Person) -> list[str]:
    return [label for row in person.buttons for label in row]


async def _code(town: LineTown, number: int = 0) -> str:
    async with town.database.transaction() as tx:
        session = await session_rows.by_id(tx, town.lines[number].id)
    assert isinstance(session, Session)
    return f"/start {PAYLOAD}{door.code_of(session)}"


async def _status(town: LineTown, booking: Booking) -> BookingStatus:
    return (await town.work(lambda work: _again(work, booking))).status


async def _again(work: Work, booking: Booking) -> Booking:
    found = await bookings.by_id(work, booking.id)
    assert found is not None
    return found


# ---------------------------------------------------------------------------- staff scan a code


async def test_staff_scan_a_code_and_say_that_the_visitor_has_come(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says(f"/start checkin_{booking.reference}")
    seen = _text(huda)
    assert fatima.name in seen
    assert booking.reference in seen
    assert "The visitor is on time." in seen
    assert await _status(town, booking) is BookingStatus.CONFIRMED  # opening a link changes nothing
    await huda.taps("✅ Arrived")
    assert "Number 1" in _text(huda)
    assert huda.toast == "Number 1"
    assert _labels(huda) == []
    assert await _status(town, booking) is BookingStatus.CHECKED_IN
    assert ("staff:9001", "booking.contact") in await town.audited(f"booking:{booking.id}")


async def test_staff_see_the_pictures_that_were_sent_and_they_are_deleted_too(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    async with town.database.transaction() as tx:
        for number in (1, 2):
            sent = await files.want(
                tx,
                resident=booking.resident_id,
                channel="telegram",
                remote_id=f"r{number}",
                unique_id=f"u{number}",
                kind="photo",
                name="",
                mime="image/jpeg",
                size=9,
                at=town.now,
            )
            booking_rows.link_files(tx, booking.id, (sent.id,), town.now)
    await town.settle_files()
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says(f"/start checkin_{booking.reference}")
    assert "2 files" in without_marks(huda.sees(booking.reference).text)
    assert len(huda.last.message.files) == 2
    await town.wait(timedelta(minutes=11))
    assert not any(shown.message.files for shown in huda.messages)


async def test_what_names_a_visitor_is_deleted_after_ten_minutes(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says(f"/start checkin_{booking.reference}")
    await huda.taps("✅ Arrived")
    await town.wait(timedelta(minutes=11))
    huda.does_not_see(fatima.name)


async def test_two_who_tap_arrived_give_one_number(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(-10)
    huda, yusuf = _private(town, town.huda), _private(town, town.yusuf)
    for one in (huda, yusuf):
        await one.says(f"/start checkin_{booking.reference}")
    await huda.taps("✅ Arrived", repeat=2)
    await yusuf.taps("✅")
    assert "الرقم 1" in _text(yusuf)
    assert len(await town.rows("SELECT 1 AS n FROM session_visits")) == 1
    await huda.says(f"/start checkin_{booking.reference}")
    assert "Waiting since" in _text(huda)
    assert _labels(huda) == []


async def test_a_code_of_another_day_is_said_and_leads_to_a_walk_in(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    huda = _private(town, town.huda)
    await huda.says(f"/start checkin_{booking.reference}")
    assert "The appointment is on another day" in _text(huda)
    assert _labels(huda) == ["🚶 Add as a walk-in"]
    await huda.taps("🚶 Add as a walk-in")
    assert "Nobody is received here now." in _text(huda)


async def test_a_cancelled_code_is_said_and_the_visitor_added_in_one_tap_more(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.work(
        lambda work: bookings.cancel_by_municipality(work, booking.id, "", resident_actor(booking.resident_id))
    )
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says(f"/start checkin_{booking.reference}")
    assert "Cancelled by the municipality" in _text(huda)
    await huda.taps("🚶 Add as a walk-in")
    assert booking.name in _text(huda)
    await huda.taps("Building permits")
    await huda.taps("Projects")
    assert "Number 1" in _text(huda)


async def test_others_see_nothing_of_a_code(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    stranger, council = await town.living("1777", "Somebody Else"), _private(town, town.council)
    for one in (stranger, council):
        await one.says(f"/start checkin_{booking.reference}")
        one.does_not_see(fatima.name)
    assert "Appointment not found." in _text(stranger)
    assert is_refusal(_text(council))
    await stranger.taps_data(f"desk:arrived:{booking.id}:0:")
    assert await _status(town, booking) is BookingStatus.CONFIRMED


async def test_a_group_sees_no_name(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    await town.huda.says(f"/door {booking.reference}")
    assert booking.reference in town.huda.last.text
    town.huda.does_not_see(fatima.name)
    await town.huda.taps("✅ Arrived")
    assert town.huda.toast == "Number 1"
    town.huda.does_not_see(fatima.name)


# ---------------------------------------------------------------------------- residents


async def test_residents_see_their_own_code_and_from_when_the_entrance_serves(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await fatima.says(f"/start checkin_{booking.reference}")
    assert "Show this code at reception when you arrive." in _text(fatima)
    assert "from 08:15 to 09:20" in _text(fatima)
    assert fatima.last.message.files


async def test_a_resident_at_the_entrance_taps_and_has_a_number(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    await fatima.says(await _code(town))
    assert await _status(town, booking) is BookingStatus.CONFIRMED
    await fatima.taps("✅ I am here")
    fatima.sees("We will tell you here when your turn is near.")
    assert fatima.toast == "Your number: 1"
    await fatima.says(await _code(town, 1))  # the entrance of the other line is the same hall
    assert "Your number: 1" in _text(fatima)
    assert _labels(fatima) == []
    assert len(await town.rows("SELECT 1 AS n FROM session_visits")) == 1


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(-50, "You are early. Please scan the code again from 08:15"), (21, "You are late. Please go to reception")],
)
async def test_early_and_late_are_told_what_to_do(town: LineTown, minutes: int, told: str) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(minutes)
    await fatima.says(await _code(town))
    assert told in _text(fatima)
    assert _labels(fatima) == []
    code = (await _code(town)).removeprefix(f"/start {PAYLOAD}")
    await fatima.taps_data(f"do:here:{code}.{booking.id}:0")
    assert await _status(town, booking) is BookingStatus.CONFIRMED


async def test_who_has_no_appointment_is_sent_to_reception(town: LineTown) -> None:
    await town.is_at(-10)
    stranger = await town.living("1777", "Somebody Else")
    await stranger.says(await _code(town))
    assert "You do not have an appointment here today." in _text(stranger)
    assert "go to reception" in _text(stranger)


async def test_a_code_of_another_day_and_a_forged_one_open_nothing(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    code = await _code(town)
    await fatima.says(code)
    assert "This code is not for today." in _text(fatima)
    await town.is_at(-10)
    for forged in (f"/start {PAYLOAD}", f"/start {PAYLOAD}1-aaaaaaaaaa", f"{code}x"):
        await fatima.says(forged)
        assert "no longer" in _text(fatima)
    for data in ("do:here::0", f"do:here:1-aaaaaaaaaa.{booking.id}:0", "do:here:٣.٣:0"):
        await fatima.taps_data(data)
    assert await _status(town, booking) is BookingStatus.CONFIRMED


async def test_an_arabic_reader_is_told_in_arabic(town: LineTown) -> None:
    ((fatima, _),) = await town.booked(1, "ar")
    await town.is_at(-10)
    await fatima.says(await _code(town))
    assert in_arabic(_text(fatima))
    await fatima.taps("✅ تسجيل حضوري")
    fatima.sees("رقمكم")


# ---------------------------------------------------------------------------- walk-ins


async def test_a_walk_in_is_added_by_name_number_and_topic(town: LineTown) -> None:
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says("/walkin")
    await huda.says("Ali Hasan")
    assert "What is their phone number?" in _text(huda)
    await huda.taps("No phone number")
    await huda.taps("Building permits")
    await huda.taps("Projects")
    assert "Number 1" in _text(huda)
    assert "Ali" not in _text(huda)
    (row,) = await town.rows("SELECT source, name, phone, status FROM bookings")
    assert row == {"source": "walk_in", "name": "Ali Hasan", "phone": "", "status": "checked_in"}
    await town.booked(2)
    await huda.says("/today")
    assert "2 appointments, 1 walk-in" in _text(huda)


@pytest.mark.parametrize(
    ("words", "topic"),
    [("الإنارة في الحي", "neighbourhood"), ("أريد مقابلة المدير العام بشأن أرضي", ""), ("my licence", "permits")],
)
async def test_what_a_walk_in_came_for_may_be_typed_in_their_words(town: LineTown, words: str, topic: str) -> None:
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says("/walkin")
    await huda.says("Ali Hasan 33999888")
    await huda.says(words)
    await huda.says("the one who knows about it")  # and what is asked by buttons alone is asked again
    assert "Choose one of the buttons." in _text(huda)
    await huda.taps("Projects")
    assert words in _text(huda)
    (row,) = await town.rows("SELECT name, topic, words FROM bookings")
    assert row == {"name": "Ali Hasan", "topic": topic, "words": words}


@pytest.mark.parametrize(
    "said",
    [("يوسف بوعلي", "ما عنده"), ("Yusuf Buali", "he has none"), ("بدون", "يوسف بوعلي"), ("Yusuf Buali, no phone",)],
)
async def test_words_that_say_there_is_no_number_are_no_name(town: LineTown, said: tuple[str, ...]) -> None:
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says("/walkin")
    for words in said:
        await huda.says(words)
    await huda.taps("Building permits")
    await huda.taps("Projects")
    (row,) = await town.rows("SELECT name, phone FROM bookings")
    assert (row["name"] in {"يوسف بوعلي", "Yusuf Buali"}, row["phone"]) == (True, "")


async def test_a_number_that_is_expected_today_is_shown_instead(town: LineTown) -> None:
    ((fatima, booking),) = await town.booked(1)
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says("/start walkin_capital")
    await huda.says(f"Fatima Ali {booking.phone}")
    assert booking.reference in _text(huda)
    await huda.taps("Show the appointment")
    assert fatima.name in huda.sees("The visitor is on time.").text
    await huda.taps("✅ Arrived")
    assert "Number 1" in _text(huda)
    await huda.says("/start walkin_capital")
    await huda.says(f"Her Daughter {booking.phone}")
    await huda.taps("Another person")
    await huda.taps("Building permits")
    await huda.taps("Projects")
    assert "Number 2" in _text(huda)


async def test_whose_number_it_is_hears_of_it_and_can_say_that_it_is_not_theirs(town: LineTown) -> None:
    ali = await town.living("1500", "Ali Hasan")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET phone = '+97336000001', phone_own = TRUE WHERE address = '1500'")
    await town.is_at(-10)
    huda = _private(town, town.huda)
    await huda.says("/walkin")
    await huda.says("Ali Hasan 36000001")
    await huda.taps("Building permits")
    await huda.taps("Projects")
    assert "The visitor also has the number in Telegram." in _text(huda)
    ali.sees("The municipality has recorded that you came without an appointment.")
    await ali.taps("Not mine")
    await ali.taps("Not mine")  # they are asked once more
    assert await town.rows("SELECT phone FROM bookings") == [{"phone": ""}]


async def test_nobody_else_adds_walk_ins_and_a_group_leads_to_the_private_chat(town: LineTown) -> None:
    await town.is_at(-10)
    stranger, council = await town.living("1777", "Somebody Else"), _private(town, town.council)
    await stranger.says("/walkin")
    assert "/walkin is not a command" in _text(stranger)
    await stranger.says("/start walkin_capital")
    assert "This link is not valid" in _text(stranger)
    await council.says("/walkin")
    assert is_refusal(_text(council))
    await town.huda.says("/walkin Ali Hasan 33123456")
    assert "Delete your message if it names a visitor." in _text(town.huda)
    assert not await town.rows("SELECT 1 AS n FROM bookings")


async def test_in_the_group_a_walk_in_says_that_it_goes_on_in_private_and_leads_there(town: LineTown) -> None:
    asked = {"en": "Who has come?", "ar": "ما اسم المراجع؟"}
    await town.is_at(-10)
    for who in (town.huda, town.yusuf):
        await who.says("/walkin")
        answer = who.last
        assert answer.message.reply_to == who.wrote
        ((choice,),) = answer.message.rows
        assert choice.url.endswith("?start=walkin_capital")
        private = _private(town, who)
        await private.says("/start walkin_capital")
        assert asked[who.language] in _text(private)
    english, arabic = (without_marks(one.text) for one in town.huda.messages[-2:])
    assert "Walk-ins are added in your private chat with the bot. Nothing has been recorded yet." in english
    assert "محادثتكم الخاصة" in arabic
    assert "لم يُسجَّل شيء بعد" in arabic


# ---------------------------------------------------------------------------- the page for the entrance


async def test_staff_get_the_page_for_the_entrance_and_can_make_a_new_code(town: LineTown) -> None:
    ((fatima, _),) = await town.booked(1)
    await town.is_at(-10)
    huda = _private(town, town.huda)
    old = await _code(town)
    await huda.says("/door")
    assert "Not here yet: 1" in _text(huda)
    await huda.taps("🖨 Entrance page")
    page = huda.last.message.files[0]
    assert page.content is not None
    assert page.content.startswith(b"%PDF")
    await huda.taps("🔄 Make a new code")
    await huda.taps("Yes, make a new code")
    assert huda.last.message.files
    await fatima.says(old)
    assert "This code is no longer valid." in _text(fatima)
    await fatima.says(await _code(town))
    assert "✅ I am here" in _labels(fatima)
