"""The short names of municipalities: "in southern", "northern area", «في الجنوبية», «العاصمة».

Such a name is an adjective or another word besides: "the northern side of the street", "Manama is the capital". It is
meant where it stands as a name stands: by itself, after "in", or beside "area"; and where nothing follows that it
would describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.understanding.words import words
from storage.ids import OfficeId

_WITHIN = frozenset(words("in from في من أهالي سكان صوب"))
_AREA_BEFORE = frozenset(words("منطقة المنطقة بالمنطقة محافظة المحافظة بالمحافظة"))
_AREA_AFTER = frozenset(words("area region governorate"))
_JOINED, _ARTICLE = "ب", "ال"
_COUNTRY = frozenset(words("Bahrain البحرين المملكة"))
# What goes on with the sentence after an English name: anything else is what the name describes.
_GOES_ON = frozenset(
    words(
        "is are was were has have and but or so since for near with by at on there it they we i please pls "
        "where who when because that this next behind opposite beside not no today a an the my our Bahrain"
    )
)

Name = tuple[str, ...]


def short_names(offices: Iterable[tuple[OfficeId, Iterable[str]]]) -> Mapping[Name, OfficeId]:
    """Whose each short name is, by its words."""
    return {tuple(words(name)): office for office, names in offices for name in names}


def named_in_short(said: list[str], names: Mapping[Name, OfficeId]) -> set[OfficeId]:
    """The offices whose short name is said as a name."""
    named = set()
    for at in range(len(said)):
        for name, office in names.items():
            there = (_unjoined(said[at]), *said[at + 1 : at + len(name)])
            if there == name and _is_meant(said[:at], said[at], said[at + len(name) :]):
                named.add(office)
    return named


def _is_meant(before: list[str], word: str, after: list[str]) -> bool:
    last, english = before[-1] if before else "", word.isascii()
    if not english and last in _AREA_BEFORE:
        return not _has_parts(after)
    if english and after and after[0] in _AREA_AFTER:
        return not _has_parts(after[1:])
    if last not in _WITHIN and word == _unjoined(word):
        return not before and not after
    if english:
        return not after or after[0] in _GOES_ON
    return not _has_parts(after)


def _has_parts(after: list[str]) -> bool:
    """Whether it is the part of something smaller: "of the park", «من الشارع»; not of the country."""
    if not after:
        return False
    return after[0].startswith("لل") or (after[0] in {"of", "من"} and _COUNTRY.isdisjoint(after[1:3]))


def _unjoined(word: str) -> str:
    """The word without the "in" that Arabic joins to it."""
    return word[1:] if word.startswith(_JOINED + _ARTICLE) else word
