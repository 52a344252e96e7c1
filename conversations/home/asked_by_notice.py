"""What a notice asked with buttons, answered in words: "no, still full" is as good as a tap.

Is it solved? Will you take the time that is free? Was the promise kept? Only where one of these waits, and the words
say yes or no. What cannot be undone is left to its button, which is shown.
"""

from __future__ import annotations

from conversations.engine.messages import Kind
from conversations.engine.step import Next, Reask, Redirect, Turn
from conversations.requests.follow_up import Objecting, beside_others
from services.bookings import bookings
from services.cases import resident_actions
from services.cases.workflow import Transition, can
from services.promises import promises
from services.promises.promises import OpenPromise
from services.understanding.yes_or_no import is_bare, yes_or_no
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case


async def answered(turn: Turn) -> Next | None:
    """Take words as the answer to the one thing that a notice asks; None where they are none, or several wait."""
    said = turn.said
    if said.kind is not Kind.TEXT or said.forwarded or turn.acting is not None:
        return None
    yes = yes_or_no(said.text)
    waiting = [] if yes is None else await _waiting(turn)
    if yes is None or len(waiting) != 1 or _is_another_matter(turn, waiting[0]):
        return None
    match waiting[0]:
        case Booking(reference=reference):
            return Redirect("accept" if yes else "appointment", reference)
        case OpenPromise(promise=promise):
            return Redirect("was_done", f"{promise.id}.{'yes' if yes else 'no'}")
        case Case(reference=reference) if yes:
            return Redirect("fixed", reference)
        case Case(reference=reference):
            return await _not_fixed(turn, reference)
    return None


async def agreed(turn: Turn) -> Next | None:
    """What an "ok" agrees to; None where nothing waits, or several do, or a promise does.

    A time that is free is taken. A request is not closed by it: that is left to the button, which is shown.
    """
    if turn.said.forwarded or turn.acting is not None:
        return None
    waiting = await _waiting(turn)
    if len(waiting) != 1:
        return None
    match waiting[0]:
        case Booking(reference=reference):
            return Redirect("accept", reference)
        case Case(reference=reference):
            return Redirect("case", reference)
    return None


async def _waiting(turn: Turn) -> list[Booking | OpenPromise | Case]:
    work, resident = turn.work, turn.resident
    promised = [one for one in await promises.open_of(work, resident) if one.is_asked]
    kept_in = {one.case for one in promised}
    mine = await resident_actions.open_of(work, resident.id)
    return [
        *(one for one in await bookings.open_of(work, resident.id) if one.status is BookingStatus.OFFERED),
        *promised,
        *(case for case in mine if can(case, Transition.NOT_FIXED) and case.reference not in kept_in),
    ]


def _is_another_matter(turn: Turn, waiting: Booking | OpenPromise | Case) -> bool:
    """Whether the words tell of a danger, or plainly of something else than the request does."""
    known = turn.work.understanding.of(turn.said.text, turn.work.today)
    about = known.about.categories
    return known.danger is not None or (isinstance(waiting, Case) and bool(about) and waiting.category not in about)


async def _not_fixed(turn: Turn, reference: str) -> Next:
    """Ask what is not fixed; where they have just said so, only whether to send it."""
    if is_bare(turn.said.text):
        return Redirect("notfixed", reference)
    step = beside_others(turn, Objecting.model_validate({"reference": reference, "move": "not_fixed"}))
    kept = await step.absorb_unexpected(turn)
    return kept if kept is not None and kept.step is not None else Reask(step=step)
