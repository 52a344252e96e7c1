"""What a message may be about that its writer already has here, and what is plainly new."""

from __future__ import annotations

from conversations.engine.step import Turn
from services.cases import resident_actions
from services.understanding.another import names_another
from services.understanding.understanding import Understood
from storage.records.cases import Case


def says_a_matter(turn: Turn) -> bool:
    """Whether the words just sent are enough for a request by themselves.

    They say what they are about and in which block; or that it is another matter than the last.
    """
    known = turn.work.understanding.of(turn.said.text, turn.work.today)
    if says_another(turn):
        return bool(known.about.categories)
    return known.about.sure and known.place.block is not None


def says_another(turn: Turn) -> bool:
    """Whether the words just sent begin with another matter: "I have another complaint", «عندي طلب ثاني»."""
    return names_another(turn.said.text)


async def alike_of(turn: Turn, known: Understood) -> list[Case]:
    """The open requests of theirs that a message may be about: of its category, and not of another block."""
    about, block = known.about.categories, known.place.block
    mine = await resident_actions.open_of(turn.work, turn.resident.id)
    return [
        case for case in mine if case.category in about and (block is None or case.block is None or case.block == block)
    ]
