"""A report as charts, in its reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from conversations.reports.words import ABSENCES, plain, scope_words
from locales import N_, Localizer, clean
from services.offices.offices import Offices
from services.reports.access import View
from services.reports.charts import Chart, ChartKind, Series
from services.reports.figures import Absence, Bookings, Report
from services.reports.periods import week_of
from services.reports.suppression import LEAST

_BLOCKS = 10
_MOST_DAYS = 8  # that have a column each


def charts(t: Localizer, offices: Offices, report: Report, view: View) -> tuple[Chart, ...]:
    """Those that have something to show; where none has, what is open and waits."""
    subtitle = clean(plain(scope_words(t, offices, report.scope)))
    found = (
        _weeks(t, report, subtitle),
        _within_target(t, report, subtitle),
        _appointments(t, report, subtitle, view),
        _no_shows(t, report, subtitle, view),
        _stars(t, report, subtitle),
        _blocks(t, report, subtitle, view),
    )
    shown = tuple(chart for chart in found if chart is not None)
    if shown or not report.open_at_start:
        return shown
    rows = [(t.plain("Open at the start"), report.open_at_start), (t.plain("Open at the end"), report.open_at_end)]
    return (_bars(t, t.plain("Requests"), subtitle, rows),)


def _bars(t: Localizer, title: str, subtitle: str, rows: Sequence[tuple[str, int]]) -> Chart:
    return Chart(
        kind=ChartKind.BARS,
        title=clean(title),
        subtitle=subtitle,
        labels=tuple(clean(label) for label, _ in rows),
        series=(_series(t, title, [n for _, n in rows]),),
        rtl=t.rtl,
    )


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


def _appointments(t: Localizer, report: Report, subtitle: str, view: View) -> Chart | None:
    """What became of them, by day or by week; in sums for whoever is shown no count that could be a single case."""
    if report.bookings is None or not (report.bookings.booked or report.bookings.waiting):
        return None
    days = {day: bookings for day, bookings in report.booking_days.items() if bookings.booked}
    by_week = len(days) > _MOST_DAYS
    groups = _by_week(report, days) if by_week else days
    small = any(0 < part(bookings) < LEAST for bookings in groups.values() for part in _PARTS)
    if not report.bookings.booked or (small and not view.whole):
        whole = [(t.plain("Booked"), report.bookings.booked)]
        whole += [(t.plain(_PARTS[part]), part(report.bookings)) for part in _PARTS]
        whole.append((t.plain("On the waiting list"), report.bookings.waiting))
        return _bars(t, t.plain("Appointments"), subtitle, [(label, n) for label, n in whole if n])
    return Chart(
        kind=ChartKind.STACKED,
        title=clean(t.plain("Appointments booked, by week") if by_week else t.plain("Appointments booked, by day")),
        subtitle=subtitle,
        labels=tuple(clean(t.day_and_month(day)) for day in groups),
        series=tuple(_series(t, t.plain(_PARTS[part]), [part(one) for one in groups.values()]) for part in _PARTS),
        totals=tuple(clean(str(t.number(one.booked))) for one in groups.values()),
        rtl=t.rtl,
    )


def _by_week(report: Report, days: Mapping[date, Bookings]) -> Mapping[date, Bookings]:
    """By the Sundays, those without any too."""
    weeks = dict.fromkeys(report.weeks, Bookings())
    for day, bookings in days.items():
        weeks[week_of(day).first] += bookings
    return weeks


def _attended(bookings: Bookings) -> int:
    return bookings.attended


def _no_show(bookings: Bookings) -> int:
    return bookings.no_show


def _cancelled(bookings: Bookings) -> int:
    return bookings.cancelled


def _expected(bookings: Bookings) -> int:
    return bookings.expected


#: What becomes of those who booked, from the ground up.
_PARTS: Mapping[Callable[[Bookings], int], str] = MappingProxyType(
    {
        _attended: N_("Attended"),
        _no_show: N_("Did not come"),
        _cancelled: N_("Cancelled"),
        _expected: N_("To come, or not recorded"),
    }
)


def _no_shows(t: Localizer, report: Report, subtitle: str, view: View) -> Chart | None:
    """Why people did not come, the most frequent first, where it may be told to the last one."""
    shown = sorted(((one, n) for one, n in report.absences.items() if n), key=lambda pair: -pair[1])
    if not view.whole or all(one is Absence.NOT_SAID for one, _ in shown):
        return None
    return _bars(t, t.plain("Why people did not come"), subtitle, [(t.plain(ABSENCES[one]), n) for one, n in shown])


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
    rows = [(t.plain("Block {block}", block=str(block)), n) for block, n in shown]
    return _bars(t, t.plain("Blocks with the most requests"), subtitle, rows)
