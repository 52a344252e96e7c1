"""Which reports join an incident, and how they leave it again.

A report joins where its category and place are the incident's and nobody looks after it yet. It stays a case with a
reference of its own; while it is joined, the incident's card stands for it in the office's group and in the queues.
"""

from __future__ import annotations

from services.actors import Actor, case_subject
from services.cases.updates import show_card
from services.incidents import cards
from services.notify.enqueue import notify_resident
from services.notify.notices.incidents import IncidentJoined
from services.points import distance
from services.unit_of_work import Work
from storage import audit, dangers
from storage import cases as case_rows
from storage import incident_news as news_rows
from storage import incidents as rows
from storage.ids import CaseId, IncidentId
from storage.incident_news import News
from storage.incidents import Incident, IncidentStatus, State
from storage.records.cases import Case, CaseKind, CaseStatus

__all__ = [
    "fits",
    "gather_due",
    "incident_of",
    "join_again",
    "join_new",
    "leave",
    "newest_news",
    "released",
    "stands_for",
]

_KINDS = frozenset({CaseKind.COMPLAINT, CaseKind.OBSERVATION, CaseKind.SERVICE_REQUEST})
_UNTOUCHED = frozenset({CaseStatus.RECEIVED, CaseStatus.REOPENED})


# ---------------------------------------------------------------------------- looking


async def incident_of(work: Work, case: CaseId) -> tuple[Incident, State] | None:
    """The newest incident that a case had to do with, and how it stands with it."""
    joined = await rows.newest_of(work.tx, case)
    incident = None if joined is None else await rows.by_id(work.tx, joined.incident_id)
    return None if joined is None or incident is None else (incident, joined.state)


async def stands_for(work: Work, case: Case) -> bool:
    """Whether the card of an incident stands for a case: a card of its own would be one of thousands."""
    joined = await rows.newest_of(work.tx, case.id)
    if joined is None:
        return False
    return joined.state is State.JOINED or (joined.state is State.CLOSED and case.closed_at is not None)


async def newest_news(work: Work, incident: IncidentId) -> News | None:
    """The last that those who joined are being told, or were."""
    return await news_rows.newest_begun(work.tx, incident, work.now)


# ---------------------------------------------------------------------------- joining


async def join_new(work: Work, case: Case) -> bool:
    """Have a case that was just filed join the incident that it is about; whether there is one."""
    incident = await rows.live_at(work.tx, case.category, case.office, work.now)
    if incident is None or not fits(work, incident, case):
        return False
    return await _join(work, incident, case)


async def _join(work: Work, incident: Incident, case: Case) -> bool:
    if not await rows.join(work.tx, incident.id, case.id, work.now):
        return False
    case_rows.set_aside(work.tx, case.id)
    cards.show_later(work, incident)
    return True


def fits(work: Work, incident: Incident, case: Case) -> bool:
    """Whether a case can join: nobody is at work on it, and it is where the incident is."""
    if case.kind not in _KINDS or case.status not in _UNTOUCHED or case.owner:
        return False
    if case.created_at < incident.since:
        return False
    if not (incident.blocks or incident.circles):
        return True
    block = case.block or work.understanding.of(case.words, work.today).place.block
    if block is not None and block in incident.blocks:
        return True
    if case.latitude is None or case.longitude is None:
        return False
    return any(
        distance(case.latitude, case.longitude, circle.latitude, circle.longitude) <= circle.metres
        for circle in incident.circles
    )


# ---------------------------------------------------------------------------- leaving


async def leave(work: Work, case: Case, actor: Actor) -> bool:
    """It is about something else: an ordinary case from now on. False where it had not joined, or it is over."""
    found = await incident_of(work, case.id)
    if found is None or found[1] is not State.JOINED or found[0].ended_at is not None:
        return False
    incident, _ = found
    if not await rows.move(work.tx, incident.id, case.id, work.now, before=State.JOINED, after=State.LEFT):
        return False
    audit.record(work.tx, work.now, actor, "incident.left", case_subject(case.id))
    await released(work, case)
    cards.show_later(work, incident)
    return True


async def released(work: Work, case: Case) -> None:
    """A case is looked after by itself again, and shown in its office's group."""
    case_rows.take_up_again(work.tx, case, work.now)
    show_card(work, case.id, case.office)


async def keep_aside(work: Work, before: Case) -> None:
    """Its resident added to a case: the incident still stands for it, unless staff look after it by itself."""
    found = await incident_of(work, before.id)
    if found is not None and found[1] is State.JOINED and before.status in _UNTOUCHED and not before.owner:
        case_rows.set_aside(work.tx, before.id)


async def join_again(work: Work, case: Case, actor: Actor) -> bool:
    """It was about the incident after all; False where that is over, or somebody has begun to look after the case."""
    found = await incident_of(work, case.id)
    if found is None or found[1] is not State.LEFT or found[0].status is not IncidentStatus.OPEN:
        return False
    incident, _ = found
    if case.office not in incident.offices:
        return False
    if case.status not in _UNTOUCHED or case.owner or await dangers.of_case(work.tx, case.id) is not None:
        return False
    if not await rows.move(work.tx, incident.id, case.id, work.now, before=State.LEFT, after=State.JOINED):
        return False
    case_rows.set_aside(work.tx, case.id)
    audit.record(work.tx, work.now, actor, "incident.joined_again", case_subject(case.id))
    show_card(work, case.id, case.office)
    cards.show_later(work, incident)
    return True


# ---------------------------------------------------------------------------- what came before


async def gather_due(work: Work, limit: int) -> int:
    """Look at the next reports that came before an incident was opened; how many those were."""
    area = await rows.to_gather(work.tx)
    incident = None if area is None else await rows.by_id(work.tx, area.incident_id)
    if area is None or incident is None:
        return 0
    if incident.status is not IncidentStatus.OPEN:
        rows.gathered(work.tx, area, None)
        return 1
    found = await rows.earlier(work.tx, area, work.now, limit)  # those since its opening where its land has grown
    for case in found:
        await _gather(work, incident, case)
    rows.gathered(work.tx, area, found[-1] if len(found) == limit else None)
    return max(len(found), 1)


async def _gather(work: Work, incident: Incident, case: Case) -> None:
    if case.closed_at is not None or not fits(work, incident, case):
        return
    if await dangers.of_case(work.tx, case.id) is not None or not await _join(work, incident, case):
        return
    show_card(work, case.id, case.office)  # which may be in the group already
    await notify_resident(
        work,
        case.resident_id,
        IncidentJoined(incident=incident.id, case=case.id),
        key=f"incident:{incident.id}:joined:{case.id}",
        subject=case_subject(case.id),
    )
