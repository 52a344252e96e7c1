"""What a resident was asked about their own cases and has not answered, and whether they know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.cases.updates import resident_key
from services.unit_of_work import Work
from storage import answers as rows
from storage import asked, cases
from storage import staff as staff_rows
from storage.ids import ResidentId
from storage.records import Case, CaseEvent, CaseEventKind, Resident

#: So long a question that they saw is still before their eyes.
IN_VIEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of a case that waits for its resident; `seen_at` is when it reached them last."""

    case: Case
    event: CaseEvent
    seen_at: datetime | None

    def is_in_view(self, now: datetime, heard_before: datetime | None) -> bool:
        """Whether what they say now may be meant as its answer: they saw it lately, or have said nothing since."""
        if self.seen_at is None:
            return False
        return now - self.seen_at <= IN_VIEW or heard_before is None or heard_before <= self.seen_at


async def open_questions(work: Work, resident: Resident) -> tuple[OpenQuestion, ...]:
    """All of a resident's own cases, in their language where they were asked in that one too; the newest first."""
    found = []
    for case in await rows.awaiting(work.tx, resident.id):
        event = await cases.last_question(work.tx, case.id)
        if event is not None:
            texts = await staff_rows.texts_of(work.tx, [event.id], resident.language)
            shown = event.model_copy(update={"words": texts.get(event.id, event.words)})
            found.append(OpenQuestion(case, shown, await _seen_at(work, event, resident.id)))
    return tuple(sorted(found, key=lambda one: one.event.id, reverse=True))


def note_shown(work: Work, resident: ResidentId, question: CaseEvent) -> None:
    """They see a question now."""
    asked.note(work.tx, resident, _what(question), work.now)


async def _seen_at(work: Work, question: CaseEvent, resident: ResidentId) -> datetime | None:
    """When it reached them: as news, as its recall, or because it was shown to them again."""
    recall = await cases.last_event(work.tx, question.case_id, CaseEventKind.REMINDED)
    told = [question] if recall is None or recall.id < question.id else [question, recall]
    moments = (
        await rows.sent_at(work.tx, [resident_key(event, resident) for event in told]),
        await asked.last_asked(work.tx, resident, _what(question)),
    )
    return max((moment for moment in moments if moment is not None), default=None)


def _what(question: CaseEvent) -> str:
    return f"case_question:{question.id}"
