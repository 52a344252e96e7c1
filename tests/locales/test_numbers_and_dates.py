from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from locales import Catalogues, Language, Localizer

LRI, RLI, PDI, LRM, NBSP = "\u2066", "\u2067", "\u2069", "\u200e", "\u00a0"
DAY = dt.date(2026, 12, 2)
MORNING = dt.datetime(2026, 12, 2, 6, 15, tzinfo=dt.UTC)  # 09:15 in Bahrain


def test_dates_in_english(en: Localizer) -> None:
    assert en.date(DAY) == f"{LRI}Wednesday 2 December 2026{PDI}"
    assert en.full_date(DAY) == f"{LRI}Wednesday 2 December 2026 (22 Jumada al-Akhirah 1448{NBSP}AH){PDI}"
    assert en.day(DAY) == "Wed 2 Dec"


def test_dates_in_arabic(ar: Localizer) -> None:
    assert ar.date(DAY) == f"{RLI}الأربعاء 2 ديسمبر 2026{PDI}"
    assert ar.full_date(DAY) == f"{RLI}الأربعاء 2 ديسمبر 2026 (22 جمادى الآخرة 1448هـ){PDI}"
    assert ar.day(DAY) == "الأربعاء 2 ديسمبر"


def test_dates_in_arabic_digits(ar_digits: Localizer) -> None:
    assert ar_digits.full_date(DAY) == f"{RLI}الأربعاء ٢ ديسمبر ٢٠٢٦ (٢٢ جمادى الآخرة ١٤٤٨هـ){PDI}"
    assert ar_digits.day(DAY) == "الأربعاء ٢ ديسمبر"


def test_gregorian_months_are_those_used_in_bahrain(ar: Localizer) -> None:
    months = [ar.day(dt.date(2026, month, 1)).split()[-1] for month in range(1, 13)]
    expected = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
    assert " ".join(months) == expected


def test_a_date_of_this_year_is_said_without_it_and_its_day_stays_with_its_month(ar: Localizer, en: Localizer) -> None:
    assert en.near_date(DAY, dt.date(2026, 1, 1)) == f"{LRI}Wednesday 2\u00a0December{PDI}"
    assert en.near_date(DAY, dt.date(2027, 1, 1)) == f"{LRI}Wednesday 2\u00a0December 2026{PDI}"
    assert ar.near_date(DAY, DAY) == f"{RLI}الأربعاء 2\u00a0ديسمبر{PDI}"
    assert ar.near_moment(MORNING, DAY) == f"\u200f{ar.near_date(DAY, DAY)} الساعة {ar.time(MORNING)}"
    new_year = dt.datetime(2026, 12, 31, 21, 30, tzinfo=dt.UTC)  # 00:30 in Bahrain
    assert en.near_date(new_year, DAY) == f"{LRI}Friday 1\u00a0January 2027{PDI}"


def test_a_moment_is_read_in_bahrain(en: Localizer) -> None:
    late = dt.datetime(2026, 12, 2, 21, 30, tzinfo=dt.UTC)
    assert en.clock(late) == "00:30"
    assert en.day(late) == "Thu 3 Dec"


def test_a_moment_without_a_zone_is_a_defect(en: Localizer) -> None:
    with pytest.raises(ValueError, match="time zone"):
        en.time(dt.datetime(2026, 12, 2, 9, 15))  # noqa: DTZ001


def test_times_are_isolated(ar: Localizer, ar_digits: Localizer) -> None:
    assert ar.time(MORNING) == f"{LRI}09:15{PDI}"
    assert ar.time(dt.time(9, 5)) == f"{LRI}09:05{PDI}"
    assert ar_digits.time(MORNING) == f"{LRI}٠٩:١٥{PDI}"


def test_a_range_keeps_its_order(ar: Localizer, ar_digits: Localizer) -> None:
    until = MORNING + dt.timedelta(minutes=15)
    assert ar.span(MORNING, until) == f"من {LRI}09:15{PDI} إلى {LRI}09:30{PDI}"
    assert ar_digits.span(MORNING, until) == f"من {LRI}٠٩:١٥{PDI} إلى {LRI}٠٩:٣٠{PDI}"


def test_date_and_time_together(ar: Localizer, en: Localizer) -> None:
    assert en.moment(MORNING) == f"{en.date(MORNING)} at {en.time(MORNING)}"
    assert ar.moment(MORNING) == f"\u200f{ar.date(MORNING)} الساعة {ar.time(MORNING)}"


def test_another_zone(shipped: Catalogues) -> None:
    assert shipped.localizer(Language.EN, zone=ZoneInfo("Europe/London")).clock(MORNING) == "06:15"


def test_numbers(ar: Localizer, en: Localizer, ar_digits: Localizer) -> None:
    assert [en.number(n) for n in (7, 1234, 4.25)] == ["7", "1,234", "4.25"]
    assert [ar.number(n) for n in (7, 1234, 4.25)] == ["7", "1,234", "4.25"]
    assert [ar_digits.number(n) for n in (7, 1234, 4.25)] == ["٧", "١٬٢٣٤", "٤٫٢٥"]
    assert ar.number(-3).endswith(f"3{PDI}")


def test_numbers_in_a_text_are_in_the_persons_digits(ar: Localizer, ar_digits: Localizer) -> None:
    assert ar.plural("{n} minute", "{n} minutes", 25).endswith("25 دقيقة")
    assert ar_digits.plural("{n} minute", "{n} minutes", 25).endswith("٢٥ دقيقة")


@pytest.mark.parametrize(
    ("minutes", "english", "arabic"),
    [
        (0, "less than a minute", "أقل من دقيقة"),
        (1, "1 minute", "دقيقة واحدة"),
        (2, "2 minutes", "دقيقتين"),
        (10, "10 minutes", "10 دقائق"),
        (15, "15 minutes", "15 دقيقة"),
        (60, "1 hour", "ساعة واحدة"),
        (90, "1 hour and 30 minutes", "ساعة واحدة و30 دقيقة"),
        (120, "2 hours", "ساعتين"),
        (24 * 60, "1 day", "يوم واحد"),
        (27 * 60 + 20, "1 day and 3 hours", "يوم واحد و3 ساعات"),
        (14 * 24 * 60, "14 days", "14 يوماً"),
    ],
)
def test_durations(ar: Localizer, en: Localizer, minutes: int, english: str, arabic: str) -> None:
    assert en.duration(dt.timedelta(minutes=minutes)) == english
    assert ar.duration(dt.timedelta(minutes=minutes)) == arabic


def test_phones_and_references_stay_latin(ar: Localizer, ar_digits: Localizer) -> None:
    for t in (ar, ar_digits):
        assert t.phone("+97333123456") == f"{LRI}+973 3312 3456{PDI}"
        assert t.ref("C-7K3M-2QX") == f"{LRI}<code>C-7K3M-2QX</code>{PDI}"


def test_what_is_no_phone_number_is_shown_as_own_words(en: Localizer) -> None:
    assert en.phone("<call me>") == "\u2068&lt;call me&gt;\u2069"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2026, 5, 27), "10 ذي الحجة 1447هـ"),
        (dt.date(2026, 4, 20), "3 ذي القعدة 1447هـ"),
        (dt.date(2026, 6, 17), "2 محرم 1448هـ"),
    ],
)
def test_a_hijri_month_is_in_the_genitive_after_its_day(ar: Localizer, day: dt.date, shown: str) -> None:
    assert f"({shown})" in ar.full_date(day)
