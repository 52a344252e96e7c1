"""Days, times and periods as people type them, in both languages and the digits of any script."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from babel.support import Translations
from hypothesis import given
from hypothesis import strategies as st

from locales import Digits, Language, Localizer
from locales.catalogues import BAHRAIN
from services.text.typed_days import Looking, read_day, said_day
from services.text.typed_periods import read_period, split_period
from services.text.typed_times import Moment, read_clock, read_hours, read_moment, said_clocks

_TODAY = date(2026, 11, 28)  # a Saturday
_SPEAKERS = {language: Localizer(language, Digits.LATIN, BAHRAIN, Translations()) for language in Language}
_SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９")
_todays = st.dates(date(2020, 1, 1), date(2090, 12, 31))
_ahead = st.integers(0, 360)
_scripts = st.sampled_from(_SCRIPTS)
_languages = st.sampled_from(list(Language))


def _in_script(text: str, script: str) -> str:
    return text.translate(str.maketrans("0123456789", script))


def _spellings(day: date, language: Language) -> tuple[str, ...]:
    """A day as people write it, without its year and with it."""
    t = _SPEAKERS[language]
    short, long = t.day(day), str(t.date(day))
    weekday, _, month, _ = long.split()
    return (
        f"{day.day}/{day.month}",
        f"{day.day:02}.{day.month:02}",
        f"{day.day}-{day.month}",
        f"{day.day} {month}",
        f"{weekday} {day.day} {month}",
        short,
        long,
        f"{month} {day.day}, {day.year}",
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d.%m.%y}",
        f"{day.day} {day.month} {day.year}",
    )


@given(_todays, _ahead, _languages, _scripts)
def test_every_spelling_of_a_day_ahead_is_that_day(today: date, ahead: int, language: Language, script: str) -> None:
    day = today + timedelta(days=ahead)
    for spelling in _spellings(day, language):
        assert read_day(_in_script(spelling, script), today) == day, spelling


@given(_todays, _ahead, _languages, _scripts)
def test_every_spelling_of_a_day_gone_by_is_that_day(today: date, ago: int, language: Language, script: str) -> None:
    day = today - timedelta(days=ago)
    for spelling in _spellings(day, language):
        assert read_day(_in_script(spelling, script), today, Looking.BACK) == day, spelling


@given(_todays, _ahead, st.times(), _languages, _scripts)
def test_a_day_and_a_time_are_read_in_either_order(
    today: date, ahead: int, clock: time, language: Language, script: str
) -> None:
    day, clock = today + timedelta(days=ahead), clock.replace(hour=8 + clock.hour % 12, second=0, microsecond=0)
    at = "الساعة" if language is Language.AR else "at"
    for spelling in _spellings(day, language):
        for text in (f"{spelling} {clock:%H:%M}", f"{clock:%H:%M} {spelling}", f"{spelling} {at} {clock:%H:%M}"):
            assert read_moment(_in_script(text, script), today) == (day, clock), text


@given(_todays, _ahead, st.integers(0, 300), _languages, st.sampled_from(["{} - {}", "{} to {}", "من {} إلى {}"]))
def test_every_period_gone_by_is_that_period(today: date, ago: int, length: int, language: Language, form: str) -> None:
    last = today - timedelta(days=ago)
    first = last - timedelta(days=length)
    for of_first, of_last in zip(_spellings(first, language)[6:], _spellings(last, language)[6:], strict=True):
        assert read_period(form.format(of_first, of_last), today, Looking.BACK) == (first, last), (of_first, of_last)


@given(st.times(), st.times(), _scripts)
def test_hours_of_a_day_are_read_on_the_clock_of_24_hours(opens: time, closes: time, script: str) -> None:
    text = _in_script(f"{opens:%H:%M}-{closes:%H:%M}", script)
    expected = (opens.replace(second=0, microsecond=0), closes.replace(second=0, microsecond=0))
    assert read_hours(text) == (expected if expected[0] < expected[1] else None)


_PARTS = ["25", "/", "-", ":", ".", " ", "99", "nov", "wed", "next", "last", "week", "to", "²", "①", "pm", "0", "2026"]
_PARTS += ["غدا", "من", "إلى", "الشهر", "الماضي", "عصراً", "٢", "شهر", "آب", "بعد", "\u200f"]


@given(st.text(max_size=90) | st.lists(st.sampled_from(_PARTS), max_size=12).map("".join), _todays)
def test_nothing_that_can_be_typed_raises(text: str, today: date) -> None:
    for looking in Looking:
        read_day(text, today, looking)
        read_moment(text, today, looking)
        read_moment(text, today, looking, clock_first=True)
        read_period(text, today, looking)
        split_period(text, today, looking)
    read_hours(text)


@given(st.text(alphabet="bfgkqxz 😀#%&=", max_size=60), _todays)
def test_nonsense_is_refused(text: str, today: date) -> None:
    assert read_day(text, today) is None
    assert read_moment(text, today) == Moment()
    assert read_hours(text) is None
    assert read_period(text, today) is None
    assert split_period(text, today)[0] is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 28)),
        ("tomorrow", date(2026, 11, 29)),
        ("غداً", date(2026, 11, 29)),
        ("بعد غد", date(2026, 11, 30)),
        ("the day after tomorrow", date(2026, 11, 30)),
        ("أمس", date(2026, 11, 27)),
        ("Saturday", date(2026, 11, 28)),
        ("next Saturday", date(2026, 12, 5)),
        ("last Saturday", date(2026, 11, 21)),
        ("next Wednesday", date(2026, 12, 2)),
        ("يوم الأربعاء القادم", date(2026, 12, 2)),
        ("الأربعاء الماضي", date(2026, 11, 25)),
        ("on the 25th", date(2026, 12, 25)),
        ("25th of December", date(2026, 12, 25)),
        ("٢٥ من شهر ديسمبر", date(2026, 12, 25)),
        ("٢٥ كانون الأول", date(2026, 12, 25)),
        ("27/11", date(2026, 11, 27)),  # yesterday: a mistake, not next year
        ("26/11", date(2027, 11, 26)),
        ("9-12", date(2026, 12, 9)),
    ],
)
def test_a_day_is_read_as_it_is_called(text: str, day: date) -> None:
    assert read_day(text, _TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/2",
        "32",
        "0",
        "25/13",
        "Wed 25/11/2027",
        "25/11/0001",
        "2026-13-40",
        "Monday Tuesday",
        "²",
        "①/12",
        "10:30",
        "nov",
        "next",
        "25 25 25",
        "1/11 15/11",
        "soon",
        "10 أيام",
        "7" * 90,
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    assert said_day(text) is None or read_day(text, _TODAY) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("غدا ٢ عصراً", (date(2026, 11, 29), time(14))),
        ("٢ عصراً", (None, time(14))),
        ("tomorrow 2pm", (date(2026, 11, 29), time(14))),
        ("2/12 at 10", (date(2026, 12, 2), time(10))),
        ("Wednesday 10", (date(2026, 12, 2), time(10))),
        ("10:30", (None, time(10, 30))),
        ("10", (date(2026, 12, 10), None)),
        ("tomorrow ²", (None, None)),
        ("10:³⁰", (None, None)),
    ],
)
def test_a_moment_is_read_as_it_is_said(text: str, moment: tuple[date | None, time | None]) -> None:
    assert read_moment(text, _TODAY) == moment


def test_a_number_is_a_time_where_a_time_is_asked_for() -> None:
    assert read_moment("10", _TODAY, clock_first=True) == (None, time(10))


@pytest.mark.parametrize(
    ("text", "clock"),
    [("9", time(9)), ("3", time(15)), ("03:00", time(3)), ("9:15 pm", time(21, 15)), ("الساعة ٩ صباحاً", time(9))],
)
def test_a_time_is_of_the_day_unless_it_is_said(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["99", "9:60", "13 am", "25:00", "later", "بعد الظهر", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    assert not said_clocks(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9-12", (time(9), time(12))),
        ("2-4 pm", (time(14), time(16))),
        ("9-2 pm", (time(9), time(14))),
        ("9am to 2pm", (time(9), time(14))),
        ("من ٩ صباحاً إلى ٢ ظهراً", (time(9), time(14))),
        ("٩:٣٠–١٢", (time(9, 30), time(12))),
        ("99-99", None),
        ("12-9", None),
        ("9-9", None),
        ("9-12²", None),
        ("1-15 Nov", None),
    ],
)
def test_hours_are_read_as_they_are_said(text: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1-15 Nov", date(2026, 11, 1), date(2026, 11, 15)),
        ("Nov 1-15", date(2026, 11, 1), date(2026, 11, 15)),
        ("من ١ إلى ١٥ نوفمبر", date(2026, 11, 1), date(2026, 11, 15)),
        ("from 1/11 to 15/11", date(2026, 11, 1), date(2026, 11, 15)),
        ("1-11-2026 - 15-11-2026", date(2026, 11, 1), date(2026, 11, 15)),
        ("1/11 15/11", date(2026, 11, 1), date(2026, 11, 15)),
        ("15/11 1/11", date(2026, 11, 15), date(2026, 11, 1)),
        ("20/12 5/1", date(2025, 12, 20), date(2026, 1, 5)),
        ("20 Nov to 5 Dec", date(2025, 11, 20), date(2025, 12, 5)),
        ("20 Dec – 5 Jan 2025", date(2024, 12, 20), date(2025, 1, 5)),
        ("last week", date(2026, 11, 15), date(2026, 11, 21)),
        ("last-week", date(2026, 11, 15), date(2026, 11, 21)),
        ("هذا الأسبوع", date(2026, 11, 22), date(2026, 11, 28)),
        ("الشهر الماضي", date(2026, 10, 1), date(2026, 10, 31)),
        ("العام الماضي", date(2025, 1, 1), date(2025, 12, 31)),
        ("this quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("last 7 days", date(2026, 11, 22), date(2026, 11, 28)),
        ("آخر ٣٠ يوماً", date(2026, 10, 30), date(2026, 11, 28)),
        ("November", date(2026, 11, 1), date(2026, 11, 30)),
        ("شهر ديسمبر", date(2025, 12, 1), date(2025, 12, 31)),
        ("Oct 2024", date(2024, 10, 1), date(2024, 10, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("yesterday", date(2026, 11, 27), date(2026, 11, 27)),
        ("2/12", date(2025, 12, 2), date(2025, 12, 2)),
        ("9-12", date(2025, 12, 9), date(2025, 12, 9)),
    ],
)
def test_a_period_gone_by_is_read_as_it_is_called(text: str, first: date, last: date) -> None:
    assert read_period(text, _TODAY, Looking.BACK) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("20/11 5/12", date(2027, 11, 20), date(2027, 12, 5)),
        ("16-18 Dec", date(2026, 12, 16), date(2026, 12, 18)),
        ("30/12 to 2/1", date(2026, 12, 30), date(2027, 1, 2)),
        ("October", date(2027, 10, 1), date(2027, 10, 31)),
    ],
)
def test_a_period_ahead_is_read_as_it_is_called(text: str, first: date, last: date) -> None:
    assert read_period(text, _TODAY) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "week", "last", "10-5-3-1", "9:00-12:00", "1/11 to", "31/2", "last 0 days", "1 2 3 4"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert read_period(text, _TODAY, Looking.BACK) is None


def test_a_period_is_found_beside_other_words() -> None:
    found = (date(2026, 11, 1), date(2026, 11, 15))
    for text in ("huda from 1/11 to 15/11", "from 1-15 Nov huda", "1/11 huda 15/11", "huda من ١ إلى ١٥ نوفمبر"):
        assert split_period(text, _TODAY, Looking.BACK) == (found, "huda")
    assert split_period("huda 12", _TODAY, Looking.BACK) == (None, "huda 12")


@pytest.mark.parametrize(
    ("text", "ahead"),
    [("2moro", 1), ("bukrah", 1), ("the day after tmr", 2), ("عقب باجر", 2), ("بعد بعد بكرة", 3), ("baker", None)],
)
def test_tomorrow_is_known_however_it_is_typed_and_as_often_as_it_is_counted_on(text: str, ahead: int | None) -> None:
    assert read_day(text, _TODAY) == (None if ahead is None else _TODAY + timedelta(days=ahead))


@pytest.mark.parametrize(("text", "clock"), [("9 الضحى", time(9)), ("2 at night", time(14)), ("٤ el 3asr", time(16))])
def test_a_typed_time_takes_every_word_for_a_half_of_the_day(text: str, clock: time) -> None:
    assert read_clock(text) == clock
