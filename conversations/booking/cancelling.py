"""Cancelling an appointment, or leaving a waiting list."""

from __future__ import annotations

from typing import Literal

from conversations.booking.showing import Showing
from conversations.engine.fields import left_as_it_is
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.texts.booking import (
    REASONS,
    booked_time,
    field,
    main_menu,
    only_waited,
    subject_of,
)
from locales import N_, Localizer
from services.bookings import bookings
from services.bookings.bookings import NotCancellable
from services.text.normalise import clean
from storage.ids import Reference
from storage.records.bookings import Booking

_MAX_REASON = 500
_TYPED = "typed"


class Cancelling(Step):
    """A reason is asked, not demanded. Its buttons cancel; words alone never do: they may be a "no"."""

    step: Literal["appointments:cancel"] = "appointments:cancel"
    reference: Reference
    reason: str = ""  # as it was typed, and not confirmed yet

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        if booking is None:
            return Prompt(t("Appointment not found."))
        if self.reason:
            return self._ask_again(turn, booking)
        question = t("Cancel the appointment? You can give a reason, but you do not have to.")
        none = t.plain("Cancel without a reason")
        if only_waited(booking):
            question = t("Leave the waiting list? You can give a reason, but you do not have to.")
            none = t.plain("Leave without a reason")
        reasons = [[Button(label=t.plain(text), value=reason)] for reason, text in REASONS.items()]
        rows = [
            *reasons,
            [Button(label=none, value="none")],
            self._keep_row(turn, booking),
        ]
        return Prompt(t.join_lines(question, booked_time(t, booking)), rows, back=False)

    def _ask_again(self, turn: Turn, booking: Booking) -> Prompt:
        t = turn.t
        question, yes = t("Cancel the appointment for this reason?"), t.plain("Cancel for this reason")
        if only_waited(booking):
            question, yes = t("Leave the waiting list for this reason?"), t.plain("Leave for this reason")
        quoted = t("“{words}”", words=t.own(self.reason))
        rows = [[Button(label=yes, value=_TYPED)], self._keep_row(turn, booking)]
        return Prompt(t.join_lines(question, booked_time(t, booking), quoted), rows, back=False)

    def _keep_row(self, turn: Turn, booking: Booking) -> list[Button]:
        label = turn.t.plain("Stay on the waiting list") if only_waited(booking) else turn.t.plain("Keep it")
        return [Button(label=label, route="appointment", value=self.reference)]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t = turn.t
        if not answer.choice:
            if refuses(answer.text):
                return Reask(left_as_it_is(turn), Showing(reference=self.reference))
            return self.model_copy(update={"reason": clean(answer.text, _MAX_REASON)})
        reason = {"none": "", _TYPED: self.reason}.get(answer.choice, answer.choice)
        outcome = await bookings.cancel(turn.work, self.reference, turn.resident, reason)
        if isinstance(outcome, NotCancellable):
            return Reask(t("You can no longer cancel this appointment."), Showing(reference=self.reference))
        _say_cancelled(turn, outcome)
        return EndFlow()


def _say_cancelled(turn: Turn, booking: Booking) -> None:
    t, waited = turn.t, only_waited(booking)
    if waited:
        head, thanks = (
            t("✖️ <b>You have left the waiting list.</b>"),
            t("Thank you for telling us. The next person on the waiting list will move up."),
        )
    else:
        head, thanks = (
            t("✖️ <b>Your appointment is cancelled.</b>"),
            t("Thank you for telling us. Someone else can now have the time."),
        )
    reference = field(t, N_("Reference"), t.ref(booking.reference))
    time = t.full_date(booking.day) if waited else booked_time(t, booking)
    forget = Button(label=t.plain("Remove from calendar"), route="ics", value=booking.reference)
    turn.say(
        t.join_lines(head, reference, time, thanks),
        (
            () if waited else (forget,),
            *other_appointments(t, booking),
        ),
        subject=subject_of(booking),
    )


def other_appointments(t: Localizer, booking: Booking) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(label=t.plain("Book another appointment"), route="book", value=booking.office),),
        (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
    )
