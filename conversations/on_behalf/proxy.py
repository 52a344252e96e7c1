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
from conversations.booking.day_and_time import ChoosingDay, Instead, Why, nearby
from conversations.booking.day_buttons import LINE
from conversations.booking.draft import BookingDraft, details_of
from conversations.booking.step import BookingStep, next_question
from conversations.engine.messages import Kind
from conversations.engine.registry import union_of
from conversations.engine.step import Again, Answer, Button, Leave, Next, Open, Prompt, Rows, Step, Talk
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

    async def ask(self, talk: Talk) -> Prompt:
        t, offices = talk.t, talk.work.offices
        kinds = [kind for kind in CaseKind if any(offices.categories_for(o.id, kind) for o in offices.all)]
        buttons = [Button(label=t.plain(KINDS[kind]), value=kind.value) for kind in kinds]
        rows: Rows = [*(buttons[at : at + 2] for at in range(0, len(buttons), 2))]
        if offices.with_customer_day:
            rows = [*rows, [Button(label=t.plain("📅 Customer Day appointment"), value=APPOINTMENT)]]
        return Prompt(t.join_lines(for_whom(talk, self.call), t("What is it?")), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        record = await intake.receive(talk.work, person_of(talk), self.call.office, self.call.caller)
        if record is None:
            return refused(talk)
        call = self.call.but(record=record.id)
        if answer.choice == APPOINTMENT:
            return await _begin_booking(talk, call)
        kind = next((kind for kind in CaseKind if kind == answer.choice), None)
        return self if kind is None else _begin_request(talk, call, kind)

    async def back(self, talk: Talk) -> Step | None:
        call = self.call
        return Identifying(call=call, name=call.name, phone=call.phone, no_phone=call.no_phone)


def _begin_request(talk: Talk, call: Call, kind: CaseKind) -> Next:
    draft = RequestDraft(kind=kind, office=call.office, anonymous=False, name=call.name, phone=call.phone)
    takes = talk.work.offices.categories_for(call.office, kind)
    return Asking(call=call, question=ChoosingCategory(draft=draft) if takes else ChoosingOffice(draft=draft))


async def _begin_booking(talk: Talk, call: Call) -> Next:
    draft = BookingDraft(office=call.office, name=call.name, phone=call.phone, without_phone=call.no_phone)
    office = talk.work.offices.get(call.office)
    if office is None or not office.customer_day:
        return Asking(call=call, question=booking_start.ChoosingOffice(draft=draft))
    return _asked(call, await next_question(_for(talk, call), draft))


def _for(talk: Talk, call: Call) -> Talk:
    """The same turn, with the caller in the resident's place. What is said goes to staff."""
    return replace(talk, resident=stand_in(talk, call))


def _is_question(step: Step) -> TypeGuard[RequestStep | BookingStep]:
    return isinstance(step, RequestStep | BookingStep)


def _asked(call: Call, step: Step) -> Step:
    return Asking(call=call, question=step) if _is_question(step) else step


# ---------------------------------------------------------------------------- a question of a residents' flow


class Asking(IntakeStep):
    step: Literal["intake:asking"] = "intake:asking"
    accepts: ClassVar[frozenset[Kind]] = ANYTHING
    question: Question

    async def ask(self, talk: Talk) -> Prompt:
        prompt = await self.question.ask(_for(talk, self.call))
        last = (Markup(), read_out(talk)) if self._reviews else ()
        text = talk.t.join_lines(for_whom(talk, self.call), Markup(), prompt.text, *last)
        # Whoever holds the phone is not who it is about: their own number and place are of no use.
        return replace(prompt, text=text, rows=self._rows(prompt), ask_for=None, ask_label="")

    def _rows(self, prompt: Prompt) -> Rows:
        """Without what leads into the member's own affairs; nor can a caller be offered a seat an hour long."""
        return [[button for button in row if not button.door and not self._waits(button)] for row in prompt.rows]

    def _waits(self, button: Button) -> bool:
        return isinstance(self.question, Instead) and button.value.startswith(LINE)

    @property
    def _reviews(self) -> bool:
        return isinstance(self.question, request_review.Reviewing | booking_review.Reviewing)

    # ---- answers

    async def take(self, talk: Talk, answer: Answer) -> Next:
        record = await intake.receive(talk.work, person_of(talk), self.call.office, self.call.caller)
        if record is None:
            return await self._refused(talk)
        return await self.model_copy(update={"call": self.call.but(record=record.id)}).answered(talk, answer)

    async def answered(self, talk: Talk, answer: Answer) -> Next:
        """Take an answer of one who may."""
        inner, question, choice = _for(talk, self.call), self.question, answer.choice
        match question:
            case request_review.Reviewing() if choice == "submit":
                return await self._file(talk, inner, question.draft)
            case booking_review.Reviewing() if choice == "confirm":
                return await self._book(talk, inner, question.draft)
            case Comparing() if choice.startswith("mine."):
                return await self._join(talk, question, choice.removeprefix("mine."))
        if answer.kind in question.accepts:
            return self._on(await question.take(inner, answer))
        return self._on(await question.keep(inner) or Again())

    async def keep(self, talk: Talk) -> Step | Again | None:
        kept = self._on(await self.question.keep(_for(talk, self.call)) or Again())
        return kept if isinstance(kept, Step | Again) else None

    def amend(self, talk: Talk) -> Step | None:
        amended = self.question.amend(talk)
        return None if amended is None else _asked(self.call, amended)

    async def back(self, talk: Talk) -> Step | None:
        inner = _for(talk, self.call)
        earlier = await self.question.back(inner)
        while isinstance(earlier, _IDENTITY):
            earlier = await earlier.back(inner)
        return AskingWhat(call=self.call) if earlier is None else _asked(self.call, earlier)

    def _on(self, following: Next) -> Next:
        """Where an answer leads, with the caller."""
        match following:
            case Step():
                return self._correcting() if isinstance(following, _IDENTITY) else _asked(self.call, following)
            case Again(why=why, step=step):
                return Again(why, None if step is None else _asked(self.call, step))
            case Open():
                return Again()  # a door of residents
        return following

    def _correcting(self) -> Step:
        call = self.call
        return Correcting(call=call, question=self.question, name=call.name, phone=call.phone, no_phone=call.no_phone)

    # ---- as a draft

    def draft_title(self, talk: Talk) -> str:
        t, title = talk.t, self.question.draft_title(_for(talk, self.call))
        return t.plain("For {name}: {what}", name=self.call.name, what=title) if title else super().draft_title(talk)

    async def discarded(self, talk: Talk) -> Markup | None:
        return await self.question.discarded(_for(talk, self.call))

    async def resumed(self, talk: Talk) -> Next:
        return self._on(await self.question.resumed(_for(talk, self.call)))

    async def _refused(self, talk: Talk) -> Next:
        await self.question.discarded(_for(talk, self.call))
        return refused(talk)

    # ---- the end

    async def _file(self, talk: Talk, inner: Talk, draft: RequestDraft) -> Next:
        missing = await following(inner, draft)
        if not isinstance(missing, request_review.Reviewing):
            return self._on(missing)
        call, new = self.call, as_case(draft, "")
        case = await intake.file_case_for(
            talk.work, person_of(talk), call.office, call.caller, new, call.source or intake.Source.HOTLINE
        )
        if case is None:
            return await self._refused(talk)
        talk.say(case_words(talk, call, case, await _lost(talk, draft)), _afterwards(talk, call))
        return Leave()

    async def _join(self, talk: Talk, question: Comparing, number: str) -> Next:
        if not number.isdigit():
            return self
        call, draft = self.call, question.draft
        case = await intake.join_for(
            talk.work, person_of(talk), call.office, call.caller, CaseId(int(number)), draft.words, draft.files
        )
        if case is None:
            return await self._refused(talk)
        if isinstance(case, Gone):
            ended = talk.t("That request was closed meanwhile. This one can be completed and submitted.")
            return Again(ended, _asked(call, await following(_for(talk, call), draft)))
        talk.say(joined_words(talk, call, case), _afterwards(talk, call))
        return Leave()

    async def _book(self, talk: Talk, inner: Talk, draft: BookingDraft) -> Next:
        missing = await next_question(inner, draft)
        if not isinstance(missing, booking_review.Reviewing):
            return self._on(missing)
        if draft.seat is None:
            return _asked(self.call, ChoosingDay(draft=draft))
        call = self.call
        outcome = await intake.confirm_for(
            talk.work, person_of(talk), call.office, call.caller, draft.seat.booking, details_of(draft)
        )
        match outcome:
            case None:
                return await self._refused(talk)
            case HoldLost(alternatives=free):
                lost = Instead(draft=draft.but(seat=None), why=Why.LAPSED, nearest=nearby(free))
                return _asked(call, lost)
            case AlreadyConfirmed(booking=booked):
                talk.say(booked_words(talk, call, booked), _afterwards(talk, call))
            case booked:
                talk.say(booked_words(talk, call, booked), _afterwards(talk, call))
        return Leave()


class Correcting(Who):
    """Who it is, asked again from the middle of it all."""

    step: Literal["intake:correct"] = "intake:correct"
    question: Question

    async def identified(self, talk: Talk, call: Call) -> Next:
        """The same question for whom it now is: files and a held seat are theirs."""
        record = await intake.receive(talk.work, person_of(talk), call.office, call.caller)
        if record is None:
            await self.question.discarded(_for(talk, self.call))
            return refused(talk)
        changes: dict[str, object] = {"name": call.name, "phone": call.phone}
        if isinstance(self.question.draft, BookingDraft):
            changes["without_phone"] = call.no_phone
        question = self.question.with_draft(self.question.draft.but(**changes))
        moved = Asking(call=call.but(record=record.id), question=question)
        if record.id == self.call.record:
            return moved
        await self.question.discarded(_for(talk, self.call))
        return await moved.resumed(talk)

    async def back(self, talk: Talk) -> Step | None:
        return Asking(call=self.call, question=self.question)

    async def keep(self, talk: Talk) -> Step | Again | None:
        return await Asking(call=self.call, question=self.question).keep(talk)

    async def discarded(self, talk: Talk) -> Markup | None:
        return await self.question.discarded(_for(talk, self.call))


async def _lost(talk: Talk, draft: RequestDraft) -> int:
    """How many of the files that came with it could not be kept, as far as they were fetched by now."""
    found = [await attachments.by_id(talk.work, file) for file in draft.files]
    return sum(file is None or file.status in {FileStatus.REFUSED, FileStatus.GONE} for file in found)


def _afterwards(talk: Talk, call: Call) -> Rows:
    t = talk.t
    return (
        (Button(label=t.plain("Take another"), door="intake", value=call.office),),
        (Button(label=t.plain("Main menu"), door="menu"),),
    )
