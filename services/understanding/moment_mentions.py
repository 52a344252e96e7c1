"""Where a message mentions a day or an hour, and what it says of it: meant, moved away from, past, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from services.understanding import moment_words as w
from services.understanding.spoken import phrase_at
from services.understanding.words import forms

_Value = TypeVar("_Value")
# Words before a mention that are looked at.
_NEAR_NOT = _NEAR_WANTED = 2
_NEAR_PAST = _NEAR_REFUSAL = _NEAR_ELSEWHERE = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words from one up to another."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention(Stretch, Generic[_Value]):
    """A day or an hour that is named. `value` is None where it is unclear which is meant."""

    value: _Value | None
    weak: bool = False  # any other mention is likelier
    over: bool = False  # of the past


def standing(words: list[str], mentions: Sequence[Mention[_Value]]) -> list[Mention[_Value]]:
    """Of the mentions that are not refused, those that may be asked for: neither past nor moved away from."""
    left = [one for one in mentions if not (one.over or _is_elsewhere(words, one))]
    if len(left) > 1:
        left = [one for one in left if not _is_past(words, one)] or left
        left = [one for one in left if not one.weak] or left
    return _moved_to(words, left) if any(_is_of_change(word) for word in words) else left


def _is_of_change(word: str) -> bool:
    return word in w.CHANGE if word.isascii() else not w.CHANGE.isdisjoint(forms(word))


def meant(words: list[str], left: Sequence[Mention[_Value]]) -> _Value | None:
    """What is asked for of what still stands; None where it is nothing, or not clear which."""
    if len({one.value for one in left}) < 2:
        return left[0].value if left else None
    if len(left) == 2 and _is_range(words, left[0], left[1]):
        return left[0].value
    if any(w.OR.intersection(words[one.end : other.start]) for one, other in pairwise(left)):
        return None
    wanted = {one.value for one in left if not w.WANTED.isdisjoint(words[max(0, one.start - _NEAR_WANTED) : one.start])}
    if len(wanted) == 1:
        return wanted.pop()
    last, before = left[-1], left[-2]
    return last.value if w.BUT.intersection(words[before.end : last.start]) else None


def _is_range(words: list[str], first: Mention[_Value], last: Mention[_Value]) -> bool:
    between = words[first.end : last.start]
    return bool(between) and all(word in w.UNTIL or word in w.NUMBER_OF_DAY for word in between)


def is_refused(words: list[str], one: Mention[_Value], every: Sequence[Stretch]) -> bool:
    """Whether a mention is said not to suit. `every` are the mentions of any kind."""
    begin = max((other.end for other in every if other.end <= one.start), default=0)
    end = min((other.start for other in every if other.start >= one.end), default=len(words))
    before = words[begin : one.start]
    if w.NOT.intersection(before[-_NEAR_NOT:]) and not w.NEAR.intersection(before[-1:]):
        return True
    if before[-1:] == ["but"] and "any" in before:
        return True
    if w.INSTEAD_OF.intersection(before[-_NEAR_NOT:]):
        return True
    if any(at - one.end < 2 for at in _refusals(words, one.end, end)):
        return True
    near = max(begin, one.start - _NEAR_REFUSAL)
    return any(begin == 0 or at - begin >= 2 for at in _refusals(words, near, one.start))


def _refusals(words: list[str], start: int, end: int) -> Iterator[int]:
    return (at for at in range(start, end) if phrase_at(words[:end], at, w.CANNOT) is not None)


def _is_elsewhere(words: list[str], one: Mention[_Value]) -> bool:
    before = words[max(0, one.start - _NEAR_ELSEWHERE) : one.start]
    return not w.ELSEWHERE.isdisjoint(before) and w.WANTED.isdisjoint(before)


def _is_past(words: list[str], one: Mention[_Value]) -> bool:
    return not w.BEFORE_NOW.isdisjoint(words[max(0, one.start - _NEAR_PAST) : one.start])


def _moved_to(words: list[str], mentions: list[Mention[_Value]]) -> list[Mention[_Value]]:
    """Of what a change names, what comes after; nothing where only what is changed is named."""
    if len(mentions) > 1:
        stays = [one for one in mentions if not w.FROM.intersection(words[max(0, one.start - 2) : one.start])]
        return stays[-1:]
    return [one for one in mentions if not w.MINE.intersection(words[max(0, one.start - 3) : one.start])]
