"""An answer to a question of the municipality: where it goes, and how it is taken back. Nothing here is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.booking.adding import AddedToMeeting, add_to_meeting
from conversations.engine.messages import FileKind, IncomingFile
from conversations.engine.step import Reask, Turn
from conversations.home.kept import What
from conversations.home.open_questions import is_case
from conversations.requests.follow_up import add_heard
from services import open_questions
from services.bookings import bookings
from services.bookings import questions as booking_questions
from services.bookings.bookings import NotPossible
from services.cases import answers, resident_actions
from services.delegations import acting
from services.offices.offices import DangerId
from services.open_questions import HELD, Nothing, OpenQuestion, Said, TakenBack, TooLate
from services.text.normalise import MAX_TOLD, clean
from storage.ids import Reference
from storage.records.cases import CaseEvent

_CASE, _BOOKING = "c", "b"


@dataclass(frozen=True, slots=True)
class Given:
    """What was taken as an answer; `token` names it in a button. Not `whole` where there was no room for all of it."""

    token: str
    at: datetime
    whole: bool = True


async def is_theirs(turn: Turn, reference: Reference) -> bool:
    """Whether there still is such a request or appointment of this person's own."""
    if is_case(reference):
        case = await resident_actions.own(turn.work, reference, turn.resident)
        return case is not None and case.resident_id == turn.resident.id
    return await bookings.own(turn.work, reference, turn.resident) is not None


def show(turn: Turn, question: OpenQuestion) -> None:
    """They see a question now. What a delegate sees, the other has not."""
    if turn.acting is None:
        open_questions.note_shown(turn.work, turn.resident.id, question.key)


# ---------------------------------------------------------------------------- giving it


async def give_said(turn: Turn, reference: Reference, danger: DangerId | None) -> Given | Reask | None:
    """Give what was just sent as the answer; None where nothing can be added there any more."""
    if is_case(reference):
        added = await add_heard(turn, reference, danger, held=HELD)
        return added if isinstance(added, Reask) else _of_case(added)
    booking = await bookings.own(turn.work, reference, turn.resident)
    noted = NotPossible() if booking is None else await add_to_meeting(turn, booking, held=HELD)
    if isinstance(noted, NotPossible):
        return None
    return _of_meeting(noted) if isinstance(noted, AddedToMeeting) else noted


async def give(
    turn: Turn, reference: Reference, said: Said, danger: DangerId | None = None, *, held: timedelta | None = HELD
) -> Given | None:
    """Give what was sent before as the answer; None where nothing can be added there any more."""
    work, resident, files = turn.work, turn.resident, tuple(file.id for file in said.files)
    if is_case(reference):
        added = await resident_actions.add_information(
            work, reference, resident, said.words, files, danger=danger, held=held
        )
        return _of_case(added) if isinstance(added, CaseEvent) else None
    noted = await bookings.add_note(work, reference, resident, said.words, files, held=held)
    if isinstance(noted, NotPossible):
        return None
    *_, last = await bookings.history(work, noted.id)
    return Given(f"{_BOOKING}{last.id}", last.at, noted.words.endswith(said.words))


def _of_case(added: CaseEvent) -> Given:
    return Given(f"{_CASE}{added.id}", added.at)


def _of_meeting(added: AddedToMeeting) -> Given:
    return Given(f"{_BOOKING}{added.event}", added.at, added.whole)


# ---------------------------------------------------------------------------- taking it back


async def take_back(turn: Turn, token: str) -> TakenBack | TooLate | Nothing:
    """Take back what a button names. Its data comes from outside."""
    number = token[1:]
    if not (number.isascii() and number.isdecimal() and len(number) < 15):
        return Nothing()
    if turn.acting is not None and not await _is_theirs_to_take_back(turn, token):
        return Nothing()
    if token.startswith(_CASE):
        return await answers.take_back(turn.work, turn.resident, int(number))
    if token.startswith(_BOOKING):
        return await booking_questions.take_back(turn.work, turn.resident, int(number))
    return Nothing()


async def _is_theirs_to_take_back(turn: Turn, token: str) -> bool:
    """Whether an answer is about what came through the delegate: of all else they read nothing."""
    number = int(token[1:])
    about = await (
        answers.about(turn.work, number) if token.startswith(_CASE) else booking_questions.about(turn.work, number)
    )
    return turn.acting is not None and await acting.is_through(turn.work, turn.acting, about)


def kept(said: Said) -> What:
    """All of it, as if it had just been sent and nothing been asked."""
    files = tuple(
        IncomingFile(
            kind=FileKind(file.kind),
            remote_id=file.remote_id,
            unique_id=file.unique_id,
            name=file.name,
            mime=file.mime,
            size=file.size,
        )
        for file in said.files
    )
    return What(files=files).with_words(None, clean(said.words, MAX_TOLD))
