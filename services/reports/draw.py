"""The process that draws charts: `python -m services.reports.draw` reads them as JSON and writes the pictures."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from services.reports.charts import CHARTS, PICTURES, Chart, ChartKind

_CPU_SECONDS = 40
_MEMORY = 1 << 30
_WIDTH, _HEIGHT, _DPI = 7.2, 4.5, 125
_LINE = 0.42  # inches for a lying bar
_INK, _FAINT, _GRID = "#1d2433", "#5b6475", "#e3e7ee"
# Told apart by their lightness too, for whoever does not see colours.
_COLOURS = ("#0f5c8c", "#e08a2e", "#b9c2cf", "#eaf3f9")
_EDGES = ("#ffffff", "#ffffff", "#ffffff", "#0f5c8c")  # a pale colour has an outline
_WRITTEN = ("white", _INK, _INK, _INK)  # on each colour
_FEW_STACKS = 8  # whose parts have room for their numbers
_MOST_LABELS = 14  # under columns
_STANDING = frozenset({ChartKind.COLUMNS, ChartKind.STACKED})
_FEWEST = 3  # for which there is room, so that one alone does not fill the picture


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    charts = CHARTS.validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(PICTURES.dump_json(tuple(picture(chart) for chart in charts)))


def picture(chart: Chart) -> bytes:
    """A chart as PNG."""
    lying = chart.kind not in _STANDING
    height = max(2.4, 1.7 + _LINE * len(chart.labels)) if lying else _HEIGHT
    # DejaVu Sans has Arabic letters, and comes with the library.
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 11, "text.color": _INK}):
        figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained", facecolor="white")
        axes = figure.add_subplot()
        _frame(axes, chart)
        if chart.rtl:
            axes.invert_xaxis()
            axes.yaxis.tick_right()
        _DRAWN[chart.kind](axes, chart)
        _titles(figure, chart)
        file = io.BytesIO()
        figure.savefig(file, format="png")
    return file.getvalue()


def _frame(axes: Axes, chart: Chart) -> None:
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
    axes.tick_params(length=0, colors=_FAINT)
    axes.set_axisbelow(True)
    axes.grid(axis="y" if chart.kind in _STANDING else "x", color=_GRID, linewidth=0.8)


def _titles(figure: Figure, chart: Chart) -> None:
    side, place = ("right", 0.985) if chart.rtl else ("left", 0.015)
    figure.suptitle(f"{chart.title}\n", x=place, ha=side, fontsize=14, fontweight="bold")
    height = figure.get_size_inches()[1]
    figure.text(place, 1 - 0.52 / height, chart.subtitle, ha=side, va="center", fontsize=10, color=_FAINT)
    if len(chart.series) > 1:
        figure.legend(loc="outside lower center", ncols=len(chart.series), frameon=False, reverse=chart.rtl)


def _columns(axes: Axes, chart: Chart) -> None:
    count = len(chart.series)
    width = 0.8 / count
    few = len(chart.labels) * count <= _MOST_LABELS
    for number, series in enumerate(chart.series):
        places = [place + (number - (count - 1) / 2) * width for place in range(len(chart.labels))]
        bars = axes.bar(places, series.values, width * 0.94, color=_COLOURS[number], label=series.name)
        if few:
            axes.bar_label(bars, labels=series.shown, padding=2, fontsize=9, color=_FAINT)
    _standing(axes, chart, max([1.0, *(value for series in chart.series for value in series.values)]))


def _stacked(axes: Axes, chart: Chart) -> None:
    whole = [sum(series.values[place] for series in chart.series) for place in range(len(chart.labels))]
    most, done = max([1.0, *whole]), [0.0] * len(chart.labels)
    few = len(chart.labels) <= _FEW_STACKS
    for number, series in enumerate(chart.series):
        places = [place for place, value in enumerate(series.values) if value]
        if not places:  # not in the legend either; the others keep their colours
            continue
        values, below = [series.values[place] for place in places], [done[place] for place in places]
        colour, edge = _COLOURS[number], _EDGES[number]
        bars = axes.bar(places, values, 0.7, bottom=below, color=colour, edgecolor=edge, label=series.name)
        texts = [series.shown[place] if few and series.values[place] > 0.06 * most else "" for place in places]
        axes.bar_label(bars, labels=texts, label_type="center", fontsize=10, color=_WRITTEN[number])
        done = [start + value for start, value in zip(done, series.values, strict=True)]
    if len(chart.labels) <= _MOST_LABELS:
        for place, (top, text) in enumerate(zip(whole, chart.totals, strict=True)):
            axes.annotate(
                text,
                (place, top),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=10,
                color=_INK,
            )
    _standing(axes, chart, most)


def _standing(axes: Axes, chart: Chart, most: float) -> None:
    """Under columns stand their labels, as many as there is room for."""
    room = max(len(chart.labels), _FEWEST) / 2
    middle = (len(chart.labels) - 1) / 2
    axes.set_xlim(*sorted((middle - room, middle + room), reverse=chart.rtl))
    step = -(-len(chart.labels) // _MOST_LABELS)
    axes.set_xticks(range(0, len(chart.labels), step), chart.labels[::step])
    if len(chart.labels) > 7:
        axes.tick_params(axis="x", labelrotation=45, labelsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
    axes.set_ylim(0, 1.12 * most)


def _bars(axes: Axes, chart: Chart) -> None:
    series = chart.series[0]
    bars = axes.barh(range(len(chart.labels)), series.values, 0.68, color=_COLOURS[0])
    _reach(axes, chart, 1.12 * max([1.0, *series.values]))
    axes.bar_label(bars, labels=series.shown, padding=4, fontsize=10, color=_INK)
    _lying(axes, chart)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))


def _shares(axes: Axes, chart: Chart) -> None:
    totals = [sum(series.values[row] for series in chart.series) or 1.0 for row in range(len(chart.labels))]
    done = [0.0] * len(chart.labels)
    _reach(axes, chart, 1.0)
    for number, series in enumerate(chart.series):
        widths = [value / total for value, total in zip(series.values, totals, strict=True)]
        bars = axes.barh(range(len(chart.labels)), widths, 0.62, left=done, color=_COLOURS[number], label=series.name)
        texts = [text if width > 0.08 else "" for text, width in zip(series.shown, widths, strict=True)]
        axes.bar_label(bars, labels=texts, label_type="center", fontsize=10, color="white" if number == 0 else _INK)
        done = [start + width for start, width in zip(done, widths, strict=True)]
    _lying(axes, chart)
    axes.set_xticks([])


def _reach(axes: Axes, chart: Chart, most: float) -> None:
    """How far lying bars can reach. It is said before they are labelled: a label stands at its bar's far end."""
    axes.set_xlim(*((most, 0) if chart.rtl else (0, most)))


def _lying(axes: Axes, chart: Chart) -> None:
    """The first label on top."""
    axes.set_yticks(range(len(chart.labels)), chart.labels)
    axes.tick_params(axis="y", colors=_INK)
    axes.set_ylim(max(len(chart.labels), _FEWEST) - 0.5, -0.5)


_DRAWN: Mapping[ChartKind, Callable[[Axes, Chart], None]] = MappingProxyType(
    {
        ChartKind.COLUMNS: _columns,
        ChartKind.STACKED: _stacked,
        ChartKind.BARS: _bars,
        ChartKind.SHARES: _shares,
    }
)


if __name__ == "__main__":
    main()
