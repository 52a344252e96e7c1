"""After the meeting: how it was, in stars and a few words."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from conversations.booking.my_appointments import Showing, not_found, own
from conversations.engine.fields import COMMENTS_TAKEN
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Leave, Next, Open, Prompt, Stay, Step, Talk
from conversations.texts.booking import main_menu, subject_of
from services.bookings import bookings
from services.bookings.bookings import NotRateable
from services.text.normalise import clean
from storage.ids import Reference

MAX_COMMENT = 1000


async def rate(talk: Talk, argument: str) -> Next:
    """Record the stars of a meeting, at once: `<reference>.<stars>`."""
    written, _, stars = argument.partition(".")
    booking = await own(talk, written)
    if booking is None or stars not in {"1", "2", "3", "4", "5"}:
        return not_found(talk)
    outcome = await bookings.rate_meeting(talk.work, booking.reference, talk.resident, int(stars))
    if isinstance(outcome, NotRateable):
        return Showing(reference=booking.reference)
    t = talk.t
    talk.toast = t.plain("Thank you")
    talk.say(
        t("{stars} Thank you for rating the meeting.", stars="⭐" * int(stars)),
        ((Button(label=t.plain("Add a comment"), door="comment", value=booking.reference),),),
        subject=subject_of(booking),
    )
    return Stay()


async def comment(talk: Talk, argument: str) -> Next:
    booking = await own(talk, argument)
    return Commenting(reference=booking.reference, asked_at=talk.work.now) if booking else not_found(talk)


class Commenting(Step):
    """A few words to the stars. What is written long after they were asked for is meant for something else."""

    step: Literal["appointments:comment"] = "appointments:comment"
    reference: Reference
    asked_at: AwareDatetime

    async def ask(self, talk: Talk) -> Prompt:
        text = talk.t("What went well, or could be better? A few words:")
        return Prompt(text, [[Button(label=talk.t.plain("Skip"), value="skip")]], back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        t, comment = talk.t, "" if answer.choice else clean(answer.text, MAX_COMMENT)
        if comment and talk.work.now - self.asked_at > COMMENTS_TAKEN:
            return Open("anything")
        if comment:
            await bookings.comment_meeting(talk.work, self.reference, talk.resident, comment)
            quoted = t("“{words}”", words=t.own(comment, 500))
            talk.say(t.join_lines(t("Thank you. The comment was recorded."), quoted), ((main_menu(t),),))
        else:
            talk.say(t("Thank you."), ((main_menu(t),),))
        return Leave()


FLOW = Flow(steps=(Commenting,), doors={"rate_meeting": rate, "comment": comment})
