"""An appointment is worked like a request: one living card in the group, with buttons for the day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from locales import without_marks
from services.bookings import bookings, cards, schedule, sessions
from services.bookings.bookings import Details
from services.unit_of_work import Work
from services.visits.states import UNDO_FOR
from storage import booking_cards
from storage.database import Database
from storage.ids import MessageId
from storage.records.bookings import Booking, BookingStatus
from tests.conversations.staff_town import CAPITAL, DeskTown, in_arabic, is_refusal
from tests.conversations.town import Person, Shown
from tests.known import by_address, known

PHONE = "+97333123456"


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


@pytest.fixture
async def booked(town: DeskTown, fatima: Person) -> Booking:
    return await books(town, fatima)


async def books(town: DeskTown, person: Person, words: str = "The market floods") -> Booking:
    """The first free time with the capital."""
    await town.work(schedule.plan_sessions)

    async def book(work: Work) -> Booking:
        resident = await by_address(work.tx, "telegram", person.address)
        assert resident is not None
        (_, slot), *_ = await sessions.nearest_free(work, CAPITAL)
        held = await bookings.reserve_seat(work, slot.id, resident, "")
        assert isinstance(held, Booking)
        details = Details(topic="other", words=words, name=person.name, phone=PHONE)
        confirmed = await bookings.confirm_seat(work, held.id, resident, details)
        assert isinstance(confirmed, Booking)
        return confirmed

    booking = await town.work(book)
    await town.deliver()
    return booking


async def card_of(town: DeskTown, booking: Booking) -> Shown:
    """The living card as the group sees it."""
    async with town.database.transaction() as tx:
        card = await booking_cards.of(tx, booking.id)
    assert card is not None
    assert card.message is not None
    return next(one for one in town.huda.messages if one.number == MessageId(card.message))


async def status(town: DeskTown, booking: Booking) -> BookingStatus:
    found = await town.work(lambda work: bookings.by_id(work, booking.id))
    return known(found).status


async def on_the_day(town: DeskTown, booking: Booking) -> None:
    await town.wait(known(booking.starts_at) - town.now)
    await town.work(lambda work: cards.show_day(work, 9))


async def taps(town: DeskTown, booking: Booking, label: str, who: Person | None = None) -> None:
    card = await card_of(town, booking)
    await (who or town.huda).taps_data(known(card.find(label)).data, card.number)
    await town.deliver()


async def test_the_group_gets_one_card_that_names_nobody(town: DeskTown, booked: Booking) -> None:
    card = await card_of(town, booked)
    assert booked.reference in card.text
    assert "The market floods" in card.text
    assert "Fatima" not in card.text
    assert PHONE[-4:] not in card.text
    assert in_arabic(card.text)  # the office's language
    assert len([one for one in town.huda.messages if booked.reference in one.text]) == 1


async def test_arrived_in_done_is_shown_by_the_same_message(town: DeskTown, booked: Booking) -> None:
    await on_the_day(town, booked)
    first = (await card_of(town, booked)).number
    await taps(town, booked, "🟢 تسجيل الحضور")
    assert "Arrived" in town.huda.toast
    await taps(town, booked, "🚪 دخول")
    await taps(town, booked, "✅ انتهى اللقاء")
    assert any("What was the outcome of the meeting?" in one.text for one in town.huda.messages)
    card = await card_of(town, booked)
    assert card.number == first
    assert await status(town, booked) is BookingStatus.ATTENDED
    assert card.find("🟢 تسجيل الحضور") is None


async def test_before_the_day_the_card_leads_with_the_answer(town: DeskTown, booked: Booking) -> None:
    card = await card_of(town, booked)
    assert card.buttons[0] == ["💬 الرد قبل الموعد"]
    assert card.find("🟢 تسجيل الحضور") is None
    assert card.find("❌ عدم الحضور") is None


async def test_when_the_day_begins_its_cards_are_shown_anew_once(town: DeskTown, booked: Booking) -> None:
    await town.wait(booking_midnight(town, booked) - town.now)
    assert await town.work(lambda work: cards.show_day(work, 9))
    assert "🟢 تسجيل الحضور" in (await card_of(town, booked)).buttons[0]
    assert not await town.work(lambda work: cards.show_day(work, 9))


def booking_midnight(town: DeskTown, booking: Booking) -> datetime:
    return datetime.combine(booking.day, time(), tzinfo=town.offices.zone)


async def test_nobody_arrives_on_another_day(town: DeskTown, booked: Booking) -> None:
    card = await card_of(town, booked)
    version = known(card.find("💬 الرد قبل الموعد")).data.split(":")[3]
    await town.huda.taps_data(f"desk:bk_arrived:{booked.id}:{version}:", card.number)
    assert "another day" in town.huda.toast
    assert await status(town, booked) is BookingStatus.CONFIRMED


async def test_who_did_not_come_may_have_come_after_all(town: DeskTown, booked: Booking) -> None:
    await town.wait(booking_midnight(town, booked) - town.now)
    await town.work(lambda work: cards.show_day(work, 9))
    await taps(town, booked, "❌ عدم الحضور")
    assert "has not come yet" in town.huda.toast
    await on_the_day(town, booked)
    await town.wait(timedelta(minutes=15))
    await taps(town, booked, "❌ عدم الحضور")
    assert await status(town, booked) is BookingStatus.NO_SHOW
    await taps(town, booked, "✅ تم الحضور")
    assert await status(town, booked) is BookingStatus.ATTENDED


async def test_of_two_who_tap_the_same_button_one_is_told_that_it_has_changed(town: DeskTown, booked: Booking) -> None:
    await on_the_day(town, booked)
    card = await card_of(town, booked)
    button = known(card.find("🟢 تسجيل الحضور")).data
    await town.huda.taps_data(button, card.number)
    await town.maryam.taps_data(button, card.number)
    assert "changed meanwhile" in town.maryam.toast
    rows = await town.rows("SELECT ticket FROM session_visits")
    assert [row["ticket"] for row in rows] == [1]


async def test_a_contact_is_shown_to_who_may_and_written_down(town: DeskTown, booked: Booking) -> None:
    await taps(town, booked, "👤 بيانات التواصل")
    assert "Fatima Ali" in town.huda.last.text
    assert ("staff:9001", "booking.contact") in await town.audited(f"booking:{booked.id}")
    await town.wait(timedelta(minutes=11))
    assert not any("Fatima Ali" in one.text for one in town.huda.messages)


@pytest.mark.parametrize("verb", ["arrived", "in", "done", "no_show", "came", "contact", "open", "files", "history"])
async def test_a_stranger_in_the_group_is_refused(town: DeskTown, booked: Booking, verb: str) -> None:
    before = len(town.stranger.messages)
    await town.stranger.taps_data(f"desk:bk_{verb}:{booked.id}:1000:", (await card_of(town, booked)).number)
    assert is_refusal(town.stranger.toast)
    assert len(town.stranger.messages) == before
    assert await status(town, booked) is BookingStatus.CONFIRMED


async def test_a_made_up_appointment_is_refused_like_one_that_is_anothers(town: DeskTown, booked: Booking) -> None:
    await town.huda.taps_data("desk:bk_contact:999:1000:", (await card_of(town, booked)).number)
    assert is_refusal(town.huda.toast)


async def test_its_history_says_who_did_what(town: DeskTown, booked: Booking) -> None:
    await on_the_day(town, booked)
    await taps(town, booked, "🟢 تسجيل الحضور")
    await taps(town, booked, "🕘 عرض السجل")
    assert "Huda – Arrived" in without_marks(town.huda.last.text)


async def test_the_last_step_is_taken_back_on_the_card_for_a_few_minutes(town: DeskTown, booked: Booking) -> None:
    await on_the_day(town, booked)
    await taps(town, booked, "🟢 تسجيل الحضور")
    assert (await card_of(town, booked)).find("↩️ التراجع") is None
    await taps(town, booked, "🚪 دخول")
    await taps(town, booked, "✅ انتهى اللقاء")
    await taps(town, booked, "↩️ التراجع", town.maryam)
    assert "is inside" in town.maryam.toast
    assert await status(town, booked) is BookingStatus.CHECKED_IN
    assert (await card_of(town, booked)).find("✅ انتهى اللقاء") is not None
    await taps(town, booked, "✅ انتهى اللقاء")
    assert (await card_of(town, booked)).find("↩️ التراجع") is not None
    await town.wait(UNDO_FOR)
    assert (await card_of(town, booked)).find("↩️ التراجع") is None


async def test_who_was_said_not_to_have_come_is_expected_again(town: DeskTown, booked: Booking) -> None:
    await on_the_day(town, booked)
    await town.wait(timedelta(minutes=15))
    await taps(town, booked, "❌ عدم الحضور")
    card = await card_of(town, booked)
    undo = known(card.find("↩️ التراجع")).data
    await taps(town, booked, "↩️ التراجع")
    assert town.huda.toast == "Undone: the visitor is expected"
    assert await status(town, booked) is BookingStatus.CONFIRMED
    await town.maryam.taps_data(undo, card.number)  # of two, the second
    assert await status(town, booked) is BookingStatus.CONFIRMED
    await taps(town, booked, "🟢 تسجيل الحضور")
    assert await status(town, booked) is BookingStatus.CHECKED_IN
