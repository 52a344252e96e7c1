"""When: the day and the time that are said inside a sentence, "موعد ٢٣ ديسمبر الساعة ١٠".

The words beside one another that read as a day, or as a time, are looked for, the longest first. A number by itself is
neither: it may count people or days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from types import MappingProxyType

from hijridate import Gregorian, Hijri

from services.text.day_words import RELATIVE, any_of, comparable, weekdays
from services.text.normalise import normalise
from services.text.typed_days import Looking, said_day
from services.text.typed_times import Moment, read_clock

_LONGEST = 6  # words that a day or a time is said in
_LOOKED_AT = 120  # words of a message
_DAY = timedelta(days=1)
_SUNDAY = 6  # Python's number of the day that a week begins with in Bahrain

# Hours as they are said. `comparable` has written ة as ه and dropped hamzas by then.
_HOURS: Mapping[str, int] = MappingProxyType(
    {
        normalise(word): hour
        for hour, said in {
            1: "واحدة وحدة one",
            2: "ثنتين اثنتين الثانية ثنتان two",
            3: "ثلاث ثلاثة الثالثة three",
            4: "أربع اربعة الرابعة four",
            5: "خمس خمسة الخامسة five",
            6: "ست ستة السادسة six",
            7: "سبع سبعة السابعة seven",
            8: "ثمان ثمانية الثامنة ثمانيه eight",
            9: "تسع تسعة التاسعة nine",
            10: "عشر عشرة العاشرة ten",
            11: "احدعش الحادية حداعش eleven",
            12: "اثنعش الثانيةعشر twelve",
        }.items()
        for word in said.split()
    }
)
_CLOCK_WORDS = frozenset(normalise("الساعة ساعة at sa3a elsa3a alsa3a").split())
_PARTS: Mapping[str, int] = MappingProxyType(
    {
        normalise(word): minutes
        for word, minutes in {
            "ونص": 30,
            "ونصف": 30,
            "والنصف": 30,
            "النصف": 30,
            "وربع": 15,
            "والربع": 15,
            "وثلث": 20,
            "والثلث": 20,
            "وعشر": 10,
            "وخمس": 5,
        }.items()
    }
)
#: After "إلا": what is missing of the hour.
_LESS: Mapping[str, int] = MappingProxyType(
    {normalise(word): minutes for word, minutes in {"ربع": 15, "ثلث": 20, "عشر": 10, "خمس": 5}.items()}
)
_UNLESS = normalise("إلا")
_ON_A_CLOCK = frozenset(map(str, range(1, 13)))
_HIJRI: Mapping[str, int] = MappingProxyType(
    {
        normalise(name): month
        for month, names in {
            1: "محرم",
            2: "صفر",
            3: "ربيع الأول, ربيع أول",
            4: "ربيع الآخر, ربيع الثاني",
            5: "جمادى الأولى, جمادى الاول",
            6: "جمادى الآخرة, جمادى الثانية",
            7: "رجب, rajab",
            8: "شعبان, shaaban, shaban",
            9: "رمضان, ramadan, ramadhan",
            10: "شوال, shawwal",
            11: "ذو القعدة, ذي القعدة",
            12: "ذو الحجة, ذي الحجة",
        }.items()
        for name in names.split(", ")
    }
)
_HIJRI_DAY = re.compile(rf"(\d{{1,2}})\s+(?:من\s+|شهر\s+)*(?P<name>{any_of(_HIJRI)})(?:\s+(\d{{4}}))?")
_NUMBERED = re.compile(r"(?:يوم|تاريخ|بتاريخ|the|on)\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd|rd|th)")
_MARKED = re.compile(  # what makes a time of a number
    rf"(?:^|\s)(?:{'|'.join(_CLOCK_WORDS)})\s|\d\s*:\s*\d\d|\d\s*(?:[ap]\.?m\b|o.?clock)"
    r"|\d\s+(?:ص|صباحا|الصبح|مساء|المساء|العصر|عصرا|الظهر|ظهرا|المغرب|ليلا)$"
    r"|\d\s+(?:el\s)?(?:el)?sob7$"
    r"|\b\d{1,2}\.(?:00|15|20|30|40|45|50)\b"  # no month has such a number
    r"|\d\s+(?:noon|in the (?:morning|afternoon))$"
)

_NEXT_WEEK = re.compile(r"(?:ال)?(?:اسبوع)\s+(?:ال)?(?:جاي|جايه|قادم|مقبل|ياي)|next week")

_UNITS = {"يومين": 2, "اسبوعين": 14, "اسبوع": 7, "اسابيع": 7, "week": 7, "weeks": 7}
_COUNTED: Mapping[str, int] = MappingProxyType(
    {
        normalise(word): count
        for count, said in {
            1: "one a",
            2: "two",
            3: "three ثلاث ثلاثة",
            4: "four أربع أربعة",
            5: "five خمس خمسة",
            6: "six ست ستة",
            10: "ten عشر عشرة",
        }.items()
        for word in said.split()
    }
)
_AFTER = re.compile(
    rf"(?:بعد|عقب|in|after)\s+(?:(\d{{1,2}}|{any_of(_COUNTED)})\s+)?(ايام|يوم|يومين|اسبوعين|اسبوع|اسابيع|days?|weeks?)(?!\w)"
)

_FROM_NOW = re.compile(rf"(\d{{1,2}}|{any_of(_COUNTED)})\s+(days?|weeks?)\s+from\s+(?:now|today)")
_MINUTES = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20}
_PAST = re.compile(rf"(?<!from )\b({any_of(_MINUTES)})\s+(past|to)\s+(\w+)")
_NOON = re.compile(r"(?<!\d )\bnoon\b")
_AND_PART = re.compile(r"\bw\s?(nos|nus|rob3|rub3)\b")
_ARABIZI_PARTS = {
    "nos": normalise("ونص"),
    "nus": normalise("ونص"),
    "rob3": normalise("وربع"),
    "rub3": normalise("وربع"),
}
_NO_DAY = frozenset({"time", "floor"})  # what is numbered like a day: "the 3rd time"
_ALWAYS = re.compile(r"24\s?/\s?7")


def when_said(text: str, today: date) -> Moment:
    """The day ahead and the time that a message names; None for each that it does not, or not clearly."""
    plain_text = _NOON.sub("12 noon", _PAST.sub(_spelt_out, _ALWAYS.sub(" ", comparable(text))))
    words = _AND_PART.sub(lambda said: _ARABIZI_PARTS[said[1]], plain_text).split()[:_LOOKED_AT]
    plain = _hours_in_digits(words)
    day = _day(plain, today)
    return Moment(day, _clock(plain) or _hour_beside(plain, day))


# ---------------------------------------------------------------------------- the day


def _day(words: list[str], today: date) -> date | None:
    plain = " ".join(words)
    if (match := _HIJRI_DAY.search(plain)) is not None:
        return _of_moon(int(match[1]), _HIJRI[match["name"]], int(match[3]) if match[3] else None, today)
    if _NEXT_WEEK.search(plain) is not None:
        return _in_next_week(words, today)
    if (match := _AFTER.search(plain) or _FROM_NOW.search(plain)) is not None:
        days = int(_COUNTED.get(match[1], match[1] or 1)) * _UNITS.get(match[2], 1)
        return today + days * _DAY
    for before, window, following in _windows(words):
        if (
            before in _CLOCK_WORDS and window.partition(" ")[0].isdecimal()
        ):  # "10 on December" of "at 10 on December 9th"
            continue
        if following in _NO_DAY:
            continue
        said = said_day(window)
        if said is None or (said.is_number and _NUMBERED.fullmatch(window) is None):
            continue
        is_hour = window.rpartition(" ")[2].isdecimal() and _MARKED.search(f"{window} {following}")  # 9 of "9 am"
        if is_hour or _MARKED.search(window):
            continue
        return said.on(today, Looking.AHEAD)
    return None


def _of_moon(day: int, month: int, year: int | None, today: date) -> date | None:
    """The nearest day ahead that the Umm al-Qura calendar calls so."""
    this_year = Gregorian.fromdate(today).to_hijri().year
    for one in (year,) if year else (this_year, this_year + 1):
        try:
            found = Hijri(one, month, day).to_gregorian()
        except (ValueError, OverflowError):
            continue
        if year or date(*found.datetuple()) >= today:
            return date(*found.datetuple())
    return None


def _in_next_week(words: list[str], today: date) -> date | None:
    """A weekday of the week that begins on the next Sunday; None where none is said: a week has five working days."""
    said = {weekdays()[word] for word in words if word in weekdays()}
    if len(said) != 1:
        return None
    sunday = today + ((_SUNDAY - today.weekday() - 1) % 7 + 1) * _DAY
    return sunday + ((said.pop() - _SUNDAY) % 7) * _DAY


def _windows(words: list[str]) -> Iterator[tuple[str, str, str]]:
    """What stands side by side, the longest first, with the word before it and the word after it."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            end = start + length
            before, after = words[start - 1] if start else "", words[end] if end < len(words) else ""
            yield before, " ".join(words[start:end]), after


# ---------------------------------------------------------------------------- the time


def _clock(words: list[str]) -> time | None:
    for _, window, _ in _windows(words):
        if _MARKED.search(window) is not None and (clock := read_clock(window)) is not None:
            return clock
    return None


def _spelt_out(said: re.Match[str]) -> str:
    """Write "half past ten" as "at 10:30"."""
    hour = _HOURS.get(said[3], int(said[3]) if said[3].isdecimal() and len(said[3]) < 3 else 0)
    if not 1 <= hour <= 12:
        return said[0]
    minutes = _MINUTES[said[1]]
    if said[1] == "ten" and said[2] == "to" and hour > 10:
        return said[0]  # from ten to eleven
    if said[2] == "to":
        hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
    return f"at {hour}:{minutes:02}"


def _hour_beside(words: list[str], day: date | None) -> time | None:
    """The hour that a message ends with, right after its day: "Sunday 9" where that is not the 9th."""
    if day is None or len(words) < 2 or words[-1] not in _ON_A_CLOCK or int(words[-1]) == day.day:
        return None
    return read_clock(words[-1]) if words[-2] in RELATIVE or words[-2] in weekdays() else None


def _hours_in_digits(words: list[str]) -> list[str]:
    """The words with an hour that is spelt out after "at" in digits: "الساعة تسع ونص" is "الساعة 9:30"."""
    plain: list[str] = []
    for word, following in zip(words, (*words[1:], "")[: len(words)], strict=True):
        before = plain[-1] if plain else ""
        told = before in _CLOCK_WORDS or following in _PARTS or following == _UNLESS
        if told and (hour := _HOURS.get(word)) is not None:
            plain.append(str(hour))
        elif word in _LESS and before == _UNLESS and len(plain) > 1 and plain[-2] in _ON_A_CLOCK:
            plain[-2:] = [f"{(int(plain[-2]) - 2) % 12 + 1}:{60 - _LESS[word]}"]
        elif word in _PARTS and re.fullmatch(r"\d{1,2}", before) is not None:
            plain[-1] = f"{before}:{_PARTS[word]}"
        else:
            plain.append(word)
    return plain
