"""What is changed of an incident while it is open: where it is, and what people are told.

What has joined stays, whatever its land is now: its people were told. Only other words are told again. Of a
municipality that is taken out nothing stays: its requests would be in an incident that their office does not have.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.incidents import cards, joining
from services.incidents.incidents import (
    Incident,
    IncidentStatus,
    News,
    NewsKind,
    Stale,
    Taken,
    Translations,
    done,
    locked,
    locked_open,
    may,
    order,
)
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import incident_changes as changes
from storage import incident_news as news_rows
from storage import incidents as rows
from storage.ids import CaseId, IncidentId, OfficeId
from storage.incidents import Circle, Gathering

#: Of so many reports it is looked whether they would join, before a change is made.
LOOKED_AT = 200
_NOBODY = CaseId(0)


@dataclass(frozen=True, slots=True)
class Area:
    """Where an incident is: no blocks and no circles are all of its municipalities."""

    offices: tuple[OfficeId, ...]
    blocks: tuple[int, ...]
    circles: tuple[Circle, ...]

    def of(self, incident: Incident) -> Incident:
        """The incident, if it were there."""
        named = {"offices": self.offices, "blocks": self.blocks, "circles": self.circles}
        return incident.model_copy(update=named)


def area_of(incident: Incident) -> Area:
    return Area(incident.offices, incident.blocks, incident.circles)


async def newly_within(work: Work, incident: Incident, area: Area) -> int:
    """How many reports would join if it were there, `LOOKED_AT` at most; read outside the transaction."""
    question = ("incident area", incident.id, area)
    return await work.look_up(question, lambda reading: _count(reading, incident, area))


async def _count(work: Work, incident: Incident, area: Area) -> int:
    there, found, left = area.of(incident), 0, LOOKED_AT
    for category in incident.categories:
        for office in area.offices:
            every = Gathering(
                incident_id=incident.id,
                category=category,
                office=office,
                gathered_to=incident.since,
                gathered_id=_NOBODY,
            )
            cases = await rows.earlier(work.tx, every, work.now, left) if left else []
            left -= len(cases)
            found += sum(case.closed_at is None and joining.fits(work, there, case) for case in cases)
    return found


async def change_area(
    work: Work, person: Person, incident: IncidentId, version: int, area: Area
) -> Incident | Stale | Taken | None:
    """Have it be elsewhere from now on; earlier reports that are within join as any others do. None: they may not."""
    found = await locked(work, person, incident, version)
    if not isinstance(found, Incident):
        return found
    added = tuple(one for one in area.offices if one not in found.offices)
    if (added and await may(work, person, added) is None) or not set(found.offices) <= set(area.offices):
        return None
    if found.status is not IncidentStatus.OPEN:
        return Stale(found)
    for office in added:
        if await news_rows.is_leaving(work.tx, found.id, office):
            return Stale(found)
    for category in found.categories:
        for office in added:
            if await rows.is_live(work.tx, category, office):
                return Taken(category, office)
    await changes.change_area(work.tx, found, area.offices, area.blocks, area.circles)
    for category in found.categories:
        for office in added:
            await rows.add_area(work.tx, found, category, office)
    await changes.gather_again(work.tx, found)
    return await done(work, person, area.of(found), "incident.area", f"{_named(area_of(found))} → {_named(area)}")


async def take_out(
    work: Work, person: Person, incident: IncidentId, version: int, office: OfficeId, texts: Translations
) -> News | Stale | None:
    """Nothing of one municipality joins any more; in a minute, unless undone, what has joined is released and told."""
    found = await locked_open(work, person, incident, version)
    if not isinstance(found, Incident):
        return found
    left = tuple(one for one in found.offices if one != office)
    if not left or len(left) == len(found.offices):
        return Stale(found)
    await changes.change_area(work.tx, found, left, found.blocks, found.circles)
    await changes.drop_areas(work.tx, found.id, office)
    cards.show_at(work, found.id, office)
    return await order(work, person, found, NewsKind.RELEASE, texts, action="incident.office_out", out=office)


async def is_leaving(work: Work, incident: IncidentId, office: OfficeId) -> bool:
    """Whether a municipality was taken out a moment ago, and its requests are not all released."""
    return await news_rows.is_leaving(work.tx, incident, office)


def _named(area: Area) -> str:
    """For the audit."""
    land = [*map(str, area.blocks), *(f"{one.latitude:.4f},{one.longitude:.4f}" for one in area.circles)]
    return f"{' '.join(area.offices)} ({' '.join(land) or 'all'})"


async def words_of(work: Work, incident: Incident) -> Translations:
    """What people read of it now."""
    news = await news_rows.newest(work.tx, incident.id)
    return incident.texts if news is None else news.texts


async def change_words(
    work: Work, person: Person, incident: IncidentId, version: int, texts: Translations
) -> News | Stale | None:
    """Whoever joins reads other words from now on, and all who have joined are told in a minute, unless undone."""
    found = await locked_open(work, person, incident, version)
    if not isinstance(found, Incident):
        return found
    before = await words_of(work, found)
    await changes.change_texts(work.tx, found, texts)
    return await order(work, person, found, NewsKind.UPDATE, texts, action="incident.words", replaces=before)
