"""What a caller wants: a residents' flow is played with staff, who read its questions out and type the answers.

`Asking` holds the question of a request or a booking at which it stands and plays it with the caller in the resident's
place. The questions, and the forms that order them, are those of `conversations.requests` and `conversations.booking`;
only who it is for, who may file it and what happens at the end differ. Before it, staff say who it is and what it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.day_and_time import ChoosingAlternative, ChoosingDay, nearby
from conversations.booking.draft import BookingDraft, Line, details_of
from conversations.booking.time_picker import Why
from conversations.engine.form import AnyForm, FormStep, Review, question_of
from conversations.engine.messages import Kind
from conversations.engine.step import (
    Answer,
    Button,
    Continue,
    EndFlow,
    Next,
    Previous,
    Prompt,
    Reask,
    Redirect,
    Rows,
    Step,
    Turn,
)
from conversations.incidents.said import said_of
from conversations.on_behalf.caller import Who
from conversations.on_behalf.questions import FORMS, Question, acting_for, new_draft, question_before
from conversations.on_behalf.readout import (
    afterwards,
    applied_words,
    booked_words,
    case_words,
    joined_words,
    lost_files,
    one_already_words,
    read_out,
)
from conversations.on_behalf.step import Call, IntakeStep, for_whom, person_of, refused
from conversations.requests.draft import RequestDraft, as_case
from conversations.requests.location import Comparing
from conversations.texts.booking import booked_time
from conversations.texts.case import KINDS, office_name
from locales import N_
from services.bookings import bookings, draws
from services.bookings.bookings import AlreadyBooked, AlreadyConfirmed, HoldLost, OneAlready, SlotClosed
from services.cases.duplicates import Gone
from services.casework import intake
from services.text.normalise import clean
from storage.ids import CaseId, Reference
from storage.records.cases import CaseKind

ANYTHING = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
APPOINTMENT = "appointment"
_NONE, _SHORTEST_REASON, _LONGEST_REASON = "none", 3, 300
_SOURCES = {intake.Source.HOTLINE: N_("☎️ By phone"), intake.Source.VISIT: N_("🏢 At the counter")}


# ---------------------------------------------------------------------------- how they came, who it is


class AskingHow(IntakeStep):
    step: Literal["intake:how"] = "intake:how"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        buttons = [Button(label=t.plain(label), value=source.value) for source, label in _SOURCES.items()]
        at = office_name(t, turn.work.offices, self.call.office)
        return Prompt(
            t.join_lines(t("<b>For a caller or visitor</b> · {office}", office=at), t("How did they contact you?")),
            [buttons],
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        chosen = next((source for source in intake.Source if source == answer.choice), None)
        return self if chosen is None else Identifying(call=self.call.but(source=chosen))


class Identifying(Who):
    step: Literal["intake:who"] = "intake:who"

    async def identified(self, turn: Turn, call: Call) -> Next:
        return AskingWhat(call=call)

    async def back(self, turn: Turn) -> Step | None:
        return AskingHow(call=self.call)


# ---------------------------------------------------------------------------- what it is


class AskingWhat(IntakeStep):
    step: Literal["intake:what"] = "intake:what"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices
        kinds = [kind for kind in CaseKind if any(offices.categories_for(o.id, kind) for o in offices.all)]
        buttons = [Button(label=t.plain(KINDS[kind]), value=kind.value) for kind in kinds]
        rows: Rows = [*(buttons[at : at + 2] for at in range(0, len(buttons), 2))]
        if offices.with_customer_day:
            rows = [*rows, [Button(label=t.plain("📅 Customer Day appointment"), value=APPOINTMENT)]]
        return Prompt(t.join_lines(for_whom(turn, self.call), t("What do you want to record?")), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        record = await intake.receive(turn.work, person_of(turn), self.call.office, self.call.caller)
        if record is None:
            return refused(turn)
        call = self.call.but(record=record.id)
        kind = next((kind for kind in CaseKind if kind == answer.choice), None)
        if kind is None and answer.choice != APPOINTMENT:
            return self
        question = await question_of(FORMS, acting_for(turn, call), Continue(new_draft(call, kind)))
        return self if question is None else _asked(call, question)

    async def back(self, turn: Turn) -> Step | None:
        call = self.call
        return Identifying(call=call, name=call.name, phone=call.phone, no_phone=call.no_phone)


def _asked(call: Call, step: Step) -> Step:
    return Asking(call=call, question=step) if isinstance(step, FormStep) else step


# ---------------------------------------------------------------------------- a question of a residents' flow


class Asking(IntakeStep):
    step: Literal["intake:asking"] = "intake:asking"
    accepts: ClassVar[frozenset[Kind]] = ANYTHING
    question: Question

    async def ask(self, turn: Turn) -> Prompt:
        prompt = await self.question.ask(acting_for(turn, self.call))
        last = (Markup(), read_out(turn)) if isinstance(self.question, Review) else ()
        text = turn.t.join_lines(for_whom(turn, self.call), Markup(), prompt.text, *last)
        # Whoever holds the phone is not who it is about: their own number and place are of no use.
        # Nor is what leads into the member's own affairs.
        rows = [[button for button in row if not button.route] for row in prompt.rows]
        return replace(prompt, text=text, rows=rows, ask_for=None, ask_label="")

    # ---- answers

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        record = await intake.receive(turn.work, person_of(turn), self.call.office, self.call.caller)
        if record is None:
            return await self._refused(turn)
        return await self.model_copy(update={"call": self.call.but(record=record.id)}).answered(turn, answer)

    async def answered(self, turn: Turn, answer: Answer) -> Next:
        """Take an answer of one who may."""
        inner, question, choice = acting_for(turn, self.call), self.question, answer.choice
        if isinstance(question, Review) and choice == question.submit:
            return await self._submit(turn, inner, question)
        if isinstance(question, Comparing) and choice.startswith("mine."):
            return await self._join(turn, inner, question, choice.removeprefix("mine."))
        if answer.kind in question.accepts:
            return await self._on(inner, await question.handle_answer(inner, answer))
        return await self._on(inner, await question.absorb_unexpected(inner) or Reask())

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        inner = acting_for(turn, self.call)
        kept = await self._on(inner, await self.question.absorb_unexpected(inner) or Reask())
        return kept if isinstance(kept, Step | Reask) else None

    def amend(self, turn: Turn) -> Step | None:
        amended = self.question.amend(turn)
        return None if amended is None else _asked(self.call, amended)

    async def back(self, turn: Turn) -> Step | None:
        inner = acting_for(turn, self.call)
        earlier = await question_before(inner, self.question)
        while earlier is not None and self._form.is_personal(earlier):
            earlier = await question_before(inner, earlier)
        return AskingWhat(call=self.call) if earlier is None else _asked(self.call, earlier)

    async def _on(self, inner: Turn, following: Next) -> Next:
        """Where an answer leads, with the caller."""
        match following:
            case Step() | Continue() | Previous():
                return await self._to(inner, following)
            case Reask(why=why, step=step):
                return Reask(why, None if step is None else await self._to(inner, step))
            case Redirect():
                return Reask()  # a route of residents
        return following

    async def _to(self, inner: Turn, following: Step | Continue | Previous) -> Step:
        question = await question_of(FORMS, inner, following)
        if question is None:
            return AskingWhat(call=self.call)
        return self._correcting() if self._form.is_personal(question) else _asked(self.call, question)

    @property
    def _form(self) -> AnyForm:
        return FORMS[self.question.draft.form]

    def _correcting(self) -> Step:
        call = self.call
        return Correcting(call=call, question=self.question, name=call.name, phone=call.phone, no_phone=call.no_phone)

    # ---- as a draft

    def draft_title(self, turn: Turn) -> str:
        t, title = turn.t, self.question.draft_title(acting_for(turn, self.call))
        return t.plain("For {name}: {what}", name=self.call.name, what=title) if title else super().draft_title(turn)

    async def discarded(self, turn: Turn) -> Markup | None:
        return await self.question.discarded(acting_for(turn, self.call))

    async def resumed(self, turn: Turn) -> Next:
        inner = acting_for(turn, self.call)
        return await self._on(inner, await self._form.resume(inner, self.question))

    async def _apply(self, turn: Turn, draft: BookingDraft, line: Line) -> Next:
        """Apply to a draw for the caller."""
        call = self.call
        outcome = await intake.apply_for(
            *(turn.work, person_of(turn), call.office, call.caller, line.session, details_of(draft)),
            call.source or intake.Source.HOTLINE,
        )
        match outcome:
            case None:
                return await self._refused(turn)
            case SlotClosed():
                return _asked(call, ChoosingDay(draft=draft.but(line=None)))
            case OneAlready(booking=other) | AlreadyBooked(booking=other):
                turn.say(one_already_words(turn, call, other), afterwards(turn, call))
            case applied:
                draw = await draws.to_come(turn.work, applied.session_id)
                turn.say(applied_words(turn, call, applied, draw), afterwards(turn, call))
        return EndFlow()

    async def booked_beside(self, turn: Turn, reason: str) -> Next:
        """Book it although there is another, for a reason."""
        draft = self.question.draft
        return await self._book(turn, draft, reason) if isinstance(draft, BookingDraft) else self

    async def given_up(self, turn: Turn) -> Next:
        """The caller keeps the appointment that they have: the time is free again."""
        await self.question.discarded(acting_for(turn, self.call))
        turn.say(turn.t("Nothing was booked. The open appointment stays as it is."), afterwards(turn, self.call))
        return EndFlow()

    async def _refused(self, turn: Turn) -> Next:
        await self.question.discarded(acting_for(turn, self.call))
        return refused(turn)

    # ---- the end

    async def _submit(self, turn: Turn, inner: Turn, review: Review) -> Next:
        missing = await question_of(FORMS, inner, Continue(review.draft))
        if not isinstance(missing, Review):
            return await self._on(inner, missing or review)
        match review.draft:
            case RequestDraft() as draft:
                return await self._file(turn, draft)
            case BookingDraft() as draft:
                return await self._book(turn, draft)
        return Reask()

    async def _file(self, turn: Turn, draft: RequestDraft) -> Next:
        call, new = self.call, as_case(turn.work.offices, draft, "")
        case = await intake.file_case_for(
            turn.work, person_of(turn), call.office, call.caller, new, call.source or intake.Source.HOTLINE
        )
        if case is None:
            return await self._refused(turn)
        joined, _ = await said_of(turn, case)
        text = turn.t.join_lines(case_words(turn, call, case, await lost_files(turn, draft.files)), *joined)
        turn.say(text, afterwards(turn, call))
        return EndFlow()

    async def _join(self, turn: Turn, inner: Turn, question: Comparing, number: str) -> Next:
        if not number.isdigit():
            return self
        call, draft = self.call, question.draft
        case = await intake.join_for(
            turn.work, person_of(turn), call.office, call.caller, CaseId(int(number)), draft.words, draft.files
        )
        if case is None:
            return await self._refused(turn)
        if isinstance(case, Gone):
            ended = turn.t("That request has since been closed. You can complete and submit this one instead.")
            return await self._on(inner, Reask(ended, Continue(draft)))
        turn.say(joined_words(turn, call, case), afterwards(turn, call))
        return EndFlow()

    async def _book(self, turn: Turn, draft: BookingDraft, beside: str = "") -> Next:
        if draft.line is not None:
            return await self._apply(turn, draft, draft.line)
        if draft.seat is None:
            return _asked(self.call, ChoosingDay(draft=draft))
        call = self.call
        outcome = await intake.confirm_for(
            turn.work, person_of(turn), call.office, call.caller, draft.seat.booking, details_of(draft), beside
        )
        match outcome:
            case None:
                return await self._refused(turn)
            case OneAlready(booking=other):
                return AskingWhyBeside(call=call, question=self.question, reference=other.reference)
            case HoldLost(alternatives=free):
                lost = ChoosingAlternative(draft=draft.but(seat=None), why=Why.LAPSED, nearest=nearby(free))
                return _asked(call, lost)
            case AlreadyConfirmed(booking=booked):
                turn.say(booked_words(turn, call, booked), afterwards(turn, call))
            case booked:
                turn.say(booked_words(turn, call, booked), afterwards(turn, call))
        return EndFlow()


class AskingWhyBeside(IntakeStep):
    """There is an appointment to come of the caller, or under their number: why they are to have another beside it."""

    step: Literal["intake:beside"] = "intake:beside"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.TEXT, Kind.CHOICE})
    question: Question
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t, other = turn.t, await bookings.by_reference(turn.work, self.reference)
        text = t.join_lines(
            for_whom(turn, self.call),
            t("There is an open appointment for this person or number: {ref}", ref=t.ref(self.reference)),
            None if other is None else booked_time(t, other),
            Markup(),
            t(
                "Everyone has one appointment at a time. For a companion, or a person who calls for someone else, "
                "write the reason. It is kept with the appointment."
            ),
        )
        return Prompt(text, [[Button(label=t.plain("Do not book another"), value=_NONE)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        asking = Asking(call=self.call, question=self.question)
        if answer.choice == _NONE:
            return await asking.given_up(turn)
        reason = clean(answer.text, _LONGEST_REASON)
        if len(reason) < _SHORTEST_REASON:
            return Reask(turn.t("Write in a few words why another appointment is needed."))
        return await asking.booked_beside(turn, reason)

    async def back(self, turn: Turn) -> Step | None:
        return Asking(call=self.call, question=self.question)

    async def discarded(self, turn: Turn) -> Markup | None:
        return await self.question.discarded(acting_for(turn, self.call))


class Correcting(Who):
    """Who it is, asked again from the middle of it all."""

    step: Literal["intake:correct"] = "intake:correct"
    question: Question

    async def identified(self, turn: Turn, call: Call) -> Next:
        """The same question for whom it now is: files and a held seat are theirs."""
        record = await intake.receive(turn.work, person_of(turn), call.office, call.caller)
        if record is None:
            await self.question.discarded(acting_for(turn, self.call))
            return refused(turn)
        changes: dict[str, object] = {"name": call.name, "phone": call.phone}
        if isinstance(self.question.draft, BookingDraft):
            changes["without_phone"] = call.no_phone
        question = self.question.with_draft(self.question.draft.but(**changes))
        moved = Asking(call=call.but(record=record.id), question=question)
        if record.id == self.call.record:
            return moved
        await self.question.discarded(acting_for(turn, self.call))
        return await moved.resumed(turn)

    async def back(self, turn: Turn) -> Step | None:
        return Asking(call=self.call, question=self.question)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return await Asking(call=self.call, question=self.question).absorb_unexpected(turn)

    async def discarded(self, turn: Turn) -> Markup | None:
        return await self.question.discarded(acting_for(turn, self.call))
