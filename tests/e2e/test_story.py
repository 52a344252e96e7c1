"""The whole way of one matter: booked, arrived, called, met, promised, asked about, not kept, taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import STAFF_EN, BotMessage
from locales import Language
from storage.records.bookings import BookingStatus
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident
from tests.few_seats import few_seats
from tests.instants import SUNDAY

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    offices = few_seats(tmp_path, slots=4)
    async with municipality(tmp_path, in_process=True, offices=offices, hired=True) as started:
        yield started


async def _card(staff: Member, reference: str) -> BotMessage:
    """The living card of an appointment as the group sees it."""
    await staff.town.all_sent()
    (row,) = await staff.town.rows(
        """SELECT message FROM booking_cards WHERE message IS NOT NULL
           AND booking_id = (SELECT id FROM bookings WHERE reference = :reference)""",
        reference=reference,
    )
    return next(one for one in staff.person.messages if str(one.id) == row["message"])


async def _presses(staff: Member, reference: str, label: str) -> None:
    card = await _card(staff, reference)
    await staff.person.taps(staff.office_t.plain(label), on=card.id)
    await staff.town.all_sent()


async def _is(town: Municipality, reference: str, status: BookingStatus) -> None:
    await town.eventually(
        "SELECT count(*) FROM bookings WHERE reference = :ref AND status = :status",
        1,
        ref=reference,
        status=status.value,
    )


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("language", BOTH)
async def test_a_matter_from_the_booking_to_was_it_done(town: Municipality, language: Language) -> None:
    resident, staff = Resident.of(town, language), Member(town, STAFF_EN)

    # They book, and the team sees it without a name.
    reference = await resident.books()
    card = await _card(staff, reference)
    assert resident.person.account.first_name not in card.text

    # On the day they arrive, and are told their number.
    (row,) = await town.rows(
        """SELECT t.starts_at FROM bookings b JOIN slots t ON t.id = b.slot_id WHERE b.reference = :ref""",
        ref=reference,
    )
    starts_at = town.clock().fromisoformat(str(row["starts_at"]))
    await town.task.advance(starts_at - 10 * MINUTE - town.clock())
    await town.eventually(
        "SELECT count(*) FROM bookings b JOIN day_cards d ON d.session_id = b.session_id WHERE b.reference = :ref",
        1,
        ref=reference,
    )
    await _presses(staff, reference, "🟢 Arrived")
    await _is(town, reference, BookingStatus.CHECKED_IN)
    await resident.sees("🎫 Your number: ")

    # They are received, and something is promised.
    await town.task.advance(10 * MINUTE)
    await _presses(staff, reference, "🚪 In")
    await town.task.advance(12 * MINUTE)
    await _presses(staff, reference, "✅ Done")
    await _is(town, reference, BookingStatus.ATTENDED)
    await staff.sees("What was the outcome of the meeting?")
    await staff.taps("🤝 Promised")
    asked = await staff.sees("reply to this message with what was promised")
    await staff.says("The drain will be cleared", asked.id)
    for question in ("Who will do it?", "Until when?"):
        shown = await staff.sees(question)
        await staff.person.taps(shown.buttons[0][0], on=shown.id)
    await staff.sees("👁 <b>Outcome</b>. The visitor will see:")
    await staff.taps("✅ Send")

    # They have it in writing, in their language.
    promised = await resident.sees("The municipality promised you:")
    assert "The drain will be cleared" in promised.text

    # When it is due, they are asked, and it was not done.
    for _ in range(14):
        await town.task.advance(DAY)
        if await town.count("SELECT count(*) FROM promises WHERE asked_at IS NOT NULL"):
            break
    await resident.sees("Was it done?")
    await resident.taps("No")
    await town.all_sent()
    assert await town.rows("SELECT status FROM promises") == [{"status": "not_kept"}]
    assert await town.rows("SELECT closed_at FROM cases") == [{"closed_at": None}]  # the follow-up goes on
    assert town.sandbox.violations == []
