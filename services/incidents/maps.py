"""The map of an incident as a picture: where it was reported, drawn by a process of its own and without any network.

The offices file has the outlines of the municipalities, reports bring their own points. Where most of a block's
reports are stands for the block.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import structlog
from pydantic import BaseModel, ConfigDict

from services.child_process import ChildFailed, run_child
from services.offices.offices import Offices
from services.reports.charts import MOST_BYTES, drawing_environment
from storage.ids import OfficeId
from storage.incidents import Circle, Where

log = structlog.get_logger()

_SECONDS = 40.0
_CELL = 0.0005  # degrees, some 50 metres: reports that are nearer than that are one dot
_MOST_BLOCKS = 10  # that are counted beside the map
_MOST_DOTS = 400


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Outline(_Part):
    """A municipality: its corners as longitude and latitude."""

    name: str
    corners: tuple[tuple[float, float], ...]
    affected: bool


class Dot(_Part):
    longitude: float
    latitude: float
    reports: int
    label: str = ""  # a block


class BlockCount(_Part):
    label: str
    reports: int
    shown: str  # as its reader writes the number


class Map(_Part):
    """What a picture shows, in the words of its reader."""

    title: str
    subtitle: str
    outlines: tuple[Outline, ...]
    dots: tuple[Dot, ...]
    circles: tuple[tuple[float, float, int], ...]  # longitude, latitude, metres
    blocks: tuple[BlockCount, ...]
    rtl: bool


def outlines(offices: Offices, affected: Sequence[OfficeId], names: dict[OfficeId, str]) -> tuple[Outline, ...]:
    """The municipalities, by the land that the offices file gives them."""
    return tuple(
        Outline(name=names.get(area.office, ""), corners=area.polygon, affected=area.office in affected)
        for area in offices.geography.areas
    )


def dots(places: Sequence[Where]) -> tuple[Dot, ...]:
    """Where the reports are, those near each other as one; each block's name stands at the most of its reports."""
    cells: Counter[tuple[int, int]] = Counter()
    blocks: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for place in places:
        if place.latitude is None or place.longitude is None:
            continue
        cell = (round(place.longitude / _CELL), round(place.latitude / _CELL))
        cells[cell] += 1
        if place.block is not None:
            blocks[place.block][cell] += 1
    labels = {found.most_common(1)[0][0]: str(block) for block, found in sorted(blocks.items())}
    return tuple(
        Dot(longitude=x * _CELL, latitude=y * _CELL, reports=n, label=labels.get((x, y), ""))
        for (x, y), n in cells.most_common(_MOST_DOTS)
    )


def by_block(places: Sequence[Where]) -> tuple[tuple[int, int], ...]:
    """The blocks with the most reports, and how many those are."""
    found = Counter(place.block for place in places if place.block is not None)
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_MOST_BLOCKS])


def circles(found: Sequence[Circle]) -> tuple[tuple[float, float, int], ...]:
    return tuple((one.longitude, one.latitude, one.metres) for one in found)


async def draw_or_none(picture: Map) -> bytes | None:
    """The map as PNG; None where it could not be drawn, which is logged: the card has the figures all the same."""
    try:
        drawn = await run_child(
            "services.incidents.draw",
            picture.model_dump_json().encode(),
            seconds=_SECONDS,
            environment=drawing_environment(),
        )
    except ChildFailed as failure:
        log.warning("map not drawn", error=str(failure))
        return None
    return drawn if len(drawn) <= MOST_BYTES else None
