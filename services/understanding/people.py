"""Who: the name that somebody gives, and how many come with them."""

from __future__ import annotations

import re

from services.text.normalise import clean
from services.understanding.words import words

_MOST = 3  # companions that may come

_MY_NAME = re.compile(
    r"(?:اسمي|معاكم|معكم|الاسم\s*:|my name is|name\s*:|i am called)\s+(?!(?:و|and|ب|في|in)\b)"
    r"([^\W\d_]+(?:\s+(?!(?:و\w*|من|رقم\w*|هاتف\w*|and|from|my|phone|with|at|on|i)\b)[^\W\d_]+){0,3})",
    re.IGNORECASE,
)

_NUMBERS = {
    "اثنين": 2,
    "شخصين": 2,
    "نفرين": 2,
    "ثلاثه": 3,
    "ثلاث": 3,
    "اربعه": 4,
    "اربع": 4,
    "two": 2,
    "three": 3,
    "four": 4,
}

_PEOPLE = frozenset(["اشخاص", "شخص", "انفار", "نفر", "people", "persons", "person"])

_WITH_ME = frozenset(
    [
        "وزوجتي",
        "وزوجي",
        "وامي",
        "وابوي",
        "ووالدي",
        "ووالدتي",
        "واخوي",
        "واختي",
        "وولدي",
        "وبنتي",
        "وجاري",
        "وصديقي",
        "ومعي",
        "wife",
        "husband",
        "mother",
        "father",
        "son",
        "daughter",
        "brother",
        "sister",
        "neighbour",
        "neighbor",
        "friend",
    ]
)


def companions_said(said: list[str]) -> int | None:
    """How many come besides the one who writes, where it is said: "we are 3", "أنا وزوجتي"; at most three."""
    for at, word in enumerate(said[1:], start=1):
        before = said[at - 1]
        if word in _PEOPLE and (count := _number(before)) is not None:
            return min(count - 1, _MOST) if count >= 1 else None
        if before in _WE and (count := _number(word)) is not None and not (set(said[at + 1 : at + 2]) - _PEOPLE):
            return min(count - 1, _MOST) if count >= 1 else None
    with_me = sum(word in _WITH_ME for word in said)
    with_someone = {"me", "with", "انا", "معي"} & set(said)
    return min(with_me, _MOST) if with_me and with_someone else None


_WE = frozenset({"احنا", "نحن", "حنا", "عددنا", "we"})


def _number(word: str) -> int | None:
    if word in _NUMBERS:
        return _NUMBERS[word]
    return int(word) if re.fullmatch(r"\d{1,2}", word) else None


def name_said(text: str) -> str:
    """The name that somebody gives as theirs; empty where none is."""
    match = _MY_NAME.search(text)
    return clean(match[1], 80) if match else ""


_OF_NAME = frozenset(words("باسم بإسم الاسم اسمي name names"))
_FEW = 8  # words of who only corrects


def speaks_of_name(text: str) -> bool:
    """Whether a few words are about whose name something bears: «الموعد باسم أمي», "put my mother's name"."""
    said = words(text)
    return len(said) <= _FEW and not _OF_NAME.isdisjoint(said)
