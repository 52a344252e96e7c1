"""Texts of the offices file: in Arabic, in English, and in any further language."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.offices.yaml_file import FileModel, one_of
from storage.translations import Translations, pick


def wrong(expected: str) -> PydanticCustomError:
    """A mistake, in the words that follow "expected"."""
    return PydanticCustomError("expected", "{words}", {"words": expected})


def matching(pattern: str, expected: str) -> AfterValidator:
    """Text that a pattern is found in; `expected` says what that means."""

    def validated(text: str) -> str:
        if not re.search(pattern, text):
            raise wrong(expected)
        return text

    return AfterValidator(validated)


#: Characters of a text on one line.
LONGEST_LINE = 300
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]
_CODE = r"^[a-z]{2,3}$"
LanguageCode = Annotated[str, matching(_CODE, "the code of a language, such as ar")]
Website = Annotated[str, matching(r"^https?://[^\s/]+\.[^\s]+$", "an address that begins with https://")]


class LanguageKeys(FileModel):
    """Something in Arabic and English, and in any further language under its code."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="after")
    def _further_keys_are_codes(self) -> Self:
        if any(not re.fullmatch(_CODE, key) for key in self.__pydantic_extra__ or {}):
            raise wrong("the codes of languages as keys: ar, en and, where there is a further one, its own")
        return self


class InLanguages(LanguageKeys):
    """One text in each language. Where it is not known in the reader's, it is shown in English."""

    ar: str
    en: str

    @cached_property
    def by_language(self) -> Mapping[str, str]:
        return {"ar": self.ar, "en": self.en} | (self.__pydantic_extra__ or {})

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.by_language.values())

    def get(self, language: str) -> str:
        """The text in a language: in Arabic for its kin too (`ar-BH`)."""
        return pick(self.by_language, language)


class LocalizedText(InLanguages):
    """The same text in Arabic, in English, and in any further language.

    Whoever writes one language only gives it for both, letter for letter.
    """

    __pydantic_extra__: dict[str, Line]

    ar: Line
    en: Line

    @model_validator(mode="after")
    def _each_in_its_letters(self) -> Self:
        in_their_letters(self.ar, self.en)
        return self

    @property
    def translations(self) -> Translations:
        return Translations(dict(self.by_language))


def in_their_letters(ar: str, en: str) -> None:
    """Raise ValueError unless each of two texts is in its language; one that is given for both may be in either."""
    if ar != en and not re.search(r"[\u0600-\u06ff]", ar):
        raise wrong("Arabic text")
    if ar != en and not re.search(r"[A-Za-z]", en):
        raise wrong("English text")


def placeholders_in(text: str) -> Iterator[str]:
    """What stands in braces. Raises ValueError where they are not paired."""
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            yield name if not (form or conversion) else f"{name}:{form}"


def holding_only(names: Sequence[str]) -> AfterValidator:
    """Text whose braces hold nothing but what can be filled in."""

    def validated(text: str) -> str:
        try:
            held = list(placeholders_in(text))
        except ValueError:
            raise wrong("text whose braces come in pairs; a brace that is meant is written twice") from None
        for name in held:
            if name not in names:
                raise wrong(one_of("placeholders", name, names))
        return text

    return AfterValidator(validated)


class ToBeFilledIn(InLanguages):
    """A text with placeholders; every language holds the same."""

    @model_validator(mode="after")
    def _same_placeholders(self) -> Self:
        held = {language: set(placeholders_in(text)) for language, text in self.by_language.items()}
        everything = set().union(*held.values())
        for language, names in held.items():
            if lacking := everything - names:
                shown = ", ".join(f"{{{name}}}" for name in sorted(lacking))
                raise wrong(f"the same placeholders in every language ({shown} is not in “{language}”)")
        return self


class Keywords(LanguageKeys):
    """Words people use for a category, beside its names."""

    __pydantic_extra__: dict[str, tuple[Line, ...]]

    ar: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()

    @property
    def all(self) -> tuple[Line, ...]:
        further = (self.__pydantic_extra__ or {}).values()
        return (*self.ar, *self.en, *(word for words in further for word in words))
