"""What staff find a case by: its words, spelt so that two spellings of a word come out the same.

The index is written when a case is filed. Where its words change later (more is told, answered, noted, erased) it is
emptied, and the clock writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.text.normalise import bare_words, content_words, normalise
from services.unit_of_work import Work
from storage import cases, desk
from storage.records import Case, CaseEvent


def write(work: Work, case: Case, events: Iterable[CaseEvent] = ()) -> None:
    """Write the index of a case with this history."""
    category = work.offices.category(case.category)
    told = (event.words for event in events)
    parts = (
        case.words,
        *((category.name.ar, category.name.en) if category else ()),
        case.project,
        case.registration,
        case.road,
        case.external_reference,
        *told,
    )
    # Its first event repeats the words it was filed with.
    text = " ".join(dict.fromkeys(part for part in parts if part))
    # Words and nothing between them, so that a whole one is told from the beginning of another.
    desk.index(work.tx, case.id, " ".join(bare_words(text)))


async def run_due(work: Work, limit: int = 200) -> int:
    """Write the index of cases that have none, at most `limit`; of how many."""
    waiting = await desk.to_index(work.tx, limit)
    for case in waiting:
        write(work, case, await cases.events(work.tx, case.id))
    return len(waiting)


def asked(text: str) -> list[str]:
    """The words to look for: those that say something; all of them where none does."""
    return list(dict.fromkeys(content_words(text))) or normalise(text).split()
