"""An appointment while it is being booked: all that was entered so far, in whatever order it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from markupsafe import Markup
from pydantic import AwareDatetime, Field

from conversations.asking import keep_files, take_name, take_phone
from conversations.messages import Message
from conversations.step import Again, Talk
from services.bookings import Details
from services.words import clean
from storage.ids import BookingId, FileId, OfficeId, SessionId, SlotId
from storage.records import Booking, Need

MAX_WORDS = 4000  # characters of what the meeting is about
MAX_FILES = 10
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
    """The waiting list to be joined instead."""

    session: SessionId
    day: date


class Piece(Message):
    """The words of one message, so that an edit of the message corrects them."""

    message: int | None
    text: str


class BookingDraft(Message):
    """Everything entered so far. `told`, `prepared`, `registered`: a question that may be skipped was asked."""

    office: OfficeId
    seat: Seat | None = None
    line: Line | None = None
    topic: str = ""
    pieces: tuple[Piece, ...] = ()
    files: tuple[FileId, ...] = ()
    told: bool = False
    companions: int = Field(default=0, ge=0, le=MAX_COMPANIONS)
    needs: tuple[Need, ...] = ()
    prepared: bool = False
    project: str = ""
    registration: str = ""
    registered: bool = False
    name: str = ""
    phone: str = ""
    phone_own: bool = False
    phone_of: str = ""  # whose contact was shared, where it is not the sender's own
    reviewing: bool = False  # all was answered once: what is asked now is a correction

    @property
    def words(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def empty(self) -> bool:
        return not (self.seat or self.line or self.topic or self.pieces or self.files)

    def but(self, **changes: object) -> Self:
        """The draft, validated, with changes."""
        return self.model_validate({**dict(self), **changes})

    def room_beside(self, message: int | None) -> int:
        """How many characters the words of a message may have beside the others."""
        others = (piece for piece in self.pieces if message is None or piece.message != message)
        return MAX_WORDS - sum(len(piece.text) + 1 for piece in others)

    def with_words(self, message: int | None, text: str) -> Self:
        """The draft with the words of a message, or those of an edited one corrected; what is over MAX_WORDS is cut."""
        room = self.room_beside(message)
        words = clean(text, room) if room > 0 else ""
        new = (Piece(message=message, text=words),) if words else ()
        at = next(
            (i for i, piece in enumerate(self.pieces) if piece.message == message and message is not None),
            len(self.pieces),
        )
        return self.but(pieces=(*self.pieces[:at], *new, *self.pieces[at + 1 :]))

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


def new_draft(talk: Talk, office: OfficeId, before: BookingDraft | None = None) -> BookingDraft:
    """A draft with what is known of the resident, and with what was told in the one before."""
    if before is not None:
        return before.but(office=office, seat=None, line=None, topic="", told=False, prepared=False, reviewing=False)
    name = take_name(talk, talk.resident.name)
    return BookingDraft(
        office=office,
        name="" if isinstance(name, Again) else name,
        phone=talk.resident.phone,
        phone_own=talk.resident.phone_own,
    )


def draft_like(talk: Talk, earlier: Booking, files: tuple[FileId, ...]) -> BookingDraft:
    """A draft with all that was told for an earlier booking: only the time is open."""
    return new_draft(talk, earlier.office).but(
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
        files=draft.files,
    )


# ---------------------------------------------------------------------------- adding to it


@dataclass(frozen=True, slots=True)
class Added:
    """The draft with what a message brought. `trouble` is what could not be kept, and why."""

    draft: BookingDraft
    trouble: Markup | None = None


async def add_said(talk: Talk, draft: BookingDraft) -> Added:
    """Keep whatever a message brings: files, words or a caption, a place, a phone number."""
    said, added = talk.said, Added(draft)
    if said.files:
        added = await _with_files(talk, added)
    if said.place is not None:
        spot = f"{said.place.latitude:.5f}, {said.place.longitude:.5f}"
        added = Added(added.draft.with_words(said.message, spot), added.trouble)
    if said.contact is not None:
        added = with_phone(talk, added.draft)
    elif said.text:
        added = _with_text(talk, added)
    return added


async def _with_files(talk: Talk, added: Added) -> Added:
    draft, t = added.draft, talk.t
    if len(draft.files) + len(talk.said.files) > MAX_FILES:
        return Added(draft, t.plural("At most {n} file can be attached.", "At most {n} files can be attached.",
                                     MAX_FILES))  # fmt: skip
    kept = await keep_files(talk)
    return Added(draft.but(files=tuple(dict.fromkeys((*draft.files, *kept.files)))), kept.trouble)


def _with_text(talk: Talk, added: Added) -> Added:
    message, text = talk.said.message, talk.said.text
    draft = added.draft.with_words(message, text)
    if len(clean(text, MAX_WORDS + 1)) <= added.draft.room_beside(message):
        return Added(draft, added.trouble)
    return Added(draft, talk.t("A description holds {n} characters. The beginning of yours was kept.", n=MAX_WORDS))


def with_phone(talk: Talk, draft: BookingDraft) -> Added:
    """The draft with a number that was typed or shared."""
    phone = take_phone(talk, talk.said)
    if isinstance(phone, Again):
        return Added(draft, phone.why)
    contact = talk.said.contact
    another = "" if contact is None or contact.own else (clean(contact.name, 80) or phone.number)
    return Added(draft.but(phone=phone.number, phone_own=phone.own, phone_of=another))
