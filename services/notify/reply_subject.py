"""What a message of ours is about, as its row in the outbox says: `case:12`, `booking:7`."""

from __future__ import annotations

from services.actors import NO_SUBJECT, Subject, booking_subject, case_subject
from services.text.references import references_in
from services.unit_of_work import Work
from storage import bookings, cases, outbox
from storage.ids import ChatId, MessageId


async def replied_subject(work: Work, channel: str, chat: ChatId, message: MessageId, text: str) -> Subject:
    """What the message of ours that somebody replies to is about; "" where it is about nothing in particular.

    Where no row says so, because it was deleted after its time or because we were killed between sending the message
    and noting its number, the message itself may: by the one reference in its `text`. Whoever replies may have made us
    name a reference that is none of theirs, so what they may do with it is still to be asked.
    """
    if noted := await outbox.subject_of(work.tx, channel, chat, message):
        return Subject(noted)
    named = set(references_in(text))
    if len(named) != 1:
        return NO_SUBJECT
    (reference,) = named
    if reference.startswith("C"):
        case = await cases.by_reference(work.tx, reference)
        return NO_SUBJECT if case is None else case_subject(case.id)
    booking = await bookings.by_reference(work.tx, reference)
    return NO_SUBJECT if booking is None else booking_subject(booking.id)
