"""The words that people name days with, in Arabic and English, and how a typed day is written before it is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale

from services.text.normalise import latin_digits, normalise

_LOCALES = ("ar", "en_GB", "en")
MONTH = "شهر"  # "the month of", before its name
_ARTICLE = "ال"
# What Babel does not list. Monday is 0. The eastern Arabic months are read by many who live in Bahrain.
_MORE_WEEKDAYS = {"tues": 1, "weds": 2, "wensday": 2, "wednsday": 2, "thur": 3, "thurs": 3, "thrusday": 3}
# Arabic without its last letter, or in Latin letters and digits, as it is typed on a phone.
_TYPED_WEEKDAYS = {
    "ثلاثا": 1,
    "ثلثا": 1,
    "اربعا": 2,
    "ithnain": 0,
    "ethnain": 0,
    "thalatha": 1,
    "thulatha": 1,
    "arba3a": 2,
    "arbi3a": 2,
    "khamees": 3,
    "5amees": 3,
    "jum3a": 4,
    "sabt": 5,
    "a7ad": 6,
    "ahd": 6,
    "7ad": 6,
    "arbe3a": 2,
    "etneen": 0,
    "ethnen": 0,
    "ithnen": 0,
    "thnain": 0,
    "5mis": 3,
    "ثلوث": 1,
    "لثنين": 0,
    "لحد": 6,
    "لاحد": 6,
    "ربوع": 2,
    "arb3a": 2,
    "arba3": 2,
    "arb3aa": 2,
    "thlatha": 1,
    "tholatha": 1,
    "ethneen": 0,
    "ithneen": 0,
    "etnain": 0,
    "khamis": 3,
    "5amis": 3,
    "khmees": 3,
    "jum3ah": 4,
    "ahad": 6,
}
_MORE_MONTHS: Mapping[str, int] = {
    "sept": 9,
    "كانون الثاني": 1,
    "شباط": 2,
    "آذار": 3,
    "نيسان": 4,
    "أيار": 5,
    "حزيران": 6,
    "يونيه": 6,
    "تموز": 7,
    "يوليه": 7,
    "آب": 8,
    "أيلول": 9,
    "تشرين الأول": 10,
    "تشرين الثاني": 11,
    "كانون الأول": 12,
}
_TOMORROW = (
    *("tomorrow", "tomorow", "tommorow", "tommorrow", "tomorro", "tomoro", "tmrw", "tmrow", "tmr", "tmw"),
    *("2morrow", "2moro", "2mrw"),
    *("غدا", "غد", "الغد", "بكرة", "بكرا", "باجر", "بجر", "باكر"),
    *("bacher", "baacher", "bachir", "bajer", "bukra", "bukrah", "bokra"),
)
_AFTER_IN_ENGLISH = ("after", "day after", "the day after")
_AFTER_IN_ARABIC = ("بعد", "عقب", "3gb", "3ogob", "ba3ad")
_RELATIVE: Mapping[str, int] = {
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "overmorrow": 2,
    "day after tom": 2,
    "أول أمس": -2,
    "قبل أمس": -2,
    "أمس": -1,
    "البارحة": -1,
    "اليوم": 0,
    **dict.fromkeys(_TOMORROW, 1),
    **{f"{after} {word}": 2 for after in (*_AFTER_IN_ENGLISH, *_AFTER_IN_ARABIC) for word in _TOMORROW},
    **{f"{after} {after} {word}": 3 for after in _AFTER_IN_ARABIC for word in _TOMORROW},
    "3gb baker": 2,  # by itself "baker" is a trade
}
_TURNS: Mapping[str, int] = {
    "next": 1,
    "nxt": 1,
    "coming": 1,
    "القادم": 1,
    "القادمة": 1,
    "المقبل": 1,
    "المقبلة": 1,
    "الجاي": 1,
    "الجاية": 1,
    "الياي": 1,
    "الياية": 1,
    "this": 0,
    "current": 0,
    "هذا": 0,
    "هذه": 0,
    "الحالي": 0,
    "الحالية": 0,
    "last": -1,
    "previous": -1,
    "past": -1,
    "الماضي": -1,
    "الماضية": -1,
    "السابق": -1,
    "السابقة": -1,
    "الفائت": -1,
    "المنصرم": -1,
    "آخر": -1,
}
_BESIDE = (
    *("on", "the", "of", "in", "please", "day", "date", "at", "st", "nd", "rd", "th", "during"),
    *("يوم", "في", "بتاريخ", "تاريخ", "من", "خلال", "لو", "سمحت"),
)


def _by_name(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {normalise(name): number for name, number in names}


RELATIVE: Mapping[str, int] = _by_name(_RELATIVE.items())  # days from today
TURNS: Mapping[str, int] = _by_name(_TURNS.items())  # 1 is next, -1 is last
BESIDE = frozenset(map(normalise, _BESIDE))  # words that say nothing about which day it is


@cache
def weekdays() -> Mapping[str, int]:
    """Weekdays by every name they are shown with, and the Arabic ones without their article."""
    return _shown("days") | _by_name(_MORE_WEEKDAYS.items()) | _by_name(_TYPED_WEEKDAYS.items())


@cache
def months() -> Mapping[str, int]:
    """Months by every name they are shown with, and those of the eastern Arab countries."""
    return _shown("months") | _by_name(_MORE_MONTHS.items())


def _shown(kind: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in _LOCALES:
        locale = Locale.parse(code)
        shown = (locale.days if kind == "days" else locale.months)["format"]
        for width in ("wide", "abbreviated"):
            for number, name in shown[width].items():
                plain = normalise(name).strip(".")
                found[plain] = found[plain.removeprefix(_ARTICLE)] = number
    return found


def any_of(names: Iterable[str]) -> str:
    """A pattern of names, the longest first, that begins and ends where words do."""
    return rf"(?<![^\W\d_])(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![^\W\d_])"


_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")  # hyphens and dashes
    | dict.fromkeys("؍⁄∕", "/")
    | {"٫": "."}
    | dict.fromkeys(',،;؛!?؟"«»“”()', " ")
)


def comparable(text: str) -> str:
    """The text as it is compared: decimal digits of any script written 0–9, one kind of dash, no commas.

    It is empty where the text has ² or ①: these are no digits of a day, but normalising would make them some.
    """
    if any(unicodedata.category(one) in {"No", "Nl"} for one in text):
        return ""
    return " ".join(normalise(latin_digits(text).translate(_SIGNS)).translate(_SIGNS).split()).strip(" .")
