"""A resident changes how they meet the municipality, from their appointment. Its time stays."""

from __future__ import annotations

from typing import ClassVar, Literal

from conversations.booking.confirmation import say_confirmed
from conversations.booking.own import not_found, own
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from conversations.texts.meeting import MEETINGS, NOT_CHANGED
from services.bookings import bookings, meeting_changes
from services.bookings.meetings import Meeting, meeting_of
from storage.ids import Reference
from storage.records.bookings import Booking


async def meet(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    return not_found(turn) if booking is None else ChangingMeeting(reference=booking.reference)


class ChangingMeeting(Step):
    """One tap on another way changes it: that costs nobody a seat, and is changed back as easily."""

    step: Literal["appointments:meeting"] = "appointments:meeting"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        ways = () if booking is None else await meeting_changes.for_resident(turn.work, booking)
        keep = [Button(label=t.plain("Back to the appointment"), route="appointment", value=self.reference)]
        if booking is None or not ways:
            return Prompt(t(NOT_CHANGED[meeting_changes.NotChanged.TOO_LATE]), [keep], back=False)
        text = t.join_lines(
            t("How should the meeting take place instead? Its time stays the same."),
            t("Now: {value}", value=t(MEETINGS[meeting_of(booking)])),
        )
        rows = [[Button(label=t.plain(MEETINGS[way]), value=way)] for way in ways]
        return Prompt(text, [*rows, keep], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice not in set(Meeting):
            return self
        wanted = Meeting(answer.choice)
        changed = await meeting_changes.change(turn.work, self.reference, turn.resident, wanted)
        if not isinstance(changed, Booking):
            return Reask(turn.t(NOT_CHANGED[changed]), self)
        await say_confirmed(turn, changed, turn.t("✅ <b>We have changed how the meeting takes place.</b>"))
        return EndFlow()


STEPS = (ChangingMeeting,)
ROUTES = {"meet": meet}
