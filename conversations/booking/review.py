"""The summary of a booking, corrected line by line, and what becomes of it once it is confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.about import add_understood, held_line, invitation
from conversations.booking.confirmation import say_applied, say_confirmed, say_waiting
from conversations.booking.day_and_time import AlreadyBookedStep, ChoosingAlternative, ChoosingDay, hold_again, nearby
from conversations.booking.draft import BookingDraft, Line, details_of
from conversations.booking.fields import PARTS, TIME
from conversations.booking.meeting import without_unoffered
from conversations.booking.one_already import having_one
from conversations.booking.step import BookingStep, added_line
from conversations.booking.subject import another_day
from conversations.booking.time_picker import Why
from conversations.engine.fields import blocked, without_refused
from conversations.engine.form import Form, Review
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Previous, Prompt, Reask, Redirect, Step, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.texts.booking import field, subject_of, where
from services.actors import booking_subject
from services.bookings import bookings, draws, waiting_list
from services.bookings.bookings import AlreadyBooked, AlreadyConfirmed, HoldLost, OneAlready, SlotClosed
from services.delegations import acting
from services.understanding.people import speaks_of_name
from storage.records.bookings import Booking

HOLD_RUNS_LOW = timedelta(minutes=5)


class Reviewing(BookingStep, Review):
    """Everything at a glance, each line to be corrected; confirming is the consent to keep it."""

    step: Literal["booking:review"] = "booking:review"
    describes: ClassVar[bool] = True
    submit: ClassVar[str] = "confirm"

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, await without_refused(turn, self.draft)
        confirm = t.plain("Confirm")
        if draft.line is not None:
            confirm = t.plain("Apply for the draw") if draft.line.draws_at else t.plain("Join the waiting list")
        edits = FORM.corrections(turn, draft)
        text = t.join_lines(
            t("<b>Check the details, then confirm.</b>"),
            Markup(),
            where(turn.work, t, draft.office),
            *(field(t, one.label, value) for one, value in FORM.lines(turn, draft)),
            *self._not_told(turn),
            Markup(),
            self._consent(turn),
        )
        rows = [
            [Button(label=confirm, value=self.submit, emphasis=Emphasis.CONFIRM)],
            *(edits[at : at + 2] for at in range(0, len(edits), 2)),
        ]
        return Prompt(text, rows)

    def _not_told(self, turn: Turn) -> list[Markup | None]:
        """What the screen that asks for all of it says, where it was not shown because nothing has to be asked."""
        draft = self.draft
        if draft.told or draft.prepared:
            return []
        return [
            Markup(),
            None if draft.pieces or draft.files else invitation(turn),
            None if draft.seat is None else held_line(turn, draft),
        ]

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
        if answer.choice == self.submit:
            return await self._confirm(turn)
        if answer.choice:
            return FORM.correction(answer.choice, self.draft) or self
        if refuses(answer.text):
            return Reask(turn.t("Choose one of the buttons."))
        if answer.kind is Kind.TEXT and (asked := await another_day(turn, self, answer)) is not None:
            return asked
        return await self.absorb_unexpected(turn)

    async def absorb_unexpected(self, turn: Turn) -> Reask:
        if speaks_of_name(turn.said.text) and not turn.said.files:
            return Reask(step=FORM.correction("name", self.draft))  # it corrects an answer, and describes nothing
        added = await add_understood(turn, self.draft)
        return Reask(added.trouble or added_line(turn, added.draft), self.with_draft(added.draft))

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Previous(self, self.draft.but(reviewing=False))

    async def _confirm(self, turn: Turn) -> Next:
        if (refused := blocked(turn)) is not None:
            return refused
        draft = without_unoffered(turn, await without_refused(turn, self.draft))
        missing = await FORM.next(turn, draft)
        if not isinstance(missing, Reviewing):
            return missing
        if draft.line is not None:
            return await _join(turn, draft, draft.line)
        if draft.seat is None:
            return ChoosingDay(draft=draft)
        outcome = await bookings.confirm_seat(turn.work, draft.seat.booking, turn.resident, details_of(draft))
        match outcome:
            case Booking():
                await acting.filed(turn.work, turn.acting, booking_subject(outcome.id))
                _say_received(turn, draft, outcome)
                _remember(turn, draft)
                await say_confirmed(turn, outcome, turn.t("✅ <b>Your appointment is confirmed.</b>"))
                return EndFlow()
            case HoldLost():
                return ChoosingAlternative(
                    draft=draft.but(seat=None), why=Why.LAPSED, nearest=nearby(outcome.alternatives)
                )
            case AlreadyConfirmed(booking=booking):
                return Redirect("appointment", booking.reference)
            case OneAlready(booking=other):
                return having_one(turn, draft, other)


def _say_received(turn: Turn, draft: BookingDraft, booking: Booking) -> None:
    """What the summary becomes, so that its buttons are gone: all but the time, which the confirmation tells."""
    t = turn.t
    lines = [field(t, one.label, value) for one, value in FORM.lines(turn, draft) if one is not TIME]
    turn.say(t.join_lines(t("📋 <b>Details we sent to the municipality</b>"), *lines), subject=subject_of(booking))


async def _join(turn: Turn, draft: BookingDraft, line: Line) -> Next:
    outcome = await waiting_list.join(turn.work, line.session, turn.resident, details_of(draft))
    match outcome:
        case AlreadyBooked(booking=booking):
            return AlreadyBookedStep(draft=draft, reference=booking.reference)
        case SlotClosed():
            return ChoosingAlternative(draft=draft.but(line=None), why=Why.LATE, nearest=nearby(outcome.alternatives))
        case OneAlready(booking=other):
            return having_one(turn, draft, other)
    await acting.filed(turn.work, turn.acting, booking_subject(outcome.id))
    _remember(turn, draft)
    if (draw := await draws.to_come(turn.work, outcome.session_id)) is not None:
        say_applied(turn, outcome, draw)
        return EndFlow()
    place = await waiting_list.place_in_line(turn.work, outcome)
    say_waiting(turn, outcome, place)
    return EndFlow()


def _remember(turn: Turn, draft: BookingDraft) -> None:
    """Keep what need not be asked next time. Confirming was the consent to it."""
    known = turn.resident
    turn.change(consented_at=known.consented_at or turn.work.now, office=known.office or draft.office, name=draft.name)
    if not draft.phone_of:
        turn.change(phone=draft.phone, phone_own=draft.phone_own)


# ---------------------------------------------------------------------------- the form


async def _keep_hold(turn: Turn, draft: BookingDraft) -> BookingDraft:
    """Whoever is still answering keeps the seat a while longer; one that ran out is seen to when it is confirmed."""
    seat, now = draft.seat, turn.work.now
    if seat is None or not now < seat.until < now + HOLD_RUNS_LOW:
        return draft
    held = await bookings.lengthen_hold(turn.work, seat.booking, turn.resident)
    return draft if isinstance(held, HoldLost) else draft.with_seat(held)


FORM = Form(draft=BookingDraft, parts=PARTS, review=Reviewing, on_continue=_keep_hold, on_resume=hold_again)
