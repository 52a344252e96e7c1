"""Adding to an appointment what a message brings: words, files, a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from conversations.engine.draft_step import add_files
from conversations.engine.drafts import Draft
from conversations.engine.spoken import spoken
from conversations.engine.step import Reask, Turn
from services.bookings import bookings
from services.bookings.bookings import NotPossible
from services.text.normalise import MAX_TOLD, clean
from storage.records.bookings import Booking


@dataclass(frozen=True, slots=True)
class AddedToMeeting:
    """The line of the history that says so; not `whole` where there was no room for all the words."""

    event: int
    at: datetime
    whole: bool


async def add_to_meeting(
    turn: Turn, booking: Booking, *, held: timedelta | None = None
) -> AddedToMeeting | NotPossible | Reask:
    """Add what was just sent. `Reask` says what could not be kept; the office hears of it after it was `held`."""
    before = await bookings.files_of(turn.work, booking.id)
    added = await add_files(turn, Draft(files=tuple(file.id for file in before)))
    if added.trouble is not None:
        return Reask(added.trouble)
    words = clean(spoken(turn.t, turn.said), MAX_TOLD)
    noted = await bookings.add_note(turn.work, booking.reference, turn.resident, words, added.draft.files, held=held)
    if isinstance(noted, NotPossible):
        return noted
    *_, last = await bookings.history(turn.work, booking.id)
    return AddedToMeeting(last.id, last.at, noted.words.endswith(words))


def cut_words(turn: Turn, *, whole: bool) -> Markup | None:
    """Say that not all of it was kept; None where it was."""
    if whole:
        return None
    return turn.t("Your text was too long. We kept the first {n} characters.", n=MAX_TOLD)
