"""What the questions of a booking share: the draft that each carries, and the seat that may be held for it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.booking.draft import BookingDraft, add_said
from conversations.engine.form import FormStep
from conversations.engine.step import Answer, Next, Reask, Turn
from services.bookings import bookings
from services.offices.offices import Office


class BookingStep(FormStep):
    """A question of the booking."""

    draft: BookingDraft

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        return await self.absorb_unexpected(turn)

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

    def office(self, turn: Turn) -> Office:
        office = turn.work.offices.get(self.draft.office)
        if office is None:
            raise LookupError(f"a booking is under way for {self.draft.office}, which the offices file has no more")
        return office


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
