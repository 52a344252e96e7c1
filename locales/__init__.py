"""What is said to people, in their language.

The texts are the English sentences in the code, translated in `<language>/LC_MESSAGES/<domain>.po`,
a domain for each source file. `python -m locales.build` keeps them in step with the code.
"""

from locales.bidi import clean, without_marks
from locales.catalogues import Catalogues, load
from locales.languages import DEFAULT, Digits, Language, language_of
from locales.localizer import Localizer, Translated

__all__ = [
    "DEFAULT",
    "N_",
    "Catalogues",
    "Digits",
    "Language",
    "Localizer",
    "Translated",
    "clean",
    "language_of",
    "load",
    "without_marks",
]


def N_(msgid: str) -> str:  # noqa: N802 — gettext's name for it
    """Mark a text kept in a table, so that it is put into the catalogues; it is translated where it is said."""
    return msgid
