"""Notices put into words, when they are sent: in the language the person has then, and only if still true."""

from __future__ import annotations

from conversations.booking import notices as booking_notices
from conversations.engine.step import Responder
from conversations.on_behalf import record_linking
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


async def render_notice(responder: Responder, notice: Notice, resident: Resident | None) -> None:
    """Say a notice; saying nothing means that it is no longer true. `resident` is None for a staff chat."""
    if resident is None:
        await _to_staff(responder, notice)
    else:
        await _to_resident(responder, notice, resident)


async def _to_resident(responder: Responder, notice: Notice, resident: Resident) -> None:
    match notice:
        case BookingReminder():
            await booking_notices.reminder(responder, notice, resident)
        case SeatOffered():
            await booking_notices.seat_offered(responder, notice, resident)
        case OfferLapsed():
            await booking_notices.offer_lapsed(responder, notice, resident)
        case WaitingEnded():
            await booking_notices.waiting_ended(responder, notice, resident)
        case BookingCancelled():
            await booking_notices.cancelled(responder, notice, resident)
        case BookingMoved():
            await booking_notices.moved(responder, notice, resident)
        case RateMeeting():
            await booking_notices.rate_meeting(responder, notice, resident)
        case CaseUpdate():
            await case_notices.update(responder, notice, resident)
        case FileRefused():
            await case_notices.file_refused(responder, notice, resident)
        case TakenForYou():
            await record_linking.taken_for_you(responder, notice, resident)
        case StaffBooking() | StaffCard() | StaffFiles() | StaffCase() | StaffAlarms() | MorningDigest():
            raise ValueError(f"a card for staff was addressed to resident {resident.id}")


async def _to_staff(responder: Responder, notice: Notice) -> None:
    match notice:
        case StaffBooking():
            await card.booking(responder, notice)
        case StaffCard():
            await card.show(responder, notice)
        case StaffFiles():
            await card.files(responder, notice)
        case StaffCase():
            await card.news(responder, notice)
        case StaffAlarms():
            await alerts.alarms(responder, notice)
        case MorningDigest():
            await alerts.morning(responder, notice)
        case FileRefused():
            await case_notices.staff_file_refused(responder, notice)
        case _:
            raise ValueError(f"a resident's notice ({notice.about}) was addressed to a staff chat")
