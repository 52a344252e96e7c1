"""What a member of staff says about a case: a question, an official reply, a note; and what comes of it later.

A message that was sent to a case can be edited in the chat, and taken back for two minutes. What the resident had not
been told yet is then replaced or dropped; of what they had been told they get a correction. The history keeps both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services import residents
from services.actors import case_subject
from services.cases import questions, resident_actions, staff_actions, workflow
from services.cases.actions import ACTIONS, Action, AlreadyDone, Inputs
from services.cases.event_details import Corrects, Undoes, detail_of
from services.cases.staff_actions import Denied
from services.cases.updates import resident_key
from services.cases.workflow import Applied, NotAllowed, Stale, Transition, TransitionRequest
from services.notify.enqueue import keys_of
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import audit
from storage import cases as case_rows
from storage import staff as rows
from storage.ids import CaseId, ChatId, FileId, MessageId
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseStatus

E = CaseEventKind

#: Characters of an official text: what three messages of a member hold, which is how long ones arrive.
LONGEST = 12_300
_PART = 2048  # characters; of a text in several messages all but the last have more
#: Words can be taken back for so long.
UNDO_WITHIN = timedelta(minutes=2)


class ReplyKind(StrEnum):
    """What a member's words are. The values are those of the actions that send them."""

    ASK = "ask"  # a question to the resident
    REPLY = "reply"  # an official reply
    NOTE = "note"  # among staff
    RESOLVE = "resolve"  # what was done: a proposed closure
    REJECT = "reject"  # why nothing will be done

    @property
    def action(self) -> Action:
        return Action(self.value)

    @property
    def right(self) -> Act:
        return ACTIONS[self.action].right

    @property
    def transition(self) -> Transition:
        return ACTIONS[self.action].transition


_KINDS: Mapping[CaseEventKind, ReplyKind] = MappingProxyType(
    {
        E.ASKED: ReplyKind.ASK,
        E.REPLIED: ReplyKind.REPLY,
        E.NOTED: ReplyKind.NOTE,
        E.RESOLVED: ReplyKind.RESOLVE,
        E.REJECTED: ReplyKind.REJECT,
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said. `texts` are the same in other languages than `text` is in: a template's."""

    text: str = ""
    files: tuple[FileId, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """The messages in a chat that the words are from: by them an edit is understood."""

    channel: str
    chat: ChatId
    messages: tuple[MessageId, ...] = ()
    captions: tuple[str, ...] = ()  # of an album: what the first of these messages say, each a line at least


@dataclass(frozen=True, slots=True)
class Told:
    """It is in the history, and the resident is told what is theirs to know."""

    case: Case
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same words as before: there is nothing to correct."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The question is not open any more: there is nothing to correct or to take back."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """More than two minutes have passed."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """They have nothing to take back: it is somebody else's, or was taken back already."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Taken back. `before_sent` where nobody had been told; else they are asked to disregard it."""

    case: Case
    event: CaseEvent
    before_sent: bool


Refused = Stale | NotAllowed | Denied


# ---------------------------------------------------------------------------- saying


async def say(
    work: Work, person: Person, case_id: CaseId, kind: ReplyKind, words: Words, origin: Origin
) -> Told | Refused:
    """Say something about a case, where the member may and the case's state has it."""
    result = await staff_actions.perform(work, person, kind.action, case_id, Inputs(words.text, words.files))
    if isinstance(result, AlreadyDone):  # words always say something: this is for the types
        return NotAllowed(result.case.status)
    if not isinstance(result, Applied):
        return result
    event = result.event
    for language, text in words.texts.items():
        rows.keep_text(work.tx, event.id, language, text)
    _remember(work, event, origin)
    return Told(result.case, event)


async def add_files(work: Work, event: CaseEvent, origin: Origin, files: tuple[FileId, ...]) -> None:
    """More of the same album, which came after its words were said."""
    case_rows.attach(work.tx, event.case_id, files, event.id)
    known = await rows.parts_of(work.tx, event.id)
    for number, message in enumerate(origin.messages, known[-1].number + 1 if known else 0):
        part = rows.Part(message, number, 0) if known else None
        rows.remember_words(work.tx, origin.channel, origin.chat, message, event.id, part)


def _remember(work: Work, event: CaseEvent, origin: Origin) -> None:
    """Keep which messages an event's words are from and, of an album's captions as they were, which line is whose."""
    known = _joined(origin.captions) == event.words
    for number, message in enumerate(origin.messages):
        is_caption = known and number < len(origin.captions)
        part = rows.Part(message, number, len(origin.captions[number])) if is_caption else None
        rows.remember_words(work.tx, origin.channel, origin.chat, message, event.id, part)


def _joined(captions: Sequence[str]) -> str:
    return "\n".join(filter(None, captions))


async def of_message(work: Work, channel: str, chat: ChatId, message: MessageId) -> CaseEvent | None:
    """What a message in a chat became."""
    return await rows.event_of(work.tx, channel, chat, message)


async def is_of_several(work: Work, event: CaseEvent, *, album: bool = False) -> bool:
    """Whether its words were written in several messages, so that one of them is not the whole.

    Of an album each caption is a line at least; `with_caption` says which is whose, where that is known.
    """
    written = await rows.messages_of(work.tx, event.id)
    long = len(event.words) > _PART or (album and "\n" in event.words)
    return long and written > 2  # with one there is one more at most: its preview


async def with_caption(
    work: Work, event: CaseEvent, message: MessageId, caption: str
) -> Mapping[MessageId, str] | None:
    """What each item of an album says once one of them has another caption; None where it is not known whose is which.

    The words may have changed since, as where a name was taken out of them.
    """
    parts = await rows.parts_of(work.tx, event.id)
    captions, at = dict[MessageId, str](), 0
    for part in parts:
        captions[part.message] = event.words[at : at + part.length]
        at += part.length + (part.length > 0)  # and the line break
    whole = [len(caption) for caption in captions.values()] == [part.length for part in parts]
    if message not in captions or not whole or _joined(list(captions.values())) != event.words:
        return None
    return captions | {message: caption}


async def last_of(work: Work, person: Person, case_id: CaseId) -> CaseEvent | None:
    """The newest of a member's words in a case."""
    return await rows.last_words(work.tx, case_id, person.actor)


async def last_in(work: Work, person: Person, channel: str, chat: ChatId) -> CaseEvent | None:
    """The newest of a member's words in a chat, whichever case they were for."""
    return await rows.last_words_in(work.tx, channel, chat, person.actor)


async def in_language(work: Work, event: CaseEvent, language: str) -> CaseEvent:
    """An event with its words in a language, where it was written in that one too."""
    texts = await rows.texts_of(work.tx, [event.id], language)
    return event.model_copy(update={"words": texts[event.id]}) if event.id in texts else event


def corrects(event: CaseEvent) -> bool:
    """Whether an event puts other words in the place of an earlier one's."""
    return isinstance(detail_of(event), Corrects)


def undoes(event: CaseEvent) -> bool:
    """Whether an event takes an earlier one back."""
    return isinstance(detail_of(event), Undoes)


def kind_of(event: CaseEvent) -> ReplyKind | None:
    """What an event's words are; None where it has none of a member's."""
    return _KINDS.get(event.what)


# ---------------------------------------------------------------------------- correcting


async def correct(
    work: Work, person: Person, event: CaseEvent, text: str, origin: Origin
) -> Told | Unchanged | Answered | Nothing | Refused:
    """Other words for what a member said: their message was edited.

    Of words that nobody was told yet the new ones take the place; else the resident gets them as a correction.
    """
    kind = kind_of(event)
    if kind is None or event.actor != person.actor:
        return Nothing()
    if text == event.words:
        return Unchanged()
    found = await staff_actions.authorise(work, person, kind.right, event.case_id)
    if isinstance(found, Denied):
        return found
    if await _is_undone(work, event):
        return Nothing()
    if kind is ReplyKind.ASK and not await _is_open(work, event):
        return Answered()
    transition = kind.transition if kind in {ReplyKind.ASK, ReplyKind.NOTE} else Transition.REPLY
    if workflow.RULES[transition].public and not workflow.can(found[1], transition):
        return NotAllowed(found[1].status)
    # A new state is told in a way of its own, so its words can be corrected, not replaced.
    replaced = kind in {ReplyKind.ASK, ReplyKind.REPLY} and await _drop_unsent(work, event)
    detail = detail_of(event) if replaced else Corrects(event.id)
    applied = await workflow.apply(
        work, event.case_id, TransitionRequest(transition=transition, actor=person.actor, words=text, detail=detail)
    )
    if not isinstance(applied, Applied):
        return applied
    if replaced:
        rows.hide_event(work.tx, event.id)
        rows.move_files(work.tx, event.id, applied.event.id)
    _remember(work, applied.event, origin)
    audit.record(work.tx, work.now, person.actor, "case.correct", case_subject(event.case_id), f"event {event.id}")
    return Told(applied.case, applied.event)


async def _is_open(work: Work, question: CaseEvent) -> bool:
    found = await resident_actions.open_question(work, question.case_id)
    return found is not None and found.id == question.id


async def _drop_unsent(work: Work, event: CaseEvent) -> bool:
    """Whether nobody had been told of an event; then nobody will be."""
    if not event.public:
        return False
    audience = await case_rows.audience(work.tx, event.case_id)
    subject = case_subject(event.case_id)
    keys = [await keys_of(work, resident_key(event, person.id), subject) for person in audience]
    return await rows.drop_unsent(work.tx, [key for both in keys for key in both])


# ---------------------------------------------------------------------------- taking back


async def undo(work: Work, person: Person, event: CaseEvent) -> Undone | TooLate | Answered | Nothing | Refused:
    """Take back what a member said less than two minutes ago; where it was told, ask to disregard it."""
    kind = kind_of(event)
    if kind is None or event.actor != person.actor or await _is_undone(work, event):
        return Nothing()
    if work.now - event.at > UNDO_WITHIN:
        return TooLate()
    found = await staff_actions.authorise(work, person, kind.right, event.case_id)
    if isinstance(found, Denied):
        return found
    case = found[1]
    if kind is ReplyKind.ASK and not await _is_open(work, event):
        return Answered()
    if kind in {ReplyKind.RESOLVE, ReplyKind.REJECT} and case.status != event.what.value:
        return Answered()  # the resident has said something about it, or it went on otherwise
    before_sent = kind is ReplyKind.NOTE or await _drop_unsent(work, event)
    request = TransitionRequest(
        transition=Transition.NOTE if before_sent else Transition.REPLY,
        actor=person.actor,
        words="" if before_sent else event.words,  # so that they know which message is meant
        detail=Undoes(event.id),
        status=_state_before(case, event, kind),
    )
    changes: dict[str, object] = {"resolved_at": None, "round": case.round - 1} if kind is ReplyKind.RESOLVE else {}
    if request.status is not None:
        # A question that was open before is open again, and whatever shows the last state is old.
        changes |= {"before_question": event.question_before, "version": case.version + 1}
    if before_sent and kind is not ReplyKind.NOTE:  # nobody was answered by it, so the first answer's target runs on
        changes["answered_at"] = await _first_answer(work, case, but=event)
    applied = await workflow.apply(work, event.case_id, request, **changes)
    if not isinstance(applied, Applied):
        return applied
    if before_sent:
        rows.hide_event(work.tx, event.id)
    if kind is ReplyKind.ASK:
        await questions.taken_back(work, case.id)
    if kind is ReplyKind.REJECT:
        await residents.lift_bar(work, case.resident_id, event.words, person.actor)
    audit.record(work.tx, work.now, person.actor, "case.undo", case_subject(event.case_id), f"event {event.id}")
    return Undone(applied.case, applied.event, before_sent)


async def _first_answer(work: Work, case: Case, but: CaseEvent) -> datetime | None:
    """When the resident was first answered since the case was (re)opened, by anything but one event."""
    history = await case_rows.events(work.tx, case.id)
    answers = (one for one in history if one.public and one.what in workflow.ANSWERS and not undoes(one))
    return next((one.at for one in answers if one.at >= case.opened_at and one.id != but.id), None)


def _state_before(case: Case, event: CaseEvent, kind: ReplyKind) -> CaseStatus | None:
    """The state a case is in again once its question, its closure is taken back; None where it stays."""
    if kind is ReplyKind.ASK:  # what it goes back to may have changed since: it may be another office's by now
        return None if event.status_before is CaseStatus.AWAITING_RESIDENT else case.before_question
    return event.status_before if kind in {ReplyKind.RESOLVE, ReplyKind.REJECT} else None


async def _is_undone(work: Work, event: CaseEvent) -> bool:
    history = await case_rows.events(work.tx, event.case_id)
    return undoes(event) or any(detail_of(one) == Undoes(event.id) for one in history)
