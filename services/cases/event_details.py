"""What a line of a case's history says beside its words: one type for each thing that it can be.

A row keeps it as a short text, whose meaning depends on the kind of the event. It is written by `stored` and read
by `detail_of`, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.actors import Actor
from services.cases.targets import Target
from storage.ids import CategoryId, OfficeId, Reference
from storage.records.cases import CaseEvent, CaseEventKind, Outcome

E = CaseEventKind


@dataclass(frozen=True, slots=True)
class NoDetail:
    """There is nothing to say beside the words, or the row says what no release has written."""

    stored: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class OfQuestion:
    """The question that an answer or a reminder is about, by its event."""

    question: int

    @property
    def stored(self) -> str:
        return str(self.question)


@dataclass(frozen=True, slots=True)
class ToBody:
    """The other body that has the case now, by its id in the offices file."""

    body: str

    @property
    def stored(self) -> str:
        return self.body


@dataclass(frozen=True, slots=True)
class ToOffice:
    """The office that a case was transferred to."""

    office: OfficeId

    @property
    def stored(self) -> str:
        return self.office


@dataclass(frozen=True, slots=True)
class ToCategory:
    """The category that a case has now."""

    category: CategoryId

    @property
    def stored(self) -> str:
        return self.category


@dataclass(frozen=True, slots=True)
class ToOwner:
    """Whose case it is now; "" where it is nobody's."""

    owner: Actor

    @property
    def stored(self) -> str:
        return self.owner


@dataclass(frozen=True, slots=True)
class ToPriority:
    """How urgent it is now; 0 is usual."""

    priority: int

    @property
    def stored(self) -> str:
        return str(self.priority)


@dataclass(frozen=True, slots=True)
class SameAs:
    """The earlier case that it duplicates."""

    reference: Reference

    @property
    def stored(self) -> str:
        return self.reference


@dataclass(frozen=True, slots=True)
class Separated:
    """It is not the same as the earlier case after all: the two were taken apart again."""

    stored: ClassVar[str] = "separated"


@dataclass(frozen=True, slots=True)
class EndedAs:
    """What the resident said, or did not say, of a proposed closure."""

    outcome: Outcome

    @property
    def stored(self) -> str:
        return self.outcome.value


@dataclass(frozen=True, slots=True)
class WithIncident:
    """It was closed with all that joined an incident."""

    incident: int

    @property
    def stored(self) -> str:
        return f"{_INCIDENT}{self.incident}"


@dataclass(frozen=True, slots=True)
class Stars:
    """A rating, 1 to 5."""

    stars: int

    @property
    def stored(self) -> str:
        return str(self.stars)


@dataclass(frozen=True, slots=True)
class OfTarget:
    """The target that runs out or has passed."""

    target: Target

    @property
    def stored(self) -> str:
        return self.target.value


@dataclass(frozen=True, slots=True)
class Corrects:
    """Words that take the place of an earlier event's."""

    event: int

    @property
    def stored(self) -> str:
        return f"{_CORRECTS}{self.event}"


@dataclass(frozen=True, slots=True)
class Undoes:
    """An earlier event was taken back."""

    event: int

    @property
    def stored(self) -> str:
        return f"{_UNDOES}{self.event}"


NO_DETAIL = NoDetail()
SEPARATED = Separated()
CaseDetail = (
    NoDetail
    | OfQuestion
    | ToBody
    | ToOffice
    | ToCategory
    | ToOwner
    | ToPriority
    | SameAs
    | Separated
    | EndedAs
    | WithIncident
    | Stars
    | OfTarget
    | Corrects
    | Undoes
)

#: Statements in `storage` look for these too.
_CORRECTS, _UNDOES = "corrects:", "undoes:"
_INCIDENT = "incident:"


def detail_of(event: CaseEvent) -> CaseDetail:
    """What an event says beside its words."""
    text = event.detail
    match event.what:
        case E.ASSIGNED:
            return ToOwner(Actor(text))
        case _ if not text:
            return NO_DETAIL
        case E.INFORMATION | E.REMINDED | E.UNANSWERED | E.TAKEN_BACK:
            return OfQuestion(int(text)) if _is_number(text) else NO_DETAIL
        case E.REFERRED | E.OUTSIDE_REMIT:
            return ToBody(text)
        case E.TRANSFERRED:
            return ToOffice(OfficeId(text))
        case E.RECATEGORISED:
            return ToCategory(CategoryId(text))
        case E.PRIORITISED:
            return ToPriority(int(text)) if _is_number(text) else NO_DETAIL
        case E.DUPLICATE:
            return SameAs(Reference(text))
        case E.REOPENED | E.CLOSED:
            return _ending(text)
        case E.RATED:
            return Stars(int(text)) if _is_number(text) else NO_DETAIL
        case E.WARNED | E.OVERDUE:
            return OfTarget(Target(text)) if text in set(Target) else NO_DETAIL
    return _of_earlier_words(text)


def _ending(text: str) -> CaseDetail:
    if text == Separated.stored:
        return SEPARATED
    incident = text.removeprefix(_INCIDENT)
    if text.startswith(_INCIDENT) and _is_number(incident):
        return WithIncident(int(incident))
    return EndedAs(Outcome(text)) if text in set(Outcome) else NO_DETAIL


def answers_question(event: CaseEvent) -> bool:
    """Whether what a resident added is the answer to a question."""
    return event.what is E.INFORMATION and isinstance(detail_of(event), OfQuestion)


def _of_earlier_words(text: str) -> CaseDetail:
    for prefix, kind in ((_CORRECTS, Corrects), (_UNDOES, Undoes)):
        number = text.removeprefix(prefix)
        if text.startswith(prefix) and _is_number(number):
            return kind(int(number))
    return NO_DETAIL


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
