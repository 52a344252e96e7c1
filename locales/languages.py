"""The languages the desk speaks, and the digits a person may choose."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

Direction = Literal["rtl", "ltr"]


class Language(StrEnum):
    """Every language, in the order in which they are offered: code, own name, direction, locale of dates and numbers.

    Whoever asks for no language is spoken to in the first. A further one is its line here and its folder of
    catalogues; the database hears of it when the bot starts.
    """

    _value_: str
    own_name: str  # what its speakers call it: the same in every language, so that each finds theirs
    direction: Direction
    locale: str

    AR = "ar", "العربية", "rtl", "ar"
    EN = "en", "English", "ltr", "en_GB"  # there is no en_BH

    def __new__(cls, code: str, own_name: str = "", direction: Direction = "ltr", locale: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.own_name, member.direction, member.locale = own_name, direction, locale
        return member

    @property
    def rtl(self) -> bool:
        return self.direction == "rtl"

    @property
    def others(self) -> tuple[Language, ...]:
        """The other languages, beginning with the one after this."""
        all_ = tuple(Language)
        place = all_.index(self)
        return (*all_[place + 1 :], *all_[:place])


DEFAULT: Language = next(iter(Language))


class Digits(StrEnum):
    """How numbers, dates and times are written in Arabic. Phones and references stay Latin."""

    LATIN = "latin"
    ARABIC = "arabic"


def language_of(code: str) -> Language:
    """The language for a channel's language code ("en-GB", "ar", "" …): the default where we do not speak it."""
    primary = code.replace("_", "-").partition("-")[0].lower()
    return Language(primary) if primary in set(Language) else DEFAULT
