"""Which municipality a place belongs to. Only ever a suggestion: the resident confirms it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.offices.offices import Area, Offices
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.normalise import normalise
from storage.ids import OfficeId

if TYPE_CHECKING:
    from shapely import Polygon


@dataclass(frozen=True, slots=True)
class OutsideBahrain:
    """The point is in no office's land."""


@dataclass(frozen=True, slots=True)
class BlockMatch:
    """Whose a block is. Without `sure` it is a guess from the block's hundreds, to be asked about."""

    office: OfficeId
    sure: bool


def suggest_office(offices: Offices, latitude: float, longitude: float) -> OfficeId | OutsideBahrain:
    """The office whose land a point (in degrees) lies in.

    The areas of the offices file come first, in their order, borders included; what is left of its box
    belongs to the office named `elsewhere`.
    """
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return OutsideBahrain()
    land = offices.geography
    for area in land.areas:
        if _serves(offices, area.office) and _covers(area, latitude, longitude):
            return area.office
    box = land.box
    in_box = box.south <= latitude <= box.north and box.west <= longitude <= box.east
    if in_box and land.elsewhere and _serves(offices, land.elsewhere):
        return land.elsewhere
    return OutsideBahrain()


def _serves(offices: Offices, office: OfficeId) -> bool:
    found = offices.get(office)
    return found is not None and not found.retired


def _covers(area: Area, latitude: float, longitude: float) -> bool:
    from shapely import Point  # noqa: PLC0415  150 ms of import, which start-up need not wait for

    return bool(_shape(area).covers(Point(longitude, latitude)))


@lru_cache(maxsize=64)
def _shape(area: Area) -> Polygon:
    from shapely import Polygon, prepare  # noqa: PLC0415  see above

    shape = Polygon(area.polygon)
    prepare(shape)
    return shape


def office_of_block(offices: Offices, block: int, corrected: OfficeId | None = None) -> BlockMatch | None:
    """Whose a block is: what staff `corrected`, else the blocks file, else a guess; None where nothing is known.

    The hundreds of a block alone are no proof (those of 4 and 7 are split between governorates), so what
    they say is never `sure`.
    """
    if corrected is not None and _serves(offices, corrected):
        return BlockMatch(corrected, sure=True)
    for known in offices.geography.blocks:
        if known.block == block:
            return BlockMatch(known.office, sure=known.confidence == "sure")
    if not FIRST_BLOCK <= block <= LAST_BLOCK:
        return None
    guess = offices.geography.block_hundreds.get(block // 100)
    return BlockMatch(guess, sure=False) if guess else None


_NUMBER = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
# not a text: how people write a block
# not a text: what a person may type
_NAMED = re.compile(r"(?:مجمع|block|blk)\s*(?:رقم|no|number|#)?\s*[.:#]?\s*(\d{3,4})(?!\d)")


def parse_block(text: str) -> int | None:
    """The block in what was typed (`338`, `٣٣٨`, `مجمع 338`, `Road 2004, block 1022`), or None.

    A number called a block wins; otherwise there must be just one that can be. Blocks run from 101 to
    1216; whether one exists is for `office_of_block`, and for the resident.
    """
    plain = normalise(text)
    found = _NAMED.findall(plain) or _NUMBER.findall(plain)
    blocks = {int(digits) for digits in found if FIRST_BLOCK <= int(digits) <= LAST_BLOCK and digits[0] != "0"}
    return blocks.pop() if len(blocks) == 1 else None
