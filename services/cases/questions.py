"""What a resident was asked about their own cases and has not answered, and whether they know."""

from __future__ import annotations

from services import open_questions
from services.actors import case_subject
from services.cases.updates import resident_key
from services.open_questions import OpenQuestion
from services.unit_of_work import Work
from storage import answers as rows
from storage import asked, cases
from storage import staff as staff_rows
from storage.ids import CaseId, ResidentId
from storage.records.cases import Case, CaseEvent, CaseEventKind
from storage.records.residents import Resident


async def of_resident(work: Work, resident: Resident) -> list[OpenQuestion]:
    """All that wait, in their language where they were asked in that one too."""
    found = [(case, await cases.last_question(work.tx, case.id)) for case in await rows.awaiting(work.tx, resident.id)]
    return [await _of(work, resident, case, event) for case, event in found if event is not None]


def key_of(question: CaseEvent) -> str:
    """Which of all questions it is, in the words in which it is read."""
    return f"case_question:{question.case_id}:{open_questions.of_words(question.words)}"


async def taken_back(work: Work, case: CaseId) -> None:
    """A question of a case was taken back: it may be asked again at any time."""
    for person in await cases.audience(work.tx, case):
        for beginning in ("", "pushed:"):
            asked.forget(work.tx, person.id, f"{beginning}case_question:{case}:")


async def _of(work: Work, resident: Resident, case: Case, event: CaseEvent) -> OpenQuestion:
    texts = await staff_rows.texts_of(work.tx, [event.id], resident.language)
    shown = event.model_copy(update={"words": texts.get(event.id, event.words)})
    told = [resident_key(one, resident.id) for one in (event, await _recall(work, case.id, event)) if one is not None]
    return OpenQuestion(
        reference=case.reference,
        subject=case_subject(case.id),
        key=key_of(shown),
        words=shown.words,
        asked_at=event.at,
        seen_at=await open_questions.seen_at(work, resident.id, key_of(shown), told),
        category=case.category,
        told=tuple(told),
    )


async def _recall(work: Work, case: CaseId, question: CaseEvent) -> CaseEvent | None:
    recall = await cases.last_event(work.tx, case, CaseEventKind.REMINDED)
    return recall if recall is not None and recall.id > question.id else None


def note_shown(work: Work, resident: ResidentId, question: CaseEvent) -> None:
    """They see a question now."""
    open_questions.note_shown(work, resident, key_of(question))
