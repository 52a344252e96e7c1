"""`/undo` where the last thing that a member sent was an answer to an appointment."""

from __future__ import annotations

from datetime import datetime

from conversations.appointments.words import replied_booking
from conversations.staff.context import StaffContext
from services.actors import booking_subject
from services.bookings import answers, bookings
from services.bookings.answers import Denied, Nothing, Released, TooLate, Undone
from services.text.references import parse_reference
from storage.records.bookings import Booking, BookingEvent


async def to_undo(context: StaffContext, after: datetime | None) -> tuple[Booking, BookingEvent] | None:
    """The answer that `/undo` is about: to the appointment that is named or replied to, or the last, if it is `after`.

    In a group only of its own offices.
    """
    work, person = context.work, context.person
    named = await _named(context)
    found = await answers.last_of(work, person, named)
    if found is None or (context.said.group and found[0].office not in await context.offices_here()):
        return None
    return found if named is not None or after is None or found[1].at >= after else None


async def _named(context: StaffContext) -> Booking | None:
    said = context.said
    reference = parse_reference(said.argument) if said.argument else None
    if reference is not None:
        return await bookings.by_reference(context.work, reference)
    return await replied_booking(context)


async def undone(context: StaffContext, booking: Booking, answer: BookingEvent) -> None:
    t, reference = context.t, context.t.ref(booking.reference)
    match await answers.undo(context.work, context.person, booking, answer):
        case Denied():
            text = t("You do not have permission to do this")
        case Nothing():
            text = t("You have nothing to undo.")
        case TooLate():
            text = t(
                "You can only undo an answer within {minutes} of sending it. To correct it, answer {reference} again.",
                minutes=t.duration(answers.UNDO_WITHIN),
                reference=reference,
            )
        case Released():
            text = t("You can no longer undo this. The visitor of {reference} has released it.", reference=reference)
        case Undone(before_sent=True):
            text = t(
                "↩️ You have undone your answer about {reference}. The visitor did not see it.", reference=reference
            )
        case Undone():
            text = t(
                "↩️ You have undone your answer about {reference}. The visitor had it already, so we have asked them to "
                "ignore it.",
                reference=reference,
            )
    context.say(text, subject=booking_subject(booking.id), reply_to=context.said.message)
