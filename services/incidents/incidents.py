"""Incidents: one happening that many report is opened, told of and closed once, by an administrator.

An incident is of some categories and at some offices. Reports of them join it by themselves (`joining`); what is told
goes to all who joined in batches (`telling`), a minute after it was ordered, so that it can be taken back until then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from services.actors import Subject, offices_subject
from services.incidents import cards
from services.offices.offices import Category
from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.unit_of_work import Work
from storage import audit, incident_counts
from storage import incident_changes as changes
from storage import incident_news as news_rows
from storage import incidents as rows
from storage.ids import CategoryId, IncidentId, OfficeId
from storage.incident_news import News, NewsKind
from storage.incidents import Circle, Incident, IncidentStatus, NewIncident, State
from storage.records.cases import CaseKind
from storage.translations import Translations

__all__ = [
    "LONGEST",
    "MOST_BLOCKS",
    "MOST_CATEGORIES",
    "MOST_CIRCLES",
    "UNDO_WITHIN",
    "Circle",
    "Incident",
    "IncidentStatus",
    "News",
    "NewsKind",
    "Plan",
    "Stale",
    "State",
    "Taken",
    "Translations",
    "categories_at",
    "counts",
    "done",
    "end",
    "extend",
    "listed",
    "locked",
    "may",
    "newest_order",
    "offices_of",
    "open_for",
    "open_one",
    "take_back",
    "tell",
]

#: How long what is told can be taken back.
UNDO_WITHIN = timedelta(minutes=1)
#: How long before an incident ends its administrators hear that it will.
_REMIND_BEFORE = timedelta(hours=1)
MOST_CATEGORIES, MOST_BLOCKS, MOST_CIRCLES = 5, 60, 10
LONGEST = 1000  # characters of what is told
_LISTED = 12
_KINDS = (CaseKind.COMPLAINT, CaseKind.OBSERVATION, CaseKind.SERVICE_REQUEST)
_AUDITED: Mapping[NewsKind, str] = MappingProxyType(
    {
        NewsKind.UPDATE: "incident.told",
        NewsKind.CLOSE: "incident.closed",
        NewsKind.RELEASE: "incident.released",
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an administrator wants to open: what about, where, from and until when, and what people are told."""

    categories: tuple[CategoryId, ...]
    offices: tuple[OfficeId, ...]
    blocks: tuple[int, ...]
    circles: tuple[Circle, ...]
    texts: Translations
    back: timedelta  # reports of so long before join too
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """Reports of this category at this office already join another incident."""

    category: CategoryId
    office: OfficeId


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else was first: the incident as it is now."""

    incident: Incident


# ---------------------------------------------------------------------------- looking


async def offices_of(work: Work, person: Person) -> tuple[OfficeId, ...]:
    """Where somebody may open incidents."""
    member = await permissions.member(work, person)
    return () if member is None else member.offices(Act.INCIDENT, [office.id for office in work.offices.all])


def categories_at(work: Work, offices: Sequence[OfficeId]) -> tuple[Category, ...]:
    """What an incident at any of these offices can be about: what is at a place."""
    served = {one.id for office in offices for kind in _KINDS for one in work.offices.categories_for(office, kind)}
    return tuple(one for one in work.offices.categories if one.id in served and not one.retired)


async def listed(work: Work, person: Person) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
    """Those under way and the newest of the past, at the offices where somebody may."""
    mine = set(await offices_of(work, person))
    running = await rows.under_way(work.tx, _LISTED)
    past = await rows.past(work.tx, _LISTED)
    return (
        tuple(one for one in running if set(one.offices) <= mine),
        tuple(one for one in past if set(one.offices) <= mine),
    )


async def open_for(work: Work, person: Person, incident: IncidentId) -> Incident | None:
    """An incident for whoever may look after it; None for anybody else, which is written down."""
    found = await rows.by_id(work.tx, incident)
    return None if found is None or await may(work, person, found.offices) is None else found


async def counts(work: Work, incident: IncidentId, offices: tuple[OfficeId, ...] | None = None) -> dict[State, int]:
    """How many reports stand how with an incident, at some offices or all; read outside the transaction."""
    return await work.look_up(
        ("incident", incident, offices), lambda reading: incident_counts.counts(reading.tx, incident, offices)
    )


async def newest_order(work: Work, incident: IncidentId) -> News | None:
    """What was ordered last, which can be undone as long as nobody is told."""
    return await news_rows.newest_order(work.tx, incident)


async def may(work: Work, person: Person, offices: Sequence[OfficeId]) -> Member | None:
    """Whoever may at each of these offices."""
    member = await permissions.member(work, person)
    if member is not None and offices and all(member.may(Act.INCIDENT, office) for office in offices):
        return member
    permissions.deny(work, person, Act.INCIDENT, offices_subject(offices))
    return None


# ---------------------------------------------------------------------------- opening


async def open_one(work: Work, person: Person, plan: Plan) -> Incident | Taken | None:
    """Open an incident; None where they may not."""
    member = await may(work, person, plan.offices)
    if member is None:
        return None
    for category in plan.categories:  # said by name; the schema holds it for two at the same moment
        for office in plan.offices:
            if await rows.is_live(work.tx, category, office):
                return Taken(category, office)
    ends_at = work.now + plan.lasts
    new = NewIncident(
        categories=plan.categories,
        offices=plan.offices,
        blocks=plan.blocks,
        circles=plan.circles,
        texts=plan.texts,
        since=work.now - plan.back,
        opened_at=work.now,
        opened_by=member.actor,
        ends_at=ends_at,
        remind_at=ends_at - _REMIND_BEFORE,
        show_at=None,
    )
    incident = await rows.add(work.tx, new)
    for category in plan.categories:
        for office in plan.offices:
            if not await rows.add_area(work.tx, incident, category, office):
                return Taken(category, office)
    audit.record(work.tx, work.now, member.actor, "incident.opened", _subject(incident), _named(incident))
    cards.show_soon(work, incident)
    return incident


async def extend(
    work: Work, person: Person, incident: IncidentId, version: int, by: timedelta
) -> Incident | Stale | None:
    """Let it go on for so long from now."""
    found = await locked_open(work, person, incident, version)
    if not isinstance(found, Incident):
        return found
    ends_at = max(found.ends_at, work.now + by)
    await rows.change(work.tx, found, ends_at=ends_at, remind_at=ends_at - _REMIND_BEFORE)
    return await done(work, person, found, "incident.extended")


# ---------------------------------------------------------------------------- telling and ending


async def tell(work: Work, person: Person, incident: IncidentId, texts: Translations) -> News | Stale | None:
    """Tell all who joined; None where they may not. Two administrators may each tell something."""
    found = await locked_open(work, person, incident, None)
    if not isinstance(found, Incident):
        return found
    return await order(work, person, found, NewsKind.UPDATE, texts)


async def end(
    work: Work, person: Person, incident: IncidentId, version: int, kind: NewsKind, texts: Translations
) -> News | Stale | None:
    """Close it, and all that joined with it; or release them, where it should not have been opened."""
    found = await locked_open(work, person, incident, version)
    if not isinstance(found, Incident):
        return found
    after = IncidentStatus.CLOSING if kind is NewsKind.CLOSE else IncidentStatus.RELEASING
    await rows.change(work.tx, found, status=after, remind_at=None)
    await rows.set_live(work.tx, found.id, live=False)
    return await order(work, person, found, kind, texts)


async def take_back(work: Work, person: Person, news: int) -> bool | None:
    """What was ordered a moment ago is not told, and an incident that was being ended goes on. False: too late."""
    ordered = await news_rows.by_id(work.tx, news)
    found = None if ordered is None else await locked(work, person, ordered.incident_id, None)
    if ordered is None or not isinstance(found, Incident):
        return None
    if ordered.office is not None and await may(work, person, (ordered.office,)) is None:
        return None
    if ordered.office is not None and found.status is not IncidentStatus.OPEN:
        return False
    if not await news_rows.take_back(work.tx, ordered.id, work.now):
        return False
    if ordered.replaces is not None:
        await changes.change_texts(work.tx, found, ordered.replaces)
    if ordered.office is not None:
        await _put_back(work, found, ordered.office)
    elif ordered.kind is not NewsKind.UPDATE:
        remind_at = max(found.ends_at - _REMIND_BEFORE, work.now)
        await rows.change(work.tx, found, status=IncidentStatus.OPEN, remind_at=remind_at)
        await rows.set_live(work.tx, found.id, live=True)
    await done(work, person, found, "incident.taken_back")
    return True


async def _put_back(work: Work, found: Incident, office: OfficeId) -> None:
    """A municipality is part of it again: with each category that has not joined another incident meanwhile."""
    await changes.change_area(work.tx, found, (*found.offices, office), found.blocks, found.circles)
    for category in found.categories:
        await rows.add_area(work.tx, found, category, office)


async def order(
    work: Work,
    person: Person,
    found: Incident,
    kind: NewsKind,
    texts: Translations,
    *,
    action: str = "",
    replaces: Translations | None = None,
    out: OfficeId | None = None,
) -> News:
    """Have something told in a minute, unless it is undone, and write it down.

    `action` is for the audit, where it is not that of the kind; `replaces` are the words before, `out` is the
    municipality that is taken out.
    """
    news = await news_rows.add(
        work.tx,
        found.id,
        kind,
        texts,
        by=person.actor,
        at=work.now,
        starts_at=work.now + UNDO_WITHIN,
        replaces=replaces,
        office=out,
    )
    await done(work, person, found, action or _AUDITED[kind], out or "")
    return news


async def locked(work: Work, person: Person, incident: IncidentId, version: int | None) -> Incident | Stale | None:
    """The incident, locked, in the version that was seen; None for whoever may not look after it."""
    found = await rows.lock(work.tx, incident)
    if found is None or await may(work, person, found.offices) is None:
        return None
    return found if version in {None, found.version} else Stale(found)


async def locked_open(work: Work, person: Person, incident: IncidentId, version: int | None) -> Incident | Stale | None:
    """The same of one that is still open: what is being closed or released stays as it is."""
    found = await locked(work, person, incident, version)
    return Stale(found) if isinstance(found, Incident) and found.status is not IncidentStatus.OPEN else found


async def done(work: Work, person: Person, before: Incident, action: str, detail: str = "") -> Incident:
    """Write down what was done, and have the cards show it; the incident as it is now."""
    named = f"{_named(before)}: {detail}" if detail else _named(before)
    audit.record(work.tx, work.now, person.actor, action, _subject(before), named)
    cards.show_soon(work, before)
    return await rows.by_id(work.tx, before.id) or before


def _subject(incident: Incident) -> Subject:
    return offices_subject(incident.offices)


def _named(incident: Incident) -> str:
    return f"incident {incident.id}"
