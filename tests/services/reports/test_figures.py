"""A report says what one would count by hand."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reports import counting
from services.reports.figures import Absence, Bookings, Report, Scope, Timing
from services.reports.periods import Named, Period, named
from storage.database import Database
from storage.ids import CategoryId, OfficeId
from tests.services.reports.seeding import CALENDAR, NOW, ZONE, Booked, FiledCase, Rated, histories, reading, seed

CAPITAL, MUHARRAQ = OfficeId("capital"), OfficeId("muharraq")
PERIODS = (
    *(named(which, NOW.date()) for which in Named),
    Period(date(2026, 11, 3), date(2026, 11, 3)),
    Period(date(2026, 9, 15), date(2026, 11, 19)),
)
by_hypothesis = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def report_of(database: Database, scope: Scope) -> Report:
    async with database.read() as tx:
        return await counting.count(reading(tx), scope, staff=True, comments=True)


@given(
    histories(),
    st.sampled_from(PERIODS),
    st.sampled_from(((CAPITAL,), (CAPITAL, MUHARRAQ))),
    st.sampled_from((None, CategoryId("bins"))),
)
@by_hypothesis
async def test_the_figures_are_those_counted_by_hand(
    database: Database,
    history: tuple[list[FiledCase], list[Rated], list[Booked]],
    period: Period,
    offices: tuple[OfficeId, ...],
    category: CategoryId | None,
) -> None:
    cases, ratings, booked = history
    await seed(database, cases, ratings, booked)
    report = await report_of(database, Scope(period, offices, category))
    start, end = (datetime(day.year, day.month, day.day, tzinfo=ZONE) for day in (period.first, _after(period.last)))

    def in_period(at: datetime | None) -> bool:
        return at is not None and start <= at < end

    ours = [case for case in cases if case.office in offices and category in {None, case.category}]
    received = [case for case in ours if in_period(case.created_at)]
    closed = [case for case in ours if in_period(case.closed_at)]
    open_at_start = [c for c in ours if c.created_at < start and (c.closed_at is None or c.closed_at >= start)]
    open_at_end = [c for c in ours if c.created_at < end and (c.closed_at is None or c.closed_at >= end)]
    assert (report.open_at_start, report.received, report.closed, report.open_at_end) == tuple(
        map(len, (open_at_start, received, closed, open_at_end))
    )
    assert report.overdue == sum(c.closed_at is None and c.first_due is not None and c.first_due < NOW for c in ours)
    assert report.reopened == sum(in_period(at) for case in ours for at in case.reopened)
    assert report.kinds == Counter(case.kind for case in received)
    assert report.sources == Counter(case.source or "bot" for case in received)
    assert report.blocks == Counter(case.block for case in received if case.block is not None)
    assert {o: (v.received, v.closed) for o, v in report.offices.items()} == _both(received, closed, "office")
    assert {c: (v.received, v.closed) for c, v in report.categories.items()} == _both(received, closed, "category")
    assert {w: (v.received, v.closed) for w, v in report.weeks.items() if v.received or v.closed} == {
        sunday: (
            sum(_sunday(case.created_at) == sunday for case in received),
            sum(case.closed_at is not None and _sunday(case.closed_at) == sunday for case in closed),
        )
        for sunday in {
            *(_sunday(case.created_at) for case in received),
            *(_sunday(case.closed_at) for case in closed if case.closed_at is not None),
        }
    }
    assert sum(report.endings.values()) == len(closed)
    assert _said(report.first_answer) == _first_answers(received)
    assert _said(report.closing) == _closings(closed)
    rated = [
        one
        for one in ratings
        if in_period(one.at) and cases[one.case].office in offices and category in {None, cases[one.case].category}
    ]
    assert report.satisfaction.stars == tuple(sum(one.stars == n for one in rated) for n in range(1, 6))
    assert report.satisfaction.comments == sum(one.comment != "" for one in rated)
    assert [one.words for one in report.comments] == ["Thank you"] * min(20, report.satisfaction.comments)
    assert report.satisfaction.mean == (statistics.mean(one.stars for one in rated) if rated else None)
    said = {why: n for why, n in report.absences.items() if n}
    assert said == ({} if category else _absences(booked, period, offices))
    assert report.bookings == (None if category else _bookings(booked, period, offices))
    assert report.booking_days == ({} if category else _booking_days(booked, period, offices))
    assert {load.actor: (load.closed, load.open) for load in report.staff} == _loads(ours, closed)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _sunday(at: datetime) -> date:
    day = at.astimezone(ZONE).date()
    while day.strftime("%A") != "Sunday":
        day = date.fromordinal(day.toordinal() - 1)
    return day


def _both(received: list[FiledCase], closed: list[FiledCase], by: str) -> dict[str, tuple[int, int]]:
    came, went = (Counter(getattr(case, by) for case in group) for group in (received, closed))
    return {name: (came[name], went[name]) for name in {*came, *went}}


def _said(timing: Timing) -> tuple[int, int, int, int | None, int | None]:
    return timing.within, timing.late, timing.pending, timing.percentile(50), timing.percentile(90)


def _first_answers(received: list[FiledCase]) -> tuple[int, int, int, int | None, int | None]:
    answered = [(case, case.answered_at) for case in received if case.answered_at is not None]
    waiting = [case for case in received if case.answered_at is None and case.closed_at is None]
    missed = [case for case in waiting if case.paused_at is None and case.update_due < NOW]
    within = sum(at <= case.update_due for case, at in answered)
    took = [_worked(case, at) for case, at in answered]
    return (within, len(answered) - within + len(missed), len(waiting) - len(missed), *_percentiles(took))


def _closings(closed: list[FiledCase]) -> tuple[int, int, int, int | None, int | None]:
    finished = []
    for case in closed:
        at = case.closed_at
        if case.status == "closed" and case.resolved_at is not None and case.resolved_at >= case.opened_at:
            at = case.resolved_at
        if case.status != "withdrawn" and at is not None:
            finished.append((case, at))
    within = sum(at <= case.close_due for case, at in finished)
    return (within, len(finished) - within, 0, *_percentiles([_worked(case, at) for case, at in finished]))


def _worked(case: FiledCase, until: datetime) -> int:
    return CALENDAR.working_minutes_between(OfficeId(case.office), case.opened_at, until)


def _percentiles(took: list[int]) -> tuple[int | None, int | None]:
    """The nearest rank: the least of them that so many of a hundred do not exceed."""

    def nearest(percent: int) -> int | None:
        return next((m for m in sorted(took) if sum(t <= m for t in took) * 100 >= percent * len(took)), None)

    return nearest(50), nearest(90)


def _bookings(booked: list[Booked], period: Period, offices: tuple[OfficeId, ...]) -> Bookings:
    ours = [one for one in booked if one.office in offices and period.first <= one.day <= period.last]
    had = Counter(one.status for one in ours if one.confirmed and not one.walk_in)
    came = ("confirmed", "checked_in", "attended")
    return Bookings(
        expected=had["confirmed"] + had["checked_in"],
        unrecorded=sum(
            one.status == "confirmed" and one.confirmed and not one.walk_in and one.day < NOW.date() for one in ours
        ),
        attended=had["attended"],
        no_show=had["no_show"],
        cancelled_by_resident=had["cancelled_by_resident"],
        cancelled_by_municipality=had["cancelled_by_municipality"],
        waiting=sum(one.status == "waiting" for one in ours),
        walk_ins=sum(one.walk_in and one.status in came for one in ours),
    )


def _absences(booked: list[Booked], period: Period, offices: tuple[OfficeId, ...]) -> Counter[Absence]:
    ours = [one for one in booked if one.office in offices and period.first <= one.day <= period.last]
    missed = [one for one in ours if one.status == "no_show" and one.confirmed and not one.walk_in]
    return Counter(Absence(one.why or "not_said") for one in missed)


def _booking_days(booked: list[Booked], period: Period, offices: tuple[OfficeId, ...]) -> dict[date, Bookings]:
    days = {one.day: _bookings(booked, Period(one.day, one.day), offices) for one in booked}
    return {day: count for day, count in days.items() if period.first <= day <= period.last and count != Bookings()}


def _loads(ours: list[FiledCase], closed: list[FiledCase]) -> dict[str, tuple[int, int]]:
    went = Counter(case.owner for case in closed if case.owner and case.status != "withdrawn")
    has = Counter(c.owner for c in ours if c.owner and c.closed_at is None and c.status != "resolved")
    return {owner: (went[owner], has[owner]) for owner in {*went, *has}}


@pytest.mark.parametrize(
    ("which", "first", "last"),
    [
        (Named.THIS_WEEK, "2026-11-22", "2026-11-28"),
        (Named.LAST_WEEK, "2026-11-15", "2026-11-21"),
        (Named.LAST_MONTH, "2026-10-01", "2026-10-31"),
        (Named.THIS_QUARTER, "2026-10-01", "2026-12-31"),
        (Named.LAST_QUARTER, "2026-07-01", "2026-09-30"),
        (Named.LAST_YEAR, "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_is_what_its_name_says(which: Named, first: str, last: str) -> None:
    assert named(which, NOW.date()) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("first", "last"), [("2026-11-02", "2026-11-01"), ("2020-01-01", "2026-11-01")])
def test_days_in_the_wrong_order_or_too_many_are_no_period(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period(date.fromisoformat(first), date.fromisoformat(last))
