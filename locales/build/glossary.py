"""The glossary: one word for one thing, in both languages (`locales/glossary.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from locales.languages import Language

GLOSSARY = Path(__file__).parents[1] / "glossary.toml"

_LETTER = "\u0620-\u065f\u0670"  # letters and what stands on them
_PREFIXES = "(?:[وف]?(?:[بك]?ال|لل|[بلك])?)"


class _Never(TypedDict):
    en: NotRequired[list[str]]
    ar: NotRequired[list[str]]
    why: str


class _Entry(TypedDict):
    english: str
    arabic: str
    says: NotRequired[list[str]]
    exactly: NotRequired[bool]
    never: NotRequired[list[_Never]]


@dataclass(frozen=True, slots=True)
class Required:
    """What the Arabic of a term has to hold."""

    words: str
    english: re.Pattern[str]
    says: tuple[str, ...]

    def is_missing(self, english: str, arabic: str) -> bool:
        return self.english.search(english) is not None and not any(word in arabic for word in self.says)


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words that are wrong, with why, and those that a term must be translated by."""

    forbidden: dict[Language, tuple[tuple[re.Pattern[str], str], ...]]
    required: tuple[Required, ...]

    def wrong_words(self, text: str, language: Language) -> Iterator[str]:
        """What a text says that the glossary has another word for."""
        for pattern, why in self.forbidden.get(language, ()):
            if found := pattern.search(text):
                yield f"“{found[0].strip()}”: {why}"

    def missing_words(self, english: str, arabic: str) -> Iterator[str]:
        """What the Arabic of an English text does not say, though the glossary has it."""
        for term in self.required:
            if term.is_missing(english, arabic):
                yield f"“{term.words}” is {' or '.join(f'«{word}»' for word in term.says)}: {arabic!r}"


@lru_cache(maxsize=1)
def glossary(path: Path = GLOSSARY) -> Glossary:
    entries = cast("list[_Entry]", tomllib.loads(path.read_text(encoding="utf-8"))["term"])
    forbidden: dict[Language, list[tuple[re.Pattern[str], str]]] = {Language.EN: [], Language.AR: []}
    required = []
    for entry in entries:
        for never in entry.get("never", []):
            forbidden[Language.EN] += [(_english(word), never["why"]) for word in never.get("en", [])]
            forbidden[Language.AR] += [(_arabic(word), never["why"]) for word in never.get("ar", [])]
        words = entry["english"]
        if entry.get("exactly"):
            required.append(Required(words, re.compile(f"^{re.escape(words)}$"), (entry["arabic"],)))
        elif "says" in entry:
            required.append(Required(words, _english(words), tuple(entry["says"])))
    return Glossary({language: tuple(found) for language, found in forbidden.items()}, tuple(required))


def _english(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)


def _arabic(words: str) -> re.Pattern[str]:
    return re.compile(f"(?<![{_LETTER}]){_PREFIXES}{re.escape(words)}(?![{_LETTER}])")
