"""Which danger words tell of, if any."""

from __future__ import annotations

from services.offices.offices import DangerId, Offices
from services.understanding.phrases import Phrases

_NEAR = 3  # words within which a harmless phrase stands
_ROUNDS = 5  # harmless phrases of a kind that are looked for in one text


class DangerRules:
    """The dangers of an offices file, the most pressing first, and the phrases that only sound like one."""

    def __init__(self, offices: Offices) -> None:
        self._pressing = [danger.id for danger in offices.dangers]
        self._phrases = Phrases({danger.id: danger.keywords.expanded for danger in offices.dangers})
        self._harmless = {
            danger.id: Phrases({danger.id: danger.harmless.expanded}, _NEAR, in_order=True)
            for danger in offices.dangers
        }

    def of(self, said: list[str]) -> DangerId | None:
        """The most pressing danger that words tell of; a misspelt one is none, since it alerts people."""
        told = self._told(said)
        return next((danger for danger in self._pressing if danger in told and self._is_one(danger, said)), None)

    def _told(self, said: list[str]) -> set[DangerId]:
        return {hit.meant for hit in self._phrases.find(said) if hit.sure == 1}

    def _is_one(self, danger: DangerId, said: list[str]) -> bool:
        rest = self._without_harmless(danger, said)
        return rest == said or danger in self._told(rest)

    def _without_harmless(self, danger: DangerId, said: list[str]) -> list[str]:
        """The words with those of its harmless phrases blanked, so that a fire beside a fire alarm is still one."""
        rest = list(said)
        for _ in range(_ROUNDS):
            found = self._harmless[danger].find(rest)
            harmless = {place for hit in found if hit.sure == 1 for place in hit.places}
            if not harmless:
                break
            rest = ["" if place in harmless else word for place, word in enumerate(rest)]
        return rest
