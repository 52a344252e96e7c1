"""A message that was taken as the answer to a question, and can be taken back before the staff hear of it."""

from __future__ import annotations

from services.actors import NO_SUBJECT, Subject, case_subject, resident_actor
from services.cases import workflow
from services.cases.event_details import OfQuestion, answers_question, detail_of
from services.cases.updates import staff_key
from services.cases.workflow import Applied, Transition, TransitionRequest
from services.open_questions import HELD, Nothing, Said, TakenBack, TooLate
from services.unit_of_work import Work
from storage import answers as rows
from storage import cases, search
from storage import staff as staff_rows
from storage.records.cases import Case, CaseEvent, CaseEventKind
from storage.records.residents import Resident


async def about(work: Work, event_id: int) -> Subject:
    """Which case an answer belongs to; "" where there is none such."""
    answer = await cases.event(work.tx, event_id)
    return NO_SUBJECT if answer is None else case_subject(answer.case_id)


async def take_back(work: Work, resident: Resident, event_id: int) -> TakenBack | TooLate | Nothing:
    """Take back what a resident's message was taken for, with what they sent along since."""
    answer = await cases.event(work.tx, event_id)
    case = None if answer is None else await cases.lock(work.tx, answer.case_id)
    if answer is None or case is None:
        return Nothing()
    since = [one for one in await rows.since(work.tx, answer) if one.what is not CaseEventKind.SEEN]
    if not since or since[0].id != answer.id:  # a reaction is no answer
        return Nothing()
    answer = since[0]  # read again now that nobody else changes the case
    if answer.actor != resident_actor(resident.id) or not answer.public or not answers_question(answer):
        return Nothing()
    theirs = [one for one in since if one.what is CaseEventKind.INFORMATION and one.actor == answer.actor]
    said = await _said(work, theirs)
    if work.now - answer.at > HELD or theirs != since or not await _is_unknown(work, theirs):
        return TooLate(said)
    question = detail_of(answer)
    request = TransitionRequest(
        transition=Transition.TAKE_BACK,
        actor=resident_actor(resident.id),
        detail=question if isinstance(question, OfQuestion) else OfQuestion(0),
    )
    applied = await workflow.apply_to(work, case, request)
    if not isinstance(applied, Applied):
        return TooLate(said)
    _withdraw(work, applied.case, theirs, said)
    return TakenBack(said)


async def _said(work: Work, events: list[CaseEvent]) -> Said:
    files = {file.id: file for event in events for file in await rows.files_of(work.tx, event)}
    return Said("\n".join(event.words for event in events if event.words), tuple(files.values()))


async def _is_unknown(work: Work, events: list[CaseEvent]) -> bool:
    """Whether the staff were not told of any of it; then they will not be."""
    return await staff_rows.drop_unsent(work.tx, [staff_key(event) for event in events])


def _withdraw(work: Work, case: Case, events: list[CaseEvent], said: Said) -> None:
    for event in events:
        rows.withdraw(work.tx, event, [file.id for file in said.files])
    search.forget_words(work.tx, case.id)
    cases.look_again(work.tx, case.id, work.now)  # the question has waited since it was asked, not since now
