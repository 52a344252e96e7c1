"""What staff find a case by: its words, spelt so that two spellings of a word come out the same.

The words are written when a case is filed. Where they change later (more is told, answered, noted, erased) they are
emptied, and the clock writes them anew; it also takes them into the index, many cases at a time.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.text.normalise import bare_words, content_words, normalise
from services.unit_of_work import Work
from storage import cases, search
from storage.records.cases import Case, CaseEvent


def write(work: Work, case: Case, events: Iterable[CaseEvent] = ()) -> None:
    """Write the index of a case with this history."""
    category = work.offices.category(case.category)
    told = (event.words for event in events)
    parts = (
        case.words,
        *(category.name.texts if category else ()),
        case.project,
        case.registration,
        case.road,
        case.external_reference,
        *told,
    )
    # Its first event repeats the words it was filed with.
    text = " ".join(dict.fromkeys(part for part in parts if part))
    # Words and nothing between them, so that a whole one is told from the beginning of another.
    search.put_words(work.tx, case.id, " ".join(bare_words(text)))


#: Grows with each change of `services.text.normalise`: the words of all cases are then written anew.
SPELLING = 2


async def run_due(work: Work, limit: int = 200) -> int:
    """Index at most `limit` cases and return how many; once none waits, those whose words were spelt differently."""
    waiting = await search.to_index(work.tx, limit) or [
        (case, False) for case in await search.spelt_differently(work.tx, SPELLING, limit)
    ]
    for case, has_words in waiting:
        if not has_words:
            write(work, case, await cases.events(work.tx, case.id))
    if waiting:
        await search.add_to_index(work.tx, [case.id for case, _ in waiting])
    return len(waiting)


async def tidy(work: Work, limit: int = 64) -> int:
    """Merge what the index was given bit by bit, at most `limit` pages; 0 once there is nothing to merge."""
    return int(await search.tidy_index(work.tx, limit))


def asked(text: str) -> list[str]:
    """The words to look for: those that say something; all of them where none does."""
    return list(dict.fromkeys(content_words(text))) or normalise(text).split()
