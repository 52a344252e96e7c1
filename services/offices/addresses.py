"""A Bahraini address as people type it: building, road, block."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.offices.geography import parse_block
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.normalise import normalise

# `normalise` writes مبنى as مبني and بناية as بنايه.
# not a text: compared with what people type
_CALLED = r"\s*(?:رقم|no|number|#)?\s*[.:#]?\s*"
# not a text: likewise
_ROAD = re.compile(rf"(?:طريق|شارع|road|rd|street|avenue|ave){_CALLED}(\d{{1,4}})(?!\d)")
# not a text: likewise
_BUILDING = re.compile(rf"(?:مبني|بنايه|منزل|بيت|فيلا|building|bldg|house|villa){_CALLED}(\d{{1,5}}[a-z]?)(?!\w)")
_BARE = re.compile(r"(\d{1,5}[a-z]?)\W+(\d{1,4})\W+(\d{3,4})")


@dataclass(frozen=True, slots=True)
class Address:
    """What was understood of an address; a part that was not said is None or empty."""

    block: int | None
    road: str = ""
    building: str = ""


def parse_address(text: str) -> Address | None:
    """The address in what was typed (`Block 338 Road 12`, `مبنى 5 طريق 1203 مجمع 312`, `338`), or None.

    Three bare numbers are building, road and block, in the order they stand on every address plate. A
    number called a road or a building is never taken for the block.
    """
    plain = normalise(text)
    bare = _BARE.fullmatch(plain.strip())
    if bare and FIRST_BLOCK <= int(bare[3]) <= LAST_BLOCK:
        return Address(int(bare[3]), road=bare[2], building=bare[1].upper())
    road, building = _ROAD.search(plain), _BUILDING.search(plain)
    block = parse_block(_BUILDING.sub(" ", _ROAD.sub(" ", plain)))
    if block is None and road is None and building is None:
        return None
    return Address(block, road=road[1] if road else "", building=building[1].upper() if building else "")
