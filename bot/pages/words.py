"""Words for pages: the script of a page holds none of its own, so that all of them are in the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from locales import Catalogues, Digits, Language, Localizer

Tongues: TypeAlias = "Mapping[Language, Localizer]"
#: A text in every language, by the language's code.
Both: TypeAlias = "dict[str, str]"


def tongues(catalogues: Catalogues) -> Tongues:
    """Every language, each with its own digits: a screen knows nobody's choice, so it shows both kinds."""
    return {language: catalogues.localizer(language, Digits.ARABIC) for language in Language}


def both(tongues: Tongues, say: Callable[[Localizer], str]) -> Both:
    return {language.value: say(t) for language, t in tongues.items()}
