"""Tables of words as they are compared: hamzas dropped, ة as ه, digits of any script as 0-9 (`normalise`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from services.text.normalise import normalise


def said(told: Mapping[int, str]) -> Mapping[str, int]:
    """What each word of a table means."""
    return MappingProxyType({normalise(word): number for number, words in told.items() for word in words.split()})


class PhraseTable(dict[tuple[str, ...], int]):
    """What each phrase of a table means, as the words that it is made of."""

    def __init__(self, meant: Mapping[tuple[str, ...], int]) -> None:
        super().__init__(meant)
        self._longest: dict[str, int] = {}  # words of a phrase, by its first
        for phrase in meant:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def at(self, words: list[str], start: int) -> tuple[int, int] | None:
        """Where the longest phrase that begins at a word ends, and what it means."""
        longest = self._longest.get(words[start], 0) if start < len(words) else 0
        for stop in range(min(start + longest, len(words)), start, -1):
            if (meant := self.get(tuple(words[start:stop]))) is not None:
                return stop, meant
        return None


def phrases(told: Mapping[int, Iterable[str]]) -> PhraseTable:
    """A table of phrases, by what they mean."""
    return PhraseTable({tuple(normalise(phrase).split()): number for number, words in told.items() for phrase in words})


def any_of(words: str) -> frozenset[str]:
    """The words of a table that only tells them from others."""
    return frozenset(normalise(word) for word in words.split())
