"""What came of a session: in words and as charts."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from conversations.briefs.words import plain, title, when
from conversations.texts.referrals import referral_lines
from locales import Localizer, clean
from services.briefs.summaries import Summary
from services.reports.charts import Chart, ChartKind, Series
from services.unit_of_work import Work

_MINUTE = timedelta(minutes=1)


def text(work: Work, t: Localizer, summary: Summary) -> Markup:
    """The figures; they name nobody."""
    return t.join_lines(
        t("📊 <b>Summary: {session}</b>", session=title(work, t, summary.session)),
        when(t, summary.session),
        Markup(),
        t(
            "Appointments: {booked} · came: {came} · did not come: {missed}",
            booked=summary.expected,
            came=summary.came,
            missed=summary.missed,
        ),
        t("Not recorded whether they came: {n}", n=summary.unrecorded) if summary.unrecorded else None,
        t("Without an appointment: {n}", n=summary.walk_ins),
        t("Meetings held: {n}", n=summary.met),
        _pair(t, summary),
        _lengths(t, summary),
        t("Promises made: {n}", n=summary.promises),
        *referral_lines(work.offices, t, summary.referred),
    )


def _pair(t: Localizer, summary: Summary) -> Markup | None:
    half, most = summary.waited_median, summary.waited_p90
    if half is None or most is None:
        return None
    return t(
        "Wait from arrival to meeting: half waited up to {half}, {share}% up to {most}",
        half=t.duration(half),
        share=90,
        most=t.duration(most),
    )


def _lengths(t: Localizer, summary: Summary) -> Markup | None:
    half, longest = summary.met_median, summary.met_longest
    if half is None or longest is None:
        return None
    return t(
        "Length of meetings: half took up to {half}, the longest {longest}",
        half=t.duration(half),
        longest=t.duration(longest),
    )


def charts(work: Work, t: Localizer, summary: Summary) -> tuple[Chart, ...]:
    """How many; and how long each waited, in the order of arrival."""
    subtitle = clean(plain(t.dotted(title(work, t, summary.session), t.date(summary.session.day))))
    counts = [
        (t.plain("Appointments"), summary.expected),
        (t.plain("Came"), summary.came),
        (t.plain("Did not come"), summary.missed),
        *([(t.plain("Nothing recorded"), summary.unrecorded)] if summary.unrecorded else []),
        (t.plain("Without an appointment"), summary.walk_ins),
        (t.plain("Meetings held"), summary.met),
        (t.plain("Promises made"), summary.promises),
    ]
    first = Chart(
        kind=ChartKind.BARS,
        title=clean(t.plain("Customer Day in numbers")),
        subtitle=subtitle,
        labels=tuple(clean(label) for label, _ in counts),
        series=(_series(t, t.plain("Number"), [n for _, n in counts]),),
        rtl=t.rtl,
    )
    if not summary.waits:
        return (first,)
    second = Chart(
        kind=ChartKind.COLUMNS,
        title=clean(t.plain("Minutes from arrival to meeting")),
        subtitle=subtitle,
        labels=tuple(clean(t.clock(one.arrived_at)) for one in summary.waits),
        series=(_series(t, t.plain("Minutes"), [round(one.lasted / _MINUTE) for one in summary.waits]),),
        rtl=t.rtl,
    )
    return first, second


def _series(t: Localizer, name: str, counts: list[int]) -> Series:
    return Series(name=clean(name), values=tuple(counts), shown=tuple(clean(str(t.number(n))) for n in counts))
