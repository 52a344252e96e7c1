"""What all who joined an incident are told: in batches, each in a transaction of its own, in the order of the cases.

How far it has come is a column, so a process that begins again goes on there, and each message has a key, so nobody
is told twice. No more is owed than goes out in a moment: replies and reminders are never behind thousands of messages.
"""

from __future__ import annotations

from datetime import timedelta

from services.actors import Actor, case_subject
from services.cases import workflow
from services.cases.event_details import WithIncident
from services.cases.updates import show_card
from services.cases.workflow import Applied, Transition, TransitionRequest
from services.incidents import cards, joining
from services.notify.enqueue import NOTICE, notify_resident
from services.notify.notices.incidents import IncidentNews
from services.unit_of_work import Work
from storage import cards as card_rows
from storage import cases as case_rows
from storage import incident_news as rows
from storage import incidents as incident_rows
from storage import outbox
from storage import staff as staff_rows
from storage.ids import CaseId
from storage.incident_news import News, NewsKind
from storage.incidents import Incident, IncidentStatus, State
from storage.records.cases import Case
from storage.translations import FALLBACK

#: So many notices may wait to be sent before more of these are owed: about two seconds' worth.
_BACKLOG = 60
#: News of a lost hour is no news: what could not be sent within this is not sent any more.
_FRESH = timedelta(hours=24)
_ENDED = {NewsKind.CLOSE: IncidentStatus.CLOSED, NewsKind.RELEASE: IncidentStatus.RELEASED}


async def of_notice(work: Work, notice: IncidentNews) -> tuple[Incident, News] | None:
    """What a notice tells, and of which incident; None where it was taken back."""
    news = await rows.by_id(work.tx, notice.news)
    incident = None if news is None else await incident_rows.by_id(work.tx, news.incident_id)
    if news is None or incident is None or news.taken_back_at is not None:
        return None
    return incident, news


async def run_due(work: Work, limit: int) -> int:
    """Tell the people of the next cases; how many cases those were."""
    news = await rows.next_due(work.tx, work.now)
    incident = None if news is None else await incident_rows.by_id(work.tx, news.incident_id)
    if news is None or incident is None:
        return 0
    room = _BACKLOG - await outbox.count_due(work.tx, NOTICE, work.now, _BACKLOG)
    if room <= 0:
        return 0
    most = min(limit, room)
    found = await incident_rows.joined_after(work.tx, incident.id, news.reached, most)
    meant = [one.case_id for one in found if news.office in {None, one.office}]
    told = [case for case in meant if await _reached(work, incident, news, case)]
    if found:
        rows.advance(work.tx, news, found[-1].case_id, len(told))
    if len(found) < most:
        await _finished(work, incident, news)
    return max(len(found), 1)


async def _reached(work: Work, incident: Incident, news: News, case_id: CaseId) -> bool:
    """Do with one case what is to be done with each, and tell its people; False where it is over already."""
    case = await case_rows.lock(work.tx, case_id)
    if case is None:
        return False
    match news.kind:
        case NewsKind.UPDATE:
            if case.closed_at is not None:
                return False
        case NewsKind.CLOSE:
            if not await _closed(work, incident, news, case):
                return False
        case NewsKind.RELEASE:
            await incident_rows.move(work.tx, incident.id, case.id, work.now, before=State.JOINED, after=State.LEFT)
            if case.closed_at is not None:
                return False
            await joining.released(work, case)
    for person in await case_rows.audience(work.tx, case.id):
        await notify_resident(
            work,
            person.id,
            IncidentNews(news=news.id, case=case.id),
            key=f"incident:{incident.id}:news:{news.id}:{person.id}",
            subject=case_subject(case.id),
            expires_at=work.now + _FRESH if news.kind is NewsKind.UPDATE else None,
        )
    return True


async def _closed(work: Work, incident: Incident, news: News, case: Case) -> bool:
    """Close one case with its incident; False where it had ended by itself."""
    request = TransitionRequest(
        transition=Transition.END_INCIDENT,
        actor=Actor(news.by_whom),
        words=news.texts.get(FALLBACK),
        detail=WithIncident(incident.id),
        told=True,
    )
    answered_at = case.answered_at or work.now
    applied = await workflow.apply_to(work, case, request, resolved_at=work.now, answered_at=answered_at)
    if not isinstance(applied, Applied):
        await incident_rows.move(work.tx, incident.id, case.id, work.now, before=State.JOINED, after=State.LEFT)
        return False
    await incident_rows.move(work.tx, incident.id, case.id, work.now, before=State.JOINED, after=State.CLOSED)
    for language, words in news.texts.root.items():
        if language != FALLBACK:
            staff_rows.keep_text(work.tx, applied.event.id, language, words)
    if await card_rows.of(work.tx, case.id, case.office) is not None:
        show_card(work, case.id, case.office)
    return True


async def _finished(work: Work, incident: Incident, news: News) -> None:
    rows.finish(work.tx, news.id, work.now)
    if news.office is not None:
        cards.show_at(work, incident.id, news.office)
    elif news.kind in _ENDED:
        now = await incident_rows.lock(work.tx, incident.id) or incident
        await incident_rows.change(work.tx, now, status=_ENDED[news.kind], ended_at=work.now, remind_at=None)
    cards.show_soon(work, incident)
