"""A message as the words that days and hours are read from: numbers apart, names of days as they are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TypeVar

from rapidfuzz.distance import DamerauLevenshtein

from services.text.day_words import RELATIVE, comparable, months, weekdays
from services.text.normalise import normalise
from services.understanding.moment_words import AT, DAY_NUMBERS, HOURS, MINUTES_PAST, TENS, UNITS_OF_TENS

_Meant = TypeVar("_Meant")
_LOOKED_AT, _CHARACTERS = 120, 1000  # words and characters of a message
_LONGEST_PHRASE = 4  # words
_ARABIC = re.compile(r"[ء-ي]")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
#: "9am", "2dec" and "الساعة9" are two words each; "sa3a" and "3rd" are one, and "el 3am" is no hour.
_GLUED = re.compile(
    r"(?<=\d)ish\b|(?<=\d)(?=[ء-ي])|(?<=[ء-ي])(?=\d)|(?<=@)(?=\d)|(?<=[^\W\d]):(?=\d)|(?<=[ap]m)(?=-)|(?<=[ap]m-)(?=\d)"
    rf"|(?<![aei]l \d)(?<=\d)(?=(?:[ap]\.?m|o.?clock|{_MONTH})\b)"
    r"|(?<=\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec))(?=\d{1,2}\b)"
)
_LATIN_ARTICLE = re.compile(r"\b([aei]l)-")
_AFTER = re.compile(r"\b3[aou]?[gq][aou]?b\b")  # "عقب" in Latin letters
#: What is said for a word of the tables.
_ALSO: Mapping[str, str] = dict.fromkeys(("yom", "youm", "yoom"), "يوم")
_LABEL = re.compile(r"\bاليوم\s?: ?")  # "day:", not "today"
_SHORT_HOUR = re.compile(r"\b(\d{1,2})([0-5]\d)\s?([ap]m)\b")  # "845am"
_O_CLOCK = re.compile(r"\bo clock\b")
_SUNDAY_SHORT = re.compile(r"\bيوم الحد\b")
_JOINED_THE = ("ولل", "لل", "وال", "بال", "هال", "فال")
_THE, _ON_THE = "ال", normalise("على")
_JOINED_AT = ("عال", "عل")  # "at the", before an hour
_STARTS = ("و", "ف", "ب", "ل", "ع", "ال", "هال", "لل", "وال", "بال")
_LATIN_STARTS = ("el", "al", "il", "lel", "l")
_LONG_ENOUGH = 6  # letters of a name that a slip does not make another word of
_ALIKE = 0.8
_REPEATED = re.compile(r"(.)\1+")
_FRIDAY = "جمعه"  # one letter from "society", which is said more often


def spoken(text: str) -> list[str]:
    """The words of a message, each as the tables of `moment_words` have it."""
    plain = comparable("".join(" " if unicodedata.category(one) in {"No", "Nl"} else one for one in text[:_CHARACTERS]))
    plain = _O_CLOCK.sub("oclock", _SHORT_HOUR.sub(r"\1:\2 \3", plain))
    plain = _SUNDAY_SHORT.sub("يوم الاحد", plain)
    plain = _AFTER.sub("3gb", _LATIN_ARTICLE.sub(r"\1 ", _GLUED.sub(" ", plain)))
    plain = _LABEL.sub("يوم ", plain)
    words = [word for one in plain.split() if (word := one.rstrip(".:"))][:_LOOKED_AT]
    return [known for word in words for known in _known(word)]


def phrase_at(words: list[str], at: int, phrases: Mapping[tuple[str, ...], _Meant]) -> tuple[int, _Meant] | None:
    """Where the longest phrase that begins at a word ends, and what it means."""
    for end in range(min(at + _LONGEST_PHRASE, len(words)), at, -1):
        if (meant := phrases.get(tuple(words[at:end]))) is not None:
            return end, meant
    return None


@lru_cache(maxsize=8192)
def _known(word: str) -> tuple[str, ...]:
    """The name of a day, month or clock that a word is, without what is joined to it or misspelt; else the word."""
    word = _ALSO.get(word, word)
    if word in _names() or word.isdecimal():
        return (word,)
    for start in _JOINED_AT:
        if word.startswith(start) and word[len(start) :] in HOURS:
            return _ON_THE, word[len(start) :]
    known = next((rest for rest in _bare(word) if rest in _names()), None)
    return (known or _respelt(word),)


def _bare(word: str) -> Iterator[str]:
    """The word without each of the beginnings that may be joined to it."""
    if (once := _REPEATED.sub(r"\1", word)) != word:
        yield once
    for start in _JOINED_THE:
        if word.startswith(start):
            yield _THE + word[len(start) :]
    for start in _STARTS if _ARABIC.search(word) else _LATIN_STARTS:
        if word.startswith(start) and len(word) - len(start) > 2:
            yield word[len(start) :]


def _respelt(word: str) -> str:
    """The name of a day or month that a word is but for a slip; else the word."""
    if len(word) < _LONG_ENOUGH - 1 or not word.isalpha():
        return word
    alike = {
        name: DamerauLevenshtein.normalized_similarity(word, name, score_cutoff=_ALIKE)
        for name in _long_names()
        if name[0] == word[0] or name[1:3] == word[1:3]
    }
    best = max(alike, key=lambda name: alike[name], default=word)
    return best if alike.get(best) else word


@cache
def _names() -> frozenset[str]:
    relative = {name for name in RELATIVE if " " not in name}
    numbers = {word for word in (*HOURS, *MINUTES_PAST, *DAY_NUMBERS, *TENS, *UNITS_OF_TENS) if len(word) > 2}
    return frozenset({*weekdays(), *months(), *relative, *AT, *numbers, "يوم", "يومين"})


@cache
def _long_names() -> tuple[str, ...]:
    named = (*weekdays(), *months(), *(name for name in RELATIVE if " " not in name))
    return tuple(name for name in named if len(name) >= _LONG_ENOUGH and not name.endswith(_FRIDAY))
