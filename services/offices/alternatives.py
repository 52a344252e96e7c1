"""A phrase whose words may have alternatives: "fell/fallen hole/pit" stands for four phrases."""

from __future__ import annotations

from functools import cached_property
from itertools import product
from math import prod
from typing import Annotated

from pydantic import AfterValidator

from services.offices.texts import Keywords, Line, wrong

_OR = "/"
#: Phrases that one line may stand for: enough for a dozen of verbs with a dozen of nouns. Each is looked for in every
#: message, and four words with ten alternatives each would already be ten thousand.
MOST_PHRASES = 200


def expanded(line: str) -> tuple[str, ...]:
    """The phrases that a line stands for: one for each choice among its alternatives."""
    return tuple(" ".join(chosen) for chosen in product(*_choices(line)))


def _choices(line: str) -> list[list[str]]:
    return [word.split(_OR) for word in line.split()]


def _checked(line: str) -> str:
    """The line, as it is written. Raises ValueError where a word is missing or too many phrases would come of it."""
    choices = _choices(line)
    if not all(word for choice in choices for word in choice):
        raise wrong(f"a word on either side of “{_OR}”, and no space beside it (in “{line}”)")
    count = prod(len(choice) for choice in choices)
    if count > MOST_PHRASES:
        raise wrong(f"a line that stands for at most {MOST_PHRASES} phrases (“{line}” stands for {count:,})")
    return line


Alternatives = Annotated[Line, AfterValidator(_checked)]


class Phrases(Keywords):
    """Phrases in each language, as they are written, with alternatives."""

    __pydantic_extra__: dict[str, tuple[Alternatives, ...]]

    ar: tuple[Alternatives, ...] = ()
    en: tuple[Alternatives, ...] = ()

    @cached_property
    def expanded(self) -> tuple[str, ...]:
        """Every phrase that the lines stand for, once."""
        return tuple(dict.fromkeys(phrase for line in self.all for phrase in expanded(line)))
