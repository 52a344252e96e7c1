"""A report as charts, in its reader's language."""

from __future__ import annotations

from conversations.reports.words import plain, scope_words
from locales import Localizer, clean
from services.offices.offices import Offices
from services.reports.access import View
from services.reports.charts import Chart, ChartKind, Series
from services.reports.figures import Report
from services.reports.suppression import LEAST

_BLOCKS = 10


def charts(t: Localizer, offices: Offices, report: Report, view: View) -> tuple[Chart, ...]:
    """Those that have something to show."""
    subtitle = clean(plain(scope_words(t, offices, report.scope)))
    found = (_weeks(t, report, subtitle), _within_target(t, report, subtitle), _stars(t, report, subtitle))
    return tuple(chart for chart in (*found, _blocks(t, report, subtitle, view)) if chart is not None)


def _series(t: Localizer, name: str, counts: list[int]) -> Series:
    return Series(name=clean(name), values=tuple(counts), shown=tuple(clean(str(t.number(n))) for n in counts))


def _weeks(t: Localizer, report: Report, subtitle: str) -> Chart | None:
    if not (report.received or report.closed):
        return None
    weeks = report.weeks
    return Chart(
        kind=ChartKind.COLUMNS,
        title=clean(t.plain("Requests by week")),
        subtitle=subtitle,
        labels=tuple(clean(t.day_and_month(sunday)) for sunday in weeks),
        series=(
            _series(t, t.plain("New requests"), [volume.received for volume in weeks.values()]),
            _series(t, t.plain("Closed requests"), [volume.closed for volume in weeks.values()]),
        ),
        rtl=t.rtl,
    )


def _within_target(t: Localizer, report: Report, subtitle: str) -> Chart | None:
    first, closing = report.first_answer, report.closing
    if not (first.decided or first.pending or closing.decided):
        return None
    rows = [(t.plain("First answer"), first), (t.plain("Closing"), closing)]
    shown = [(label, timing) for label, timing in rows if timing.decided or timing.pending]
    series = [
        _series(t, t.plain("Within target"), [timing.within for _, timing in shown]),
        _series(t, t.plain("Late"), [timing.late for _, timing in shown]),
    ]
    if first.pending:
        series.append(_series(t, t.plain("Not yet due"), [timing.pending for _, timing in shown]))
    return Chart(
        kind=ChartKind.SHARES,
        title=clean(t.plain("Within target")),
        subtitle=subtitle,
        labels=tuple(clean(label) for label, _ in shown),
        series=tuple(series),
        rtl=t.rtl,
    )


def _stars(t: Localizer, report: Report, subtitle: str) -> Chart | None:
    stars = report.satisfaction.stars
    if not report.satisfaction.count:
        return None
    return Chart(
        kind=ChartKind.COLUMNS,
        title=clean(t.plain("Satisfaction: ratings by stars")),
        subtitle=subtitle,
        labels=tuple("★" * number for number in range(1, len(stars) + 1)),
        series=(_series(t, t.plain("Ratings"), list(stars)),),
        rtl=t.rtl,
    )


def _blocks(t: Localizer, report: Report, subtitle: str, view: View) -> Chart | None:
    shown = [(block, n) for block, n in report.top_blocks(_BLOCKS) if view.whole or n >= LEAST]
    if not shown:
        return None
    return Chart(
        kind=ChartKind.BARS,
        title=clean(t.plain("Blocks with the most requests")),
        subtitle=subtitle,
        labels=tuple(clean(t.plain("Block {block}", block=str(block))) for block, _ in shown),
        series=(_series(t, t.plain("New requests"), [n for _, n in shown]),),
        rtl=t.rtl,
    )
