"""Where it is: building, road and block as they are said inside a sentence, and whose that place is.

A number is taken for what it is called: "block 338", "طريق ٣٨٣١". A number that nothing names may be a price or a
day, so it is left alone, unless the message is nothing but an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.offices.addresses import parse_address
from services.offices.geography import BlockMatch
from services.offices.offices import Offices
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.normalise import normalise
from services.understanding.phrases import Hit, Phrases
from services.understanding.short_names import named_in_short, short_names
from services.understanding.words import forms
from storage.ids import OfficeId

# As `normalise` writes them: مبنى is مبني, بناية is بنايه.

_CALLED = r"\s*(?:رقمه|رقمها|رقم|ال|no|nr|number|num|n|#)?\s*[-.:#=]?\s*"

_BLOCK = re.compile(
    rf"(?<!\w)(?:[بفول]{{0,2}}?(?:ال)?مجم+ع|(?:ال)?بلو?ك|م|block|blok|mjma3|mujamma3|majma3|mojama3|blcok|bloc|blk|bl|b){_CALLED}(\d{{3,4}})(?!\d)"
)

_ROAD = re.compile(
    rf"(?<!\w)(?:[بفول]{{0,2}}?(?:ال)?(?:طريق|طريج|شارع|رود)|ط|ش|road|raod|rode|6aree8|6areeq|6ariq|tareeq|tareeg|rd|r|street|st|avenue|ave|lane|way){_CALLED}"
    r"(\d{1,4})(?!\d)(?!\s*(?:st|nd|rd|th)\b)"
)

_BUILDING = re.compile(
    rf"(?<!\w)(?:[بفول]{{0,2}}?(?:ال)?(?:مبني|بنايه|عماره|منزل|بيت(?:نا|ي)?|فيلا)|building|buildng|bldg|bld|house|hse|villa|home)"
    rf"{_CALLED}(\d{{1,5}}[a-z]?)(?!\w)"
)
_ONLY_ADDRESS = 40  # characters: more is no address by itself
# Words before a name that make a place of it: many villages' names are other words besides ("جو" is also weather).

_IN = frozenset(
    [
        "في",
        "منطقه",
        "قريه",
        "مدينه",
        "بلديه",
        "محافظه",
        "سكنه",
        "حي",
        "فريج",
        "ضاحيه",
        "من",
        "عند",
        "صوب",
        "اهالي",
        "in",
        "at",
        "near",
        "of",
        "area",
        "village",
        "town",
    ]
)
_JOINS = frozenset(["في", "ب", "عند", "قرب", "على", "in", "at", "on", "near", "of", "from", "to", "by"])
_LETTERS = re.compile(r"[^\W\d]{2,}")
_JOINED_TO = re.compile(r"[بف](?:ال)?(?:مجم|مبني|بناي|طري|شارع|منزل|فيلا|عمار)")
_JOINED, _IN_THE = "ب", "بال"
_SHORT_NAME, _SHORTEST_NAME = 3, 2  # letters, without "the"

_ROADS = frozenset(["شارع", "طريق", "جسر", "دوار", "road", "highway", "avenue", "street", "causeway", "roundabout"])


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """What was said of a place; what was not is None or empty. `named`: the offices whose name or area was said."""

    block: int | None = None
    road: str = ""
    building: str = ""
    named: frozenset[OfficeId] = frozenset()

    def whose(self, match: BlockMatch | None) -> BlockMatch | None:
        """Whose the place is, with what is known of its block; None where nothing is, or the two disagree."""
        if match is None:
            sure = self.block is None
            return BlockMatch(next(iter(self.named)), sure=sure) if len(self.named) == 1 else None
        return match if self.named <= {match.office} else None


NOWHERE = SaidPlace()


class PlaceRules:
    """The names of offices and of the areas they serve, ready to be looked for."""

    def __init__(self, offices: Offices) -> None:
        land = offices.geography
        served = {area.office for area in land.areas} | ({land.elsewhere} if land.elsewhere else set())
        self._names = Phrases({one.id: one.name.texts for one in offices.all})
        self._areas = Phrases({one.id: one.keywords for one in offices.all if one.id in served})
        self._short_names = short_names((one.id, one.short_name.texts) for one in offices.all if one.id in served)

    def place(self, text: str, said: list[str]) -> SaidPlace:
        """The place that a message names."""
        block, road, building = _address(text)
        return SaidPlace(block, road, building, frozenset(self._named(said)))

    def _named(self, said: list[str]) -> set[OfficeId]:
        named = {hit.meant for hit in self._names.find(said) if _side_by_side(hit) and hit.sure == 1}
        for hit in self._areas.find(said):
            if hit.sure == 1 and _side_by_side(hit) and _is_name(said, hit) and _is_place(said, hit):
                named.add(hit.meant)
        return named | named_in_short(said, self._short_names)


def _side_by_side(hit: Hit[OfficeId]) -> bool:
    return hit.places == tuple(range(hit.places[0], hit.places[0] + len(hit.phrase)))


def _is_name(said: list[str], hit: Hit[OfficeId]) -> bool:
    """Whether the words are the name itself, with no more than "in" or "the" joined to it."""
    return all(_bare(said[at]) == _bare(word) for at, word in zip(hit.places, hit.phrase, strict=True))


def _is_place(said: list[str], hit: Hit[OfficeId]) -> bool:
    """Whether a place is meant: not the road that is named after it, nor the word that a short name also is."""
    first, last = hit.places[0], hit.places[-1]
    before = said[first - 1] if first else ""
    after = said[last + 1] if last + 1 < len(said) else ""
    if (forms(before) & _ROADS and not said[first].startswith(_IN_THE)) or after in _ROADS:
        return False
    name = _bare(hit.phrase[0])
    in_it = before in _IN or said[first].startswith(_JOINED) or len(said) == len(hit.phrase)
    return in_it or len(hit.phrase) > 1 or len(name) > _SHORT_NAME or name.isascii()


def _bare(word: str) -> str:
    for start in ("وال", "بال", "لل", "ال", "ب"):
        if word.startswith(start) and len(word) - len(start) >= _SHORTEST_NAME:
            return word[len(start) :]
    return word


def _address(text: str) -> tuple[int | None, str, str]:
    plain = normalise(text)
    blocks = {int(one) for one in _BLOCK.findall(plain) if FIRST_BLOCK <= int(one) <= LAST_BLOCK}
    roads, buildings = _ROAD.findall(plain), _BUILDING.findall(plain)
    if not (blocks or roads or buildings) and len(plain) <= _ONLY_ADDRESS and not _LETTERS.search(plain):
        alone = parse_address(text)
        return (None, "", "") if alone is None else (alone.block, alone.road, alone.building)
    block = blocks.pop() if len(blocks) == 1 else None
    return block, roads[0] if len(set(roads)) == 1 else "", buildings[0].upper() if len(set(buildings)) == 1 else ""


def begins_with_address(text: str) -> bool:
    """Whether the first that a text says is a block, a road or a building."""
    plain = normalise(text)
    return any(part.match(plain) is not None for part in (_BLOCK, _ROAD, _BUILDING))


def ends_with_address(text: str) -> bool:
    """Whether a text ends with an address that no "in" joins to what stands before it: it is where all of that is."""
    plain = normalise(text)
    starts = [one.start() for part in (_BLOCK, _ROAD, _BUILDING) for one in part.finditer(plain)]
    first = min(starts, default=None)
    if first is None or _LETTERS.search(without_address(plain[first:])):
        return False
    before = re.findall(r"\w+", plain[:first])
    return bool(before) and before[-1] not in _JOINS and not _JOINED_TO.match(plain[first:])


def without_address(text: str) -> str:
    """The text without the numbers of an address, which are no days or times."""
    return _BUILDING.sub(" ", _ROAD.sub(" ", _BLOCK.sub(" ", normalise(text))))
