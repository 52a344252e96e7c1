"""Working days and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.offices.offices import SHIPPED, Closure, load_offices
from services.offices.working_days import Closed, WorkingCalendar, is_ramadan
from storage.ids import OfficeId
from storage.translations import Translations
from tests.known import known
from tests.shipped import OFFICES

BAHRAIN = ZoneInfo("Asia/Bahrain")
CAPITAL, MUHARRAQ = OfficeId("capital"), OfficeId("muharraq")
CALENDAR = WorkingCalendar(OFFICES)
NATIONAL_DAY = Translations({"ar": "العيد الوطني", "en": "National Day"})
HOLIDAY = Translations({"ar": "عطلة", "en": "Day off"})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BAHRAIN)


# ---------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-22", True),  # Sunday
        ("2026-11-26", True),  # Thursday
        ("2026-11-27", False),  # Friday
        ("2026-11-28", False),  # Saturday
        ("2026-12-16", False),  # National Day
        ("2026-12-17", False),
        ("2026-12-20", True),
        ("2027-03-09", False),  # Eid al-Fitr, as forecast
    ],
)
def test_weekends_and_holidays_are_not_worked(day, works):
    assert CALENDAR.is_working_day(CAPITAL, date.fromisoformat(day)) is works


def test_a_closure_closes_one_office_or_all():
    day = date(2026, 11, 24)
    assert not CALENDAR.is_working_day(CAPITAL, day, [Closed(CAPITAL, day)])
    assert CALENDAR.is_working_day(MUHARRAQ, day, [Closed(CAPITAL, day)])
    assert not CALENDAR.is_working_day(MUHARRAQ, day, [Closed(None, day)])
    assert CALENDAR.is_working_day(MUHARRAQ, day, [Closed(None, date(2026, 11, 25))])


def test_a_closure_wins_over_the_holiday_and_one_of_the_office_over_one_of_all():
    national_day = date(2026, 12, 16)
    assert CALENDAR.is_working_day(CAPITAL, national_day, [Closed(None, national_day, works=True)])
    closures = [Closed(None, national_day), Closed(CAPITAL, national_day, works=True)]
    assert CALENDAR.is_working_day(CAPITAL, national_day, closures)
    assert not CALENDAR.is_working_day(MUHARRAQ, national_day, closures)


def test_no_closure_makes_a_weekend_a_working_day():
    friday = date(2026, 11, 27)
    assert not CALENDAR.is_working_day(CAPITAL, friday, [Closed(None, friday, works=True)])


def test_closures_of_the_offices_file_count(tmp_path: Path):
    shipped = SHIPPED.read_text(encoding="utf-8").replace("blocks_file: blocks.csv", "")
    closure = "closures: [{ from: 2026-11-23, to: 2026-11-24, reason: { ar: عطلة, en: Day off } }]"
    path = tmp_path / "offices.yaml"
    path.write_text(shipped.replace("closures: []", closure), encoding="utf-8")
    calendar = WorkingCalendar(load_offices(path))
    days = [date(2026, 11, day) for day in (22, 23, 24, 25)]
    assert [calendar.is_working_day(CAPITAL, day) for day in days] == [True, False, False, True]
    assert calendar.why_closed(CAPITAL, days[1]) == HOLIDAY
    assert calendar.is_working_day(CAPITAL, days[1], [Closed(CAPITAL, days[1], works=True)])


def test_what_the_offices_are_by_now_counts_for_days_that_were_asked_about_before():
    calendar, day = WorkingCalendar(OFFICES), date(2026, 11, 24)
    assert calendar.is_working_day(CAPITAL, day)
    reason = {"ar": "عطلة", "en": "Day off"}
    closure = Closure.model_validate({"date": day, "reason": reason})
    changed = calendar.following(OFFICES.model_copy(update={"closures": (closure,)}))
    assert not changed.is_working_day(CAPITAL, day)
    assert calendar.is_working_day(CAPITAL, day)


def test_holidays_have_names_in_both_languages():
    day = date(2026, 12, 16)
    assert CALENDAR.holiday_name(day) == NATIONAL_DAY
    assert CALENDAR.holiday_name(date(2026, 11, 24)) is None


def test_the_reason_of_a_closed_day_is_the_closures_else_the_holidays():
    day, national_day = date(2026, 11, 24), date(2026, 12, 16)
    assert CALENDAR.why_closed(CAPITAL, day, [Closed(None, day, HOLIDAY)]) == HOLIDAY
    assert CALENDAR.why_closed(CAPITAL, day) is None
    assert CALENDAR.why_closed(CAPITAL, national_day) == NATIONAL_DAY
    assert CALENDAR.why_closed(CAPITAL, national_day, [Closed(None, national_day, works=True)]) is None


# ---------------------------------------------------------------------------- targets


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-22T10:00", 0, "2026-11-22"),
        ("2026-11-27T10:00", 0, "2026-11-29"),  # Friday
        ("2026-11-22T10:00", 1, "2026-11-23"),
        ("2026-11-22T23:30", 1, "2026-11-23"),
        ("2026-11-26T10:00", 1, "2026-11-29"),  # over the weekend
        ("2026-11-27T10:00", 1, "2026-11-29"),
        ("2026-11-22T10:00", 10, "2026-12-06"),
        ("2026-12-15T10:00", 1, "2026-12-20"),  # over National Day and the weekend
    ],
)
def test_working_days_are_counted_from_the_day_after(start, days, expected):
    assert CALENDAR.add_working_days(CAPITAL, at(start), days) == date.fromisoformat(expected)


def test_the_day_of_an_instant_is_bahrains():
    late = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)  # 00:30 on Monday in Bahrain
    assert CALENDAR.add_working_days(CAPITAL, late, 1) == date(2026, 11, 24)


def test_closures_push_a_target_on():
    closures = [Closed(None, date(2026, 11, 23))]
    assert CALENDAR.add_working_days(CAPITAL, at("2026-11-22T10:00"), 1, closures) == date(2026, 11, 24)


def test_a_deadline_is_the_closing_hour():
    assert CALENDAR.deadline(CAPITAL, at("2026-11-22T10:00"), 1) == at("2026-11-23T14:15")
    assert CALENDAR.deadline(CAPITAL, at("2026-11-25T10:00"), 1) == at("2026-11-26T14:00")  # Thursday


def test_a_naive_instant_is_a_defect():
    with pytest.raises(ValueError, match="no time zone"):
        CALENDAR.deadline(CAPITAL, datetime(2026, 11, 22), 1)  # noqa: DTZ001


def test_an_office_that_never_works_again_is_said_so():
    closures = [Closed(None, date(2026, 11, 22) + timedelta(days=n)) for n in range(1200)]
    with pytest.raises(LookupError, match="no working day"):
        CALENDAR.add_working_days(CAPITAL, at("2026-11-22T10:00"), 1, closures)


# ---------------------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-22T07:00", "2026-11-22T14:15", 435),
        ("2026-11-22T00:00", "2026-11-23T00:00", 435),
        ("2026-11-22T14:00", "2026-11-23T07:15", 30),
        ("2026-11-26T13:00", "2026-11-29T08:00", 120),  # Thursday to Sunday
        ("2026-11-27T08:00", "2026-11-28T20:00", 0),
        ("2026-11-23T10:00", "2026-11-22T10:00", 0),
    ],
)
def test_only_the_offices_hours_count(start, end, minutes):
    assert CALENDAR.working_minutes_between(CAPITAL, at(start), at(end)) == minutes


def test_in_ramadan_the_hours_are_shorter():
    assert is_ramadan(date(2027, 2, 14))
    assert not is_ramadan(date(2026, 11, 22))
    assert not is_ramadan(date(2300, 1, 1))
    opens, closes = known(CALENDAR.hours(CAPITAL, date(2027, 2, 14)))
    assert (opens, closes) == (at("2027-02-14T08:00"), at("2027-02-14T14:00"))


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-22T10:00", "2026-11-22T10:00"),
        ("2026-11-22T06:59", "2026-11-22T07:00"),
        ("2026-11-22T14:15", "2026-11-23T07:00"),
        ("2026-11-26T14:05", "2026-11-29T07:00"),
        ("2026-12-15T22:00", "2026-12-20T07:00"),
        ("2027-02-14T07:30", "2027-02-14T08:00"),
    ],
)
def test_alerts_wait_for_working_hours(instant, expected):
    assert CALENDAR.next_working_moment(CAPITAL, at(instant)) == at(expected)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(BAHRAIN))  # noqa: DTZ001


@given(instants, st.integers(1, 4000))
def test_adding_working_time_and_counting_it_agree(start, minutes):
    end = CALENDAR.add_working_time(CAPITAL, start, timedelta(minutes=minutes))
    assert CALENDAR.working_minutes_between(CAPITAL, start, end) == minutes


@given(instants)
def test_the_next_working_moment_is_worked_and_none_is_skipped(instant):
    moment = CALENDAR.next_working_moment(CAPITAL, instant)
    assert moment >= instant
    assert CALENDAR.is_working_day(CAPITAL, moment.date())
    assert CALENDAR.working_minutes_between(CAPITAL, instant, moment) == 0


@given(instants, st.integers(1, 30))
def test_one_day_more_is_the_next_working_day(start, days):
    first, second = (CALENDAR.add_working_days(CAPITAL, start, n) for n in (days, days + 1))
    assert first < second
    between = [first + timedelta(days=n) for n in range(1, (second - first).days)]
    assert not any(CALENDAR.is_working_day(CAPITAL, day) for day in between)


def test_an_office_gone_from_the_file_has_the_usual_hours():
    assert CALENDAR.is_working_day(OfficeId("central"), date(2026, 11, 22))
