"""Which charts a report has: one for whatever there is, and in sums for who is shown no single case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from conversations.reports.pictures import charts
from conversations.reports.summary import summary
from locales import Language, load
from services.reports.access import View
from services.reports.charts import Chart, ChartKind
from services.reports.figures import Absence, Bookings, Report, Satisfaction, Scope, Timing, Volume
from services.reports.periods import Period
from storage.ids import OfficeId
from tests.services.reports.seeding import NOW
from tests.shipped import OFFICES

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
WEDNESDAY = date(2026, 11, 4)
WHOLE, SUMS = View(whole=True), View()


def report(days: dict[date, Bookings], period: Period = NOVEMBER, *, open_at_start: int = 0) -> Report:
    """In which nothing happened but these appointments."""
    return Report(
        scope=Scope(period, (OfficeId("capital"),)),
        made_at=NOW,
        working_day=420,
        open_at_start=open_at_start,
        received=0,
        closed=0,
        overdue=0,
        reopened=0,
        first_answer=Timing(),
        closing=Timing(),
        endings={},
        satisfaction=Satisfaction(),
        bookings=sum(days.values(), Bookings()),
        booking_days=days,
        offices={},
        categories={},
        kinds={},
        sources={},
        blocks={},
        weeks={sunday: Volume() for sunday in period.weeks()},
    )


def drawn(of: Report, view: View = WHOLE, language: Language = Language.EN) -> tuple[Chart, ...]:
    return charts(load().localizer(language), OFFICES, of, view)


def counts(chart: Chart) -> dict[str, tuple[float, ...]]:
    return {series.name: series.values for series in chart.series}


def test_appointments_alone_have_a_chart_by_day() -> None:
    days = {WEDNESDAY: Bookings(attended=9, no_show=2), WEDNESDAY + timedelta(7): Bookings(4, 0, 0, 1, 2)}
    (chart,) = drawn(report(days))
    assert (chart.kind, chart.title, chart.rtl) == (ChartKind.STACKED, "Appointments booked, by day", False)
    assert chart.labels == ("4 Nov", "11 Nov")
    assert counts(chart) == {
        "Attended": (9, 0),
        "Did not come": (2, 0),
        "Cancelled": (0, 3),
        "To come, or not recorded": (0, 4),
    }
    assert chart.totals == ("11", "7")


def test_of_many_days_the_chart_is_by_week() -> None:
    days = {date(2026, 1, 7) + timedelta(7 * number): Bookings(attended=8) for number in range(9)}
    (chart,) = drawn(report(days, YEAR))
    assert chart.title == "Appointments booked, by week"
    assert len(chart.labels) == 53
    assert counts(chart)["Attended"][:11] == (0, *(8,) * 9, 0)


def test_an_arabic_readers_chart_is_in_arabic_from_the_right() -> None:
    (chart,) = drawn(report({WEDNESDAY: Bookings(attended=9)}), language=Language.AR)
    assert (chart.title, chart.rtl) == ("المواعيد المحجوزة حسب اليوم", True)
    assert chart.series[0].name == "تم الحضور"


def test_who_sees_sums_only_is_shown_no_day_with_few_appointments() -> None:
    days = {WEDNESDAY: Bookings(attended=9, no_show=3), WEDNESDAY + timedelta(7): Bookings(attended=6, no_show=4)}
    (chart,) = drawn(report(days), SUMS)
    assert (chart.kind, chart.title) == (ChartKind.BARS, "Appointments")
    assert dict(zip(chart.labels, chart.series[0].values, strict=True)) == {
        "Booked": 22,
        "Attended": 15,
        "Did not come": 7,
    }
    many = {day: Bookings(attended=9, no_show=5) for day in days}
    assert drawn(report(many), SUMS) == drawn(report(many), WHOLE)


@pytest.mark.parametrize("view", [WHOLE, SUMS])
def test_where_people_only_wait_the_chart_says_how_many(view: View) -> None:
    (chart,) = drawn(report({WEDNESDAY: Bookings(waiting=6)}), view)
    assert (chart.labels, chart.series[0].values) == (("On the waiting list",), (6,))


def test_where_nothing_happened_the_chart_says_what_is_open() -> None:
    (chart,) = drawn(report({}, open_at_start=7))
    assert dict(zip(chart.labels, chart.series[0].values, strict=True)) == {
        "Open at the start": 7,
        "Open at the end": 7,
    }


def test_one_category_has_no_appointments_and_an_empty_period_no_chart() -> None:
    assert drawn(report({})) == ()
    assert drawn(replace(report({}), bookings=None)) == ()


def test_why_people_did_not_come_is_drawn_for_who_may_see_single_cases() -> None:
    days = {WEDNESDAY: Bookings(attended=9, no_show=3)}
    told = replace(report(days), absences={Absence.FORGOT: 1, Absence.NOT_SAID: 2})
    _, why = drawn(told)
    assert (why.kind, why.labels) == (ChartKind.BARS, ("They did not say", "They forgot"))
    assert "Why people did not come" in summary(load().localizer(Language.EN), OFFICES, told, WHOLE)
    assert [chart.kind for chart in drawn(told, SUMS)].count(ChartKind.BARS) == 1  # of the appointments
    assert "Why people did not come" not in summary(load().localizer(Language.EN), OFFICES, told, SUMS)
