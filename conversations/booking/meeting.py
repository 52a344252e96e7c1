"""How to meet, asked only where the sitting offers a choice."""

from __future__ import annotations

from datetime import date
from typing import Literal

from markupsafe import Markup

from conversations.booking.draft import BookingDraft
from conversations.booking.step import BookingStep
from conversations.engine.form import now_line
from conversations.engine.step import Answer, Button, Next, Prompt, Responder, Turn
from conversations.texts.meeting import MEETINGS
from services.bookings.meetings import ANSWER, Meeting, chosen, meeting_of, offered
from storage.records.bookings import Booking


class ChoosingMeeting(BookingStep):
    """One tap: in person, by phone or by video."""

    step: Literal["booking:meeting"] = "booking:meeting"

    async def ask(self, turn: Turn) -> Prompt:
        t, now = turn.t, chosen(self.draft.answers)
        text = t.join_lines(t("How would you like to meet?"), now_line(turn, t(MEETINGS[now]) if now else None))
        return Prompt(text, [[Button(label=t.plain(MEETINGS[one]), value=one)] for one in choices(turn, self.draft)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice in choices(turn, self.draft):
            return self.answer(answers={**self.draft.answers, ANSWER: answer.choice})
        return await self.absorb_unexpected(turn)


def choices(turn: Turn, draft: BookingDraft) -> tuple[Meeting, ...]:
    """What there is to choose from on the day of the draft."""
    office, day = turn.work.offices.get(draft.office), _day(turn, draft)
    return (Meeting.IN_PERSON,) if office is None or day is None else offered(office, day)


def _day(turn: Turn, draft: BookingDraft) -> date | None:
    if draft.seat is not None:
        return draft.seat.starts_at.astimezone(turn.work.offices.zone).date()
    return None if draft.line is None else draft.line.day


def is_asked(turn: Turn, draft: BookingDraft) -> bool:
    return choices(turn, draft) != (Meeting.IN_PERSON,)


def is_answered(turn: Turn, draft: BookingDraft) -> bool:
    """What was chosen for another day may not be offered on this one."""
    return chosen(draft.answers) in choices(turn, draft)


def summary(turn: Turn, draft: BookingDraft) -> Markup | None:
    now = chosen(draft.answers)
    return turn.t(MEETINGS[now]) if now is not None and is_asked(turn, draft) else None


def details(responder: Responder, booking: Booking) -> Markup | None:
    """What the staff's card says; nothing where somebody comes, as most do."""
    meeting = meeting_of(booking)
    return None if meeting is Meeting.IN_PERSON else responder.t(MEETINGS[meeting])


def without_unoffered(turn: Turn, draft: BookingDraft) -> BookingDraft:
    """The draft, in person where the day offers nothing else: another way was chosen for another day."""
    if chosen(draft.answers) is None or is_asked(turn, draft):
        return draft
    return draft.but(answers={name: said for name, said in draft.answers.items() if name != ANSWER})
