"""The course of a booking: which question is next, and once all are answered the summary, corrected and confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from markupsafe import Markup

from conversations.booking.confirmation import say_confirmed, say_waiting
from conversations.booking.day_and_time import AlreadyBookedStep, ChoosingAlternative, ChoosingDay, Why, nearby
from conversations.booking.draft import BookingDraft, Line, details_of
from conversations.booking.step import BookingStep
from conversations.booking.subject import ChoosingTopic, NamingProject, NamingRegistration, TellingMatter
from conversations.booking.visitors import GivingName, GivingPhone, PreparingVisit
from conversations.engine.fields import blocked
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Redirect, Step, Turn
from conversations.texts.booking import field, subject_of, where
from services.bookings import bookings, waiting_list
from services.bookings.bookings import AlreadyBooked, AlreadyConfirmed, HoldLost, SlotClosed
from storage.records import Booking

HOLD_RUNS_LOW = timedelta(minutes=5)

QUESTIONS: tuple[type[BookingStep], ...] = (
    ChoosingDay,
    ChoosingTopic,
    TellingMatter,
    PreparingVisit,
    NamingProject,
    NamingRegistration,
    GivingName,
    GivingPhone,
)


def before(turn: Turn, step: BookingStep) -> BookingStep | None:
    """The question before this one, or the summary that this one corrects; None before the first."""
    if step.draft.reviewing:
        return Reviewing(draft=step.draft)
    place = QUESTIONS.index(type(step)) if type(step) in QUESTIONS else len(QUESTIONS)
    earlier = [question.about(step.draft) for question in QUESTIONS[:place]]
    return next((one for one in reversed(earlier) if one.applies(turn)), None)


async def first_open(turn: Turn, draft: BookingDraft) -> Step:
    """The first question without an answer; the summary where there is none."""
    draft = await _still_held(turn, draft)
    for question in QUESTIONS:
        step = question.about(draft)
        if step.applies(turn) and not step.answered():
            return step
    return Reviewing(draft=draft.but(reviewing=True))


async def _still_held(turn: Turn, draft: BookingDraft) -> BookingDraft:
    """Whoever is still answering keeps the seat a while longer; one that ran out is seen to when it is confirmed."""
    seat, now = draft.seat, turn.work.now
    if seat is None or not now < seat.until < now + HOLD_RUNS_LOW:
        return draft
    held = await bookings.lengthen_hold(turn.work, seat.booking, turn.resident)
    return draft if isinstance(held, HoldLost) else draft.with_seat(held)


# ---------------------------------------------------------------------------- the summary


class Reviewing(BookingStep):
    """Everything at a glance, each line to be edited; confirming is the consent to keep it."""

    step: Literal["booking:review"] = "booking:review"

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        told = self._told(turn)
        lines = [field(t, step.label, value) for step, value in told]
        edits = [Button(label=t.plain("✏️ {line}", line=t(step.label)), value=_name(step)) for step, _ in told]
        confirm = t.plain("Join the waiting list") if draft.line else t.plain("Confirm")
        text = t.join_lines(
            t("<b>Check the details, then confirm.</b>"),
            Markup(),
            where(turn.work, t, draft.office),
            *lines,
            Markup(),
            self._consent(turn),
        )
        rows = [[Button(label=confirm, value="confirm")], *(edits[at : at + 2] for at in range(0, len(edits), 2))]
        return Prompt(text, rows)

    def _told(self, turn: Turn) -> list[tuple[BookingStep, Markup]]:
        """The questions that have an answer to be shown, with it."""
        steps = (question.about(self.draft) for question in QUESTIONS)
        return [(step, value) for step in steps if (value := step.summary(turn)) is not None]

    def _consent(self, turn: Turn) -> Markup:
        t = turn.t
        if turn.resident.consented_at is not None:
            return t("How we use your data: {privacy}", privacy="/privacy")
        return t(
            "By confirming, you agree that the municipality can keep this information for your "
            "appointment. It passes through Telegram servers outside Bahrain. You can withdraw your "
            "consent at any time: {privacy}",
            privacy="/privacy",
        )

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "confirm":
            return await self._confirm(turn)
        questions = (question.about(self.draft) for question in QUESTIONS)
        chosen = next((step for step in questions if _name(step) == answer.choice), None)
        return chosen or await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | None:
        return await BookingStep.back(Reviewing(draft=self.draft.but(reviewing=False)), turn)

    async def _confirm(self, turn: Turn) -> Next:
        if (refused := blocked(turn)) is not None:
            return refused
        draft = self.draft
        missing = await first_open(turn, draft)
        if not isinstance(missing, Reviewing):
            return missing
        if draft.line is not None:
            return await _join(turn, draft, draft.line)
        if draft.seat is None:
            return ChoosingDay(draft=draft)
        outcome = await bookings.confirm_seat(turn.work, draft.seat.booking, turn.resident, details_of(draft))
        match outcome:
            case Booking():
                self._say_received(turn, outcome)
                _remember(turn, draft)
                say_confirmed(turn, outcome, turn.t("✅ <b>Your appointment is confirmed.</b>"))
                return EndFlow()
            case HoldLost():
                return ChoosingAlternative(
                    draft=draft.but(seat=None), why=Why.LAPSED, nearest=nearby(outcome.alternatives)
                )
            case AlreadyConfirmed(booking=booking):
                return Redirect("appointment", booking.reference)

    def _say_received(self, turn: Turn, booking: Booking) -> None:
        """What the summary becomes, so that its buttons are gone: all but the time, which the confirmation tells."""
        t = turn.t
        lines = [field(t, step.label, value) for step, value in self._told(turn) if not isinstance(step, ChoosingDay)]
        turn.say(t.join_lines(t("📋 <b>Details we sent to the municipality</b>"), *lines), subject=subject_of(booking))


def _name(step: BookingStep) -> str:
    return step.step.partition(":")[2]


async def _join(turn: Turn, draft: BookingDraft, line: Line) -> Next:
    outcome = await waiting_list.join(turn.work, line.session, turn.resident, details_of(draft))
    match outcome:
        case AlreadyBooked(booking=booking):
            return AlreadyBookedStep(draft=draft, reference=booking.reference)
        case SlotClosed():
            return ChoosingAlternative(draft=draft.but(line=None), why=Why.LATE, nearest=nearby(outcome.alternatives))
    _remember(turn, draft)
    place = await waiting_list.place_in_line(turn.work, outcome)
    say_waiting(turn, outcome, place)
    return EndFlow()


def _remember(turn: Turn, draft: BookingDraft) -> None:
    """Keep what need not be asked next time. Confirming was the consent to it."""
    known = turn.resident
    turn.change(consented_at=known.consented_at or turn.work.now, office=known.office or draft.office, name=draft.name)
    if not draft.phone_of:
        turn.change(phone=draft.phone, phone_own=draft.phone_own)
