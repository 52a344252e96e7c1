"""Forms: what is to be entered in one piece, as an ordered list of fields.

A field says when it applies, whether it is answered, which question asks for it and how it reads in the summary. A
question (`FormStep`) returns what was answered as `Continue`; the form knows what is next: the first field that is
open, and once none is, the summary. So an answer given early is not asked for, and a line that is corrected from the
summary leads straight back there. No question knows another one, or the form.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from markupsafe import Markup

from conversations.engine.draft_step import DraftStep
from conversations.engine.drafts import FormDraft
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Step, Turn
from storage.ids import MessageId

KEEP = "keep"
A_LETTER = 500  # characters: longer than any name, number, day or address
_CORRECT = "edit."  # what the value of a button that corrects a line begins with; the field's name follows
D = TypeVar("D", bound=FormDraft)

# ---------------------------------------------------------------------------- questions


class FormStep(DraftStep):
    """A question of a form. What is asked next, or was asked before, is the form's to say."""

    draft: FormDraft
    describes: ClassVar[bool] = False  # asks for a description: whatever is written is one
    takes_all: ClassVar[bool] = False  # asks for a name or the like, which any words could be
    yes_or_no: ClassVar[bool] = False  # an "ok" is its answer, and no courtesy
    by_typing: ClassVar[bool] = False  # its answer is typed: an edit of the message corrects it

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == KEEP:
            return Continue(self.draft)
        if len(answer.text) > A_LETTER and not answer.choice and not self.describes:
            # The app sends a long description in parts: the next one answers no other question.
            return await self.absorb_unexpected(turn) or self
        return self.noting(answer, await self.on_answer(turn, answer))

    def noting(self, answer: Answer, following: Next) -> Next:
        """Where an answer leads, with a note of the message that it was typed in."""
        message = None if answer.choice or not answer.text else answer.said.message
        if not self.by_typing or message is None or not isinstance(following, Continue):
            return following
        return Continue(following.draft.answered_by(message, self.step))

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        """Take an answer that is not the earlier one kept."""
        raise NotImplementedError

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Previous(self, self.draft)

    def answer(self, **changes: object) -> Continue:
        """Note an answer and go on."""
        return Continue(self.draft.but(**changes))


class Review(FormStep):
    """The summary of a form: everything at a glance, each line to be corrected, and a button that submits it."""

    submit: ClassVar[str]  # that button's value


def now_line(turn: Turn, value: Markup | None) -> Markup | None:
    """The earlier answer, where a question is asked again."""
    return turn.t("Now: {value}", value=value) if value else None


def keep_row(turn: Turn, *, offered: bool) -> list[Button]:
    """A button that leaves the earlier answer as it is."""
    return [Button(label=turn.t.plain("Keep as it is"), value=KEEP)] if offered else []


# ---------------------------------------------------------------------------- what a form consists of


def _always(_turn: Turn, _draft: FormDraft) -> bool:
    return True


def never(_turn: Turn, _draft: FormDraft) -> bool:
    return False


def _no_line(_turn: Turn, _draft: FormDraft) -> Markup | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Generic[D]):
    """One thing to be entered."""

    name: str  # in the button that corrects it
    question: type[FormStep]
    answered: Callable[[Turn, D], bool]
    applies: Callable[[Turn, D], bool] = _always  # whether this draft is asked it at all
    on_the_way: Callable[[Turn, D], bool] = _always  # whether Back returns here: not where the answer was known already
    label: str = ""  # what the summary calls it, a text of the catalogue; "" where it is no line of the summary
    summary: Callable[[Turn, D], Markup | None] = _no_line  # how the answer reads there; None where it has no line
    personal: bool = False  # it tells who the person is: staff who act for somebody have told it before


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[D]):
    """Something that a form looks up by itself between two fields. It asks only where it finds something."""

    settled: Callable[[D], bool]
    look: Callable[[Turn, D], Awaitable[Step | D]]  # what is to be asked; or the draft, in which it is settled


class AnyForm(Protocol):
    """A form, whatever its drafts are."""

    @property
    def name(self) -> str: ...

    @property
    def steps(self) -> tuple[type[Step], ...]: ...

    async def next(self, turn: Turn, draft: FormDraft) -> Step:
        """The first question that is open; the summary where none is."""
        ...

    def before(self, turn: Turn, step: Step, draft: FormDraft) -> Step | None:
        """The question before a step, or the summary that it corrects; None before the first."""
        ...

    async def resume(self, turn: Turn, step: Step) -> Next:
        """Go on with a draft that was set aside."""
        ...

    def is_personal(self, step: Step) -> bool:
        """Whether a question asks who the person is."""
        ...

    def answered_by(self, draft: FormDraft, message: MessageId | None) -> FormStep | None:
        """The question that a message answered, to be answered anew; None where it answered none."""
        ...

    def progress(self, turn: Turn, step: Step) -> tuple[int, int] | None:
        """Which of how many questions a step is; None where it is none, or corrects one."""
        ...


async def question_of(forms: Mapping[str, AnyForm], turn: Turn, following: Step | Continue | Previous) -> Step | None:
    """The question that an answer leads to; None is the way out of the form, before its first question."""
    match following:
        case Continue(draft=draft):
            return await forms[draft.form].next(turn, draft)
        case Previous(step=step, draft=draft):
            return forms[draft.form].before(turn, step, draft)
    return following


# ---------------------------------------------------------------------------- the form


async def _unchanged(_turn: Turn, draft: D) -> D:
    return draft


async def _resumed(turn: Turn, step: Step) -> Next:
    return await step.resumed(turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[D]):
    """Fields in the order in which they are asked, and the summary that follows them."""

    draft: type[D]
    parts: tuple[Field[D] | Check[D], ...]
    review: type[Review]
    on_continue: Callable[[Turn, D], Awaitable[D]] = _unchanged  # before each next question
    on_resume: Callable[[Turn, Step], Awaitable[Next]] = _resumed

    @property
    def name(self) -> str:
        """The flow it belongs to."""
        return self.draft.form

    @property
    def fields(self) -> tuple[Field[D], ...]:
        return tuple(part for part in self.parts if isinstance(part, Field))

    @property
    def steps(self) -> tuple[type[Step], ...]:
        return (*(field.question for field in self.fields), self.review)

    # ---- the way through it

    async def next(self, turn: Turn, draft: FormDraft) -> Step:
        entered = await self.on_continue(turn, self._own(draft))
        for part in self.parts:
            if isinstance(part, Field):
                if part.applies(turn, entered) and not part.answered(turn, entered):
                    return part.question.about(entered)
            elif not part.settled(entered):
                found = await part.look(turn, entered)
                if isinstance(found, Step):
                    return found
                entered = found
        return self.review.about(entered.but(reviewing=True))

    def before(self, turn: Turn, step: Step, draft: FormDraft) -> Step | None:
        entered = self._own(draft)
        if entered.reviewing:
            return self.review.about(entered)
        place = next((at for at, field in enumerate(self.fields) if field.question is type(step)), len(self.fields))
        asked = (field for field in reversed(self.fields[:place]) if field.applies(turn, entered))
        return next((field.question.about(entered) for field in asked if field.on_the_way(turn, entered)), None)

    async def resume(self, turn: Turn, step: Step) -> Next:
        return await self.on_resume(turn, step)

    def is_personal(self, step: Step) -> bool:
        return any(field.personal and field.question is type(step) for field in self.fields)

    def answered_by(self, draft: FormDraft, message: MessageId | None) -> FormStep | None:
        step = next((one.step for one in draft.typed if message is not None and one.message == message), None)
        asked = (field.question for field in self.fields)
        return next((one.about(draft) for one in asked if one.model_fields["step"].default == step), None)

    def progress(self, turn: Turn, step: Step) -> tuple[int, int] | None:
        if not isinstance(step, FormStep) or step.draft.reviewing:
            return None
        entered = self._own(step.draft)
        asked = [
            field.question
            for field in self.fields
            if field.applies(turn, entered) and (field.on_the_way(turn, entered) or not field.answered(turn, entered))
        ]
        return (asked.index(type(step)) + 1, len(asked)) if type(step) in asked and len(asked) > 1 else None

    def _own(self, draft: FormDraft) -> D:
        if not isinstance(draft, self.draft):
            raise TypeError(f"{type(draft).__name__} is no draft of the form {self.name}")
        return draft

    # ---- its summary

    def lines(self, turn: Turn, draft: D) -> list[tuple[Field[D], Markup]]:
        """The answers that the summary shows."""
        shown = ((field, field.summary(turn, draft)) for field in self.fields)
        return [(field, line) for field, line in shown if line is not None]

    def corrections(self, turn: Turn, draft: D) -> list[Button]:
        """A button for each answer that can be corrected."""
        return [
            Button(label=turn.t.plain("✏️ {line}", line=turn.t(field.label)), value=_CORRECT + field.name)
            for field in self.fields
            if field.label and field.applies(turn, draft)
        ]

    def correction(self, choice: str, draft: D) -> Step | None:
        """The question that the button of a correction asks again; None where it is another button's."""
        name = choice.removeprefix(_CORRECT)  # earlier releases showed buttons without it
        return next((field.question.about(draft) for field in self.fields if field.label and field.name == name), None)
