"""After the meeting: how it was, in stars and a few words."""

from __future__ import annotations

from typing import Literal

from conversations.appointments import Showing, not_found, own
from conversations.booking_words import main_menu, subject_of
from conversations.script import Flow
from conversations.step import Answer, Button, Leave, Next, Prompt, Stay, Step, Talk
from services import bookings
from services.bookings import NotRateable
from services.words import clean
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
    return Commenting(reference=booking.reference) if booking else not_found(talk)


class Commenting(Step):
    """A few words to the stars."""

    step: Literal["appointments:comment"] = "appointments:comment"
    reference: Reference

    async def ask(self, talk: Talk) -> Prompt:
        text = talk.t("What went well, or could be better? A few words:")
        return Prompt(text, [[Button(label=talk.t.plain("Skip"), value="skip")]], back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        comment = "" if answer.choice else clean(answer.text, MAX_COMMENT)
        if comment:
            await bookings.comment_meeting(talk.work, self.reference, talk.resident, comment)
            talk.say(talk.t("Thank you. The comment was recorded."), ((main_menu(talk.t),),))
        else:
            talk.say(talk.t("Thank you."), ((main_menu(talk.t),),))
        return Leave()


FLOW = Flow(steps=(Commenting,), doors={"rate_meeting": rate, "comment": comment})
