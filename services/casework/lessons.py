"""Where the rules are wrong: what they make of requests, beside what residents and staff made of them in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.casework import block_corrections
from services.casework.queries import midnight
from services.understanding.words import words
from services.unit_of_work import Work
from storage import learning
from storage.ids import CategoryId, OfficeId, Reference

EXAMPLES = 3  # references that are named of each mistake
_COMMON = 2  # times a word must have been said before it is named


@dataclass(slots=True)
class Lessons:
    """What the rules got right and wrong, and the words that they do not know."""

    requests: int = 0
    corrected: int = 0  # by staff: another category or office
    first: int = 0  # the likeliest category was the right one
    among_three: int = 0
    unknown: int = 0  # no category was recognised
    offices: int = 0  # an office was recognised
    wrong_offices: list[Reference] = field(default_factory=list)
    mistakes: dict[tuple[CategoryId, CategoryId], list[Reference]] = field(default_factory=lambda: defaultdict(list))
    unheard: Mapping[CategoryId, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def worst(self) -> list[tuple[tuple[CategoryId, CategoryId], list[Reference]]]:
        """(taken for, was) with the references, the most frequent first."""
        return sorted(self.mistakes.items(), key=lambda one: (-len(one[1]), one[0]))

    def words_of(self, category: CategoryId) -> list[str]:
        """Words that were said of a category and not understood, more than once: keywords that may be missing."""
        return [word for word, said in self.unheard[category].most_common() if said >= _COMMON]


async def learn(work: Work, since: date) -> Lessons:
    """Compare the rules that hold now with every request since a day. Ask with work that only reads: it takes long."""
    lessons = Lessons()
    async for row in learning.told(work.tx, midnight(work, since)):
        reference, category = Reference(str(row["reference"])), CategoryId(str(row["category"]))
        said = str(row["words"])
        known = work.understanding.of(said, work.today)
        lessons.requests += 1
        lessons.corrected += bool(row["corrected"])
        likely = known.about.categories
        lessons.first += likely[:1] == (category,)
        lessons.among_three += category in likely
        if not likely:
            lessons.unknown += 1
            lessons.unheard[category].update(set(words(said)))
        elif likely[0] != category:
            lessons.mistakes[likely[0], category].append(reference)
        block = known.place.block
        match = None if block is None else await block_corrections.office_of(work, block)
        whose = known.place.whose(match)
        if whose is not None and whose.sure:
            lessons.offices += 1
            if whose.office != OfficeId(str(row["office"])):
                lessons.wrong_offices.append(reference)
    return lessons
