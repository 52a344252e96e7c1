"""The blocks that an administrator types, and the places that they share."""

from __future__ import annotations

import re

from conversations.engine.step import Answer, Reask, Turn
from services.incidents.incidents import MOST_BLOCKS, MOST_CIRCLES, Circle
from services.offices.geography import suggest_office
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.normalise import normalise

METRES = 1000  # around a shared location
_NUMBERS = re.compile(r"(?<!\d)(\d{3,4})(?:\s*[-–]\s*(\d{3,4}))?(?!\d)")


def add_place(
    turn: Turn, answer: Answer, blocks: tuple[int, ...], circles: tuple[Circle, ...]
) -> tuple[tuple[int, ...], tuple[Circle, ...]] | Reask:
    """What there is with what was typed or shared besides."""
    place = answer.said.place
    if place is not None:
        if not isinstance(suggest_office(turn.work.offices, place.latitude, place.longitude), str):
            return Reask(turn.t("That place is not in Bahrain."))
        around = Circle(latitude=place.latitude, longitude=place.longitude, metres=METRES)
        if len(circles) >= MOST_CIRCLES:
            return Reask(turn.t("An incident can have up to {n} places.", n=MOST_CIRCLES))
        return blocks, (*circles, around)
    typed = blocks_in(answer.text)
    if not typed:
        return Reask(turn.t("Type block numbers from {first} to {last}.", first=FIRST_BLOCK, last=LAST_BLOCK))
    after = tuple(sorted({*blocks, *typed}))
    if len(after) > MOST_BLOCKS:
        return Reask(turn.t("An incident can have up to {n} blocks.", n=MOST_BLOCKS))
    return after, circles


def blocks_in(text: str) -> tuple[int, ...]:
    """The blocks in what was typed: single ones, and stretches from one to another."""
    found: set[int] = set()
    for first, last in _NUMBERS.findall(normalise(text)):
        start, end = int(first), int(last or first)
        if FIRST_BLOCK <= start <= end <= LAST_BLOCK and end - start < MOST_BLOCKS:
            found |= set(range(start, end + 1))
    return tuple(sorted(found))
