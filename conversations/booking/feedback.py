"""After the meeting: how it was, in stars and a few words."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from conversations.booking.own import not_found, own
from conversations.booking.showing import Showing
from conversations.engine.fields import COMMENTS_TAKEN
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Redirect, Step, Turn
from conversations.texts.booking import main_menu, subject_of
from services.bookings import bookings
from services.bookings.bookings import NotRateable
from services.text.normalise import clean
from storage.ids import Reference

MAX_COMMENT = 1000


async def rate(turn: Turn, argument: str) -> Next:
    """Record the stars of a meeting, at once: `<reference>.<stars>`."""
    written, _, stars = argument.partition(".")
    booking = await own(turn, written)
    if booking is None or stars not in {"1", "2", "3", "4", "5"}:
        return not_found(turn)
    outcome = await bookings.rate_meeting(turn.work, booking.reference, turn.resident, int(stars))
    if isinstance(outcome, NotRateable):
        return Showing(reference=booking.reference)
    t = turn.t
    turn.toast = t.plain("Thank you")
    turn.say(
        t("{stars} Thank you for rating the meeting.", stars="⭐" * int(stars)),
        ((Button(label=t.plain("Add a comment"), route="comment", value=booking.reference),),),
        subject=subject_of(booking),
    )
    return NoReply()


async def comment(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    return Commenting(reference=booking.reference, asked_at=turn.work.now) if booking else not_found(turn)


class Commenting(Step):
    """A few words to the stars. What is written long after they were asked for is meant for something else."""

    step: Literal["appointments:comment"] = "appointments:comment"
    reference: Reference
    asked_at: AwareDatetime

    async def ask(self, turn: Turn) -> Prompt:
        text = turn.t("What went well? What could be better? Write a few words.")
        return Prompt(text, [[Button(label=turn.t.plain("Skip"), value="skip")]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t, comment = turn.t, "" if answer.choice else clean(answer.text, MAX_COMMENT)
        if comment and turn.work.now - self.asked_at > COMMENTS_TAKEN:
            return Redirect("anything")
        if comment:
            await bookings.comment_meeting(turn.work, self.reference, turn.resident, comment)
            quoted = t("“{words}”", words=t.own(comment, 500))
            turn.say(t.join_lines(t("Thank you. We have recorded your comment."), quoted), ((main_menu(t),),))
        else:
            turn.say(t("Thank you."), ((main_menu(t),),))
        return EndFlow()


FLOW = Flow(steps=(Commenting,), routes={"rate_meeting": rate, "comment": comment})
