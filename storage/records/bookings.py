"""Appointments and waiting-list entries, and their history."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum

from pydantic import Json

from storage.ids import BookingId, OfficeId, Reference, ResidentId, SessionId, SlotId
from storage.records import Instant, Record


class BookingStatus(StrEnum):
    HELD = "held"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED_BY_RESIDENT = "cancelled_by_resident"
    CANCELLED_BY_MUNICIPALITY = "cancelled_by_municipality"
    EXPIRED = "expired"


class Need(StrEnum):
    """What the municipality should prepare for a visitor."""

    WHEELCHAIR = "wheelchair"
    SIGN_LANGUAGE = "sign_language"
    INTERPRETER = "interpreter"
    OTHER = "other"


class Booking(Record):
    """A seat held, confirmed, offered or waited for. `starts_at` and `ends_at` are the slot's, where there is one."""

    id: BookingId
    reference: Reference
    office: OfficeId
    session_id: SessionId
    slot_id: SlotId | None
    seat: int | None
    resident_id: ResidentId
    status: BookingStatus
    version: int  # grows with each change a calendar must see
    topic: str
    words: str
    companions: int
    needs: Json[tuple[Need, ...]]
    name: str
    phone: str
    project: str
    registration: str
    answers: Json[dict[str, str]]  # to further questions, by the name of the field
    reason: str
    source: str
    sole: bool  # the one that its person, and its number, may have at the office
    deadline: Instant | None  # of a hold or an offer
    held_since: Instant | None
    waiting_since: Instant | None
    remind_at: Instant | None  # when the next reminder is due
    created_at: Instant
    updated_at: Instant
    confirmed_at: Instant | None
    day: date  # of the session
    starts_at: Instant | None
    ends_at: Instant | None

    @property
    def needs_json(self) -> str:
        """As the row keeps them."""
        return json.dumps(self.needs)

    @property
    def answers_json(self) -> str:
        """As the row keeps them."""
        return json.dumps(self.answers, ensure_ascii=False)


class BookingEventKind(StrEnum):
    HELD = "held"
    HOLD_RELEASED = "hold_released"
    HOLD_LAPSED = "hold_lapsed"
    CONFIRMED = "confirmed"
    JOINED = "joined"  # the waiting list
    OFFERED = "offered"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_DECLINED = "offer_declined"
    WAITING_ENDED = "waiting_ended"
    MOVED = "moved"
    MEETING_CHANGED = "meeting_changed"  # in person, by phone or by video
    CANCELLED = "cancelled"
    WILL_COME = "will_come"
    ADDED = "added"  # words or files for the meeting; `detail` is the words
    CHECKED_IN = "checked_in"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CALLED = "called"
    ENTERED = "entered"
    NOT_HERE = "not_here"  # called, and nobody came
    PUT_BACK = "put_back"  # others go before
    RETURNED = "returned"
    NOTED = "noted"  # among staff; `detail` is the words
    ANSWERED = "answered"  # by staff before the day; `detail` is the words
    ANSWER_UNDONE = "answer_undone"  # `detail` is when it was given
    ASKED = "asked"  # staff ask the visitor; `detail` is the question
    REMINDED = "reminded"  # the visitor, of the question
    UNANSWERED = "unanswered"  # nor by a reminder: the team was told
    TAKEN_BACK = "taken_back"  # what the visitor added was meant for something else
    SEEN = "seen"  # they reacted to what they were told
    LEFT = "left"  # without having been received
    TRANSFERRED = "transferred"  # to another line
    BESIDE = "beside"  # booked although there is another; `detail` is why
    UNDONE = "undone"  # the step before was a mistake
    DISOWNED = "disowned"  # the owner of the number it was booked under says that it is not theirs


class BookingEvent(Record):
    """One line of a booking's history. `detail` is a reason, the former time of a moved one, or what was added."""

    id: int
    booking_id: BookingId
    at: Instant
    actor: str
    what: BookingEventKind
    detail: str
    words_before: int | None = None  # of what was added: characters of the description that came before it
