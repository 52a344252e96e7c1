"""Charts of a report as pictures, drawn in a process of their own.

Drawing takes seconds of computing and a library that takes most of a second to load: neither belongs in the process
that answers people. The child may take so much time and memory, and no more.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import structlog
from pydantic import Base64Bytes, BaseModel, ConfigDict, TypeAdapter

from services.child_process import ChildFailed, ChildTooSlow, run_child

log = structlog.get_logger()

_SECONDS = 60.0
#: The largest picture that is handed out: people open it on a phone.
MOST_BYTES = 200_000


class ChartKind(StrEnum):
    COLUMNS = "columns"  # beside each other, for each label
    STACKED = "stacked"  # upon each other, for each label; together they are the total
    BARS = "bars"  # lying, one for each label
    SHARES = "shares"  # lying, each label's series together being the whole


class Series(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    values: tuple[float, ...]  # one for each label
    shown: tuple[str, ...]  # how each is written


class Chart(BaseModel):
    """What a picture shows, in the words of its reader."""

    model_config = ConfigDict(frozen=True)

    kind: ChartKind
    title: str
    subtitle: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    totals: tuple[str, ...] = ()  # of stacked columns: how what they make up together is written
    rtl: bool = False


CHARTS: TypeAdapter[tuple[Chart, ...]] = TypeAdapter(tuple[Chart, ...])
PICTURES: TypeAdapter[tuple[Base64Bytes, ...]] = TypeAdapter(tuple[Base64Bytes, ...])


class ChartsFailed(Exception):
    """The pictures could not be drawn in time, or at all."""


async def draw_or_none(charts: Sequence[Chart]) -> tuple[bytes, ...]:
    """The same for who can do without: none where they could not be drawn, which is logged."""
    try:
        return await draw(charts)
    except ChartsFailed as failure:
        log.warning("charts not drawn", error=str(failure))
        return ()


async def draw(charts: Sequence[Chart], *, seconds: float = _SECONDS) -> tuple[bytes, ...]:
    """The charts as PNG, in their order. Raises ChartsFailed."""
    given = CHARTS.dump_json(tuple(charts))
    try:
        pictures = await run_child("services.reports.draw", given, seconds=seconds, environment=drawing_environment())
    except ChildTooSlow:
        raise ChartsFailed(f"not drawn within {seconds:.0f} s") from None
    except ChildFailed as failure:
        raise ChartsFailed(str(failure)) from None
    drawn = PICTURES.validate_json(pictures)
    if any(len(picture) > MOST_BYTES for picture in drawn):
        raise ChartsFailed(f"a picture is larger than {MOST_BYTES} bytes")
    return drawn


def drawing_environment() -> dict[str, str]:
    fonts = os.environ.get("MPLCONFIGDIR") or str(Path(tempfile.gettempdir()) / f"customer-day-charts-{os.getuid()}")
    return {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": fonts}
