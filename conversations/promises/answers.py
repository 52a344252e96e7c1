"""Residents answer: whether a promise was kept, and why they did not come."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from conversations.booking.own import not_found, own
from conversations.engine.fields import COMMENTS_TAKEN
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Redirect, Step, Turn
from conversations.promises.texts import quoted
from conversations.requests.view import how_content, star_row
from conversations.texts.booking import main_menu, subject_of
from services.actors import booking_subject
from services.cases import resident_actions
from services.promises import no_shows, promises
from services.promises.no_shows import NotTheirs, Reason
from services.promises.promises import Answered, NotAsked
from services.text.normalise import clean
from storage.ids import Reference
from storage.records.bookings import Booking

_ANSWERS = {"yes": True, "no": False}


# ---------------------------------------------------------------------------- was it done?


async def was_done(turn: Turn, argument: str) -> Next:
    """`<promise>.yes` or `.no`, recorded at once."""
    number, _, said = argument.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18) or said not in _ANSWERS:
        return not_found(turn)
    answered = await promises.answer(turn.work, int(number), turn.resident, kept=_ANSWERS[said])
    t = turn.t
    if answered is NotAsked.ANSWERED:
        turn.toast = t.plain("The answer to this is already recorded")
        return NoReply()
    if not isinstance(answered, Answered):
        return not_found(turn)
    await _thank(turn, answered)
    return NoReply()


async def _thank(turn: Turn, answered: Answered) -> None:
    t = turn.t
    case = await resident_actions.by_id(turn.work, answered.promise.case_id)
    assert case is not None  # noqa: S101 - the promise refers to it
    view = Button(label=t.plain("View request"), route="case", value=case.reference)
    if answered.kept:
        turn.toast = t.plain("Thank you")
        text = t.join_lines(
            t("✅ Thank you. We have recorded that the promise was kept."),
            t("We have closed request {reference}.", reference=t.ref(case.reference)),
            how_content(t),
        )
        turn.say(
            text,
            (star_row(t, case.reference), (view, main_menu(t))),
            subject=booking_subject(answered.promise.booking_id),
        )
        return
    turn.toast = t.plain("Recorded")
    text = t.join_lines(
        t("❌ Sorry. We have recorded that the promise was not kept."),
        t(
            "We have told the Director General. Request {reference} is open and urgent.",
            reference=t.ref(case.reference),
        ),
        t("The next time you book, you can also choose times that we have not released to others yet."),
    )
    add = Button(label=t.plain("Tell us what is missing"), route="add", value=case.reference)
    book = Button(label=t.plain("Book a new appointment"), route="book", value=answered.promise.office)
    turn.say(text, ((add,), (view, book)), subject=booking_subject(answered.promise.booking_id))


# ---------------------------------------------------------------------------- why they did not come


async def no_show(turn: Turn, argument: str) -> Next:
    """`<reference>.<reason>`, recorded at once; another reason is asked for in words."""
    written, _, said = argument.partition(".")
    booking = await own(turn, written)
    if booking is None or said not in set(Reason):
        return not_found(turn)
    reason = Reason(said)
    if isinstance(await no_shows.say_why(turn.work, booking.reference, turn.resident, reason), NotTheirs):
        return not_found(turn)
    turn.toast = turn.t.plain("Thank you")
    if reason is Reason.OTHER:
        return TellingWhy(reference=booking.reference, asked_at=turn.work.now)
    _thank_for_reason(turn, booking)
    return NoReply()


def _thank_for_reason(turn: Turn, booking: Booking, words: str = "") -> None:
    t = turn.t
    book = Button(label=t.plain("Book a new appointment"), route="book", value=booking.office)
    thanks = t("Thank you. We have recorded the reason. You can book a new appointment at any time.")
    turn.say(t.join_lines(thanks, quoted(t, words)), ((book,), (main_menu(t),)), subject=subject_of(booking))


class TellingWhy(Step):
    """Another reason, in a few words. What is written long after they were asked for is meant for something else."""

    step: Literal["appointments:why"] = "appointments:why"
    reference: Reference
    asked_at: AwareDatetime

    async def ask(self, turn: Turn) -> Prompt:
        text = turn.t("What was the reason? Write a few words.")
        return Prompt(text, [[Button(label=turn.t.plain("Skip"), value="skip")]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        words = "" if answer.choice else clean(answer.text, no_shows.LONGEST)
        if words and turn.work.now - self.asked_at > COMMENTS_TAKEN:
            return Redirect("anything")
        booking = await own(turn, self.reference)
        if booking is None:
            return not_found(turn)
        if words:
            await no_shows.say_why(turn.work, booking.reference, turn.resident, Reason.OTHER, words)
        _thank_for_reason(turn, booking, words)
        return EndFlow()


FLOW = Flow(steps=(TellingWhy,), routes={"was_done": was_done, "no_show": no_show})
