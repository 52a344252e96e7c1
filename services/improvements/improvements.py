"""What is told under "You said, we did": what was improved because residents asked for it.

An improvement is announced as any news is. Those who asked for it are told first, each with their own references: the
announcement waits for that (`is_told`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.actors import Subject, announcement_subject, case_subject
from services.announcements import writing
from services.announcements.model import Announcement, AnnouncementId, Kind, Status
from services.notify.enqueue import notify_resident
from services.notify.notices.announcements import ImprovementMade
from services.notify.quiet_hours import by_day
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.text.references import references_in
from services.unit_of_work import Work
from storage import audit, cases, outbox
from storage import improvements as rows
from storage.ids import CaseId, OfficeId, Reference, ResidentId
from storage.improvements import Figures, Improvement
from storage.records.cases import Case
from storage.residents import WALK_IN

__all__ = [
    "Figures",
    "Improvement",
    "Linked",
    "begin",
    "by_id",
    "cases_of",
    "figures",
    "is_told",
    "link",
    "linked",
    "of_announcement",
    "tell_due",
    "unlink",
]

MOST_CASES = 500  # that one improvement answers
PAGE = 8


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of references that were to be linked."""

    added: tuple[Reference, ...] = ()
    known: tuple[Reference, ...] = ()  # linked before
    refused: tuple[Reference, ...] = ()  # not there, or of an office that the person may not announce for
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """What is linked: a page of the cases, how many there are in all, and how many people are behind them."""

    cases: tuple[Case, ...]
    total: int
    people: int
    told: int


# ---------------------------------------------------------------------------- writing


async def begin(work: Work, person: Person, office: OfficeId) -> Announcement | None:
    """Begin an improvement, as a draft of its announcement; None where the person may not."""
    made = await writing.draft(work, person, Kind.IMPROVEMENT, office)
    if made is None:
        return None
    added = await rows.add(work.tx, office, made.id, person.actor, work.now)
    audit.record(work.tx, work.now, person.actor, "improvement.begun", improvement_subject(added), str(made.id))
    return made


async def link(work: Work, person: Person, announcement: AnnouncementId, text: str) -> Linked | None:
    """Link every request whose reference is in a text; None where the person may not."""
    found = await _editable(work, person, announcement)
    if found is None:
        return None
    added, known, refused = list[Reference](), list[Reference](), list[Reference]()
    there = await rows.count_cases(work.tx, found.id)
    wanted = dict.fromkeys(one for one in references_in(text) if one.startswith("C"))
    for reference in wanted:
        case = await cases.by_reference(work.tx, reference)
        if case is None or await permissions.guard(work, person, Act.ANNOUNCE, case.office) is None:
            refused.append(reference)
        elif there + len(added) >= MOST_CASES:
            return Linked(tuple(added), tuple(known), tuple(refused), too_many=True)
        elif await rows.link(work.tx, found.id, case.id, person.actor, work.now):
            added.append(reference)
            audit.record(work.tx, work.now, person.actor, "improvement.linked", case_subject(case.id), str(found.id))
        else:
            known.append(reference)
    return Linked(tuple(added), tuple(known), tuple(refused))


async def unlink(work: Work, person: Person, announcement: AnnouncementId, reference: Reference) -> bool | None:
    """Take a request off again; None where the person may not."""
    found = await _editable(work, person, announcement)
    case = None if found is None else await cases.by_reference(work.tx, reference)
    if found is None:
        return None
    if case is None or not await rows.unlink(work.tx, found.id, case.id):
        return False
    audit.record(work.tx, work.now, person.actor, "improvement.unlinked", case_subject(case.id), str(found.id))
    return True


async def _editable(work: Work, person: Person, announcement: AnnouncementId) -> Improvement | None:
    """The improvement of a draft, for somebody who may write it."""
    found = await writing.authorised(work, person, announcement, Act.ANNOUNCE)
    if found is None or found.status is not Status.DRAFT:
        return None
    return await rows.of_announcement(work.tx, announcement)


def improvement_subject(improvement: Improvement) -> Subject:
    return announcement_subject(improvement.announcement_id)


# ---------------------------------------------------------------------------- reading


async def by_id(work: Work, improvement: int) -> Improvement | None:
    return await rows.by_id(work.tx, improvement)


async def of_announcement(work: Work, announcement: AnnouncementId) -> Improvement | None:
    return await rows.of_announcement(work.tx, announcement)


async def linked(work: Work, announcement: AnnouncementId, page: int = 0) -> Behind | None:
    """What is linked to the improvement of an announcement; None where it is of none."""
    found = await rows.of_announcement(work.tx, announcement)
    if found is None:
        return None
    shown = await rows.cases(work.tx, found.id, PAGE, page * PAGE)
    people = await rows.count_people(work.tx, found.id)
    return Behind(shown, await rows.count_cases(work.tx, found.id), people, found.told)


async def cases_of(work: Work, improvement: int, resident: ResidentId) -> tuple[Case, ...]:
    """Those of the linked cases that a resident filed or joined."""
    return await rows.cases_of(work.tx, improvement, resident)


async def figures(work: Work, offices: Collection[OfficeId], since: datetime, until: datetime) -> Figures:
    """What reports count: improvements made known in a period, the requests and the people behind them."""
    return await rows.figures(work.tx, offices, since, until)


# ---------------------------------------------------------------------------- telling those who asked


async def is_told(work: Work, announcement: Announcement) -> bool:
    """Whether everybody who asked for it has been told, so that it may be announced to the others."""
    return announcement.kind is not Kind.IMPROVEMENT or await rows.is_told(work.tx, announcement.id)


async def tell_due(work: Work, limit: int = 50) -> int:
    """Tell those who asked for what is about to be announced, at most so many requests at a time; how many those were.

    A resident behind several of the requests is told once: what they are told names all of theirs.
    """
    found = await rows.to_tell(work.tx, work.now)
    if found is None or by_day(work, work.now) != work.now:
        return 0
    untold = await rows.untold(work.tx, found.id, limit)
    for case in untold:
        rows.note_told(work.tx, found.id, case, await _tell(work, found, case), work.now)
    if len(untold) < limit:
        rows.all_told(work.tx, found.id, work.now)
    return max(1, len(untold))


async def _tell(work: Work, improvement: Improvement, case: CaseId) -> int:
    """Owe those behind a case their notice; how many had not been told before."""
    told = 0
    for person in await cases.audience(work.tx, case):
        key = f"improvement:{improvement.id}:{person.id}"
        reached = person.channel != WALK_IN and person.forgotten_at is None and person.reachable
        if not reached or await outbox.is_known(work.tx, key):
            continue
        notice = ImprovementMade(improvement=improvement.id)
        await notify_resident(work, person.id, notice, key=key, subject=case_subject(case))
        told += 1
    return told
