"""An answer that staff gave to one resident, as a draft of a ready answer for everybody.

Ready answers are read by strangers, so what tells whose question it was is struck out, and the administrator sees both
texts before they are used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.cases import workflow
from services.cases.staff_actions import Denied, authorise
from services.offices import changes
from services.offices.configuration import value_at
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.text.redact import Eraser
from services.text.references import parse_reference
from services.understanding.people import name_said
from services.unit_of_work import Work
from storage import cases, configuration, residents
from storage.configuration import ChangeRow
from storage.ids import CaseId, CategoryId, OfficeId, Reference
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseKind, CaseStatus

#: Who may make a ready answer of one.
RIGHT = Act.CONFIGURE
#: What stands in place of what was left out.
STRUCK = "…"
_REFERENCE = re.compile(r"\b[BC][-\s\u2011]?\w{4}[-\s\u2011]?\w{3}\b", re.IGNORECASE)
_ANSWERS = workflow.ANSWERS - {CaseEventKind.ASKED}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question and its answer, without names, numbers and references."""

    case_id: CaseId
    reference: Reference
    office: OfficeId
    category: CategoryId
    question: str
    answer: str  # "" where staff have written none yet


def may_be_reused(case: Case) -> bool:
    """Whether a case is a question that staff have answered, as far as its card tells."""
    return (
        case.kind is CaseKind.INQUIRY
        and case.answered_at is not None
        and case.status is not CaseStatus.AWAITING_RESIDENT
    )


async def drafted(work: Work, person: Person, reference: str) -> Drafted | Denied | None:
    """The question of a case with the last answer that its resident was sent; None where it is no inquiry."""
    case = await cases.by_reference(work.tx, Reference(reference))
    if case is None or case.kind is not CaseKind.INQUIRY:
        return None
    found = await authorise(work, person, RIGHT, case.id)
    if isinstance(found, Denied):
        return found
    answer = _last_answer(await cases.events(work.tx, case.id))
    by = "" if answer is None else (await permissions.names(work)).get(answer.actor, "")
    said = "" if answer is None else answer.words
    resident = await residents.by_id(work.tx, case.resident_id)
    known = "" if resident is None else resident.name  # also where the inquiry was submitted without it
    erase = Eraser.of_public([case.name, known, by, name_said(case.words), name_said(said)])
    question, text = (_without_references(erase(words)).strip() for words in (case.words, said))
    return Drafted(case.id, case.reference, case.office, case.category, question, text)


async def made_of(work: Work, case: CaseId) -> ChangeRow | None:
    """The newest ready answer that was made of an inquiry and is still there."""
    data = (await changes.present(work)).configuration.data
    made = await configuration.made_of(work.tx, case)
    return next((one for one in made if value_at(data, one.path) is not None), None)


def _last_answer(events: list[CaseEvent]) -> CaseEvent | None:
    return next((one for one in reversed(events) if one.public and one.words and one.what in _ANSWERS), None)


def _without_references(text: str) -> str:
    return _REFERENCE.sub(lambda match: STRUCK if parse_reference(match[0]) else match[0], text)
