"""The languages the desk speaks, and the digits a person may choose."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    AR = "ar"
    EN = "en"

    @property
    def own_name(self) -> str:
        """What its speakers call it: the same in every language, so that each finds theirs."""
        return {Language.AR: "العربية", Language.EN: "English"}[self]

    @property
    def rtl(self) -> bool:
        return self is Language.AR


class Digits(StrEnum):
    """How numbers, dates and times are written in Arabic. Phones and references stay Latin."""

    LATIN = "latin"
    ARABIC = "arabic"


def language_of(code: str) -> Language:
    """The language for a channel's language code ("en-GB", "ar", "" …): Arabic unless it says English."""
    primary = code.replace("_", "-").partition("-")[0]
    return Language.EN if primary.lower() == Language.EN else Language.AR
