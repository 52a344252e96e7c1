"""A resident reacts with an emoji to what they were told: they saw it, and staff can see that they did."""

from __future__ import annotations

from datetime import timedelta

from services.actors import booking_in, case_in, resident_actor
from services.bookings import cards
from services.cases.updates import show_card
from services.delegations import acting
from services.unit_of_work import Work
from storage import asked, bookings, cases, outbox
from storage.ids import ChatId, MessageId
from storage.records.bookings import Booking, BookingEventKind
from storage.records.cases import Case, CaseEventKind
from storage.records.residents import Resident

_NO_SOONER = timedelta(hours=1)


async def seen(work: Work, resident: Resident, message: MessageId, emoji: str) -> Case | Booking | None:
    """Note that they saw a message that nobody had asked for; what it is about. None for any other message.

    Of several reactions to the same news the first is noted. What came through a delegate counts as seen by them too,
    and is not theirs.
    """
    subject = await outbox.push_at(work.tx, resident.channel, ChatId(resident.address), message)
    through = await acting.through(work, subject)
    delegated = through is not None and through.delegate_id == resident.id
    if (case_id := case_in(subject)) is not None:
        case = await cases.by_id(work.tx, case_id)
        own = case is not None and case.resident_id == resident.id
        if case is None or not (own or delegated):
            return None
        await _note_case(work, case, resident, emoji)
        return case if own else None
    booking_id = booking_in(subject)
    booking = None if booking_id is None else await bookings.by_id(work.tx, booking_id)
    own = booking is not None and booking.resident_id == resident.id
    if booking is None or not (own or delegated):
        return None
    await _note_booking(work, booking, resident)
    return booking if own else None


async def _note_case(work: Work, case: Case, resident: Resident, emoji: str) -> None:
    history = await cases.events(work.tx, case.id)
    told = [event for event in history if event.public and event.actor != resident_actor(resident.id)]
    if any(event.what is CaseEventKind.SEEN and (not told or event.id > told[-1].id) for event in history):
        return
    actor = resident_actor(resident.id)
    await cases.add_event(work.tx, case.id, work.now, actor, CaseEventKind.SEEN, public=False, words=emoji)
    show_card(work, case.id, case.office)


async def _note_booking(work: Work, booking: Booking, resident: Resident) -> None:
    history = await bookings.events(work.tx, booking.id)
    if history and history[-1].what is BookingEventKind.SEEN:
        return
    bookings.add_event(work.tx, booking.id, work.now, resident_actor(resident.id), BookingEventKind.SEEN)
    cards.owe_card(work, booking)


async def is_offered_help(work: Work, resident: Resident, message: MessageId, reference: str) -> bool:
    """Whether who despairs under a message is to be offered a next step: once for each, and not twice in an hour."""
    what, about = f"despair:{message}", f"despair_of:{reference}"
    before = await asked.last_asked(work.tx, resident.id, about)
    if await asked.last_asked(work.tx, resident.id, what) is not None:
        return False
    if before is not None and work.now - before < _NO_SOONER:
        return False
    asked.note(work.tx, resident.id, what, work.now)
    asked.note(work.tx, resident.id, about, work.now)
    return True
