"""What a resident does about a request that is in: adds to it, has it opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self, TypeVar

from markupsafe import Markup
from pydantic import Field

from conversations.engine.draft_step import add_files, add_words, words_of
from conversations.engine.drafts import Draft
from conversations.engine.engine import DRAFTS_KEPT
from conversations.engine.fields import keep_files
from conversations.engine.messages import Kind
from conversations.engine.spoken import spoken
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.requests.adding import hotline
from conversations.requests.start import start_with
from conversations.requests.view import (
    CaseStep,
    Viewing,
    fixed_row,
    is_mine,
    no_longer,
    not_found,
    question_words,
)
from conversations.texts.case import is_reopenable
from services.actors import case_subject
from services.cases import albums, resident_actions
from services.cases.event_details import answers_question
from services.cases.workflow import NotAllowed, Transition, can
from services.offices.offices import DangerId
from services.text.normalise import MAX_TOLD, clean
from storage.ids import FileId, Reference
from storage.records.cases import Case, CaseEvent, CaseKind

# ---------------------------------------------------------------------------- adding to one


class Adding(CaseStep):
    """Whatever is sent now goes to the case at once; it answers the open question, where there is one."""

    step: Literal["following:add"] = "following:add"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
    added: bool = False
    answered: bool = False

    async def ask(self, turn: Turn) -> Prompt:
        t, case = turn.t, await self.case(turn)
        if case is None:
            return Prompt(not_found(turn).why)
        subject = case_subject(case.id)
        if self.added:
            done = was_added(turn, self.reference, answered=self.answered)
            asks = _is_it_fixed(turn, case)
            rows = (*asks, (Button(label=t.plain("Done"), value="done"),))
            more = _is_it_done(turn, case) if asks else t("You can send more.")
            return Prompt(t.join_lines(done, more), rows, back=False, subject=subject)
        question = await resident_actions.open_question(turn.work, case.id, turn.t.language)
        if question is not None:
            please = t("Send your reply as text, photos, a voice note or a document.")
            return Prompt(t.join_lines(*question_words(turn, question)[1:], "", please), subject=subject)
        return Prompt(
            t(
                "What do you want to add to {reference}? Send text, photos, a voice note or a document.",
                reference=t.ref(case.reference),
            ),
            subject=subject,
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return Viewing(reference=self.reference)
        return await self._add(turn)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        """The rest of an album."""
        return await self._add(turn) if turn.said.files else None

    async def _add(self, turn: Turn) -> Step | Reask:
        added = await add_said(turn, self.reference)
        if isinstance(added, Reask):
            return added
        return Adding(reference=self.reference, added=True, answered=answers_question(added))


def _is_it_done(turn: Turn, case: Case) -> Markup:
    if case.kind is CaseKind.INQUIRY:
        return turn.t("Was that the answer you needed? You can also send more.")
    return turn.t("Is the problem fixed? You can also send more.")


def _is_it_fixed(turn: Turn, case: Case | None) -> Rows:
    """The buttons that answer whether it is fixed, while the municipality waits for that."""
    waits = case is not None and is_mine(turn, case) and can(case, Transition.CONFIRM_FIXED)
    return (fixed_row(turn.t, case),) if case is not None and waits else ()


def was_added(turn: Turn, reference: Reference, *, answered: bool) -> Markup:
    t = turn.t
    if answered:
        return t("✅ We have received your reply about request {reference}.", reference=t.ref(reference))
    return t("✅ We have added this to request {reference}.", reference=t.ref(reference))


def hear_danger(turn: Turn, words: str) -> DangerId | None:
    """The danger that words tell of; None for nearly all."""
    return turn.work.understanding.of(words, turn.work.today).danger if words else None


async def add_said(turn: Turn, reference: Reference) -> CaseEvent | Reask:
    """Add what was just sent to a case; `Reask` says why that could not be."""
    return await add_heard(turn, reference, hear_danger(turn, turn.said.text))


async def add_heard(
    turn: Turn, reference: Reference, danger: DangerId | None, *, held: timedelta | None = None
) -> CaseEvent | Reask:
    """The same where the danger that it tells of is known: first it is said whom to call, and the team is alerted.

    Of all else the staff hear after it was `held`.
    """
    said = turn.said
    if danger is not None:
        turn.say(hotline(turn, danger))
    files: tuple[FileId, ...] = ()
    if said.files:
        kept = await keep_files(turn)
        if kept.trouble is not None:
            return Reask(kept.trouble)
        files = kept.files
    words = clean(spoken(turn.t, said), MAX_TOLD)
    if said.album and not words:
        event = await albums.add_to_album(turn.work, reference, turn.resident, files)
        if event is not None:
            return event
    added = await resident_actions.add_information(
        turn.work, reference, turn.resident, words, files, danger=danger, held=held
    )
    if isinstance(added, resident_actions.Closed):
        return ended(turn, added.case, words, files)
    return added


def ended(turn: Turn, case: Case | None, words: str, files: tuple[FileId, ...]) -> Reask:
    """The request has ended. If the resident reopens it, their message goes with it."""
    if case is None:
        return not_found(turn)
    if not (is_mine(turn, case) and is_reopenable(turn.work, case)):
        return _ended_for_good(turn, case)
    step = Objecting(reference=case.reference, move="reopen", files=files).with_words(None, words)
    return Reask(_has_ended(turn, case), beside_others(turn, step))


def _has_ended(turn: Turn, case: Case) -> Markup:
    return turn.t("We are no longer working on request {reference}.", reference=turn.t.ref(case.reference))


def _ended_for_good(turn: Turn, case: Case) -> Reask:
    return Reask(
        turn.t(
            "We are no longer working on request {reference}, so you cannot add to it. You can submit a new request.",
            reference=turn.t.ref(case.reference),
        )
    )


# ---------------------------------------------------------------------------- kept until it is said what for


class Told(Draft, CaseStep):
    """Words and files meant for a case, kept until the person says what to do with them.

    A person has one of these at a time. What they sent for other cases before waits behind it, and is asked about
    once this one is done with.
    """

    waiting: tuple[Annotated[Offering | Objecting, Field(discriminator="step")], ...] = ()

    @property
    def holds(self) -> bool:
        return bool(self.pieces or self.files)

    def quoted(self, turn: Turn) -> list[Markup]:
        t = turn.t
        lines = [t("“{words}”", words=t.own(self.words, 500))] if self.words else []
        return [*lines, t.plural("📎 {n} attachment", "📎 {n} attachments", len(self.files))] if self.files else lines

    async def absorb_unexpected(self, turn: Turn) -> Reask | None:
        added = await add_files(turn, self)
        added = add_words(turn, added, contact=True, place=True)
        if added.trouble is not None:
            return Reask(added.trouble, added.draft if added.draft.holds or added.draft.waiting else None)
        return None if added.draft is self else Reask(step=added.draft)

    def amend(self, turn: Turn) -> Step | None:
        return self.amended(turn.said.message, words_of(turn))

    def draft_title(self, turn: Turn) -> str:
        t, all_of_it = turn.t, [one.reference for one in (self, *self.waiting) if one.holds]
        if not all_of_it:
            return ""
        first, others = all_of_it[0], len(all_of_it) - 1
        if not others:
            return t.plain("For request {reference}", reference=first)
        return t.plain_plural(
            "For request {reference} and {n} more", "For request {reference} and {n} more", others, reference=first
        )

    async def back(self, turn: Turn) -> Step | None:
        set_aside(turn)
        return await super().back(turn)

    async def resumed(self, turn: Turn) -> Next:
        return self if self.holds or not self.waiting else self.next_waiting()

    def next_waiting(self) -> Told:
        first, *others = self.waiting
        return first.but(waiting=tuple(others))

    def with_earlier(self, earlier: Told) -> Self:
        """With what was sent for the same case before."""
        both = self.but(pieces=earlier.pieces, files=tuple(dict.fromkeys((*earlier.files, *self.files))))
        for piece in self.pieces:
            both = both.with_words(piece.message, piece.text)
        return both.but(files=both.files[: self.max_files], voice=self.voice or earlier.voice)

    def after(self, turn: Turn, done: Markup, otherwise: Step) -> Reask:
        """Say what was done, and ask about what waits; where nothing does, go on to `otherwise`."""
        return Reask(done, self.next_waiting() if self.waiting else otherwise)


T = TypeVar("T", bound=Told)


def beside_others(turn: Turn, step: T) -> T:
    """The step with all that was sent for cases before, and not done with: for this case in it, for others behind."""
    here = turn.here if isinstance(turn.here, Told) else None
    earlier = [one for one in (here, turn.take_up(Told)) if one is not None]
    for one in (each for kept in earlier for each in (kept, *kept.waiting) if each.holds):
        alone = one.but(waiting=())
        same = alone.reference == step.reference
        step = step.with_earlier(alone) if same else step.but(waiting=(*step.waiting, alone))
    return step


def set_aside(turn: Turn) -> None:
    """What was sent for a case and not done with is kept for later; the main menu offers to go on with it."""
    here = turn.here
    if isinstance(here, Told) and here.draft_title(turn):
        turn.take_up(Told)  # there is none: one that is taken up holds what was set aside before
        turn.saved = (here, *turn.saved)[:DRAFTS_KEPT]


class Offering(Told):
    """Something was sent while a case was on show: is it meant for that case?"""

    step: Literal["following:offer"] = "following:offer"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = (
            *_is_it_fixed(turn, await self.case(turn)),
            (Button(label=t.plain("Add it"), value="add"),),
            (Button(label=t.plain("Start a new complaint"), value="new"),),
            (Button(label=t.plain("Discard it"), value="nothing"),),
        )
        question = t("Add this to request {reference}?", reference=t.ref(self.reference))
        return Prompt(t.join_lines(*self.quoted(turn), question), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        match answer.choice:
            case "new":
                return await self._anew(turn)
            case "nothing":
                kept_not = turn.t("OK. Nothing was saved.")
                return self.after(turn, kept_not, Viewing(reference=self.reference))
        added = await resident_actions.add_information(turn.work, self.reference, turn.resident, self.words, self.files)
        if isinstance(added, resident_actions.Closed):
            return self._ended(turn, added.case)
        answered = answers_question(added)
        if not self.waiting:
            return Adding(reference=self.reference, added=True, answered=answered)
        return Reask(was_added(turn, self.reference, answered=answered), self.next_waiting())

    async def _anew(self, turn: Turn) -> Next:
        """Start a complaint with it; what waits for other cases is set aside meanwhile."""
        sent = Draft(pieces=self.pieces, files=self.files, voice=self.voice)
        begun = await start_with(turn, CaseKind.COMPLAINT, sent)
        if isinstance(begun, Reask) and begun.step is None:
            return begun
        turn.handed_over = True
        if self.waiting:
            turn.saved = (self.next_waiting(), *turn.saved)[:DRAFTS_KEPT]
        return begun

    def _ended(self, turn: Turn, case: Case | None) -> Reask:
        if case is None:
            return not_found(turn)
        if not (is_mine(turn, case) and is_reopenable(turn.work, case)):
            return _ended_for_good(turn, case)
        meant = {name: value for name, value in self if name != "step"}
        return Reask(_has_ended(turn, case), Objecting.model_validate({**meant, "move": "reopen"}))


# ---------------------------------------------------------------------------- opening it again


class Objecting(Told):
    """Why a request is opened again, or what is not fixed: in words, with a photo, or without either."""

    step: Literal["following:object"] = "following:object"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    move: Literal["reopen", "not_fixed"]

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        if self.pieces or self.files:
            question = (
                t("Reopen the request with this?") if self.move == "reopen" else t("Send the request back with this?")
            )
            return Prompt(t.join_lines(*self.quoted(turn), question), (self._confirm(turn),))
        return Prompt(await self._why(turn), (self._confirm(turn),) if self.move == "not_fixed" else ())

    async def _why(self, turn: Turn) -> Markup:
        t = turn.t
        if self.move == "reopen":
            return t("Why do you want to reopen {reference}? A photo helps.", reference=t.ref(self.reference))
        case = await self.case(turn)
        if case is not None and case.kind is CaseKind.INQUIRY:
            return t("What would you still like to know?")
        return t("What is not fixed yet? A photo helps.")

    def _confirm(self, turn: Turn) -> list[Button]:
        label = turn.t.plain("Reopen") if self.move == "reopen" else turn.t.plain("Send it back")
        return [Button(label=label, value="go")]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return await self.carry_out(turn)
        kept = await self.absorb_unexpected(turn)
        now = kept.step if kept is not None and not kept.why else None
        # Words tell why; photos may be followed by words, and an album by the rest of it.
        if isinstance(now, Objecting) and now.pieces and not turn.said.album:
            return await now.carry_out(turn)
        return kept or self

    async def carry_out(self, turn: Turn) -> Next:
        work, resident = turn.work, turn.resident
        if self.move == "reopen":
            case = await resident_actions.reopen(work, self.reference, resident, self.words, self.files)
        else:
            case = await resident_actions.confirm_fixed(work, self.reference, resident, False, self.words, self.files)
        if isinstance(case, NotAllowed):
            return await self._moved_on(turn, case)
        done = (
            turn.t("🔄 You have reopened request {reference}.", reference=turn.t.ref(self.reference))
            if self.move == "reopen"
            else turn.t("🔄 We have sent request {reference} back to the office.", reference=turn.t.ref(self.reference))
        )
        return self.after(turn, done, Viewing(reference=self.reference))

    async def _moved_on(self, turn: Turn, refusal: NotAllowed) -> Reask:
        """The case has moved on meanwhile: what was written may still be of use as it is now."""
        case, gone = await self.case(turn), no_longer(turn, self.reference, refusal)
        if case is None or not isinstance(gone.step, Step):
            return gone
        if self.holds and can(case, Transition.INFORM):
            meant = {name: value for name, value in self if name in Told.model_fields and name != "step"}
            return Reask(gone.why, Offering.model_validate(meant))
        if self.holds and self.move == "not_fixed" and is_reopenable(turn.work, case):
            return Reask(gone.why, self.but(move="reopen"))
        return self.after(turn, gone.why, gone.step)


Told.model_rebuild()
Offering.model_rebuild()
Objecting.model_rebuild()
