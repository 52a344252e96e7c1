"""Where a message mentions a day or an hour, and what it says of it: meant, moved away from, past, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from services.understanding import unmeant_words as w
from services.understanding.hour_words import AT, NEAR
from services.understanding.moment_words import NOT_ON, NUMBER_OF_DAY
from services.understanding.spoken import Said
from services.understanding.words import forms

_Value = TypeVar("_Value")
# Words before a mention that are looked at.
_NEAR_NOT = _NEAR_WANTED = 2
_NEAR_PAST = _NEAR_REFUSAL = _NEAR_CANCELLED = 4
_NEAR_ELSEWHERE = _NEAR_HELD = 6
# Words between a mention and what refuses it, after it: right after, or with nothing else that it may be of.
_RIGHT_AFTER, _AFTER = 1, 3
BESIDE = 2  # words between a day and the hour that belongs to it
_JOINS = AT | NEAR | NUMBER_OF_DAY | w.AND
_RANGE_WORDS = w.UNTIL | NUMBER_OF_DAY
_BUT_BEFORE = frozenset({"but", "and", "و", "before", "b4", "قبل"})


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


def standing(said: Said, mentions: Sequence[Mention[_Value]], every: Sequence[Stretch]) -> list[Mention[_Value]]:
    """Of the mentions that are not refused, those that may be asked for. `every` are the mentions of any kind.

    What is past, moved away from, or when something else is cannot be asked for.
    """
    left = [one for one in mentions if not (one.over or _is_of_something_else(said, one, every))]
    left = [one for one in left if not _is_past(said.words, one)] or left
    left = [one for one in left if not one.weak] or left
    left = [one for one in left if not said.gives_reason(one.start)] or left
    if not any(w.OR.intersection(said.words[one.end : other.start]) for one, other in pairwise(left)):
        left = [one for one in left if not _is_held(said, one, every)] or left
    return _moved_to(said.words, left) if any(_is_of(w.CHANGE, word) for word in said.words) else left


def meant(words: list[str], left: Sequence[Mention[_Value]]) -> _Value | None:
    """What is asked for of what still stands; None where it is nothing, or not clear which."""
    if len({one.value for one in left}) < 2:
        return left[0].value if left else None
    if len(left) == 2 and _is_range(words, left[0], left[1]):
        return left[0].value
    between = [words[one.end : other.start] for one, other in pairwise(left)]
    if any(w.OR.intersection(some) or w.AND.issuperset(some) for some in between):
        return None
    if w.BUT.intersection(between[-1]):
        return left[-1].value
    wanted = {one.value for one in left if not w.WANTED.isdisjoint(words[max(0, one.start - _NEAR_WANTED) : one.start])}
    return wanted.pop() if len(wanted) == 1 else None


def _is_range(words: list[str], first: Mention[_Value], last: Mention[_Value]) -> bool:
    """Whether two mentions are from when to when, "Sunday to Tuesday", "after 10 but before 12"."""
    between = words[first.end : last.start]
    if between[-1:] and between[-1] in {"before", "b4", "قبل"} and len(between) > 1:
        return _BUT_BEFORE.issuperset(between)
    if words[first.start - 1 : first.start] and words[first.start - 1] in w.BETWEEN and w.AND.issuperset(between):
        return True  # "between Sunday and Tuesday"
    return bool(between) and _RANGE_WORDS.issuperset(between)


# ---------------------------------------------------------------------------- what does not suit


def refused(said: Said, every: Sequence[Stretch]) -> list[Stretch]:
    """The mentions, of any kind and in their order, that are said not to suit."""
    owners = [_whose(said, *refusal, every) for refusal in _refusals(said)]
    owners += [one for one in every if _is_denied(said, one)]
    found: list[Stretch] = []
    for at, one in enumerate(every):
        last = every[at - 1] if at else None
        is_one_more = last is not None and last in found[-1:] and _is_one_more(said.words, last, one)
        if is_one_more or one in owners or _is_excepted(said.words, one, 0 if last is None else last.end):
            found.append(one)
    return found


def _is_one_more(words: list[str], last: Stretch, one: Stretch) -> bool:
    """Whether a mention is refused with the one before it: "except Monday and Tuesday"."""
    between = set(words[last.end : one.start])
    return bool(between) and between <= w.AND | w.OR | NUMBER_OF_DAY and bool(between - NUMBER_OF_DAY)


def _is_excepted(words: list[str], one: Stretch, begin: int) -> bool:
    """Whether the words before a mention except it: "not", "any day but", "instead of"."""
    before = words[begin : one.start]
    is_if = not w.IF.isdisjoint(before[-_NEAR_NOT - 1 :])  # "if not, Monday"
    if w.NOT.intersection(before[-_NEAR_NOT:]) and not NEAR.intersection(before[-1:]) and not is_if:
        return True
    if before[-1:] == ["but"] and not w.EVERY.isdisjoint(before):
        return True
    tails = [tuple(before[-length:]) for length in range(1, min(3, len(before)) + 1)]
    if any(tail in w.EXCEPT for tail in tails) or not w.THAN.isdisjoint(before[-1:]):
        return True
    better = w.BETTER.intersection(words[max(0, one.start - _NEAR_REFUSAL) : one.start])
    if better and not w.THAN_IF_BETTER.isdisjoint(before[-1:]):
        return True
    return not w.INSTEAD_OF.isdisjoint(before[-_NEAR_NOT:])


def _is_denied(said: Said, one: Stretch) -> bool:
    """Whether a clause ends with a mention and "no": "Monday yes, Tuesday no"."""
    no, after = one.end, one.end + 1
    is_no = no < len(said.words) and said.words[no] in w.NO and said.are_together(one.start, no)
    return is_no and (after == len(said.words) or not said.are_together(no, after))


def _refusals(said: Said) -> Iterator[tuple[int, int, bool]]:
    """Where it is said that something does not suit, and whether that is all that is said."""
    for at in range(len(said.words)):
        for table in (w.CANNOT, w.BUSY):
            if (told := table.at(said.words, at)) is not None and w.IF.isdisjoint(said.before(at, _NEAR_REFUSAL)):
                yield at, told[0], table is w.CANNOT


def _whose(said: Said, start: int, end: int, is_plain: bool, every: Sequence[Stretch]) -> Stretch | None:
    """The mention that a refusal is of: right before it, after it, or before it with nothing else that it may be of."""
    before = max((one for one in every if one.end <= start), key=lambda one: one.end, default=None)
    after = min((one for one in every if one.start >= end), key=lambda one: one.start, default=None)
    between = None if before is None else start - before.end
    is_near = before is not None and said.are_together(before.end - 1, start)
    if is_near and between is not None and between <= _RIGHT_AFTER:
        return before
    if after is not None and after.start - start <= _NEAR_REFUSAL and said.are_together(start, after.start):
        return after
    if is_near and between is not None and between <= _AFTER:
        return before
    ends_clause = end >= len(said.words) or not said.are_together(start, min(end + 1, len(said.words) - 1))
    return before if is_plain and ends_clause and between is not None and between <= _RIGHT_AFTER else None


# ---------------------------------------------------------------------------- what is past, or of something else


def is_about_something_else(said: Said) -> bool:
    """Whether anything is named that has days and hours of its own: opening hours, a flight."""
    return any(_is_of(w.ELSEWHERE, word) for word in said.words)


def _is_of_something_else(said: Said, one: Stretch, every: Sequence[Stretch]) -> bool:
    """Whether a mention is when something else is, or when something was done."""
    before = _before_group(said, one, every, _NEAR_ELSEWHERE)
    if not w.CANCELLED.isdisjoint(before[-_NEAR_CANCELLED:]):
        return True
    if not w.WANTED.isdisjoint(before):
        return False
    named = [word for at, word in enumerate(before) if not (at and before[at - 1] in NOT_ON)]  # but "before work"
    return any(_is_of(w.ELSEWHERE, word) for word in named) or not w.DONE.isdisjoint(before)


def _is_held(said: Said, one: Stretch, every: Sequence[Stretch]) -> bool:
    """Whether a mention is when somebody has an appointment already, and not what it is moved to."""
    before = _before_group(said, one, every, _NEAR_HELD)
    told = [found[0] for at in range(len(before)) if (found := w.HELD.at(before, at)) is not None]
    return bool(told) and w.TO.isdisjoint(before[told[-1] :])


def _before_group(said: Said, one: Stretch, every: Sequence[Stretch], reach: int) -> list[str]:
    """Words of its clause before a mention and those that it stands among, back to the one before these."""
    start = _group_start(said, one, every)
    last = max((other.end for other in every if other.end <= start), default=0)
    return said.before(start, min(reach, start - last))


def _group_start(said: Said, one: Stretch, every: Sequence[Stretch]) -> int:
    """Where the mentions begin that one stands among: "on Thursday at 10"."""
    start = one.start
    for other in sorted(every, key=lambda other: -other.start):
        between = said.words[other.end : start]
        is_near = other.start < start and len(between) <= BESIDE and said.are_together(other.start, start)
        if is_near and _JOINS.issuperset(between):
            start = other.start
    return start


def _is_past(words: list[str], one: Stretch) -> bool:
    return not w.BEFORE_NOW.isdisjoint(words[max(0, one.start - _NEAR_PAST) : one.start])


def _is_of(table: frozenset[str], word: str) -> bool:
    return word in table if word.isascii() else not table.isdisjoint(forms(word))


def _moved_to(words: list[str], mentions: list[Mention[_Value]]) -> list[Mention[_Value]]:
    """Of what a change names, what comes after; nothing where only what is changed is named."""
    if len(mentions) > 1:
        stays = [one for one in mentions if not w.FROM.intersection(words[max(0, one.start - 2) : one.start])]
        return stays[-1:]
    return [
        one
        for one in mentions
        if w.MINE.isdisjoint(words[max(0, one.start - 3) : one.start])
        or not w.TO.isdisjoint(words[max(0, one.start - 2) : one.start])
    ]
