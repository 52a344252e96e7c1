"""What the card of an incident shows at an office, and which message shows it."""

from __future__ import annotations

from dataclasses import dataclass

from services.unit_of_work import Work
from storage import incident_counts, outbox
from storage import incident_news as card_rows
from storage import incidents as rows
from storage.ids import IncidentId, OfficeId
from storage.incident_news import IncidentCard, card_group
from storage.incidents import Incident, State, Where
from storage.records.staff import StaffChat

__all__ = ["IncidentCard", "Seen", "by_id", "card_group", "is_on_its_way", "look", "place", "shows"]

#: Places that a map is drawn of: the newest ones of very many.
_PLACES = 3000


@dataclass(frozen=True, slots=True)
class Seen:
    """What an incident has come to at an office."""

    here: tuple[tuple[State, int], ...]
    everywhere: int
    places: tuple[Where, ...]

    def count(self, *states: State) -> int:
        return sum(n for state, n in self.here if state in states)


async def by_id(work: Work, incident: IncidentId) -> Incident | None:
    return await rows.by_id(work.tx, incident)


async def look(work: Work, incident: IncidentId, office: OfficeId) -> Seen:
    """How an incident stands; it grows with the incident, so it is read outside the transaction."""
    return await work.look_up(("incident card", incident, office), lambda reading: _look(reading, incident, office))


async def _look(work: Work, incident: IncidentId, office: OfficeId) -> Seen:
    here = await incident_counts.counts(work.tx, incident, (office,))
    everywhere = await incident_counts.counts(work.tx, incident)
    places = await rows.places(work.tx, incident, _PLACES)
    joined = sum(n for state, n in everywhere.items() if state is not State.LEFT)
    return Seen(tuple(sorted(here.items())), joined, tuple(places))


async def place(work: Work, incident: IncidentId, chat: StaffChat) -> IncidentCard:
    """The card belongs in this chat. One that was elsewhere is shown anew."""
    return await card_rows.place(work.tx, incident, chat)


def shows(work: Work, incident: IncidentId, office: OfficeId, digest: str) -> None:
    """What the card is made to show now."""
    card_rows.shows(work.tx, incident, office, digest)


async def is_on_its_way(work: Work, incident: IncidentId, office: OfficeId) -> bool:
    """Whether a message that shows the card waits to be sent."""
    return await outbox.is_under_way(work.tx, card_group(incident, office))
