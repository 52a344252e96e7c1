"""An appointment is moved, cancelled, noted and answered from its card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.bookings import answers, bookings, desk_actions, releases
from services.staff.permissions import Person as Member
from services.unit_of_work import Work
from storage.database import Database
from storage.records.bookings import Booking, BookingEvent, BookingStatus
from tests.conversations.appointments.test_card import books, card_of, status, taps
from tests.conversations.staff.test_erasure_in_chats import forgets
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person
from tests.known import known


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


@pytest.fixture
async def booked(town: DeskTown, fatima: Person) -> Booking:
    return await books(town, fatima)


async def _now(town: DeskTown, booking: Booking) -> Booking:
    return known(await town.work(lambda work: bookings.by_id(work, booking.id)))


async def test_it_is_moved_by_a_second_tap_and_the_visitor_is_told(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await taps(town, booked, "🔁 تغيير الموعد")
    card = await card_of(town, booked)
    offered = next(one for row in card.message.rows for one in row if "bk_move_to" in one.data)
    await town.huda.taps_data(offered.data, card.number)
    assert (await _now(town, booked)).slot_id == booked.slot_id
    await taps(town, booked, "🔁 Move it")
    after = await _now(town, booked)
    assert after.slot_id != booked.slot_id
    assert "has moved" in fatima.last.text


async def test_it_is_cancelled_with_a_reason_that_the_visitor_reads(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await taps(town, booked, "✖️ إلغاء")
    assert await status(town, booked) is BookingStatus.CONFIRMED
    await taps(town, booked, "Nobody can receive visitors at this time")
    assert await status(town, booked) is BookingStatus.CANCELLED_BY_MUNICIPALITY
    assert any("Nobody can receive visitors at this time" in one.text for one in fatima.messages)
    assert not any("Fatima" in one.text for one in town.huda.messages)


async def test_back_changes_nothing(town: DeskTown, booked: Booking) -> None:
    await taps(town, booked, "✖️ إلغاء")
    await taps(town, booked, "⬅️ Back")
    assert await status(town, booked) is BookingStatus.CONFIRMED
    assert (await card_of(town, booked)).find("💬 الرد قبل الموعد") is not None


@pytest.mark.parametrize("argument", ["", "0", "99999", "x", "1" * 24])
async def test_a_made_up_time_moves_nothing(town: DeskTown, booked: Booking, argument: str) -> None:
    card = await card_of(town, booked)
    await town.huda.taps_data(f"desk:bk_move_yes:{booked.id}:{booked.version * 1000}:{argument}", card.number)
    assert (await _now(town, booked)).slot_id == booked.slot_id
    assert "no longer available" in town.huda.toast


async def test_a_forged_button_moves_nobody_to_another_office(town: DeskTown, booked: Booking) -> None:
    other, *_ = await town.rows(
        "SELECT sl.id FROM slots sl JOIN sessions s ON s.id = sl.session_id"
        " WHERE s.office <> :office AND sl.released_at <= :now AND sl.bookable_until > :now ORDER BY sl.starts_at",
        office=booked.office,
        now=town.now,
    )
    card = await card_of(town, booked)
    await town.huda.taps_data(f"desk:bk_move_yes:{booked.id}:{booked.version * 1000}:{other['id']}", card.number)
    assert (await _now(town, booked)).office == booked.office
    assert "no longer available" in town.huda.toast


async def test_an_answer_that_waits_is_dropped_when_the_visitor_is_forgotten(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await town.huda.replies(await card_of(town, booked), "The drain was cleared today")
    await forgets(fatima)
    assert "drain" not in str(await town.rows("SELECT * FROM staff_conversations"))


async def test_a_note_stays_among_staff(town: DeskTown, fatima: Person, booked: Booking) -> None:
    before = len(fatima.messages)
    await town.huda.replies(await card_of(town, booked), "#He has the map with him")
    await town.deliver()
    assert "He has the map with him" in (await card_of(town, booked)).text
    assert len(fatima.messages) == before


async def test_the_note_button_asks_and_the_next_reply_is_the_note(town: DeskTown, booked: Booking) -> None:
    await taps(town, booked, "📝 ملاحظة")
    await town.huda.replies(town.huda.sees("reply to this message with the note"), "Bring the file")
    assert ("staff:9001", "booking.noted") in await town.audited(f"booking:{booked.id}")


async def test_an_answer_before_the_day_is_shown_first_and_lets_the_visitor_release_the_seat(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await town.huda.replies(await card_of(town, booked), "The drain was cleared today")
    preview = town.huda.sees("The visitor will read this")
    assert "You have an appointment about this" in preview.text
    fatima.does_not_see("The drain")
    await town.yusuf.taps("✅ Send")
    assert "ليس من كتابتكم" in town.yusuf.toast  # not his words
    await town.huda.taps("✅ Send", repeat=2)
    await town.deliver()
    assert sum("The drain was cleared" in one.text for one in fatima.messages) == 1
    await fatima.taps("Release my appointment")
    await town.wait(releases.KEPT)
    await town.work(lambda work: releases.run_due(work, 9))
    assert await status(town, booked) is BookingStatus.CANCELLED_BY_RESIDENT


async def test_who_only_reads_along_writes_nothing(town: DeskTown, fatima: Person, booked: Booking) -> None:
    await town.council.replies(await card_of(town, booked), "The drain was cleared today")
    assert "Only these roles" in town.council.last.text
    await town.council.replies(await card_of(town, booked), "#a note")
    assert ("staff:9004", "denied.note") in await town.audited(f"booking:{booked.id}")
    fatima.does_not_see("The drain")


async def test_a_photo_for_an_appointment_is_declined_in_words(town: DeskTown, booked: Booking) -> None:
    await town.huda.sends(reply_to=(await card_of(town, booked)).number)
    assert "Files are not accepted here" in town.huda.last.text


async def _answers(town: DeskTown, booked: Booking, words: str = "The drain was cleared today") -> None:
    await town.huda.replies(await card_of(town, booked), words)
    await town.huda.taps("✅ Send")


async def test_an_answer_is_undone_and_the_visitor_is_asked_to_ignore_it(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    await _answers(town, booked)
    await town.deliver()
    fatima.sees("The drain was cleared today")
    await town.yusuf.says("/undo")
    town.yusuf.sees("لا توجد رسالة يمكن التراجع عنها.")
    await town.huda.says("/undo")
    await town.deliver()
    told = fatima.sees("Please ignore the municipality’s answer")
    assert "The drain was cleared today" in told.text
    assert "The drain" not in (await card_of(town, booked)).text
    await town.huda.says(f"/undo {booked.reference}")
    await town.deliver()
    assert sum("Please ignore" in one.text for one in fatima.messages) == 1
    assert ("staff:9001", "booking.answer_undone") in await town.audited(f"booking:{booked.id}")


async def test_an_answer_that_nobody_read_is_dropped_and_one_that_led_to_a_release_stays(
    town: DeskTown, fatima: Person, booked: Booking
) -> None:
    async def of_huda(work: Work) -> tuple[Booking, BookingEvent] | None:
        return await answers.last_of(work, Member("telegram", "9001"))

    async def undo(work: Work) -> object:
        found = await of_huda(work)
        assert found is not None
        return await answers.undo(work, Member("telegram", "9001"), *found)

    async def answer_and_undo(work: Work) -> object:
        await desk_actions.answer(work, Member("telegram", "9001"), booked, "Nobody read this")
        return await undo(work)

    assert await town.work(answer_and_undo) == answers.Undone(before_sent=True)
    await town.deliver()
    fatima.does_not_see("Nobody read this")
    fatima.does_not_see("Please ignore")
    assert await town.work(of_huda) is None

    await town.wait(timedelta(minutes=1))
    await _answers(town, booked)
    await town.deliver()
    await fatima.taps("Release my appointment")
    await town.huda.says("/undo")
    town.huda.sees("You can no longer undo this.")
    await town.wait(answers.UNDO_WITHIN + timedelta(seconds=1))
    await town.huda.says(f"/undo {booked.reference}")
    town.huda.sees("You can only undo an answer within")
