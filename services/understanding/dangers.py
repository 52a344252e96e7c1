"""Which danger words tell of, if any."""

from __future__ import annotations

from services.offices.offices import DangerId, Offices
from services.understanding.phrases import Phrases

_NEAR = 3  # words within which a harmless phrase stands
_ROUNDS = 5  # harmless phrases of a kind that are looked for in one text


class DangerRules:
    """The dangers of an offices file, the most pressing first, and the phrases that only sound like one."""

    def __init__(self, offices: Offices) -> None:
        self._phrases = Phrases({danger.id: danger.keywords.expanded for danger in offices.dangers})
        harmless = {danger.id: danger.harmless.expanded for danger in offices.dangers}
        self._harmless = Phrases(harmless, _NEAR, in_order=True)
        self._pressing = {danger.id: place for place, danger in enumerate(offices.dangers)}

    def of(self, said: list[str]) -> DangerId | None:
        """The most pressing danger that words tell of; a misspelt one is none, since it alerts people."""
        told = {hit.meant for hit in self._phrases.find(said) if hit.sure == 1}
        if not told:
            return None
        rest = self._without_harmless(said)
        told = {hit.meant for hit in self._phrases.find(rest) if hit.sure == 1} if rest != said else told
        return min(told, key=self._pressing.__getitem__, default=None)

    def _without_harmless(self, said: list[str]) -> list[str]:
        """The words with those of harmless phrases blanked, so that a fire beside a fire alarm is still one."""
        rest = list(said)
        for _ in range(_ROUNDS):
            harmless = {place for hit in self._harmless.find(rest) if hit.sure == 1 for place in hit.places}
            if not harmless:
                break
            rest = ["" if place in harmless else word for place, word in enumerate(rest)]
        return rest
