"""A message as the words that days and hours are read from: numbers apart, names of days as they are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from services.text.day_words import RELATIVE, comparable, months, weekdays
from services.text.normalise import normalise
from services.understanding.hour_words import AT, HOURS, MINUTES_PAST
from services.understanding.moment_words import DAY_NUMBERS, TENS, UNITS_OF_TENS
from services.understanding.unmeant_words import BEGINS_CLAUSE, REASON

_LOOKED_AT, _CHARACTERS = 120, 1000  # words and characters of a message
_ARABIC = re.compile(r"[ء-ي]")
_DAY = r"(?:sun|mon|tue|wed|thu)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
#: "9am", "2dec" and "الساعة9" are two words each; "sa3a" and "3rd" are one, and "el 3am" is no hour.
_GLUED = re.compile(
    r"(?<=\d)ish\b|(?<=\d)(?=[ء-ي])|(?<=[ء-ي])(?=\d)|(?<=@)(?=\d)|(?<=[^\W\d]):(?=\d)|(?<=[ap]m)(?=-)|(?<=[ap]m-)(?=\d)"
    rf"|(?<![aei]l \d)(?<=\d)(?=(?:[ap]\.?m|o.?clock|{_MONTH})\b)"
    r"|(?<=\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec))(?=\d{1,2}\b)"
)
#: Where a clause ends; the point of "Wed." and of "9.30" ends none.
_STOP = "¦"
_ENDS = re.compile(r"[?!؟،؛;\n]+|,(?!\d)|\.{2,}|(?<=\w\w\w\w)\.(?=\s)|(?<=\d)\.(?=\s)")
#: Ways of writing, and how they are read.
_WRITTEN_SO = (
    (re.compile(r"\bo clock\b"), "oclock"),
    (re.compile(r"(?<=[a-z])['’`]s\b"), ""),  # "a week's time"
    (re.compile(r"\b(\d{1,2})([0-5]\d)\s?([ap]m)\b"), r"\1:\2 \3"),  # "845am"
    (re.compile(r"\b(\d{1,2})[ -](00|15|30|45)\s?([ap])\.?m\b"), r"\1:\2 \3m"),  # "9 30 am"
    (re.compile(r"\b(\d{1,2})[.:]([0-5]\d) ?hrs?\b"), r"\1:\2"),
    (re.compile(r"\b([01]\d)([0-5]\d) ?(?:hrs?|hours|h)\b"), r"\1:\2"),  # "0930 hrs"
    (re.compile(r"\b(\d{1,2})h([0-5]\d)\b"), r"\1:\2"),  # "9h30"
    (re.compile(r"\b(1[3-8])h\b"), r"\1:00"),
    (re.compile(r"(\d:\d\d)([ap])\b"), r"\1 \2m"),  # "9:30a"
    (re.compile(r"\ba? ?couple (?:of )?(?=days|weeks)"), "2 "),
    (re.compile(r"(?<=[ap]m)/(?=\d)"), " or "),  # "10am/11am"
    (re.compile(r"\b(?:no|not) (?:earlier|sooner) than\b"), "after"),
    (re.compile(r"\b(?:no|not) later than\b"), "before"),
    (re.compile(r"\bاليوم\s?: ?"), "يوم "),  # "day:", not "today"
    (re.compile(rf"\b({_DAY}[a-z]*)-(?={_DAY})"), r"\1 - "),  # "Mon-Wed"
    (re.compile(r"\bيوم الحد\b"), "يوم الاحد"),  # by itself it is the town of Hidd
    (re.compile(r"\bيوم الثلاثه\b|\bالثلاثه(?= ال[جيقم])"), "يوم الثلاثا"),  # by itself it is three
    (re.compile(r"\bيوم الاربعه\b|\bالاربعه(?= ال[جيقم])"), "يوم الاربعا"),
    (re.compile(r"\bيوم الخمس\b"), "يوم الخميس"),
    (re.compile(r"\bال ?(?=\d)"), ""),  # "عقب الـ10"
    (re.compile(r"\b([aei]l)-"), r"\1 "),
    (re.compile(r"\b3[aou]?[gq][aou]?b\b"), "3gb"),  # "عقب" in Latin letters
)
_SPLIT_HOUR = re.compile(r"(?<=\d)(?:;| : )(?=\d\d\b)|(?<=\d)[،,](?=(?:00|15|30|45|٠٠|١٥|٣٠|٤٥)\b)")  # "9;30", "9,30"
#: What is said for a word of the tables.
_ALSO: Mapping[str, str] = dict.fromkeys(("yom", "youm", "yoom"), "يوم")
_JOINED_THE = ("ولل", "لل", "وال", "بال", "هال", "فال")
_THE, _ON_THE = "ال", normalise("على")
_JOINED = ("و", "ل")  # "and" and "to", which are words of their own
_JOINED_AT = ("عال", "عل")  # "at the", before an hour
_STARTS = ("و", "ف", "ب", "ل", "ع", "ال", "هال", "لل", "وال", "بال")
_LATIN_STARTS = ("el", "al", "il", "lel", "l")
_LONG_ENOUGH = 6  # letters of a name that a slip does not make another word of
_ALIKE = 0.8
_REPEATED = re.compile(r"(.)\1+")
_FRIDAY = "جمعه"  # one letter from "society", which is said more often


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a message, and for each the number of its clause."""

    words: list[str]
    clauses: list[int]

    def are_together(self, one: int, other: int) -> bool:
        """Whether two words are of one clause."""
        return self.clauses[one] == self.clauses[other]

    def before(self, at: int, reach: int) -> list[str]:
        """As many words before one as are of its clause."""
        return [self.words[n] for n in range(max(0, at - reach), at) if self.are_together(n, at)]

    def gives_reason(self, at: int) -> bool:
        """Whether a word is of a clause that says why."""
        return self.words[self.clauses.index(self.clauses[at])] in REASON


def spoken(text: str) -> Said:
    """The words of a message, each as the tables of `moment_words` have it."""
    text = "".join(" " if unicodedata.category(one) in {"No", "Nl"} else one for one in text[:_CHARACTERS])
    plain = comparable(_ENDS.sub(f" {_STOP} ", _SPLIT_HOUR.sub(":", text)))
    for form, instead in _WRITTEN_SO:
        plain = form.sub(instead, plain)
    words, clauses, clause = list[str](), list[int](), 0
    for one in _GLUED.sub(" ", plain).split()[: 2 * _LOOKED_AT]:
        if one == _STOP:
            clause += 1
        elif word := one.rstrip(".:/"):
            known = _known(word)
            clause += known[0] in BEGINS_CLAUSE
            words += known
            clauses += [clause] * len(known)
    return Said(words[:_LOOKED_AT], clauses[:_LOOKED_AT])


@lru_cache(maxsize=8192)
def _known(word: str) -> tuple[str, ...]:
    """The name of a day, month or clock that a word is, without what is joined to it or misspelt; else the word."""
    word = _ALSO.get(word, word)
    if word in _names() or word.isdecimal() or (word.isascii() and word[-1] == "s" and word[:-1] in weekdays()):
        return (word,)  # "Sundays" are no Sunday
    for start in _JOINED_AT:
        if word.startswith(start) and word[len(start) :] in HOURS:
            return _ON_THE, word[len(start) :]
    known = next((rest for rest in _bare(word) if rest in _names()), None)
    for joined in _JOINED:
        if known is not None and word.startswith(joined) and not known.startswith(joined):
            return joined, known
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
