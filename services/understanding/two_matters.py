"""Two matters in one message: "the lamp is out and also the rubbish isn't collected".

A message is two matters where one part of it is plainly about one category, the rest plainly about another, and neither
part could be about the other's. Whoever wrote it decides: the parts are offered as two requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.understanding.categories import Likely
from services.understanding.places import begins_with_address
from storage.ids import CategoryId

_PARTS_AT = 12  # places at most where a message is tried to be parted
_SHORTEST = 2  # words of a part
_LONGEST = 600  # characters: a longer text tells one story, and mentions much
# Where another matter may begin. Arabic joins its "and" to the word that follows.
_JOINTS = (
    r"\s*(?:[.;,!\n]|\+|&|\b(?:and also|and|also|plus|as well as)\b)\s*",
    r"\s*[،؛]\s*|\s+(?:وبعد|وكمان|وايضا|وأيضا|وأيضاً|بعد|كذلك|كمان)\s+",  # not a text: what people type
    r"\s+(?=و(?:ال)?[^\W\d_]{3})",  # not a text: what people type
)
_JOINT = re.compile("|".join(_JOINTS), re.IGNORECASE)
_AND = re.compile(r"^(?:and|also|too|بعد|كمان|أيضا|ايضا)\s+|^و(?=ال)", re.IGNORECASE)  # not a text: what people type


@dataclass(frozen=True, slots=True)
class Matter:
    """A part of a message, in its own words, and what it is about."""

    words: str
    category: CategoryId


def two_matters(text: str, about: Callable[[str], Likely]) -> tuple[Matter, Matter] | None:
    """The two matters of a message; None where it is one, or where that is not plain."""
    parts = list(_parts(text)) if len(text) <= _LONGEST else []
    for first, second in sorted(parts, key=lambda part: begins_with_address(part[1])):  # "block 338, road 12 and the"
        one, other = about(first), about(second)
        if not (one.sure and other.sure):
            continue
        if one.categories[0] not in other.categories and other.categories[0] not in one.categories:
            return Matter(first, one.categories[0]), Matter(second, other.categories[0])
    return None


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The two parts of a text at each place where another matter may begin."""
    for number, joint in enumerate(_JOINT.finditer(text)):
        if number == _PARTS_AT:
            return
        first, second = text[: joint.start()].strip(), _AND.sub("", text[joint.end() :].strip())
        if min(len(first.split()), len(second.split())) >= _SHORTEST:
            yield first, second
