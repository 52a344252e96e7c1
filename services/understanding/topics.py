"""Which topic of a meeting words tell: none rather than a wrong one, since nobody may look at it before the meeting."""

from __future__ import annotations

from services.offices.offices import Offices, TopicId
from services.understanding.phrases import Phrases
from storage.ids import CategoryId


class TopicRules:
    """The topics of an offices file, by what they are about and by their names and keywords."""

    def __init__(self, offices: Offices) -> None:
        self._topics = offices.topics
        self._phrases = Phrases({topic.id: topic.words for topic in offices.topics})

    def of(self, said: list[str], category: CategoryId | None) -> TopicId | None:
        """The topic that the `category` of a matter belongs to; where none is known, the one that `said` names."""
        hits = [hit for hit in self._phrases.find(said) if hit.sure == 1]
        named = {topic.id: sum(hit.meant == topic.id for hit in hits) for topic in self._topics}
        if category is not None:
            about = [topic.id for topic in self._topics if category in (topic.category, *topic.also)]
            return max(about, key=lambda one: named[one], default=None)
        return max(named, key=lambda one: named[one]) if hits else None
