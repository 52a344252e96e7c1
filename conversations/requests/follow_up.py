"""What a resident does about a request that is in: adds to it, takes it back, has it opened again."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeVar

from markupsafe import Markup
from pydantic import Field

from conversations.engine.drafts import Draft, add_files, add_words
from conversations.engine.engine import DRAFTS_KEPT
from conversations.engine.fields import keep_files, left_as_it_is
from conversations.engine.messages import Kind
from conversations.engine.step import Again, Answer, Button, Next, Prompt, Step, Talk
from conversations.engine.typed_no import refuses
from conversations.requests.start import start_with
from conversations.requests.view import CaseStep, Viewing, is_mine, no_longer, not_found, question_words
from conversations.texts.case import is_reopenable
from services.cases import albums, resident_actions
from services.cases.workflow import Move, NotAllowed, can
from services.text.normalise import MAX_WORDS, clean
from storage.ids import FileId, Reference
from storage.records import Case, CaseEvent, CaseKind

# ---------------------------------------------------------------------------- adding to one


class Adding(CaseStep):
    """Whatever is sent now goes to the case at once; it answers the open question, where there is one."""

    step: Literal["following:add"] = "following:add"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION})
    added: bool = False
    answered: bool = False

    async def ask(self, talk: Talk) -> Prompt:
        t, case = talk.t, await self.case(talk)
        if case is None:
            return Prompt(not_found(talk).why)
        subject = f"case:{case.id}"
        if self.added:
            done = was_added(talk, self.reference, answered=self.answered)
            rows = ((Button(label=t.plain("Done"), value="done"),),)
            return Prompt(t.join_lines(done, t("More can be sent.")), rows, back=False, subject=subject)
        question = await resident_actions.open_question(talk.work, case.id, talk.t.language)
        if question is not None:
            please = t("Please send the answer: words, photos, a voice note or a document.")
            return Prompt(t.join_lines(*question_words(talk, question)[1:], "", please), subject=subject)
        return Prompt(
            t("What is to be added to {reference}? Words, photos, a voice note or a document can be sent.",
              reference=t.ref(case.reference)),
            subject=subject,
        )  # fmt: skip

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return Viewing(reference=self.reference)
        return await self._add(talk)

    async def keep(self, talk: Talk) -> Step | Again | None:
        """The rest of an album."""
        return await self._add(talk) if talk.said.files else None

    async def _add(self, talk: Talk) -> Step | Again:
        added = await add_said(talk, self.reference)
        if isinstance(added, Again):
            return added
        return Adding(reference=self.reference, added=True, answered=self.answered or bool(added.detail))


def was_added(talk: Talk, reference: Reference, *, answered: bool) -> Markup:
    t = talk.t
    if answered:
        return t("✅ Your answer to request {reference} was passed on.", reference=t.ref(reference))
    return t("✅ This was added to request {reference}.", reference=t.ref(reference))


async def add_said(talk: Talk, reference: Reference) -> CaseEvent | Again:
    """Add what was just sent to a case; `Again` says why that could not be."""
    said = talk.said
    files: tuple[FileId, ...] = ()
    if said.files:
        kept = await keep_files(talk)
        if kept.trouble is not None:
            return Again(kept.trouble)
        files = kept.files
    words = clean(said.text, MAX_WORDS)
    if said.place is not None:
        words = f"{said.place.latitude:.5f}, {said.place.longitude:.5f}"
    if said.album and not words:
        event = await albums.add_to_album(talk.work, reference, talk.resident, files)
        if event is not None:
            return event
    added = await resident_actions.add_information(talk.work, reference, talk.resident, words, files)
    if isinstance(added, resident_actions.Closed):
        return ended(talk, added.case, words, files)
    return added


def ended(talk: Talk, case: Case | None, words: str, files: tuple[FileId, ...]) -> Again:
    """Nothing can be added any more; what was meant to be goes along if it is opened again."""
    if case is None:
        return not_found(talk)
    if not (is_mine(talk, case) and is_reopenable(talk.work, case)):
        return _ended_for_good(talk, case)
    step = Objecting(reference=case.reference, move="reopen", files=files).with_words(None, words)
    return Again(_has_ended(talk, case), beside_others(talk, step))


def _has_ended(talk: Talk, case: Case) -> Markup:
    return talk.t("Request {reference} has ended.", reference=talk.t.ref(case.reference))


def _ended_for_good(talk: Talk, case: Case) -> Again:
    return Again(
        talk.t("Request {reference} has ended; nothing can be added to it. A new request can be submitted.",
               reference=talk.t.ref(case.reference))
    )  # fmt: skip


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

    def quoted(self, talk: Talk) -> list[Markup]:
        t = talk.t
        lines = [t("“{words}”", words=t.own(self.words, 500))] if self.words else []
        return [*lines, t.plural("📎 {n} attachment", "📎 {n} attachments", len(self.files))] if self.files else lines

    async def keep(self, talk: Talk) -> Again | None:
        added = await add_files(talk, self)
        added = add_words(talk, added) if talk.said.text else added
        if added.trouble is not None:
            return Again(added.trouble, added.draft if added.draft.holds or added.draft.waiting else None)
        return None if added.draft is self else Again(step=added.draft)

    def amend(self, talk: Talk) -> Step | None:
        return self.amended(talk.said.message, talk.said.text)

    def draft_title(self, talk: Talk) -> str:
        t, all_of_it = talk.t, [one.reference for one in (self, *self.waiting) if one.holds]
        if not all_of_it:
            return ""
        first, others = all_of_it[0], len(all_of_it) - 1
        if not others:
            return t.plain("For request {reference}", reference=first)
        return t.plain_plural(
            "For request {reference} and {n} more", "For request {reference} and {n} more", others, reference=first
        )

    async def back(self, talk: Talk) -> Step | None:
        set_aside(talk)
        return await super().back(talk)

    async def resumed(self, talk: Talk) -> Next:
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

    def after(self, talk: Talk, done: Markup, otherwise: Step) -> Again:
        """Say what was done, and ask about what waits; where nothing does, go on to `otherwise`."""
        return Again(done, self.next_waiting() if self.waiting else otherwise)


T = TypeVar("T", bound=Told)


def beside_others(talk: Talk, step: T) -> T:
    """The step with all that was sent for cases before, and not done with: for this case in it, for others behind."""
    here = talk.here if isinstance(talk.here, Told) else None
    earlier = [one for one in (here, talk.take_up(Told)) if one is not None]
    for one in (each for kept in earlier for each in (kept, *kept.waiting) if each.holds):
        alone = one.but(waiting=())
        same = alone.reference == step.reference
        step = step.with_earlier(alone) if same else step.but(waiting=(*step.waiting, alone))
    return step


def set_aside(talk: Talk) -> None:
    """What was sent for a case and not done with is kept for later; the main menu offers to go on with it."""
    here = talk.here
    if isinstance(here, Told) and here.draft_title(talk):
        talk.take_up(Told)  # there is none: one that is taken up holds what was set aside before
        talk.parked = (here, *talk.parked)[:DRAFTS_KEPT]


class Offering(Told):
    """Something was sent while a case was on show: is it meant for that case?"""

    step: Literal["following:offer"] = "following:offer"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = (
            (Button(label=t.plain("Add it"), value="add"),),
            (Button(label=t.plain("Start a new complaint with it"), value="new"),),
            (Button(label=t.plain("Nothing, thank you"), value="nothing"),),
        )
        question = t("Is this to be added to request {reference}?", reference=t.ref(self.reference))
        return Prompt(t.join_lines(*self.quoted(talk), question), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        match answer.choice:
            case "new":
                return self._anew(talk)
            case "nothing":
                kept_not = talk.t("Very well; nothing of it was kept.")
                return self.after(talk, kept_not, Viewing(reference=self.reference))
        added = await resident_actions.add_information(talk.work, self.reference, talk.resident, self.words, self.files)
        if isinstance(added, resident_actions.Closed):
            return self._ended(talk, added.case)
        answered = bool(added.detail)
        if not self.waiting:
            return Adding(reference=self.reference, added=True, answered=answered)
        return Again(was_added(talk, self.reference, answered=answered), self.next_waiting())

    def _anew(self, talk: Talk) -> Next:
        """Start a complaint with it; what waits for other cases is set aside meanwhile."""
        sent = Draft(pieces=self.pieces, files=self.files, voice=self.voice)
        begun = start_with(talk, CaseKind.COMPLAINT, sent)
        if isinstance(begun, Again) and begun.step is None:
            return begun
        talk.handed_over = True
        if self.waiting:
            talk.parked = (self.next_waiting(), *talk.parked)[:DRAFTS_KEPT]
        return begun

    def _ended(self, talk: Talk, case: Case | None) -> Again:
        if case is None:
            return not_found(talk)
        if not (is_mine(talk, case) and is_reopenable(talk.work, case)):
            return _ended_for_good(talk, case)
        meant = {name: value for name, value in self if name != "step"}
        return Again(_has_ended(talk, case), Objecting.model_validate({**meant, "move": "reopen"}))


# ---------------------------------------------------------------------------- taking it back, opening it again


class Withdrawing(CaseStep):
    """Only a button withdraws; words are a reason, which is shown before it does."""

    step: Literal["following:withdraw"] = "following:withdraw"
    reason: str = ""  # as it was typed, and not confirmed yet

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        if not self.reason:
            text = t(
                "Withdraw request {reference}? Work on it stops. A reason can be written, but is not needed.",
                reference=t.ref(self.reference),
            )
            return Prompt(text, ((Button(label=t.plain("Withdraw it"), value="yes"),),))
        text = t.join_lines(
            t("Withdraw request {reference} with this reason? Work on it stops.", reference=t.ref(self.reference)),
            t("“{words}”", words=t.own(self.reason, 500)),
        )
        rows = (
            (Button(label=t.plain("Withdraw with this reason"), value="yes"),),
            (Button(label=t.plain("Keep it"), door="case", value=self.reference),),
        )
        return Prompt(text, rows, back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if not answer.choice:
            if refuses(answer.text):
                return Again(left_as_it_is(talk), Viewing(reference=self.reference))
            return self.model_copy(update={"reason": clean(answer.text, MAX_WORDS)})
        case = await resident_actions.withdraw(talk.work, self.reference, talk.resident, self.reason)
        if isinstance(case, NotAllowed):
            return no_longer(talk, self.reference, case)
        return Again(talk.t("Request {reference} was withdrawn.", reference=talk.t.ref(case.reference)),
                     Viewing(reference=case.reference))  # fmt: skip


class Objecting(Told):
    """Why a request is opened again, or what is not fixed: in words, with a photo, or without either."""

    step: Literal["following:object"] = "following:object"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    move: Literal["reopen", "not_fixed"]

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        if self.pieces or self.files:
            question = t("Reopen it with this?") if self.move == "reopen" else t("Send it back with this?")
            return Prompt(t.join_lines(*self.quoted(talk), question), (self._confirm(talk),))
        question = (
            t("Why is {reference} to be reopened? A photo helps.", reference=t.ref(self.reference))
            if self.move == "reopen"
            else t("What is not fixed yet? A photo helps.")
        )
        return Prompt(question, (self._confirm(talk),) if self.move == "not_fixed" else ())

    def _confirm(self, talk: Talk) -> list[Button]:
        label = talk.t.plain("Reopen") if self.move == "reopen" else talk.t.plain("Send it back")
        return [Button(label=label, value="go")]

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await self.carry_out(talk)
        kept = await self.keep(talk)
        now = kept.step if kept is not None and not kept.why else None
        # Words tell why; photos may be followed by words, and an album by the rest of it.
        if isinstance(now, Objecting) and now.pieces and not talk.said.album:
            return await now.carry_out(talk)
        return kept or self

    async def carry_out(self, talk: Talk) -> Next:
        work, resident = talk.work, talk.resident
        if self.move == "reopen":
            case = await resident_actions.reopen(work, self.reference, resident, self.words, self.files)
        else:
            case = await resident_actions.confirm_fixed(work, self.reference, resident, False, self.words, self.files)
        if isinstance(case, NotAllowed):
            return await self._moved_on(talk, case)
        done = (
            talk.t("🔄 Request {reference} was reopened.", reference=talk.t.ref(self.reference))
            if self.move == "reopen"
            else talk.t("🔄 Request {reference} went back to the office.", reference=talk.t.ref(self.reference))
        )
        return self.after(talk, done, Viewing(reference=self.reference))

    async def _moved_on(self, talk: Talk, refusal: NotAllowed) -> Again:
        """The case has moved on meanwhile: what was written may still be of use as it is now."""
        case, gone = await self.case(talk), no_longer(talk, self.reference, refusal)
        if case is None or gone.step is None:
            return gone
        if self.holds and can(case, Move.INFORM):
            meant = {name: value for name, value in self if name in Told.model_fields and name != "step"}
            return Again(gone.why, Offering.model_validate(meant))
        if self.holds and self.move == "not_fixed" and is_reopenable(talk.work, case):
            return Again(gone.why, self.but(move="reopen"))
        return self.after(talk, gone.why, gone.step)


Told.model_rebuild()
Offering.model_rebuild()
Objecting.model_rebuild()
