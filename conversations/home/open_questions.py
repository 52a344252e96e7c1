"""What the municipality asked a person and waits to hear, whatever it is about."""

from __future__ import annotations

from conversations.engine.step import Turn
from services.bookings import questions as booking_questions
from services.cases import questions as case_questions
from services.delegations import acting, asked
from services.open_questions import OpenQuestion


async def open_of(turn: Turn) -> tuple[OpenQuestion, ...]:
    """All that this person was asked and has not answered, the newest first."""
    work, resident = turn.work, turn.resident
    found = [
        *await case_questions.of_resident(work, resident),
        *await booking_questions.of_resident(work, resident),
    ]
    if turn.acting is not None:  # a delegate knows of what came through them, and of nothing else
        found = [one for one in found if await acting.is_through(work, turn.acting, one.subject)]
    return tuple(sorted(found, key=lambda one: (one.asked_at, one.key), reverse=True))


async def answerable(turn: Turn) -> list[OpenQuestion]:
    """The same, with what they may answer for somebody else."""
    theirs = [one.question for one in await asked.of_delegate(turn.work, turn.resident)]
    return sorted((*await open_of(turn), *theirs), key=lambda one: (one.asked_at, one.key), reverse=True)


def is_case(reference: str) -> bool:
    return reference.startswith("C")
