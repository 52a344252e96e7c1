"""Notices put into words, when they are sent: in the language the person has then, and only if still true."""

from __future__ import annotations

from conversations.booking import notices as booking_notices
from conversations.engine.step import Voice
from conversations.on_behalf import claims as claims_dialogue
from conversations.requests import notices as case_notices
from conversations.staff import alerts, card
from services.notify.notices import (
    BookingCancelled,
    BookingMoved,
    BookingReminder,
    CaseUpdate,
    FileRefused,
    MorningDigest,
    Notice,
    OfferLapsed,
    RateMeeting,
    SeatOffered,
    StaffAlarms,
    StaffBooking,
    StaffCard,
    StaffCase,
    StaffFiles,
    TakenForYou,
    WaitingEnded,
)
from storage.records import Resident


async def put_into_words(voice: Voice, notice: Notice, resident: Resident | None) -> None:
    """Say a notice; saying nothing means that it is no longer true. `resident` is None for a staff chat."""
    if resident is None:
        await _to_staff(voice, notice)
    else:
        await _to_resident(voice, notice, resident)


async def _to_resident(voice: Voice, notice: Notice, resident: Resident) -> None:
    match notice:
        case BookingReminder():
            await booking_notices.reminder(voice, notice, resident)
        case SeatOffered():
            await booking_notices.seat_offered(voice, notice, resident)
        case OfferLapsed():
            await booking_notices.offer_lapsed(voice, notice, resident)
        case WaitingEnded():
            await booking_notices.waiting_ended(voice, notice, resident)
        case BookingCancelled():
            await booking_notices.cancelled(voice, notice, resident)
        case BookingMoved():
            await booking_notices.moved(voice, notice, resident)
        case RateMeeting():
            await booking_notices.rate_meeting(voice, notice, resident)
        case CaseUpdate():
            await case_notices.update(voice, notice, resident)
        case FileRefused():
            await case_notices.file_refused(voice, notice, resident)
        case TakenForYou():
            await claims_dialogue.taken_for_you(voice, notice, resident)
        case StaffBooking() | StaffCard() | StaffFiles() | StaffCase() | StaffAlarms() | MorningDigest():
            raise ValueError(f"a card for staff was addressed to resident {resident.id}")


async def _to_staff(voice: Voice, notice: Notice) -> None:
    match notice:
        case StaffBooking():
            await card.booking(voice, notice)
        case StaffCard():
            await card.show(voice, notice)
        case StaffFiles():
            await card.files(voice, notice)
        case StaffCase():
            await card.news(voice, notice)
        case StaffAlarms():
            await alerts.alarms(voice, notice)
        case MorningDigest():
            await alerts.morning(voice, notice)
        case FileRefused():
            await case_notices.staff_file_refused(voice, notice)
        case _:
            raise ValueError(f"a resident's notice ({notice.about}) was addressed to a staff chat")
