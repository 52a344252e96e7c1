"""What a caller wants: a residents' flow is played with staff, who read its questions out and type the answers.

`Asking` holds the question of a request or a booking at which it stands and plays it with the caller in the resident's
place. Every question, its draft and its order are those of `conversations.requests` and `conversations.booking`;
only who it is for, who may file it and what happens at the end differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TypeGuard

from markupsafe import Markup
from pydantic import BeforeValidator, SerializeAsAny, TypeAdapter

from conversations.booking import review as booking_review
from conversations.booking import start as booking_start
from conversations.booking import visitors
from conversations.booking.day_and_time import ChoosingAlternative, ChoosingDay, Why, nearby
from conversations.booking.day_buttons import LINE
from conversations.booking.draft import BookingDraft, details_of
from conversations.booking.step import BookingStep, next_question
from conversations.engine.messages import Kind
from conversations.engine.registry import union_of
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Redirect, Rows, Step, Turn
from conversations.on_behalf.caller import Identifying, Who
from conversations.on_behalf.readout import booked_words, case_words, joined_words, read_out
from conversations.on_behalf.step import Call, IntakeStep, for_whom, person_of, refused, stand_in
from conversations.requests import applicant
from conversations.requests import review as request_review
from conversations.requests import start as request_start
from conversations.requests.description import ChoosingCategory, ChoosingOffice
from conversations.requests.draft import RequestDraft, as_case
from conversations.requests.location import Comparing
from conversations.requests.step import RequestStep, following
from conversations.texts.case import KINDS
from services.bookings.bookings import AlreadyConfirmed, HoldLost
from services.cases.duplicates import Gone
from services.casework import intake
from services.files import attachments
from storage.ids import CaseId
from storage.records import CaseKind, FileStatus

ANYTHING = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
APPOINTMENT = "appointment"
#: What is asked of who it is, which staff have told already.
_IDENTITY = (
    applicant.Identifying,
    applicant.GivingPhone,
    visitors.GivingName,
    visitors.GivingPhone,
)
_QUESTIONS: TypeAdapter[Step] = union_of((*request_start.FLOW.steps, *booking_start.FLOW.steps))


def _question(value: object) -> object:
    return _QUESTIONS.validate_python(value) if isinstance(value, dict) else value


Question = Annotated[SerializeAsAny[RequestStep | BookingStep], BeforeValidator(_question)]


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
        if answer.choice == APPOINTMENT:
            return await _begin_booking(turn, call)
        kind = next((kind for kind in CaseKind if kind == answer.choice), None)
        return self if kind is None else _begin_request(turn, call, kind)

    async def back(self, turn: Turn) -> Step | None:
        call = self.call
        return Identifying(call=call, name=call.name, phone=call.phone, no_phone=call.no_phone)


def _begin_request(turn: Turn, call: Call, kind: CaseKind) -> Next:
    draft = RequestDraft(kind=kind, office=call.office, anonymous=False, name=call.name, phone=call.phone)
    takes = turn.work.offices.categories_for(call.office, kind)
    return Asking(call=call, question=ChoosingCategory(draft=draft) if takes else ChoosingOffice(draft=draft))


async def _begin_booking(turn: Turn, call: Call) -> Next:
    draft = BookingDraft(office=call.office, name=call.name, phone=call.phone, without_phone=call.no_phone)
    office = turn.work.offices.get(call.office)
    if office is None or not office.customer_day:
        return Asking(call=call, question=booking_start.ChoosingOffice(draft=draft))
    return _asked(call, await next_question(_for(turn, call), draft))


def _for(turn: Turn, call: Call) -> Turn:
    """The same turn, with the caller in the resident's place. What is said goes to staff."""
    return replace(turn, resident=stand_in(turn, call))


def _is_question(step: Step) -> TypeGuard[RequestStep | BookingStep]:
    return isinstance(step, RequestStep | BookingStep)


def _asked(call: Call, step: Step) -> Step:
    return Asking(call=call, question=step) if _is_question(step) else step


# ---------------------------------------------------------------------------- a question of a residents' flow


class Asking(IntakeStep):
    step: Literal["intake:asking"] = "intake:asking"
    accepts: ClassVar[frozenset[Kind]] = ANYTHING
    question: Question

    async def ask(self, turn: Turn) -> Prompt:
        prompt = await self.question.ask(_for(turn, self.call))
        last = (Markup(), read_out(turn)) if self._reviews else ()
        text = turn.t.join_lines(for_whom(turn, self.call), Markup(), prompt.text, *last)
        # Whoever holds the phone is not who it is about: their own number and place are of no use.
        return replace(prompt, text=text, rows=self._rows(prompt), ask_for=None, ask_label="")

    def _rows(self, prompt: Prompt) -> Rows:
        """Without what leads into the member's own affairs; nor can a caller be offered a seat an hour long."""
        return [[button for button in row if not button.route and not self._waits(button)] for row in prompt.rows]

    def _waits(self, button: Button) -> bool:
        return isinstance(self.question, ChoosingAlternative) and button.value.startswith(LINE)

    @property
    def _reviews(self) -> bool:
        return isinstance(self.question, request_review.Reviewing | booking_review.Reviewing)

    # ---- answers

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        record = await intake.receive(turn.work, person_of(turn), self.call.office, self.call.caller)
        if record is None:
            return await self._refused(turn)
        return await self.model_copy(update={"call": self.call.but(record=record.id)}).answered(turn, answer)

    async def answered(self, turn: Turn, answer: Answer) -> Next:
        """Take an answer of one who may."""
        inner, question, choice = _for(turn, self.call), self.question, answer.choice
        match question:
            case request_review.Reviewing() if choice == "submit":
                return await self._file(turn, inner, question.draft)
            case booking_review.Reviewing() if choice == "confirm":
                return await self._book(turn, inner, question.draft)
            case Comparing() if choice.startswith("mine."):
                return await self._join(turn, question, choice.removeprefix("mine."))
        if answer.kind in question.accepts:
            return self._on(await question.handle_answer(inner, answer))
        return self._on(await question.absorb_unexpected(inner) or Reask())

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        kept = self._on(await self.question.absorb_unexpected(_for(turn, self.call)) or Reask())
        return kept if isinstance(kept, Step | Reask) else None

    def amend(self, turn: Turn) -> Step | None:
        amended = self.question.amend(turn)
        return None if amended is None else _asked(self.call, amended)

    async def back(self, turn: Turn) -> Step | None:
        inner = _for(turn, self.call)
        earlier = await self.question.back(inner)
        while isinstance(earlier, _IDENTITY):
            earlier = await earlier.back(inner)
        return AskingWhat(call=self.call) if earlier is None else _asked(self.call, earlier)

    def _on(self, following: Next) -> Next:
        """Where an answer leads, with the caller."""
        match following:
            case Step():
                return self._correcting() if isinstance(following, _IDENTITY) else _asked(self.call, following)
            case Reask(why=why, step=step):
                return Reask(why, None if step is None else _asked(self.call, step))
            case Redirect():
                return Reask()  # a door of residents
        return following

    def _correcting(self) -> Step:
        call = self.call
        return Correcting(call=call, question=self.question, name=call.name, phone=call.phone, no_phone=call.no_phone)

    # ---- as a draft

    def draft_title(self, turn: Turn) -> str:
        t, title = turn.t, self.question.draft_title(_for(turn, self.call))
        return t.plain("For {name}: {what}", name=self.call.name, what=title) if title else super().draft_title(turn)

    async def discarded(self, turn: Turn) -> Markup | None:
        return await self.question.discarded(_for(turn, self.call))

    async def resumed(self, turn: Turn) -> Next:
        return self._on(await self.question.resumed(_for(turn, self.call)))

    async def _refused(self, turn: Turn) -> Next:
        await self.question.discarded(_for(turn, self.call))
        return refused(turn)

    # ---- the end

    async def _file(self, turn: Turn, inner: Turn, draft: RequestDraft) -> Next:
        missing = await following(inner, draft)
        if not isinstance(missing, request_review.Reviewing):
            return self._on(missing)
        call, new = self.call, as_case(draft, "")
        case = await intake.file_case_for(
            turn.work, person_of(turn), call.office, call.caller, new, call.source or intake.Source.HOTLINE
        )
        if case is None:
            return await self._refused(turn)
        turn.say(case_words(turn, call, case, await _lost(turn, draft)), _afterwards(turn, call))
        return EndFlow()

    async def _join(self, turn: Turn, question: Comparing, number: str) -> Next:
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
            return Reask(ended, _asked(call, await following(_for(turn, call), draft)))
        turn.say(joined_words(turn, call, case), _afterwards(turn, call))
        return EndFlow()

    async def _book(self, turn: Turn, inner: Turn, draft: BookingDraft) -> Next:
        missing = await next_question(inner, draft)
        if not isinstance(missing, booking_review.Reviewing):
            return self._on(missing)
        if draft.seat is None:
            return _asked(self.call, ChoosingDay(draft=draft))
        call = self.call
        outcome = await intake.confirm_for(
            turn.work, person_of(turn), call.office, call.caller, draft.seat.booking, details_of(draft)
        )
        match outcome:
            case None:
                return await self._refused(turn)
            case HoldLost(alternatives=free):
                lost = ChoosingAlternative(draft=draft.but(seat=None), why=Why.LAPSED, nearest=nearby(free))
                return _asked(call, lost)
            case AlreadyConfirmed(booking=booked):
                turn.say(booked_words(turn, call, booked), _afterwards(turn, call))
            case booked:
                turn.say(booked_words(turn, call, booked), _afterwards(turn, call))
        return EndFlow()


class Correcting(Who):
    """Who it is, asked again from the middle of it all."""

    step: Literal["intake:correct"] = "intake:correct"
    question: Question

    async def identified(self, turn: Turn, call: Call) -> Next:
        """The same question for whom it now is: files and a held seat are theirs."""
        record = await intake.receive(turn.work, person_of(turn), call.office, call.caller)
        if record is None:
            await self.question.discarded(_for(turn, self.call))
            return refused(turn)
        changes: dict[str, object] = {"name": call.name, "phone": call.phone}
        if isinstance(self.question.draft, BookingDraft):
            changes["without_phone"] = call.no_phone
        question = self.question.with_draft(self.question.draft.but(**changes))
        moved = Asking(call=call.but(record=record.id), question=question)
        if record.id == self.call.record:
            return moved
        await self.question.discarded(_for(turn, self.call))
        return await moved.resumed(turn)

    async def back(self, turn: Turn) -> Step | None:
        return Asking(call=self.call, question=self.question)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return await Asking(call=self.call, question=self.question).absorb_unexpected(turn)

    async def discarded(self, turn: Turn) -> Markup | None:
        return await self.question.discarded(_for(turn, self.call))


async def _lost(turn: Turn, draft: RequestDraft) -> int:
    """How many of the files that came with it could not be kept, as far as they were fetched by now."""
    found = [await attachments.by_id(turn.work, file) for file in draft.files]
    return sum(file is None or file.status in {FileStatus.REFUSED, FileStatus.GONE} for file in found)


def _afterwards(turn: Turn, call: Call) -> Rows:
    t = turn.t
    return (
        (Button(label=t.plain("Record another"), route="intake", value=call.office),),
        (Button(label=t.plain("Main menu"), route="menu"),),
    )
