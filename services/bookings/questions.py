"""What staff ask about an appointment, and what its visitor answers until the meeting is over.

A question that nobody answers is recalled once, and then the office is told.
"""

from __future__ import annotations

from datetime import datetime

from services import open_questions
from services.actors import CLOCK, NO_SUBJECT, Subject, booking_subject, resident_actor
from services.bookings import transitions
from services.bookings.bookings import has_passed
from services.bookings.event_details import Added, detail_of
from services.bookings.states import LIVE, SEATED, Transition
from services.bookings.transitions import added_key, locked, tell_office_besides
from services.cases.targets import closures_since
from services.cases.unanswered import hears, waits_until
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import BookingAsked
from services.notify.quiet_hours import by_day
from services.open_questions import HELD, Nothing, OpenQuestion, Said, TakenBack, TooLate
from services.unit_of_work import Work
from storage import booking_questions as rows
from storage import bookings as booking_rows
from storage import staff as staff_rows
from storage.booking_questions import BookingQuestion
from storage.ids import BookingId
from storage.records.bookings import Booking, BookingEvent, BookingEventKind
from storage.records.residents import Resident

E = BookingEventKind


def is_open(work: Work, booking: Booking) -> bool:
    """Whether its visitor can still say something before or in the meeting."""
    return booking.status in LIVE | SEATED and not has_passed(work, booking)


async def ask(work: Work, booking: Booking) -> None:
    """Owe the visitor a question that was just written into the history, and have it watched."""
    rows.ask(work.tx, booking.id, work.now, await waits_until(work, booking.office, work.now))
    await _tell(work, booking, work.now, again=False)


async def words_of(work: Work, booking: BookingId, asked_at: datetime) -> str:
    """The words of a question; "" where they were erased."""
    history = await booking_rows.events(work.tx, booking)
    return next((event.detail for event in history if event.what is E.ASKED and event.at == asked_at), "")


async def waiting(work: Work, booking: BookingId) -> BookingQuestion | None:
    """The question about an appointment that waits for its answer."""
    found = await rows.of(work.tx, booking)
    return found if found is not None and found.answered_at is None else None


async def of_resident(work: Work, resident: Resident) -> list[OpenQuestion]:
    """All that wait for this person."""
    found = [await _of(work, resident, question) for question in await rows.open_of(work.tx, resident.id)]
    return [one for one in found if one is not None]


async def _of(work: Work, resident: Resident, question: BookingQuestion) -> OpenQuestion | None:
    """None where the meeting is over, or the words are gone."""
    booking = await booking_rows.by_id(work.tx, question.booking_id)
    words = await words_of(work, question.booking_id, question.asked_at)
    if booking is None or not words or not is_open(work, booking):
        return None
    key = key_of(booking.id, words)
    told = [_told_key(booking.id, question.asked_at, again=again) for again in (False, True)]
    return OpenQuestion(
        reference=booking.reference,
        subject=booking_subject(booking.id),
        key=key,
        words=words,
        asked_at=question.asked_at,
        seen_at=await open_questions.seen_at(work, resident.id, key, told),
        told=tuple(told),
    )


async def _tell(work: Work, booking: Booking, asked_at: datetime, *, again: bool) -> None:
    await notify_resident(
        work,
        booking.resident_id,
        BookingAsked(booking=booking.id, at=asked_at, again=again),
        key=_told_key(booking.id, asked_at, again=again),
        subject=booking_subject(booking.id),
        not_before=by_day(work, work.now) if again else None,
    )


def key_of(booking: BookingId, words: str) -> str:
    """Which of all questions it is."""
    return f"booking_question:{booking}:{open_questions.of_words(words)}"


def _told_key(booking: BookingId, asked_at: datetime, *, again: bool) -> str:
    return f"booking_question:{booking}:{asked_at.isoformat()}:{'again' if again else 'first'}"


# ---------------------------------------------------------------------------- taking an answer back


async def about(work: Work, event_id: int) -> Subject:
    """Which appointment an answer belongs to; "" where there is none such."""
    answer = await rows.event(work.tx, event_id)
    return NO_SUBJECT if answer is None else booking_subject(answer.booking_id)


async def take_back(work: Work, resident: Resident, event_id: int) -> TakenBack | TooLate | Nothing:
    """Take back what a resident's message was taken for, with what they sent along since."""
    answer = await rows.event(work.tx, event_id)
    before = None if answer is None else await booking_rows.by_id(work.tx, answer.booking_id)
    if answer is None or before is None or before.resident_id != resident.id:
        return Nothing()
    board, booking = await locked(work, before)
    history = await booking_rows.events(work.tx, before.id)
    since = [one for one in history if one.id >= answer.id and one.what is not E.SEEN]
    theirs = [one for one in since if one.what is E.ADDED and one.actor == resident_actor(resident.id)]
    if not theirs or theirs[0].id != answer.id or any(one.what is E.TAKEN_BACK for one in since):
        return Nothing()
    said = Said(_words(theirs), tuple(await rows.files_since(work.tx, before.id, answer.at)))
    late = booking is None or work.now - answer.at > HELD or theirs != since or theirs[0].words_before is None
    if booking is None or late or not await _is_unknown(work, booking, theirs):
        return TooLate(said)
    changes = {"words": booking.words[: theirs[0].words_before]}
    await transitions.apply(work, board, booking, Transition.UNSAY, resident_actor(resident.id), changes)
    rows.withdraw(work.tx, booking.id, [one.id for one in theirs], [file.id for file in said.files])
    rows.reopen(work.tx, booking.id, work.now)
    return TakenBack(said)


def _words(events: list[BookingEvent]) -> str:
    details = [detail_of(event) for event in events]
    return "\n".join(detail.words for detail in details if isinstance(detail, Added))


async def _is_unknown(work: Work, booking: Booking, events: list[BookingEvent]) -> bool:
    """Whether the staff were not told of any of it; then they will not be."""
    return await staff_rows.drop_unsent(work.tx, [added_key(booking, event.at) for event in events])


# ---------------------------------------------------------------------------- unanswered


async def run_due(work: Work, limit: int = 50) -> int:
    """See to the questions whose time has come; how many were looked at."""
    due = await rows.to_look_at(work.tx, work.now, limit)
    for question in due:
        booking = await booking_rows.by_id(work.tx, question.booking_id)
        rows.look_again(work.tx, question.booking_id, None)
        if booking is not None and is_open(work, booking):
            await _look(work, booking, question)
    return len(due)


async def _look(work: Work, booking: Booking, question: BookingQuestion) -> None:
    due = await waits_until(work, booking.office, question.recalled_at or question.asked_at)
    if work.now < due:
        rows.look_again(work.tx, booking.id, due)
    elif question.recalled_at is None and await hears(work, booking.resident_id):
        booking_rows.add_event(work.tx, booking.id, work.now, CLOCK, E.REMINDED)
        rows.recalled(work.tx, booking.id, work.now, await waits_until(work, booking.office, work.now))
        await _tell(work, booking, question.asked_at, again=True)
    else:
        await _tell_team(work, booking)


async def _tell_team(work: Work, booking: Booking) -> None:
    """In its hours: whether to ask again, to call or to wait for the meeting is theirs to say."""
    opens = work.calendar.next_working_moment(booking.office, work.now, await closures_since(work, work.now))
    if opens > work.now:
        rows.look_again(work.tx, booking.id, opens)
        return
    booking_rows.add_event(work.tx, booking.id, work.now, CLOCK, E.UNANSWERED)
    tell_office_besides(work, booking, E.UNANSWERED)
