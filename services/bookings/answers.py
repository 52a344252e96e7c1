"""An answer to an appointment that was sent by mistake is taken back, as words about a request are.

While the visitor has not been told it is dropped. Else they are asked to disregard it. The history keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.actors import booking_in, booking_subject
from services.bookings import cards, fair_use, releases
from services.casework.replies import UNDO_WITHIN
from services.notify.enqueue import keys_of, notify_resident
from services.notify.notices.bookings import BookingAnswerUndone
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits.visits import Denied
from storage import audit
from storage import bookings as rows
from storage import staff as staff_rows
from storage.ids import BookingId
from storage.records.bookings import Booking, BookingEvent, BookingEventKind

__all__ = ["UNDO_WITHIN", "Denied", "Nothing", "Released", "TooLate", "Undone", "key_of", "last_of", "standing", "undo"]

E = BookingEventKind


@dataclass(frozen=True, slots=True)
class Undone:
    """`before_sent`: the visitor has not seen it; else they were asked to disregard it."""

    before_sent: bool


@dataclass(frozen=True, slots=True)
class TooLate:
    """More than two minutes have passed."""


@dataclass(frozen=True, slots=True)
class Released:
    """The visitor has given the appointment up because of it."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """It is another's, or was taken back already."""


def key_of(booking: BookingId, at: datetime) -> str:
    """What the notice of an answer is known by."""
    return f"booking_answered:{booking}:{at.astimezone(UTC).isoformat()}"


def standing(history: Iterable[BookingEvent]) -> tuple[BookingEvent, ...]:
    """The answers that were not taken back, the oldest first."""
    events = tuple(history)
    undone = {event.detail for event in events if event.what is E.ANSWER_UNDONE}
    return tuple(event for event in events if event.what is E.ANSWERED and event.at.isoformat() not in undone)


async def last_of(work: Work, person: Person, booking: Booking | None = None) -> tuple[Booking, BookingEvent] | None:
    """The last answer of a member, of late or to one appointment, that was not taken back."""
    if booking is None:
        since = work.now - UNDO_WITHIN
        found = booking_in(await audit.last_subject(work.tx, person.actor, f"booking.{E.ANSWERED}", since))
        booking = None if found is None else await rows.by_id(work.tx, found)
    if booking is None:
        return None
    mine = [one for one in standing(await rows.events(work.tx, booking.id)) if one.actor == person.actor]
    return (booking, mine[-1]) if mine else None


async def undo(
    work: Work, person: Person, booking: Booking, answer: BookingEvent
) -> Undone | TooLate | Released | Nothing | Denied:
    """Take back what a member answered less than two minutes ago."""
    subject = booking_subject(booking.id)
    if await guard(work, person, Act.REPLY, booking.office, subject) is None:
        return Denied()
    history = await rows.events(work.tx, booking.id)
    if answer.actor != person.actor or answer not in standing(history):
        return Nothing()
    if work.now - answer.at > UNDO_WITHIN:
        return TooLate()
    if booking.reason == fair_use.RELEASED or await releases.pending(work, booking) is not None:
        return Released()
    before_sent = await staff_rows.drop_unsent(work.tx, await keys_of(work, key_of(booking.id, answer.at), subject))
    rows.add_event(work.tx, booking.id, work.now, person.actor, E.ANSWER_UNDONE, answer.at.isoformat())
    audit.record(work.tx, work.now, person.actor, f"booking.{E.ANSWER_UNDONE}", subject)
    cards.owe_card(work, booking)
    if not before_sent:
        await notify_resident(
            work,
            booking.resident_id,
            BookingAnswerUndone(booking=booking.id, at=answer.at),
            key=f"booking_answer_undone:{booking.id}:{answer.at.isoformat()}",
            subject=subject,
        )
    return Undone(before_sent)
