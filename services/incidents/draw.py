"""The process that draws the map of an incident: `python -m services.incidents.draw` reads JSON, writes the picture."""

from __future__ import annotations

import io
import math
import resource
import sys
import textwrap

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Polygon
from shapely import Polygon as Land
from shapely import box

from services.incidents.maps import BlockCount, Map

_CPU_SECONDS = 30
_MEMORY = 1 << 30
_WIDTH, _HEIGHT, _DPI = 5.4, 4.5, 160  # it is looked at on a phone
_INK, _FAINT, _GRID, _SEA = "#1d2433", "#5b6475", "#e3e7ee", "#eef4f8"
_LAND, _AFFECTED, _DOT = "#ffffff", "#dcebf5", "#c2410c"
_METRES_A_DEGREE = 111_195
_MARGIN, _NARROWEST = 0.15, 0.02  # of what is shown; degrees
_BAHRAIN = (50.42, 50.70, 25.95, 26.30)  # where there is nothing else to show
_LABELLED = 12
_TITLE = 48  # characters of a line
_LEAST_SEEN = 0.03  # of the map: less of a municipality has no name on it


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.stdout.buffer.write(drawn(Map.model_validate_json(sys.stdin.buffer.read())))


def drawn(picture: Map) -> bytes:
    """A map as PNG, with the blocks counted beside it."""
    # DejaVu Sans has Arabic letters, and comes with the library.
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10, "text.color": _INK}):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, layout="constrained", facecolor="white")
        if picture.blocks:
            order, ratios = ("bars", "map"), (1, 3)
            if not picture.rtl:
                order, ratios = ("map", "bars"), (3, 1)
            parts = figure.subplot_mosaic([list(order)], width_ratios=ratios)
            _count(parts["bars"], picture.blocks, rtl=picture.rtl)
            _map(parts["map"], picture)
        else:
            _map(figure.add_subplot(), picture)
        side, at = ("right", 0.98) if picture.rtl else ("left", 0.02)
        title = textwrap.fill(picture.title, _TITLE)
        figure.suptitle(f"{title}\n{picture.subtitle}", fontsize=12, x=at, ha=side)
        file = io.BytesIO()
        figure.savefig(file, format="png")
    return file.getvalue()


def _map(axes: Axes, picture: Map) -> None:
    west, east, south, north = _extent(picture)
    axes.set_facecolor(_SEA)
    for outline in picture.outlines:
        axes.add_patch(
            Polygon(
                outline.corners,
                closed=True,
                facecolor=_AFFECTED if outline.affected else _LAND,
                edgecolor=_FAINT,
                linewidth=0.8,
                zorder=0,
            )
        )
        middle = _middle_in_view(outline.corners, (west, east, south, north))
        if middle is not None:
            axes.annotate(outline.name, middle, ha="center", va="center", fontsize=9, color=_FAINT)
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    for longitude, latitude, metres in picture.circles:
        height = 2 * metres / _METRES_A_DEGREE
        axes.add_patch(
            Ellipse((longitude, latitude), height * stretch, height, fill=False, edgecolor=_DOT, linestyle="--")
        )
    _dots(axes, picture)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(stretch, adjustable="box")
    axes.grid(visible=True, color=_GRID, linewidth=0.6)
    axes.tick_params(labelbottom=False, labelleft=False, length=0)
    for side in axes.spines.values():
        side.set_color(_GRID)


def _dots(axes: Axes, picture: Map) -> None:
    axes.scatter(
        [dot.longitude for dot in picture.dots],
        [dot.latitude for dot in picture.dots],
        s=[18 + 14 * math.sqrt(dot.reports) for dot in picture.dots],
        color=_DOT,
        alpha=0.75,
        edgecolors="white",
        linewidths=0.5,
        zorder=3,
    )
    for dot in [one for one in picture.dots if one.label][:_LABELLED]:
        axes.annotate(
            dot.label,
            (dot.longitude, dot.latitude),
            xytext=(4, 4),
            textcoords="offset points",
            fontsize=9,
            fontweight="bold",
            zorder=4,
        )


def _extent(picture: Map) -> tuple[float, float, float, float]:
    """West, east, south, north of what is shown: the reports, else the circles, else the municipalities affected."""
    points = [(dot.longitude, dot.latitude) for dot in picture.dots]
    points += [(longitude, latitude) for longitude, latitude, _ in picture.circles]
    points = points or [corner for outline in picture.outlines if outline.affected for corner in outline.corners]
    if not points:
        return _BAHRAIN
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    span = max(east - west, north - south, _NARROWEST) * (0.5 + _MARGIN)
    x, y = (west + east) / 2, (south + north) / 2
    return x - span, x + span, y - span, y + span


def _middle_in_view(
    corners: tuple[tuple[float, float], ...], view: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    """Where the name of a municipality stands: inside what is seen of it, unless that is next to nothing."""
    west, east, south, north = view
    seen = Land(corners).intersection(box(west, south, east, north))
    if seen.area < _LEAST_SEEN * (east - west) * (north - south):
        return None
    inside = seen.representative_point()
    return inside.x, inside.y


def _count(axes: Axes, blocks: tuple[BlockCount, ...], *, rtl: bool) -> None:
    bars = axes.barh(range(len(blocks)), [one.reports for one in blocks], 0.6, color=_DOT, alpha=0.75)
    most = 1.35 * max(one.reports for one in blocks)
    axes.set_xlim(*((most, 0) if rtl else (0, most)))  # before the labels, which stand at the far ends
    axes.bar_label(bars, labels=[one.shown for one in blocks], padding=3, fontsize=9)
    axes.set_yticks(range(len(blocks)), [one.label for one in blocks])
    axes.set_ylim(max(len(blocks), 6) - 0.5, -0.5)
    axes.set_xticks([])
    axes.tick_params(length=0)
    if rtl:
        axes.yaxis.tick_right()
    for side in axes.spines.values():
        side.set_visible(False)


if __name__ == "__main__":
    main()
