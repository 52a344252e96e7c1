"""A question to a resident that nobody answers: it is recalled once, and then its office's team decides."""

from __future__ import annotations

from datetime import UTC, datetime

from services import residents
from services.actors import CLOCK
from services.cases.event_details import OfQuestion
from services.cases.targets import closures_since
from services.cases.updates import tell_resident, tell_staff
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import cases as rows
from storage.ids import OfficeId, ResidentId
from storage.records.cases import Case, CaseEvent, CaseEventKind
from storage.residents import WALK_IN

#: So many working days of the office an answer may take: before it is recalled, and again before the team is told.
WORKING_DAYS = 3


async def waits_until(work: Work, office: OfficeId, since: datetime) -> datetime:
    """When an answer has taken too long, counted in the office's working days."""
    local = since.astimezone(work.offices.zone)
    day = work.calendar.add_working_days(office, since, WORKING_DAYS, await closures_since(work, since))
    return datetime.combine(day, local.time(), work.offices.zone).astimezone(UTC)


async def look(work: Work, case: Case) -> None:
    """See to a case whose resident was asked something. A look that comes late or twice does no harm."""
    question = await rows.last_question(work.tx, case.id)
    rows.look_again(work.tx, case.id, None)
    if question is None or await _since(work, question, CaseEventKind.UNANSWERED) is not None:
        return
    reminded = await _since(work, question, CaseEventKind.REMINDED)
    due = await waits_until(work, case.office, question.at if reminded is None else reminded.at)
    if work.now < due:
        rows.look_again(work.tx, case.id, due)
    elif reminded is None and await hears(work, case.resident_id):
        await _recall(work, case, question)
    else:
        await _tell_team(work, case, question)


async def _since(work: Work, question: CaseEvent, what: CaseEventKind) -> CaseEvent | None:
    """What came of this question, not of an earlier one."""
    event = await rows.last_event(work.tx, question.case_id, what)
    return event if event is not None and event.id > question.id else None


async def hears(work: Work, resident: ResidentId) -> bool:
    """Whether a reminder would reach them: not those who stopped the bot, or whose case staff filed for them."""
    person = await residents.by_id(work, resident)
    return person is not None and person.channel != WALK_IN and person.reachable and person.forgotten_at is None


async def _recall(work: Work, case: Case, question: CaseEvent) -> None:
    """Recall it to whose case it is, and not at night."""
    event = await _note(work, question, CaseEventKind.REMINDED)
    rows.look_again(work.tx, case.id, await waits_until(work, case.office, work.now))
    await tell_resident(work, case.resident_id, event, not_before=by_day(work, work.now))


async def _tell_team(work: Work, case: Case, question: CaseEvent) -> None:
    """Tell the team, in its hours: whether to ask again, to call or to close it is theirs to say."""
    opens = work.calendar.next_working_moment(case.office, work.now, await closures_since(work, work.now))
    if opens > work.now:
        rows.look_again(work.tx, case.id, opens)
        return
    tell_staff(work, case, await _note(work, question, CaseEventKind.UNANSWERED, words=question.words))


async def _note(work: Work, question: CaseEvent, what: CaseEventKind, words: str = "") -> CaseEvent:
    detail = OfQuestion(question.id).stored
    return await rows.add_event(
        work.tx, question.case_id, work.now, CLOCK, what, public=False, words=words, detail=detail
    )
