"""An appointment while it is being booked: all that was entered so far, in whatever order it came."""

from __future__ import annotations

from datetime import date, time
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field

from conversations.engine.draft_step import Added, add_files, add_words
from conversations.engine.drafts import FormDraft, Piece
from conversations.engine.fields import take_name, take_phone
from conversations.engine.messages import Message
from conversations.engine.step import Reask, Turn
from services.bookings.bookings import Details
from services.bookings.meetings import LINK
from services.text.normalise import clean
from storage.ids import BookingId, FileId, OfficeId, SessionId, SlotId
from storage.records.bookings import Booking, Need

MAX_COMPANIONS = 3


class Seat(Message):
    """The seat held meanwhile."""

    booking: BookingId
    slot: SlotId
    session: SessionId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    until: AwareDatetime  # it is held; later it may be somebody else's


class Line(Message):
    """The waiting list to be joined instead, or the draw to apply for."""

    session: SessionId
    day: date
    draws_at: AwareDatetime | None = None  # where the day is to be drawn


class Wish(Message):
    """The day and the time that were said before the days were shown; None is what was not."""

    day: date | None = None
    clock: time | None = None


class BookingDraft(FormDraft):
    """Everything entered so far. `told`, `prepared`, `registered`: what may be skipped was asked."""

    form: ClassVar[str] = "booking"
    max_files: ClassVar[int] = 10
    office: OfficeId
    elsewhere: bool = False  # another office is to be chosen
    wish: Wish | None = None  # not looked for yet
    seat: Seat | None = None
    line: Line | None = None
    topic: str = ""
    told: bool = False
    companions: int = Field(default=0, ge=0, le=MAX_COMPANIONS)
    needs: tuple[Need, ...] = ()
    prepared: bool = False
    project: str = ""
    registration: str = ""
    registered: bool = False
    answers: dict[str, str] = Field(default_factory=dict)  # to further questions, by the name of the field
    name: str = ""
    phone: str = ""
    phone_own: bool = False
    without_phone: bool = False  # booked by staff for a visitor who has none
    phone_of: str = ""  # whose contact was shared, where it is not the sender's own

    @property
    def empty(self) -> bool:
        return not (self.seat or self.line or self.topic or self.pieces or self.files)

    def with_seat(self, booking: Booking) -> Self:
        """The draft with the seat that a held booking holds."""
        if booking.slot_id is None or not (booking.starts_at and booking.ends_at and booking.deadline):
            raise ValueError(f"booking {booking.reference} holds no seat")
        seat = Seat(
            booking=booking.id,
            slot=booking.slot_id,
            session=booking.session_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            until=booking.deadline,
        )
        return self.but(seat=seat, line=None)


def new_draft(turn: Turn, office: OfficeId, before: BookingDraft | None = None) -> BookingDraft:
    """A draft with what is known of the resident, and with what was told in the one before."""
    if before is not None:
        return before.but(
            office=office, elsewhere=False, seat=None, line=None, told=False, prepared=False, reviewing=False
        )
    name = take_name(turn, turn.resident.name)
    return BookingDraft(
        office=office,
        name="" if isinstance(name, Reask) else name,
        phone=turn.resident.phone,
        phone_own=turn.resident.phone_own,
    )


def draft_like(turn: Turn, earlier: Booking, files: tuple[FileId, ...]) -> BookingDraft:
    """A draft with all that was told for an earlier booking: only the time is open."""
    return new_draft(turn, earlier.office).but(
        topic=earlier.topic,
        pieces=(Piece(message=None, text=earlier.words),) if earlier.words else (),
        files=files,
        told=True,
        companions=earlier.companions,
        needs=earlier.needs,
        prepared=True,
        project=earlier.project,
        registration=earlier.registration,
        registered=True,
        answers={name: said for name, said in earlier.answers.items() if name != LINK},
    )


def details_of(draft: BookingDraft) -> Details:
    """What a booking keeps of a draft."""
    return Details(
        topic=draft.topic,
        words=draft.words,
        companions=draft.companions,
        needs=draft.needs,
        name=draft.name,
        phone=draft.phone,
        project=draft.project,
        registration=draft.registration,
        answers=draft.answers,
        files=draft.files,
    )


# ---------------------------------------------------------------------------- adding to it


async def add_said(turn: Turn, draft: BookingDraft) -> Added[BookingDraft]:
    """Keep whatever a message brings: files, words or a caption, a place, a phone number."""
    said, added = turn.said, await add_files(turn, draft)
    if said.contact is not None:
        added = with_phone(turn, added.draft)
    return add_words(turn, added, place=True)


def with_phone(turn: Turn, draft: BookingDraft) -> Added[BookingDraft]:
    """The draft with a number that was typed or shared."""
    phone = take_phone(turn, turn.said)
    if isinstance(phone, Reask):
        return Added(draft, phone.why)
    contact = turn.said.contact
    another = "" if contact is None or contact.own else (clean(contact.name, 80) or phone.number)
    return Added(draft.but(phone=phone.number, phone_own=phone.own, phone_of=another))
