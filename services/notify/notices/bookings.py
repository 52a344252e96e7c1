"""What residents and staff are told of appointments."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from services.notify.notices import Notice
from storage.ids import BookingId, CaseId, MessageId


class Stage(StrEnum):
    """Which reminder of an appointment."""

    THREE_DAYS = "3d"
    ONE_DAY = "1d"
    TWO_HOURS = "2h"


class BookingReminder(Notice):
    about: Literal["booking_reminder"] = "booking_reminder"
    booking: BookingId
    version: int  # of the booking reminded of: a moved one has a later version
    stage: Stage


class SeatOffered(Notice):
    """A seat is free for the first on the waiting list, until the booking's deadline."""

    about: Literal["seat_offered"] = "seat_offered"
    booking: BookingId
    version: int


class OfferLapsed(Notice):
    about: Literal["offer_lapsed"] = "offer_lapsed"
    booking: BookingId


class WaitingEnded(Notice):
    """The session waited for came and went, or was closed, without a seat."""

    about: Literal["waiting_ended"] = "waiting_ended"
    booking: BookingId


class Drawn(Notice):
    """The draw of a day they applied for: a time, or their position on the waiting list."""

    about: Literal["drawn"] = "drawn"
    booking: BookingId


class DrawCalledOff(Notice):
    """The draw they applied for was switched off: a time, or their position on the waiting list."""

    about: Literal["draw_called_off"] = "draw_called_off"
    booking: BookingId


class BookingCancelled(Notice):
    """By the municipality; the nearest free slots are offered."""

    about: Literal["booking_cancelled"] = "booking_cancelled"
    booking: BookingId


class BookingMoved(Notice):
    """By staff, for the resident."""

    about: Literal["booking_moved"] = "booking_moved"
    booking: BookingId
    version: int


class MeetingChanged(Notice):
    """Staff changed whether it takes place in person, by phone or by video."""

    about: Literal["meeting_changed"] = "meeting_changed"
    booking: BookingId
    version: int
    link: bool = False  # it was by video before, and has another link


class BookingAnswered(Notice):
    """Staff answered the visitor's matter before the day."""

    about: Literal["booking_answered"] = "booking_answered"
    booking: BookingId
    at: datetime  # of the answer in the booking's history


class BookingAsked(Notice):
    """Staff ask something about the appointment; `again` where nothing was answered."""

    about: Literal["booking_asked"] = "booking_asked"
    booking: BookingId
    at: datetime  # of the question in the booking's history
    again: bool = False


class BookingAnswerUndone(Notice):
    """An answer before the day was sent by mistake: they are asked to disregard it."""

    about: Literal["booking_answer_undone"] = "booking_answer_undone"
    booking: BookingId
    at: datetime  # of the answer


class BookingReleased(Notice):
    """They released an appointment that was answered before the day, and can no longer take that back."""

    about: Literal["booking_released"] = "booking_released"
    booking: BookingId
    message: MessageId | None = None  # that offered to take it back


class RateMeeting(Notice):
    about: Literal["rate_meeting"] = "rate_meeting"
    booking: BookingId


class MeetingOutcome(Notice):
    """The outcome of their meeting, in writing, or a correction of it."""

    about: Literal["meeting_outcome"] = "meeting_outcome"
    booking: BookingId
    version: int


class WhyNotCome(Notice):
    """They did not come to their appointment: asked once why, without blame."""

    about: Literal["why_not_come"] = "why_not_come"
    booking: BookingId


class StaffBooking(Notice):
    """A booking is new, moved, cancelled …"""

    about: Literal["staff_booking"] = "staff_booking"
    booking: BookingId
    what: str  # a booking event's word


class StaffBookingCard(Notice):
    """Update the card of an appointment."""

    about: Literal["staff_booking_card"] = "staff_booking_card"
    booking: BookingId


class TakenForYou(Notice):
    """What staff took by phone or at the counter is the resident's now; or (`clashes`) is not, for they have an
    appointment of their own on that day.
    """

    about: Literal["taken_for_you"] = "taken_for_you"
    case: CaseId | None = None
    booking: BookingId | None = None
    clashes: bool = False
