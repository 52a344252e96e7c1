"""What the questions of a booking share: the draft that each carries, and the way to the next and to the one before."""

from __future__ import annotations

from typing import ClassVar

from markupsafe import Markup

from conversations.booking.draft import BookingDraft, add_said
from conversations.engine.drafts import DraftStep
from conversations.engine.step import Answer, Button, Next, Reask, Step, Turn
from services.bookings import bookings
from services.offices.offices import Office

KEEP = "keep"


class BookingStep(DraftStep):
    """A question of the booking."""

    draft: BookingDraft
    label: ClassVar[str] = ""  # what the summary calls it, a text of the catalogue

    def applies(self, turn: Turn) -> bool:
        """Whether this draft is asked it at all."""
        return True

    def answered(self) -> bool:
        return True

    def summary(self, turn: Turn) -> Markup | None:
        """The answer as a line of the summary; None where it has none."""
        return None

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == KEEP:
            return await next_question(turn, self.draft)
        return await self.on_answer(turn, answer)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        """Take an answer that is not the earlier one kept."""
        return await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | None:
        # The course knows every question, and every question leads back to the course: one must look later.
        from conversations.booking.review import before  # noqa: PLC0415

        return before(turn, self)

    async def absorb_unexpected(self, turn: Turn) -> Reask:
        added = await add_said(turn, self.draft)
        return Reask(added.trouble or added_line(turn, added.draft), self.with_draft(added.draft))

    def draft_title(self, turn: Turn) -> str:
        draft, t = self.draft, turn.t
        if draft.empty:
            return ""
        if draft.seat is not None:
            return t.plain("Appointment: {what}", what=t.day(draft.seat.starts_at))
        office = turn.work.offices.get(draft.office)
        return t.plain("Appointment: {what}", what=t.pick(office.short_name)) if office else t.plain("Appointment")

    async def discarded(self, turn: Turn) -> Markup | None:
        if self.draft.seat is None:
            return None
        await release_seat(turn, self.draft)
        return turn.t("We are no longer holding that time for you.")

    async def resumed(self, turn: Turn) -> Next:
        """The seat is held again, where it is still free."""
        from conversations.booking.day_and_time import take_seat  # noqa: PLC0415 - see `back`

        seat = self.draft.seat
        if seat is None:
            return self
        taken = await take_seat(turn, self.draft.but(seat=None), seat.slot)
        return self.with_draft(taken) if isinstance(taken, BookingDraft) else taken

    def office(self, turn: Turn) -> Office:
        office = turn.work.offices.get(self.draft.office)
        if office is None:
            raise LookupError(f"a booking is under way for {self.draft.office}, which the offices file has no more")
        return office

    async def answer(self, turn: Turn, **changes: object) -> Step:
        """Note an answer and go on to the next question."""
        return await next_question(turn, self.draft.but(**changes))


async def next_question(turn: Turn, draft: BookingDraft) -> Step:
    """The first question without an answer; the summary where there is none."""
    from conversations.booking.review import first_open  # noqa: PLC0415 - see `BookingStep.back`

    return await first_open(turn, draft)


async def release_seat(turn: Turn, draft: BookingDraft) -> None:
    """Give up the seat held for a draft, where one is."""
    if draft.seat is not None:
        await bookings.release_hold(turn.work, draft.seat.booking, turn.resident)


def added_line(turn: Turn, draft: BookingDraft) -> Markup:
    if turn.said.files:
        return turn.t.plural("{n} file attached so far.", "{n} files attached so far.", len(draft.files))
    if turn.said.contact is not None:
        return turn.t("We have saved the phone number.")
    return turn.t("We have added this to your description.")


def now_line(turn: Turn, value: Markup | None) -> Markup | None:
    """The earlier answer, where a question is asked again."""
    return turn.t("Now: {value}", value=value) if value else None


def keep_row(turn: Turn, *, offered: bool) -> list[Button]:
    return [Button(label=turn.t.plain("Keep as it is"), value=KEEP)] if offered else []
