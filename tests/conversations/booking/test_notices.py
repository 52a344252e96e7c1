"""What residents and staff are told about appointments: true when it is sent, and in their language."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conversations.engine.step import Responder
from conversations.notice_texts import render_notice
from locales import Language
from services import residents
from services.actors import Subject, booking_subject, staff_actor
from services.bookings import sessions
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices import Notice
from services.notify.notices.bookings import (
    BookingCancelled,
    BookingMoved,
    BookingReminder,
    OfferLapsed,
    RateMeeting,
    SeatOffered,
    StaffBooking,
    Stage,
    WaitingEnded,
)
from storage.database import Dialect, Value
from storage.ids import OfficeId
from storage.records.bookings import Booking
from storage.translations import Translations
from tests.conversations.day_town import CAPITAL, Counted, DayTown, labels
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours

RLM = "\N{RIGHT-TO-LEFT MARK}"


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


@pytest.fixture
async def fatima(town: DayTown) -> Counted:
    return await town.living_in()


@pytest.fixture
async def booked(town: DayTown, fatima: Counted) -> Booking:
    return await town.booking(await town.book(fatima))


async def tell(town: DayTown, booking: Booking, notice: Notice, key: str = "test") -> None:
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await notify_resident(work, booking.resident_id, notice, key=key, subject=booking_subject(booking.id))
    await town.deliver()


async def set_status(town: DayTown, booking: Booking, status: str, **columns: Value) -> None:
    """Put the row into a state without the services' own notices."""
    async with town.database.transaction() as tx:
        await tx.run(
            """
            UPDATE bookings SET status = :status, deadline = :deadline, reason = :reason,
                slot_id = CASE WHEN :status = 'waiting' THEN NULL ELSE slot_id END,
                waiting_since = created_at
            WHERE id = :id
            """,
            id=booking.id,
            status=status,
            deadline=columns.get("deadline"),
            reason=columns.get("reason", ""),
        )


# ---------------------------------------------------------------------------- reminders


@pytest.mark.starts_at(SUNDAY)
async def test_a_day_before_one_tap_says_yes_moves_or_cancels(town: DayTown, fatima: Counted, booked: Booking) -> None:
    town.now += timedelta(days=2)
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.ONE_DAY))

    card = fatima.sees("Your appointment is tomorrow at")
    assert booked.reference in card.text
    assert labels(card) == ["I will come", "Reschedule", "Cancel"]


async def test_a_reminder_says_what_a_missed_visit_costs(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.THREE_DAYS))
    assert "If you cannot come, please cancel" in fatima.last.text


async def test_a_reminder_counts_those_who_wait(town: DayTown) -> None:
    await town.fill_day()
    for address in ("1001", "1002"):
        person = await town.living_in(address=address, name=f"Waiting {address}")
        await person.says("/book")
        await person.taps(town.day())
        await person.taps("Join the waiting list")
        await person.taps("Continue")
        await person.says(f"3312{address}")
        await person.taps("Join the waiting list")
    holder = town.resident(address="5000")
    booked = next(one for one in await town.bookings() if one.name == "Neighbour 0 of the town")
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.THREE_DAYS))
    holder.sees("2 people are waiting for a time.")


async def test_the_last_reminder_brings_the_map(town: DayTown, fatima: Counted, booked: Booking) -> None:
    town.now = known(booked.starts_at) - timedelta(hours=2)
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.TWO_HOURS))
    assert "Your appointment is in 2 hours" in fatima.last.text
    assert fatima.messages[-2].message.place is not None


@pytest.mark.parametrize("stage", list(Stage))
async def test_a_moved_or_cancelled_appointment_is_not_reminded_of(
    town: DayTown, fatima: Counted, booked: Booking, stage: Stage
) -> None:
    said = len(fatima.messages)
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version + 1, stage=stage), "moved")
    await set_status(town, booked, "cancelled_by_resident")
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=stage), "cancelled")
    assert len(fatima.messages) == said


@pytest.mark.parametrize(
    ("stage", "before", "said"),
    [
        (Stage.THREE_DAYS, timedelta(hours=49), "in 2 days"),
        (Stage.THREE_DAYS, timedelta(hours=25), "tomorrow at"),
        (Stage.ONE_DAY, timedelta(hours=4), "today at"),
        (Stage.ONE_DAY, timedelta(minutes=130), "in 2 hours and 10 minutes"),
        (Stage.TWO_HOURS, timedelta(minutes=10), "in 10 minutes"),
        (Stage.TWO_HOURS, timedelta(seconds=20), "in less than a minute"),
    ],
)
async def test_a_late_reminder_says_how_long_it_is_by_then(
    town: DayTown, fatima: Counted, booked: Booking, stage: Stage, before: timedelta, said: str
) -> None:
    town.now = known(booked.starts_at) - before
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=stage))
    assert f"Your appointment is {said}" in fatima.last.text


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(days=2), "موعدكم بعد يومين."),
        (timedelta(days=1), "موعدكم غداً الساعة"),
        (timedelta(minutes=10), "موعدكم بعد 10 دقائق."),
        (timedelta(seconds=20), "موعدكم بعد أقل من دقيقة."),
    ],
)
async def test_in_arabic_too(town: DayTown, before: timedelta, said: str) -> None:
    fatima = await town.living_in(language="en")
    booked = await town.booking(await town.book(fatima))
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET language = 'ar'")
    town.now = known(booked.starts_at) - before
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.THREE_DAYS))
    assert said in fatima.last.text.replace(RLM, "")


async def test_who_turned_reminders_off_gets_none(town: DayTown, fatima: Counted, booked: Booking) -> None:
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET wants_reminders = FALSE")
    said = len(fatima.messages)
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.ONE_DAY))
    assert len(fatima.messages) == said


@pytest.mark.starts_at(SUNDAY)
async def test_a_reminder_comes_in_arabic_to_who_reads_it(town: DayTown) -> None:
    fatima = await town.living_in(language="en")
    booked = await town.booking(await town.book(fatima))
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET language = 'ar'")
    await tell(town, booked, BookingReminder(booking=booked.id, version=booked.version, stage=Stage.THREE_DAYS))
    card = fatima.sees("3 أيام")
    assert "يُرجى إلغاء الموعد" in card.text
    assert labels(card) == ["إلغاء", "تغيير الموعد"]  # mirrored


# ---------------------------------------------------------------------------- the waiting list


@pytest.mark.starts_at(SUNDAY)
async def test_an_offer_says_until_when(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "offered", deadline=town.now + timedelta(hours=1))
    await tell(town, booked, SeatOffered(booking=booked.id, version=booked.version))
    card = fatima.sees("A time has become available for you.")
    assert "10:00" in card.text
    assert labels(card) == ["Accept", "Decline"]


async def test_an_offer_that_ended_is_not_made(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "offered", deadline=town.now)
    await tell(town, booked, SeatOffered(booking=booked.id, version=booked.version))
    fatima.does_not_see("A time has become available")


async def test_a_lapsed_offer_is_told_with_other_times(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "expired")
    await tell(town, booked, OfferLapsed(booking=booked.id))
    card = fatima.sees("You are no longer on the waiting list.\nThe nearest available times:")
    assert labels(card)[0] == "Rejoin the waiting list"
    assert town.day() in labels(card)[1]


async def test_who_let_an_offer_lapse_may_stand_in_line_again_with_all_that_was_told(
    town: DayTown, fatima: Counted, booked: Booking
) -> None:
    await town.fill_day(but=1)
    await set_status(town, booked, "expired")
    ali = await town.living_in(address="1002", name="Ali Hasan")
    await town.book(ali, phone="33123457")
    await tell(town, booked, OfferLapsed(booking=booked.id))
    await fatima.taps("Rejoin the waiting list")
    assert "The permit is late" in fatima.last.text
    await fatima.taps("Join the waiting list")
    fatima.sees("You are on the")


async def test_a_list_that_is_closed_is_not_offered_again(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "expired")
    town.now = known(booked.starts_at) + timedelta(hours=3)
    await tell(town, booked, OfferLapsed(booking=booked.id))
    assert "Rejoin the waiting list" not in labels(fatima.sees("You are no longer on the waiting list"))


async def test_where_no_time_is_free_nothing_else_is_said(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "expired")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE slots SET capacity = 0")
    notices: tuple[Notice, ...] = (OfferLapsed(booking=booked.id), WaitingEnded(booking=booked.id))
    for number, notice in enumerate(notices):
        await tell(town, booked, notice, key=f"none:{number}")
        assert "No other times are available now. You can join the waiting list for a day" in fatima.last.text
        assert "The nearest available times:" not in fatima.last.text
        assert "See all days" in labels(fatima.last)


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "it to someone else and you will lose your place on the waiting list."),
        (14, "that you will still keep your place on the waiting list."),
    ],
)
async def test_an_offer_says_what_becomes_of_the_place_in_line(
    town: DayTown, fatima: Counted, booked: Booking, hours: int, said: str
) -> None:
    town.now += timedelta(hours=hours)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET updated_at = :now", now=town.now)
    await set_status(town, booked, "offered", deadline=town.now + timedelta(hours=1))
    await tell(town, booked, SeatOffered(booking=booked.id, version=booked.version))
    assert said in fatima.sees("A time has become available for you.").text


@pytest.mark.starts_at(SUNDAY)
async def test_an_offer_at_night_makes_no_sound(town: DayTown, fatima: Counted, booked: Booking) -> None:
    town.now += timedelta(hours=14)
    await set_status(town, booked, "offered", deadline=town.now + timedelta(hours=8))
    await tell(town, booked, SeatOffered(booking=booked.id, version=booked.version))
    fatima.sees("A time has become available for you.")
    assert fatima.messages[-1].message.silent


async def test_who_slept_through_an_offer_hears_that_their_place_is_kept(
    town: DayTown, fatima: Counted, booked: Booking
) -> None:
    await set_status(town, booked, "waiting")
    await tell(town, booked, OfferLapsed(booking=booked.id))
    card = fatima.sees(
        "have your place on the waiting list. We will offer you the next time that becomes available here."
    )
    assert "Rejoin the waiting list" not in labels(card)


async def test_a_waiting_list_that_ended_is_told(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "expired")
    await tell(town, booked, WaitingEnded(booking=booked.id))
    card = fatima.sees("Sorry, no time became available on")
    assert "The nearest available times:" in card.text
    assert town.day() in labels(card)[0]


# ---------------------------------------------------------------------------- what the municipality did


async def test_a_cancelled_day_is_booked_anew_with_everything_told(
    town: DayTown, fatima: Counted, booked: Booking
) -> None:
    await set_status(town, booked, "cancelled_by_municipality", reason="National holiday")
    await tell(town, booked, BookingCancelled(booking=booked.id))
    card = fatima.sees("Sorry, the municipality has had")
    assert "National holiday" in card.text

    await fatima.taps(labels(card)[0])
    assert "The permit is late" in fatima.last.text
    await fatima.taps("Confirm")
    fatima.sees("Your appointment is confirmed.")


@pytest.mark.starts_at(SUNDAY)
async def test_closing_a_day_tells_its_people_why_in_their_language(town: DayTown, fatima: Counted) -> None:
    reference = await town.book(fatima)
    reason = Translations({"ar": "ظرف طارئ", "en": "An emergency"})
    await town.work(
        lambda work: sessions.close_day(work, OfficeId("capital"), date(2026, 11, 25), reason, staff_actor("1"))
    )

    card = fatima.sees("Sorry, the municipality has had")
    assert reference in card.text
    assert "An emergency" in card.text
    assert "ظرف طارئ" in town.chats["-1001"][-1].text  # the office's staff read it in theirs
    await fatima.says("/book")
    await fatima.taps(f"{town.day()} · closed")
    fatima.sees("no Customer Day")
    assert town.day(1) in fatima.labels[0]


async def test_a_moved_appointment_comes_with_its_calendar_file(
    town: DayTown, fatima: Counted, booked: Booking
) -> None:
    await tell(town, booked, BookingMoved(booking=booked.id, version=booked.version))
    fatima.sees("Sorry, the municipality has moved")
    assert fatima.last.message.files[0].mime == "text/calendar"


async def test_a_meeting_is_rated_by_one_tap(town: DayTown, fatima: Counted, booked: Booking) -> None:
    await set_status(town, booked, "attended")
    await tell(town, booked, RateMeeting(booking=booked.id))
    card = fatima.sees("How was your meeting on")
    assert labels(card) == ["1 ⭐", "2 ⭐", "3 ⭐", "4 ⭐", "5 ⭐"]
    await fatima.taps("5 ⭐")
    fatima.sees("Thank you for rating")


# ---------------------------------------------------------------------------- staff


@pytest.mark.parametrize("what", ["confirmed", "moved", "cancelled"])
async def test_a_card_tells_staff_what_happened_and_names_nobody(town: DayTown, booked: Booking, what: str) -> None:
    async with town.database.transaction() as tx:
        notice = StaffBooking(booking=booked.id, what=what)
        notify_office(town.desk.work(tx), booked.office, notice, key=f"test:{what}", subject=Subject("booking"))
    await town.deliver()

    card, said = town.staff_sees(CAPITAL)
    assert booked.reference in card
    assert booked.reference in said
    assert "The permit is late" in card
    for text in (card, said):
        assert "Fatima" not in text
        assert "3312" not in text


async def test_a_notice_is_said_only_to_those_whom_it_is_for(town: DayTown, booked: Booking) -> None:
    async with town.database.transaction() as tx:
        work, t = town.desk.work(tx), town.desk.catalogues.localizer(Language.EN)
        responder = Responder(work=work, links=town.desk.links, t=t)
        resident = await residents.by_id(work, booked.resident_id)
        with pytest.raises(ValueError, match=r"for staff \(staff_booking\)"):
            await render_notice(responder, StaffBooking(booking=booked.id, what="confirmed"), resident)
        with pytest.raises(ValueError, match=r"resident's notice \(offer_lapsed\)"):
            await render_notice(responder, OfferLapsed(booking=booked.id), None)
        assert responder.out == []
