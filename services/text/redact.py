"""Striking out of people's words what tells who somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.residents import Resident


class Eraser:
    """Strikes out of a text what tells who somebody is."""

    _NUMBER = re.compile(r"\+?\d(?:[\s\-()./]?\d){7,}")
    _EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
    _HOUSE = re.compile(
        # not a text: how people say where they live
        r"\b(?:house|villa|flat|apartment|apt|building|bldg|door|unit|"
        r"[وفبلك]?(?:ال|ل)?(?:منزل|بيت|فيلا|شقة|عمارة|مبنى|بناية))"
        r"\s*(?:no\.?|number|nr\.?|#|رقم)?\s*[:#]?\s*\d+\w?",
        re.IGNORECASE,
    )
    _STRUCK = "…"

    def __init__(self, names: Iterable[str], *, houses: bool = False) -> None:
        self._houses = houses
        whole = {name.strip() for name in names if len(name.strip()) > 1}
        words = {word for name in whole for word in name.split() if len(word) > 2}
        alternatives = [re.escape(name) for name in sorted(whole, key=len, reverse=True)]
        alternatives += [rf"\b{re.escape(word)}\b" for word in sorted(words)]
        self._names = re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None

    @classmethod
    def of(cls, resident: Resident, own: Iterable[Case], bookings: Iterable[Booking]) -> Eraser:
        """For every name somebody went by."""
        return cls({resident.name, *(case.name for case in own), *(booking.name for booking in bookings)})

    @classmethod
    def of_public(cls, names: Iterable[str]) -> Eraser:
        """For what strangers read: the house in which somebody lives is struck out too."""
        return cls(names, houses=True)

    def __call__(self, text: str) -> str:
        """The text without names, e-mail addresses, and numbers of eight digits or more in any script."""
        if self._houses:
            text = self._HOUSE.sub(self._STRUCK, text)
        text = self._EMAIL.sub(self._STRUCK, text)
        text = self._NUMBER.sub(self._STRUCK, text)
        return text if self._names is None else self._names.sub(self._STRUCK, text)

    def finds(self, text: str) -> bool:
        """Whether a name is in a text."""
        return self._names is not None and self._names.search(text) is not None
