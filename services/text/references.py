"""Public references of bookings and cases, such as `C-7K3M-2QF`.

A prefix (B for a booking, C for a case), six random letters and digits, and a check character. They
are read out over telephones and typed from paper, hence:

- the 29 characters used have no look-alikes among them (no I L O S U Z B), and what is typed for one
  of those by mistake is understood: O as 0, I and L as 1, Z as 2, S as 5, B as 8, U as V;
- the check character is that of a pure system of ISO/IEC 7064 with modulus 29 and radix 2 (the standard's
  own MOD 11-2 and MOD 37-2 are built alike). 29 is prime and 2 a primitive root of it, so every single
  wrong character is caught, and every swap of two neighbours or of neighbours but one;
- 29⁶ ≈ 595 million of each kind, drawn by a random generator that the caller hands in (`SystemRandom`
  outside tests); uniqueness is the database's to keep.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from services.text.normalise import latin_digits, without_invisible
from storage.ids import Reference

Prefix = Literal["B", "C"]

#: What people are shown where they are to type one: as good as any, so that who copies it hears "not found".
CASE_EXAMPLE, BOOKING_EXAMPLE = Reference("C-7K3M-2QF"), Reference("B-4M7K-9QA")

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
_MODULUS, _RADIX = len(ALPHABET), 2
# The prefix is checked along with the rest, so that a booking's reference is never a case's.
_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"B": 8}
_LOOK_ALIKES = str.maketrans("OILZSBU", "011258V")

# Hyphens of any kind, spaces, or nothing between the groups.
_SEPARATOR = r"[\s\-_./]*"
_DASHES = frozenset("−⁃ـー·‧•˗")  # that Unicode does not count among them
_SHAPE = re.compile(rf"(?<![A-Z0-9])(?=([BC])({_SEPARATOR})([A-Z0-9]{{4}}){_SEPARATOR}([A-Z0-9]{{3}})(?![A-Z0-9]))")
# A hyphen after the prefix, or a reference's own shape with a digit: "B 338" is a block, "Block 338" no reference.
_MEANT = re.compile(
    rf"[BC][-_](?=\D*\d)[A-Z0-9]{{2,6}}{_SEPARATOR}[A-Z0-9]{{1,5}}|[BC]\s?(?=\w{{0,3}}\d)\w{{4}}\s?\w{{3}}"
)


def new_reference(prefix: Prefix, random: random.Random) -> Reference:
    """A reference that nobody can guess from another. Its first four characters hold a digit, so it is no word."""
    while True:
        body = "".join(random.choices(ALPHABET, k=6))
        if any(character.isdigit() for character in body[:4]):
            return _written(prefix, body + _check_character(prefix + body))


def typed_plainly(text: str) -> str:
    """What was typed in capital letters and digits of ASCII, with hyphens for dashes and nothing invisible.

    Keyboards of East Asia write full-width letters, and Arabic ones a tatweel where a dash is meant.
    """
    text = latin_digits(without_invisible(unicodedata.normalize("NFKC", text)))
    return "".join("-" if c in _DASHES or unicodedata.category(c) == "Pd" else c for c in text).upper()


def parse_reference(text: str) -> Reference | None:
    """The first reference in what was typed, in its proper form, or None; see `references_in`."""
    return next(references_in(text), None)


def references_in(text: str) -> Iterator[Reference]:
    """Every reference in a text, in its proper form.

    Takes lower case, spaces, other dashes or nothing for hyphens, digits of any script, full-width letters, invisible
    characters anywhere, look-alikes, and words around it.
    """
    plain = typed_plainly(text)
    for match in _SHAPE.finditer(plain):
        prefix, separator, first, second = match.groups()
        # "block 338" has a reference's shape too: letters alone are one only after a hyphen.
        if separator.strip() or re.search(r"\d", first):
            body = (first + second).translate(_LOOK_ALIKES)
            if _check_character(prefix + body[:-1]) == body[-1]:
                yield _written(prefix, body)


def bare_reference(text: str) -> Reference | None:
    """The reference that is all of what was typed, or nearly; None where it is none, or words come with it."""
    reference = parse_reference(text)
    return reference if reference is not None and len(text.strip()) <= len(reference) + 4 else None


def is_mistyped(text: str) -> bool:
    """Whether all that was typed was meant as a reference and is none: a character is wrong, missing or more."""
    plain = typed_plainly(text).strip()
    return _MEANT.fullmatch(plain) is not None and parse_reference(text) is None


def _written(prefix: str, body: str) -> Reference:
    return Reference(f"{prefix}-{body[:4]}-{body[4:]}")


def _check_character(characters: str) -> str:
    """The character that makes the sum of all, each weighted by a power of the radix, 1 in the modulus."""
    total = 0
    for character in characters:
        total = (total + _VALUES[character]) * _RADIX % _MODULUS
    return ALPHABET[(1 - total) % _MODULUS]
